"""Made-up titles in the manner of preprints, with the kind of their ending: `draw_title`.

Most titles end in a plain word; `HARD_SHARES` says how many end in something that is hard to tell from the
beginning of a name. Knows nothing of names, pages or of how a reader splits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from .banks import lines, load, phrases, words
from .fields import Field

# The share of titles of each kind of ending, in percent; what is left to a hundred ends in a plain word.
HARD_SHARES: Final[Mapping[str, float]] = {
    "acronym": 6.0,
    "plural acronym": 3.5,
    "comma list": 3.5,
    "mixed case": 3.0,
    "digits": 3.0,
    "question mark": 2.4,
    "bracket": 2.4,
    "person's name": 2.4,
    "model name": 2.2,
    "maths": 2.0,
    "coined name": 1.8,
    "formula": 1.2,
    "other language": 1.2,
    "letter": 1.0,
    "programming language": 0.9,
    "and beyond": 0.8,
    "quotation": 0.7,
    "period": 0.6,
    "exclamation mark": 0.5,
    "all capitals": 0.5,
}

PLAIN: Final = "plain, title case"
PLAIN_SENTENCE: Final = "plain, sentence case"
KINDS: Final = (PLAIN, PLAIN_SENTENCE, *HARD_SHARES)

_SENTENCE_CASE_SHARE: Final = 0.38
_MOST_CHARACTERS: Final = 170


@dataclass(frozen=True, slots=True)
class Title:
    """A title, the kind of its ending, and what an abstract would say again of it."""

    text: str
    ending: str
    phrases: tuple[str, ...]
    core: str | None = None
    coined: str | None = None


_BANK: Final = load("titles")
_ADJECTIVES: Final = words(_BANK["adjectives"])
_AN_ADJECTIVES: Final = words(_BANK["an_adjectives"])
_GERUNDS: Final = words(_BANK["gerunds"])
_QUALITIES: Final = words(_BANK["qualities"])
_GENRES: Final = phrases(_BANK["genres"])
_CONDITIONS: Final = phrases(_BANK["conditions"])
_COINED_HEADS: Final = words(_BANK["coined_heads"])
_COINED_TAILS: Final = words(_BANK["coined_tails"])
_COINED_WORDS: Final = words(_BANK["coined_words"])
_CONSONANTS: Final = "BCDFGHKLMNPRSTVXZ"
_VOWELS: Final = "AEIOU"
_PROPER: Final = frozenset(words(_BANK["proper"]))
_JOINERS: Final = frozenset(words(_BANK["joiners"]))
_FREE_WORD: Final = re.compile(r"[A-Z][a-z]+(?:-[A-Za-z][a-z]*)*")


def draw_ending(random: Random, shares: Mapping[str, float]) -> str:
    """Draw the kind of an ending: a hard one at its share of a hundred, else a plain one."""
    plain = 100 - sum(shares.values())
    weights = (plain * (1 - _SENTENCE_CASE_SHARE), plain * _SENTENCE_CASE_SHARE, *shares.values())
    return random.choices((PLAIN, PLAIN_SENTENCE, *shares), weights)[0]


def draw_title(random: Random, field: Field, ending: str) -> Title:
    """Draw a title of the field whose ending is of the kind, or nearly: not every field has each kind."""
    while True:
        title = _MAKERS.get(ending, _attached)(random, field, ending)
        if len(title.text) <= _MOST_CHARACTERS:
            return title


def coin(random: Random) -> str:
    """Draw the name of a made-up method: camel case, a word in capitals, or an acronym."""
    match random.randrange(7):
        case 0 | 1 | 2:
            return random.choice(_COINED_HEADS) + random.choice(_COINED_TAILS)
        case 3:
            return random.choice(_COINED_WORDS)
        case 4:
            return "".join(
                random.choice(_CONSONANTS if place % 2 == 0 else _VOWELS)
                for place in range(random.choice((3, 4, 4, 5)))
            )
        case 5:
            return f"{random.choice(_COINED_HEADS)}-{random.choice(_COINED_WORDS)}"
        case _:
            return "".join(random.choices(_CONSONANTS, k=random.choice((3, 3, 4)))) + random.choice(
                ("", "", "2", "++", "-Net", "3D", "-v2")
            )


def _plain(random: Random, field: Field, _ending: str) -> Title:
    """A title that ends in a word of the language, in title case."""
    return _fill(random, field, _choice(random, _TEMPLATES["plain"], field), PLAIN)


def _sentence(random: Random, field: Field, _ending: str) -> Title:
    """The same in sentence case."""
    title = _plain(random, field, PLAIN)
    return Title(_sentence_case(title.text), PLAIN_SENTENCE, title.phrases, title.core, title.coined)


def _attached(random: Random, field: Field, ending: str) -> Title:
    """A stem and a hard ending."""
    stem = _fill(random, field, _choice(random, _TEMPLATES["stem"], field), ending)
    tail = _choice(random, _TEMPLATES[ending], field)
    core = _core(tail)
    text = stem.text
    if random.random() < _SENTENCE_CASE_SHARE:
        text = _sentence_case(text)
    joined = text + tail if tail[0] in ":,." else f"{text} {tail}"
    return Title(joined, ending, stem.phrases, core, stem.coined)


def _whole(random: Random, field: Field, ending: str) -> Title:
    """A title whose shape as a whole makes its ending."""
    title = _fill(random, field, _choice(random, _TEMPLATES[ending], field), ending)
    if ending == "question mark" and random.random() < _SENTENCE_CASE_SHARE:
        return Title(_sentence_case(title.text), ending, title.phrases, title.core, title.coined)
    return title


def _coined(random: Random, field: Field, ending: str) -> Title:
    """A title that ends in the name of a made-up method."""
    title = _whole(random, field, ending)
    return Title(title.text, ending, title.phrases, title.coined, title.coined)


def _capitals(random: Random, field: Field, ending: str) -> Title:
    """A title set in capitals."""
    title = _whole(random, field, ending)
    return Title(title.text.upper(), ending, title.phrases, title.core, title.coined)


def _fill(random: Random, field: Field, template: str, ending: str) -> Title:
    """Put phrases of the field into a template."""
    method, setting = random.choice(field.methods), random.choice(field.settings)
    problem, problem2 = random.sample(field.problems, 2)
    quality, quality2 = random.sample(_QUALITIES, 2)
    coined = coin(random) if "{coined}" in template else None
    text = template.format(
        method=method,
        problem=problem,
        problem2=problem2,
        setting=setting,
        quality=quality,
        quality2=quality2,
        coined=coined,
        adjective=random.choice(_ADJECTIVES),
        anadjective=random.choice(_AN_ADJECTIVES),
        gerund=random.choice(_GERUNDS),
        genre=random.choice(_GENRES),
        condition=random.choice(_CONDITIONS),
    )
    spoken = {"{method}": method, "{problem}": problem, "{problem2}": problem2, "{setting}": setting}
    phrases = tuple(phrase for slot, phrase in spoken.items() if slot in template)
    return Title(text[0].upper() + text[1:], ending, phrases, None, coined)


def _choice(random: Random, bank: Mapping[str, tuple[str, ...]], field: Field) -> str:
    """Draw from the lines of a bank that suit the field's group, or from all if none does."""
    return random.choice(bank.get(field.group) or bank["all"])


def _core(tail: str) -> str | None:
    """Return what an abstract would say again of an ending: what follows its little words."""
    if tail[0] in ":,.([" or "," in tail:
        return None
    words = tail.rstrip(".!?").split()
    while len(words) > 1 and words[0] in _JOINERS:
        del words[0]
    return " ".join(words)


def _sentence_case(text: str) -> str:
    """Lower the words that are no names, but for the first; a lone `A` keeps its capital."""
    first, *rest = text.split(" ")
    lowered = [word if _FREE_WORD.fullmatch(_bare(word)) is None or _bare(word) in _PROPER else word.lower()
               for word in rest]  # fmt: skip
    return " ".join([first, *lowered])


def _bare(word: str) -> str:
    """Return a word without the punctuation around it."""
    return word.strip('?,:.!"“”‘’()')


def _grouped(block: str) -> Mapping[str, tuple[str, ...]]:
    """Return the lines of a block by group; a group holds the lines for all fields too."""
    pairs = [line.split("|", 1) for line in lines(block)]
    common = tuple(text for group, text in pairs if group == "*")
    groups = {group for group, _ in pairs if group != "*"}
    bank = {group: tuple(text for own, text in pairs if own == group) + common for group in groups}
    return {"all": common or tuple(text for _, text in pairs), **bank}


_TEMPLATES: Final = {kind: _grouped(block) for kind, block in (_BANK["whole"] | _BANK["ending"]).items()}
_MAKERS: Final = {
    PLAIN: _plain,
    PLAIN_SENTENCE: _sentence,
    "question mark": _whole,
    "quotation": _whole,
    "other language": _whole,
    "coined name": _coined,
    "all capitals": _capitals,
}
