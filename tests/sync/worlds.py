"""A library and the user beside it, the same for the library in memory and for the one behind the server."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from emulator import Emulator

from bibkit.sync.library import CollectionKey, ItemKey, Library, RemoteCollection, RemoteItem, Tag
from bibkit.zotero import wire
from sync.memory import MemoryLibrary


class MemoryWorld:
    """The user of a `MemoryLibrary`."""

    def __init__(self, memory: MemoryLibrary, library: Library) -> None:
        self.memory = memory
        self.library = library

    def add(
        self,
        key: ItemKey,
        kind: str = "preprint",
        fields: Mapping[str, str] | None = None,
        tags: tuple[str, ...] = (),
    ) -> None:
        stored = tuple(Tag(tag) for tag in tags)
        self.memory.put(
            RemoteItem(
                key=key, version=self.memory.version, type=kind, fields=dict(fields or {}), tags=stored
            )
        )

    def add_note(self, key: ItemKey, parent: ItemKey) -> None:
        note = RemoteItem(key=key, version=self.memory.version, type="note", parent=parent, regular=False)
        self.memory.put(note)

    def edit(self, key: ItemKey, **fields: str) -> None:
        self.memory.edit(key, fields=fields)

    def tag(self, key: ItemKey, *tags: str) -> None:
        self.memory.edit(key, tags=tuple(Tag(tag) for tag in tags))

    def move(self, key: ItemKey, *collections: CollectionKey) -> None:
        self.memory.edit(key, collections=collections)

    def trash(self, key: ItemKey) -> None:
        self.memory.edit(key, trashed=True)

    def restore(self, key: ItemKey) -> None:
        self.memory.edit(key, trashed=False)

    def delete(self, key: ItemKey) -> None:
        self.memory.delete(key)

    def merge(self, survivor: ItemKey, other: ItemKey) -> None:
        one, two = self.memory.items[survivor], self.memory.items[other]
        tags, collections = united(one, two)
        replaces = (*one.replaces, other)
        self.memory.edit(survivor, replaces=replaces, tags=tags, collections=collections)
        self.memory.edit(other, trashed=True)

    def set_type(self, key: ItemKey, kind: str) -> None:
        self.memory.set_type(key, kind)

    @property
    def items(self) -> Mapping[ItemKey, RemoteItem]:
        return dict(self.memory.items)

    @property
    def collections(self) -> Mapping[CollectionKey, RemoteCollection]:
        return dict(self.memory.collections)

    def move_collection(self, key: CollectionKey, parent: CollectionKey | None) -> None:
        self.memory.put_collection(replace(self.memory.collections[key], parent=parent))

    def trash_collection(self, key: CollectionKey, *, trashed: bool) -> None:
        self.memory.put_collection(replace(self.memory.collections[key], trashed=trashed))

    def add_collection(self, key: CollectionKey, name: str, parent: CollectionKey | None = None) -> None:
        self.memory.put_collection(
            RemoteCollection(key=key, version=self.memory.version, name=name, parent=parent)
        )

    def rename_collection(self, key: CollectionKey, name: str) -> None:
        self.memory.put_collection(replace(self.memory.collections[key], name=name))

    def delete_collection(self, key: CollectionKey) -> None:
        self.memory.delete_collection(key)


class EmulatorWorld:
    """The user of the emulated server, who works without HTTP."""

    def __init__(self, emulator: Emulator, library: Library) -> None:
        self.emulator = emulator
        self.state = emulator.library
        self.library = library

    def add(
        self,
        key: ItemKey,
        kind: str = "preprint",
        fields: Mapping[str, str] | None = None,
        tags: tuple[str, ...] = (),
    ) -> None:
        data: dict[str, Any] = {"itemType": kind, **(fields or {})}
        self.state.add(key=key, tags=[{"tag": tag} for tag in tags], **data)

    def add_note(self, key: ItemKey, parent: ItemKey) -> None:
        self.state.add(key=key, itemType="note", note="<p>mine</p>", parentItem=parent)

    def edit(self, key: ItemKey, **fields: str) -> None:
        self.state.edit(key, **fields)

    def tag(self, key: ItemKey, *tags: str) -> None:
        self.state.edit(key, tags=[{"tag": tag} for tag in tags])

    def move(self, key: ItemKey, *collections: CollectionKey) -> None:
        self.state.edit(key, collections=list(collections))

    def trash(self, key: ItemKey) -> None:
        self.state.edit(key, deleted=1)

    def restore(self, key: ItemKey) -> None:
        self.state.edit(key, deleted=0)

    def delete(self, key: ItemKey) -> None:
        self.state.delete("item", [key])

    def merge(self, survivor: ItemKey, other: ItemKey) -> None:
        tags, collections = united(self.items[survivor], self.items[other])
        sent = [{"tag": tag.name, "type": int(tag.automatic)} for tag in tags]
        self.state.edit(survivor, tags=sent, collections=list(collections))
        self.state.merge(survivor, other)

    def set_type(self, key: ItemKey, kind: str) -> None:
        self.state.edit(key, itemType=kind)

    @property
    def items(self) -> Mapping[ItemKey, RemoteItem]:
        render, prefix = self.emulator.api._render, self.state.uri("")
        sent = [render(self.state, "item", each) for each in list(self.state.items.values())]
        return {item.key: item for item in (wire.read_item(each, prefix) for each in sent)}

    @property
    def collections(self) -> Mapping[CollectionKey, RemoteCollection]:
        render = self.emulator.api._render
        sent = [render(self.state, "collection", each) for each in list(self.state.collections.values())]
        return {each.key: each for each in map(wire.read_collection, sent)}

    def move_collection(self, key: CollectionKey, parent: CollectionKey | None) -> None:
        self.state.edit_collection(key, parentCollection=parent or False)

    def trash_collection(self, key: CollectionKey, *, trashed: bool) -> None:
        self.state.edit_collection(key, deleted=trashed)

    def add_collection(self, key: CollectionKey, name: str, parent: CollectionKey | None = None) -> None:
        self.state.add_collection(name, parent, key)

    def rename_collection(self, key: CollectionKey, name: str) -> None:
        self.state.edit_collection(key, name=name)

    def delete_collection(self, key: CollectionKey) -> None:
        self.state.delete("collection", [key])


def united(one: RemoteItem, two: RemoteItem) -> tuple[tuple[Tag, ...], tuple[CollectionKey, ...]]:
    """The tags and collections of an item that another one was merged into."""
    tags = {tag.name: tag for tag in (*two.tags, *one.tags)}
    return tuple(tags[name] for name in sorted(tags)), tuple(
        dict.fromkeys((*one.collections, *two.collections))
    )


World = MemoryWorld | EmulatorWorld
