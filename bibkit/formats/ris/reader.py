"""Text of a RIS file to records; what stands outside of entries is a block.

Past 400 lines by little, since a record is read in one piece: a method for each tag that is no plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bibkit.diagnostics import Source
from bibkit.errors import ParseError
from bibkit.formats.base import Block, BlockKind, Notes, ReadResult
from bibkit.formats.ris.scanner import EntryLines, scan_ris
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
    usual_date,
    usual_name,
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
from bibkit.model.names import Creator, Person, Role
from bibkit.model.record import ItemType, Record, make_record

_ISSN: Final = re.compile(r"\d{4}-?\d{3}[\dXx]")
_ISBN: Final = re.compile(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]")

_CONTAINERS: Final = frozenset({"C3", "T3", *CONTAINER_TAGS})
_REPEATED: Final = frozenset(CONTAINER_TAGS)
_PLACES: Final = frozenset({"C1", "CY"})
_NUMBERS: Final = frozenset({"C7", "EP", "M1", "SN", "SP"})
_OTHER_ROLE_TAGS: Final = (("A1", Role.AUTHOR), ("ED", Role.EDITOR))


def _role_of(tags: Mapping[Role, str]) -> dict[str, Role]:
    """Return the role that each tag says, the tags of one role behind each other."""
    return {
        tag: role
        for role, usual in tags.items()
        for tag in (usual, *(tag for tag, other in _OTHER_ROLE_TAGS if other is role))
    }


_ROLE_OF: Final = _role_of(ROLES)
_BOOK_ROLE_OF: Final = _role_of(BOOK_ROLES)
_OTHER_NAME: Final = {tag: name for name, tag in OTHER_TAGS.items()}


def read_ris(text: str, path: str) -> ReadResult:
    """Read entries from `TY` to `ER`, or to the next `TY` where an `ER` is missing.

    Text between entries is a comment, tagged lines there are a rejected block. Tags that a record has no
    field for, and repeated ones, are kept among its unmapped fields under their own names.
    """
    records: list[Record] = []
    blocks: list[Block] = []
    notes = Notes("entry", "entries")
    known = _Known()
    for stretch in scan_ris(text):
        source = Source(path, stretch.line)
        if isinstance(stretch, EntryLines):
            if not stretch.closed:
                notes.count("missing-er", "an entry has no `ER`", source)
            if stretch.cleaned:
                what = "line breaks inside of lines became spaces, other controls U+FFFD"
                notes.count("character-replaced", what, source)
            records.append(_Reader(known, stretch, source, notes).read())
        elif stretch.tagged:
            reason = "tags outside of an entry: a `TY` is missing"
            blocks.append(Block(BlockKind.REJECTED, stretch.text(), source, len(records), reason, FORMAT))
            notes.warn("rejected-block", reason, source)
        else:
            blocks.append(Block(BlockKind.COMMENT, stretch.text(), source, len(records), format=FORMAT))
    if blocks and not records and all(block.kind is BlockKind.COMMENT for block in blocks):
        notes.warn("no-records", "no line has the tag `TY`, with which an entry begins", blocks[0].source)
    return ReadResult(tuple(records), tuple(blocks), notes.diagnostics())


class _Known:
    """What names and keywords of one file say: they come again and again."""

    __slots__ = ("keywords", "names")

    def __init__(self) -> None:
        self.names: dict[Role, dict[str, Person]] = {role: {} for role in Role}
        self.keywords: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}


class _Reader:
    """The reading of one entry: each tag's values go to a field of the record, or are kept as they stand."""

    __slots__ = ("fields", "known", "notes", "order", "raw", "source", "tags", "type", "unmapped")

    def __init__(self, known: _Known, lines: EntryLines, source: Source, notes: Notes) -> None:
        self.known = known
        self.type = lines.type
        self.order = lines.order
        self.tags = lines.tags
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
        if not _PLACES.isdisjoint(self.tags):
            self._read_place()
        if not _NUMBERS.isdisjoint(self.tags):
            self._read_numbers()
        if self.tags:
            self._keep_others()
        if self.unmapped:
            self.fields["unmapped"] = tuple(self.unmapped)
        return make_record(**self.fields, brought_key=key, raw=tuple(self.raw), source=self.source)

    def _read_texts(self) -> None:
        """Set the fields that have one tag with any type: keywords, and texts, each from its first line."""
        if "KW" in self.tags:
            self._read_keywords(tuple(self.tags.pop("KW")))
        if "N1" in self.tags:
            self._read_notes(self.tags["N1"])
        fields, tags = self.fields, self.tags
        for tag in [tag for tag in tags if tag in TEXT_TAGS]:
            name = TEXT_TAGS[tag]
            if name in fields:
                continue
            values = tags[tag]
            if len(values) == 1:
                fields[name] = values[0]
                del tags[tag]
            else:
                fields[name] = values.pop(0)

    def _read_keywords(self, words: tuple[str, ...]) -> None:
        """Set the keywords, and among them the subject classes."""
        found = self.known.keywords.get(words)
        if found is None:
            categories = tuple([word for word in words if is_arxiv_class(word)])
            found = categories, tuple([word for word in words if word not in categories])
            self.known.keywords[words] = found
        self.fields["categories"], self.fields["keywords"] = found

    def _read_notes(self, notes: list[str]) -> None:
        """Take the note that says that the list of authors was truncated."""
        kept = [note for note in notes if joined(note) != TRUNCATED]
        if len(kept) < len(notes):
            self.fields["creators_truncated"] = True
            if kept:
                self.tags["N1"] = kept
            else:
                del self.tags["N1"]

    def _take(self, tag: str) -> str | None:
        """Return the first value of a tag; the others stay."""
        values = self.tags.get(tag)
        if not values:
            return None
        if len(values) > 1:
            return values.pop(0)
        del self.tags[tag]
        return values[0]

    def _take_first(self, *tags: str) -> str | None:
        """Return the first value of the first of some tags that is there."""
        for tag in tags:
            if self.tags.get(tag):
                return self._take(tag)
        return None

    def _keep_others(self) -> None:
        """Keep what no field of a record can hold: under CSL's name, or under the tag."""
        # The first values of a tag went to fields, these are the last ones.
        left = [(tag, self.tags[tag].pop()) for tag, _ in reversed(self.order) if self.tags.get(tag)]
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
        if doi is None and "M3" in self.tags and is_doi(self.tags["M3"][0]):  # where JabRef writes it
            doi = self._take("M3")
        if doi is not None:
            self.fields["doi"] = doi if doi.startswith("10.") else bare_doi(doi)
        for number in self.tags.get("AN", ()):
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
        if "M3" not in self.tags and self.type not in PREPRINT_TYPES and self.type not in OTHER_TYPES:
            self.fields["type"] = type_
            return
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
        for tag in [tag for tag in roles if tag in self.tags]:
            role = roles[tag]
            known = self.known.names[role]
            for value in self.tags.pop(tag):
                person = known.get(value)
                if person is None and (person := usual_name(value, role)) is not None:
                    known[value] = person
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
            series = self._take_first("T2", "T3")
        else:
            series = self._take("T3")
            container = self._take("C3") if type_ is ItemType.CONFERENCE_PAPER else None
            event = None if container is None else self._take("T2")
            if event is not None and event != container:
                self.unmapped.append(("event-title", event))
            container = container or self._take_first(*CONTAINER_TAGS)
            if container is not None:
                self.fields["container_title"] = container
                self._drop_repeated(container)
        if series is not None:
            self.unmapped.append(("collection-title", series))

    def _drop_repeated(self, container: str) -> None:
        """Drop other tags that say the same container; the first that says another is its short title."""
        if _REPEATED.isdisjoint(self.tags):
            return
        for tag in CONTAINER_TAGS:
            if tag in self.tags:
                self.tags[tag] = [value for value in self.tags[tag] if value != container]
        if not self.tags.get("J2") and (short := self._take_first("JA", "JO")) is not None:
            self.tags["J2"] = [short]

    def _read_dates(self) -> None:
        """Set the date of issue from `DA` and `PY`, where they agree, and that of access."""
        if "Y2" in self.tags:
            self._read_accessed()
        full = self._take("DA")
        tag = "PY" if self.tags.get("PY") else "Y1"
        year = self._take(tag)
        usual = None if full is None else usual_date(full)
        if usual is not None and full is not None and year in {None, full[:4]}:
            self.fields["issued"] = usual
        elif full is not None or year is not None:
            self._read_issued(full, tag, year)

    def _read_accessed(self) -> None:
        """Set the date of access."""
        accessed = self._take("Y2")
        date = self._date("Y2", accessed)
        if date is not None and accessed is not None:
            self.fields["accessed"] = date
            if date_value(date) != accessed:
                self.raw.append((f"{RAW}Y2", accessed))
        elif accessed is not None:
            self._put_back("Y2", accessed)

    def _read_issued(self, full: str | None, tag: str, year: str | None) -> None:
        """Set the date of issue from the values of `DA` and of the tag of the year, where they agree."""
        repeated = year is not None and len(year) == 4 and full is not None and full[:4] == year
        by_full = self._date("DA", full)
        by_year = None if repeated and by_full is not None else self._date(tag, year)
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

    def _read_pages(self) -> None:
        """Set the pages; those of a second range are a note, which a copy does not take for pages."""
        fields = self.fields
        start, end = self.tags.pop("SP", []), self.tags.pop("EP", [])
        fields["pages"] = read_pages(start[0], end[0] if end else None) if start else end[0]
        more = [*start[1:], *end[1:]]
        if more:
            self.tags.setdefault("N1", []).extend(f"pages: {one}" for one in more)
            if "note" not in fields:
                fields["note"] = self._take("N1")

    def _read_numbers(self) -> None:
        """Set pages and the numbers whose tag depends on the type."""
        fields, type_ = self.fields, self.fields["type"]
        if "SP" in self.tags or "EP" in self.tags:
            self._read_pages()
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
