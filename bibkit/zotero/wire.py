"""Zotero's JSON and the values of `sync.library`, into each other; pure, and strict in what it reads.

What is read is an object as the Web API version 3 sends it (`{"key", "version", "data": {...}}`), what is
written is an element of a multi-object POST, in which a property that is left out stays as it is. An object
that is not of that form raises `WireError`: half an item is never taken for a whole one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bibkit.sync.library import (
    CollectionKey,
    ItemCreator,
    ItemKey,
    ItemWrite,
    LibraryVersion,
    NewCollection,
    Refusal,
    Refused,
    RemoteCollection,
    RemoteItem,
    Tag,
    Unchanged,
    WriteResult,
    Written,
)
from bibkit.sync.values import EXTRA
from bibkit.zotero.schema import CHILD_TYPES

AUTOMATIC_TAG: Final = 1
CITATION_KEY: Final = "citationKey"
REPLACES: Final = "dc:replaces"
_NO_FIELD: Final = frozenset({
    "key", "version", "itemType", "parentItem", "tags", "collections", "relations", "creators", "deleted",
    "inPublications", "dateAdded", "dateModified",
})  # fmt: skip
_KEY_LINE: Final = re.compile(r"^citation key[ \t]*:[ \t]*(\S+)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_REFUSALS: Final[Mapping[int, Refusal]] = {
    400: Refusal.INVALID,
    404: Refusal.GONE,
    409: Refusal.DANGLING,
    412: Refusal.MOVED,
    413: Refusal.INVALID,
    428: Refusal.INVALID,
}


class WireError(ValueError):
    """Say that an answer is not of the form that the Web API gives it."""


def read_item(sent: Any, uri_prefix: str) -> RemoteItem:
    """Return an item; `uri_prefix` is what the URIs of this library's items begin with, in relations.

    A citation key that stands in a line of `extra`, as it did before there was a field for it, is read as if
    it stood in the field: Zotero moves it there sooner or later, and no other one must go there before.
    """
    data = _mapping(_mapping(sent).get("data"))
    item_type = _text(data.get("itemType"))
    regular = item_type not in CHILD_TYPES
    fields = {
        name: value
        for name, value in data.items()
        if regular and name not in _NO_FIELD and isinstance(value, str) and value
    }
    if regular and CITATION_KEY not in fields and (line := _KEY_LINE.search(fields.get(EXTRA, ""))):
        fields[CITATION_KEY] = line[1]
    parent = data.get("parentItem")
    return RemoteItem(
        key=ItemKey(_text(data.get("key"))),
        version=_version(data.get("version")),
        type=item_type,
        fields=fields,
        creators=tuple(_read_creator(creator) for creator in _list(data.get("creators", []))),
        tags=tuple(_read_tag(tag) for tag in _list(data.get("tags", []))),
        collections=tuple(CollectionKey(_text(key)) for key in _list(data.get("collections", []))),
        replaces=_read_replaces(data.get("relations"), uri_prefix),
        parent=ItemKey(_text(parent)) if parent else None,
        regular=regular,
        trashed=bool(data.get("deleted")),
    )


def read_collection(sent: Any) -> RemoteCollection:
    """Return a collection."""
    data = _mapping(_mapping(sent).get("data"))
    parent = data.get("parentCollection")
    return RemoteCollection(
        key=CollectionKey(_text(data.get("key"))),
        version=_version(data.get("version")),
        name=_text(data.get("name")),
        parent=CollectionKey(_text(parent)) if parent else None,
        trashed=bool(data.get("deleted")),
    )


def write_item(write: ItemWrite) -> dict[str, Any]:
    """Return the JSON of a write."""
    sent: dict[str, Any] = {"key": write.key, "version": write.version}
    if write.type is not None:
        sent["itemType"] = write.type
    sent |= write.fields
    if write.creators is not None:
        sent["creators"] = [_write_creator(creator) for creator in write.creators]
    if write.tags is not None:
        sent["tags"] = [
            {"tag": tag.name, "type": AUTOMATIC_TAG} if tag.automatic else {"tag": tag.name}
            for tag in write.tags
        ]
    if write.collections is not None:
        sent["collections"] = list(write.collections)
    return sent


def write_collection(collection: NewCollection) -> dict[str, Any]:
    """Return the JSON of a collection that is created."""
    return {
        "key": collection.key,
        "version": 0,
        "name": collection.name,
        "parentCollection": collection.parent or False,
    }


def read_results(report: Any, keys: Sequence[str]) -> tuple[WriteResult, ...]:
    """Return what a write report says of each of the objects that were sent, by their keys, in order.

    A report tells objects by their place in the request, not by their keys. Raises `WireError` where it
    does not say exactly one thing of each.
    """
    parts = _mapping(report)
    successful, unchanged, failed = (
        _mapping(parts.get(name)) for name in ("successful", "unchanged", "failed")
    )
    if len(successful) + len(unchanged) + len(failed) != len(keys):
        raise WireError("the write report does not name every object once")
    return tuple(
        _read_result(str(place), key, successful, unchanged, failed) for place, key in enumerate(keys)
    )


def _read_result(
    place: str,
    key: str,
    successful: Mapping[str, Any],
    unchanged: Mapping[str, Any],
    failed: Mapping[str, Any],
) -> WriteResult:
    if place in successful:
        written = _mapping(successful[place])
        if written.get("key") != key:
            raise WireError(f"the write report has another key than {key}")
        return Written(key, _version(written.get("version")))
    if place in unchanged:
        return Unchanged(key)
    failure = _mapping(failed.get(place))
    reason = _REFUSALS.get(failure.get("code", 0), Refusal.FAILED)
    return Refused(key, reason, html.unescape(_text(failure.get("message"))))


def _read_creator(sent: Any) -> ItemCreator:
    creator = _mapping(sent)
    kind = _text(creator.get("creatorType"))
    if "name" in creator:
        return ItemCreator(kind, _text(creator["name"]))
    return ItemCreator(kind, _text(creator.get("lastName")), _text(creator.get("firstName")))


def _write_creator(creator: ItemCreator) -> dict[str, str]:
    if creator.given is None:
        return {"creatorType": creator.type, "name": creator.name}
    return {"creatorType": creator.type, "firstName": creator.given, "lastName": creator.name}


def _read_tag(sent: Any) -> Tag:
    tag = _mapping(sent)
    return Tag(_text(tag.get("tag")), automatic=tag.get("type") == AUTOMATIC_TAG)


def _read_replaces(relations: Any, uri_prefix: str) -> tuple[ItemKey, ...]:
    if not relations:  # an empty list where there are none, for some versions of the server
        return ()
    replaced = _mapping(relations).get(REPLACES, [])
    uris = [replaced] if isinstance(replaced, str) else _list(replaced)
    return tuple(
        ItemKey(uri.removeprefix(uri_prefix))
        for uri in uris
        if isinstance(uri, str) and uri.startswith(uri_prefix)
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise WireError(f"an object was expected, not {_shown(value)}")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise WireError(f"a list was expected, not {_shown(value)}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WireError(f"text was expected, not {_shown(value)}")
    return value


def _version(value: Any) -> LibraryVersion:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WireError(f"a version was expected, not {_shown(value)}")
    return LibraryVersion(value)


def _shown(value: Any) -> str:
    return repr(value)[:60]
