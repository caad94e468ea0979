"""What a CSL-JSON file itself had for a variable, where writing the record would say it in other words.

A record keeps that JSON among its raw sources; the writer takes it while the record still says the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from bibkit.errors import ParseError
from bibkit.formats.csljson.markup import note_of, page_of, plain_note, plain_text, text_of
from bibkit.formats.csljson.tables import (
    CONTENT_FIELDS,
    IDENTIFIER_FIELDS,
    NUMBER_VARIABLES,
    OTHER_DATE_VARIABLES,
    OTHER_TEXT_VARIABLES,
    OTHER_TYPES,
    PUBLICATION_FIELDS,
    RAW,
    ROLES,
    SHARED_TYPES,
    TYPES,
)
from bibkit.formats.csljson.variables import (
    Json,
    date_or_words,
    date_value,
    is_date,
    is_name_list,
    name_value,
    read_date,
    read_name,
    split_keyword,
)
from bibkit.model.dates import Date
from bibkit.model.identifiers import bare_doi
from bibkit.model.names import Role
from bibkit.model.record import Record

#: Variable with text -> field of a record.
TEXT_FIELDS: Final = {
    "genre": "genre",
    "title": "title",
    **{name: field for field, name in PUBLICATION_FIELDS.items()},
    **{name: field for field, name in IDENTIFIER_FIELDS.items()},
    **CONTENT_FIELDS,
}

#: Variable with names -> role.
ROLE_OF: Final[Mapping[str, Role]] = {name: role for role, name in ROLES.items()}

#: Variable with a date -> field of a record.
DATE_FIELDS: Final = {"issued": "issued", "accessed": "accessed"}

#: CSL type -> type of a record.
TYPE_OF: Final = {
    **{name: type_ for type_, name in TYPES.items() if type_ not in SHARED_TYPES},
    **OTHER_TYPES,
}

_READ: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(IDENTIFIER_FIELDS.values(), str),
    "DOI": bare_doi,
    "note": plain_note,
}
_WRITE: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(IDENTIFIER_FIELDS.values(), str),
    "note": note_of,
    "page": page_of,
}


def read_text(name: str, value: Json) -> str:
    """Return the text of a variable, which may be a number; raise `ParseError` for anything else."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        return _READ.get(name, plain_text)(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParseError(f"`{name}` is neither text nor a number")
    return str(value)


def raw_source(name: str, value: Json, record: Record) -> tuple[str, str] | None:
    """Return the raw source of a variable; `None` if the writer says it in the same words."""
    said = _said(name, record)
    if said is None or said == value:
        return None
    return RAW + name, json.dumps(value, ensure_ascii=False)


def unchanged_members(record: Record) -> dict[str, Json]:
    """Return the values that a CSL-JSON file had, of the variables that the record still says the same of."""
    found: dict[str, Json] = {}
    if not record.raw or not record.raw[0][0].startswith(RAW):
        return found  # the sources of a record are all of one file
    for name, text in record.raw:
        variable, value = name.removeprefix(RAW), json.loads(text)
        if _still_says(variable, value, record):
            found[variable] = value
    return found


def _said(name: str, record: Record) -> Json:
    """Return what the writer says for a variable; `None` if nothing, or what other fields make it say."""
    if name == "type":
        return TYPES[record.type]
    if name == "keyword":
        return ", ".join(record.categories + record.keywords) or None
    if name in ROLE_OF:
        return [name_value(one) for one in record.creators if one.role is ROLE_OF[name]] or None
    if name in DATE_FIELDS or name in OTHER_DATE_VARIABLES:
        date = _date(name, record)
        return None if date is None else date_value(date)
    text = _text(name, record) if name in TEXT_FIELDS or name in OTHER_TEXT_VARIABLES else None
    return None if text is None else _WRITE.get(name, text_of)(text)


def _still_says(name: str, value: Json, record: Record) -> bool:
    """Return whether CSL's schema takes a value, and reading it gives what the record says."""
    try:
        if name == "type":
            return TYPE_OF.get(str(value)) is record.type
        if name in ROLE_OF:
            return _names_are(value, ROLE_OF[name], record)
        if name in DATE_FIELDS or name in OTHER_DATE_VARIABLES:
            return is_date(value) and read_date(value) == _date(name, record)
        if name == "keyword":
            return isinstance(value, str) and split_keyword(read_text(name, value)) == (
                record.categories,
                record.keywords,
            )
        kinds = str | int | float if name in NUMBER_VARIABLES else str
        return isinstance(value, kinds) and read_text(name, value) == _text(name, record)
    except ParseError:
        return False


def _names_are(names: Json, role: Role, record: Record) -> bool:
    """Return whether a list of names is that of the record's creators in a role."""
    creators = [creator for creator in record.creators if creator.role is role]
    return is_name_list(names) and [read_name(name, role) for name in names] == creators


def _text(name: str, record: Record) -> str | None:
    """Return the text that a record has for a variable."""
    field = TEXT_FIELDS.get(name)
    text: str | None = dict(record.unmapped).get(name) if field is None else getattr(record, field)
    return text


def _date(name: str, record: Record) -> Date | None:
    """Return the date that a record has for a variable."""
    if name in DATE_FIELDS:
        date: Date | None = getattr(record, DATE_FIELDS[name])
        return date
    text = dict(record.unmapped).get(name)
    return None if text is None else date_or_words(text)
