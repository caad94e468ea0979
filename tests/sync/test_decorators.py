"""The wrappers that other tests rest on do what they say."""

import pytest

from bibkit.errors import TemporaryError, UncertainWriteError
from bibkit.sync.library import NEW, CollectionKey, ItemKey, ItemWrite, NewCollection, Unchanged
from sync.decorators import DryRunLibrary, FaultyLibrary, RecordingLibrary, Trouble
from sync.memory import MemoryLibrary

WRITE = ItemWrite(key=ItemKey("A2345678"), version=NEW, type="book", fields={"title": "t"})
SHELF = NewCollection(CollectionKey("SHELF234"), "Shelf")


@pytest.mark.parametrize(("late", "written"), [(False, 0), (True, 1)])
def test_a_fault_strikes_its_call_before_or_after(late, written):
    memory = MemoryLibrary()
    library = FaultyLibrary(memory, {1: Trouble(late=late)})
    library.read_all()
    with pytest.raises(UncertainWriteError):
        library.write_items([WRITE])
    assert len(memory.items) == written
    library.write_items([WRITE])
    assert len(memory.items) == 1


def test_any_call_can_fail():
    calls = ("rights", "read_all", "has_moved", "read_items", "read_deletions", "create_collections")
    arguments = {
        "has_moved": [NEW],
        "read_items": [[]],
        "read_deletions": [NEW],
        "create_collections": [[SHELF]],
    }
    library = FaultyLibrary(MemoryLibrary(), {n: Trouble(TemporaryError("busy")) for n in range(len(calls))})
    for name in calls:
        with pytest.raises(TemporaryError, match="busy"):
            getattr(library, name)(*arguments.get(name, []))
    assert library.calls == len(calls)


def test_a_dry_run_writes_nothing():
    memory = MemoryLibrary()
    library = DryRunLibrary(memory)
    assert library.write_items([WRITE]).results == (Unchanged(WRITE.key),)
    assert library.create_collections([SHELF]).results == (Unchanged(SHELF.key),)
    assert (memory.items, memory.collections, memory.version) == ({}, {}, NEW)


def test_a_record_keeps_calls_in_their_order():
    library = RecordingLibrary(MemoryLibrary("here"))
    library.create_collections([SHELF])
    library.write_items([WRITE])
    library.has_moved(NEW)
    assert library.id == "here"
    assert library.writes == ["create_collections", "write_items"]
    assert library.record[-1] == ("has_moved", (NEW,))
