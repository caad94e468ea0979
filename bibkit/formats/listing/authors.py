"""The author line of a record, or the end of a line where title and authors stand fused, to its pieces.

In: `Ziyue Zhu, Zhao Zhang, Zheng Lin et al. · pku, tsinghua`. Out: a `Tail`: what stands between the
commas, whether the list of authors is cut short ("et al."), and the affiliations. Refuses to know where a
title ends: that is `bibkit.formats.listing.split`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bibkit.model.display_names import SUFFIXES

MOST_NAMES: Final = 3
"""A page prints at most so many names; where there are more authors it prints exactly so many."""

_SEPARATOR: Final = " · "
_ET_AL: Final = re.compile(r",? et al\.?$")
_SLUGS: Final = re.compile(r"[a-z0-9][a-z0-9.&+'-]*(?:,? [a-z0-9][a-z0-9.&+'-]*)*")


@dataclass(frozen=True, slots=True)
class Tail:
    """A line's pieces between commas (a suffix, `, Jr.`, belongs to the piece before it)."""

    pieces: tuple[str, ...]
    truncated: bool
    affiliations: tuple[str, ...]


def read_tail(line: str) -> Tail:
    """Return the pieces of an author line, or of a line that ends in authors; runs of spaces are one."""
    text = " ".join(line.split())
    affiliations: tuple[str, ...] = ()
    if _SEPARATOR in text:
        text, affiliations = _split_affiliations(text)
    match = _ET_AL.search(text, max(0, len(text) - 10))
    if match is not None:
        text = text[: match.start()]
    pieces = text.split(", ")
    if not SUFFIXES.isdisjoint(pieces):
        pieces = _join_suffixes(pieces)
    return Tail(tuple(pieces), match is not None, affiliations)


def _split_affiliations(text: str) -> tuple[str, tuple[str, ...]]:
    """Split affiliations off: whatever follows "et al.", and the site's lower-case names elsewhere.

    Titles may hold the separator too; then what follows it ends in authors, who have capitals.
    """
    head, marker, tail = text.rpartition(f" et al.{_SEPARATOR}")
    if marker:
        return f"{head} et al.", tuple(tail.split(", "))
    head, _, tail = text.rpartition(_SEPARATOR)
    return (head, tuple(tail.split(", "))) if _SLUGS.fullmatch(tail) else (text, ())


def _join_suffixes(pieces: list[str]) -> list[str]:
    """Put a suffix that stands after a comma back to its name."""
    joined: list[str] = []
    for piece in pieces:
        if joined and piece in SUFFIXES:
            joined[-1] = f"{joined[-1]}, {piece}"
        else:
            joined.append(piece)
    return joined
