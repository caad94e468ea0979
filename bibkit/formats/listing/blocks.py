"""A listing's text to its parts: profile lines, records' headers with the lines below them, and the rest.

In: the whole text of a file. Out: `Part`s in the order of the text, in which every non-blank line stands
exactly once. Refuses to know what the lines of a record are: that is `bibkit.formats.listing.body`'s.

A line ends at LF, CR LF or CR and nowhere else, so that line numbers are those of an editor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bibkit.formats.listing.header import LONGEST_HEADER, Header, match_header

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_LONGEST_FACT: Final = 60
"""No line of a profile has more characters; a longer line is not looked at."""

_KNOWN_FACT: Final = re.compile(
    r"h-index\s?[0-9]+|[0-9][0-9,.]*[kKmM]?\s?(?:[pP]apers?|[cC]itations?)"
    r"|Novelty\s?[0-9.]+%|AI Score\s?[0-9.]+"
)
_FACT: Final = re.compile(
    r"[^\W\d_]+(?:[ -][^\W\d_]+)*\s?[0-9][0-9,.]*%?|[0-9][0-9,.]*[kKmM%]?\s?[^\W\d_]+(?:[ -][^\W\d_]+)*"
)
_PAPERS: Final = re.compile(r"([0-9][0-9,]*)\s?[pP]apers?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    It has its number from 1, its text without spaces around it, and whether a blank line stands before it.
    """

    number: int
    text: str
    after_blank: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts of a page's owner, a line each."""

    lines: tuple[Line, ...]

    def count_papers(self) -> frozenset[int]:
        """Return the numbers of papers that the page says it has."""
        matches = (_PAPERS.fullmatch(line.text) for line in self.lines)
        return frozenset(int(match[1].replace(",", "")) for match in matches if match)


@dataclass(frozen=True, slots=True)
class Headed:
    """A header line and the lines up to the next one."""

    header: Header
    line: Line
    body: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Stray:
    """Lines that stand under no header."""

    lines: tuple[Line, ...]


Part = Profile | Headed | Stray


def read_parts(text: str) -> list[Part]:
    """Return the parts of a listing; every line that is not blank is in one of them.

    Before the first header, any line of a word and a number is a fact of the profile; after it, only the
    facts that these pages are known to print, and only between two records (where one page ends and the
    next begins): an abstract may say anything.
    """
    parts: list[Part] = []
    header: tuple[Header, Line] | None = None
    body: list[Line] = []
    for line in _read_lines(text):
        match = match_header(line.text) if len(line.text) <= LONGEST_HEADER else None
        if match is None:
            body.append(line)
            continue
        _close(parts, header, body)
        header = (match, line)
        body = []
    _close(parts, header, body)
    return parts


def cut_lines(text: str) -> list[str]:
    """Return all lines of a text as they stand, without their ends; a mark of byte order is no text."""
    text = text.removeprefix("\ufeff")
    return _LINE_END.split(text) if "\r" in text else text.split("\n")


def _read_lines(text: str) -> Iterator[Line]:
    """Yield the lines that are not blank."""
    after_blank = False
    for number, raw in enumerate(cut_lines(text), 1):
        line = raw.strip()
        if line:
            yield Line(number, line, after_blank)
        after_blank = not line


def _close(parts: list[Part], header: tuple[Header, Line] | None, body: list[Line]) -> None:
    """Add what stands between two headers: a record's lines, facts of a profile, and stray lines."""
    if header is None:
        for is_fact, lines in groupby(body, key=lambda line: _matches(_FACT, line)):
            run = tuple(lines)
            parts.append(Profile(run) if is_fact else Stray(run))
        return
    end = len(body)
    while end and _matches(_KNOWN_FACT, body[end - 1]):
        end -= 1
    parts.append(Headed(*header, tuple(body[:end])))
    if end < len(body):
        parts.append(Profile(tuple(body[end:])))


def _matches(pattern: re.Pattern[str], line: Line) -> bool:
    """Say whether a line is a fact of a profile."""
    return len(line.text) <= _LONGEST_FACT and pattern.fullmatch(line.text) is not None
