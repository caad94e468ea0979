"""A library in memory, with the promises of `bibkit.sync.library` and nothing of HTTP; and what a user does
in it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bibkit.errors import NotAllowedError
from bibkit.sync.library import (
    BATCH,
    NEW,
    CollectionKey,
    Deletions,
    ItemKey,
    ItemWrite,
    LibraryId,
    LibraryVersion,
    NewCollection,
    Refusal,
    Refused,
    RemoteCollection,
    RemoteItem,
    Rights,
    Snapshot,
    Tag,
    Unchanged,
    WriteReport,
    WriteResult,
    Written,
)
from bibkit.zotero.schema import complaints, item_types


class MemoryLibrary:
    """The port, over two dictionaries."""

    def __init__(self, name: str = "memory", *, write: bool = True) -> None:
        self.id = LibraryId(name)
        self.version = NEW
        self.items: dict[ItemKey, RemoteItem] = {}
        self.collections: dict[CollectionKey, RemoteCollection] = {}
        self._gone_items: dict[ItemKey, LibraryVersion] = {}
        self._gone_collections: dict[CollectionKey, LibraryVersion] = {}
        self._write = write

    def rights(self) -> Rights:
        return Rights(read=True, write=self._write)

    def has_moved(self, since: LibraryVersion) -> bool:
        return self.version > since

    def read_all(self) -> Snapshot:
        items = tuple(self.items[key] for key in sorted(self.items))
        return Snapshot(self.version, items, tuple(self.collections[key] for key in sorted(self.collections)))

    def read_items(self, keys: Sequence[ItemKey]) -> tuple[RemoteItem, ...]:
        return tuple(self.items[key] for key in keys if key in self.items)

    def read_deletions(self, since: LibraryVersion) -> Deletions:
        return Deletions(
            frozenset(key for key, version in self._gone_items.items() if version > since),
            frozenset(key for key, version in self._gone_collections.items() if version > since),
        )

    def write_items(self, writes: Sequence[ItemWrite]) -> WriteReport:
        self._check([write.key for write in writes])
        results = tuple(self._write_item(write) for write in writes)
        return WriteReport(self.version, results)

    def create_collections(self, collections: Sequence[NewCollection]) -> WriteReport:
        self._check([collection.key for collection in collections])
        results = tuple(self._create_collection(collection) for collection in collections)
        return WriteReport(self.version, results)

    # What a user does, at once and whatever the versions.

    def put(self, item: RemoteItem) -> None:
        self.items[item.key] = replace(item, version=self._step())
        self._gone_items.pop(item.key, None)

    def edit(self, key: ItemKey, **changes: Any) -> None:
        fields = {**self.items[key].fields, **changes.pop("fields", {})}
        fields = {name: value for name, value in fields.items() if value}
        self.put(replace(self.items[key], fields=fields, **changes))

    def delete(self, *keys: ItemKey) -> None:
        version = self._step()
        for key in keys:
            del self.items[key]
            self._gone_items[key] = version

    def put_collection(self, collection: RemoteCollection) -> None:
        self.collections[collection.key] = replace(collection, version=self._step())

    def delete_collection(self, key: CollectionKey) -> None:
        """Delete a collection and those in it; only the one that was asked for is told of."""
        self._gone_collections[key] = self._step()
        self._end_collection(key)

    def set_type(self, key: ItemKey, kind: str) -> None:
        """Make an item one of another type: values go where their base fields lead, or are lost."""
        old, new = item_types()[self.items[key].type], item_types()[kind]
        fields = {
            new.field_for(old.bases.get(name, name)): value for name, value in self.items[key].fields.items()
        }
        kept = {name: value for name, value in fields.items() if name is not None}
        self.put(replace(self.items[key], type=kind, fields=kept))

    def _end_collection(self, key: CollectionKey) -> None:
        del self.collections[key]
        for child in [each.key for each in self.collections.values() if each.parent == key]:
            self._end_collection(child)
        for item in self.items.values():
            if key in item.collections:
                kept = tuple(each for each in item.collections if each != key)
                self.items[item.key] = replace(item, collections=kept)

    def _step(self) -> LibraryVersion:
        self.version = LibraryVersion(self.version + 1)
        return self.version

    def _check(self, keys: Sequence[str]) -> None:
        if not 1 <= len(keys) <= BATCH or len(set(keys)) != len(keys):
            raise ValueError("one write holds 1 to 50 objects, each once")
        if not self._write:
            raise NotAllowedError("no right to write here")

    def _write_item(self, write: ItemWrite) -> WriteResult:
        old = self.items.get(write.key)
        if old is None and write.version != NEW:
            return Refused(write.key, Refusal.GONE, "no such item")
        if old is not None and (write.version == NEW or write.version < old.version):
            return Refused(write.key, Refusal.MOVED, "changed since")
        kind = write.type or (old.type if old else "")
        creator_types = [creator.type for creator in write.creators or ()]
        if troubles := complaints(kind, write.fields, creator_types):
            return Refused(write.key, Refusal.INVALID, "; ".join(troubles))
        if any(key not in self.collections for key in write.collections or ()):
            return Refused(write.key, Refusal.DANGLING, "no such collection")
        base = old or RemoteItem(key=write.key, version=NEW, type=kind)
        fields = {**base.fields, **{name: value.strip() for name, value in write.fields.items()}}
        new = replace(
            base,
            fields={name: value for name, value in fields.items() if value},
            creators=base.creators if write.creators is None else tuple(write.creators),
            tags=base.tags if write.tags is None else _stored_tags(write.tags),
            collections=base.collections
            if write.collections is None
            else tuple(dict.fromkeys(write.collections)),
        )
        version = self._step()
        if new == old and not write.tags:
            return Unchanged(write.key)
        self.items[write.key] = replace(new, version=version)
        self._gone_items.pop(write.key, None)
        return Written(write.key, version)

    def _create_collection(self, sent: NewCollection) -> WriteResult:
        if sent.key in self.collections:
            return Refused(sent.key, Refusal.MOVED, "exists")
        if sent.parent is not None and sent.parent not in self.collections:
            return Refused(sent.key, Refusal.DANGLING, "no such parent")
        if not sent.name:
            return Refused(sent.key, Refusal.INVALID, "no name")
        version = self._step()
        self.collections[sent.key] = RemoteCollection(
            key=sent.key, version=version, name=sent.name, parent=sent.parent
        )
        self._gone_collections.pop(sent.key, None)
        return Written(sent.key, version)


def _stored_tags(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    by_name: dict[str, Tag] = {}
    for tag in tags:
        by_name.setdefault(tag.name, tag)
    return tuple(by_name[name] for name in sorted(by_name))
