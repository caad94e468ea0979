"""`custom`, the member that CSL's schema leaves to programs: what a record has and CSL has no variable for.

`custom_of` writes what `take_custom` reads. Other members, and those of our names in another form than ours,
are another program's and are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from bibkit.errors import ParseError
from bibkit.formats.csljson.tables import ARXIV, ROLES, SHARED_TYPES, TYPES
from bibkit.formats.csljson.variables import (
    Json,
    date_value,
    read_date,
    read_json,
    says_more,
    split_keyword,
)
from bibkit.model.dates import ExtendedDate, parse_date
from bibkit.model.identifiers import arxiv_label, is_arxiv_class
from bibkit.model.names import Creator
from bibkit.model.record import ItemType, ListingFacts, Record
from bibkit.model.work import Entry

#: Unmapped field with the aliases that an input brings, by the name that biblatex gives it.
ALIASES: Final = "ids"

_OURS: Final = (
    "creators_truncated",
    "score",
    "code",
    "date",
    "uncertain",
    "affiliations",
    "aliases",
    "arxiv_id",
    "arxiv_class",
    "type",
    "issued",
    "accessed",
    "categories",
    "keywords",
    "unmapped",
)
_ROLE_ORDER: Final = {role: place for place, role in enumerate(ROLES)}
_SHARED: Final = {type_.value: type_ for type_ in SHARED_TYPES}


def custom_of(entry: Entry, left: Sequence[tuple[str, str]]) -> dict[str, Json]:
    """Return the members of `custom`, in a fixed order; `left` are unmapped fields that CSL has not."""
    record = entry.record
    custom: dict[str, Json] = {}
    if record.creators_truncated:
        custom["creators_truncated"] = True
    elif record.creators and says_more(_first_list(record.creators)[-1]):
        custom["creators_truncated"] = False
    if record.listing is not None:
        custom |= _listing_facts(record.listing, dated=record.issued is not None)
    if record.affiliations:
        custom["affiliations"] = record.affiliations
    custom |= _aliases(entry)
    if record.arxiv_id or record.arxiv_class:
        custom |= _arxiv(record)
    if record.type in SHARED_TYPES:
        custom["type"] = record.type.value
    if isinstance(record.issued, ExtendedDate) or isinstance(record.accessed, ExtendedDate):
        custom |= _edtf(record)
    if record.keywords or not all(map(is_arxiv_class, record.categories)):
        custom |= _lists(record)
    if left:
        custom |= _unmapped(left)
    return custom


def stands_as_number(record: Record) -> bool:
    """Return whether a preprint's arXiv id is its `number`, where it can be told from other numbers."""
    return (
        record.type is ItemType.PREPRINT
        and not record.number
        and arxiv_label(f"{ARXIV}:{record.arxiv_id}") == (record.arxiv_id, None)
    )


def take_custom(
    custom: dict[str, Json], item: Mapping[str, Json], fields: dict[str, Any]
) -> list[tuple[str, str]]:
    """Move what is ours out of `custom` into the fields of a record; return the unmapped fields.

    `item` has the type and the dates of the item that `custom` has too: what repeats one of them in other
    words counts only while it does.
    """
    truncated = custom.get("creators_truncated")
    if isinstance(truncated, bool):
        del custom["creators_truncated"]
        fields["creators_truncated"] = truncated
    if _is_texts(custom.get("affiliations")):
        fields["affiliations"] = tuple(_texts(custom.pop("affiliations")))
    if not custom:
        return []
    _take_listing_facts(custom, fields)
    for name in ("arxiv_id", "arxiv_class"):
        text = custom.get(name)
        if isinstance(text, str) and text:
            fields[name] = custom.pop(name)
    shared = _SHARED.get(str(custom.get("type")))
    if shared is not None and TYPES[shared] == item.get("type"):
        fields["type"] = shared
        del custom["type"]
    _take_edtf(custom, item, fields)
    _take_lists(custom, fields)
    unmapped = []
    if _is_texts(custom.get("aliases")):
        unmapped.append((ALIASES, ", ".join(_texts(custom.pop("aliases")))))
    pairs = custom.get("unmapped")
    if isinstance(pairs, list) and all(_is_texts(pair) and len(pair) == 2 for pair in pairs):
        unmapped.extend((name, text) for name, text in pairs)
        del custom["unmapped"]
    alien = [name for name in _OURS if name in custom]
    unmapped.extend((f"custom.{name}", json.dumps(custom.pop(name), ensure_ascii=False)) for name in alien)
    return unmapped


def _first_list(creators: Sequence[Creator]) -> list[Creator]:
    """Return the creators whose list ends in what says that there are more: the authors, if there are any."""
    first = min(creators, key=lambda creator: _ROLE_ORDER[creator.role]).role
    return [creator for creator in creators if creator.role is first]


def _listing_facts(facts: ListingFacts, *, dated: bool) -> dict[str, Json]:
    """Return what a listing printed; its date only where no date could be made of it."""
    found: dict[str, Json] = {}
    if facts.score is not None:
        found["score"] = facts.score
    if facts.code:
        found["code"] = True
    if facts.date is not None and not dated:
        found["date"] = facts.date
    if facts.uncertain:
        found["uncertain"] = True
    return found


def _aliases(entry: Entry) -> dict[str, Json]:
    """Return the aliases of the entry, then those that the input gave the record."""
    if not entry.aliases and not entry.record.unmapped:
        return {}
    brought = [alias for name, text in entry.record.unmapped if name == ALIASES for alias in text.split(",")]
    aliases = dict.fromkeys([*entry.aliases, *filter(None, map(str.strip, brought))])
    return {"aliases": list(aliases)} if aliases else {}


def _arxiv(record: Record) -> dict[str, Json]:
    """Return the arXiv id, unless it is the number, and the primary class."""
    found: dict[str, Json] = {}
    if record.arxiv_id and not stands_as_number(record):
        found["arxiv_id"] = record.arxiv_id
    if record.arxiv_class:
        found["arxiv_class"] = record.arxiv_class
    return found


def _edtf(record: Record) -> dict[str, Json]:
    """Return in EDTF the dates that CSL says less of: ranges with one end, dates in doubt."""
    dates = {"issued": record.issued, "accessed": record.accessed}
    return {
        name: date.isoformat()
        for name, date in dates.items()
        if isinstance(date, ExtendedDate) and date.literal is None and read_date(date_value(date)) != date
    }


def _lists(record: Record) -> dict[str, Json]:
    """Return categories and keywords where the string that joins them does not come apart into the same."""
    if _comes_apart(record.categories, record.keywords):
        return {}
    return {"categories": record.categories, "keywords": record.keywords}


@lru_cache(maxsize=4096)  # the keywords of a library come again and again
def _comes_apart(categories: tuple[str, ...], keywords: tuple[str, ...]) -> bool:
    """Return whether the string that joins categories and keywords comes apart into the same."""
    return split_keyword(", ".join(categories + keywords)) == (categories, keywords)


def _unmapped(left: Sequence[tuple[str, str]]) -> dict[str, Json]:
    """Return the unmapped fields as pairs, after the members of a `custom` that came from elsewhere."""
    found: dict[str, Json] = {}
    pairs = []
    for name, text in left:
        foreign = read_json(text) if name == "custom" else None
        if not isinstance(foreign, dict) or any(name in foreign for name in _OURS):
            pairs.append((name, text))
        else:
            found |= foreign
    return found | {"unmapped": pairs} if pairs else found


def _take_listing_facts(custom: dict[str, Json], fields: dict[str, Any]) -> None:
    """Take what a listing printed; a date beside `issued` is none of ours."""
    score, code, date = custom.get("score"), custom.get("code"), custom.get("date")
    facts: dict[str, Any] = {}
    if isinstance(score, int | float) and not isinstance(score, bool):
        facts["score"] = float(score)
    if code is True:
        facts["code"] = True
    if isinstance(date, str) and "issued" not in fields:
        facts["date"] = date
    if custom.get("uncertain") is True:
        facts["uncertain"] = True
    for name in facts:
        del custom[name]
    if facts:
        fields["listing"] = ListingFacts(**facts)


def _take_edtf(custom: dict[str, Json], item: Mapping[str, Json], fields: dict[str, Any]) -> None:
    """Take the dates that stand in EDTF, where the item's own variable says as much of them as it can."""
    for name in ("issued", "accessed"):
        text = custom.get(name)
        if not isinstance(text, str):
            continue
        try:
            date = parse_date(text)
        except ParseError:
            continue
        if date == fields.get(name) or date_value(date) == item.get(name):
            fields[name] = date
            del custom[name]


def _take_lists(custom: dict[str, Json], fields: dict[str, Any]) -> None:
    """Take categories and keywords, where `keyword` is the two joined."""
    lists = [custom.get("categories"), custom.get("keywords")]
    if all(_is_texts(texts, empty=True) for texts in lists):
        categories, keywords = map(tuple, map(_texts, lists))
        said = fields.get("categories", ()), fields.get("keywords", ())
        if said in ((categories, keywords), split_keyword(", ".join(categories + keywords))):
            fields["categories"], fields["keywords"] = categories, keywords
            del custom["categories"], custom["keywords"]


def _is_texts(value: Json, *, empty: bool = False) -> bool:
    """Return whether a value is a list of texts, with at least one unless `empty`."""
    return isinstance(value, list) and (empty or bool(value)) and all(isinstance(text, str) for text in value)


def _texts(value: Json) -> list[str]:
    """Return the texts of a list that `_is_texts`."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
