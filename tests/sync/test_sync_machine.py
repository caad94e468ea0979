"""Sources, a user, a second bibkit and the network do what they like; after every sync the promises hold.

The machine knows what the user did (`touched`, `removed`), and checks that no sync undoes it, that no work is
made twice, that nothing is deleted, and that a sync after a whole one writes nothing.
"""

import contextlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bibkit.errors import BibkitError, MissingTargetError, UncertainWriteError
from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry
from bibkit.sync.library import CollectionKey, ItemKey, RemoteItem, Tag
from bibkit.sync.plan import Wanted
from bibkit.zotero.evidence import evidence_of_entry
from bibkit.zotero.item import to_values
from sync.decorators import FaultyLibrary, RecordingLibrary, Trouble
from sync.memory import MemoryLibrary
from sync.runs import Bibkit

WORKS = st.integers(0, 5)
PICK = st.integers(0, 20)
FIELDS = st.sampled_from(["title", "abstractNote", "url", "shortTitle", "citationKey", "extra"])


class Killed(BaseException):
    """The process ended here."""


def entry(number: int, edition: int) -> Entry:
    record = Record(
        type=ItemType.PREPRINT,
        title=f"Title {number}",
        abstract=f"Abstract {number}.{edition}",
        creators=(Person(f"Family{number}", "Ada"),),
        issued=PartialDate(2020 + number),
        arxiv_id=f"2401.0000{number}" if number % 2 else None,
        categories=("cs.LG", *([f"t{edition}"] if edition else [])),
    )
    return Entry(CitationKey(f"family{number}"), record)


def wanted(number: int, edition: int) -> Wanted:
    one = entry(number, edition)
    return Wanted(
        f"origin {number}", one.key, evidence_of_entry(one), lambda kind: to_values(one, kind).values
    )


class SyncMachine(RuleBasedStateMachine):
    """A library in memory, two bibkits with states of their own, and a user."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.memory = MemoryLibrary("https://zotero.example/users/1")
        self.desks = [Bibkit(self.root / name, self.memory) for name in ("one", "two")]
        self.sources: dict[int, int] = {}
        self.touched: dict[tuple[ItemKey, str], str] = {}
        self.untagged: set[tuple[ItemKey, str]] = set()
        self.moved_out: set[ItemKey] = set()
        self.deleted: set[ItemKey] = set()
        self.before: set[ItemKey] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    # The sources.

    @rule(number=WORKS, edition=st.integers(0, 3))
    def write_source(self, number: int, edition: int) -> None:
        self.sources[number] = edition

    @rule(number=WORKS)
    def drop_source(self, number: int) -> None:
        self.sources.pop(number, None)

    # The user.

    def picked(self, number: int) -> RemoteItem | None:
        items = [each for each in self.memory.items.values() if each.regular and not each.trashed]
        return items[number % len(items)] if items else None

    def is_on_its_way(self, key: ItemKey) -> bool:
        """Whether a run ended while it wrote the item: what is removed then may come back once."""
        journals = [desk.store.load_journal() for desk in self.desks]
        return any(action.item == key for journal in journals if journal for action in journal.pending)

    @rule(number=PICK, name=FIELDS, text=st.sampled_from(["theirs", "other", "mine: x\ny"]))
    def edit(self, number: int, name: str, text: str) -> None:
        if item := self.picked(number):
            self.memory.edit(item.key, fields={name: text})
            self.touched[item.key, name] = text

    @rule(number=PICK)
    def untag(self, number: int) -> None:
        if (item := self.picked(number)) and item.tags:
            self.memory.edit(item.key, tags=item.tags[1:])
        if item and item.tags and not self.is_on_its_way(item.key):
            self.untagged.add((item.key, item.tags[0].name))

    @rule(number=PICK)
    def tag(self, number: int) -> None:
        if item := self.picked(number):
            self.memory.edit(item.key, tags=(*item.tags, Tag("to read")))

    @rule(number=PICK)
    def take_out(self, number: int) -> None:
        if (item := self.picked(number)) and item.collections:
            self.memory.edit(item.key, collections=())
        if item and item.collections and not self.is_on_its_way(item.key):
            self.moved_out.add(item.key)

    @rule(number=PICK)
    def add_note(self, number: int) -> None:
        if item := self.picked(number):
            key = ItemKey(f"NUTE2{len(self.memory.items):03}".replace("0", "Z").replace("1", "Y"))
            self.memory.put(
                RemoteItem(key=key, version=item.version, type="note", parent=item.key, regular=False)
            )

    @rule(number=PICK)
    def trash(self, number: int) -> None:
        if item := self.picked(number):
            self.memory.edit(item.key, trashed=True)

    @rule(number=PICK)
    def delete(self, number: int) -> None:
        if item := self.picked(number):
            self.memory.delete(item.key)
            self.deleted.add(item.key)

    @rule(which=st.integers(0, 1))
    def lose_the_state(self, which: int) -> None:
        shutil.rmtree(self.desks[which].folder, ignore_errors=True)

    @rule()
    def empty_trash(self) -> None:
        for key in [key for key, item in self.memory.items.items() if item.trashed]:
            self.memory.delete(key)
            self.deleted.add(key)

    @rule(number=WORKS)
    def add_by_hand(self, number: int) -> None:
        values = to_values(entry(number, 0)).values
        key = ItemKey(f"HAND222{number + 2}")
        if key not in self.memory.items and key not in self.deleted:
            fields = {"title": values.fields["title"], "date": values.fields["date"]}
            item = RemoteItem(
                key=key, version=self.memory.version, type="preprint", fields=fields, creators=values.creators
            )
            self.memory.put(item)

    @rule()
    def rename_collection(self) -> None:
        for key, each in list(self.memory.collections.items()):
            self.memory.put_collection(replace(each, name=f"{each.name}'"))
            assert key in self.memory.collections

    # bibkit.

    def load(self, desk: Bibkit) -> None:
        desk.wanted = [wanted(*source) for source in sorted(self.sources.items())]
        self.before = set(self.memory.items)
        # What a bibkit never wrote or does not remember, it cannot know to have been removed.
        remembered = {each.item for each in desk.store.load().works.values() if each.base is not None}
        self.untagged = {pair for pair in self.untagged if pair[0] in remembered}
        self.moved_out &= remembered

    @rule(which=st.integers(0, 1))
    def sync(self, which: int) -> None:
        desk = self.desks[which]
        self.load(desk)
        desk.library = RecordingLibrary(self.memory)
        assert desk.sync().not_done == ()
        desk.library = RecordingLibrary(self.memory)
        assert desk.sync().written == 0
        assert desk.library.writes == []

    @rule(
        which=st.integers(0, 1),
        call=st.integers(0, 5),
        late=st.booleans(),
        error=st.sampled_from([Killed(), UncertainWriteError("lost")]),
    )
    def sync_in_trouble(self, which: int, call: int, *, late: bool, error: BaseException) -> None:
        desk = self.desks[which]
        self.load(desk)
        desk.library = FaultyLibrary(self.memory, {call: Trouble(error, late=late)})  # type: ignore[arg-type]
        with contextlib.suppress(Killed, UncertainWriteError):
            desk.sync()

    @rule(which=st.integers(0, 1), number=PICK)
    def sync_while_the_user_edits(self, which: int, number: int) -> None:
        desk = self.desks[which]
        self.load(desk)
        machine = self

        class Meddled(RecordingLibrary):
            def write_items(self, writes):  # type: ignore[no-untyped-def]
                if not self.writes:
                    machine.edit(number, "title", "theirs, meanwhile")
                return super().write_items(writes)

        desk.library = Meddled(self.memory)
        assert desk.sync().not_done == ()

    @rule(which=st.integers(0, 1))
    def apply_a_plan_twice(self, which: int) -> None:
        desk = self.desks[which]
        self.load(desk)
        desk.library = RecordingLibrary(self.memory)
        with contextlib.suppress(BibkitError):
            plan = desk.plan()
            desk.apply(plan)
            desk.library = RecordingLibrary(self.memory)
            assert desk.apply(plan).written == 0
            assert desk.library.writes == []

    # The promises.

    @invariant()
    def nothing_is_made_twice(self) -> None:
        keys = [
            item.fields.get("title")
            for item in self.memory.items.values()
            if item.regular
            and not item.key.startswith("HAND")
            and item.fields.get("title", "").startswith("Title")
        ]
        assert len(keys) == len(set(keys))

    @invariant()
    def what_the_user_wrote_stays(self) -> None:
        for (key, name), text in self.touched.items():
            item = self.memory.items.get(key)
            if item is None:
                continue
            held = item.fields.get(name, "")
            if name == "extra":
                assert held.startswith(text)
            else:
                assert held == text

    @invariant()
    def nothing_is_deleted_or_made_again(self) -> None:
        assert self.before - set(self.memory.items) <= self.deleted
        assert not self.deleted & set(self.memory.items)

    @invariant()
    def what_was_removed_stays_removed(self) -> None:
        for key, name in self.untagged:
            if key in self.memory.items:
                assert name not in {tag.name for tag in self.memory.items[key].tags}
        for key in self.moved_out & set(self.memory.items):
            assert not self.memory.items[key].collections


class TestSyncMachine(SyncMachine.TestCase):
    settings = settings(max_examples=40, stateful_step_count=15)


def test_a_deleted_collection_is_not_made_again(tmp_path):
    memory = MemoryLibrary("https://zotero.example/users/1")
    desk = Bibkit(tmp_path, memory, [wanted(1, 0)])
    desk.sync()
    (key,) = [key for key, each in memory.collections.items() if each.parent]
    memory.delete_collection(CollectionKey(key))
    for _ in range(2):
        with contextlib.suppress(MissingTargetError):
            desk.sync()
        assert len(memory.collections) == 1
        shutil.rmtree(tmp_path)
