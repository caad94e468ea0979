"""Libraries: objects with versions, a library's own version, the trash, and what was deleted.

* Every object of a multi-object write gets a library version of its own; one that was unchanged moves the
  library too, one that failed does not [run].
* Deleting a collection ends memberships and leaves the items' versions alone [run]; the collections in it go
  with it, and only the one that was asked for is in the log [src].
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bibkit.zotero.schema import CHILD_TYPES
from emulator import validation, values
from emulator.messages import ApiError

KEY_CHARACTERS = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
Kind = Literal["item", "collection"]


@dataclass
class Stored:
    """An object as stored: its key, its version, its properties, and when it was made (a serial number)."""

    key: str
    version: int
    data: dict[str, Any]
    serial: int


@dataclass
class LibraryState:
    """One library, `users/1` or `groups/7`."""

    kind: Literal["users", "groups"]
    id: int
    schema: validation.Schema
    now: Callable[[], float]
    version: int = 0
    items: dict[str, Stored] = field(default_factory=dict)
    collections: dict[str, Stored] = field(default_factory=dict)
    deleted: dict[Kind, dict[str, int]] = field(default_factory=lambda: {"item": {}, "collection": {}})
    _serial: int = 0
    _random: random.Random = field(default_factory=lambda: random.Random(0))

    @property
    def path(self) -> str:
        return f"/{self.kind}/{self.id}"

    def uri(self, key: str) -> str:
        """What stands for an item in relations."""
        return f"http://zotero.org/{self.kind}/{self.id}/items/{key}"

    def objects(self, kind: Kind) -> dict[str, Stored]:
        return self.items if kind == "item" else self.collections

    def write_many(self, kind: Kind, payload: Any, *, checked: bool) -> tuple[dict[str, Any], bool]:
        """Write some objects, each by itself; return the report, and whether anything succeeded.

        `checked` says that a version of the library came with the request, and held.
        """
        if not isinstance(payload, list):
            raise ApiError(400, "Uploaded data must be a JSON array")
        if len(payload) > 50:
            raise ApiError(413, f"Cannot add more than 50 {kind}s at a time")
        report: dict[str, dict[str, Any]] = {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
        for index, sent in enumerate(payload):
            try:
                stored, changed = self._write(kind, sent, checked=checked)
            except ApiError as refusal:
                report["failed"][str(index)] = failure(refusal)
                continue
            if changed:
                report["successful"][str(index)] = stored
                report["success"][str(index)] = stored.key
            else:
                report["unchanged"][str(index)] = stored.key
        return report, bool(report["success"] or report["unchanged"]) or not payload

    def write_one(self, kind: Kind, key: str, sent: Any, header: int | None, *, partial: bool) -> bool:
        """PUT or PATCH one object; say whether it changed [run: codes differ from those of a POST]."""
        data = _editable(sent)
        prop = data.get("version")
        if header is not None and prop is not None and header != prop:
            raise ApiError(
                400,
                "If-Unmodified-Since-Version value does not match JSON 'version' property"
                f" ({header} != {prop})",
            )
        wanted = prop if header is None else header
        current = self.objects(kind).get(key)
        if current is None:
            if wanted is None and partial:
                raise ApiError(
                    404, f"{kind.capitalize()} not found (to create, use If-Unmodified-Since-Version: 0)"
                )
            if wanted:
                raise ApiError(412, f"{kind.capitalize()} not found (expected version {wanted})")
        elif wanted is None:
            raise ApiError(
                428,
                validation.NO_VERSION,
            )
        elif wanted != current.version:
            raise ApiError(
                412,
                f"{kind.capitalize()} has been modified since specified version"
                f" (expected {wanted}, found {current.version})",
            )
        return self._store(kind, key, {**data, "key": key}, partial=partial)[1]

    def delete(self, kind: Kind, keys: Iterable[str]) -> None:
        """Delete for good; those that are not there are passed over."""
        self.version += 1
        for key in keys:
            if kind == "item":
                self._delete_item(key)
            else:
                self._delete_collection(key, logged=True)

    def add_members_quietly(self, collection: str, keys: Iterable[str]) -> None:
        """What the undocumented POST to a collection's items does: the library does not move [run]."""
        for key in keys:
            item = self.items.get(key)
            if item is None:
                raise ApiError(400, f"Item '{key}' not found in library")
            if collection not in item.data["collections"]:
                item.data["collections"].append(collection)
            item.version = self.version

    def trashed(self, stored: Stored) -> bool:
        return bool(stored.data.get("deleted"))

    def edit(self, key: str, **changes: Any) -> int:
        """Change an item as a user does, at once and whatever its version; return its new version."""
        return self._store("item", key, {"key": key, **changes}, partial=True)[0].version

    def add(self, **data: Any) -> str:
        """Create an item as a user does; return its key."""
        return self._store("item", data.pop("key", None) or self.free_key("item"), data, partial=True)[0].key

    def add_collection(self, name: str, parent: str | None = None, key: str | None = None) -> str:
        """Create a collection as a user does; return its key."""
        data = {"name": name, "parentCollection": parent or False}
        return self._store("collection", key or self.free_key("collection"), data, partial=True)[0].key

    def edit_collection(self, key: str, **changes: Any) -> int:
        return self._store("collection", key, {"key": key, **changes}, partial=True)[0].version

    def empty_trash(self) -> None:
        self.delete("item", [key for key, item in self.items.items() if self.trashed(item)])

    def merge(self, survivor: str, *others: str) -> None:
        """Merge items as the client does: the survivor names the others, which go to the trash."""
        replaced = list(self.items[survivor].data["relations"].get("dc:replaces", []))
        replaced += [self.uri(key) for key in others]
        relations = {**self.items[survivor].data["relations"], "dc:replaces": replaced}
        self.edit(survivor, relations=relations)
        for key in others:
            self.edit(key, deleted=1)

    def free_key(self, kind: Kind) -> str:
        while True:
            key = "".join(self._random.choices(KEY_CHARACTERS, k=8))
            if key not in self.objects(kind):
                return key

    def _write(self, kind: Kind, sent: Any, *, checked: bool) -> tuple[Stored, bool]:
        data = _editable(sent)
        key = data.get("key")
        if key is None:
            return self._store(kind, self.free_key(kind), data, partial=True)
        validation.check_key(key)
        current = self.objects(kind).get(key)
        validation.check_object_version(
            kind, None if current is None else current.version, data.get("version"), required=not checked
        )
        return self._store(kind, key, data, partial=True)

    def _store(self, kind: Kind, key: str, data: Mapping[str, Any], *, partial: bool) -> tuple[Stored, bool]:
        current = self.objects(kind).get(key)
        old = None if current is None else current.data
        if kind == "item":
            validation.check_item(data, self.schema, old, partial=partial)
            validation.check_references(data, self.items, self.collections)
            new, forced = self._item_after(old, data, partial=partial)
        else:
            validation.check_collection(data, self.collections, new=current is None)
            new, forced = _collection_after(old, data, partial=partial), False
        self.version += 1
        if current is not None and new == old and not forced:
            return current, False
        if kind == "item" and "dateModified" not in data:
            new["dateModified"] = values.iso(self.now())
        self._serial += current is None
        stored = Stored(key, self.version, new, self._serial if current is None else current.serial)
        self.objects(kind)[key] = stored
        self.deleted[kind].pop(key, None)
        return stored, True

    def _item_after(
        self, old: dict[str, Any] | None, data: Mapping[str, Any], *, partial: bool
    ) -> tuple[dict[str, Any], bool]:
        now = self.now()
        item_type = data.get("itemType") or (old or {})["itemType"]
        new = _blank(item_type, self.schema, now)
        if old is not None:
            kept = old if partial else {"dateAdded": old["dateAdded"], "dateModified": old["dateModified"]}
            self._carry(kept, new, old["itemType"], item_type)
        for name, value in data.items():
            match name:
                case "key" | "version" | "itemType":
                    pass
                case "creators":
                    new[name] = values.creators(value)
                case "tags":
                    new[name] = values.tags(value)
                case "collections":
                    new[name] = list(dict.fromkeys(value))
                case "relations":
                    new[name] = values.relations(value)
                case "deleted" | "inPublications" | "parentItem":
                    new.pop(name, None)
                    if value:
                        new[name] = value if name == "parentItem" else 1
                case "dateAdded" | "dateModified":
                    new[name] = values.text(value).replace(" ", "T").rstrip("Z") + "Z"
                case "note":
                    new[name] = str(value)
                case _:
                    new[name] = values.field(name, value, now)
        # Tags that are not empty always count as a change, the same ones too [run].
        return new, bool(data.get("tags"))

    def _carry(self, old: Mapping[str, Any], new: dict[str, Any], old_type: str, new_type: str) -> None:
        # Where the type changes, a field goes where its base field leads; one with no place is dropped [run].
        for name, value in old.items():
            if name == "itemType":
                continue
            if name in new or name in {"deleted", "parentItem", "inPublications"} or old_type == new_type:
                new[name] = list(value) if isinstance(value, list) else value
            elif old_type in self.schema and new_type in self.schema:
                base = self.schema[old_type].bases.get(name, name)
                place = self.schema[new_type].field_for(base)
                if place is not None:
                    new[place] = value

    def _delete_item(self, key: str) -> None:
        if self.items.pop(key, None) is None:
            return
        self.deleted["item"][key] = self.version
        for child in [other for other, item in self.items.items() if item.data.get("parentItem") == key]:
            self._delete_item(child)

    def _delete_collection(self, key: str, *, logged: bool) -> None:
        if self.collections.pop(key, None) is None:
            return
        if logged:
            self.deleted["collection"][key] = self.version
        for item in self.items.values():
            if key in item.data.get("collections", ()):
                item.data["collections"].remove(key)
        for child in [k for k, c in self.collections.items() if c.data["parentCollection"] == key]:
            self._delete_collection(child, logged=False)


def failure(refusal: ApiError) -> dict[str, Any]:
    """An entry of `failed`: no key, since that is only taken from a property of version 2 [src]; HTML-
    escaped.
    """
    message = refusal.message.replace("&", "&amp;").replace('"', "&quot;")
    entry: dict[str, Any] = {
        "code": refusal.code,
        "message": message.replace("<", "&lt;").replace(">", "&gt;"),
    }
    if refusal.data is not None:
        entry["data"] = dict(refusal.data)
    return entry


def _editable(sent: Any) -> dict[str, Any]:
    if not isinstance(sent, dict):
        raise ApiError(400, "Invalid value for index in uploaded data; expected JSON object")
    data = sent.get("data", sent)  # an object may come as it was read, with its envelope [src]
    return dict(data)


def _blank(item_type: str, schema: validation.Schema, now: float) -> dict[str, Any]:
    blank: dict[str, Any] = {"itemType": item_type}
    if item_type in schema:
        blank |= dict.fromkeys(schema[item_type].fields, "") | {"creators": [], "collections": []}
    elif item_type in CHILD_TYPES:
        blank |= {"note": "", "collections": []}
    stamp = values.iso(now)
    return blank | {"tags": [], "relations": {}, "dateAdded": stamp, "dateModified": stamp}


def _collection_after(
    old: dict[str, Any] | None, data: Mapping[str, Any], *, partial: bool
) -> dict[str, Any]:
    new: dict[str, Any] = {"name": "", "parentCollection": False, "relations": {}}
    if old is not None and partial:
        new |= old
    if "name" in data:
        new["name"] = values.text(data["name"])
    if "parentCollection" in data:
        new["parentCollection"] = data["parentCollection"] or False
    if "relations" in data:
        new["relations"] = values.relations(data["relations"])
    if "deleted" in data:
        new.pop("deleted", None)
        if data["deleted"]:
            new["deleted"] = True
    return new
