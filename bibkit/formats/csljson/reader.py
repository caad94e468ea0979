"""Text of a CSL-JSON file to records; what is no item is a block, what an item cannot say a diagnostic."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from bibkit.diagnostics import Source
from bibkit.errors import ParseError
from bibkit.formats.base import Block, BlockKind, Notes, ReadResult
from bibkit.formats.csljson.custom import take_custom
from bibkit.formats.csljson.scanner import Aside, Broken, Doubled, Item, scan_items
from bibkit.formats.csljson.source import (
    DATE_FIELDS,
    ROLE_OF,
    TEXT_FIELDS,
    TYPE_OF,
    raw_source,
    read_text,
)
from bibkit.formats.csljson.tables import (
    FORMAT,
    OLD_NAMES,
    OTHER_DATE_VARIABLES,
    OTHER_NAME_VARIABLES,
    OTHER_TEXT_VARIABLES,
    OTHERS,
    PREPRINT_GENRE,
    TYPES,
)
from bibkit.formats.csljson.variables import (
    Json,
    read_date,
    read_name,
    says_more,
    split_keyword,
    unread_of_date,
    unread_of_name,
    usual_date,
    usual_name,
)
from bibkit.model.dates import Date
from bibkit.model.identifiers import arxiv_label
from bibkit.model.names import Creator
from bibkit.model.record import ItemType, Record, make_record

_OTHERS_NAME: Final[Json] = {"literal": OTHERS}
_SPECIAL: Final = frozenset({"id", "citation-key", "type", "custom"})
_SAYS_NOTHING: Final[tuple[Json, ...]] = (None, "", [], {})
# Text without markup is a record's as it stands, and would be written so again; in these only if this holds.
_PLAIN_IF: Final[Mapping[str, Callable[[str], bool]]] = {
    "DOI": lambda text: text.startswith("10."),
    "note": lambda text: ":" not in text,
    "page": lambda text: text.isascii() and "--" not in text,
}


def read_csljson(text: str, path: str) -> ReadResult:
    """Read a list of items, one item, `{"items": [...]}`, items by their keys, or an item a line.

    A value that is no JSON or no object is a rejected block and costs itself alone. Markup in text becomes
    plain text. What CSL has and a record has not is kept among the record's unmapped fields, and so is what
    stands twice.
    """
    records: list[Record] = []
    blocks: list[Block] = []
    notes = Notes("item", "items")
    line, last = 1, 0
    for found in scan_items(text):
        line, last = line + text.count("\n", last, found.start), found.start
        source = Source(path, line)
        if isinstance(found, Item) and isinstance(found.value, dict):
            if found.doubled:
                names = ", ".join(f"`{name}`" for name in dict.fromkeys(found.doubled))
                notes.warn("doubled-name", f"{names} stands twice in an object; the last one counts", source)
            records.append(_Reader(found.value, source, notes).read(found.key))
        elif isinstance(found, Aside):
            content = text[found.start : found.end]
            blocks.append(Block(BlockKind.COMMENT, content, source, len(records), format=FORMAT))
        else:
            reason = found.reason if isinstance(found, Broken) else "an item is an object"
            content = text[found.start : found.end].rstrip(", \t\r\n")
            blocks.append(Block(BlockKind.REJECTED, content, source, len(records), reason, FORMAT))
            notes.warn("rejected-block", reason, source)
    return ReadResult(tuple(records), tuple(blocks), notes.diagnostics())


class _Reader:
    """The reading of one item: each member goes to a field of the record, or is kept as it stands."""

    __slots__ = ("creators", "custom", "fields", "item", "notes", "said", "source", "unmapped")

    def __init__(self, item: Mapping[str, Json], source: Source, notes: Notes) -> None:
        self.item = item
        self.source = source
        self.notes = notes
        custom = item.get("custom")
        self.custom: dict[str, Json] = dict(custom) if isinstance(custom, dict) else {}
        self.fields: dict[str, Any] = {}
        self.creators: dict[str, list[Creator]] = {}
        self.unmapped: list[tuple[str, str]] = []
        self.said: dict[str, Json] = {}  # what each variable says, a name that says "et al." left out

    def read(self, key: str | None) -> Record:
        """Return the record; `key` is the name under which an object of items has it."""
        self._read_type()
        fields = self.fields
        self._read_members()
        if isinstance(self.item, Doubled):
            for name, value in self.item.dropped:
                self._keep(name, value)
        if fields["type"] is ItemType.PREPRINT:
            self._read_arxiv()
        if self.item.get("custom") is not None:
            self._read_custom()
        if self.creators:
            lists = [self.creators[variable] for variable in ROLE_OF if variable in self.creators]
            fields["creators"] = tuple(chain.from_iterable(lists))
        fields["brought_key"] = self._key(key)
        fields["unmapped"] = tuple(self.unmapped)
        fields["source"] = self.source
        record = make_record(**fields)
        if self.said:
            raw = [raw_source(name, value, record) for name, value in self.said.items()]
            found = tuple(one for one in raw if one is not None)
            return replace(record, raw=found) if found else record
        return record

    def _key(self, key: str | None) -> str | None:
        """Return the citation key; an `id` that is another, such as Zotero's address, is not kept."""
        usual = self.item.get("citation-key")
        if type(usual) is str and usual and self.item.get("id") == usual:
            return usual
        own, id_ = self._key_of("citation-key"), self._key_of("id") or key
        if own is not None and id_ not in {None, own}:
            self.notes.count("id-not-kept", "`citation-key` is the key, not another `id`", self.source)
        return own or id_

    def _key_of(self, name: str) -> str | None:
        """Return the text of a member that is a key, which may be a number; keep anything else aside."""
        value = self.item.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value) or None
        if value not in _SAYS_NOTHING:
            self.notes.warn(
                "bad-value", f"`{name}` is neither text nor a number; it is kept aside", self.source
            )
            self._keep(name, value)
        return None

    def _read_type(self) -> None:
        """Set the type; one that CSL has not, or none, is a document's."""
        name = self.item.get("type")
        found = TYPE_OF.get(name) if isinstance(name, str) else None
        self.fields["type"] = found or ItemType.DOCUMENT
        if found is None:
            what = (
                "has no type" if name in _SAYS_NOTHING else f"has type {json.dumps(name)}, which CSL has not"
            )
            self.notes.warn("unknown-type", f"an item {what}; it is read as a document", self.source)
            if name not in _SAYS_NOTHING:
                self._keep("type", name)
        elif TYPES[found] != name:
            self.notes.count("type-read-as", f"CSL type `{name}` is read as {found.value}", self.source)
            self.said["type"] = name

    def _read_members(self) -> None:
        """Put each member where a record has it, or keep it as it stands; most are plain text."""
        fields = self.fields
        for name, value in self.item.items():
            field = TEXT_FIELDS.get(name)
            if (
                field is not None
                and type(value) is str
                and value
                and "<" not in value
                and (name not in _PLAIN_IF or _PLAIN_IF[name](value))
            ):
                fields[field] = value
            elif name not in _SPECIAL and (value or value not in _SAYS_NOTHING):
                reading = _READING.get(name)
                if reading is None:
                    reading = _Reader.take_other
                    if name in OLD_NAMES and OLD_NAMES[name] not in self.item:
                        name = OLD_NAMES[name]  # noqa: PLW2901  # what is said of it names the new one
                try:
                    reading(self, name, value)
                except ParseError as trouble:
                    self.notes.warn("bad-value", f"`{name}`: {trouble}; it is kept aside", self.source)
                    self._keep(name, value)

    def take_text(self, name: str, value: Json) -> None:
        """Set a field with text that is not plain."""
        self.fields[TEXT_FIELDS[name]] = read_text(name, value)
        self.said[name] = value

    def take_date(self, name: str, value: Json) -> None:
        """Set a date."""
        usual = usual_date(value)
        self.fields[DATE_FIELDS[name]] = usual or self._date(name, value)
        if usual is None:
            self.said[name] = value

    def take_keyword(self, name: str, value: Json) -> None:
        """Set categories and keywords."""
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            value = "; ".join(value)
        text = value if type(value) is str and "<" not in value else read_text(name, value)
        categories, keywords = split_keyword(text)
        self.fields["categories"], self.fields["keywords"] = categories, keywords
        if value != ", ".join(categories + keywords):
            self.said[name] = value

    def take_other(self, name: str, value: Json) -> None:
        """Put one member that a record has no field for among the unmapped ones."""
        if name in OTHER_TEXT_VARIABLES:
            self.unmapped.append((name, read_text(name, value)))
        elif name in OTHER_DATE_VARIABLES:
            self.unmapped.append((name, self._date(name, value).isoformat()))
        else:
            if name not in OTHER_NAME_VARIABLES:
                self.notes.count("unknown-member", f"CSL has no `{name}`; it is kept aside", self.source)
            self._keep(name, value)
            return
        self.said[name] = value

    def _date(self, name: str, value: Json) -> Date:
        """Return the date that a member says; report what else it says."""
        date = read_date(value)
        in_edtf = isinstance(self.custom.get(name), str)  # in our own files, and says all of it
        for part in () if in_edtf else unread_of_date(value, date):
            self.notes.count("date-part-not-kept", f"`{name}` says more than a date in `{part}`", self.source)
        return date

    def _keep(self, name: str, value: Json) -> None:
        """Keep a member among the unmapped fields: text as it is, anything else as JSON."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self.unmapped.append((name, text))

    def take_names(self, variable: str, value: Json) -> None:
        """Set the creators of a role; a last name that says that there are more is none of them."""
        names: list[Json] = list(value) if isinstance(value, list) else [value]
        if names[-1] == _OTHERS_NAME and self._may_be_truncated(variable):
            self.fields["creators_truncated"] = True
            names.pop()
        role = ROLE_OF[variable]
        creators: list[Creator] = []
        unusual = []
        for name in names:
            person = usual_name(name, role)
            if person is not None:
                creators.append(person)
            else:
                creators.append(read_name(name, role))
                unusual.append(name)
        self.creators[variable] = creators
        if not unusual:
            return
        if unusual[-1] is names[-1] and says_more(creators[-1]) and self._may_be_truncated(variable):
            self.fields["creators_truncated"] = True
            creators.pop()
            unusual.remove(names.pop())
        if unusual:
            self.said[variable] = names
            self._report_parts(unusual)

    def _may_be_truncated(self, variable: str) -> bool:
        """Return whether a list of names is the one that says for the item that there are more."""
        if self.custom.get("creators_truncated") is False:
            return False
        for first in ROLE_OF:
            if self.item.get(first):
                return variable == first
        return False

    def _report_parts(self, names: Sequence[Json]) -> None:
        """Report the parts of names that say nothing in what was read of them."""
        for name in names:
            unread = unread_of_name(name)
            if unread:
                parts = ", ".join(f"`{part}`" for part in unread)
                self.notes.count("name-part-not-kept", f"a name is read without its {parts}", self.source)

    def _read_arxiv(self) -> None:
        """Set the arXiv id of a preprint whose number it is; a preprint needs no genre that says so."""
        fields = self.fields
        label = arxiv_label(fields["number"]) if "number" in fields else None
        if label is not None:
            fields["arxiv_id"], fields["arxiv_class"] = label
            del fields["number"]
        if fields.get("genre") == PREPRINT_GENRE:
            del fields["genre"]

    def _read_custom(self) -> None:
        """Take what bibkit itself writes in `custom`; keep what other programs have there."""
        if not isinstance(self.item["custom"], dict):
            self._keep("custom", self.item["custom"])
            return
        unmapped = take_custom(self.custom, self.item, self.fields)
        self.unmapped.extend(unmapped)
        if self.custom:
            self._keep("custom", self.custom)


# What a member that is not plain text is read by; any other is `take_other`'s.
_READING: Final[Mapping[str, Callable[[_Reader, str, Json], None]]] = {
    **dict.fromkeys(TEXT_FIELDS, _Reader.take_text),
    **dict.fromkeys(ROLE_OF, _Reader.take_names),
    **dict.fromkeys(DATE_FIELDS, _Reader.take_date),
    "keyword": _Reader.take_keyword,
}
