"""A library and the user beside it, the same for the library in memory and for the one behind the server."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from emulator import Emulator

from bibkit.sync.library import CollectionKey, ItemKey, Library, RemoteCollection, RemoteItem, Tag
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
        self.memory.edit(survivor, replaces=(*self.memory.items[survivor].replaces, other))
        self.memory.edit(other, trashed=True)

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
        self.state.merge(survivor, other)

    def add_collection(self, key: CollectionKey, name: str, parent: CollectionKey | None = None) -> None:
        self.state.add_collection(name, parent, key)

    def rename_collection(self, key: CollectionKey, name: str) -> None:
        self.state.edit_collection(key, name=name)

    def delete_collection(self, key: CollectionKey) -> None:
        self.state.delete("collection", [key])


World = MemoryWorld | EmulatorWorld
