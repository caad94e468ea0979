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
from bibkit.formats.csljson.plans import Plan, are_plain, plan_of
from bibkit.formats.csljson.scanner import TOO_DEEP, Aside, Broken, Item, Pairs, objects_of, scan_items
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

_OTHERS_NAME: Final[Json] = (("literal", OTHERS),)
_SAYS_NOTHING: Final[tuple[Json, ...]] = (None, "", [], ())


def read_csljson(text: str, path: str) -> ReadResult:
    """Read a list of items, one item, `{"items": [...]}`, items by their keys, or an item a line.

    A value that is no JSON or no object is a rejected block and costs itself alone. Markup in text becomes
    plain text. What CSL has and a record has not is kept among the record's unmapped fields, and so is what
    stands twice.
    """
    records: list[Record] = []
    blocks: list[Block] = []
    notes = Notes("item", "items")
    known = _Known()
    line, last = 1, 0
    for found in scan_items(text):
        line, last = line + text.count("\n", last, found.start), found.start
        source = Source(path, line)
        if isinstance(found, Item) and isinstance(found.value, tuple):
            try:
                records.append(_Reader(known, found.value, source, notes).read(found.key))
                continue
            except RecursionError:  # in what is kept as JSON
                found = Broken(found.start, found.end, TOO_DEEP)  # noqa: PLW2901  # as the decoder has it
        if isinstance(found, Aside):
            content = text[found.start : found.end]
            blocks.append(Block(BlockKind.COMMENT, content, source, len(records), format=FORMAT))
        else:
            reason = found.reason if isinstance(found, Broken) else "an item is an object"
            content = text[found.start : found.end].rstrip(", \t\r\n")
            blocks.append(Block(BlockKind.REJECTED, content, source, len(records), reason, FORMAT))
            notes.warn("rejected-block", reason, source)
    return ReadResult(tuple(records), tuple(blocks), notes.diagnostics())


class _Known:
    """What was found out of one file: what to do with the members of an item, and what keywords say.

    Most items have the same members, and many the same keywords.
    """

    __slots__ = ("keywords", "plans")

    def __init__(self) -> None:
        self.plans: dict[tuple[str, ...], Plan] = {}
        self.keywords: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}


class _Reader:
    """The reading of one item: each member goes to a field of the record, or is kept as it stands."""

    __slots__ = (
        "creators",
        "custom",
        "doubled",
        "fields",
        "known",
        "notes",
        "plan",
        "said",
        "source",
        "unmapped",
        "values",
    )

    def __init__(self, known: _Known, pairs: Pairs, source: Source, notes: Notes) -> None:
        names: tuple[str, ...]
        self.values: tuple[Json, ...]
        names, self.values = zip(*pairs, strict=True) if pairs else ((), ())
        plan = known.plans.get(names)
        if plan is None:
            plan = known.plans[names] = plan_of(names, _READING, _Reader.take_other)
        self.plan = plan
        self.known = known
        self.source = source
        self.notes = notes
        self.custom: dict[str, Json] = {}
        self.fields: dict[str, Any] = {}
        self.creators: dict[str, tuple[Creator, ...]] = {}
        self.unmapped: list[tuple[str, str]] = []
        self.said: dict[str, Json] = {}  # what each variable says, a name that says "et al." left out
        self.doubled: list[str] = []

    def read(self, key: str | None) -> Record:
        """Return the record; `key` is the name under which an object of items has it."""
        fields = self.fields
        custom = self._member("custom")
        if _says_truncated(custom):
            fields["creators_truncated"] = True
            custom = None
        elif custom is not None:
            custom = self._whole(custom)
            self.custom = custom if isinstance(custom, dict) else {}
        self._read_type()
        self._read_members()
        for at in self.plan.doubles:
            self._keep(self.plan.names[at], self.values[at])
            self.doubled.append(self.plan.names[at])
        if fields["type"] is ItemType.PREPRINT:
            self._read_arxiv()
        if custom is not None:
            self._read_custom(custom)
        if self.creators:
            lists = [self.creators.get(variable, ()) for variable in self.plan.creators]
            fields["creators"] = lists[0] if len(lists) == 1 else tuple(chain.from_iterable(lists))
        fields["brought_key"] = self._key(key)
        if self.unmapped:
            fields["unmapped"] = tuple(self.unmapped)
        if self.doubled:
            names = ", ".join(f"`{name}`" for name in dict.fromkeys(self.doubled))
            what = f"{names} stands twice in an object; the last one counts"
            self.notes.warn("doubled-name", what, self.source)
        fields["source"] = self.source
        record = make_record(**fields)
        if self.said:
            raw = [raw_source(name, value, record) for name, value in self.said.items()]
            found = tuple(one for one in raw if one is not None)
            return replace(record, raw=found) if found else record
        return record

    def _member(self, name: str) -> Json:
        """Return the value of a member, `None` if there is none; of two with one name it is the last."""
        at = self.plan.places.get(name)
        return None if at is None else self.values[at]

    def _key(self, key: str | None) -> str | None:
        """Return the citation key; an `id` that is another, such as Zotero's address, is not kept."""
        usual = self._member("citation-key")
        if type(usual) is str and usual and self._member("id") == usual:
            return usual
        own, id_ = self._key_of("citation-key"), self._key_of("id") or key
        if own is not None and id_ not in {None, own}:
            self.notes.count("id-not-kept", "`citation-key` is the key, not another `id`", self.source)
        return own or id_

    def _key_of(self, name: str) -> str | None:
        """Return the text of a member that is a key, which may be a number; keep anything else aside."""
        value = self._member(name)
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
        name = self._member("type")
        found = TYPE_OF.get(name) if type(name) is str else None
        self.fields["type"] = found or ItemType.DOCUMENT
        if found is None:
            what = (
                "has no type"
                if name in _SAYS_NOTHING
                else f"has type {json.dumps(self._whole(name))}, which CSL has not"
            )
            self.notes.warn("unknown-type", f"an item {what}; it is read as a document", self.source)
            if name not in _SAYS_NOTHING:
                self._keep("type", name)
        elif TYPES[found] != name:
            self.notes.count("type-read-as", f"CSL type `{name}` is read as {found.value}", self.source)
            self.said["type"] = name

    def _read_members(self) -> None:
        """Put each member where a record has it, or keep it as it stands; most are plain text."""
        plan, fields = self.plan, self.fields
        steps = plan.steps
        texts = plan.texts_of(self.values)
        if are_plain(texts):
            fields.update(zip(plan.fields, texts, strict=True))
            steps = plan.others
        for at, field, is_plain, reading, name in steps:
            value = self.values[at]
            if (
                field is not None
                and type(value) is str
                and value
                and "<" not in value
                and (is_plain is None or is_plain(value))
            ):
                fields[field] = value
            elif value or value not in _SAYS_NOTHING:
                try:
                    reading(self, name, value)
                except ParseError as trouble:
                    self.notes.warn("bad-value", f"`{name}`: {trouble}; it is kept aside", self.source)
                    self._keep(name, value)

    def _whole(self, value: Json) -> Json:
        """Return a value with dictionaries for its objects; note the names that one of them has twice."""
        return objects_of(value, self.doubled) if isinstance(value, tuple | list) else value

    def take_text(self, name: str, value: Json) -> None:
        """Set a field with text that is not plain."""
        value = self._whole(value)
        self.fields[TEXT_FIELDS[name]] = read_text(name, value)
        self.said[name] = value

    def take_date(self, name: str, value: Json) -> None:
        """Set a date."""
        usual = usual_date(value)
        if usual is not None:
            self.fields[DATE_FIELDS[name]] = usual
            return
        value = self._whole(value)
        self.fields[DATE_FIELDS[name]] = self._date(name, value)
        self.said[name] = value

    def take_keyword(self, name: str, value: Json) -> None:
        """Set categories and keywords."""
        found = self.known.keywords.get(value) if type(value) is str else None
        if found is None:
            value = self._whole(value)
            if isinstance(value, list) and all(isinstance(word, str) for word in value):
                value = "; ".join(value)
            text = value if type(value) is str and "<" not in value else read_text(name, value)
            found = split_keyword(text)
            if value == ", ".join(found[0] + found[1]):
                self.known.keywords[value] = found
            else:
                self.said[name] = value
        self.fields["categories"], self.fields["keywords"] = found

    def take_other(self, name: str, value: Json) -> None:
        """Put one member that a record has no field for among the unmapped ones."""
        value = self._whole(value)
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
        text = value if isinstance(value, str) else json.dumps(self._whole(value), ensure_ascii=False)
        self.unmapped.append((name, text))

    def take_names(self, variable: str, value: Json) -> None:
        """Set the creators of a role; a last name that says that there are more is none of them."""
        names: list[Json] = list(value) if isinstance(value, list) else [value]
        if names[-1] == _OTHERS_NAME and self._may_be_truncated(variable):
            self.fields["creators_truncated"] = True
            names.pop()
        role = ROLE_OF[variable]
        creators: list[Creator] = []
        unusual: list[Json] = []
        for at, name in enumerate(names):
            usual = usual_name(name, role)
            if usual is not None:
                creators.append(usual)
            else:
                names[at] = whole = self._whole(name)
                creators.append(read_name(whole, role))
                unusual.append(whole)
        self.creators[variable] = tuple(creators)
        if not unusual:
            return
        if unusual[-1] is names[-1] and says_more(creators[-1]) and self._may_be_truncated(variable):
            self.fields["creators_truncated"] = True
            self.creators[variable] = tuple(creators[:-1])
            unusual.remove(names.pop())
        if unusual:
            self.said[variable] = [self._whole(name) for name in names]
            self._report_parts(unusual)

    def _may_be_truncated(self, variable: str) -> bool:
        """Return whether a list of names is the one that says for the item that there are more."""
        if self.custom.get("creators_truncated") is False:
            return False
        return variable == next(filter(self._member, self.plan.creators))

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

    def _read_custom(self, custom: Json) -> None:
        """Take what bibkit itself writes in `custom`; keep what other programs have there."""
        if not isinstance(custom, dict):
            self._keep("custom", custom)
            return
        said = [name for name in ("type", *DATE_FIELDS) if name in custom]
        item = {name: self._whole(self._member(name)) for name in said}
        self.unmapped.extend(take_custom(custom, item, self.fields))
        if custom:
            self._keep("custom", custom)


def _says_truncated(custom: Json) -> bool:
    """Return whether a `custom` says nothing but that the list of names goes on, as ours often do."""
    if type(custom) is not tuple or len(custom) != 1:
        return False
    ((name, value),) = custom
    return name == "creators_truncated" and value is True


# What a member that is not plain text is read by; any other is `take_other`'s.
_READING: Final[Mapping[str, Callable[[_Reader, str, Json], None]]] = {
    **dict.fromkeys(TEXT_FIELDS, _Reader.take_text),
    **dict.fromkeys(ROLE_OF, _Reader.take_names),
    **dict.fromkeys(DATE_FIELDS, _Reader.take_date),
    "keyword": _Reader.take_keyword,
}
