"""The places of a word where a title may end and a name begin.

In: a word of a line in which title and authors stand fused, or its two halves. Out: the places, and what a
place itself weighs. Refuses to know whether the halves are words: `bibkit.formats.listing.evidence` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import category

from bibkit.formats.listing.lexicon import CAMEL_NAME, PINYIN, lexicon
from bibkit.model.display_names import PARTICLES

_AFTER_CAPITAL: Final = -0.7
_CAPITALS_CUT: Final = -1.5
_NAME_CUT: Final = -3.0
_SYLLABLES_CUT: Final = -1.5
_ELISION_CUT: Final = -3.0
_QUOTE_CUT: Final = -0.5
_SIGN_CUT: Final = -4.0
_PARTICLE_FIRST: Final = -3.0

_REACH: Final = 60
"""So many characters from a word's end a name may begin: no longer word begins a name."""

_SIGNS: Final = ":;=~^`|/"
_OPENERS: Final = "-–([{<“‘«&@_,"
_CUT: Final = re.compile(rf"(?<=[^\s{re.escape(_OPENERS)}])(?=[A-Z])")
_PARTICLE_ENDS: Final = (
    "de", "da", "di", "del", "della", "dos", "das", "du", "van", "von", "vom", "der", "den", "AI",
)  # fmt: skip
_PARTICLE_CUT: Final = re.compile(
    rf"(?<=[^\s{re.escape(_OPENERS)}])"
    r"(?=(?:de|da|di|del|della|dos|das|du|van|von|vom|der|den|01\.AI|xAI)$|(?:al|el)-[A-Z]|d['’][A-Z])"
)
_ELISION: Final = re.compile(r"(?:(?<=\S)(?:[A-Z][a-z]?|[dl])|^[DLMNO])['’]$")
_LAST_GROUP: Final = re.compile(r"[A-Z][a-z'’]*$")
_FIRST_GROUP: Final = re.compile(r"[A-Z][a-z]+")


def holds_inner_capital(text: str, start: int = 0) -> bool:
    """Say whether an ASCII capital that could begin a name stands inside a word, from a place on."""
    return _CUT.search(text, start) is not None


def may_be_cut(piece: str) -> bool:
    """Say whether a piece holds a place where a title could end and a name begin."""
    if piece.isascii():
        return _CUT.search(piece) is not None
    return any(find_cuts(word, following=False) for word in piece.split())


def find_cuts(word: str, *, following: bool) -> list[tuple[int, float]]:
    """Return each place in a word where a name may begin, with what the place itself weighs.

    `following` says that another word follows, without which there is no name after a particle.
    """
    cuts: list[tuple[int, float]] = []
    first = max(1, len(word) - _REACH)
    if not word.isascii():
        places = [place for place in range(first, len(word)) if _is_start(word[place - 1], word[place])]
        cuts = [(place, 0.0) for place in places]
    elif not (word.islower() or (word.isalpha() and word.istitle())):
        cuts = [(match.start(), 0.0) for match in _CUT.finditer(word, first)]
    if (following and word.endswith(_PARTICLE_ENDS)) or word.endswith("AI") or not word.isalnum():
        cuts += [(match.start(), _PARTICLE_FIRST) for match in _PARTICLE_CUT.finditer(word, first)]
    # A quotation mark in the first place opens, elsewhere it closes.
    return [(place, prior) for place, prior in cuts if place > 1 or word[0] != '"']


def weigh_gap(left: str, right: str) -> float:
    """Weigh the two sides of a cut together: what stands before it, and whether it cuts a name in two."""
    before = left[-1]
    if before in "'’":
        return _ELISION_CUT if _ELISION.search(left) else _QUOTE_CUT
    if before in _SIGNS:
        return _SIGN_CUT
    if before.isupper():
        return _AFTER_CAPITAL + (_CAPITALS_CUT if right.isupper() or right[1:] in PARTICLES else 0.0)
    group = _LAST_GROUP.search(left)
    follow = _FIRST_GROUP.match(right)
    if group is None or follow is None:
        return 0.0
    if CAMEL_NAME.fullmatch(group[0] + follow[0]):
        return _NAME_CUT
    return _SYLLABLES_CUT if _is_syllables(group[0]) and _is_syllables(follow[0]) else 0.0


def ends_in_particle(word: str) -> bool:
    """Say whether a word ends as a particle does (`Searchde`)."""
    return word.endswith(_PARTICLE_ENDS)


def words_from_end(piece: str) -> Iterator[tuple[int, str]]:
    """Yield the words of a piece, from the last to the first, and where each begins."""
    end = len(piece)
    while end > 0:
        start = piece.rfind(" ", 0, end) + 1
        yield start, piece[start:end]
        end = start - 1


def _is_start(before: str, letter: str) -> bool:
    """Say whether a name may begin with a letter that follows a character."""
    if letter.isupper():
        return before not in _OPENERS
    # A script without capitals begins; in the middle of such a script nothing does.
    return category(letter) == "Lo" and before not in _OPENERS and category(before) not in ("Lo", "Mn", "Mc")


def _is_syllables(word: str) -> bool:
    """Say whether a word is a name's, or syllables of one, and no word of titles."""
    lower = word.lower()
    words = lexicon()
    return lower not in words.titles and (lower in words.names or PINYIN.fullmatch(lower) is not None)
