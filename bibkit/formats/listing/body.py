r"""The lines below a header to a record's body: which of them is title, authors, abstract.

In: the headed parts of one page. Out: for each a `Fused` (title and authors on one line), a `Spaced` (a
line each) or an `Unreadable` with the reason. LaTeX markup in title and authors is read here, before they
are told apart: `Garc\'ia` is a name only then. Refuses to know where in a fused line the title ends.

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
from bibkit.formats.listing.evidence import Corpus, OwnText, weigh_name
from bibkit.formats.listing.split import split_title
from bibkit.latex import LatexText, read_latex

_LONGEST_TITLE: Final = 1000
"""A line with more characters is no title, and no title with authors."""

_LONGEST_AUTHORS: Final = 300
_NAME_ENDS: Final = (" al.", "Jr.", "Sr.")
"""How a line of names may end in a period."""

_NAME_WEIGHT: Final = -1.0
_NOTHING: Final = Corpus((), (), ())
_NO_TEXT: Final = OwnText("")


@dataclass(frozen=True, slots=True)
class Fused:
    """A body whose first line, `line`, is title and authors with nothing between them.

    `read` has the lines of title and authors with their markup read; `abstract` is as it stands.
    """

    line: Line
    read: tuple[LatexText, ...]
    tail: Tail
    abstract: str
    abstract_line: int


@dataclass(frozen=True, slots=True)
class Spaced:
    """A body with title and authors on lines of their own; `tail` is `None` where it has no authors.

    `line` is the title's; `read` and `abstract` are as those of `Fused`.
    """

    line: Line
    read: tuple[LatexText, ...]
    title: str
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
    if len(line) > _LONGEST_AUTHORS or (line[-1] in ".?!" and not line.endswith(_NAME_ENDS)):
        return False
    tail = read_tail(read_latex(line).text)
    if len(tail.pieces) > MOST_NAMES or (tail.truncated and len(tail.pieces) < MOST_NAMES):
        return False
    return all(weigh_name(piece, _NO_TEXT, _NOTHING) > _NAME_WEIGHT for piece in tail.pieces)


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
    whole = _read_fused(body)
    if spaced <= fused and (fused or split_title(whole.tail, whole.abstract, _NOTHING).certain):
        return whole
    if len(body) == 1 or len(body[1].text) > _LONGEST_AUTHORS or body[1].text.endswith("."):
        # The title alone, or title and abstract: unless names stand at the title's end.
        if not spaced or split_title(whole.tail, whole.abstract, _NOTHING).certain:
            return whole
        return Spaced(whole.line, whole.read, whole.read[0].text, None, whole.abstract, whole.abstract_line)
    return _read_spaced(body)


def _read_fused(body: tuple[Line, ...]) -> Fused:
    """Return a body of the compact layout."""
    read = read_latex(body[0].text)
    return Fused(body[0], (read,), read_tail(read.text), *_join(body[1:]))


def _read_spaced(body: tuple[Line, ...]) -> Spaced:
    """Return a body of the spaced layout."""
    title, authors = read_latex(body[0].text), read_latex(body[1].text)
    return Spaced(body[0], (title, authors), title.text, read_tail(authors.text), *_join(body[2:]))


def _join(lines: tuple[Line, ...]) -> tuple[str, int]:
    """Return an abstract of any number of lines as one text, and the number of its first line."""
    return " ".join(line.text for line in lines), lines[0].number if lines else 0
