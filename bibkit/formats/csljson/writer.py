"""Entries to the text of a CSL-JSON file."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import compress
from json.encoder import encode_basestring as quoted
from operator import attrgetter
from typing import Final

from bibkit.formats.base import Block, Rendered, Tally, blocks_not_carried
from bibkit.formats.csljson.custom import ALIASES, custom_of, stands_as_number
from bibkit.formats.csljson.markup import KEPT_APART, note_of, page_of, text_of
from bibkit.formats.csljson.source import unchanged_members
from bibkit.formats.csljson.tables import (
    ARXIV,
    IDENTIFIER_FIELDS,
    OTHER_DATE_VARIABLES,
    OTHER_NAME_VARIABLES,
    OTHER_TEXT_VARIABLES,
    OTHERS,
    PREPRINT_GENRE,
    PUBLICATION_FIELDS,
    ROLES,
    TYPES,
)
from bibkit.formats.csljson.variables import (
    Json,
    date_or_words,
    date_value,
    is_name_list,
    name_value,
    read_json,
)
from bibkit.model.dates import Date, PartialDate
from bibkit.model.names import Creator, Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry

_BREAK: Final = ",\n    "
_NAME_BREAK: Final = ",\n      "
_PUBLICATION: Final = attrgetter(*PUBLICATION_FIELDS)
_IDENTIFIERS: Final = attrgetter(*IDENTIFIER_FIELDS)
_ROLE_ORDER: Final = {role: place for place, role in enumerate(ROLES)}
_PUBLICATION_NAMES: Final = tuple(PUBLICATION_FIELDS.values())
_IDENTIFIER_NAMES: Final = tuple(IDENTIFIER_FIELDS.values())
_NO_PUBLICATION: Final = (None,) * len(PUBLICATION_FIELDS)
_NO_IDENTIFIERS: Final = (None,) * len(IDENTIFIER_FIELDS)
_OTHERS_NAME: Final = f'{{"literal": "{OTHERS}"}}'
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)

# JavaScript before 2019 ends a line at these two, inside strings as well.
_SEPARATORS: Final = re.compile("[\u2028\u2029]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def write_csljson(entries: Sequence[Entry], blocks: Sequence[Block] = ()) -> Rendered:
    """Return one JSON array, a member of an item a line, in UTF-8 with no escapes that JSON does not need.

    The text is valid JSON, JavaScript and UTF-8 whatever the records hold: a lone surrogate, which programs
    refuse a whole file for, becomes U+FFFD, reported.
    """
    tally = Tally()
    items = [_item(entry, tally) for entry in entries]
    if items:  # joined once: the text may be large
        items[0] = f"[\n{items[0]}"
        items[-1] = f"{items[-1]}\n]\n"
    text = ",\n".join(items) or "[]\n"
    return Rendered(text, (*tally.diagnostics(), *blocks_not_carried("CSL-JSON", blocks)), tally.losses())


class _Members:
    """The members of one item; what its own CSL-JSON file had for them goes first, if it still stands."""

    __slots__ = ("brought", "entry", "lines", "tally")

    def __init__(self, entry: Entry, tally: Tally) -> None:
        self.entry = entry
        self.tally = tally
        self.brought = unchanged_members(entry.record)
        key = quoted(entry.key)
        self.lines = [f'"id": {key}', f'"citation-key": {key}']

    def put(self, name: str, value: str) -> None:
        """Add a variable with text in which no markup is meant."""
        if "<" not in value and name not in self.brought and name != "note":
            self.lines.append(f'"{name}": {quoted(value)}')
        elif name in self.brought:
            self.lines.append(f'"{name}": {_ENCODER.encode(self.brought[name])}')
        else:
            text = note_of(value) if name == "note" else text_of(value)
            if text != value:
                self.kept_apart(name)
            self.lines.append(f'"{name}": {quoted(text)}')

    def put_verbatim(self, name: str, value: str) -> None:
        """Add a variable that is no text for people."""
        said = _ENCODER.encode(self.brought[name]) if name in self.brought else quoted(value)
        self.lines.append(f'"{name}": {said}')

    def put_date(self, name: str, date: Date) -> None:
        """Add a date."""
        if isinstance(date, PartialDate) and name not in self.brought:
            parts = [part for part in (date.year, date.month, date.day) if part is not None]
            self.lines.append(f'"{name}": {{"date-parts": [{parts}]}}')
        else:
            text = _ENCODER.encode(self.brought.get(name) or date_value(date))
            if name not in self.brought and KEPT_APART in text:
                self.kept_apart(name)
            self.lines.append(f'"{name}": {text}')

    def kept_apart(self, name: str) -> None:
        """Count a variable in which text would have been taken for markup."""
        what = f"CSL-JSON: what a citation processor would take for markup in `{name}` is kept apart"
        self.tally.add("markup-kept-apart", what, self.entry)

    def render(self) -> str:
        """Return the JSON object, indented."""
        text = f"  {{\n    {_BREAK.join(self.lines)}\n  }}"
        return text if text.isascii() else self._valid(text)

    def _valid(self, text: str) -> str:
        """Return JSON text that is valid UTF-8 and JavaScript."""
        try:
            text.encode()
        except UnicodeEncodeError:
            text = _SURROGATES.sub("\ufffd", text)
            self.tally.add("character-replaced", "CSL-JSON: lone surrogates became U+FFFD", self.entry)
        if "\u2028" in text or "\u2029" in text:
            text = _SEPARATORS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
        return text


def _item(entry: Entry, tally: Tally) -> str:
    """Return the JSON object of one entry, its members in the order of the tables."""
    record = entry.record
    members = _Members(entry, tally)
    members.put("type", TYPES[record.type])
    genre = record.genre or (PREPRINT_GENRE if record.type is ItemType.PREPRINT else None)
    if genre:
        members.put("genre", genre)
    if record.title:
        members.put("title", record.title)
    if record.creators:
        _put_creators(members, record)
    _put_publication(members, record)
    for date_name, date in (("issued", record.issued), ("accessed", record.accessed)):
        if date is not None:
            members.put_date(date_name, date)
    identifiers = _IDENTIFIERS(record)
    if identifiers != _NO_IDENTIFIERS:
        for name, value in compress(zip(_IDENTIFIER_NAMES, identifiers, strict=True), identifiers):
            members.put_verbatim(name, value)
    left = _put_others(members, record) if record.unmapped else []
    _put_content(members, record)
    custom = custom_of(entry, left)
    if custom:
        members.lines.append(f'"custom": {_object(custom)}')
    return members.render()


def _put_creators(members: _Members, record: Record) -> None:
    """Add the lists of names: a list a role, the one of the authors first, a name a line."""
    truncated = record.creators_truncated
    left = len(record.creators)
    for role, variable in ROLES.items():
        if not left:
            break
        names = [_name(creator) for creator in record.creators if creator.role is role]
        if not names:
            continue
        left -= len(names)
        brought = members.brought.get(variable)
        if isinstance(brought, list):
            names = [_ENCODER.encode(name) for name in brought]
        elif any(KEPT_APART in name for name in names):
            members.kept_apart(variable)
        if truncated:
            names.append(_OTHERS_NAME)
            truncated = False
        members.lines.append(f'"{variable}": [{_NAME_BREAK[1:]}{_NAME_BREAK.join(names)}{_BREAK[1:]}]')


def _name(creator: Creator) -> str:
    """Return the JSON object of one name."""
    if isinstance(creator, Person) and not (creator.particle or creator.suffix):
        family, given = creator.family, creator.given
        if given and "<" not in family and "<" not in given:
            return f'{{"family": {quoted(family)}, "given": {quoted(given)}}}'
    return _ENCODER.encode(name_value(creator))


def _put_publication(members: _Members, record: Record) -> None:
    """Add where the work was published; an arXiv id is number and publisher of a preprint that has none."""
    values = _PUBLICATION(record)
    if record.arxiv_id and record.type is ItemType.PREPRINT:
        said = dict(zip(_PUBLICATION_NAMES, values, strict=True))
        said["publisher"] = said["publisher"] or ARXIV
        if stands_as_number(record):
            said["number"] = f"{ARXIV}:{record.arxiv_id}"
        values = tuple(said.values())
    elif values == _NO_PUBLICATION:
        return
    for name, value in compress(zip(_PUBLICATION_NAMES, values, strict=True), values):
        members.put(name, page_of(value) if name == "page" else value)


def _put_content(members: _Members, record: Record) -> None:
    """Add what the work is about."""
    keyword = ", ".join(record.categories + record.keywords)
    for name, value in (("keyword", keyword), ("abstract", record.abstract), ("note", record.note)):
        if value:
            members.put(name, value)


def _put_others(members: _Members, record: Record) -> list[tuple[str, str]]:
    """Add the unmapped fields that are variables of CSL; return those that are not, or stand there twice."""
    left = []
    seen = set()
    for name, text in record.unmapped:
        if name == ALIASES:
            continue
        if name in seen:
            left.append((name, text))
        elif name in OTHER_TEXT_VARIABLES and text:
            members.put(name, text)
        elif name in OTHER_DATE_VARIABLES and text:
            members.put_date(name, date_or_words(text))
        elif name in OTHER_NAME_VARIABLES and (names := _names(text)):
            members.lines.append(f'"{name}": {names}')
        else:
            left.append((name, text))
            continue
        seen.add(name)
    return left


def _names(text: str) -> str | None:
    """Return the JSON list that an unmapped field with names holds; `None` if it is of another format."""
    names = read_json(text) if text.startswith("[") else None
    return _ENCODER.encode(names) if is_name_list(names) else None


def _object(members: dict[str, Json]) -> str:
    """Return a JSON object on one line."""
    lines = [
        f"{quoted(name)}: {'true' if value is True else _ENCODER.encode(value)}"
        for name, value in members.items()
    ]
    return f"{{{', '.join(lines)}}}"
