"""What `bibkit.sync.library.Library` promises, on the library in memory and on the one behind the server."""

from collections.abc import Callable

import pytest
from emulator import Emulator
from emulator.http import KEY, USER
from hypothesis import given, settings
from hypothesis import strategies as st

from bibkit.errors import NotAllowedError
from bibkit.sync.library import (
    BATCH,
    NEW,
    CollectionKey,
    ItemCreator,
    ItemKey,
    ItemWrite,
    Library,
    LibraryVersion,
    NewCollection,
    Refusal,
    Refused,
    RemoteItem,
    Rights,
    Tag,
    Unchanged,
    Written,
)
from bibkit.zotero.client import ZoteroLibrary
from sync.memory import MemoryLibrary
from sync.worlds import World

A, B, C = (ItemKey(f"{letter}2345678") for letter in "ABC")
SHELF, BOX = CollectionKey("SHELF234"), CollectionKey("BXX23456")


def create(key: ItemKey = A, **fields: str) -> ItemWrite:
    return ItemWrite(key=key, version=NEW, type="preprint", fields=fields)


def only(library: Library) -> RemoteItem:
    (item,) = library.read_all().items
    return item


def refusal(library: Library, write: ItemWrite) -> Refusal:
    (result,) = library.write_items([write]).results
    assert isinstance(result, Refused)
    return result.reason


def test_a_new_library_is_empty(world: World):
    snapshot = world.library.read_all()
    assert (snapshot.version, snapshot.items, snapshot.collections) == (0, (), ())
    assert world.library.rights() == Rights(read=True, write=True)


def test_what_is_created_is_read_back(world: World):
    world.add_collection(SHELF, "Shelf")
    write = ItemWrite(
        key=A,
        version=NEW,
        type="preprint",
        fields={"title": "A $x_i$ <i>title</i>", "citationKey": "gao2024title", "date": "2024-09-23"},
        creators=(
            ItemCreator("author", "van der Berg", "Jan"),
            ItemCreator("editor", "A Body"),
            ItemCreator("author", "İnan", ""),
        ),
        tags=(Tag("cs.LG", automatic=True), Tag("a mine")),
        collections=(SHELF,),
    )
    report = world.library.write_items([write])
    item = only(world.library)
    assert report.results == (Written(A, item.version),)
    assert report.version == item.version == world.library.read_all().version
    assert item == RemoteItem(
        key=A,
        version=item.version,
        type="preprint",
        fields=write.fields,
        creators=write.creators or (),
        tags=(Tag("a mine"), Tag("cs.LG", automatic=True)),
        collections=(SHELF,),
    )


def test_creating_twice_creates_once(world: World):
    world.library.write_items([create(title="first")])
    before = world.library.read_all()
    assert refusal(world.library, create(title="second")) is Refusal.MOVED
    assert world.library.read_all() == before


def test_a_write_leaves_what_it_does_not_mention(world: World):
    world.add(A, fields={"title": "t", "abstractNote": "theirs"}, tags=("read",))
    version = only(world.library).version
    world.library.write_items([ItemWrite(key=A, version=version, fields={"title": "ours"})])
    item = only(world.library)
    assert item.fields == {"title": "ours", "abstractNote": "theirs"}
    assert item.tags == (Tag("read"),)


def test_an_empty_value_empties_a_field(world: World):
    world.add(A, fields={"title": "t", "url": "https://example.org"})
    world.library.write_items([ItemWrite(key=A, version=only(world.library).version, fields={"url": ""})])
    assert only(world.library).fields == {"title": "t"}


def test_an_item_that_moved_is_not_written(world: World):
    world.add(A, fields={"title": "t"})
    stale = only(world.library).version
    world.edit(A, title="the user's")
    before = world.library.read_all()
    assert refusal(world.library, ItemWrite(key=A, version=stale, fields={"title": "x"})) is Refusal.MOVED
    assert world.library.read_all() == before


def test_an_item_that_is_gone_is_not_made_again(world: World):
    world.add(A)
    version = only(world.library).version
    world.delete(A)
    assert refusal(world.library, ItemWrite(key=A, version=version, fields={"title": "x"})) is Refusal.GONE
    assert world.library.read_all().items == ()


def test_a_write_that_changes_nothing_moves_the_library_and_not_the_item(world: World):
    world.add(A, fields={"title": "t"})
    before = world.library.read_all()
    write = ItemWrite(key=A, version=before.items[0].version, fields={"title": " t "})
    report = world.library.write_items([write])
    assert report.results == (Unchanged(A),)
    assert report.version > before.version
    assert only(world.library) == before.items[0]


def test_tags_count_as_a_change_even_where_they_are_the_same(world: World):
    world.add(A, tags=("x",))
    before = only(world.library)
    write = ItemWrite(key=A, version=before.version, tags=(Tag("x"),))
    assert isinstance(world.library.write_items([write]).results[0], Written)
    assert only(world.library).version > before.version


def test_each_object_of_a_write_stands_for_itself(world: World):
    world.add(B, fields={"title": "b"})
    version = only(world.library).version
    writes = [
        create(A, title="a"),
        ItemWrite(key=B, version=version, fields={"title": "b"}),
        create(C, publisher="no field of a preprint"),
        ItemWrite(key=ItemKey("D2345678"), version=version, fields={"title": "d"}),
        ItemWrite(key=ItemKey("E2345678"), version=NEW, type="preprint", collections=(SHELF,)),
    ]
    report = world.library.write_items(writes)
    assert [type(result) for result in report.results] == [Written, Unchanged, Refused, Refused, Refused]
    assert [result.key for result in report.results] == [write.key for write in writes]
    reasons = [result.reason for result in report.results if isinstance(result, Refused)]
    assert reasons == [Refusal.INVALID, Refusal.GONE, Refusal.DANGLING]
    assert [item.key for item in world.library.read_all().items] == [A, B]
    assert report.version == world.library.read_all().version == version + 2


def test_every_object_gets_a_version_of_its_own(world: World):
    report = world.library.write_items([create(A), create(B), create(C)])
    versions = [result.version for result in report.results if isinstance(result, Written)]
    assert versions == sorted(set(versions))
    assert report.version == versions[-1]


@pytest.mark.parametrize("count", [0, BATCH + 1])
def test_a_write_holds_one_to_fifty_objects(world: World, count: int):
    writes = [create(ItemKey(f"A23456{one}{two}")) for one in "23456789" for two in "23456789"][:count]
    with pytest.raises(ValueError, match="1 to 50"):
        world.library.write_items(writes)


def test_a_write_names_an_object_once(world: World):
    with pytest.raises(ValueError, match="each once"):
        world.library.write_items([create(A), create(A)])


def test_the_trash_is_read_and_left_alone(world: World):
    world.add(A, fields={"title": "t"})
    world.trash(A)
    item = only(world.library)
    assert item.trashed
    assert refusal(world.library, create(A)) is Refusal.MOVED
    world.library.write_items([ItemWrite(key=A, version=item.version, fields={"title": "u"})])
    assert only(world.library).trashed
    world.restore(A)
    assert not only(world.library).trashed


def test_deletions_are_told_until_the_key_is_used_again(world: World):
    world.add(A)
    since = world.library.read_all().version
    world.delete(A)
    assert world.library.read_deletions(since).items == {A}
    assert world.library.read_deletions(world.library.read_all().version).items == frozenset()
    world.library.write_items([create(A)])
    assert world.library.read_deletions(since).items == frozenset()


def test_a_collection_is_created_once(world: World):
    report = world.library.create_collections([NewCollection(SHELF, "Lab")])
    assert report.results == (Written(SHELF, report.version),)
    (result,) = world.library.create_collections([NewCollection(SHELF, "Lab")]).results
    assert isinstance(result, Refused)
    assert result.reason is Refusal.MOVED
    world.library.create_collections([NewCollection(BOX, "Reading list", SHELF)])
    box, shelf = world.library.read_all().collections
    assert (shelf.name, shelf.parent, box.name, box.parent) == ("Lab", None, "Reading list", SHELF)


def test_a_collection_needs_its_parent(world: World):
    (result,) = world.library.create_collections([NewCollection(BOX, "Reading list", SHELF)]).results
    assert isinstance(result, Refused)
    assert result.reason is Refusal.DANGLING


def test_deleting_a_collection_ends_memberships_and_moves_no_item(world: World):
    world.add_collection(SHELF, "Lab")
    world.add(A)
    world.move(A, SHELF)
    before = world.library.read_all()
    world.delete_collection(SHELF)
    after = world.library.read_all()
    assert after.items[0].collections == ()
    assert after.items[0].version == before.items[0].version
    assert after.version > before.version
    assert world.library.read_deletions(before.version).collections == {SHELF}


def test_a_collection_that_stands_in_a_deleted_one_goes_too_and_is_not_told_of(world: World):
    world.add_collection(SHELF, "Lab")
    world.add_collection(BOX, "Reading list", SHELF)
    world.add(A)
    world.move(A, BOX)
    world.delete_collection(SHELF)
    after = world.library.read_all()
    assert (after.collections, after.items[0].collections) == ((), ())
    assert world.library.read_deletions(NEW).collections == {SHELF}


def test_a_type_that_the_user_changes_takes_values_along_where_it_can(world: World):
    world.add(A, fields={"title": "t", "repository": "arXiv", "archiveID": "arXiv:2401.00001"})
    world.set_type(A, "journalArticle")
    assert only(world.library).fields == {"title": "t", "publisher": "arXiv"}
    assert world.items == {A: only(world.library)}


def test_an_item_that_others_are_merged_into_has_their_tags_and_collections(world: World):
    world.add_collection(SHELF, "Lab")
    world.add(A, tags=("a",))
    world.add(B, tags=("b",))
    world.move(B, SHELF)
    world.merge(A, B)
    assert (world.items[A].tags, world.items[A].collections) == ((Tag("a"), Tag("b")), (SHELF,))


def test_collections_are_moved_and_trashed(world: World):
    world.add_collection(SHELF, "Lab")
    world.add_collection(BOX, "Reading list")
    world.move_collection(BOX, SHELF)
    world.trash_collection(BOX, trashed=True)
    box, _ = world.library.read_all().collections
    assert (box.parent, box.trashed) == (SHELF, True)
    world.trash_collection(BOX, trashed=False)
    assert not world.library.read_all().collections[0].trashed
    assert {each.key: each for each in world.library.read_all().collections} == world.collections


def test_a_renamed_collection_keeps_its_key(world: World):
    world.add_collection(SHELF, "Lab")
    world.rename_collection(SHELF, "Laboratory")
    (collection,) = world.library.read_all().collections
    assert (collection.key, collection.name) == (SHELF, "Laboratory")


def test_the_library_says_whether_it_moved(world: World):
    assert not world.library.has_moved(LibraryVersion(0))
    world.add(A)
    version = world.library.read_all().version
    assert world.library.has_moved(LibraryVersion(version - 1))
    assert not world.library.has_moved(version)


def test_some_items_are_read_in_the_order_asked(world: World):
    world.add(A, fields={"title": "a"})
    world.add(B, fields={"title": "b"})
    world.trash(A)
    items = world.library.read_items([B, C, A])
    assert [item.key for item in items] == [B, A]
    assert items[1].trashed
    assert world.library.read_items([]) == ()


def test_a_note_is_a_child_and_no_regular_item(world: World):
    world.add(A)
    world.add_note(B, A)
    item, note = world.library.read_all().items
    assert item.regular
    assert (note.key, note.type, note.parent, note.regular, note.fields) == (B, "note", A, False, {})


def test_a_merged_item_is_named_by_its_survivor(world: World):
    world.add(A)
    world.add(B)
    world.merge(A, B)
    survivor, other = world.library.read_all().items
    assert survivor.replaces == (B,)
    assert other.trashed


def test_who_may_only_read_writes_nothing(make_world: Callable[[bool], World]):
    world = make_world(False)
    world.add(A)
    before = world.library.read_all()
    assert world.library.rights() == Rights(read=True, write=False)
    with pytest.raises(NotAllowedError):
        world.library.write_items([create(B)])
    with pytest.raises(NotAllowedError):
        world.library.create_collections([NewCollection(SHELF, "Lab")])
    assert world.library.read_all() == before


def test_an_item_keeps_its_type():
    with pytest.raises(ValueError, match="type"):
        ItemWrite(key=A, version=LibraryVersion(3), type="book")
    with pytest.raises(ValueError, match="type"):
        ItemWrite(key=A, version=NEW)


def histories() -> st.SearchStrategy[list[tuple[ItemKey, int, dict[str, str], tuple[Tag, ...] | None, bool]]]:
    step = st.tuples(
        st.sampled_from([A, B, C]),
        st.integers(-2, 2),
        st.dictionaries(
            st.sampled_from(["title", "url", "publisher"]), st.sampled_from(["", "x", " x ", "y"])
        ),
        st.none() | st.lists(st.sampled_from([Tag("t"), Tag("u", automatic=True)]), unique=True).map(tuple),
        st.booleans(),
    )
    return st.lists(step, max_size=12)


@settings(max_examples=25, deadline=None)
@given(history=histories())
def test_both_libraries_go_the_same_way(history):
    memory = MemoryLibrary()
    with (
        Emulator() as emulator,
        ZoteroLibrary("user", USER, KEY, endpoint=emulator.url, clock=emulator.clock) as zotero,
    ):
        for key, offset, fields, tags, fresh in history:
            known = memory.items.get(key)
            version = NEW if fresh or known is None else LibraryVersion(max(1, known.version + offset))
            kind = "preprint" if version == NEW else None
            write = ItemWrite(key=key, version=version, type=kind, fields=fields, tags=tags)
            ours, theirs = memory.write_items([write]), zotero.write_items([write])
            assert _bare(ours) == _bare(theirs)
        assert memory.read_all() == zotero.read_all()


def _bare(report):
    # Everything but the library's own sentences.
    return report.version, [
        (result.key, result.reason) if isinstance(result, Refused) else result for result in report.results
    ]
