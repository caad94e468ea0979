r"""Other keys in place of old ones in the citations of a `.tex` file; nothing else of it is touched.

In: the text, what was read in it (`tex`), and the present key of each old one. Out: the edits and the text
with them. To rewrite what was rewritten changes nothing: no present key is an old one.

Where two keys of a list become one it is written once: the first stays. The last of a list with options stays
too, for the note in the option speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from bibkit.citing.arguments import Group
from bibkit.citing.live import SKIPPED, Lines
from bibkit.citing.tex import Citation, Key, TexReading

_CITABLE: Final = re.compile(r"[^\s\\{}#%~,*\x00-\x1f\x7f][^\s\\{}#%~,\x00-\x1f\x7f]*")


class Edit(NamedTuple):
    """A stretch of the old text and what stands there in the new one."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    r"""One old key that became another one: where (line and column from 1), and in which command.

    `joined`: the list had the new key already, so that the old one went.
    """

    line: int
    column: int
    command: str
    old: str
    new: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The text with the present keys, and what was done to it; `edits` are in the order of the text."""

    text: str
    edits: tuple[Edit, ...] = ()
    changes: tuple[Change, ...] = ()


def is_citable(key: str) -> bool:
    r"""Return whether a key can stand in `\cite`: a comment sign, a brace or a comma would end it there."""
    return _CITABLE.fullmatch(key) is not None


def rewrite_tex(
    text: str, reading: TexReading, renamed: Mapping[str, str], own_keys: Collection[str] = ()
) -> Rewriting:
    """Return a file's text with the present key in place of each old one.

    `renamed` gives the present key of each old one. Keys in `own_keys`, and those that the file itself
    defines, stay: they are the paper's.
    """
    stay = {*own_keys, *reading.own_keys, *reading.listed_keys}
    theirs = {old: new for old, new in renamed.items() if old not in stay}
    lines = Lines(text)
    edits: list[Edit] = []
    changes: list[Change] = []
    for citation in reading.citations():
        for key, stretch, new, joined in _decided(citation, theirs):
            line, column = lines.place(key.pieces[0].start)
            if key.text in theirs:
                changes.append(Change(line, column, citation.command, key.text, new, joined))
            edits.extend(_dropped(reading.live, key, stretch) if joined else _replaced(key, new))
    # A macro's definition may be read as a use of it, too: what is one stretch is edited once.
    edits = sorted(set(edits))
    return Rewriting(_edited(text, edits), tuple(edits), tuple(dict.fromkeys(changes)))


def _decided(citation: Citation, renamed: Mapping[str, str]) -> Iterator[tuple[Key, Group, str, bool]]:
    """Yield the keys of a list that change: with their stretches, what they become, whether they go."""
    seen: set[str] = set()
    made: set[str] = set()
    previous = ""
    last = len(citation.keys) - 1
    for at, (key, stretch) in enumerate(zip(citation.keys, citation.stretches, strict=True)):
        if not key.text or not key.literal:
            continue
        new = renamed.get(key.text, key.text)
        arose = new in made or (key.text in renamed and new in seen)
        has_note = citation.noted and at == last and previous != new
        joined = arose and not has_note and not key.starred
        if key.text in renamed:
            made.add(new)
        if joined or key.text in renamed:
            yield key, stretch, new, joined
        seen.add(new)
        if not joined:
            previous = new


def _replaced(key: Key, new: str) -> Iterator[Edit]:
    """Yield the edits that put a key in the place of another, whose characters comments may part."""
    for number, (start, end) in enumerate(key.pieces):
        yield Edit(start, end, "" if number else new)


def _dropped(live: str, key: Key, stretch: Group) -> Iterator[Edit]:
    """Yield the edits that take a key and the comma before it out of a list, and leave comments.

    A blank line would end the paragraph, and a blank behind a key is part of it to BibTeX: neither is left.
    """
    comma = stretch.start - 1
    if SKIPPED not in live[stretch.start : stretch.end]:
        yield Edit(comma, stretch.end, "")
        return
    begin = key.pieces[0].start
    yield Edit(comma, _blanks_end(live, stretch.start, begin), "")
    *firsts, (start, end) = key.pieces
    for piece in firsts:
        yield Edit(*piece, "")
    yield Edit(start, _blanks_end(live, end, stretch.end), "")


def _blanks_end(live: str, start: int, end: int) -> int:
    """Return the end of the blanks that stand at a place."""
    blanks = live[start:end]
    return start + len(blanks) - len(blanks.lstrip(" \t\r\n"))


def _edited(text: str, edits: list[Edit]) -> str:
    parts = []
    at = 0
    for edit in edits:
        parts.append(text[at : edit.start])
        parts.append(edit.new)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)
