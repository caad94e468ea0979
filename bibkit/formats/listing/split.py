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

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bibkit.formats.listing.authors import MOST_NAMES, Tail
from bibkit.formats.listing.cuts import find_cuts, holds_inner_capital, weigh_gap, words_from_end
from bibkit.formats.listing.evidence import (
    Corpus,
    OwnText,
    weigh_name,
    weigh_name_word,
    weigh_name_words,
    weigh_title_end,
    weigh_title_word,
)
from bibkit.formats.listing.lexicon import lexicon
from bibkit.formats.listing.plain import find_plain_cut
from bibkit.formats.listing.shape import IMPOSSIBLE
from bibkit.model.display_names import is_collective_noun

CERTAIN_MARGIN: Final = 2.0
"""A reading is certain where it is e^2 times as likely as the next one, or more."""

CERTAIN_MARGIN_ALONE: Final = 3.0
"""The same where there is no abstract to ask."""

NO_AUTHORS: Final = -10.0
"""Score of reading the whole line as a title."""

_SOUND: Final = -1.0
"""Where the cut and the first name weigh less, a reading is never certain, whatever the others weigh."""

_SOUND_AFTER_KNOWN: Final = -4.0
"""The same where the title's last word is known: then `Rich Case` may follow it, if no name is likelier."""

_WHOLE: Final = 1.8
"""A title's last word that weighs as much is known."""

# How far the search goes.
_MOST_WORDS: Final = 9
"""So many words from a piece's end are searched for the start of a name."""

_MOST_GAIN: Final = 7.0
"""No cut weighs more than this above the words that follow it."""

_HOPELESS: Final = -8.0
"""Where the words of a name already weigh less than this, no longer name is tried."""

_BEHIND: Final = 3.0
"""Nor where a longer name could not come nearer than this to the best cut found so far."""

_POOR: Final = 2.0
"""Where no cut weighs so much, names in lower case are looked for too."""

_MOST_LOWER_WORDS: Final = 4
"""So many words are searched for these."""

_NAMES_PRIOR: Final = {1: -1.2, 2: -1.0, 3: -0.6}
_SEEN_TITLE: Final = 8.0
_SEEN_LOWER: Final = 8.0
_LOWER_FIRST: Final = -3.0

_LONGEST_LOWER: Final = 20
"""So many letters a name's word in lower case has at most."""

_LOWER_NAME: Final = -1.0
"""A word in lower case that begins a name weighs at least this."""

_WHOLE_WORD: Final = 0.4
"""A title's last word before a name in lower case weighs more than this."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a fused line: a title, the names of authors, and a score to compare it by.

    `own` is the part of the score that the place of the cut and the first name have; `sound` says that
    this alone allows the reading to be certain.
    """

    title: str
    names: tuple[str, ...]
    score: float
    own: float
    sound: bool

    def __str__(self) -> str:
        """Return the reading for people."""
        return f"“{self.title}” by {', '.join(self.names) if self.names else 'nobody'}"


@dataclass(frozen=True, slots=True)
class Split:
    """The best reading of a fused line, the second best, and whether the first is certain."""

    best: Reading
    second: Reading | None
    certain: bool


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place of a piece, what it weighs, and what of that the title's last word weighs."""

    place: int
    weight: float
    end: float


_WeighCuts = Callable[[str, OwnText, Corpus], list[_Cut]]


def split_title(tail: Tail, abstract: str, corpus: Corpus) -> Split:
    """Return how a fused line is best read."""
    plain = find_plain_cut(tail, abstract)
    if plain is not None:
        index, place = plain
        return Split(_read_at(index, _Cut(place, 0.0, _WHOLE), tail, 0.0), None, certain=True)
    own = OwnText(abstract)
    readings = _read_all(tail, own, corpus, _weigh_cuts)
    if all(reading.own < _POOR for reading in readings):
        # Perhaps no capital begins the name: `modelsliu ying`.
        readings += _read_all(tail, own, corpus, _weigh_lower_cuts)
    readings.append(Reading(", ".join(tail.pieces), (), NO_AUTHORS, NO_AUTHORS, sound=False))
    # Both ways of looking for cuts may find the same one; it does not compete with itself.
    readings = list(
        {reading.title: reading for reading in sorted(readings, key=_rank, reverse=True)}.values()
    )
    readings.sort(key=_rank)
    best, second = readings[0], readings[1] if len(readings) > 1 else None
    margin = best.score - (NO_AUTHORS if second is None else second.score)
    enough = margin >= (CERTAIN_MARGIN if abstract else CERTAIN_MARGIN_ALONE)
    complete = not tail.truncated or len(best.names) == MOST_NAMES
    return Split(best, second, certain=best.sound and enough and complete)


def _read_all(tail: Tail, own: OwnText, corpus: Corpus, weigh_cuts: _WeighCuts) -> list[Reading]:
    """Return the readings with one to three names; before "et al." with three, if there are so many."""
    most = min(MOST_NAMES, len(tail.pieces))
    counts = range(most if tail.truncated else 1, most + 1)
    cuts = {count: weigh_cuts(tail.pieces[-count], own, corpus) for count in counts}
    several = sum(found != [] for found in cuts.values()) > 1
    readings: list[Reading] = []
    for count, found in cuts.items():
        index = len(tail.pieces) - count
        score = _NAMES_PRIOR[count]
        if several and found:
            # Where all readings have the same other names, these decide nothing.
            score += sum(weigh_name(other, own, corpus) for other in tail.pieces[index + 1 :])
        for cut in found:
            reading = _read_at(index, cut, tail, score)
            if reading.title.count("$") % 2:
                # The cut is inside maths.
                continue
            if reading.title in corpus.titles:
                seen = _SEEN_TITLE
                reading = replace(reading, score=reading.score + seen, own=reading.own + seen, sound=True)
            readings.append(reading)
    return readings


def _read_at(index: int, cut: _Cut, tail: Tail, score: float) -> Reading:
    """Return the reading in which the title ends at a place of a piece; `score` is without that place's."""
    pieces = tail.pieces
    title = ", ".join((*pieces[:index], pieces[index][: cut.place]))
    names = (pieces[index][cut.place :], *pieces[index + 1 :])
    sound = cut.weight >= (_SOUND_AFTER_KNOWN if cut.end >= _WHOLE else _SOUND)
    return Reading(title, names, score + cut.weight, cut.weight, sound)


def _rank(reading: Reading) -> tuple[float, int]:
    """Return what orders readings: the best first; of two that weigh the same, the longer title."""
    return -reading.score, -len(reading.title)


def _weigh_cuts(piece: str, own: OwnText, corpus: Corpus) -> list[_Cut]:
    """Return each place of a piece where a title may end and a name begin."""
    final = piece[piece.rfind(" ") + 1 :]
    collective = is_collective_noun(final)
    cuts = [(cut, 0) for cut in _weigh_seen_lower(piece, final, own, corpus)]
    best = max((cut.weight for cut, _ in cuts), default=-_MOST_GAIN)
    words: list[str] = []
    weights: list[float] = []
    for start, word in words_from_end(piece):
        for place, prior in find_cuts(word, following=bool(words)):
            left, right = word[:place], word[place:]
            inner = [weigh_name_word(right, own, corpus), *weights]
            end = weigh_title_end(left, own, corpus)
            weight = prior + weigh_name_words([right, *words], inner, corpus) + weigh_gap(left, right) + end
            cuts.append((_Cut(start + place, weight, end), len(words)))
            best = max(best, weight)
        words.insert(0, word)
        weights.insert(0, weigh_name_word(word, own, corpus))
        if collective and word.isalnum() and len(words) < _MOST_WORDS:
            continue
        total = sum(weights)
        enough = total < _HOPELESS or total + _MOST_GAIN < best - _BEHIND
        if enough or weights[0] <= IMPOSSIBLE or len(words) == _MOST_WORDS:
            break
    if len(cuts) < 2:
        return [cut for cut, _ in cuts]
    # A cut leaves the words before it in the title: what is odd there speaks against it.
    odd = [weigh_title_word(word, own) for word in words]
    return [replace(cut, weight=cut.weight + sum(odd[: len(words) - 1 - after])) for cut, after in cuts]


def _weigh_seen_lower(piece: str, final: str, own: OwnText, corpus: Corpus) -> Iterator[_Cut]:
    """Yield the places where a name in lower case begins that another line prints."""
    for name in corpus.lower_names.get(final, ()):
        place = len(piece) - len(name)
        if place > 0 and piece.endswith(name) and piece[place - 1] != " ":
            end = weigh_title_end(piece[piece.rfind(" ", 0, place) + 1 : place], own, corpus)
            yield _Cut(place, _SEEN_LOWER + end, end)


def _weigh_lower_cuts(piece: str, own: OwnText, corpus: Corpus) -> list[_Cut]:
    """Return each place where a title's word is followed by a name in lower case: `modelsliu ying`."""
    cuts: list[_Cut] = []
    words: list[str] = []
    weights: list[float] = []
    for start, word in words_from_end(piece):
        known = word.lower() in lexicon().names
        for place in range(len(word) if known else max(1, len(word) - _LONGEST_LOWER), len(word) - 1):
            left, right = word[:place], word[place:]
            if not right.islower() or holds_inner_capital(left):
                continue
            weight = weigh_name_word(right, own, corpus)
            end = weigh_title_end(left, own, corpus) if weight >= _LOWER_NAME else _LOWER_FIRST
            if end > _WHOLE_WORD or (weight >= _LOWER_NAME and not left[-1].isalpha()):
                # A name's middle word in lower case is odd, its first one here is not.
                name = weigh_name_words([right.title(), *words], [weight, *weights], corpus)
                cuts.append(_Cut(start + place, name + end + _LOWER_FIRST, end))
        words.insert(0, word)
        weights.insert(0, weigh_name_word(word, own, corpus))
        if len(words) == _MOST_LOWER_WORDS or weights[0] <= IMPOSSIBLE:
            break
    return cuts
