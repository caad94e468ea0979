"""Plans applied to both libraries: what is written, what is left, and how a run that ended early goes on."""

from dataclasses import replace

import pytest

from bibkit.errors import (
    MissingTargetError,
    NotAllowedError,
    ServiceError,
    StalePlanError,
    SyncFileError,
    TemporaryError,
    UncertainWriteError,
)
from bibkit.sync.documents import parse_plan, render_plan
from bibkit.sync.library import CollectionKey, ItemKey, Refusal, Refused, WriteReport
from bibkit.sync.plan import ActionKind
from sync.decorators import FaultyLibrary, RecordingLibrary, Trouble
from sync.memory import MemoryLibrary
from sync.runs import Bibkit
from sync.test_first_sync import entry, wanted
from sync.worlds import World

A = ItemKey("A2345678")


class Killed(BaseException):
    """The process ended here."""


def works(count):
    return [wanted(entry(number)) for number in range(count)]


@pytest.fixture
def desk(tmp_path, world: World):
    return Bibkit(tmp_path / "desk", RecordingLibrary(world.library), works(3))


def contents(library):
    """Everything in a library but the versions, which depend on the way there."""
    snapshot = library.read_all()
    items = [(i.key, i.type, i.fields, i.creators, i.tags, i.collections) for i in snapshot.items]
    return items, [(c.key, c.name, c.parent) for c in snapshot.collections]


def test_a_first_sync_creates_and_the_second_writes_nothing(desk):
    first = desk.sync()
    assert (first.written, first.unchanged, first.not_done) == (3, 0, ())
    assert len(desk.library.writes) == 2
    assert first.version == desk.library.read_all().version
    second = desk.sync()
    assert (second.written, len(desk.library.writes)) == (0, 2)
    assert second.plan.counts == {ActionKind.NOOP: 3}


def test_what_others_wrote_in_between_shows_in_the_version(desk, world):
    class Meddled(RecordingLibrary):
        def write_items(self, writes):
            world.add(A)
            return super().write_items(writes)

    desk.library = Meddled(world.library)
    assert desk.sync().version is None


def test_nothing_is_written_where_it_may_not_be(desk):
    desk.refuse = NotAllowedError("no")
    before = contents(desk.library)
    with pytest.raises(NotAllowedError):
        desk.sync()
    assert contents(desk.library) == before
    assert desk.library.writes == []


def test_a_saved_plan_does_exactly_what_it_says(desk):
    plan = parse_plan(render_plan(desk.plan()), "plan.json")
    desk.wanted = []
    assert desk.apply(plan).written == 3
    writes = len(desk.library.writes)
    assert desk.apply(plan).written == 0
    assert len(desk.library.writes) == writes


def test_a_plan_from_before_another_sync_is_refused(desk):
    desk.wanted = works(1)
    plan = desk.plan()
    desk.wanted = works(2)
    desk.sync()
    before = contents(desk.library)
    with pytest.raises(StalePlanError) as caught:
        desk.apply(plan)
    assert caught.value.exit_code == 75
    assert contents(desk.library) == before


def test_a_plan_of_another_library_is_refused(desk, tmp_path):
    other = Bibkit(tmp_path / "other", MemoryLibrary("elsewhere"), works(1))
    with pytest.raises(SyncFileError, match="not for") as caught:
        desk.apply(other.plan())
    assert caught.value.exit_code == 65


def test_an_item_that_moved_is_left_and_the_rest_is_done(desk, world):
    desk.sync()
    keys = [item.key for item in desk.library.read_all().items]
    desk.wanted = [wanted(each) for each in changed(3)]
    plan = desk.plan()
    world.edit(plan.actions[0].item, title="theirs")
    outcome = desk.apply(plan)
    assert outcome.written == 2
    (left,) = outcome.not_done
    assert (left.action.item, left.reason) == (plan.actions[0].item, Refusal.MOVED)
    titles = {item.key: item.fields["title"] for item in desk.library.read_all().items}
    assert titles[plan.actions[0].item] == "theirs"
    assert set(titles) == set(keys)


def changed(count):
    entries = [entry(number) for number in range(count)]
    return [replace(each, record=replace(each.record, abstract="A new abstract.")) for each in entries]


def test_an_item_that_was_deleted_since_is_left_and_said(desk, world):
    desk.sync()
    desk.wanted = [wanted(each) for each in changed(2)]
    plan = desk.plan()
    world.delete(plan.actions[0].item)
    outcome = desk.apply(plan)
    assert outcome.written == 1
    assert "is gone" in outcome.not_done[0].message


def test_a_collection_that_the_library_refuses_ends_the_sync_before_any_item(desk, world):
    class Refusing(RecordingLibrary):
        def create_collections(self, collections):
            refused = [Refused(each.key, Refusal.INVALID, "name too long") for each in collections]
            return WriteReport(world.library.read_all().version, tuple(refused))

    desk.library = Refusing(world.library)
    with pytest.raises(ServiceError, match="name too long"):
        desk.sync()
    assert contents(world.library) == ([], [])


def test_what_somebody_else_added_since_is_not_made_a_second_time(desk, world):
    plan = desk.plan()
    title = plan.actions[1].write.fields
    world.add(A, plan.actions[1].write.type, {"title": title["title"], "DOI": "", "citationKey": "family1"})
    world.edit(A, extra="arXiv:2401.00001")
    outcome = desk.apply(plan)
    (left,) = outcome.not_done
    assert left.action.origin == plan.actions[1].origin
    assert str(A) in left.message
    assert outcome.written == 2


def test_a_collection_that_was_deleted_since_ends_it(desk, world):
    desk.sync()
    desk.wanted = works(4)
    plan = desk.plan()
    world.delete_collection(plan.collection)
    before = contents(desk.library)
    with pytest.raises(MissingTargetError):
        desk.apply(plan)
    with pytest.raises(MissingTargetError):
        desk.sync()
    assert contents(desk.library) == before


@pytest.mark.parametrize("late", [False, True])
def test_an_answer_that_is_lost_is_looked_up(desk, world, late):
    clean = MemoryLibrary(world.library.id)
    Bibkit(desk.folder.with_name("clean"), clean, desk.wanted).sync()
    # rights are not asked here: read_all, deletions, collections, items
    desk.library = FaultyLibrary(world.library, {3: Trouble(late=late)})
    assert desk.sync().not_done == ()
    assert {key: fields for key, _, fields, *_ in contents(desk.library)[0]} == {
        key: fields for key, _, fields, *_ in contents(clean)[0]
    }


def test_what_was_written_unheard_and_then_changed_by_the_user_stays_theirs(desk, world):
    desk.library = FaultyLibrary(world.library, {3: Trouble(Killed(), late=True)})
    with pytest.raises(Killed):
        desk.sync()
    key = desk.library.read_all().items[0].key
    world.edit(key, title="theirs")
    world.tag(key)
    assert desk.sync().written == 0
    item = next(item for item in desk.library.read_all().items if item.key == key)
    assert (item.fields["title"], item.tags) == ("theirs", ())


@pytest.mark.parametrize("late", [False, True])
def test_what_was_on_its_way_and_was_taken_back_by_the_user_is_not_done_again(desk, world, late):
    # The library cannot tell whether the write came first: then nothing is done over the user.
    desk.sync()
    desk.wanted = [wanted(each) for each in changed(1)]
    before = {item.key: item for item in desk.library.read_all().items}
    desk.library = FaultyLibrary(world.library, {2: Trouble(Killed(), late=late)})
    with pytest.raises(Killed):
        desk.sync()
    (key,) = [each.item for each in desk.store.load_journal().pending]
    world.edit(key, abstractNote=before[key].fields["abstractNote"], shortTitle="theirs")
    desk.library = RecordingLibrary(world.library)
    assert desk.sync().plan.counts[ActionKind.KEEP] == 1
    assert desk.library.writes == []
    # What comes from the sources later is theirs too, until they say what the user says.
    item = next(each for each in world.library.read_all().items if each.key == key)
    assert item.fields["abstractNote"] == before[key].fields["abstractNote"]


@pytest.mark.parametrize("late", [False, True])
def test_a_tag_that_was_on_its_way_and_was_taken_off_stays_off(desk, world, late):
    desk.sync()
    retagged = replace(entry(1), record=replace(entry(1).record, categories=("cs.LG", "new")))
    desk.wanted = [wanted(retagged)]
    desk.library = FaultyLibrary(world.library, {2: Trouble(Killed(), late=late)})
    with pytest.raises(Killed):
        desk.sync()
    (key,) = [each.item for each in desk.store.load_journal().pending]
    world.tag(key)
    for desk.library in (RecordingLibrary(world.library), RecordingLibrary(world.library)):
        desk.sync()
        assert desk.library.writes == []
    assert next(each for each in world.library.read_all().items if each.key == key).tags == ()


def test_what_certainly_was_not_written_is_written_by_the_next_run(desk, world):
    desk.sync()
    desk.wanted = [wanted(each) for each in changed(3)]
    desk.library = FaultyLibrary(world.library, {2: Trouble(Killed())})
    with pytest.raises(Killed):
        desk.sync()
    desk.library = world.library
    assert desk.sync().written == 3


def test_what_was_created_unheard_and_then_deleted_is_not_made_again(desk, world):
    plan = desk.plan()
    desk.library = FaultyLibrary(world.library, {3: Trouble(Killed(), late=True)})
    with pytest.raises(Killed):
        desk.apply(plan)
    key = plan.actions[0].item
    world.delete(key)
    desk.library = RecordingLibrary(world.library)
    (left,) = desk.apply(plan).not_done
    assert (left.action.item, left.reason) == (key, Refusal.MOVED)
    assert "not made again" in left.message
    assert key not in {item.key for item in world.library.read_all().items}
    assert desk.sync().written == 0
    assert key not in {item.key for item in world.library.read_all().items}


def test_a_collection_that_was_made_by_hand_since_is_not_made_a_second_time(desk, world):
    plan = desk.plan()
    world.add_collection(CollectionKey("LAB23456"), "Lab")
    with pytest.raises(StalePlanError, match="'Lab'"):
        desk.apply(plan)
    assert desk.library.writes == []


def test_a_new_collection_that_was_deleted_since_is_not_made_again(desk, world):
    plan = desk.plan()
    desk.library = FaultyLibrary(world.library, {2: Trouble(Killed(), late=True)})
    with pytest.raises(Killed):
        desk.apply(plan)
    world.delete_collection(plan.collection)
    desk.library = RecordingLibrary(world.library)
    with pytest.raises(MissingTargetError, match="not made again"):
        desk.apply(plan)
    assert desk.library.writes == []


def test_collections_that_an_earlier_run_made_are_not_asked_for_again(desk, world):
    plan = desk.plan()
    desk.library = FaultyLibrary(world.library, {3: Trouble(Killed())})
    with pytest.raises(Killed):
        desk.apply(plan)
    # Something of the plan is left, whatever is done.
    world.add(A, plan.actions[1].write.type, {"title": "theirs", "extra": "arXiv:2401.00001"})
    for _ in range(2):
        desk.library = RecordingLibrary(world.library)
        assert len(desk.apply(plan).not_done) == 1
        assert "create_collections" not in desk.library.writes
    assert desk.library.writes == []


def test_a_plan_that_only_makes_collections_is_gone_on_with(desk, world):
    desk.wanted = []
    plan = desk.plan()
    desk.library = FaultyLibrary(world.library, {2: Trouble(Killed())})
    with pytest.raises(Killed):
        desk.apply(plan)
    desk.library = RecordingLibrary(world.library)
    for _ in range(2):
        desk.apply(plan)
    assert len(world.library.read_all().collections) == 2
    assert desk.library.writes == ["create_collections"]


def test_a_plan_is_not_gone_on_with_once_another_sync_came_to_know_something(tmp_path, world):
    desk = Bibkit(tmp_path / "desk", world.library, works(60))
    plan = desk.plan()
    desk.library = FaultyLibrary(world.library, {4: Trouble(Killed())})
    with pytest.raises(Killed):
        desk.apply(plan)
    # The user and the sources say the same: there is nothing to write, and something to remember.
    world.edit(plan.actions[0].item, abstractNote="A new abstract.")
    desk.library = RecordingLibrary(world.library)
    desk.wanted = [wanted(each) for each in changed(1)]
    desk.sync()
    assert desk.library.writes == []
    with pytest.raises(StalePlanError):
        desk.apply(plan)
    assert desk.library.writes == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda plan: replace(plan, actions=(*plan.actions, plan.actions[0])),
        lambda plan: replace(plan, actions=(replace(plan.actions[0], origin="another"), *plan.actions)),
        lambda plan: replace(plan, actions=(replace(plan.actions[0], item=A),)),
        lambda plan: replace(plan, actions=(replace(plan.actions[0], wanted=None),)),
    ],
)
def test_a_plan_that_was_edited_into_nonsense_is_refused(desk, edit):
    plan = edit(desk.plan())
    with pytest.raises(SyncFileError, match="contradicts itself") as caught:
        desk.apply(plan)
    assert caught.value.exit_code == 65
    assert desk.library.writes == []


def test_actions_may_be_taken_out_of_a_plan(desk):
    plan = desk.plan()
    assert desk.apply(replace(plan, actions=plan.actions[:1])).written == 1


def test_what_is_asked_before_a_resumed_plan_goes_on_is_only_what_is_left(tmp_path, world):
    desk = Bibkit(tmp_path / "desk", world.library, works(60))
    plan = desk.plan()
    desk.library = FaultyLibrary(world.library, {4: Trouble(Killed())})
    with pytest.raises(Killed):
        desk.apply(plan)
    desk.library = world.library
    asked: list[int] = []
    desk._before = lambda made: asked.append(len(made.writes))
    desk.apply(plan)
    assert asked == [10]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("call", range(6))
def test_a_plan_whose_apply_was_killed_is_resumed(tmp_path, world, call, late):
    desk = Bibkit(tmp_path / "desk", world.library, works(60))
    plan = desk.plan()
    assert desk.store.load_journal() is None
    desk.library = FaultyLibrary(world.library, {call: Trouble(Killed(), late=late)})
    try:
        desk.apply(plan)
    except Killed:
        pass
    else:
        assert call >= 4
    desk.library = RecordingLibrary(world.library)
    desk.apply(plan)
    assert len(world.library.read_all().items) == 60
    desk.library = RecordingLibrary(world.library)
    assert desk.apply(plan).written == 0
    assert desk.sync().written == 0
    assert desk.library.writes == []


def test_the_state_that_was_kept_overwrites_nothing_when_it_is_put_back(desk, world):
    desk.sync()
    first = {item.key: item.fields["abstractNote"] for item in world.library.read_all().items}
    desk.wanted = [wanted(each) for each in changed(3)]
    desk.sync()
    key = desk.plan().actions[0].item
    world.edit(key, abstractNote=first[key])  # the user goes back to what was there before
    world.tag(key)
    kept = desk.folder / "state.previous.json"
    kept.replace(kept.with_name("state.json"))
    (desk.folder / "journal.jsonl").unlink()
    desk.library = RecordingLibrary(world.library)
    outcome = desk.sync()
    assert desk.library.writes == []
    assert [each.name for each in outcome.plan.actions[0].kept] == ["abstractNote"]


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("call", [3, 4, 5])
def test_a_journal_that_was_cut_anywhere_or_lost_makes_nothing_twice(tmp_path, call, late):
    # The run had written up to two batches that are only in its journal, and may have sent a third.
    clean = MemoryLibrary()
    Bibkit(tmp_path / "clean", clean, works(120)).sync()
    memory = MemoryLibrary()
    desk = Bibkit(
        tmp_path / "killed", FaultyLibrary(memory, {call: Trouble(Killed(), late=late)}), works(120)
    )
    with pytest.raises(Killed):
        desk.sync()
    path = desk.folder / "journal.jsonl"
    whole = path.read_bytes()
    ends = [place + 1 for place, byte in enumerate(whole) if byte == ord("\n")]
    for length in [None, *ends, *(end + 7 for end in ends[:-1])]:
        copy = MemoryLibrary()
        copy.items, copy.collections = dict(memory.items), dict(memory.collections)
        copy.version = memory.version
        again = Bibkit(tmp_path / f"cut {length}", copy, works(120))
        again.folder.mkdir()
        (again.folder / "state.json").write_bytes((desk.folder / "state.json").read_bytes())
        if length is not None:
            (again.folder / "journal.jsonl").write_bytes(whole[:length])
        again.sync()
        assert contents(copy) == contents(clean)
        again.library = RecordingLibrary(copy)
        assert again.sync().written == 0
        assert again.library.writes == []


def test_a_library_that_moves_each_time_is_left_for_the_next_run(desk, world):
    desk.sync()
    desk.wanted = [wanted(each) for each in changed(1)]

    class Meddled(RecordingLibrary):
        count = 0

        def write_items(self, writes):
            self.count += 1
            world.edit(writes[0].key, shortTitle=f"theirs {self.count}")
            return super().write_items(writes)

    desk.library = Meddled(world.library)
    outcome = desk.sync()
    assert desk.library.count == 4
    assert [each.reason for each in outcome.not_done] == [Refusal.MOVED]
    desk.library = world.library
    assert desk.sync().written == 1


def test_a_change_of_the_users_in_between_is_merged(desk, world):
    desk.sync()
    desk.wanted = [wanted(each) for each in changed(1)]

    class Meddled(RecordingLibrary):
        def write_items(self, writes):
            if not self.writes:
                world.edit(writes[0].key, title="theirs")
            return super().write_items(writes)

    desk.library = Meddled(world.library)
    assert desk.sync().written == 1
    (item,) = [each for each in desk.library.read_all().items if each.fields["title"] == "theirs"]
    assert item.fields["abstractNote"] == "A new abstract."


def test_an_uncertain_write_that_stays_so_is_an_error_that_passes(desk, world):
    class Lost(RecordingLibrary):
        def write_items(self, _writes):
            raise UncertainWriteError("lost")

    desk.library = Lost(world.library)
    with pytest.raises(TemporaryError):
        desk.sync()
    desk.library = world.library
    assert desk.sync().written == 3


def test_one_refused_item_does_not_stop_the_others(desk, world):
    def broken(kind):
        values = good.values(kind)
        return replace(values, fields={**values.fields, "noSuchField": "x"})

    good = desk.wanted[1]
    desk.wanted[1] = replace(good, values=broken)
    outcome = desk.sync()
    assert outcome.written == 2
    assert [(each.action.origin, each.reason) for each in outcome.not_done] == [
        (good.origin, Refusal.INVALID)
    ]
    desk.wanted[1] = good
    assert desk.sync().written == 1


def test_two_bibkits_with_states_of_their_own_make_each_item_once(desk, tmp_path, world):
    other = Bibkit(tmp_path / "other", world.library, desk.wanted)

    class Raced(RecordingLibrary):
        raced = False

        def write_items(self, writes):
            if not self.raced:
                self.raced = True
                other.sync()
            return super().write_items(writes)

    desk.library = Raced(world.library)
    assert desk.sync().not_done == ()
    assert len(world.library.read_all().items) == 3
    for run in (desk, other):
        run.library = RecordingLibrary(world.library)
        assert run.sync().written == 0
        assert run.library.writes == []
