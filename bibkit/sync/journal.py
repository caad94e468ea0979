"""What was about to be written when a run ended, and what of it the library has; pure.

Before each request the actions that it writes are noted. A run that is killed, or never hears the answer,
thus leaves a note of what may have been written. Reading those items tells: a write is made in full or not at
all, so one value of it that is there says that all of it was, whatever the user did to the others since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bibkit.sync.library import ItemKey, ItemWrite, RemoteItem
from bibkit.sync.plan import Action, ActionKind
from bibkit.sync.state import Known, SyncState


@dataclass(frozen=True, slots=True)
class Journal:
    """The plan that is being applied, by its digest; `left` writes are not known to be done.

    `pending` are the actions of the request that may be on its way.
    """

    plan: str
    left: int = 0
    pending: tuple[Action, ...] = ()


def settle_pending(
    pending: Sequence[Action], items: Mapping[ItemKey, RemoteItem], state: SyncState
) -> dict[str, Known]:
    """Return what is to be remembered of actions that turn out to have been written, by their origins."""
    done = {}
    for action in pending:
        item = None if action.item is None else items.get(action.item)
        if item is None or action.write is None or is_done(action, state):
            continue
        if action.kind is ActionKind.CREATE:
            written = item.regular
        else:
            written = item.version > action.write.version and _shows(item, action.write)
        if written:
            done[action.origin] = Known(item.key, action.wanted)
    return done


def is_done(action: Action, state: SyncState) -> bool:
    """Say whether the state knows an action as done: a write is only planned where the base is another."""
    known = state.works.get(action.origin)
    return known is not None and known.item == action.item and known.base == action.wanted


def _shows(item: RemoteItem, write: ItemWrite) -> bool:
    tags = {tag.name for tag in item.tags}
    return (
        any(item.fields.get(name, "") == value for name, value in write.fields.items())
        or (write.creators is not None and item.creators == write.creators)
        or (write.tags is not None and tags.issuperset(tag.name for tag in write.tags))
        or (write.collections is not None and set(item.collections).issuperset(write.collections))
    )
