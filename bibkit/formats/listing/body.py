"""The lines below a header to a record's body: which of them is title, authors, abstract.

In: the headed parts of one page. Out: for each a `Fused` (title and authors on one line), a `Spaced` (a
line each) or an `Unreadable` with the reason. Refuses to know where in a fused line the title ends.

A page has one layout. What a record's lines leave open (an abstract set off by a blank line looks like
the spaced layout; a spaced page copied without its blank lines looks like the compact one) is decided as
most of the page's other records are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bibkit.formats.listing.authors import MOST_NAMES, Tail, read_tail
from bibkit.formats.listing.blocks import Headed, Line
from bibkit.formats.listing.evidence import Corpus, OwnText
from bibkit.formats.listing.split import split_title, weigh_name

_LONGEST_TITLE: Final = 1000
"""A line with more characters is no title, and no title with authors."""

_LONGEST_AUTHORS: Final = 300
_NAME_WEIGHT: Final = -1.0
_NOTHING: Final = Corpus((), (), ())
_NO_TEXT: Final = OwnText("")


@dataclass(frozen=True, slots=True)
class Fused:
    """A body whose first line is title and authors with nothing between them."""

    line: Line
    tail: Tail
    abstract: str
    abstract_line: int


@dataclass(frozen=True, slots=True)
class Spaced:
    """A body with title and authors on lines of their own; `tail` is `None` where it has no authors."""

    line: Line
    tail: Tail | None
    abstract: str
    abstract_line: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A body that is none, and why."""

    reason: str


Body = Fused | Spaced | Unreadable


def read_bodies(parts: Sequence[Headed]) -> list[Body]:
    """Return the body of each record of a page."""
    readings = [_read_surely(part.body) for part in parts]
    spaced = sum(isinstance(body, Spaced) for body in readings)
    fused = sum(isinstance(body, Fused) for body in readings)
    return [
        body if body is not None else _read_as_most(part.body, spaced, fused)
        for part, body in zip(parts, readings, strict=True)
    ]


def looks_like_authors(line: str) -> bool:
    """Say whether a line is names alone: one to three, or three and "et al."."""
    if len(line) > _LONGEST_AUTHORS:
        return False
    tail = read_tail(line)
    if len(tail.pieces) > MOST_NAMES or (tail.truncated and len(tail.pieces) < MOST_NAMES):
        return False
    return all(piece and weigh_name(piece, _NO_TEXT, _NOTHING) > _NAME_WEIGHT for piece in tail.pieces)


def _read_surely(body: tuple[Line, ...]) -> Body | None:
    """Return a body whose layout its own lines show, or `None` where they leave it open."""
    if not body:
        return Unreadable("nothing stands below its header")
    if len(body[0].text) > _LONGEST_TITLE:
        return Unreadable(f"the line below its header is no title: it has {len(body[0].text)} characters")
    if len(body) == 1:
        return None
    set_off = body[1].after_blank
    authors = looks_like_authors(body[1].text)
    if set_off and authors:
        return _read_spaced(body)
    if not set_off and not authors:
        return _read_fused(body)
    return None


def _read_as_most(body: tuple[Line, ...], spaced: int, fused: int) -> Body:
    """Return a body as most bodies of its page are read, as far as its lines allow."""
    first = read_tail(body[0].text)
    if spaced <= fused and (fused or split_title(first, "", _NOTHING).certain):
        return _read_fused(body)
    if len(body) == 1 or (len(body[1].text) > _LONGEST_AUTHORS):
        # Only the title, or the title and the abstract: unless names stand at the title's end.
        if spaced and not split_title(first, "", _NOTHING).certain:
            return Spaced(body[0], None, *_join(body[1:]))
        return _read_fused(body)
    return _read_spaced(body)


def _read_fused(body: tuple[Line, ...]) -> Fused:
    """Return a body of the compact layout."""
    return Fused(body[0], read_tail(body[0].text), *_join(body[1:]))


def _read_spaced(body: tuple[Line, ...]) -> Spaced:
    """Return a body of the spaced layout."""
    return Spaced(body[0], read_tail(body[1].text), *_join(body[2:]))


def _join(lines: tuple[Line, ...]) -> tuple[str, int]:
    """Return an abstract of any number of lines as one text, and the number of its first line."""
    return " ".join(line.text for line in lines), lines[0].number if lines else 0
