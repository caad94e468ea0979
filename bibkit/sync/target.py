"""Which collection items are put into: a key, or a path of names, resolved against a library; pure.

A collection that was used once is followed by its key, whatever it is called and wherever it stands now, as
long as the configuration names it in the same words. One that was deleted is not made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bibkit.errors import ConfigError, MissingTargetError
from bibkit.sync.keys import derive_collection_key
from bibkit.sync.library import CollectionKey, Deletions, NewCollection, RemoteCollection, Snapshot
from bibkit.sync.state import SyncState

SEPARATOR: Final = "/"


@dataclass(frozen=True, slots=True)
class Target:
    """How a collection is named: by its key, or by the names from the top down to it."""

    path: tuple[str, ...] = ()
    key: CollectionKey | None = None

    def __str__(self) -> str:
        """Return the key, or the names with slashes between them."""
        return self.key if self.key is not None else SEPARATOR.join(self.path)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The key of a target, and the collections to create for it, a parent first."""

    key: CollectionKey
    missing: tuple[NewCollection, ...] = ()


def parse_path(text: str) -> tuple[str, ...]:
    """Return the names of a path, `Lab/Reading list`; raise `ConfigError` for one with an empty name."""
    names = tuple(name.strip() for name in text.split(SEPARATOR))
    if not all(names):
        raise ConfigError(
            f"the collection {text!r} has an empty name in it",
            hint="Write it as Lab/Reading list. A name that has a slash in it can only be given by its key.",
        )
    return names


def resolve_target(target: Target, snapshot: Snapshot, state: SyncState, deletions: Deletions) -> Resolved:
    """Return the collection that a target names, and what is to be created where a path leads nowhere yet.

    Raises `MissingTargetError` where it was deleted, or a key names none, and `ConfigError` where a path fits
    two collections.
    """
    there = {each.key: each for each in snapshot.collections}
    known = state.collection if state.target == str(target) else None
    if known is not None or target.key is not None:
        key = known or target.key
        assert key is not None  # noqa: S101 - one of them is a key
        _refuse_gone(target, key, there)
        return Resolved(key)
    return _resolve_path(target, list(there.values()), state, deletions)


def is_trashed(key: CollectionKey | None, collections: Mapping[CollectionKey, RemoteCollection]) -> bool:
    """Say whether a collection, or one that it stands in, is in the trash."""
    seen: set[CollectionKey] = set()
    while key is not None and key in collections and key not in seen:
        if collections[key].trashed:
            return True
        seen.add(key)
        key = collections[key].parent
    return False


def _resolve_path(
    target: Target, collections: Sequence[RemoteCollection], state: SyncState, deletions: Deletions
) -> Resolved:
    standing = [each for each in collections if not each.trashed]
    by_key = {each.key: each for each in collections}
    missing: list[NewCollection] = []
    parent: CollectionKey | None = None
    for depth, name in enumerate(target.path, start=1):
        found = [each.key for each in standing if (each.name, each.parent) == (name, parent)]
        if len(found) > 1:
            raise ConfigError(
                f"the collection {target} fits {len(found)} collections: {', '.join(sorted(found))}",
                hint="Say which one is meant by its key, with `collection-key`.",
            )
        if found:
            parent = found[0]
            continue
        # One that bibkit made stands at this key, even where its name is another one now.
        key = derive_collection_key(state.library, SEPARATOR.join(target.path[:depth]))
        if key in deletions.collections or key in by_key:
            _refuse_gone(target, key, by_key)
        else:
            missing.append(NewCollection(key, name, parent))
        parent = key
    assert parent is not None  # noqa: S101 - a path has a name
    return Resolved(parent, tuple(missing))


def _refuse_gone(
    target: Target, key: CollectionKey, collections: Mapping[CollectionKey, RemoteCollection]
) -> None:
    if key not in collections:
        what = "is not in the library"
    elif is_trashed(key, collections):
        what = "is in the trash"
    else:
        return
    raise MissingTargetError(
        f"the collection {target} {what}; it is not made again",
        hint="Restore it in Zotero, or name another one in bibkit.toml.",
    )
