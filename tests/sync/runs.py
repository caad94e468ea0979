"""A whole sync for tests: works that stand in a list, a library, a store, and the calls that join them."""

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry
from bibkit.sync.apply import Outcome, apply_saved, sync
from bibkit.sync.library import NEW, Library
from bibkit.sync.plan import Adoption, Plan, Wanted, plan_sync
from bibkit.sync.state import SyncState
from bibkit.sync.store import Owner, Store
from bibkit.sync.target import Target, resolve_target
from bibkit.zotero.evidence import evidence_of_entry, evidence_of_item
from bibkit.zotero.item import values_as

ME = Owner("desk", 1, 0.0)
SHELF = Target(("Lab", "Reading list"))


def work(number: int, title: str = "A title") -> Wanted:
    """One of many works, of little text."""
    record = Record(
        type=ItemType.PREPRINT,
        title=f"{title} {number}",
        creators=(Person(f"Family{number}", "Given"),),
        issued=PartialDate(2024),
        categories=("cs.LG",),
    )
    entry = Entry(CitationKey(f"family{number}"), record)
    return Wanted(entry.key, entry.key, evidence_of_entry(entry), partial(values_as, entry))


@dataclass
class Bibkit:
    """One bibkit with a state folder."""

    folder: Path
    library: Library
    wanted: list[Wanted] = field(default_factory=list)
    target: Target = SHELF
    adoption: Adoption = Adoption.LIBRARY
    refuse: Exception | None = None

    @property
    def store(self) -> Store:
        return Store(self.folder, self.library.id)

    def plan(self, state: SyncState | None = None) -> Plan:
        state = state or self.store.load()
        snapshot = self.library.read_all()
        deletions = self.library.read_deletions(NEW)
        resolved = resolve_target(self.target, snapshot, state, deletions)
        plan = plan_sync(
            self.wanted,
            snapshot,
            replace(state, collection=resolved.key, target=str(self.target)),
            deletions=deletions,
            evidence=evidence_of_item,
            adoption=self.adoption,
        )
        return replace(plan, new_collections=resolved.missing)

    def sync(self) -> Outcome:
        store = self.store
        with store.hold(ME):
            return sync(self.library, store, self.plan, self._before)

    def apply(self, plan: Plan) -> Outcome:
        store = self.store
        with store.hold(ME):
            return apply_saved(plan, self.library, store, evidence_of_item, self._before)

    def _before(self, _plan: Plan) -> None:
        if self.refuse is not None:
            raise self.refuse
