"""Sources, a user, a second bibkit and the network do what they like; after every step the promises hold.

The machine knows what the user did (`touched`, `untagged`, `moved_out`, `deleted`), and checks that no sync
undoes it, that no work is made twice, that nothing is deleted, and that a sync after a whole one writes
nothing. It runs on the library in memory, and on the one behind the emulated server, where the network fails
as well.
"""

import contextlib
import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from emulator import AddHeaders, Answer, Delay, DropAfter, DropBefore, Emulator, Interfere, Truncate
from emulator.faults import Fault
from emulator.http import KEY, USER
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bibkit.errors import (
    BibkitError,
    MissingTargetError,
    ServiceError,
    SyncFileError,
    TemporaryError,
    UncertainWriteError,
)
from bibkit.model.dates import PartialDate
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry
from bibkit.sync.keys import derive_item_key
from bibkit.sync.library import CollectionKey, ItemKey, Library, RemoteItem
from bibkit.sync.plan import Wanted
from bibkit.sync.store import Owner
from bibkit.sync.target import Target
from bibkit.sync.values import contradict
from bibkit.zotero.client import ZoteroLibrary
from bibkit.zotero.evidence import evidence_of_entry, evidence_of_item
from bibkit.zotero.item import to_values
from bibkit.zotero.patience import Patience
from sync.decorators import Around, FaultyLibrary, RecordingLibrary, Trouble
from sync.memory import MemoryLibrary
from sync.runs import SHELF, Bibkit
from sync.worlds import EmulatorWorld, MemoryWorld, World

WORKS = st.integers(0, 5)
PICK = st.integers(0, 20)
WHICH = st.integers(0, 1)
EDITIONS = st.integers(0, 4)
USER_ACTS = [
    "edit", "say what a source said", "take back", "untag", "tag", "rename a tag", "take out", "add note",
    "set type", "merge", "trash", "restore", "delete", "empty trash", "add by hand",
]  # fmt: skip
FIELDS = st.sampled_from(["title", "abstractNote", "url", "shortTitle", "citationKey", "extra"])
TARGETS = (SHELF, Target(("Elsewhere",)))
MINE = CollectionKey("MINE2222")


class Killed(BaseException):
    """The process ended here."""


def entry(number: int, edition: int) -> Entry:
    """A work as its source says it; editions retitle it, retag it, and learn of its identifiers."""
    record = Record(
        type=ItemType.PREPRINT,
        title=f"Title {number}" if edition < 3 else f"Title {number}, revised",
        abstract=f"Abstract {number}.{edition}",
        creators=(Person(f"Family{number}", "Ada"),),
        issued=PartialDate(2020 + number),
        arxiv_id=f"2401.0000{number}" if number % 2 or edition == 2 else None,
        doi=f"10.1000/{number}" if edition == 4 else None,
        url="https://example.org" if edition % 2 else None,
        categories=("cs.LG", *([f"t{edition % 3}"] if edition else [])),
    )
    return Entry(CitationKey(f"family{number}"), record)


def origin(number: int) -> str:
    return f"origin {number}"


def wanted(number: int, edition: int) -> Wanted:
    one = entry(number, edition)
    return Wanted(origin(number), one.key, evidence_of_entry(one), lambda kind: to_values(one, kind).values)


class BeforeWriting(RecordingLibrary):
    """A library in which something happens just before the first write of items."""

    def __init__(self, inner: Library, act: Callable[[], object]) -> None:
        super().__init__(inner)
        self.act = act

    def write_items(self, writes):  # type: ignore[no-untyped-def]
        if "write_items" not in self.writes:
            self.act()
        return super().write_items(writes)


class Turns:
    """Two threads, of which one runs: each call of `wait` lets the one go on whose turn is next."""

    def __init__(self, order: list[int]) -> None:
        self.order = order
        self.ended: set[int] = set()
        self.condition = threading.Condition()

    def wait(self, who: int) -> None:
        with self.condition:
            assert self.condition.wait_for(lambda: self._may(who), timeout=60)
            if self.order:
                self.order.pop(0)
            self.condition.notify_all()

    def end(self, who: int) -> None:
        with self.condition:
            self.ended.add(who)
            self.condition.notify_all()

    def _may(self, who: int) -> bool:
        while self.order and self.order[0] in self.ended:
            self.order.pop(0)
        return not self.order or self.order[0] == who


class Alternating(Around):
    """A library each call of which waits for its turn."""

    lock = threading.Lock()

    def __init__(self, inner: Library, turns: Turns, who: int) -> None:
        super().__init__(inner)
        self.turns = turns
        self.who = who

    def _call(self, _name, call, *arguments):  # type: ignore[no-untyped-def]
        self.turns.wait(self.who)
        with self.lock:
            return call(*arguments)


class SyncMachine(RuleBasedStateMachine):
    """A library, two bibkits with states of their own, and a user."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.root = Path(tempfile.mkdtemp())
        self.sources: dict[int, int] = {}
        self.touched: dict[tuple[ItemKey, str], str] = {}
        self.untagged: set[tuple[ItemKey, str]] = set()
        self.moved_out: set[tuple[ItemKey, CollectionKey]] = set()
        self.deleted: set[ItemKey] = set()
        self.deleted_collections: set[CollectionKey] = set()
        self.before: set[ItemKey] = set()
        self.memories: tuple[set[tuple[ItemKey, str]], ...] = (set(), set())  # what each bibkit ever added
        self.world = self.make_world()
        self.library = self.world.library
        self.desks = [Bibkit(self.root / name, self.library) for name in ("one", "two")]

    def make_world(self) -> World:
        raise NotImplementedError

    def teardown(self) -> None:
        self.stack.close()
        shutil.rmtree(self.root)

    # The sources.

    @initialize(editions=st.lists(st.integers(0, 4), min_size=2, max_size=4))
    def begin(self, editions: list[int]) -> None:
        self.world.add_collection(MINE, "Mine")
        self.sources = dict(enumerate(editions))
        self.sync(0)

    @rule(number=WORKS, edition=EDITIONS)
    def write_source(self, number: int, edition: int) -> None:
        self.sources[number] = edition

    @rule(which=WHICH, number=WORKS, editions=st.lists(EDITIONS, min_size=2, max_size=3))
    def a_source_wavers(self, which: int, number: int, editions: list[int]) -> None:
        for edition in (*editions, editions[0]):
            self.sources[number] = edition
            self.sync(which)

    @rule(number=WORKS)
    def drop_source(self, number: int) -> None:
        self.sources.pop(number, None)

    @rule(which=WHICH, place=st.sampled_from(TARGETS))
    def configure(self, which: int, place: Target) -> None:
        self.desks[which].target = place

    # The user: what one does is drawn in one rule, so that sources and syncs have their turns.

    @rule(data=st.data(), number=PICK)
    def the_user_acts(self, data: st.DataObject, number: int) -> None:
        match data.draw(st.sampled_from(USER_ACTS)):
            case "edit":
                text = data.draw(st.sampled_from(["theirs", "other", "mine: x\ny", ""]))
                self.edit(number, data.draw(FIELDS), text)
            case "say what a source said":
                self.say_what_a_source_said(number, data.draw(EDITIONS))
            case "take back":
                self.take_back(number)
            case "untag":
                self.untag(number, data.draw(st.integers(0, 3)))
            case "tag":
                self.tag(number, data.draw(st.sampled_from(["to read", "t1", "cs.LG"])))
            case "rename a tag":
                self.untag(number, 0)
                self.tag(number, "to read")
            case "take out":
                self.take_out(number, data.draw(st.sampled_from([(), (MINE,)])))
            case "merge":
                self.merge(number, data.draw(PICK))
            case act:
                getattr(self, act.replace(" ", "_"))(number)

    @rule(data=st.data(), number=PICK)
    def the_user_acts_on_collections(self, data: st.DataObject, number: int) -> None:
        match data.draw(st.sampled_from(["rename", "move", "trash", "delete"])):
            case "rename":
                self.rename_collection(number)
            case "move":
                self.move_collection(number, data.draw(st.sampled_from([None, MINE])))
            case "trash":
                self.trash_collection(number, trashed=data.draw(st.booleans()))
            case _:
                self.delete_collection(number)

    def picked(self, number: int, *, trashed: bool = False) -> RemoteItem | None:
        items = [
            each for _, each in sorted(self.world.items.items()) if each.regular and each.trashed is trashed
        ]
        return items[number % len(items)] if items else None

    def edit(self, number: int, name: str, text: str) -> None:
        if item := self.picked(number):
            self.world.edit(item.key, **{name: text})
            self.touched[item.key, name] = text

    def say_what_a_source_said(self, number: int, edition: int) -> None:
        if item := self.picked(number):
            self.world.edit(item.key, abstractNote=f"Abstract {number % 6}.{edition}")
            self.touched[item.key, "abstractNote"] = f"Abstract {number % 6}.{edition}"

    def take_back(self, number: int) -> None:
        """Make an item say what it said before a write of bibkit's that is not known to have been done."""
        journals = [desk.store.load_journal() for desk in self.desks]
        sent = [each for journal in journals if journal for each in journal.pending]
        if not sent or sent[number % len(sent)].item not in self.world.items:
            return
        action = sent[number % len(sent)]
        assert action.item is not None
        for desk in self.desks:
            known = desk.store.load().works.get(action.origin)
            if known is not None and known.base is not None and known.base.fields.get("abstractNote"):
                text = known.base.fields["abstractNote"]
                seen = f"seen at {self.world.items[action.item].version}"
                self.world.edit(action.item, abstractNote=text, shortTitle=seen)
                self.touched |= {(action.item, "abstractNote"): text, (action.item, "shortTitle"): seen}

    def untag(self, number: int, place: int) -> None:
        if (item := self.picked(number)) and item.tags:
            gone = item.tags[place % len(item.tags)]
            self.world.tag(item.key, *(tag.name for tag in item.tags if tag != gone))
            self.untagged.add((item.key, gone.name))

    def tag(self, number: int, name: str) -> None:
        if item := self.picked(number):
            self.world.tag(item.key, *{*(tag.name for tag in item.tags), name})
            self.untagged.discard((item.key, name))

    def take_out(self, number: int, into: tuple[CollectionKey, ...]) -> None:
        if (item := self.picked(number)) and item.collections and set(into) <= set(self.world.collections):
            self.world.move(item.key, *into)
            self.moved_out |= {(item.key, each) for each in item.collections if each not in into}
            self.moved_out -= {(item.key, each) for each in into}

    def add_note(self, number: int) -> None:
        if item := self.picked(number):
            key = ItemKey(f"NUTE2{len(self.world.items):03}".replace("0", "Z").replace("1", "Y"))
            if key not in self.world.items:
                self.world.add_note(key, item.key)

    def set_type(self, number: int) -> None:
        if item := self.picked(number):
            self.world.set_type(item.key, "journalArticle" if item.type == "preprint" else "preprint")

    def merge(self, number: int, other: int) -> None:
        survivor, loser = self.picked(number), self.picked(other)
        if survivor and loser and survivor.key != loser.key:
            self.world.merge(survivor.key, loser.key)
            united = self.world.items[survivor.key]
            self.untagged -= {(united.key, tag.name) for tag in united.tags}
            self.moved_out -= {(united.key, each) for each in united.collections}

    def trash(self, number: int) -> None:
        if item := self.picked(number):
            self.world.trash(item.key)

    def restore(self, number: int) -> None:
        if item := self.picked(number, trashed=True):
            self.world.restore(item.key)

    def end(self, *keys: ItemKey) -> None:
        before = set(self.world.items)
        for key in keys:
            if key in self.world.items:
                self.world.delete(key)
        self.deleted |= before - set(self.world.items)

    def delete(self, number: int) -> None:
        if item := self.picked(number):
            self.end(item.key)

    def empty_trash(self, _number: int) -> None:
        self.end(*(key for key, item in self.world.items.items() if item.trashed))

    def add_by_hand(self, number: int) -> None:
        number %= 6
        values = to_values(entry(number, 0)).values
        key = ItemKey(f"HAND222{number + 2}")
        if key not in self.world.items and key not in self.deleted:
            fields = {"title": values.fields["title"], "date": values.fields["date"]}
            if arxiv_id := values.fields.get("archiveID"):
                fields["archiveID"] = arxiv_id
            self.world.add(key, "preprint", fields)

    def collection(self, number: int) -> CollectionKey | None:
        keys = sorted(set(self.world.collections) - {MINE})
        return keys[number % len(keys)] if keys else None

    def rename_collection(self, number: int) -> None:
        if key := self.collection(number):
            self.world.rename_collection(key, f"{self.world.collections[key].name}'")

    def move_collection(self, number: int, parent: CollectionKey | None) -> None:
        if key := self.collection(number):
            self.world.move_collection(key, parent)

    def trash_collection(self, number: int, *, trashed: bool) -> None:
        if key := self.collection(number):
            self.world.trash_collection(key, trashed=trashed)

    def delete_collection(self, number: int) -> None:
        if key := self.collection(number):
            before = set(self.world.collections)
            self.world.delete_collection(key)
            self.deleted_collections |= before - set(self.world.collections)

    # What happens to a disk.

    @rule(data=st.data(), which=WHICH)
    def the_disk_fails(self, data: st.DataObject, which: int) -> None:
        self.memories[which].clear()
        match data.draw(st.sampled_from(["all", "state", "put back", "cut"])):
            case "all":
                shutil.rmtree(self.desks[which].folder, ignore_errors=True)
            case "state":
                (self.desks[which].folder / "state.json").unlink(missing_ok=True)
            case "put back":
                self.put_the_kept_state_back(which)
            case _:
                name = data.draw(st.sampled_from(["state.json", "journal.jsonl"]))
                self.cut_a_file(which, data.draw(st.floats(0, 1)), name)

    def put_the_kept_state_back(self, which: int) -> None:
        kept = self.desks[which].folder / "state.previous.json"
        if kept.exists():
            kept.replace(kept.with_name("state.json"))

    def cut_a_file(self, which: int, place: float, name: str) -> None:
        desk = self.desks[which]
        path = desk.folder / name
        if not path.exists():
            return
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * place)])
        library = RecordingLibrary(self.library)
        desk.library = library
        try:
            desk.store.load()
        except SyncFileError:
            with pytest.raises(SyncFileError):
                desk.sync()
            assert library.writes == []
            path.unlink()  # as the message says
        # What the journal told is lost, and with it what was written last: such a value looks like one that
        # nobody has touched since, if the user took it back.
        if name == "journal.jsonl":
            self.touched = {at: text for at, text in self.touched.items() if not text.startswith("Abstract")}

    # bibkit.

    def load(self, desk: Bibkit) -> None:
        desk.wanted = [wanted(*source) for source in sorted(self.sources.items())]
        desk.library = self.library
        self.before = set(self.world.items)
        # What a bibkit never wrote or does not remember, it cannot know to have been changed or removed.
        journal = desk.store.load_journal()
        pending = () if journal is None else journal.pending
        sent = {each.item: each.wanted for each in pending if each.item and each.wanted}
        known = {each.item: each.base for each in desk.store.load().works.values() if each.base}
        tags = {(key, tag.name) for some in (known, sent) for key, base in some.items() for tag in base.tags}
        memory = self.memories[self.desks.index(desk)]
        memory |= tags
        memory |= {
            (key, each) for some in (known, sent) for key, base in some.items() for each in base.collections
        }
        self.untagged &= memory
        self.moved_out &= memory
        said = {text for each in desk.wanted for text in each.values(None).fields.values()}  # type: ignore[union-attr]

        def is_the_users(key: ItemKey, name: str, text: str) -> bool:
            base = known.get(key)
            if text in said:  # the source says the same: nobody disagrees, and later it alone may change it
                return False
            if key in sent:
                return True
            if base is None or not base.fields:
                return bool(text)
            if not text:
                return name in base.fields
            # What another bibkit wrote, and the user took back, looks untouched to this one.
            return base.fields.get(name) != text

        self.touched = {at: text for at, text in self.touched.items() if is_the_users(*at, text)}

    def run(self, desk: Bibkit) -> None:
        """Sync, where the collection that is configured was not deleted or trashed."""
        try:
            outcome = desk.sync()
        except MissingTargetError:
            gone = self.deleted_collections | {k for k, c in self.world.collections.items() if c.trashed}
            assert gone
            return
        assert outcome.not_done == ()

    @rule(which=WHICH)
    def sync(self, which: int) -> None:
        desk = self.desks[which]
        self.load(desk)
        before = self.world.items
        standing = set(self.world.collections)
        self.run(desk)
        self.no_item_is_made_of_what_was_there(before, desk)
        assert not self.deleted_collections & (set(self.world.collections) - standing)
        library = RecordingLibrary(self.library)
        desk.library = library
        self.run(desk)
        assert library.writes == []

    def no_item_is_made_of_what_was_there(self, before: dict[ItemKey, RemoteItem], desk: Bibkit) -> None:
        new = set(self.world.items) - set(before)
        for work in desk.wanted:
            if derive_item_key(self.library.id, work.origin) in new:
                for item in before.values():
                    said = evidence_of_item(item)
                    same_title = (said.title, said.creator, said.year) == (
                        work.evidence.title, work.evidence.creator, work.evidence.year,
                    )  # fmt: skip
                    alike = said.ids & work.evidence.ids or same_title
                    assert not (item.regular and alike and not contradict(work.evidence, said))

    @rule(
        which=WHICH,
        call=st.integers(0, 6),
        late=st.booleans(),
        error=st.sampled_from(
            [Killed(), UncertainWriteError("lost"), ServiceError("down"), TemporaryError("busy")]
        ),
    )
    def sync_in_trouble(self, which: int, call: int, *, late: bool, error: BaseException) -> None:
        desk = self.desks[which]
        self.load(desk)
        # That nothing was written, as the last two say, holds only where they come before the write.
        late = late and isinstance(error, Killed | UncertainWriteError)
        desk.library = FaultyLibrary(self.library, {call: Trouble(error, late=late)})  # type: ignore[arg-type]
        with contextlib.suppress(Killed, BibkitError):
            desk.sync()

    @rule(which=WHICH, number=WORKS, edition=EDITIONS, late=st.booleans(), data=st.data())
    def a_sync_is_killed_while_it_writes_and_the_user_acts(
        self, which: int, number: int, edition: int, data: st.DataObject, *, late: bool
    ) -> None:
        desk = self.desks[which]
        self.sources[number] = edition
        self.load(desk)
        trouble = {call: Trouble(Killed(), late=late) for call in range(2, 6)}  # type: ignore[arg-type]
        desk.library = FaultyLibrary(self.library, trouble)
        with contextlib.suppress(Killed, BibkitError):
            desk.sync()
        self.the_user_acts(data, data.draw(PICK))
        self.take_back(0)
        self.sync(which)

    @rule(
        which=WHICH,
        number=PICK,
        what=st.sampled_from(
            ["edit", "untag", "tag", "take_out", "trash", "delete", "set_type", "merge", "trash_collection"]
        ),
    )
    def sync_while_the_user_does_something(self, which: int, number: int, what: str) -> None:
        desk = self.desks[which]
        self.load(desk)
        acts: dict[str, Callable[[], object]] = {
            "edit": lambda: self.edit(number, "title", "theirs, meanwhile"),
            "untag": lambda: self.untag(number, 0),
            "tag": lambda: self.tag(number, "t1"),
            "take_out": lambda: self.take_out(number, ()),
            "trash": lambda: self.trash(number),
            "delete": lambda: self.delete(number),
            "set_type": lambda: self.set_type(number),
            "merge": lambda: self.merge(number, number + 1),
            "trash_collection": lambda: self.trash_collection(number, trashed=True),
        }
        remembered = self.untagged.copy(), self.moved_out.copy()

        def act() -> None:
            acts[what]()
            # What this bibkit adds in this very run, it adds to what it saw: the user was first or last.
            known = {each.item for each in desk.store.load().works.values() if each.base is not None}
            self.untagged = {pair for pair in self.untagged if pair in remembered[0] or pair[0] in known}
            self.moved_out = {pair for pair in self.moved_out if pair in remembered[1] or pair[0] in known}

        desk.library = BeforeWriting(self.library, act)
        self.run(desk)

    @rule(order=st.lists(st.integers(0, 1), max_size=24))
    def two_sync_at_once(self, order: list[int]) -> None:
        for desk in self.desks:
            self.load(desk)
        before = self.world.items
        turns = Turns(order)
        troubles: list[BaseException] = []

        def work(who: int) -> None:
            try:
                self.run(self.desks[who])
            except BaseException as trouble:  # noqa: BLE001 - it is raised below, in the thread that counts
                troubles.append(trouble)
            finally:
                turns.end(who)

        for who, desk in enumerate(self.desks):
            desk.library = Alternating(self.library, turns, who)
        threads = [threading.Thread(target=work, args=(who,)) for who in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # A collection that both create has one key; where only one names it so, both may come to do so.
        for trouble in troubles:
            raise trouble
        self.no_item_is_made_of_what_was_there(before, self.desks[0])

    @rule(which=WHICH, passed=st.floats(-1e6, 1e6))
    def a_second_one_in_the_same_folder_waits_for_its_time(self, which: int, passed: float) -> None:
        desk = self.desks[which]
        self.load(desk)
        library = RecordingLibrary(self.library)
        desk.library = library
        other = Bibkit(desk.folder, library, desk.wanted, desk.target)
        with (
            desk.store.hold(Owner("desk", 2, 1e9)),
            pytest.raises(TemporaryError, match="is syncing") as caught,
            other.store.hold(Owner("desk", 3, 1e9 + passed)),
        ):
            pass
        assert caught.value.exit_code == 75
        assert library.record == []

    @rule(which=WHICH, call=st.none() | st.integers(0, 5), late=st.booleans(), number=PICK)
    def apply_a_plan_twice(self, which: int, call: int | None, number: int, *, late: bool) -> None:
        desk = self.desks[which]
        self.load(desk)
        with contextlib.suppress(MissingTargetError):
            plan = desk.plan()
            if call is not None:
                desk.library = FaultyLibrary(self.library, {call: Trouble(Killed(), late=late)})  # type: ignore[arg-type]
                with contextlib.suppress(Killed, BibkitError):
                    desk.apply(plan)
                self.edit(number, "title", "theirs, before it went on")
                desk.library = self.library
            with contextlib.suppress(TemporaryError):
                desk.apply(plan)
                library = RecordingLibrary(self.library)
                desk.library = library
                assert desk.apply(plan).written == 0
                assert library.writes == []

    # The promises.

    @invariant()
    def every_item_is_the_users_or_one_of_a_work(self) -> None:
        ours = {derive_item_key(self.library.id, origin(number)) for number in range(6)}
        for key, item in self.world.items.items():
            assert key.startswith("HAND") or not item.regular or key in ours

    @invariant()
    def what_the_user_wrote_stays(self) -> None:
        items = self.world.items
        for (key, name), text in self.touched.items():
            if key in items:
                held = items[key].fields.get(name, "")
                stays = held.startswith(text) if name == "extra" else held == text
                assert stays, f"{key}: {name} is {held!r}, and the user made it {text!r}"

    @invariant()
    def nothing_is_deleted_or_made_again(self) -> None:
        items = set(self.world.items)
        assert self.before - items <= self.deleted
        assert not self.deleted & items

    @invariant()
    def what_was_removed_stays_removed(self) -> None:
        items = self.world.items
        for key, name in self.untagged:
            assert key not in items or name not in {tag.name for tag in items[key].tags}
        for key, collection in self.moved_out:
            assert key not in items or collection not in items[key].collections


class MemoryMachine(SyncMachine):
    """The library in memory."""

    def make_world(self) -> World:
        memory = MemoryLibrary("https://zotero.example/users/1")
        return MemoryWorld(memory, memory)


class EmulatorMachine(SyncMachine):
    """The library behind a socket, with a network that fails in every way and a clock that jumps."""

    emulator: Emulator

    def make_world(self) -> World:
        self.emulator = self.stack.enter_context(Emulator())
        library = ZoteroLibrary(
            "user",
            USER,
            KEY,
            endpoint=self.emulator.url,
            clock=self.emulator.clock,
            patience=Patience(attempts=3),
        )
        return EmulatorWorld(self.emulator, self.stack.enter_context(library))

    @rule(seconds=st.floats(-1e7, 1e7))
    def let_the_clock_jump(self, seconds: float) -> None:
        self.emulator.clock.jump(seconds)

    @rule(
        which=WHICH,
        number=PICK,
        skip=st.integers(0, 8),
        times=st.integers(1, 4),
        what=st.sampled_from(
            [
                DropBefore(),
                DropAfter(),
                Truncate(),
                Truncate(announced=False),
                Delay(0.0),
                Answer(200, "<html>log in</html>"),
                Answer(429, "slow down", {"Retry-After": "10"}),
                Answer(429, "slow down", {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}),
                Answer(503, "maintenance"),
                Answer(502, "bad gateway"),
                Answer(412, "moved"),
                AddHeaders({"Backoff": "3"}),
                None,
            ]
        ),
    )
    def sync_over_a_bad_network(
        self, which: int, number: int, skip: int, times: int, what: Fault | None
    ) -> None:
        desk = self.desks[which]
        self.load(desk)
        fault = what or Interfere(lambda: self.edit(number, "shortTitle", "theirs, between two pages"))
        self.emulator.faults.add(fault, skip=skip, times=times)
        with contextlib.suppress(BibkitError):
            desk.sync()
        self.emulator.faults.clear()


class TestInMemory(MemoryMachine.TestCase):
    settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


class TestBehindTheServer(EmulatorMachine.TestCase):
    settings = settings(max_examples=10, stateful_step_count=15, deadline=None)


def test_a_deleted_collection_is_not_made_again(tmp_path):
    memory = MemoryLibrary("https://zotero.example/users/1")
    desk = Bibkit(tmp_path, memory, [wanted(1, 0)])
    desk.sync()
    (key,) = [key for key, each in memory.collections.items() if each.parent]
    memory.delete_collection(CollectionKey(key))
    for _ in range(2):
        with pytest.raises(MissingTargetError):
            desk.sync()
        assert len(memory.collections) == 1
        shutil.rmtree(tmp_path)
