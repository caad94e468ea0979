"""What the server refuses of one object; every sentence is the server's own.

Sources: the server's item and collection checks [src], codes and `data` [run].
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from bibkit.zotero.schema import CHILD_TYPES, ZoteroType
from emulator import values
from emulator.messages import ApiError

NO_VERSION = (
    "Either If-Unmodified-Since-Version or object version property must be provided for key-based writes"
)
KEY = re.compile(r"[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}")
FIELD_BYTES = 65_535  # a text column
COLLECTION_NAME = 255
TAG_NAME = 255
CREATOR_NAME = 255
ITEM_PREDICATES = (
    "dc:relation",
    "dc:replaces",
    "owl:sameAs",
    "mendeleyDB:documentUUID",
    "mendeleyDB:remoteDocumentUUID",
)
EXTERNAL_PREDICATES = ("mendeleyDB:documentUUID", "mendeleyDB:remoteDocumentUUID")
_ITEM_URI = re.compile(r"http://zotero\.org/(users|groups)/[0-9]+/(publications/)?items/[A-Z0-9]{8}")
_STRUCTURE = frozenset({
    "key", "version", "itemType", "parentItem", "tags", "collections", "relations", "creators", "note",
    "deleted", "inPublications", "dateAdded", "dateModified",
})  # fmt: skip
_ATTACHMENT = (
    "linkMode",
    "contentType",
    "charset",
    "filename",
    "md5",
    "mtime",
    "path",
    "title",
    "url",
    "accessDate",
)

Schema = Mapping[str, ZoteroType]


def check_key(key: Any) -> None:
    """A key has eight characters, without 0, 1 and O [src]."""
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise ApiError(400, f"'{key}' is not a valid item key")


def check_object_version(kind: str, current: int | None, wanted: Any, *, required: bool) -> None:
    """Compare the version that the sender expects with the object's own; `current` None: there is none [run].

    A version that is higher than the current one passes. 0 says that the object must not exist.
    """
    if wanted is None:
        if required:
            raise ApiError(
                428,
                NO_VERSION,
            )
        return
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise ApiError(400, f"Invalid JSON 'version' property value '{wanted}'")
    name = kind.capitalize()
    if current is None:
        if wanted > 0:
            raise ApiError(404, f"{name} doesn't exist (expected version {wanted}; use 0 instead)")
        return
    if wanted == 0 or wanted < current:
        raise ApiError(
            412, f"{name} has been modified since specified version (expected {wanted}, found {current})"
        )


def check_item(data: Any, schema: Schema, old: Mapping[str, Any] | None, *, partial: bool) -> None:
    """Check an item's properties; `old` is the item as it stands."""
    if old is None or not partial:
        required = ("itemType",) if old is None else ("itemType", "tags", "relations", "collections")
        for name in required:
            if name not in data:
                raise ApiError(400, f"'{name}' property not provided")
    item_type = data.get("itemType", (old or {}).get("itemType"))
    if not isinstance(item_type, str):
        raise ApiError(400, "'itemType' must be a string")
    if item_type not in schema and item_type not in CHILD_TYPES:
        raise ApiError(400, f"'{item_type}' is not a valid itemType")
    parent = data.get("parentItem", (old or {}).get("parentItem", False))
    if parent and item_type not in CHILD_TYPES:
        raise ApiError(400, "Child item must be note or attachment")
    for name, value in data.items():
        _check_property(name, value, item_type, schema, old)
    if parent and data.get("collections"):
        raise ApiError(400, "Child items cannot be assigned to collections")


def check_references(data: Mapping[str, Any], items: Collection[str], collections: Collection[str]) -> None:
    """What an item names must exist: 409, with what is missing in `data` [run]."""
    for key in data.get("collections", ()):
        if key not in collections:
            raise ApiError(409, f"Collection {key} not found", {"collection": key})
    if (parent := data.get("parentItem")) and parent not in items:
        raise ApiError(409, f"Parent item {parent} not found", {"parentItem": parent})


def check_collection(data: Any, collections: Collection[str], *, new: bool) -> None:
    if new and "name" not in data:
        raise ApiError(400, "'name' property not provided")
    for name, value in data.items():
        match name:
            case "key" | "version" | "deleted":
                pass
            case "name":
                if not isinstance(value, str):
                    raise ApiError(400, "'name' must be a string")
                if not value:
                    raise ApiError(400, "Collection name cannot be empty")
                if len(value) > COLLECTION_NAME:
                    raise ApiError(413, f"Collection name '{value[:50]}…' too long", {"value": value})
            case "parentCollection":
                if value and not isinstance(value, str):
                    raise ApiError(400, "'parentCollection' must be a collection key or FALSE")
                if value and value not in collections:
                    raise ApiError(409, f"Parent collection {value} not found", {"collection": value})
            case "relations":
                _check_relations_shape(value)
            case _:
                raise ApiError(400, f"Invalid property '{name}'")


def _check_property(name: str, value: Any, item_type: str, schema: Schema, old: Any) -> None:
    match name:
        case "tags":
            _check_tags(value)
        case "collections":
            if not isinstance(value, list):
                raise ApiError(400, "'collections' property must be an array")
            for key in value:
                if not isinstance(key, str) or not KEY.fullmatch(key):
                    raise ApiError(400, f"'{key}' is not a valid collection key")
        case "relations":
            _check_relations(value)
        case "creators":
            _check_creators(value, item_type, schema, new=old is None)
        case "parentItem":
            if value is not False and not (isinstance(value, str) and KEY.fullmatch(value)):
                raise ApiError(400, "'parentItem' must be a valid item key or false")
        case "note":
            if item_type not in {"note", "attachment"}:
                raise ApiError(400, "'note' property is valid only for note and attachment items")
        case "dateAdded" | "dateModified":
            stored = values.text(value)
            if not values.SQL_DATE_TIME.fullmatch(stored) and not values.ISO_8601.fullmatch(stored):
                raise ApiError(400, f"'{name}' must be in ISO 8601 or UTC 'YYYY-MM-DD hh-mm-dd' format")
            if (
                name == "dateAdded"
                and old is not None
                and old["dateAdded"] != stored.replace(" ", "T").rstrip("Z") + "Z"
            ):
                raise ApiError(400, "'dateAdded' cannot be modified for existing items")
        case _ if name in _STRUCTURE:
            pass
        case _:
            _check_field(name, value, item_type, schema)


def _check_field(name: str, value: Any, item_type: str, schema: Schema) -> None:
    if item_type in CHILD_TYPES:
        if item_type == "attachment" and name in _ATTACHMENT:
            return
        known = any(name in each.fields for each in schema.values()) or name in _ATTACHMENT
        raise ApiError(
            400,
            f"'{name}' is not a valid field for type '{item_type}'"
            if known
            else f"Invalid property '{name}'",
        )
    if not any(name in each.fields or name in each.bases.values() for each in schema.values()):
        raise ApiError(400, f"Invalid property '{name}'")
    if isinstance(value, (list, dict)):
        raise ApiError(400, f"Unexpected array for property '{name}'")
    if name not in schema[item_type].fields:
        raise ApiError(400, f"'{name}' is not a valid field for type '{item_type}'")
    stored = values.text(value)
    if name == "accessDate" and stored and stored != "CURRENT_TIMESTAMP":
        shapes = (values.SQL_DATE, values.SQL_DATE_TIME, values.ISO_8601)
        if not any(shape.fullmatch(stored) for shape in shapes):
            raise ApiError(
                400,
                "'accessDate' must be in ISO 8601 or UTC 'YYYY-MM-DD[ hh-mm-dd]' format"
                " or 'CURRENT_TIMESTAMP'"
                f" ({stored})",
            )
    if len(stored.encode("utf-8", "surrogatepass")) > FIELD_BYTES:
        raise ApiError(413, f"'{name}' field value '{stored[:50]}...' too long", {"field": name})


def _check_tags(value: Any) -> None:
    if not isinstance(value, list):
        raise ApiError(400, "'tags' property must be an array")
    for tag in value:
        if not isinstance(tag, dict):
            raise ApiError(400, "Tag must be an object")
        if not tag:
            raise ApiError(400, "Tag object is empty")
        for part, content in tag.items():
            if part == "tag":
                if not isinstance(content, (str, int, float)):
                    raise ApiError(400, "Invalid tag name")
                if len(values.text(content)) > TAG_NAME:
                    raise ApiError(413, f"Tag '{values.text(content)[:50]}…' too long", {"tag": content})
            elif part == "type":
                if not str(content).isdigit():
                    raise ApiError(400, f"Invalid tag type '{content}'")
            else:
                raise ApiError(400, f"Invalid tag property '{part}'")


def _check_creators(value: Any, item_type: str, schema: Schema, *, new: bool) -> None:
    if not isinstance(value, list):
        raise ApiError(400, "'creators' property must be an array")
    every_type = {creator for each in schema.values() for creator in each.creator_types}
    for creator in value:
        if not isinstance(creator, dict) or "creatorType" not in creator:
            raise ApiError(400, "creator object must contain 'creatorType'")
        names = {
            part: creator[part] for part in ("name", "firstName", "lastName") if creator.get(part) is not None
        }
        if not any(values.text(name) for name in names.values()) and not (len(value) == 1 and new):
            raise ApiError(400, "creator object must contain 'firstName'/'lastName' or 'name'")
        for part in creator:
            if part not in {"creatorType", "name", "firstName", "lastName"}:
                raise ApiError(400, f"Invalid creator property '{part}'")
        if "name" in names and len(names) > 1:
            raise ApiError(400, "'firstName' and 'name' creator fields are mutually exclusive")
        if "firstName" in names and "lastName" not in names:
            raise ApiError(400, "'lastName' creator field must be set if 'firstName' is set")
        if "lastName" in names and "firstName" not in names:
            raise ApiError(400, "'firstName' creator field must be set if 'lastName' is set")
        if creator["creatorType"] not in every_type:
            raise ApiError(400, f"'{creator['creatorType']}' is not a valid creator type")
        allowed = (*schema[item_type].creator_types, "author") if item_type in schema else ()
        if creator["creatorType"] not in allowed:
            raise ApiError(
                400, f"'{creator['creatorType']}' is not a valid creator type for item type '{item_type}'"
            )
        if any(len(values.text(name)) > CREATOR_NAME for name in names.values()):
            raise ApiError(413, "Creator name too long", {"field": "creator"})


def _check_relations(value: Any) -> None:
    _check_relations_shape(value)
    for predicate, objects in dict(value).items():
        if predicate not in ITEM_PREDICATES:
            raise ApiError(400, f"Unsupported predicate '{predicate}'")
        if predicate in EXTERNAL_PREDICATES:
            continue
        for uri in [objects] if isinstance(objects, str) else objects:
            if not isinstance(uri, str) or not _ITEM_URI.fullmatch(uri):
                raise ApiError(400, "'relations' values currently must be Zotero item URIs")


def _check_relations_shape(value: Any) -> None:
    if not isinstance(value, dict) and value != []:
        raise ApiError(400, "'relations' property must be an object")
