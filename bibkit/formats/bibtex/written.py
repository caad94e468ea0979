"""Entries as their authors wrote them: a record read from a `.bib` file goes in, its entry comes out.

A field is written back from its source as long as the record still says what the source says: the source is
read again, and what the record says otherwise is written anew (`values`). Strings stand by name only where
the file defines them; a field that an entry was given by another one is written out, unless that one is there
to give it.

A file of biblatex's that is written for BibTeX gets BibTeX's names for what only biblatex knows. A file of
BibTeX's is as good for biber as it is for BibTeX, and stays as it is in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of_class
from functools import cache
from typing import Any, Final, NamedTuple

from bibkit.formats.base import Block, BlockKind
from bibkit.formats.bibtex.inherit import CROSSREF, XDATA, references
from bibkit.formats.bibtex.mapping import MONTHS, Dialect, Kind, fields_of
from bibkit.formats.bibtex.meaning import EntryReader, Meaning
from bibkit.formats.bibtex.plans import TYPES, UNMAPPED, fact_of
from bibkit.formats.bibtex.reader import EXPANDED, GIVEN, TYPE, fields_of_raw
from bibkit.formats.bibtex.scanner import (
    ScannedEntry,
    expand_value,
    is_field_name,
    is_name,
    is_value,
    scan_bibtex,
)
from bibkit.formats.bibtex.values import Values
from bibkit.model.names import Creator, Role
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry

#: Entry types that BibTeX's own styles know.
_BIBTEX_TYPES: Final = frozenset(
    {"article", "book", "booklet", "conference", "inbook", "incollection", "inproceedings", "manual",
     "mastersthesis", "misc", "phdthesis", "proceedings", "techreport", "unpublished"}
)  # fmt: skip

#: Entry types and fields that tell a file of biblatex's: no style for BibTeX of any standing has them.
_BIBLATEX_TYPES: Final = frozenset(
    {"bookinbook", "inreference", "mvbook", "mvcollection", "mvproceedings", "mvreference", "report",
     "suppbook", "suppcollection", "suppperiodical", "thesis", "xdata"}
)  # fmt: skip
_BIBLATEX_FIELDS: Final = frozenset(
    {"eprintclass", "eprinttype", "eventtitle", "journaltitle", "maintitle", "origdate", "xdata"}
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SUBTITLES: Final = frozenset({"subtitle", "journalsubtitle", "booksubtitle", "mainsubtitle"})

#: Kinds of field whose source is good in both dialects.
_SAME_IN_BOTH: Final = frozenset({Kind.TEXT, Kind.TITLE, Kind.LIST, Kind.NAMES, Kind.VERBATIM})

#: Fields of a record that are compared by themselves; the others are looked at one by one.
_FACTS: Final = tuple(
    field.name
    for field in fields_of_class(Record)
    if field.compare
    and field.name not in {"type", "creators", "creators_truncated", "categories", "keywords", "unmapped"}
)


def is_biblatex(records: Iterable[Record]) -> bool:
    """Return whether records read from a `.bib` file were written for biblatex."""
    for record in records:
        if record.raw and record.raw[0][0] == TYPE:
            names = {name.lower() for name, _ in record.raw}
            if not names.isdisjoint(_BIBLATEX_FIELDS) or ("date" in names and "year" not in names):
                return True
            if record.raw[0][1].lower() in _BIBLATEX_TYPES:
                return True
    return False


class _Own(NamedTuple):
    """A field of an entry: its name and source, and what the source says where that takes the file's strings.

    `given` says that another entry gave the field; `source` is then the value alone.
    """

    name: str
    source: str
    expanded: str | None = None
    given: bool = False


@dataclass(slots=True)
class _Change:
    """What a record says otherwise than its source: facts, and unmapped fields that are gone or new.

    `places` are fields of the source that are not written back though nothing about them has changed.
    """

    facts: set[str]
    gone: set[tuple[str, str]]
    new: list[tuple[str, str]]
    places: set[int]

    def touches(self, meaning: Meaning, at: int) -> bool:
        """Return whether a field of the source does not stand any more."""
        return at in self.places or meaning.facts[at] in self.facts or meaning.kept.get(at) in self.gone

    def write_anew(self, meaning: Meaning, at: int) -> None:
        """Have what a field says written anew."""
        self.places.add(at)
        fact = meaning.facts[at]
        if fact != UNMAPPED:
            self.facts.add(fact)
        elif at in meaning.kept:
            self.new.append(meaning.kept[at])


class AsWritten:
    """Writes the entries of one file from their sources, as far as these still hold."""

    __slots__ = (
        "_ascii",
        "_dialect",
        "_entries",
        "_foreign",
        "_lenders",
        "_macros",
        "_places",
        "_reader",
        "_values",
    )

    def __init__(
        self,
        dialect: Dialect,
        values: Values,
        entries: Sequence[Entry],
        *,
        ascii: bool,  # noqa: A002 - the name of the command's option
    ) -> None:
        """Take the dialect, what writes the rest, and all entries of the file."""
        self._dialect = dialect
        self._values = values
        self._ascii = ascii
        self._entries = entries
        self._reader = EntryReader()
        self._places: dict[str, int] = {entry.key.lower(): at for at, entry in enumerate(entries)}
        self._macros: dict[str, str] = {}
        self._lenders: set[str] = set()
        self._foreign = _of_biblatex(entries) if dialect is Dialect.BIBTEX else set()

    def define(self, block: Block) -> None:
        """Take the definitions in a block that stands in the file before the entries that come now."""
        if block.kind is BlockKind.STRING:
            for found in scan_bibtex(block.text, self._macros):
                if isinstance(found, ScannedEntry):
                    self._lenders.add(found.key)
                elif found.defines is not None:
                    name, value = found.defines
                    self._macros[name.lower()] = value

    def write(self, entry: Entry) -> str | None:
        """Return the text of an entry whose record was read from a `.bib` file, `None` for any other."""
        raw = entry.record.raw
        if not raw or raw[0][0] != TYPE or not is_name(raw[0][1]):
            return None
        type_, fields, own = raw[0][1], fields_of_raw(raw), _own_fields(raw)
        own_names, values = tuple([one[0] for one in fields]), [one[1] for one in fields]
        meaning = self._reader.read(type_, own_names, values)
        change = _change(entry.record, meaning)
        foreign = _path(entry) in self._foreign
        if entry.record.type is not meaning.values["type"] or (foreign and _is_foreign(type_)):
            type_ = self._values.entry_type(entry)
            change.facts.add("genre")
        names = self._names(own, meaning, change, entry.record.type, foreign=foreign)
        refers = self._refers(entry, own, references(fields))
        sources = [
            (names[at], self._source(one))
            for at, one in enumerate(own)
            if not change.touches(meaning, at)
            and not (one.given if refers else one.name.lower() in {CROSSREF, XDATA})
        ]
        return lay_out(type_, entry.key, sources + self._anew(entry, change))

    def _names(
        self, own: Sequence[_Own], meaning: Meaning, change: _Change, item_type: ItemType, *, foreign: bool
    ) -> list[str]:
        """Return by which name each field is written; have those written anew that cannot stand."""
        names = [one.name for one in own]
        retyped = item_type is not meaning.values["type"]
        lowered = [name.lower() for name in names]
        others = _bibtex_names(item_type) if foreign else {}
        titles = foreign or not change.facts.isdisjoint({"title", "container_title"})
        apart = others.keys() | (_SUBTITLES if titles else frozenset())
        # What a field that BibTeX knows says already, such as `year` beside `date`, needs no other.
        known = {fact for name, fact in zip(lowered, meaning.facts, strict=True) if name not in others}
        known.discard("arxiv_id")  # which two fields say together
        for at, (one, name, fact) in enumerate(zip(own, lowered, meaning.facts, strict=True)):
            anew = not self._is_good(one)
            if fact == UNMAPPED and name in apart and at in meaning.kept:
                # The second of a name says nothing beside the first, and must not where that is written anew.
                names[at] = meaning.kept[at][0]
            elif fact not in {UNMAPPED, ""}:
                anew = (
                    anew or (foreign and name in _SUBTITLES) or (retyped and fact_of(name, item_type) != fact)
                )
                if name in others and fact not in known:
                    names[at] = others[name]
                    anew = anew or not names[at]
            if anew:
                change.write_anew(meaning, at)
        return names

    def _is_good(self, one: _Own) -> bool:
        """Return whether a field's source can stand in the file as it is."""
        text = f"{one.name}{one.source}{one.expanded or ''}"
        if not text.isascii() and (self._ascii or _SURROGATE.search(text) is not None):
            return False
        return is_field_name(one.name) and is_value(f"{{{one.source}}}" if one.given else one.source)

    def _source(self, one: _Own) -> str:
        """Return the source of a field, with strings written out that the file does not define."""
        if one.given:
            return f"{{{one.source}}}"
        if one.expanded is None or (one.name.lower() == "month" and one.source.lower() in MONTHS):
            return one.source
        return one.source if expand_value(one.source, self._macros) == one.expanded else f"{{{one.expanded}}}"

    def _refers(self, entry: Entry, own: Sequence[_Own], found: Sequence[tuple[str, str]]) -> bool:
        """Return whether an entry's references may stay: what they give is there, or they give nothing.

        BibTeX wants an entry before those that it refers to; where its author had it otherwise, it stays so.
        """
        if not any(one.given for one in own):
            return True
        for how, key in found:
            if how == XDATA:
                if key not in self._lenders or _path(entry) in self._foreign:
                    return False
                continue
            parent = self._places.get(key.lower())
            if parent is None or _path(self._entries[parent]) != _path(entry):
                return False
            before = parent < self._places[entry.key.lower()]
            if before and self._dialect is Dialect.BIBTEX and _line(self._entries[parent]) >= _line(entry):
                return False
        return True

    def _anew(self, entry: Entry, change: _Change) -> list[tuple[str, str]]:
        """Return the fields of what a record says otherwise than its source, and its aliases."""
        record = entry.record
        if not (change.facts or change.new or entry.aliases):
            return []
        values: dict[str, Any] = {name: getattr(record, name) for name in _FACTS if name in change.facts}
        if "keywords" in change.facts:
            values |= {"categories": record.categories, "keywords": record.keywords}
        creators = tuple(creator for creator in record.creators if creator.role in change.facts)
        truncated = record.creators_truncated and _first_role(record) in change.facts
        reduced = Record(
            type=record.type,
            creators=creators,
            creators_truncated=truncated,
            unmapped=tuple(dict.fromkeys(change.new)),
            **values,
        )
        fields = self._values.fields(Entry(entry.key, reduced, entry.aliases))
        return [
            (name, source if name == "month" and source in MONTHS else f"{{{source}}}")
            for name, source in fields.items()
            if "genre" in change.facts or fact_of(name, record.type) != "genre"
        ]


def lay_out(type_: str, key: str, fields: Sequence[tuple[str, str]]) -> str:
    """Return the text of an entry: a field (name, source of its value) a line, the values in one column."""
    width = max([len(name) for name, _ in fields], default=0)
    lines = ",".join([f"\n  {name:<{width}} = {source}" for name, source in fields])
    return f"@{type_}{{{key},{lines}\n}}\n"


def _own_fields(raw: Sequence[tuple[str, str]]) -> list[_Own]:
    """Return the fields of an entry with their sources, those that it was given last."""
    own: list[_Own] = []
    for name, source in raw:
        if name == EXPANDED:
            own[-1] = own[-1]._replace(expanded=source)
        elif name.startswith(GIVEN):
            own.append(_Own(name.removeprefix(GIVEN), source, given=True))
        elif name != TYPE:
            own.append(_Own(name, source))
    return own


def _change(record: Record, meaning: Meaning) -> _Change:
    """Return what a record says otherwise than its source."""
    said = Record(**meaning.values)
    change = _Change(set(), set(), [], set())
    if said == record:
        return change
    change.facts.update(name for name in _FACTS if getattr(record, name) != getattr(said, name))
    if (record.keywords, record.categories) != (said.keywords, said.categories):
        change.facts.add("keywords")
    for role in Role:
        if _of_role(record, role) != _of_role(said, role):
            change.facts.add(role)
    if record.creators_truncated != said.creators_truncated:
        change.facts.add(_first_role(record))
    change.gone.update(set(said.unmapped) - set(record.unmapped))
    change.new.extend(pair for pair in record.unmapped if pair not in said.unmapped)
    return change


def _of_role(record: Record, role: Role) -> list[Creator]:
    """Return the creators of one role."""
    return [creator for creator in record.creators if creator.role is role]


def _first_role(record: Record) -> Role:
    """Return the role whose list says that it is truncated."""
    return next((role for role in Role if _of_role(record, role)), Role.AUTHOR)


def _of_biblatex(entries: Iterable[Entry]) -> set[str]:
    """Return the paths of the files that were written for biblatex."""
    records: dict[str, list[Record]] = {}
    for entry in entries:
        records.setdefault(_path(entry), []).append(entry.record)
    return {path for path, found in records.items() if is_biblatex(found)}


def _path(entry: Entry) -> str:
    """Return the path of the file that an entry was read from."""
    return "" if entry.record.source is None else entry.record.source.path


def _line(entry: Entry) -> int:
    """Return the line of the file that an entry was read from."""
    return 0 if entry.record.source is None else entry.record.source.line


def _is_foreign(type_: str) -> bool:
    """Return whether an entry type is one that biblatex knows, and BibTeX does not."""
    return type_.lower() in TYPES and type_.lower() not in _BIBTEX_TYPES


@cache
def _bibtex_names(item_type: ItemType) -> dict[str, str]:
    """Return BibTeX's names for fields that only biblatex knows; none where the value is another, too."""
    rows = fields_of(Dialect.BIBTEX, item_type)
    known = {(row.bibtex or "").lower() for row in rows}
    names: dict[str, str] = {}
    for row in fields_of(Dialect.BIBLATEX, item_type):
        lowered = (row.biblatex or "").lower()
        same = [other.bibtex for other in rows if other.fact == row.fact and other.bibtex is not None]
        if lowered and lowered not in known and same:
            names[lowered] = same[0] or "" if row.kind in _SAME_IN_BOTH else ""
    return names
