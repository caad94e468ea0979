"""What was learned since the state was last saved, and what was on its way when a run ended; pure.

Before each request the actions that it writes are noted, and after it which of them the library took. A run
that is killed, or never hears the answer, thus leaves a note of what may have been written.

An item that stands at its old version was not written. One that has moved was written, or somebody else
changed it, or both: no library tells which. Such a write is taken for done. If it was not, bibkit's change is
never made, and shows as a value that is kept; if it was, and the user took it back since, doing it again
would undo the user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bibkit.sync.library import ItemKey, RemoteItem
from bibkit.sync.plan import Action, ActionKind
from bibkit.sync.state import Known, SyncState


@dataclass(frozen=True, slots=True)
class JournalStart:
    """The plan that is being applied, by its digest, and how many of its writes are not known to be done.

    `serial` is that of the state on which the plan is applied.
    """

    plan: str
    left: int = 0
    serial: int = 0


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as it stands after some requests: `left` writes of the plan are not known to be done.

    `pending` are the actions of a request whose answer is not known. `learned` is what the answers to
    `answered` requests told of works, by their origins.
    """

    plan: str
    left: int = 0
    serial: int = 0
    pending: tuple[Action, ...] = ()
    answered: int = 0
    learned: Mapping[str, Known] = field(default_factory=dict)


def with_learned(state: SyncState, journal: Journal) -> SyncState:
    """Return the state with what a journal tells, if that is not in it yet."""
    serial = journal.serial + journal.answered
    if not journal.answered or state.serial >= serial:
        return state
    return replace(state, serial=serial, works={**state.works, **journal.learned})


def bare_action(action: Action) -> Action:
    """Return an action with what a journal needs of it: what is for people only is left out."""
    return replace(action, changes=(), kept=(), reason="")


def settle_pending(
    pending: Sequence[Action], items: Mapping[ItemKey, RemoteItem], state: SyncState
) -> dict[str, Known]:
    """Return what is to be remembered of actions that were written, or may have been, by their origins."""
    done = {}
    for action in pending:
        item = None if action.item is None else items.get(action.item)
        if item is None or action.write is None or is_done(action, state):
            continue
        created = action.kind is ActionKind.CREATE
        if item.regular if created else item.version > action.write.version:
            done[action.origin] = Known(item.key, action.wanted)
    return done


def is_done(action: Action, state: SyncState) -> bool:
    """Say whether the state knows an action as done: a write is only planned where the base is another."""
    known = state.works.get(action.origin)
    return known is not None and known.item == action.item and known.base == action.wanted
