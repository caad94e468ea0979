"""Entries to the text of a RIS file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from bibkit.formats.base import Block, Rendered, Tally, blocks_not_carried
from bibkit.formats.ris.tables import (
    ARXIV,
    BOOK_ROLES,
    BOOKS,
    KINDS,
    NUMBERED,
    OTHER_TAGS,
    ROLES,
    TRUNCATED,
    TYPES,
)
from bibkit.model.dates import PartialDate
from bibkit.model.names import Creator, Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry

_EOL: Final = "\r\n"
_LINE_BREAKS: Final = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")  # those of str.splitlines
_NO_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # neither XML nor UTF-8
_NOT_IN_NAMES: Final = re.compile(r"\s*[,*]+\s*")
_PAGES: Final = re.compile(r"([^-\u2010-\u2015\s]+)\s*[-\u2010-\u2015]+\s*([^-\u2010-\u2015\s]+)")
_OWN_TAG: Final = re.compile(r"[A-Z][A-Z0-9]")


def write_ris(entries: Sequence[Entry], blocks: Sequence[Block] = ()) -> Rendered:
    """Return the text of a RIS file, with CRLF line ends.

    No value can end its line: line breaks of every kind become a space, reported.
    """
    tally = Tally()
    text = "".join([_render(entry, tally) for entry in entries])
    return Rendered(text, (*tally.diagnostics(), *blocks_not_carried("RIS", blocks)), tally.losses())


class _Lines:
    """The lines of one entry, and where to report what they cannot say."""

    __slots__ = ("entry", "lines", "tally")

    def __init__(self, entry: Entry, tally: Tally) -> None:
        self.entry = entry
        self.tally = tally
        self.lines: list[str] = []

    def put(self, tag: str, value: str, field: str) -> None:
        """Add a line, if there is anything to say in it."""
        if not value.isprintable():
            value = self._one_line(value, field)
        value = value.strip()
        if value:
            self.lines.append(f"{tag}  - {value}")

    def not_carried(self, field: str) -> None:
        """Report that RIS has no place for a field of this entry."""
        self.tally.add("field-not-carried", f"RIS cannot carry `{field}`", self.entry)

    def _one_line(self, value: str, field: str) -> str:
        """Return the value with no line break, and nothing that is no text."""
        stripped = value.strip()
        joined = _LINE_BREAKS.sub(" ", stripped)
        if joined != stripped:
            self.tally.add("line-breaks-joined", f"RIS: line breaks in `{field}` became spaces", self.entry)
        text = _NO_TEXT.sub("\ufffd", joined)
        if text != joined:
            self.tally.add("character-replaced", f"RIS: characters in `{field}` that no text has", self.entry)
        return text


def _render(entry: Entry, tally: Tally) -> str:
    """Return the lines of one entry, from `TY` to `ER`, and the empty line after it."""
    record = entry.record
    out = _Lines(entry, tally)
    out.lines.append(f"TY  - {TYPES[record.type]}")
    out.put("ID", entry.key, "key")
    _put_creators(out, record)
    if record.title:
        out.put("TI", record.title, "title")
    _put_container(out, record)
    if record.issued is not None:
        out.lines.append(f"PY  - {record.issued.year:04}")
        out.lines.append(f"DA  - {_date(record.issued)}")
    _put_publication(out, record)
    if record.abstract:
        out.put("AB", record.abstract, "abstract")
    for category in record.categories:
        out.put("KW", category, "categories")
    for keyword in record.keywords:
        out.put("KW", keyword, "keywords")
    _put_identifiers(out, record)
    _put_kind(out, record)
    if record.note:
        out.put("N1", record.note, "note")
    if record.creators_truncated:
        out.lines.append(f"N1  - {TRUNCATED}")
    if record.unmapped:
        _put_others(out, record)
    _report(out, record)
    out.lines.append("ER  - ")
    return _EOL.join(out.lines) + _EOL + _EOL


def _put_creators(out: _Lines, record: Record) -> None:
    """Add the names, authors first, each role in the order of the record."""
    tags = BOOK_ROLES if record.type in BOOKS else ROLES
    later: list[tuple[str, str]] = []
    for creator in record.creators:
        tag = tags.get(creator.role)
        if tag is None:
            out.not_carried(creator.role.value)
        elif tag == "AU":
            out.put(tag, _name(out, creator), "author")
        else:
            later.append((tag, _name(out, creator)))
    for tag, name in sorted(later, key=lambda line: line[0]):
        out.put(tag, name, "creators")


def _name(out: _Lines, creator: Creator) -> str:
    """Return `Family, Given, Suffix`, the particle before the family name; a body's name has no comma."""
    if isinstance(creator, Person):
        family = f"{creator.particle} {creator.family}" if creator.particle else creator.family
        parts = [family]
        if creator.given or creator.suffix:
            parts.append(creator.given or "")
        if creator.suffix:
            parts.append(creator.suffix)
    else:
        parts = [creator.literal]
    name = "".join(parts)
    if "," in name or "*" in name:
        out.tally.add("name-changed", "RIS: commas and asterisks left out of names", out.entry)
        parts = [_NOT_IN_NAMES.sub(" ", part).strip() for part in parts]
    return ", ".join(parts)


def _put_container(out: _Lines, record: Record) -> None:
    """Add what the work stands in: its journal, book or conference, and the series."""
    others = dict(record.unmapped)
    container, series = record.container_title, others.get("collection-title")
    if record.type in BOOKS:
        if series:
            out.put("T2", series, "collection-title")
        if container:
            out.not_carried("container_title")
        return
    event = others.get("event-title") if record.type is ItemType.CONFERENCE_PAPER else None
    if event or container:
        out.put("T2", event or container or "", "container_title")
    if container and record.type is ItemType.CONFERENCE_PAPER:
        out.put("C3", container, "container_title")
    if series:
        out.put("T3", series, "collection-title")


_PUBLICATION: Final = {
    "volume": "VL",
    "issue": "IS",
    "pages": "SP",
    "edition": "ET",
    "publisher": "PB",
    "place": "CY",
    "language": "LA",
}
_GET_PUBLICATION: Final = attrgetter(*_PUBLICATION)


def _put_publication(out: _Lines, record: Record) -> None:
    """Add where the work was published."""
    for (field, tag), value in zip(_PUBLICATION.items(), _GET_PUBLICATION(record), strict=True):
        if not value:
            continue
        if tag == "SP" and (pages := _PAGES.fullmatch(value)):
            out.put("SP", pages[1], field)
            out.put("EP", pages[2], field)
        else:
            out.put(tag, value, field)
    if record.type is ItemType.PREPRINT and record.arxiv_id and not record.publisher:
        out.lines.append(f"PB  - {ARXIV}")


def _put_identifiers(out: _Lines, record: Record) -> None:
    """Add the numbers and addresses; those of arXiv's for a preprint that has no others."""
    of_arxiv = record.arxiv_id if record.type is ItemType.PREPRINT else None
    doi = record.doi or (f"10.48550/arXiv.{of_arxiv}" if of_arxiv else None)
    url = record.url or (f"https://arxiv.org/abs/{of_arxiv}" if of_arxiv else None)
    if doi:
        out.put("DO", doi, "doi")
    if url:
        out.put("UR", url, "url")
    if record.arxiv_id:
        out.put("AN", f"{ARXIV}:{record.arxiv_id}", "arxiv_id")
    if record.number:
        out.put("SN" if record.type in NUMBERED else "M1", record.number, "number")
    if record.isbn or record.issn:
        _put_standard_number(out, record)
    if record.accessed is not None:
        out.lines.append(f"Y2  - {_date(record.accessed)}")


def _put_standard_number(out: _Lines, record: Record) -> None:
    """Add the one ISSN or ISBN that `SN` has room for: a serial's ISSN, else the ISBN."""
    fields = [("isbn", record.isbn), ("issn", record.issn)]
    if record.type is ItemType.ARTICLE:
        fields.reverse()
    free = not (record.number and record.type in NUMBERED)
    for field, value in fields:
        if value and free:
            out.put("SN", value, field)
            free = False
        elif value:
            out.not_carried(field)


def _put_kind(out: _Lines, record: Record) -> None:
    """Add the type of work: the record's genre, or what tells its type from others of one `TY`."""
    kind = KINDS.get(record.type)
    if kind is None:
        if record.genre:
            out.put("M3", record.genre, "genre")
        return
    out.lines.append(f"M3  - {kind}")
    if record.genre:
        out.not_carried("genre")


def _put_others(out: _Lines, record: Record) -> None:
    """Add the unmapped fields that RIS has a tag for, those read from RIS under their own."""
    written = {"collection-title", "event-title"} if record.type is ItemType.CONFERENCE_PAPER else set()
    for name, value in record.unmapped:
        tag = OTHER_TAGS.get(name) or (name if _OWN_TAG.fullmatch(name) else None)
        if tag is not None:
            out.put(tag, value, name)
        elif name not in written and name != "collection-title":
            out.not_carried(name)


def _report(out: _Lines, record: Record) -> None:
    """Report the fields that RIS has no tag for."""
    if record.affiliations:
        out.not_carried("affiliations")
    if record.arxiv_class and record.arxiv_class not in record.categories:
        out.not_carried("arxiv_class")
    if out.entry.aliases:
        out.not_carried("aliases")
    if record.listing is not None:
        if record.listing.score is not None:
            out.not_carried("score")
        if record.listing.code:
            out.not_carried("code")


def _date(date: PartialDate) -> str:
    """Return `YYYY/MM/DD/`, the slots of what is not known empty."""
    month = "" if date.month is None else f"{date.month:02}"
    day = "" if date.day is None else f"{date.day:02}"
    return f"{date.year:04}/{month}/{day}/"
