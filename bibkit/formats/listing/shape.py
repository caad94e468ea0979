"""The look of a word, weighed for a name against a title: `weigh_shape`.

In: a word. Out: a weight, the natural logarithm of how much likelier such a word is in a name than in a
title, from the tables and from its letters alone. Refuses to know what any page says.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, normalize

from bibkit.formats.listing.lexicon import CAMEL_NAME, KOREAN, NAME_ENDING, PINYIN, lexicon
from bibkit.model.display_names import PARTICLES, SUFFIXES

IMPOSSIBLE: Final = -12.0
"""Weight of what no name has: a digit, a bracket, `of`."""

SYLLABLES: Final = 2.0
"""Weight of a word of pinyin syllables; names that are known weigh more."""

# The weights are estimates, rounded, and were checked on lines of known truth, not fitted to them. A plain
# capitalised word that no table has counts a little for a name: titles mostly use words that are known.
_KNOWN: Final = 2.5
_ENDING: Final = 1.5
_PARTICLE: Final = 1.0
_UNKNOWN: Final = 0.8
_CASELESS: Final = 0.0
_NAME_AND_WORD: Final = -0.2
_LETTER: Final = -0.3
_LOWER_NAME: Final = -0.5
_LOWER_INITIALS: Final = -1.0
_AMBIGUOUS: Final = -1.5
_SHORT_CAPITALS: Final = -2.0
_TITLE_WORD: Final = -2.5
_LOWER_UNKNOWN: Final = -2.5
_CAPITALS: Final = -3.5
_CAMEL: Final = -4.5
_KNOWN_CAMEL: Final = -5.5
_FUNCTION: Final = -6.0
_LOWER_WORD: Final = -7.0
_CAPITALS_FIRST: Final = -7.0
_TWO_SCRIPTS: Final = -8.0

_REMEMBERED: Final = 1 << 15
"""So many words' weights are kept: names come again on a page, and their words on others."""

_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.-?)+(?:[^\W\d_]\.?)?|[A-Z][a-z]{1,3}\.")
_LINKED: Final = re.compile(r"[^\W\d_]+(?:['’ʼ‘`´-][^\W\d_]+)+['’]?")
_PARTS: Final = re.compile(r"[^\W\d_]+")
_ASIDE: Final = re.compile(
    r"\([^\W\d_]+[.)]?|[^\W\d_]+\.?\)|\"[^\W\d_]+\"?|[^\W\d_]+\"|“[^\W\d_]+”?|[^\W\d_]+”"
)
_CAPITALS_RUN: Final = re.compile(r"[A-Z]{2,}[a-z]")
_CAMEL_PARTS: Final = re.compile(r"([A-Z][a-z]+)([A-Z][a-z]+)")
_CAMEL_ENDINGS: Final = frozenset(
    (
        "bench",
        "bert",
        "diff",
        "fed",
        "flow",
        "former",
        "fuse",
        "gen",
        "gpt",
        "mask",
        "mix",
        "net",
        "nets",
        "seg",
    )
)
"""Last parts of coined words, which are no titles' words by themselves."""

_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2,4}")


@lru_cache(maxsize=_REMEMBERED)
def weigh_shape(word: str) -> float:
    """Weigh a word by the tables and by its letters: above 0, it looks like a name's."""
    if not word.isascii():
        # The tables have no marks, and a mark is no letter.
        word = "".join(char for char in normalize("NFD", word) if category(char)[0] != "M")
        if _mixes_scripts(word):
            return _TWO_SCRIPTS
    return _weigh_letters(word) if word.isalpha() else _weigh_marked(word)


def is_initials(word: str) -> bool:
    """Say whether a word is initials with their periods (`C.-C.`), or an abbreviated name (`Md.`)."""
    return _INITIALS.fullmatch(word) is not None


def is_linked(word: str) -> bool:
    """Say whether a word is parts with hyphens or apostrophes between them."""
    return _LINKED.fullmatch(word) is not None


def is_name_part(lower: str) -> bool:
    """Say whether letters in lower case are a name, or syllables of one, and no word of titles."""
    words = lexicon()
    if lower in words.names or KOREAN.fullmatch(lower):
        return True
    return lower not in words.titles and lower not in words.function and PINYIN.fullmatch(lower) is not None


def _mixes_scripts(word: str) -> bool:
    """Say whether letters of a script with capitals and of one without stand in a word."""
    kinds = {category(char) for char in word}
    return "Lo" in kinds and not kinds.isdisjoint(("Lu", "Ll"))


def _weigh_letters(word: str) -> float:
    """Weigh a word of letters alone, by their case."""
    if word.istitle():
        weigh = _weigh_plain
    elif word.islower():
        weigh = _weigh_lower
    elif word.isupper():
        weigh = _weigh_capitals
    elif word.lower() == word.upper():
        weigh = _weigh_caseless
    else:
        weigh = _weigh_camel
    return weigh(word)


def _weigh_plain(word: str) -> float:
    """Weigh a capitalised word."""
    words = lexicon()
    lower = word.lower()
    if len(word) == 1:
        return _PARTICLE if word == "Ó" else _LETTER
    if lower in words.function:
        return _AMBIGUOUS if lower in words.ambiguous else _FUNCTION
    is_title_word = lower in words.titles
    if lower in words.names:
        return _NAME_AND_WORD if is_title_word else _KNOWN
    if is_title_word:
        return _TITLE_WORD
    return _weigh_unknown(lower)


def _weigh_unknown(lower: str) -> float:
    """Weigh a capitalised word that no table has, by its sounds."""
    if PINYIN.fullmatch(lower):
        return SYLLABLES
    return _ENDING if NAME_ENDING.fullmatch(lower) or KOREAN.fullmatch(lower) else _UNKNOWN


def _weigh_lower(word: str) -> float:
    """Weigh a word in lower case."""
    words = lexicon()
    if word in words.function:
        # The Portuguese "do" and the Dutch "in" are particles too.
        return _LOWER_UNKNOWN if word in {"do", "in"} else IMPOSSIBLE
    if word in PARTICLES:
        return _PARTICLE
    if word in words.titles:
        return _LOWER_WORD
    return _LOWER_NAME if word in words.names or PINYIN.fullmatch(word) else _LOWER_UNKNOWN


def _weigh_capitals(word: str) -> float:
    """Weigh a word in capitals: an acronym, initials without periods, a name in capitals."""
    if word in SUFFIXES:
        return _PARTICLE
    words = lexicon()
    if word in words.spellings:
        return _KNOWN_CAMEL
    lower = word.lower()
    if lower in words.names or PINYIN.fullmatch(lower):
        return _AMBIGUOUS
    return _SHORT_CAPITALS if len(word) <= 2 else _CAPITALS


def _weigh_caseless(word: str) -> float:
    """Weigh a word in a script without capitals."""
    return SYLLABLES if _HAN.fullmatch(word) and word[0] in lexicon().han_families else _CASELESS


def _weigh_camel(word: str) -> float:
    """Weigh a word with inner capitals: coined (`MobiZO`), or a name's (`LuLu`, `McKenna`)."""
    words = lexicon()
    if word in words.spellings:
        return _KNOWN_CAMEL
    if _CAPITALS_RUN.match(word):
        return _CAPITALS_FIRST
    parts = _CAMEL_PARTS.fullmatch(word)
    if parts is not None:
        first, second = parts[1].lower(), parts[2].lower()
        if second in _CAMEL_ENDINGS or (second in words.titles and first in words.titles):
            return _CAMEL
        if is_name_part(first) and is_name_part(second):
            return _UNKNOWN
    return _UNKNOWN if CAMEL_NAME.fullmatch(word) else _CAMEL


def _weigh_marked(word: str) -> float:
    """Weigh a word that has more than letters."""
    if word in SUFFIXES or word.lower() in lexicon().names or CAMEL_NAME.fullmatch(word):
        weight = _KNOWN
    elif _INITIALS.fullmatch(word):
        weight = _KNOWN if word[0].isupper() else _LOWER_INITIALS
    elif _LINKED.fullmatch(word):
        weight = _weigh_linked(word)
    elif _ASIDE.fullmatch(word):
        # A nickname: `(Jeff)`.
        weight = min(weigh_shape(word.strip('()"“”')), 0.0)
    else:
        weight = _PARTICLE if word in PARTICLES else IMPOSSIBLE
    return weight


def _weigh_linked(word: str) -> float:
    """Weigh a word of several parts (`Yu-Hang`, `Self-Attention`): as its worst part, or as their mean."""
    weights = [_weigh_plain(part) if part.istitle() else _weigh_link(part) for part in _PARTS.findall(word)]
    lowest = min(weights)
    return lowest if lowest < 0 else sum(weights) / len(weights)


def _weigh_link(part: str) -> float:
    """Weigh a part that is no capitalised word: the `hang` of `Yu-hang`, the `GAN` of `GAN-Based`."""
    if not part.islower():
        return _CAPITALS
    return _LOWER_WORD if part in lexicon().titles else max(_weigh_lower(part), _LOWER_NAME)
