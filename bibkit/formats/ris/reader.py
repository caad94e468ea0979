"""Text of a RIS file to records; what stands outside of entries is a block.

Lines end in CR, LF or both; a line that begins with no tag goes on with the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from string import ascii_uppercase, digits
from typing import Any, Final

from bibkit.diagnostics import Source
from bibkit.errors import ParseError
from bibkit.formats.base import Block, BlockKind, Notes, ReadResult
from bibkit.formats.ris.tables import (
    BOOK_ROLES,
    BOOKS,
    CONTAINER_TAGS,
    FORMAT,
    KIND_OF,
    NUMBERED,
    OTHER_TAGS,
    OTHER_TYPES,
    PREPRINT_TYPES,
    RAW,
    ROLES,
    TEXT_TAGS,
    TRUNCATED,
    TYPE_OF,
    TYPES,
)
from bibkit.formats.ris.values import (
    date_value,
    is_doi,
    joined,
    read_date,
    read_name,
    read_pages,
    usual_name,
    valid,
    without_et_al,
)
from bibkit.model.dates import Date, ExtendedDate
from bibkit.model.identifiers import (
    arxiv_id_of_doi,
    arxiv_id_of_url,
    arxiv_label,
    bare_doi,
    is_arxiv_class,
)
from bibkit.model.names import Creator, Role
from bibkit.model.record import ItemType, Record

_TAGS: Final = frozenset(letter + second for letter in ascii_uppercase for second in ascii_uppercase + digits)
_TAGGED: Final = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*)|$)", re.DOTALL)
_PARAGRAPH_TAGS: Final = frozenset({"AB", "N1", "N2", "RN"})
_WRAPPED_AT: Final = range(60, 86)  # how long lines are that a program wrapped
_ISSN: Final = re.compile(r"\d{4}-?\d{3}[\dXx]")
_ISBN: Final = re.compile(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]")

_CONTAINERS: Final = frozenset({"C3", "T3", *CONTAINER_TAGS})
_NUMBERS_AND_PLACES: Final = frozenset({"C1", "C7", "CY", "EP", "M1", "SN", "SP"})
_ROLE_OF: Final = {tag: role for role, tag in ROLES.items()} | {"A1": Role.AUTHOR, "ED": Role.EDITOR}
_BOOK_ROLE_OF: Final = {tag: role for role, tag in BOOK_ROLES.items()} | {
    "A1": Role.AUTHOR,
    "ED": Role.EDITOR,
}
_OTHER_NAME: Final = {tag: name for name, tag in OTHER_TAGS.items()}


def read_ris(text: str, path: str) -> ReadResult:
    """Read entries from `TY` to `ER`, or to the next `TY` where an `ER` is missing.

    Text between entries is a comment, tagged lines there are a rejected block. Tags that a record has no
    field for, and repeated ones, are kept among its unmapped fields under their own names.
    """
    records: list[Record] = []
    blocks: list[Block] = []
    notes = Notes("entry", "entries")
    for stretch in _stretches(text):
        source = Source(path, stretch.line)
        if isinstance(stretch, _Lines):
            if not stretch.closed:
                notes.count("missing-er", "an entry has no `ER`", source)
            if stretch.cleaned:
                what = "line breaks inside of lines became spaces, other controls U+FFFD"
                notes.count("character-replaced", what, source)
            records.append(_Reader(stretch, source, notes).read())
        elif stretch.tagged:
            reason = "tags outside of an entry: a `TY` is missing"
            blocks.append(Block(BlockKind.REJECTED, stretch.text(), source, len(records), reason, FORMAT))
            notes.warn("rejected-block", reason, source)
        else:
            blocks.append(Block(BlockKind.COMMENT, stretch.text(), source, len(records), format=FORMAT))
    if blocks and not records and all(block.kind is BlockKind.COMMENT for block in blocks):
        notes.warn("no-records", "no line has the tag `TY`, with which an entry begins", blocks[0].source)
    return ReadResult(tuple(records), tuple(blocks), notes.diagnostics())


@dataclass(slots=True)
class _Lines:
    """The lines of an entry: the values of each tag, the tags in their order; `closed` where `ER` ends it."""

    line: int
    type: str
    tags: dict[str, list[str]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    closed: bool = False
    cleaned: bool = False  # a value had what no copy of it can have
    more: dict[tuple[str, int], list[str]] = field(default_factory=dict)  # lines that go on with a value

    def add(self, tag: str, value: str) -> None:
        """Add a line with a tag."""
        if not value.isprintable():
            value = self._clean(value)
        self.order.append(tag)
        if tag in self.tags:
            self.tags[tag].append(value)
        else:
            self.tags[tag] = [value]

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
        """Put the lines that go on behind their values; each is a keyword of its own under `KW`."""
        for (tag, place), lines in self.more.items():
            words = [line for line in lines if not line.isspace()]
            if tag == "KW":
                self.tags[tag].extend(map(str.strip, words))
            else:
                self.tags[tag][place] = (self.tags[tag][place] + "".join(words)).strip()


@dataclass(slots=True)
class _Outside:
    """Lines that stand outside of entries; `tagged` where one of them has a tag."""

    line: int
    lines: list[str] = field(default_factory=list)
    tagged: bool = False

    def add(self, line: str, tag: str) -> None:
        """Add a line; `EF`, which some programs end a file with, is not a tag of an entry."""
        self.lines.append(line.rstrip("\r"))
        self.tagged = self.tagged or tag not in {"", "EF"}

    def text(self) -> str:
        """Return the lines, without the blank ones at the end."""
        return "\n".join(self.lines).rstrip()


def _stretches(text: str) -> Iterator[_Lines | _Outside]:
    """Yield entries, and what stands between them."""
    entry: _Lines | None = None
    outside: _Outside | None = None
    previous, last_tag = "", ""
    for number, line in enumerate(_lines(text), 1):
        usual = line[2:6] == "  - " and line[:2] in _TAGS
        tag, value = (line[:2], line[6:].strip()) if usual else _tagged(line)
        if tag == "TY":
            yield from filter(None, (entry, outside))
            entry, outside, last_tag = _Lines(number, value), None, ""
        elif entry is None:
            outside = outside or (_Outside(number) if line.strip() else None)
            if outside is not None:
                outside.add(line, tag)
        elif tag == "ER":
            entry.closed = True
            if value.strip(","):  # nothing should stand there; Zotero once wrote a comma
                entry.add("N1", value)
            yield entry
            entry = None
        elif not tag:
            entry.go_on(last_tag, line, previous)
        else:
            last_tag = tag
            entry.add(tag, value)
        previous = line
    yield from filter(None, (entry, outside))


def _lines(text: str) -> list[str]:
    """Return the lines of a text, a CR at their end where lines end in both."""
    text = text.lstrip("\ufeff")
    if text.count("\r") != text.count("\r\n"):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")


def _tagged(line: str) -> tuple[str, str]:
    """Return the tag of a line that has one in an unusual form, and its value; no tag for any other."""
    match = _TAGGED.fullmatch(line.rstrip("\r"))
    return ("", "") if match is None else (match[1], (match[2] or "").strip())


class _Reader:
    """The reading of one entry: each tag's values go to a field of the record, or are kept as they stand."""

    __slots__ = ("fields", "notes", "order", "raw", "source", "tags", "type", "unmapped")

    def __init__(self, lines: _Lines, source: Source, notes: Notes) -> None:
        if lines.more:
            lines.end()
        self.type = lines.type
        self.order = lines.order
        self.tags = {
            tag: found for tag, values in lines.tags.items() if (found := list(filter(None, values)))
        }
        self.source = source
        self.notes = notes
        self.fields: dict[str, Any] = {}
        self.unmapped: list[tuple[str, str]] = []
        self.raw: list[tuple[str, str]] = []

    def read(self) -> Record:
        """Return the record."""
        key = self._take("ID")
        if self.type not in TYPE_OF:
            what = f"has type {self.type!r}, which RIS has not" if self.type else "has no type"
            self.notes.warn("unknown-type", f"an entry {what}; it is read as a document", self.source)
            self.type = TYPES[ItemType.DOCUMENT]
        self._read_identifiers()
        self._read_type()
        self._read_creators()
        if not _CONTAINERS.isdisjoint(self.tags):
            self._read_container()
        self._read_texts()
        self._read_dates()
        if not _NUMBERS_AND_PLACES.isdisjoint(self.tags):
            self._read_place()
            self._read_numbers()
        if self.tags:
            self._keep_others()
        return Record(
            **self.fields,
            unmapped=tuple(self.unmapped),
            brought_key=key,
            raw=tuple(self.raw),
            source=self.source,
        )

    def _read_texts(self) -> None:
        """Set the fields that have one tag with any type: keywords, and texts, each from its first line."""
        keywords = self.tags.pop("KW", None)
        if keywords is not None:
            self.fields["categories"] = tuple(word for word in keywords if is_arxiv_class(word))
            self.fields["keywords"] = tuple(word for word in keywords if not is_arxiv_class(word))
        notes = self.tags.get("N1", ())
        kept = [note for note in notes if joined(note) != TRUNCATED]
        if len(kept) < len(notes):
            self.fields["creators_truncated"] = True
            self.tags["N1"] = kept
        for tag in list(self.tags):
            name = TEXT_TAGS.get(tag)
            if name is not None and name not in self.fields:
                self.fields[name] = self._take(tag)

    def _take(self, *tags: str) -> str | None:
        """Return the first value of the first of some tags that is there; other values stay."""
        for tag in tags:
            values = self.tags.get(tag)
            if values:
                value = values.pop(0)
                if not values:
                    del self.tags[tag]
                return value
        return None

    def _keep_others(self) -> None:
        """Keep what no field of a record can hold: under CSL's name, or under the tag."""
        # The first values of a tag went to fields, these are the last ones.
        left = [(tag, self.tags[tag].pop()) for tag in reversed(self.order) if self.tags.get(tag)]
        left.extend((tag, value) for tag, values in self.tags.items() for value in reversed(values))
        named = set()
        for tag, value in reversed(left):
            name = _OTHER_NAME.get(tag, tag)
            self.unmapped.append((tag if name in named else name, value))
            named.add(name)

    def _put_back(self, tag: str, value: str) -> None:
        """Keep a value that says nothing that a record has a field for."""
        self.tags.setdefault(tag, []).insert(0, value)

    def _read_identifiers(self) -> None:
        """Set DOI, and the arXiv id where `AN` names one, or a preprint's DOI or address does."""
        doi = self._take("DO")
        kind = self.tags.get("M3", [""])[0]
        if doi is None and is_doi(kind):  # where JabRef writes it
            doi = self._take("M3")
        if doi is not None:
            self.fields["doi"] = bare_doi(doi)
        for number in self.tags.get("AN", []):
            label = arxiv_label(number)
            if label is not None:
                self.fields["arxiv_id"], self.fields["arxiv_class"] = label
                self.tags["AN"].remove(number)
                if label[1] is not None:
                    self.raw.append((f"{RAW}AN", number))
                return
        if self.type in PREPRINT_TYPES:
            found = arxiv_id_of_doi(doi or "") or arxiv_id_of_url(self.tags.get("UR", [""])[0])
            if found is not None:
                self.fields["arxiv_id"] = found

    def _read_type(self) -> None:
        """Set the type, which `M3` tells where several share a reference type, and says the genre else."""
        type_ = TYPE_OF[self.type]
        kind = self._take("M3")
        told = None if kind is None else KIND_OF.get(kind.lower())
        fits = self.type in PREPRINT_TYPES if told is ItemType.PREPRINT else type_ is ItemType.BOOK
        if told is None or not fits:
            told = None
            if kind is not None:
                self.fields["genre"] = kind
        if told is None and self.type in PREPRINT_TYPES and "arxiv_id" in self.fields:
            self.notes.count("type-inferred", "an entry with an arXiv id is a preprint", self.source)
            told = ItemType.PREPRINT
        self.fields["type"] = told or type_
        if TYPES[told or type_] != self.type:
            self.raw.append((f"{RAW}TY", self.type))
            if self.type in OTHER_TYPES and told is None:
                self.notes.count(
                    "type-read-as", f"RIS type {self.type} is read as {type_.value}", self.source
                )

    def _read_creators(self) -> None:
        """Set the creators, authors first."""
        roles = _BOOK_ROLE_OF if self.fields["type"] in BOOKS else _ROLE_OF
        creators: list[Creator] = []
        for tag, role in roles.items():
            if tag not in self.tags:
                continue
            for value in self.tags.pop(tag):
                person = usual_name(value, role)
                if person is not None:
                    creators.append(person)
                    continue
                name, cut = without_et_al(value)
                if cut:
                    self.fields["creators_truncated"] = True
                if name.strip(", "):
                    creators.append(read_name(name, role))
        self.fields["creators"] = tuple(creators)

    def _read_container(self) -> None:
        """Set what the work stands in; its series and event are unmapped, under CSL's names."""
        type_ = self.fields["type"]
        if type_ in BOOKS:
            if "TI" not in self.tags and "T1" not in self.tags and (title := self._take("BT")) is not None:
                self.tags["TI"] = [title]
            series = self._take("T2", "T3")
        else:
            series = self._take("T3")
            container = self._take("C3") if type_ is ItemType.CONFERENCE_PAPER else None
            event = None if container is None else self._take("T2")
            if event is not None and event != container:
                self.unmapped.append(("event-title", event))
            container = container or self._take(*CONTAINER_TAGS)
            if container is not None:
                self.fields["container_title"] = container
                self._drop_repeated(container)
        if series is not None:
            self.unmapped.append(("collection-title", series))

    def _drop_repeated(self, container: str) -> None:
        """Drop other tags that say the same container; the first that says another is its short title."""
        for tag in CONTAINER_TAGS:
            if tag in self.tags:
                self.tags[tag] = [value for value in self.tags[tag] if value != container]
        if not self.tags.get("J2") and (short := self._take("JA", "JO")) is not None:
            self.tags["J2"] = [short]

    def _read_dates(self) -> None:
        """Set the date of issue from `DA` and `PY`, where they agree, and that of access."""
        year, full = self._take("PY", "Y1"), self._take("DA")
        repeated = year is not None and len(year) == 4 and full is not None and full[:4] == year
        by_full = self._date("DA", full)
        by_year = None if repeated and by_full is not None else self._date("PY", year)
        if by_full is not None and (by_year is None or by_year.year == by_full.year):
            issued: Date | None = by_full
            if by_year is not None and by_year.month is not None and by_full.month is None:
                issued = by_year
            elif full is not None and date_value(by_full) != full:
                self.raw.append((f"{RAW}DA", full))
        else:
            issued = by_year
            if full is not None:
                self._put_back("DA", full)
        if issued is None and year is not None:
            issued = ExtendedDate(literal=year)
        if issued is not None:
            self.fields["issued"] = issued
        accessed = self._take("Y2")
        date = self._date("Y2", accessed)
        if date is not None and accessed is not None:
            self.fields["accessed"] = date
            if date_value(date) != accessed:
                self.raw.append((f"{RAW}Y2", accessed))
        elif accessed is not None:
            self._put_back("Y2", accessed)

    def _date(self, tag: str, value: str | None) -> Date | None:
        """Return the date of a tag's value; report what else it says, or that it is none."""
        if value is None:
            return None
        try:
            date, other = read_date(value)
        except ParseError as trouble:
            self.notes.count("bad-date", f"`{tag}` is no date: {trouble}", self.source)
            return None
        if other:
            self.notes.count("date-part-not-kept", f"`{tag}` says more than a date", self.source)
        return date

    def _read_place(self) -> None:
        """Set the place of publication; `CY` of a conference's paper is where the conference was."""
        place = self._take("CY")
        if self.fields["type"] is ItemType.CONFERENCE_PAPER:
            event_place, place = place, self._take("C1")
            if event_place is not None and event_place != place:
                self.unmapped.append(("event-place", event_place))
        if place is not None:
            self.fields["place"] = place

    def _read_numbers(self) -> None:
        """Set pages and the numbers whose tag depends on the type."""
        fields, type_ = self.fields, self.fields["type"]
        pages = read_pages(self._take("SP", "EP"), self._take("EP"))
        if pages is not None:
            fields["pages"] = pages
        while (more := self._take("SP", "EP")) is not None:  # a copy of the entry would take it for pages
            self.tags.setdefault("N1", []).append(f"pages: {more}")
            if "note" not in fields:
                fields["note"] = self._take("N1")
        number = self._take("C7" if type_ is ItemType.ARTICLE else "M1")
        if number is not None:
            fields["number"] = number
        if type_ is ItemType.ARTICLE and "issue" not in fields and (issue := self._take("M1")) is not None:
            fields["issue"] = issue
        standard = self._take("SN")
        if standard is None:
            return
        if _ISSN.fullmatch(standard):
            fields["issn"] = standard
        elif _ISBN.fullmatch(standard):
            fields["isbn"] = standard
        elif type_ in NUMBERED and "number" not in fields:
            fields["number"] = standard
        else:
            fields["issn" if type_ is ItemType.ARTICLE else "isbn"] = standard
