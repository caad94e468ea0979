"""The port to a library of items: what sync may read of it, and the only things that it can write.

Terminology

* LIBRARY: the items and collections of one user or one group on one server.
* ITEM: an object of a library with a type and fields; a *regular* item describes a work, a *child* (a note,
  an attachment, an annotation) belongs to one or stands alone.
* ITEM KEY: what names an item in its library for ever, eight characters of `KEY_ALPHABET`. Whoever creates
  an item may choose its key.
* LIBRARY VERSION: the library's counter. It only grows, in steps of any size; every write of an object moves
  it, even one that changes nothing. An item's own version is the library's when the item last changed.
* SNAPSHOT: items and collections as they all were at one library version.
* WRITE: what is asked for one object: its key, the version that it is expected to have (0: it does not exist
  yet), and the values to set. What a write does not mention stays as it is.
* MEMBERSHIP: an item is in any number of collections. Deleting a collection ends memberships without moving
  the versions of the items.
* TRASH: trashed items stay in the library, with their keys; they are in a snapshot, marked.

A write can neither delete an item, nor move it to or from the trash, nor change its type, its notes or its
relations: nobody who holds a `Library` can do that to a user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType, Protocol

LibraryId = NewType("LibraryId", str)
LibraryVersion = NewType("LibraryVersion", int)
ItemKey = NewType("ItemKey", str)
CollectionKey = NewType("CollectionKey", str)

KEY_ALPHABET: Final = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
KEY_LENGTH: Final = 8
NEW: Final = LibraryVersion(0)  # the version that a write expects of an object that does not exist yet
BATCH: Final = 50  # as many objects as one write may hold


@dataclass(frozen=True, slots=True)
class ItemCreator:
    """A creator of an item: a person by family and given name, or, with `given` None, a name in one piece."""

    type: str
    name: str
    given: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """A tag; an automatic one was set by a program, not by a person."""

    name: str
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteItem:
    """An item as the library holds it.

    `fields` are those that are not empty, by name; a child has none here. `replaces` are the keys of items
    that were merged into this one.
    """

    key: ItemKey
    version: LibraryVersion
    type: str
    fields: Mapping[str, str] = field(default_factory=dict)
    creators: tuple[ItemCreator, ...] = ()
    tags: tuple[Tag, ...] = ()
    collections: tuple[CollectionKey, ...] = ()
    replaces: tuple[ItemKey, ...] = ()
    parent: ItemKey | None = None
    regular: bool = True
    trashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCollection:
    """A collection as the library holds it; `parent` is the collection that it stands in."""

    key: CollectionKey
    version: LibraryVersion
    name: str
    parent: CollectionKey | None = None
    trashed: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything in a library at one version, in the order of the keys."""

    version: LibraryVersion
    items: tuple[RemoteItem, ...]
    collections: tuple[RemoteCollection, ...]


@dataclass(frozen=True, slots=True)
class Deletions:
    """What is known to have been deleted for good, and not created again since."""

    items: frozenset[ItemKey]
    collections: frozenset[CollectionKey]


@dataclass(frozen=True, slots=True)
class Rights:
    """What the holder of this library may do."""

    read: bool
    write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWrite:
    """What to set of one item: `None` leaves creators, tags or collections as they are, "" empties a field.

    With `version` NEW the item is created, and needs its `type`; otherwise `type` is `None`.
    """

    key: ItemKey
    version: LibraryVersion
    type: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    creators: tuple[ItemCreator, ...] | None = None
    tags: tuple[Tag, ...] | None = None
    collections: tuple[CollectionKey, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse a new item with no type, and a change of type."""
        if (self.version == NEW) != (self.type is not None):
            raise ValueError("an item gets its type when it is created, and then keeps it")


@dataclass(frozen=True, slots=True)
class NewCollection:
    """A collection to create, under a key of the caller's."""

    key: CollectionKey
    name: str
    parent: CollectionKey | None = None


class Refusal(StrEnum):
    """Why an object was not written, by what can be done about it."""

    MOVED = "moved"  # its version is not the expected one: read it again
    GONE = "gone"  # it does not exist, and was expected to
    DANGLING = "dangling"  # it names a collection or a parent that does not exist
    INVALID = "invalid"  # the library takes no such value: trying again does not help
    FAILED = "failed"  # the library could not, for reasons of its own: try again later


@dataclass(frozen=True, slots=True)
class Written:
    """The object was written, and has this version now."""

    key: str
    version: LibraryVersion


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The object was as it should be already; its version did not move, the library's did."""

    key: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The object was not written; `message` is the library's own."""

    key: str
    reason: Refusal
    message: str


WriteResult = Written | Unchanged | Refused


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What became of each object of a write, in its order, and the library's version after it."""

    version: LibraryVersion
    results: tuple[WriteResult, ...]


class Library(Protocol):
    """A library. Every method raises as `bibkit.errors` has it, and never reports a failure as emptiness.

    `ServiceError`: not reachable, or no library at all; `NotAllowedError`: the rights do not suffice;
    `MissingTargetError`: there is no such library; `TemporaryError`: busy for longer than is worth waiting.
    """

    @property
    def id(self) -> LibraryId:
        """What tells this library from every other, on any server; holds no secret."""
        ...

    def rights(self) -> Rights:
        """Return what may be done here."""
        ...

    def has_moved(self, since: LibraryVersion) -> bool:
        """Say whether the library's version is higher than this one, by the cheapest request there is."""
        ...

    def read_all(self) -> Snapshot:
        """Return everything as it was at one version, trash included.

        Raises `UnsettledReadError` where others write so often that no such moment was found.
        """
        ...

    def read_items(self, keys: Sequence[ItemKey]) -> tuple[RemoteItem, ...]:
        """Return those of some items that exist, as they are now, in the order of the keys, trash too."""
        ...

    def read_deletions(self, since: LibraryVersion) -> Deletions:
        """Return what was deleted for good after a version."""
        ...

    def write_items(self, writes: Sequence[ItemWrite]) -> WriteReport:
        """Write up to `BATCH` items, each by itself: some may be written and others refused.

        A write is made in full or not at all, for each item, and only if the item has the expected version.
        So the same write twice cannot create two items, nor set a value over somebody else's. Raises
        `UncertainWriteError` where the answer is lost; each item is then written or not, and those that stand
        at their old version were not. Any other error says that nothing was written.
        """
        ...

    def create_collections(self, collections: Sequence[NewCollection]) -> WriteReport:
        """Create up to `BATCH` collections; all else is as for `write_items`."""
        ...
