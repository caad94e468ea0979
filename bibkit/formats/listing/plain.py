"""The quick way to split a line of the usual look: `find_plain_cut`.

In: a line's pieces between commas, and its abstract. Out: where the title ends, or `None` for a line that
must be weighed. It only says where all that `bibkit.formats.listing.split` weighs speaks for one place.
"""

from __future__ import annotations

import re
from typing import Final

from bibkit.formats.listing.authors import MOST_NAMES, Tail
from bibkit.formats.listing.cuts import ends_in_particle, holds_inner_capital
from bibkit.formats.listing.lexicon import CAMEL_NAME, lexicon
from bibkit.formats.listing.shape import is_name_part

_PLAIN_CUT: Final = re.compile(
    r"(?:(?:^|[ /-])([A-Z]?[a-z]{3,}|[A-Z]{2,}s?)|[0-9)\]?!%”$])"
    r"([^\W\d_a-z][^\W\d_]+(?:-[^\W\d_]+)?(?: [^\W\d_]['’]?[^\W\d_]*(?:-[^\W\d_]+|\.)?){1,3})$"
)
_PLAIN_NAME: Final = re.compile(
    r"[^\W\d_]+(?:-[^\W\d_]+|\.)?(?: [^\W\d_]['’]?[^\W\d_]*(?:-[^\W\d_]+|\.)?){1,3}"
)
_PLAIN_REACH: Final = 80
"""So many characters from a piece's end are looked at for a plain place; the regex never walks further."""


def find_plain_cut(tail: Tail, abstract: str) -> tuple[int, int] | None:
    """Return the piece and the place in it where a line of the usual look is split; `None` for any other.

    The usual look: one place alone, in the pieces where a name can begin, at which a name follows a word, a
    digit or a closing mark; the name two to four plain words that titles do not use; the word before it in
    titles or in this abstract, or at least no front of a name; the other names plain too.
    """
    pieces = tail.pieces
    found: tuple[int, int] | None = None
    last = len(pieces) - 1
    for index in range(last - MOST_NAMES + 1 if tail.truncated else last, max(-1, last - MOST_NAMES), -1):
        piece = pieces[index]
        reach = max(0, len(piece) - _PLAIN_REACH)
        match = _PLAIN_CUT.search(piece, reach)
        if found is not None:
            if match is not None or holds_inner_capital(piece, reach):
                return None
        elif match is not None:
            if not _is_plain(match, abstract):
                return None
            found = (index, match.start(2))
            if sum(earlier.count("$") for earlier in (*pieces[:index], piece[: match.start(2)])) % 2:
                # Inside maths.
                return None
        elif not (_is_plain_name(piece) and _PLAIN_NAME.fullmatch(piece)):
            return None
    return found


def _is_plain(match: re.Match[str], abstract: str) -> bool:
    """Say whether the two sides of a plain place look like nothing but a title's word and a name."""
    before, name = match[1], match[2]
    words = lexicon()
    if not _is_plain_name(name):
        return False
    parts = name.lower().split()
    if not (words.titles.isdisjoint(parts) and words.function.isdisjoint(parts)):
        return False
    if ends_in_particle(parts[0]) and parts[0] not in words.names:
        # Perhaps a particle begins the name, and what stands before it is the title's.
        return False
    if before is None or before[1].isupper():
        # A digit, a closing mark or an acronym: no name holds it.
        return True
    lower = before.lower()
    return lower not in words.names and (
        lower in words.titles or f" {lower}" in abstract or not is_name_part(lower)
    )


def _is_plain_name(name: str) -> bool:
    """Say whether each word of a name has one capital, the first, or an inner one as `McKenna` has."""
    return name.istitle() or all(word.istitle() or CAMEL_NAME.fullmatch(word) for word in name.split())
