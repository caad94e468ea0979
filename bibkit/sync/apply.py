"""What a plan says, done: in batches, each noted before it is sent and remembered when it is answered.

In: a plan, a library, the store. Out: an `Outcome`, and a state on disk that is never ahead of the library.
It refuses to know where plans come from: `sync` is handed what makes one, and what must hold before a write.

A base moves only when its write was done, or when nothing was to be written. What was on its way when a run
ended is looked up first thing in the next one (`recover`), so that it is neither done twice nor forgotten.
What answers tell goes into the journal, request by request, and into the state once, at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bibkit.errors import (
    MissingTargetError,
    ServiceError,
    StalePlanError,
    SyncFileError,
    UncertainWriteError,
)
from bibkit.sync.documents import digest_plan
from bibkit.sync.journal import JournalStart, is_done, settle_pending
from bibkit.sync.library import (
    BATCH,
    CollectionKey,
    Deletions,
    ItemKey,
    Library,
    LibraryVersion,
    NewCollection,
    Refusal,
    Refused,
    RemoteItem,
    Snapshot,
    Written,
)
from bibkit.sync.plan import Action, ActionKind, Plan, rivals
from bibkit.sync.state import Known, SyncState
from bibkit.sync.store import Store
from bibkit.sync.values import Evidence

ROUNDS: Final = 4
"""How often `sync` plans where others write at the same time; then the rest is left to the next run."""

_PASSING: Final = frozenset({Refusal.MOVED, Refusal.GONE, Refusal.DANGLING})


@dataclass(frozen=True, slots=True)
class NotDone:
    """An action that was not done, and why: `INVALID` will be so again, all else may pass by itself."""

    action: Action
    reason: Refusal
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a plan: how many items were written, and what was not done.

    `version` is the library's after it, and None where somebody else may have written in between.
    """

    plan: Plan
    state: SyncState
    written: int = 0
    unchanged: int = 0
    not_done: tuple[NotDone, ...] = ()
    version: LibraryVersion | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """What of a plan is not to be done: actions by their origins, with the reasons, and collections."""

    actions: Mapping[str, str] = field(default_factory=dict)
    collections: frozenset[CollectionKey] = frozenset()


def look_up(library: Library, store: Store) -> tuple[SyncState, int]:
    """Return the state as `recover` would, and how many writes turned out to be done; nothing is saved."""
    state = store.load()
    journal = store.load_journal()
    if journal is None or not journal.pending:
        return state, 0
    keys = [action.item for action in journal.pending if action.item is not None]
    items = {item.key: item for item in library.read_items(keys)}
    done = settle_pending(journal.pending, items, state)
    return (state.remember(done) if done else state), len(done)


def recover(library: Library, store: Store) -> SyncState:
    """Return the state, with what the last run had sent and did not hear of looked up in the library.

    It is saved, and the journal tells nothing any more but which plan it is of, and how much of it is left.
    """
    state, done = look_up(library, store)
    if done:
        store.save(state)
    journal = store.load_journal()
    if journal is not None and (journal.pending or journal.answered):
        store.start_journal(JournalStart(journal.plan, journal.left - done, state.serial))
    return state


def sync(
    library: Library,
    store: Store,
    make_plan: Callable[[SyncState], Plan],
    before_writing: Callable[[Plan], None],
) -> Outcome:
    """Plan and apply until nothing moved in between; `before_writing` raises where nothing may be written.

    What others write at the same time is read and merged again, `ROUNDS` times at most; what is left then is
    not done, and says so.
    """
    written = unchanged = 0
    first: Plan | None = None
    for attempt in range(1, ROUNDS + 1):
        state = recover(library, store)
        plan = make_plan(state)
        first = first or plan
        if plan.writes or plan.new_collections:
            before_writing(plan)
        try:
            outcome = apply_plan(plan, library, store, state)
        except UncertainWriteError:
            if attempt == ROUNDS:
                raise
            continue
        written, unchanged = written + outcome.written, unchanged + outcome.unchanged
        if attempt == ROUNDS or not any(each.reason in _PASSING for each in outcome.not_done):
            return replace(outcome, plan=first, written=written, unchanged=unchanged)
    raise AssertionError("the last round returns or raises")


def apply_saved(
    plan: Plan,
    library: Library,
    store: Store,
    evidence: Callable[[RemoteItem], Evidence],
    before_writing: Callable[[Plan], None],
) -> Outcome:
    """Apply a plan that was made before: exactly that, or what is left of it, and nothing else.

    Raises `SyncFileError` for a plan of another library, `StalePlanError` where another sync ran since or a
    collection that it creates was made by somebody else, and `MissingTargetError` where its collection is
    gone. An action whose item moved or was deleted since is not done.
    """
    _check_edits(plan)
    if plan.library != library.id:
        raise SyncFileError(
            f"the plan is for {plan.library}, not for {library.id}",
            hint="Make one for this library with `bibkit plan`.",
        )
    journal = store.load_journal()
    state = recover(library, store)
    resumed = journal is not None and journal.plan == digest_plan(plan)
    if not resumed and plan.serial != state.serial:
        raise StalePlanError(
            "the plan is stale: another sync of this library has ended since it was made",
            hint="Make it anew with `bibkit plan`.",
        )
    left = [action for action in plan.writes if not is_done(action, state)]
    if not left and resumed and state.collection == plan.collection:
        return Outcome(plan=plan, state=state)
    snapshot = library.read_all()
    deletions = library.read_deletions(plan.version)
    _check_collection(plan, snapshot, deletions)
    items = {item.key: item for item in snapshot.items}
    stale = {action.origin: reason for action in left if (reason := _moved(action, items, deletions))}
    found = rivals(plan, snapshot, evidence)
    stale |= {origin: f"is in the library by now, as {key}" for origin, key in found.items()}
    todo = tuple(action for action in left if action.origin not in stale)
    skipped = Skipped(stale, frozenset(each.key for each in snapshot.collections))
    if todo or _missing(plan, skipped):
        before_writing(replace(plan, actions=todo))
    return apply_plan(plan, library, store, state, skipped)


def apply_plan(
    plan: Plan, library: Library, store: Store, state: SyncState, skipped: Skipped | None = None
) -> Outcome:
    """Do what a plan says, and remember it."""
    skipped = skipped or Skipped()
    stale, missing = skipped.actions, _missing(plan, skipped)
    digest = digest_plan(plan)
    left = [action for action in plan.writes if not is_done(action, state)]
    todo = [action for action in left if action.origin not in stale]
    version: LibraryVersion | None = plan.version
    if missing:
        version = _create_collections(plan, missing, library, version)
    before, state = state, _remember_rest(plan, _remember_target(plan, state))
    if left or missing or state != before:
        # First of all: from here on it is this plan that can be gone on with, and no other.
        store.start_journal(JournalStart(digest, len(left), state.serial))
    store.save(state)
    not_done = [NotDone(each, Refusal.MOVED, stale[each.origin]) for each in left if each.origin in stale]
    learned: dict[str, Known] = {}
    written = answered = 0
    for batch in _batches(todo):
        store.note_sent(batch)
        report = library.write_items([action.write for action in batch if action.write is not None])
        taken: list[int] = []
        for place, (action, result) in enumerate(zip(batch, report.results, strict=True)):
            if isinstance(result, Refused):
                not_done.append(NotDone(action, result.reason, result.message))
            elif action.item is not None:
                taken.append(place)
                learned[action.origin] = Known(action.item, action.wanted)
                written += isinstance(result, Written)
        store.note_taken(taken)
        answered += 1
        # Each object that is taken moves the library by one or more: if all of them did by one, nobody
        # else wrote in between.
        version = _follow(version, report.version, len(taken))
    if answered:
        state = replace(state, serial=state.serial + answered, works={**state.works, **learned})
        store.save(state)
        store.start_journal(JournalStart(digest, len(left) - len(learned), state.serial))
    return Outcome(
        plan=plan,
        state=state,
        written=written,
        unchanged=len(learned) - written,
        not_done=tuple(not_done),
        version=version,
    )


def _batches(actions: list[Action]) -> Iterator[list[Action]]:
    for start in range(0, len(actions), BATCH):
        yield actions[start : start + BATCH]


def _follow(version: LibraryVersion | None, reported: LibraryVersion, steps: int) -> LibraryVersion | None:
    return reported if version is not None and reported == version + steps else None


def _missing(plan: Plan, skipped: Skipped) -> tuple[NewCollection, ...]:
    return tuple(each for each in plan.new_collections if each.key not in skipped.collections)


def _create_collections(
    plan: Plan, missing: tuple[NewCollection, ...], library: Library, version: LibraryVersion | None
) -> LibraryVersion | None:
    report = library.create_collections(missing)
    for result in report.results:
        # Its key is derived from its path: if something stands there, an earlier run has made it.
        if isinstance(result, Refused) and result.reason is not Refusal.MOVED:
            raise ServiceError(
                f"{library.id}: the collection {plan.target!r} cannot be created: {result.message}",
                hint="Create it by hand, or name another one.",
            )
    created = sum(isinstance(result, Written) for result in report.results)
    return _follow(version, report.version, created)


def _remember_target(plan: Plan, state: SyncState) -> SyncState:
    if (state.collection, state.target) == (plan.collection, plan.target):
        return state
    return replace(state, serial=state.serial + 1, collection=plan.collection, target=plan.target)


def _remember_rest(plan: Plan, state: SyncState) -> SyncState:
    """Return the state that knows what is wanted of the items that are not written."""
    known = {
        action.origin: Known(action.item, action.wanted)
        for action in plan.actions
        if action.write is None and action.item is not None and action.wanted is not None
    }
    news = {origin: each for origin, each in known.items() if state.works.get(origin) != each}
    return state.remember(news) if news else state


def _check_edits(plan: Plan) -> None:
    """Refuse a plan that bibkit cannot have made: a person may have edited it."""
    origins = Counter(action.origin for action in plan.actions)
    items = Counter(action.item for action in plan.writes)
    whole = all(action.write and action.write.key == action.item and action.wanted for action in plan.writes)
    if not whole or max((*origins.values(), *items.values()), default=0) > 1:
        raise SyncFileError(
            "the plan was edited so that it contradicts itself: a work or an item stands in it twice, or an "
            "action is not whole",
            hint="Take whole actions out of it, or make it anew with `bibkit plan`.",
        )


def _check_collection(plan: Plan, snapshot: Snapshot, deletions: Deletions) -> None:
    there = {each.key: each for each in snapshot.collections}
    standing = {(each.name, each.parent): each.key for each in snapshot.collections if not each.trashed}
    new = {each.key: each for each in plan.new_collections}
    for key in dict.fromkeys((*new, *_one(plan.collection))):
        held = there.get(key)
        if key in deletions.collections or (held is None and key not in new) or (held and held.trashed):
            raise MissingTargetError(
                f"the collection {plan.target!r} was deleted since the plan was made; it is not made again",
                hint="Restore it in Zotero, or name another one in bibkit.toml.",
            )
    for each in new.values():
        if standing.get((each.name, each.parent), each.key) != each.key:
            raise StalePlanError(
                f"the plan is stale: somebody else made the collection {each.name!r} since",
                hint="Make the plan anew with `bibkit plan`.",
            )


def _one(key: CollectionKey | None) -> Iterable[CollectionKey]:
    return () if key is None else (key,)


def _moved(action: Action, items: Mapping[ItemKey, RemoteItem], deletions: Deletions) -> str:
    """Return what is the matter with the item of a write, or ""."""
    item = None if action.item is None else items.get(action.item)
    if action.kind is ActionKind.CREATE:
        if action.item in deletions.items:
            return f"the item {action.item} was deleted since; it is not made again"
        return "" if item is None else f"an item stands at {item.key} by now"
    if item is None:
        return f"the item {action.item} is gone"
    expected = None if action.write is None else action.write.version
    return "" if item.version == expected else f"the item {item.key} was changed since the plan was made"
