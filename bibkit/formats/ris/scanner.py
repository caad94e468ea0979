"""Text of a RIS file to its entries, line by line, and to what stands between them.

Lines end in CR, LF or both; a line that begins with no tag goes on with the one before it. Knows how lines
become values of tags, and nothing of what a record makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bibkit.formats.ris.values import joined, valid

_LINE: Final = re.compile(r"([A-Z][A-Z0-9])  - (.*+)\n")
_LINE_WITHOUT_VALUE: Final = len("TI  - \n")
_TAGGED: Final = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*)|$)", re.DOTALL)
_PARAGRAPH_TAGS: Final = frozenset({"AB", "N1", "N2", "RN"})
_WRAPPED_AT: Final = range(60, 86)  # how long lines are that a program wrapped


def scan_ris(text: str) -> Iterator[EntryLines | OutsideLines]:
    """Yield the entries of a text in their order, and the lines that stand between them."""
    return _Scanner(text).scan()


@dataclass(slots=True)
class EntryLines:
    """The lines of an entry: the values of each tag, the tags in their order; `closed` where `ER` ends it."""

    line: int
    type: str
    tags: dict[str, list[str]] = field(default_factory=dict)
    order: list[tuple[str, str]] = field(default_factory=list)
    closed: bool = False
    cleaned: bool = False  # a value had what no copy of it can have
    more: dict[tuple[str, int], list[str]] = field(default_factory=dict)  # lines that go on with a value

    def add(self, tag: str, value: str) -> None:
        """Add a line with a tag."""
        if not value.isprintable():
            value = self._clean(value)
        self.order.append((tag, value))
        if tag in self.tags:
            self.tags[tag].append(value)
        else:
            self.tags[tag] = [value]

    def take(self, pairs: list[tuple[str, str]], *, printable: bool) -> None:
        """Add the lines of a usual entry; an empty value says nothing."""
        tags = self.tags
        self.order = pairs
        for tag, text in pairs:
            value = text.strip()
            if not printable and not value.isprintable():
                value = self._clean(value)
            if not value:
                continue
            if tag in tags:
                tags[tag].append(value)
            else:
                tags[tag] = [value]

    def go_on(self, tag: str, line: str, previous: str) -> None:
        """Add a line without a tag to the last value of one; before any tag it is a note."""
        tag = tag or "N1"
        if tag not in self.tags:
            self.add(tag, "")
        values = self.tags[tag]
        paragraph = tag in _PARAGRAPH_TAGS and len(previous.rstrip()) not in _WRAPPED_AT
        self.more.setdefault((tag, len(values) - 1), []).append(
            ("\n" if paragraph else " ") + self._clean(line.strip())
        )

    def _clean(self, value: str) -> str:
        """Return a value as a copy can have it: values that are one in the copy are one when it is read."""
        text = valid(joined(value)).strip()
        self.cleaned = self.cleaned or text != value
        return text

    def end(self) -> None:
        """Put the lines that go on behind their values; leave empty values out."""
        for (tag, place), lines in self.more.items():
            words = [line for line in lines if not line.isspace()]
            if tag == "KW":
                self.tags[tag].extend(map(str.strip, words))
            else:
                self.tags[tag][place] = (self.tags[tag][place] + "".join(words)).strip()
        self.tags = {tag: found for tag, values in self.tags.items() if (found := list(filter(None, values)))}


@dataclass(slots=True)
class OutsideLines:
    """Lines that stand outside of entries; `tagged` where one of them has a tag."""

    line: int
    lines: list[str] = field(default_factory=list)
    tagged: bool = False

    def add(self, line: str, tag: str) -> None:
        """Add a line; `EF`, which some programs end a file with, is not a tag of an entry."""
        self.lines.append(line)
        self.tagged = self.tagged or tag not in {"", "EF"}

    def text(self) -> str:
        """Return the lines, without the blank ones at the end."""
        return "\n".join(self.lines).rstrip()


class _Scanner:
    """A walk over one text, from stretch to stretch; usual entries at once, all else line by line."""

    def __init__(self, text: str) -> None:
        text = text.lstrip("\ufeff").replace("\r\n", "\n")
        self.text = text.replace("\r", "\n") if "\r" in text else text
        self.at = 0
        self.line = 1
        # Where the next `ER` and the `TY` behind the one here are: each is looked for once.
        self.end = self.next = -1

    def scan(self) -> Iterator[EntryLines | OutsideLines]:
        """Yield entries, and what stands between them."""
        text = self.text
        while self.at < len(text):
            if text[self.at] == "\n":
                self.at += 1
                self.line += 1
            elif text[self.at].isspace() and not (line := self._peek()).strip():
                self.at += len(line) + 1
                self.line += 1
            else:
                yield self._usual() or self._unusual()

    def _usual(self) -> EntryLines | None:
        """Return the entry that begins here, if each of its lines has a tag, to an `ER` that says nothing."""
        text, at = self.text, self.at
        if not text.startswith("TY  - ", at):
            return None
        if self.next <= at:
            self.next = self._find("\nTY  - ")
        if self.end < at:
            self.end = self._find("\nER  - ")
        end = self.end
        if end == len(text) or self.next < end:
            return None
        pairs = _LINE.findall(text, at, end + 1)
        values = "".join([value for _, value in pairs])
        after = text.find("\n", end + 1)
        after = len(text) if after < 0 else after
        # Only if nothing stands between the matches are they the lines.
        if len(values) + len(pairs) * _LINE_WITHOUT_VALUE != end + 1 - at or text[end + 7 : after].strip():
            return None
        entry = EntryLines(self.line, pairs[0][1].strip(), closed=True)
        entry.take(pairs[1:], printable=values.isprintable())
        self.at = after + 1
        self.line += len(pairs) + 1
        return entry

    def _unusual(self) -> EntryLines | OutsideLines:
        """Return the entry that begins here, or what stands before the next one."""
        text = self.text
        tag, value = _tagged(self._peek())
        stretch = EntryLines(self.line, value) if tag == "TY" else OutsideLines(self.line)
        previous, last_tag = "", ""
        while self.at < len(text):
            line = self._peek()
            tag, value = _tagged(line)
            if tag == "TY" and previous:
                break
            if isinstance(stretch, OutsideLines):
                stretch.add(line, tag)
            elif tag == "ER":
                stretch.closed = True
                if value.strip(","):  # nothing should stand there; Zotero once wrote a comma
                    stretch.add("N1", value)
            elif not tag:
                stretch.go_on(last_tag, line, previous)
            elif tag != "TY":
                last_tag = tag
                stretch.add(tag, value)
            self.at += len(line) + 1
            self.line += 1
            previous = line or " "
            if isinstance(stretch, EntryLines) and stretch.closed:
                break
        if isinstance(stretch, EntryLines):
            stretch.end()
        return stretch

    def _find(self, piece: str) -> int:
        """Return where a piece of text is from here on, or the end of the text."""
        place = self.text.find(piece, self.at)
        return len(self.text) if place < 0 else place

    def _peek(self) -> str:
        """Return the line that begins here."""
        end = self.text.find("\n", self.at)
        return self.text[self.at :] if end < 0 else self.text[self.at : end]


def _tagged(line: str) -> tuple[str, str]:
    """Return the tag of a line and its value; an empty tag for a line that has none."""
    match = _TAGGED.fullmatch(line)
    return ("", "") if match is None else (match[1], (match[2] or "").strip())
