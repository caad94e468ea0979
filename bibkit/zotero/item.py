"""Entries as Zotero's items: which field of which item type says what; pure, and written like a writer.

In: an entry, and the item type to say it in (the record's own, or what the user made of the item).
Out: `ItemValues`, in the form in which the server stores text, and the fields that the type has no place for.

Specification: Zotero's schema (`bibkit.zotero.schema`), and its translator for arXiv, whose `archiveID`,
`repository`, DOI and `extra` lines are written the same way once an arXiv id is known, and not before.

Not represented as fields: name suffixes (they stand behind the given name, with a comma), a truncated list
of creators, notes, aliases of the key, affiliations and what only a listing says. Those are lines of `extra`
with labels that are no field's name in Zotero or CSL, so Zotero's own migration of `extra` leaves them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bibkit.model.dates import Date, PartialDate
from bibkit.model.identifiers import arxiv_doi
from bibkit.model.names import Creator, Person, Role
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry
from bibkit.sync.library import CollectionKey, ItemCreator, Tag
from bibkit.sync.values import ItemValues
from bibkit.zotero.schema import ZoteroType, item_types

TYPES: Final[Mapping[ItemType, str]] = {
    ItemType.ARTICLE: "journalArticle",
    ItemType.CONFERENCE_PAPER: "conferencePaper",
    ItemType.PROCEEDINGS: "book",
    ItemType.BOOK: "book",
    ItemType.CHAPTER: "bookSection",
    ItemType.BOOKLET: "book",
    ItemType.MANUAL: "book",
    ItemType.THESIS: "thesis",
    ItemType.REPORT: "report",
    ItemType.WEBPAGE: "webpage",
    ItemType.DOCUMENT: "document",
    ItemType.PREPRINT: "preprint",
    ItemType.SOFTWARE: "computerProgram",
    ItemType.DATASET: "dataset",
    ItemType.PATENT: "patent",
    ItemType.MANUSCRIPT: "manuscript",
}

# The record's field, and Zotero's by its base name.
FIELDS: Final[tuple[tuple[str, str], ...]] = (
    ("title", "title"),
    ("abstract", "abstractNote"),
    ("container_title", "publicationTitle"),
    ("volume", "volume"),
    ("issue", "issue"),
    ("pages", "pages"),
    ("publisher", "publisher"),
    ("place", "place"),
    ("edition", "edition"),
    ("number", "number"),
    ("genre", "type"),
    ("doi", "DOI"),
    ("isbn", "ISBN"),
    ("issn", "ISSN"),
    ("url", "url"),
    ("language", "language"),
)

# Where a type has no place under the first name, but one under the second: versions of programs and data are
# editions in a record.
SECOND_PLACES: Final[Mapping[str, str]] = {"edition": "versionNumber"}

# Unmapped fields by the names that CSL has for them, and Zotero's: the first that the type has takes it.
UNMAPPED: Final[Mapping[str, tuple[str, ...]]] = {
    "archive": ("archive",),
    "archive_location": ("archiveLocation",),
    "authority": ("authority",),
    "call-number": ("callNumber",),
    "collection-number": ("seriesNumber",),
    "collection-title": ("series", "seriesTitle"),
    "event-place": ("eventPlace",),
    "event-title": ("conferenceName", "meetingName"),
    "journalAbbreviation": ("journalAbbreviation",),
    "license": ("rights",),
    "medium": ("medium", "system"),
    "number-of-pages": ("numPages",),
    "number-of-volumes": ("numberOfVolumes",),
    "original-publisher": ("originalPublisher",),
    "original-publisher-place": ("originalPlace",),
    "part-number": ("partNumber",),
    "part-title": ("partTitle",),
    "PMCID": ("PMCID",),
    "PMID": ("PMID",),
    "scale": ("scale",),
    "section": ("section",),
    "source": ("libraryCatalog",),
    "status": ("status",),
    "title-short": ("shortTitle",),
    "version": ("versionNumber",),
}

ROLES: Final[Mapping[Role, str]] = {
    Role.EDITOR: "editor",
    Role.TRANSLATOR: "translator",
    Role.CONTRIBUTOR: "contributor",
    Role.SERIES_EDITOR: "seriesEditor",
}

ARXIV_LABEL: Final = "arXiv:"
ARXIV_REPOSITORY: Final = "arXiv"
VERSION_LABEL: Final = "version:"
TRUNCATED: Final = "the source's list of authors ends in et al."
LONGEST_FIELD: Final = 65_535  # bytes that the server stores
LONGEST_TAG: Final = 255
LONGEST_NAME: Final = 255

_VERSION: Final = re.compile(r"v(\d+)$")
_OLD_ID: Final = re.compile(r"[a-z-]+(?:\.[A-Za-z]{2})?/\d{7}", re.IGNORECASE)
_NOT_STORED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_TRIMMED: Final = " \t\n\r"


@dataclass(frozen=True, slots=True)
class ZoteroValues:
    """What an entry says as an item, and the names of the record's fields that the item type cannot say."""

    values: ItemValues
    not_carried: tuple[str, ...]


def zotero_type(record: Record) -> str:
    """Return the item type that a record is created as."""
    return TYPES[record.type]


def to_values(
    entry: Entry, item_type: str | None = None, collections: Sequence[CollectionKey] = ()
) -> ZoteroValues:
    """Return what an entry says as an item: of the given type, a known one, or of the record's own."""
    record = entry.record
    kind = item_types()[item_type or zotero_type(record)]
    fields: dict[str, str] = {}
    not_carried: list[str] = []
    for name, base, value in _wanted_fields(entry):
        text = stored_text(value)
        place = kind.field_for(base) or kind.field_for(SECOND_PLACES.get(base, base))
        if not text:
            continue
        if place is None or len(text.encode()) > LONGEST_FIELD or fields.get(place, text) != text:
            not_carried.append(name)
        else:
            fields[place] = text
    not_carried += _put_unmapped(record, kind, fields)
    if record.accessed is not None and not _is_day(record.accessed):
        not_carried.append("accessed")
    creators = [_creator(creator, kind) for creator in record.creators]
    if not all(_is_stored(creator) for creator in creators):
        not_carried.append("creators")
    tags = dict.fromkeys(stored_text(name) for name in (*record.categories, *record.keywords))
    if any(len(tag) > LONGEST_TAG for tag in tags):
        not_carried.append("keywords")
    own = dict(_lines(entry))
    lines = {
        label: line
        for label, line in own.items()
        # Where the type has a field for versions, Zotero would move the line into it.
        if len(line.encode()) <= LONGEST_FIELD
        and (label != VERSION_LABEL or kind.field_for("versionNumber") is None)
    }
    not_carried += [label.removeprefix("bibkit ").rstrip(":") for label in own if label not in lines]
    values = ItemValues(
        type=kind.name,
        fields=fields,
        creators=tuple(creator for creator in creators if _is_stored(creator)),
        tags=tuple(Tag(tag, automatic=True) for tag in tags if 0 < len(tag) <= LONGEST_TAG),
        lines=lines,
        collections=tuple(collections),
    )
    return ZoteroValues(values, tuple(dict.fromkeys(not_carried)))


def values_as(entry: Entry, item_type: str | None) -> ItemValues | None:
    """Return what an entry says as an item of a type, or of its own; `None` for a type that is not known."""
    return to_values(entry, item_type).values if item_type is None or item_type in item_types() else None


def stored_text(text: str) -> str:
    """Return a text as the server stores it: trimmed, line ends LF, without what is no text.

    Sent in any other form it would come back changed, and look like the user's change.
    """
    if text.isprintable():  # most are: one line, and nothing in it that is no text
        return text.strip(_TRIMMED)
    plain = _NOT_STORED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SURROGATES.sub("\ufffd", plain).strip(_TRIMMED)


def _wanted_fields(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Yield the record's field, Zotero's by its base name, and the value; the first for a field counts."""
    record = entry.record
    yield "citation key", "citationKey", entry.key
    if record.arxiv_id is not None:
        arxiv_id = _VERSION.sub("", record.arxiv_id)
        if record.type is ItemType.PREPRINT:
            yield "arxiv_id", "number", f"{ARXIV_LABEL}{arxiv_id}"
            yield "arxiv_id", "publisher", ARXIV_REPOSITORY
            if record.doi is None:
                yield "arxiv_id", "DOI", arxiv_doi(arxiv_id)
            if record.url is None:
                yield "arxiv_id", "url", f"http://arxiv.org/abs/{arxiv_id}"
    for name, base in FIELDS:
        value = getattr(record, name)
        if value is not None:
            yield name, base, value
    if record.issued is not None:
        yield "issued", "date", record.issued.isoformat()
    if record.accessed is not None and _is_day(record.accessed):
        yield "accessed", "accessDate", record.accessed.isoformat()


def _put_unmapped(record: Record, kind: ZoteroType, fields: dict[str, str]) -> Iterator[str]:
    """Put what CSL has a name for where the type has a place; yield the names of the rest."""
    for name, value in record.unmapped:
        text = stored_text(value)
        places = [kind.field_for(base) for base in UNMAPPED.get(name, ())]
        place = next((place for place in places if place is not None and place not in fields), None)
        if place is not None and text and len(text.encode()) <= LONGEST_FIELD:
            fields[place] = text
        elif text:
            yield name


def _is_day(date: Date) -> bool:
    # The server takes no other date for `accessDate`.
    return isinstance(date, PartialDate) and date.day is not None


def _creator(creator: Creator, kind: ZoteroType) -> ItemCreator:
    role = kind.principal_creator if creator.role is Role.AUTHOR else ROLES[creator.role]
    if role not in kind.creator_types:
        role = "contributor"
    if not isinstance(creator, Person):
        return ItemCreator(role, _one_line(creator.literal))
    family = f"{creator.particle} {creator.family}" if creator.particle else creator.family
    given = creator.given or ""
    if creator.suffix:
        given = f"{given}, {creator.suffix}" if given else creator.suffix
    return ItemCreator(role, _one_line(family), _one_line(given))


def _is_stored(creator: ItemCreator) -> bool:
    names = (creator.name, creator.given or "")
    return any(names) and max(len(name) for name in names) <= LONGEST_NAME


def _lines(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the labels and the whole lines of `extra` that are bibkit's."""
    record = entry.record
    if record.arxiv_id is not None:
        arxiv_id = _VERSION.sub("", record.arxiv_id)
        bracket = f" [{record.arxiv_class}]" if record.arxiv_class and not _OLD_ID.fullmatch(arxiv_id) else ""
        yield ARXIV_LABEL, _one_line(f"{ARXIV_LABEL}{arxiv_id}{bracket}")
        version = _VERSION.search(record.arxiv_id)
        if version is not None:
            yield VERSION_LABEL, f"{VERSION_LABEL} {version[1]}"
    facts = record.listing
    described: tuple[tuple[str, str], ...] = (
        ("authors", TRUNCATED if record.creators_truncated else ""),
        ("aliases", ", ".join(entry.aliases)),
        ("affiliations", "; ".join(record.affiliations)),
        ("score", "" if facts is None or facts.score is None else f"{facts.score:g}"),
        ("code", "available" if facts is not None and facts.code else ""),
        ("printed date", "" if facts is None else facts.date or ""),
        ("note", record.note or ""),
    )
    for name, value in described:
        if value and (text := _one_line(value)):
            yield f"bibkit {name}:", f"bibkit {name}: {text}"


def _one_line(text: str) -> str:
    return " ".join(stored_text(text).split())
