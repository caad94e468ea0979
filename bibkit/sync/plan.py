"""What a sync would do: works and a library in, one action for each work out; pure.

Every work is matched to an item, or to none, in this order: what the state remembers (followed to the item
that it was merged into); the key that is derived from the work's origin; a strong identifier; a citation key,
if the title or first creator and year agree too; title, first creator and year, all equal. Items that
contradict the work in a strong identifier never match. There is nothing fuzzier, and there is no deletion.

Then an item is created, adopted or updated (`bibkit.sync.merge`), or left alone for a reason that is told.

Past 400 lines, since who a work is and what is done about it are read in one piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from bibkit.sync.keys import derive_item_key
from bibkit.sync.library import (
    NEW,
    CollectionKey,
    Deletions,
    ItemKey,
    ItemWrite,
    LibraryId,
    LibraryVersion,
    NewCollection,
    RemoteItem,
    Snapshot,
)
from bibkit.sync.merge import Change, Kept, merge_item
from bibkit.sync.state import Known, SyncState
from bibkit.sync.values import EXTRA, Evidence, ItemValues, contradict


class ActionKind(StrEnum):
    """What is decided for a work; there is no delete."""

    CREATE = "create"
    ADOPT = "adopt"
    UPDATE = "update"
    KEEP = "keep"
    CONFLICT = "conflict"
    NOOP = "noop"


class Adoption(StrEnum):
    """Where items that bibkit did not make may be taken for works: anywhere, in the collection, nowhere."""

    LIBRARY = "library"
    COLLECTION = "collection"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A work to sync: its claim's origin, its key, its evidence, and what it says as an item of a type.

    `values` makes the values for a type, or for the work's own where that is `None`; it gives `None` for a
    type that nothing is known of.
    """

    origin: str
    citation_key: str
    evidence: Evidence
    values: Callable[[str | None], ItemValues | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is decided for one work.

    `wanted` is what becomes the base when the action is done: for one that writes, when the write has
    succeeded. `reason` says why, for people; it is empty where the kind says all.
    """

    kind: ActionKind
    origin: str
    citation_key: str
    item: ItemKey | None = None
    write: ItemWrite | None = None
    wanted: ItemValues | None = None
    changes: tuple[Change, ...] = ()
    kept: tuple[Kept, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions, one for each work in the order of the works, and what they were decided on.

    `gone` are the origins of works that the state knows and that are no longer wanted; their items are left.
    One whose item was taken over by a work of another origin is not among them.
    `new_collections` are created first, a parent before what stands in it; `collection` is the one that items
    are put into, and `target` how the configuration names it.
    """

    library: LibraryId
    version: LibraryVersion
    serial: int
    actions: tuple[Action, ...]
    gone: tuple[str, ...] = ()
    collection: CollectionKey | None = None
    target: str = ""
    new_collections: tuple[NewCollection, ...] = ()
    adoption: Adoption = Adoption.LIBRARY

    @property
    def writes(self) -> tuple[Action, ...]:
        """The actions that write an item."""
        return tuple(action for action in self.actions if action.write is not None)

    @property
    def counts(self) -> Mapping[ActionKind, int]:
        """How many actions there are of each kind."""
        return Counter(action.kind for action in self.actions)


@dataclass(frozen=True, slots=True)
class _Match:
    """The item that stands for a work, or none, and then the key for a new one.

    `sure` says that bibkit chose it in an earlier run; `base` is what it last wanted there.
    """

    item: RemoteItem | None = None
    sure: bool = False
    base: ItemValues | None = None
    free_key: ItemKey | None = None
    others: tuple[ItemKey, ...] = ()

    @property
    def key(self) -> ItemKey | None:
        """Where the item of the work is, or is to be."""
        return self.free_key if self.item is None else self.item.key


def plan_sync(  # noqa: PLR0913 - everything that a decision depends on, by name
    wanted: Sequence[Wanted],
    snapshot: Snapshot,
    state: SyncState,
    *,
    deletions: Deletions,
    evidence: Callable[[RemoteItem], Evidence],
    adoption: Adoption,
) -> Plan:
    """Decide for every work; `evidence` reads what an item says of itself.

    The same arguments give the same plan; the order of the works changes nothing but the order of actions.
    """
    origins = {work.origin for work in wanted}
    left = {origin: known for origin, known in state.works.items() if origin not in origins}
    index = _Index(snapshot, state.collection, evidence, adoption, left.values())
    matches = [_match(work, state, index, deletions) for work in wanted]
    takers = Counter(match.key for match in matches)
    owned = Counter(match.key for match in matches if match.sure)
    actions = tuple(
        _decide(work, match, state.collection, takers, owned)
        for work, match in zip(wanted, matches, strict=True)
    )
    gone = tuple(sorted(origin for origin, known in left.items() if index.survivor_key(known) not in takers))
    return Plan(
        state.library,
        snapshot.version,
        state.serial,
        actions,
        gone,
        collection=state.collection,
        target=state.target,
        adoption=adoption,
    )


def rivals(plan: Plan, snapshot: Snapshot, evidence: Callable[[RemoteItem], Evidence]) -> dict[str, ItemKey]:
    """Return the origins of a plan's new items that the library has by now, and the items that match them.

    Only what changed since the plan was made can match: all else did not then.
    """
    newer = tuple(item for item in snapshot.items if item.version > plan.version)
    index = _Index(replace(snapshot, items=newer), plan.collection, evidence, plan.adoption, ())
    found: dict[str, ItemKey] = {}
    for action in plan.writes:
        write = action.write
        if action.kind is not ActionKind.CREATE or write is None or write.type is None:
            continue
        made = RemoteItem(
            key=write.key, version=NEW, type=write.type, fields=write.fields, creators=write.creators or ()
        )
        matches = [item for item in index.find(evidence(made)) if item.key != write.key]
        if matches:
            found[action.origin] = matches[0].key
    return found


class _Index:
    """The regular items of a snapshot, by everything that a work may be found by.

    `left` is what is known of works that go by another origin by now, or are gone: who comes to stand for
    such a work's item, wherever that is, takes over what bibkit wanted there.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        collection: CollectionKey | None,
        evidence: Callable[[RemoteItem], Evidence],
        adoption: Adoption,
        left: Iterable[Known],
    ) -> None:
        self.items = {item.key: item for item in snapshot.items}
        # The untrashed one last, and so the one that counts.
        merged = sorted((item for item in snapshot.items if item.replaces), key=lambda item: not item.trashed)
        self.successors = {old: item for item in merged if item.regular for old in item.replaces}
        self.collection = collection
        self.evidence: dict[ItemKey, Evidence] = {}
        self.left: dict[ItemKey, ItemValues | None] = {}
        for known in left:
            key = self.survivor_key(known)
            self.left[key] = _joined(self.left.get(key), known.base)
        self._found: dict[tuple[str, ...], list[RemoteItem]] = {}
        for item in snapshot.items:
            if item.regular and (item.key in self.left or self._may_be_adopted(item, adoption)):
                said = self.evidence[item.key] = evidence(item)
                for name in _names(said):
                    self._found.setdefault(name, []).append(item)

    def find(self, work: Evidence) -> list[RemoteItem]:
        """Return the items that match by the first way that finds any."""
        by_id: list[tuple[str, ...]] = [("id", identifier) for identifier in sorted(work.ids)]
        by_key: list[tuple[str, ...]] = [("key", key) for key in sorted(work.keys)]
        ways: tuple[tuple[list[tuple[str, ...]], Callable[[Evidence], bool]], ...] = (
            (by_id, lambda _: True),
            (by_key, lambda said: _agree(work, said)),
            ([_title_name(work)] if work.title and work.creator else [], lambda _: True),
        )
        for names, holds in ways:
            found = {
                item.key: item
                for name in names
                for item in self._found.get(name, ())
                if holds(self.evidence[item.key]) and not contradict(work, self.evidence[item.key])
            }
            if found:
                return sorted(found.values(), key=self._rank)
        return []

    def survivor(self, key: ItemKey) -> RemoteItem | None:
        """Return the item at a key, or, where that is gone or trashed, the one that it was merged into."""
        seen: set[ItemKey] = set()
        item = self.items.get(key)
        while (item is None or item.trashed) and key not in seen:
            seen.add(key)
            successor = self.successors.get(key)
            if successor is None:
                break
            key, item = successor.key, successor
        return item

    def survivor_key(self, known: Known) -> ItemKey:
        """Return the key of the item that stands for a known work by now; its last one if none does."""
        item = self.survivor(known.item)
        return known.item if item is None else item.key

    def _may_be_adopted(self, item: RemoteItem, adoption: Adoption) -> bool:
        match adoption:
            case Adoption.LIBRARY:
                return True
            case Adoption.COLLECTION:
                return self.collection in item.collections
            case Adoption.NEVER:
                return False
            case unknown:
                assert_never(unknown)

    def _rank(self, item: RemoteItem) -> tuple[bool, bool, ItemKey]:
        return (self.collection not in item.collections, item.trashed, item.key)


def _names(said: Evidence) -> Iterable[tuple[str, ...]]:
    yield from (("id", identifier) for identifier in said.ids)
    yield from (("key", key) for key in said.keys)
    if said.title and said.creator:
        yield _title_name(said)


def _title_name(said: Evidence) -> tuple[str, ...]:
    return ("title", said.title, said.creator, said.year)


def _agree(one: Evidence, other: Evidence) -> bool:
    same_title = bool(one.title) and one.title == other.title
    return same_title or (
        bool(one.creator and one.year) and (one.creator, one.year) == (other.creator, other.year)
    )


def _match(work: Wanted, state: SyncState, index: _Index, deletions: Deletions) -> _Match:
    known = state.works.get(work.origin)
    if known is not None:
        item = index.survivor(known.item)
        taken_over = None if item is None else index.left.get(item.key)
        return _Match(item, sure=True, base=_joined(known.base, taken_over))
    # A note or an attachment can stand at the derived key only if somebody put it there: then the next one.
    attempt = 0
    key = derive_item_key(state.library, work.origin)
    while key in index.items and not index.items[key].regular:
        attempt += 1
        key = derive_item_key(state.library, work.origin, attempt)
    item = index.survivor(key)
    if item is not None:
        return _Match(item, sure=True, base=index.left.get(item.key))
    if key in deletions.items:
        return _Match()
    found = index.find(work.evidence)
    if not found:
        return _Match(free_key=key)
    return _Match(
        found[0],
        sure=found[0].key in index.left,
        base=index.left.get(found[0].key),
        others=tuple(item.key for item in found[1:]),
    )


def _joined(base: ItemValues | None, other: ItemValues | None) -> ItemValues | None:
    """Return what was wanted of an item for one work, with what was ever added to it for another."""
    if base is None or other is None:
        return base or other
    return replace(
        base,
        tags=(*base.tags, *other.tags),
        collections=(*base.collections, *other.collections),
    )


def _decide(
    work: Wanted,
    match: _Match,
    collection: CollectionKey | None,
    takers: Mapping[ItemKey | None, int],
    owned: Mapping[ItemKey | None, int],
) -> Action:
    if match.key is None:
        return _leave(work, match, ActionKind.NOOP, "was deleted in the library; not made again")
    # The item of an earlier run stays with its work, whoever else comes to match it.
    if takers[match.key] > 1 and not (match.sure and owned[match.key] == 1):
        return _leave(
            work, match, ActionKind.CONFLICT, f"{takers[match.key]} works match the item {match.key}"
        )
    if match.item is None:
        return _create(work, match.key, collection)
    if match.item.trashed:
        return _leave(work, match, ActionKind.NOOP, "is in the trash; left there")
    return _merge(work, match, match.item, collection)


def _merge(work: Wanted, match: _Match, item: RemoteItem, collection: CollectionKey | None) -> Action:
    wanted = work.values(item.type)
    if wanted is None:
        reason = f"is of the type {item.type!r}, which this bibkit does not know; left alone"
        return _leave(work, match, ActionKind.NOOP, reason)
    merge = merge_item(match.base, _in_collection(wanted, collection), item)
    if match.base is None:
        kind = ActionKind.ADOPT
    elif merge.write is not None:
        kind = ActionKind.UPDATE
    else:
        kind = ActionKind.KEEP if merge.kept else ActionKind.NOOP
    return Action(
        kind=kind,
        origin=work.origin,
        citation_key=work.citation_key,
        item=item.key,
        write=merge.write,
        wanted=merge.base,
        changes=merge.changes,
        kept=merge.kept,
        reason=f"also matches {', '.join(match.others)}" if match.others else "",
    )


def _create(work: Wanted, key: ItemKey, collection: CollectionKey | None) -> Action:
    wanted = work.values(None)
    assert wanted is not None  # noqa: S101 - a work's own type is known
    values = _in_collection(wanted, collection)
    fields = dict(values.fields)
    if values.lines:
        fields[EXTRA] = "\n".join(values.lines.values())
    write = ItemWrite(
        key=key,
        version=NEW,
        type=values.type,
        fields=fields,
        creators=values.creators,
        tags=values.tags,
        collections=values.collections,
    )
    changes = tuple(Change(name, "", text) for name, text in fields.items())
    return Action(
        kind=ActionKind.CREATE,
        origin=work.origin,
        citation_key=work.citation_key,
        item=key,
        write=write,
        wanted=values,
        changes=changes,
    )


def _leave(work: Wanted, match: _Match, kind: ActionKind, reason: str) -> Action:
    key = None if match.item is None else match.item.key
    return Action(kind=kind, origin=work.origin, citation_key=work.citation_key, item=key, reason=reason)


def _in_collection(values: ItemValues, collection: CollectionKey | None) -> ItemValues:
    return replace(values, collections=() if collection is None else (collection,))
