"""A line in which title and authors stand fused, to both: every place where it can be cut is weighed.

In: the line's `Tail`, the record's abstract, and the `Corpus` of all pages. Out: a `Split`: the best
`Reading`, the second best, and whether the first is certain. Refuses to guess in silence: where two
readings weigh nearly the same, `certain` is false and both are handed over.

How it works. A line with "et al." prints exactly three names, any other one to three; so the first name
stands in one of the last three pieces between commas, and the title ends inside that piece. From the end
of the piece backwards, each word that may stand in a name (`evidence.weigh_name_word`) is looked at for a
place where a name may begin: a capital after a letter, a digit or a closing mark; a particle after a
letter; another script; the start of a name that another line prints. The first word that no name has
(`of`, `3D-BPP:`) ends the search. Each cut is a reading; its score is the sum, in natural logarithms, of

* the words of its first name, for being words of a name (a word that stays in the title counts nothing),
* the shape of that name: how many full words it has,
* the name as a whole, where other lines print it, or where it is that of a team or an institution,
* the other names of the line, in the same way,
* the title's last word, for being the whole of a word,
* the place of the cut, and the number of names.

Reading the whole line as a title, with no author, competes with a fixed low score. The margin between the
best and the second best is the confidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from unicodedata import category

from bibkit.formats.listing.authors import MOST_NAMES, Tail
from bibkit.formats.listing.evidence import (
    Corpus,
    OwnText,
    weigh_name_word,
    weigh_title_end,
    weigh_title_word,
)
from bibkit.formats.listing.lexicon import CAMEL_NAME, PINYIN, lexicon
from bibkit.formats.listing.shape import IMPOSSIBLE
from bibkit.model.display_names import PARTICLES, is_collective, is_collective_noun

CERTAIN_MARGIN: Final = 2.0
"""A reading is certain where it is e^2 times as likely as the next one, or more."""

CERTAIN_MARGIN_ALONE: Final = 3.0
"""The same where there is no abstract to ask."""

NO_AUTHORS: Final = -10.0
"""Score of reading the whole line as a title."""

_CERTAIN_OWN: Final = -1.0
"""Where the cut and the first name weigh less, a reading is never certain, whatever the others weigh."""

_MOST_WORDS: Final = 9
"""So many words from a piece's end are searched for the start of a name."""

_MOST_GAIN: Final = 7.0
"""No cut weighs more than this above the words that follow it."""

_HOPELESS: Final = -8.0
"""Where the words of a name already weigh less than this, no longer name is tried."""

_BEHIND: Final = 3.0
"""Nor where a longer name could not come nearer than this to the best cut found so far."""

_NAMES_PRIOR: Final = {1: -1.2, 2: -1.0, 3: -0.6}
_FULL_WORDS: Final = (-4.0, -2.5, 0.0, -0.4, -1.8, -3.5, -6.0)
_SEEN_NAME: Final = 4.0
_SEEN_TITLE: Final = 8.0
_COLLECTIVE: Final = 0.0
_COLLECTIVE_ODD: Final = 0.4
_LETTER_OF_COLLECTIVE: Final = -5.0
_SECOND_PARTICLES: Final = frozenset(("la", "der", "den", "las", "les", "los", "het", "'t"))
"""Particles that follow another one (`de la`, `van der`)."""

_ALONE: Final = 3.0
"""The same where there is no abstract to ask."""

NO_AUTHORS: Final = -10.0
"""Score of reading the whole line as a title."""

_CERTAIN_OWN: Final = -1.0
"""Where the cut and the first name weigh less, a reading is never certain, whatever the others weigh."""

_MOST_WORDS: Final = 9
"""So many words from a piece's end are searched for the start of a name."""

_MOST_GAIN: Final = 7.0
"""No cut weighs more than this above the words that follow it."""

_HOPELESS: Final = -8.0
"""Where the words of a name already weigh less than this, no longer name is tried."""

_BEHIND: Final = 3.0
"""Nor where a longer name could not come nearer than this to the best cut found so far."""

_NAMES_PRIOR: Final = {1: -1.2, 2: -1.0, 3: -0.6}
_FULL_WORDS: Final = (-4.0, -2.5, 0.0, -0.4, -1.8, -3.5, -6.0)
_SEEN_NAME: Final = 4.0
_SEEN_TITLE: Final = 8.0
_COLLECTIVE: Final = 0.0
_COLLECTIVE_ODD: Final = 0.4
_LETTER_OF_COLLECTIVE: Final = -5.0
_SECOND_PARTICLES: Final = frozenset("la der den las les los het 't".split())
"""Particles that follow another one (`de la`, `van der`)."""

_ALONE: Final = -3.0
_LOWER_FIRST: Final = -3.0
_LOWER_NAME: Final = -1.0
_KNOWN_END: Final = 0.4
_POOR: Final = 2.0
"""Where no cut weighs so much, names in lower case are looked for too."""

_MOST_LOWER_WORDS: Final = 4
_MIDDLE_LOWER: Final = -6.0
_NAME_CUT: Final = -3.0
_PARTICLE_FIRST: Final = -3.0
_CAPITALS_CUT: Final = -1.5

_OPENERS: Final = "-–([{<“‘«&@_,"
_CUT: Final = re.compile(rf"(?<=[^\s{re.escape(_OPENERS)}])(?=[A-Z])")
_PARTICLE_ENDS: Final = ("de", "da", "di", "del", "della", "dos", "das", "du", "van", "von", "vom", "der", "den", "AI")
_PARTICLE_CUT: Final = re.compile(
    rf"(?<=[^\s{re.escape(_OPENERS)}])"
    r"(?=(?:de|da|di|del|della|dos|das|du|van|von|vom|der|den|01\.AI|xAI)$|(?:al|el)-[A-Z]|d['’][A-Z])"
)
_PLAIN_CUT: Final = re.compile(
    r"(?:^|[ -])([A-Z]?[a-z]{3,})([^\W\d_a-z][^\W\d_]+(?:-[^\W\d_]+)?(?: [^\W\d_]+(?:-[^\W\d_]+|\.)?){1,2})$"
)
_PLAIN_NAME: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?: [^\W\d_]+(?:-[^\W\d_]+|\.)?){1,2}")
_PLAIN_REACH: Final = 80
"""So many characters from a piece's end are looked at for a plain place; the regex never walks further."""

_ELISION: Final = re.compile(r"(?:(?<=\S)[A-Z][a-z]?|^[DLMNO])['’]$")
_LAST_GROUP: Final = re.compile(r"[A-Z][a-z'’]*$")
_FIRST_GROUP: Final = re.compile(r"[A-Z][a-z]+")


_WeighCuts = Callable[[str, OwnText, Corpus], list[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a fused line: a title, the names of authors, and a score to compare it by.

    `own` is the part of the score that the cut and the first name have.
    """

    title: str
    names: tuple[str, ...]
    score: float
    own: float

    def __str__(self) -> str:
        """Return the reading for people."""
        return f"“{self.title}” by {', '.join(self.names) if self.names else 'nobody'}"


@dataclass(frozen=True, slots=True)
class Split:
    """The best reading of a fused line, the second best, and whether the first is certain."""

    best: Reading
    second: Reading | None
    certain: bool


def split_title(tail: Tail, abstract: str, corpus: Corpus) -> Split:
    """Return how a fused line is best read."""
    plain = _split_plain(tail, abstract)
    if plain is not None:
        return plain
    own = OwnText(abstract)
    readings = list(_read_all(tail, own, corpus, _weigh_cuts))
    if all(reading.own < _POOR for reading in readings):
        # Perhaps no capital begins the name: `modelsliu ying`.
        readings += _read_all(tail, own, corpus, _weigh_lower_cuts)
    readings.append(Reading(", ".join(tail.pieces), (), NO_AUTHORS, NO_AUTHORS))
    readings.sort(key=_rank)
    best, second = readings[0], readings[1] if len(readings) > 1 else None
    margin = best.score - (NO_AUTHORS if second is None else second.score)
    needed = CERTAIN_MARGIN if abstract else CERTAIN_MARGIN_ALONE
    likely = best.own >= _CERTAIN_OWN and (not tail.truncated or len(best.names) == MOST_NAMES)
    return Split(best, second, certain=likely and margin >= needed)


def may_be_cut(piece: str) -> bool:
    """Say whether a piece holds a place where a title could end and a name begin."""
    if piece.isascii():
        return _CUT.search(piece) is not None
    return any(_find_cuts(word, following=False) for word in piece.split())


def weigh_name(name: str, own: OwnText, corpus: Corpus) -> float:
    """Weigh whether a text is a name rather than a part of a title."""
    words = name.replace(",", "").split()
    if not words:
        return IMPOSSIBLE
    return _weigh_words(words, [weigh_name_word(word, own, corpus) for word in words], corpus)


def _split_plain(tail: Tail, abstract: str) -> Split | None:
    """Return the split of a line of the usual look, at a fraction of the cost; `None` for any other line.

    The usual look: one place alone, in the pieces where a name can begin, at which a capital follows a
    letter; before it a word that titles or this abstract use, after it two or three words of letters that
    titles do not use; the other names plain too. All that `split_title` weighs speaks for that place.
    """
    pieces = tail.pieces
    found: tuple[int, int] | None = None
    for index in range(len(pieces) - 1, max(-1, len(pieces) - 1 - MOST_NAMES), -1):
        piece = pieces[index]
        if tail.truncated and index > len(pieces) - MOST_NAMES:
            # "et al." stands after three names: this is one of the last two.
            continue
        match = _PLAIN_CUT.search(piece, max(0, len(piece) - _PLAIN_REACH))
        if match is not None and found is None and _is_plain(match, abstract):
            found = (index, match.start(2))
        elif found is None and piece.istitle() and _PLAIN_NAME.fullmatch(piece):
            continue
        elif found is None or match is not None or _CUT.search(piece, max(0, len(piece) - _PLAIN_REACH)):
            return None
        if tail.truncated:
            break
    if found is None:
        return None
    index, cut = found
    title = ", ".join((*pieces[:index], pieces[index][:cut]))
    if title.count("$") % 2:
        return None
    return Split(Reading(title, (pieces[index][cut:], *pieces[index + 1 :]), 0.0, 0.0), None, certain=True)


def _is_plain(match: re.Match[str], abstract: str) -> bool:
    """Say whether the two sides of a plain place look like nothing but a title's word and a name."""
    before, name = match[1].lower(), match[2]
    words = lexicon()
    if not name.istitle() or before in words.names:
        return False
    if before not in words.titles and f" {before}" not in abstract:
        return False
    return words.titles.isdisjoint(parts := name.lower().split()) and words.function.isdisjoint(parts)


def _read_all(tail: Tail, own: OwnText, corpus: Corpus, weigh_cuts: _WeighCuts) -> Iterator[Reading]:
    """Yield the readings with one to three names; before "et al." with three, if there are so many."""
    most = min(MOST_NAMES, len(tail.pieces))
    for count in range(most if tail.truncated else 1, most + 1):
        yield from _read_with(count, tail, own, corpus, weigh_cuts)


def _rank(reading: Reading) -> tuple[float, int]:
    """Return what orders readings: the best first; of two that weigh the same, the longer title."""
    return -reading.score, -len(reading.title)


def _read_with(
    count: int, tail: Tail, own: OwnText, corpus: Corpus, weigh_cuts: _WeighCuts
) -> Iterator[Reading]:
    """Yield the readings in which the line prints so many names."""
    first = len(tail.pieces) - count
    piece = tail.pieces[first]
    others = tail.pieces[first + 1 :]
    score = _NAMES_PRIOR[count] + sum(weigh_name(other, own, corpus) for other in others)
    before = "".join(f"{earlier}, " for earlier in tail.pieces[:first])
    for cut, weight in weigh_cuts(piece, own, corpus):
        title = before + piece[:cut]
        if title.count("$") % 2:
            # Inside maths.
            continue
        weight += _SEEN_TITLE if title in corpus.titles else 0.0
        yield Reading(title, (piece[cut:], *others), score + weight, weight)


def _weigh_words(words: list[str], weights: list[float], corpus: Corpus) -> float:
    """Weigh the words of one name, with the weight of each, as a whole."""
    name = " ".join(words)
    seen = _SEEN_NAME if name in corpus.names else 0.0
    if is_collective(name):
        # Its words are any words; what is odd for a name is a little odd here.
        if len(words) == 1:
            return seen + _COLLECTIVE
        odd = sum(_weigh_odd(word, weight) for word, weight in zip(words, weights, strict=True))
        lower = words[0][0].islower() and words[0] != "the"
        return seen + _COLLECTIVE + _COLLECTIVE_ODD * odd + (IMPOSSIBLE if lower else 0.0)
    if len(name) == 1:
        return IMPOSSIBLE
    total = sum(weights)
    full = 0
    last = len(words) - 1
    previous = ""
    for index, word in enumerate(words):
        if word in PARTICLES:
            if word in _SECOND_PARTICLES and previous not in PARTICLES:
                total += _ALONE
        elif word[0].islower() and index < last:
            total += _MIDDLE_LOWER
        elif not word.endswith(".") or len(word) > 3:
            full += 1
        previous = word
    if full == 1 and last:
        # Initials or particles stand beside the one full word.
        full = 2
    return seen + total + _FULL_WORDS[min(full, len(_FULL_WORDS) - 1)]


def _weigh_odd(word: str, weight: float) -> float:
    """Weigh a word of a collective's name: how odd it would be in a person's, capitals and nouns aside."""
    if len(word) == 1:
        return _LETTER_OF_COLLECTIVE
    if word in ("The", "the") or word.isupper() or is_collective_noun(word):
        return 0.0
    return min(weight, 0.0)


def _weigh_cuts(piece: str, own: OwnText, corpus: Corpus) -> list[tuple[int, float]]:
    """Return each place of a piece where a title may end and a name begin, with its weight."""
    final = piece[piece.rfind(" ") + 1 :]
    collective = is_collective_noun(final)
    cuts = [(cut, weight, 0) for cut, weight in _weigh_seen_lower(piece, final, own, corpus)]
    best = max((weight for _, weight, _ in cuts), default=-_MOST_GAIN)
    words: list[str] = []
    weights: list[float] = []
    for start, word in _words_from_end(piece):
        for place, prior in _find_cuts(word, following=bool(words)):
            left, right = word[:place], word[place:]
            inner = [weigh_name_word(right, own, corpus), *weights]
            weight = prior + _weigh_words([right, *words], inner, corpus) + _weigh_gap(left, right)
            weight += weigh_title_end(left, own, corpus)
            cuts.append((start + place, weight, len(words)))
            best = max(best, weight)
        words.insert(0, word)
        weights.insert(0, weigh_name_word(word, own, corpus))
        if collective and word.isalnum() and len(words) < _MOST_WORDS:
            continue
        total = sum(weights)
        enough = total < _HOPELESS or total + _MOST_GAIN < best - _BEHIND
        if enough or weights[0] <= IMPOSSIBLE or len(words) == _MOST_WORDS:
            break
    # A cut leaves the words before it in the title: what is odd there speaks against it.
    odd = [weigh_title_word(word, own) for word in words] if len(cuts) > 1 else []
    return [(cut, weight + sum(odd[: len(words) - 1 - after])) for cut, weight, after in cuts]


def _weigh_seen_lower(piece: str, final: str, own: OwnText, corpus: Corpus) -> Iterator[tuple[int, float]]:
    """Yield the places where a name in lower case begins that another line prints."""
    for name in corpus.lower_names.get(final, ()):
        cut = len(piece) - len(name)
        if cut > 0 and piece.endswith(name) and not piece[cut - 1].isspace():
            left = piece[piece.rfind(" ", 0, cut) + 1 : cut]
            yield cut, 2 * _SEEN_NAME + weigh_title_end(left, own, corpus)


def _weigh_lower_cuts(piece: str, own: OwnText, corpus: Corpus) -> list[tuple[int, float]]:
    """Return each place where a title's word is followed by a name in lower case: `modelsliu ying`."""
    cuts: list[tuple[int, float]] = []
    words: list[str] = []
    weights: list[float] = []
    for start, word in _words_from_end(piece):
        for place in range(1, len(word) - 1):
            left, right = word[:place], word[place:]
            if _CUT.search(left) or word.lower() in lexicon().names:
                continue
            if not right.islower() or weigh_name_word(right, own, corpus) < _LOWER_NAME:
                continue
            end = weigh_title_end(left, own, corpus)
            if end > _KNOWN_END or not left[-1].isalpha():
                inner = [weigh_name_word(right, own, corpus), *weights]
                cuts.append((start + place, _weigh_words(["X", *words], inner, corpus) + end + _LOWER_FIRST))
        words.insert(0, word)
        weights.insert(0, weigh_name_word(word, own, corpus))
        if len(words) == _MOST_LOWER_WORDS or weights[0] <= IMPOSSIBLE:
            break
    return cuts


def _words_from_end(piece: str) -> Iterator[tuple[int, str]]:
    """Yield the words of a piece, from the last to the first, and where each begins."""
    end = len(piece)
    while end > 0:
        start = piece.rfind(" ", 0, end) + 1
        yield start, piece[start:end]
        end = start - 1


def _find_cuts(word: str, *, following: bool) -> list[tuple[int, float]]:
    """Return each place in a word where a name may begin, with what the place itself weighs.

    `following` says that another word follows, without which there is no name after a particle.
    """
    cuts: list[tuple[int, float]] = []
    if not word.isascii():
        places = [place for place in range(1, len(word)) if _is_start(word[place - 1], word[place])]
        cuts = [(place, 0.0) for place in places]
    elif not (word.islower() or (word.isalpha() and word.istitle())):
        cuts = [(match.start(), 0.0) for match in _CUT.finditer(word)]
    if (following and word.endswith(_PARTICLE_ENDS)) or word.endswith("AI") or not word.isalnum():
        cuts += [(match.start(), _PARTICLE_FIRST) for match in _PARTICLE_CUT.finditer(word)]
    # A quotation mark in the first place opens, elsewhere it closes.
    return [(place, prior) for place, prior in cuts if place > 1 or word[0] != '"']


def _is_start(before: str, letter: str) -> bool:
    """Say whether a name may begin with a letter that follows a character."""
    if letter.isupper():
        return before not in _OPENERS
    # A script without capitals begins; in the middle of such a script nothing does.
    return category(letter) == "Lo" and before not in _OPENERS and category(before) not in ("Lo", "Mn", "Mc")


def _weigh_gap(left: str, right: str) -> float:
    """Weigh the two sides of a cut together: what stands before it, and whether it cuts a name in two."""
    before = left[-1]
    if before in "'’":
        return -3.0 if _ELISION.search(left) else -0.5
    if before in ":;=~^`|/":
        return -4.0
    weight = 0.0
    if before.isupper():
        weight -= 0.7
        if right.isupper() or right[1:] in PARTICLES:
            weight += _CAPITALS_CUT
    group = _LAST_GROUP.search(left)
    follow = _FIRST_GROUP.match(right)
    if group is not None and follow is not None:
        joined = group[0] + follow[0]
        if CAMEL_NAME.fullmatch(joined):
            weight += _NAME_CUT
        elif left == group[0]:
            pass
        elif _is_syllables(group[0]) and _is_syllables(follow[0]):
            weight += _NAME_CUT / 2
    return weight


def _is_syllables(word: str) -> bool:
    """Say whether a word is a name's, or syllables of one, and no word of titles."""
    lower = word.lower()
    words = lexicon()
    return lower not in words.titles and (lower in words.names or PINYIN.fullmatch(lower) is not None)
