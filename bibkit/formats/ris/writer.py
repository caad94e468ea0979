"""Entries to the text of a RIS file.

Past 400 lines, since one class holds a method for each fact whose tag depends on the type of the work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from bibkit.diagnostics import Diagnostic, warning
from bibkit.errors import ParseError
from bibkit.formats.base import Block, BlockKind, Rendered, Tally, blocks_not_carried
from bibkit.formats.ris.tables import (
    ARXIV,
    BOOK_ROLES,
    BOOKS,
    FORMAT,
    KIND_OF,
    KINDS,
    NUMBERED,
    OTHER_TAGS,
    PREPRINT_TYPES,
    PUBLICATION_TAGS,
    RAW,
    ROLES,
    TRUNCATED,
    TYPE_OF,
    TYPES,
)
from bibkit.formats.ris.values import (
    date_value,
    is_doi,
    joined,
    name_value,
    pages_value,
    read_date,
    says_more,
    valid,
    without_et_al,
)
from bibkit.model.dates import Date, ExtendedDate
from bibkit.model.identifiers import (
    arxiv_doi,
    arxiv_id_of_doi,
    arxiv_id_of_url,
    arxiv_label,
    arxiv_url,
)
from bibkit.model.names import Body
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import Entry

_EOL: Final = "\r\n"
_OWN_TAG: Final = re.compile(r"[A-Z][A-Z0-9]")
_NOT_OF_FIELDS: Final = frozenset({"TY", "ER", "ID"})

_PUBLICATION: Final = attrgetter(*PUBLICATION_TAGS)
_NO_PUBLICATION: Final = (None,) * len(PUBLICATION_TAGS)


def write_ris(entries: Sequence[Entry], blocks: Sequence[Block] = ()) -> Rendered:
    """Return the text of a RIS file, with CRLF line ends; blocks of a RIS file stand where they stood.

    No value can end its line: line breaks of every kind become a space, reported.
    """
    tally = Tally()
    texts = [_render(entry, tally) for entry in entries]
    own = [block for block in blocks if block.format == FORMAT]
    others = [block for block in blocks if block.format != FORMAT]
    text = "".join(_with_blocks(texts, own) if own else texts)
    return Rendered(
        text, (*tally.diagnostics(), *_unsafe(own), *blocks_not_carried("RIS", others)), tally.losses()
    )


def _with_blocks(texts: Sequence[str], blocks: Sequence[Block]) -> list[str]:
    """Return the texts of entries and blocks in the order of the file."""
    placed: list[list[str]] = [[] for _ in range(len(texts) + 1)]
    for block in blocks:
        text = valid(block.text).replace("\n", _EOL)
        placed[min(block.index, len(texts))].append(text + _EOL + _EOL)
    for index, text in enumerate(texts):
        placed[index].append(text)
    return [text for several in placed for text in several]


def _unsafe(blocks: Sequence[Block]) -> tuple[Diagnostic, ...]:
    """Return a warning for each rejected block that is kept."""
    return tuple(
        warning(
            "unsafe-block-kept",
            "a rejected block is kept to the letter; programs may refuse the file for it",
            block.source,
        )
        for block in blocks
        if block.kind is BlockKind.REJECTED
    )


class _Lines:
    """The lines of one entry, and where to report what they cannot say."""

    __slots__ = ("entry", "lines", "raw", "tally")

    def __init__(self, entry: Entry, tally: Tally) -> None:
        self.entry = entry
        self.tally = tally
        self.lines: list[str] = []
        self.raw = dict(entry.record.raw) if entry.record.raw else {}

    def put(self, tag: str, value: str, field: str) -> None:
        """Add a line, if there is anything to say in it; a value of nothing but blanks is not carried."""
        text = self.clean(value, field)
        if text:
            self.lines.append(f"{tag}  - {text}")
        elif value:
            self.not_carried(field)

    def clean(self, value: str, field: str) -> str:
        """Return a value as it can stand in a line."""
        return (value if value.isprintable() else self._one_line(value, field)).strip()

    def put_date(self, tag: str, date: Date, field: str) -> None:
        """Add a date as the record's RIS file had it, if it says the same; report what it says less."""
        value = date_value(date)
        if value is not None:
            raw = self.raw.get(RAW + tag)
            self.lines.append(f"{tag}  - {raw if raw is not None and _says(raw, date) else value}")
        if isinstance(date, ExtendedDate) and (value is None or read_date(value)[0] != date):
            self.not_carried(field)

    def not_carried(self, field: str) -> None:
        """Report that RIS has no place for a field of this entry."""
        self.tally.add("field-not-carried", f"RIS cannot carry `{field}`", self.entry)

    def _one_line(self, value: str, field: str) -> str:
        """Return the value with no line break, and nothing that is no text."""
        stripped = value.strip()
        line = joined(stripped)
        if line != stripped:
            self.tally.add("line-breaks-joined", f"RIS: line breaks in `{field}` became spaces", self.entry)
        text = valid(line)
        if text != line:
            self.tally.add("character-replaced", f"RIS: controls in `{field}` became U+FFFD", self.entry)
        return text


def _says(raw: str, date: Date) -> bool:
    """Return whether the text of a RIS file still says what the record does."""
    try:
        return read_date(raw)[0] == date and raw.isprintable()
    except ParseError:
        return False


def _is_words(text: str) -> bool:
    """Return whether a date in words is no date by RIS's form, and so is read as words again."""
    try:
        read_date(text)
    except ParseError:
        return True
    return False


def _render(entry: Entry, tally: Tally) -> str:
    """Return the lines of one entry, from `TY` to `ER`, and the empty line after it."""
    record = entry.record
    out = _Lines(entry, tally)
    out.lines.append(f"TY  - {_type(out, record)}")
    out.put("ID", entry.key, "key")
    _put_creators(out, record)
    if record.title:
        out.put("TI", record.title, "title")
    others = list(record.unmapped)
    _put_container(out, record, others)
    if record.issued is not None:
        _put_issued(out, record.issued)
    _put_publication(out, record, others)
    if record.abstract:
        out.put("AB", record.abstract, "abstract")
    for category in record.categories:
        out.put("KW", category, "categories")
    for keyword in record.keywords:
        out.put("KW", keyword, "keywords")
    _put_identifiers(out, record)
    _put_kind(out, record)
    _put_notes(out, record)
    _put_others(out, others)
    _report(out, record)
    out.lines.append("ER  - ")
    return _EOL.join(out.lines) + _EOL + _EOL


def _type(out: _Lines, record: Record) -> str:
    """Return the reference type: the one that the record's RIS file had, if it stands for the same type."""
    raw = out.raw.get(f"{RAW}TY")
    if raw is not None:
        same = raw in PREPRINT_TYPES if record.type is ItemType.PREPRINT else TYPE_OF.get(raw) is record.type
        if same:
            return raw
    return TYPES[record.type]


def _put_creators(out: _Lines, record: Record) -> None:
    """Add the names, authors first, each role in the order of the record."""
    tags = BOOK_ROLES if record.type in BOOKS else ROLES
    later: list[tuple[str, str]] = []
    for creator in record.creators:
        tag = tags.get(creator.role)
        if tag is None:
            out.not_carried(creator.role.value)
            continue
        name, changed = name_value(creator)
        if changed:
            out.tally.add("name-changed", "RIS: commas and asterisks left out of names", out.entry)
        if not name.strip() or says_more(name):  # called `others`: every program would take it for "et al."
            out.not_carried(creator.role.value)
            continue
        if without_et_al(name)[1]:
            out.tally.add(
                "name-changed", "RIS: a name that ends in `et al.` is cut there by readers", out.entry
            )
        if isinstance(creator, Body) and " " not in name:
            out.tally.add("name-changed", "RIS: a collective of one word is a person to readers", out.entry)
        if tag == "AU":
            out.put(tag, name, "author")
        else:
            later.append((tag, name))
    for tag, name in sorted(later, key=lambda line: line[0]):
        out.put(tag, name, "creators")


def _put_container(out: _Lines, record: Record, others: list[tuple[str, str]]) -> None:
    """Add what the work stands in: and its series; take both from `others`."""
    container, series = record.container_title, _take(others, "collection-title")
    if record.type in BOOKS:
        if series:
            out.put("T2", series, "collection-title")
        if container:
            out.not_carried("container_title")
        return
    conference = record.type is ItemType.CONFERENCE_PAPER
    event = _take(others, "event-title") if conference else None
    if event and not container:
        what = "RIS: an `event-title` with no `container_title` is that to readers"
        out.tally.add("field-read-otherwise", what, out.entry)
    if event or container:
        out.put("T2", event or container or "", "container_title")
    if container and conference:
        out.put("C3", container, "container_title")
    if series:
        out.put("T3", series, "collection-title")


def _put_issued(out: _Lines, date: Date) -> None:
    """Add the date of issue: its year, and in full; of a range the first date, of words the words."""
    if date.year is None:
        out.put("PY", date.isoformat(), "issued")
        if not _is_words(out.clean(date.isoformat(), "issued")):
            out.not_carried("issued")
        return
    out.lines.append(f"PY  - {date.year:04}")
    out.put_date("DA", date, "issued")


def _put_publication(out: _Lines, record: Record, others: list[tuple[str, str]]) -> None:
    """Add where the work was published; the place of a conference has a tag of its own."""
    values = _PUBLICATION(record)
    of_arxiv = record.type is ItemType.PREPRINT and record.arxiv_id is not None
    if of_arxiv or values != _NO_PUBLICATION:
        for (field, tag), value in zip(PUBLICATION_TAGS.items(), values, strict=True):
            said = value or (ARXIV if of_arxiv and field == "publisher" else None)
            if said:
                out.put(tag, said, field)
    if record.pages:
        start, end = pages_value(out.clean(record.pages, "pages"))
        out.put("SP", start, "pages")
        if end is not None:
            out.put("EP", end, "pages")
    event_place = None
    if record.type is ItemType.CONFERENCE_PAPER:
        event_place = _take(others, "event-place")
        if record.place:
            out.put("C1", record.place, "place")
    if event_place or record.place:
        out.put("CY", event_place or record.place or "", "place")


def _put_identifiers(out: _Lines, record: Record) -> None:
    """Add the numbers and addresses; those of arXiv's for a preprint that has no others."""
    of_arxiv = record.arxiv_id if record.type is ItemType.PREPRINT else None
    doi = record.doi or (arxiv_doi(of_arxiv) if of_arxiv else None)
    url = record.url or (arxiv_url(of_arxiv) if of_arxiv else None)
    if doi:
        out.put("DO", doi, "doi")
    if url:
        out.put("UR", url, "url")
    if record.arxiv_id:
        _put_arxiv_id(out, record)
    if record.number and record.type not in NUMBERED:
        out.put("C7" if record.type is ItemType.ARTICLE else "M1", record.number, "number")
    if record.isbn or record.issn or (record.number and record.type in NUMBERED):
        _put_standard_number(out, record)
    if record.accessed is not None:
        out.put_date("Y2", record.accessed, "accessed")


def _put_arxiv_id(out: _Lines, record: Record) -> None:
    """Add the arXiv id, with the class behind it where the record's RIS file had it so."""
    raw = out.raw.get(f"{RAW}AN", "")
    if arxiv_label(raw) == (record.arxiv_id, record.arxiv_class):
        out.put("AN", raw, "arxiv_id")
        return
    out.put("AN", f"{ARXIV}:{record.arxiv_id}", "arxiv_id")
    if record.arxiv_class and record.arxiv_class not in record.categories:
        out.not_carried("arxiv_class")


def _put_standard_number(out: _Lines, record: Record) -> None:
    """Add the one number that `SN` has room for: a report's own, a serial's ISSN, else the ISBN."""
    numbers = {"isbn": record.isbn, "issn": record.issn}
    if record.type is ItemType.ARTICLE:
        numbers = {"issn": record.issn, "isbn": record.isbn}
    elif record.type in NUMBERED:
        numbers = {"number": record.number, **numbers}
    first, *others = [field for field, value in numbers.items() if value]
    out.put("SN", numbers[first] or "", first)
    for field in others:
        out.not_carried(field)


def _put_kind(out: _Lines, record: Record) -> None:
    """Add the type of work: the record's genre, or what tells its type from others of one `TY`."""
    kind = KINDS.get(record.type)
    if kind is not None:
        out.lines.append(f"M3  - {kind}")
        if record.genre:
            out.not_carried("genre")
    elif record.genre and _tells_another(record):
        out.not_carried("genre")
    elif record.genre:
        out.put("M3", record.genre, "genre")
    if record.type in {ItemType.DOCUMENT, ItemType.MANUSCRIPT} and _is_of_arxiv(record):
        out.tally.add(
            "type-not-carried", f"RIS: a {record.type} of arXiv's is a preprint to readers", out.entry
        )


def _tells_another(record: Record) -> bool:
    """Return whether readers would take a record's genre for what tells one of `KINDS`, or for a DOI."""
    genre = (record.genre or "").strip()
    told = KIND_OF.get(genre.lower())
    if told is None:
        return record.doi is None and is_doi(genre)
    return TYPES[told] == TYPES[record.type] or (
        told is ItemType.PREPRINT and TYPES[record.type] in PREPRINT_TYPES
    )


def _is_of_arxiv(record: Record) -> bool:
    """Return whether readers see an arXiv id in what is written of a record."""
    return bool(record.arxiv_id or arxiv_id_of_doi(record.doi or "") or arxiv_id_of_url(record.url or ""))


def _put_notes(out: _Lines, record: Record) -> None:
    """Add the note, and that the list of authors was truncated."""
    if record.note:
        out.put("N1", record.note, "note")
    if record.creators_truncated:
        out.lines.append(f"N1  - {TRUNCATED}")


def _put_others(out: _Lines, others: list[tuple[str, str]]) -> None:
    """Add the unmapped fields that are left and have a tag, those read from RIS under their own."""
    for name, value in others:
        tag = OTHER_TAGS.get(name, name)
        if _OWN_TAG.fullmatch(tag) and tag not in _NOT_OF_FIELDS:
            out.put(tag, value, name)
        else:
            out.not_carried(name)


def _take(others: list[tuple[str, str]], name: str) -> str | None:
    """Take the first unmapped field of a name out of those that are left, and return its text."""
    for place, (other, text) in enumerate(others):
        if other == name:
            del others[place]
            return text
    return None


def _report(out: _Lines, record: Record) -> None:
    """Report the fields that RIS has no tag for."""
    if record.affiliations:
        out.not_carried("affiliations")
    if record.arxiv_class and not record.arxiv_id and record.arxiv_class not in record.categories:
        out.not_carried("arxiv_class")
    if out.entry.aliases:
        out.not_carried("aliases")
    if record.listing is not None:
        _report_listing(out, record.listing, dated=record.issued is not None)


def _report_listing(out: _Lines, facts: ListingFacts, *, dated: bool) -> None:
    """Report what a listing printed."""
    if facts.score is not None:
        out.not_carried("score")
    if facts.code:
        out.not_carried("code")
    if facts.date is not None and not dated:
        out.not_carried("date")
    if facts.uncertain:
        out.not_carried("uncertain")
