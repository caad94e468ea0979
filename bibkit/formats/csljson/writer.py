"""Entries to the text of a CSL-JSON file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring as quoted
from operator import attrgetter
from typing import Final

from bibkit.formats.base import Block, Rendered, blocks_not_carried
from bibkit.formats.csljson.tables import (
    ARXIV,
    IDENTIFIER_FIELDS,
    OTHER_TEXT_VARIABLES,
    OTHERS,
    PREPRINT_GENRE,
    PUBLICATION_FIELDS,
    ROLES,
    SHARED_TYPES,
    TYPES,
)
from bibkit.model.dates import PartialDate
from bibkit.model.names import Creator, Person
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import Entry

_BREAK: Final = ",\n    "
_NAME_BREAK: Final = ",\n      "
_PUBLICATION: Final = attrgetter(*PUBLICATION_FIELDS)
_PUBLICATION_NAMES: Final = tuple(f'"{name}": ' for name in PUBLICATION_FIELDS.values())
_IDENTIFIERS: Final = attrgetter(*IDENTIFIER_FIELDS)
_IDENTIFIER_NAMES: Final = tuple(f'"{name}": ' for name in IDENTIFIER_FIELDS.values())
_CONTENT_NAMES: Final = ('"keyword": ', '"abstract": ', '"note": ')
_CUSTOM: Final = json.JSONEncoder(ensure_ascii=False)

# JavaScript before 2019 ends a line at these two, inside strings as well; UTF-8 has no surrogates.
_ESCAPED: Final = re.compile("[\u2028\u2029\ud800-\udfff]")


def write_csljson(entries: Sequence[Entry], blocks: Sequence[Block] = ()) -> Rendered:
    """Return one JSON array, a member of an item a line, in UTF-8 with no escapes that JSON does not need.

    The bytes are valid UTF-8 and the text is valid JSON and JavaScript whatever the records hold.
    """
    items = [_item(entry) for entry in entries]
    text = "[\n" + ",\n".join(items) + "\n]\n" if items else "[]\n"
    return Rendered(text, blocks_not_carried("CSL-JSON", blocks))


def _item(entry: Entry) -> str:
    """Return the JSON object of one entry, indented, its members in the order of the tables."""
    record = entry.record
    key = quoted(entry.key)
    members = [f'"id": {key}', f'"citation-key": {key}', f'"type": "{TYPES[record.type]}"']
    genre = record.genre or (PREPRINT_GENRE if record.type is ItemType.PREPRINT else None)
    if genre:
        members.append(f'"genre": {quoted(genre)}')
    if record.title:
        members.append(f'"title": {quoted(record.title)}')
    if record.creators:
        members.extend(_creators(record))
    members.extend(_texts(_PUBLICATION_NAMES, _PUBLICATION(record)))
    if record.arxiv_id and record.type is ItemType.PREPRINT:
        members.extend(_arxiv(record))
    if record.issued is not None:
        members.append(f'"issued": {_date(record.issued)}')
    if record.accessed is not None:
        members.append(f'"accessed": {_date(record.accessed)}')
    members.extend(_texts(_IDENTIFIER_NAMES, _IDENTIFIERS(record)))
    others = _other_variables(record) if record.unmapped else {}
    members.extend(f'"{name}": {quoted(text)}' for name, text in others.items())
    keyword = ", ".join((*record.categories, *record.keywords))
    members.extend(_texts(_CONTENT_NAMES, (keyword, record.abstract, record.note)))
    custom = _custom(entry, others)
    if custom:
        members.append(f'"custom": {_CUSTOM.encode(custom)}')
    return _valid(f"  {{\n    {_BREAK.join(members)}\n  }}")


def _texts(names: tuple[str, ...], values: tuple[str | None, ...]) -> list[str]:
    """Return a member for each value that there is."""
    return [name + quoted(value) for name, value in zip(names, values, strict=True) if value]


def _creators(record: Record) -> list[str]:
    """Return the members with names: a list a role, the one of the authors first, a name a line."""
    by_role: dict[str, list[str]] = {}
    for creator in record.creators:
        by_role.setdefault(ROLES[creator.role], []).append(_name(creator))
    ordered = [role for role in ROLES.values() if role in by_role]
    if record.creators_truncated:
        by_role[ordered[0]].append(f'{{"literal": "{OTHERS}"}}')
    return [f'"{role}": [{_NAME_BREAK[1:]}{_NAME_BREAK.join(by_role[role])}{_BREAK[1:]}]' for role in ordered]


def _name(creator: Creator) -> str:
    """Return the JSON object of one name; a particle is written so that it sorts with the family name."""
    if not isinstance(creator, Person):
        return f'{{"literal": {quoted(creator.literal)}}}'
    given = f', "given": {quoted(creator.given)}' if creator.given else ""
    particle = f', "non-dropping-particle": {quoted(creator.particle)}' if creator.particle else ""
    suffix = f', "suffix": {quoted(creator.suffix)}' if creator.suffix else ""
    return f'{{"family": {quoted(creator.family)}{given}{particle}{suffix}}}'


def _arxiv(record: Record) -> list[str]:
    """Return publisher and number of a preprint with an arXiv id, where the record has none of its own."""
    members = []
    if not record.number:
        members.append(f'"number": {quoted(f"{ARXIV}:{record.arxiv_id}")}')
    if not record.publisher:
        members.append(f'"publisher": "{ARXIV}"')
    return members


def _date(date: PartialDate) -> str:
    """Return a CSL date of one to three parts."""
    parts = [part for part in (date.year, date.month, date.day) if part is not None]
    return f'{{"date-parts": [{parts}]}}'


def _other_variables(record: Record) -> dict[str, str]:
    """Return the unmapped fields that are variables of CSL, the first of a name."""
    found: dict[str, str] = {}
    for name, text in record.unmapped:
        if name in OTHER_TEXT_VARIABLES:
            found.setdefault(name, text)
    return found


def _custom(entry: Entry, others: Mapping[str, str]) -> dict[str, object]:
    """Return what CSL has no variable for, in a fixed order."""
    record = entry.record
    custom: dict[str, object] = {}
    if record.creators_truncated:
        custom["creators_truncated"] = True
    if record.listing is not None:
        custom |= _listing_facts(record.listing, dated=record.issued is not None)
    if record.affiliations:
        custom["affiliations"] = record.affiliations
    if entry.aliases:
        custom["aliases"] = entry.aliases
    if record.arxiv_id and (record.type is not ItemType.PREPRINT or record.number):
        custom["arxiv_id"] = record.arxiv_id
    if record.arxiv_class:
        custom["arxiv_class"] = record.arxiv_class
    if record.type in SHARED_TYPES:
        custom["type"] = record.type.value
    left = [pair for pair in record.unmapped if others.get(pair[0]) != pair[1]]
    if left:
        custom["unmapped"] = left
    return custom


def _listing_facts(facts: ListingFacts, *, dated: bool) -> dict[str, object]:
    """Return what a listing printed; its date only where no date could be made of it."""
    found: dict[str, object] = {}
    if facts.score is not None:
        found["score"] = facts.score
    if facts.code:
        found["code"] = True
    if facts.date is not None and not dated:
        found["date"] = facts.date
    if facts.uncertain:
        found["uncertain"] = True
    return found


def _valid(text: str) -> str:
    """Return JSON text with what UTF-8 or JavaScript would not take written as escapes."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        pass  # a lone surrogate: falls through to the escapes
    else:
        if "\u2028" not in text and "\u2029" not in text:
            return text
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
