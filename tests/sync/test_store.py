"""State, journal and lock on disk."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from bibkit import files
from bibkit.errors import SyncFileError, TemporaryError, WriteError
from bibkit.sync.journal import Journal, JournalStart, bare_action
from bibkit.sync.keys import derive_item_key
from bibkit.sync.library import (
    CollectionKey,
    ItemCreator,
    ItemKey,
    ItemWrite,
    LibraryId,
    LibraryVersion,
    Tag,
)
from bibkit.sync.merge import Change
from bibkit.sync.plan import Action, ActionKind
from bibkit.sync.state import Known, SyncState
from bibkit.sync.store import Owner, Store
from bibkit.sync.values import ItemValues

HERE = LibraryId("https://api.zotero.org/users/1")
ME = Owner("desk", 42, 1_000_000.0)
KNOWN = Known(ItemKey("A2345678"), ItemValues(type="preprint", fields={"title": "t\u2028"}))


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "state", HERE)
    with store.hold(ME):
        pass
    return store


def some_state(serial=1):
    return SyncState(library=HERE, serial=serial, version=LibraryVersion(7), works={"one": KNOWN})


def test_a_folder_that_is_not_there_holds_an_empty_state_and_stays_away(tmp_path):
    store = Store(tmp_path / "none", HERE)
    assert store.load() == SyncState(library=HERE)
    assert store.load_journal() is None
    assert not (tmp_path / "none").exists()


def test_what_was_saved_is_loaded(store, tmp_path):
    assert store.save(some_state())
    assert Store(tmp_path / "state", HERE).load() == some_state()
    assert not store.save(some_state())


def test_a_run_keeps_the_state_before_it_whatever_it_saves(store, tmp_path):
    store.save(some_state())
    run = Store(tmp_path / "state", HERE)
    run.save(some_state(2))
    run.save(some_state(3))
    folder = tmp_path / "state"
    (folder / "state.json").write_bytes((folder / "state.previous.json").read_bytes())
    assert run.load() == some_state().weakened()


def test_a_state_that_cannot_be_replaced_stays(store, monkeypatch):
    store.save(some_state())

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(WriteError, match="no space left"):
        store.save(some_state(2))
    monkeypatch.undo()
    assert store.load() == some_state()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"kind": "state"}', "\x00", '{"kind": "plan", "version": 1}']
)
@pytest.mark.parametrize("name", ["state.json", "journal.jsonl"])
def test_a_damaged_file_is_an_error_with_its_name(store, tmp_path, name, text):
    (tmp_path / "state" / name).write_text(text, encoding="utf-8")
    with pytest.raises(SyncFileError, match=name):
        store.load() if name == "state.json" else store.load_journal()


def test_a_state_cut_anywhere_is_damaged(store, tmp_path):
    store.save(some_state())
    path = tmp_path / "state" / "state.json"
    whole = path.read_bytes()
    for length in range(len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(SyncFileError):
            store.load()


def test_what_is_not_text_is_damaged(store, tmp_path):
    (tmp_path / "state" / "state.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SyncFileError, match="UTF-16"):
        store.load()


def test_a_state_of_a_newer_bibkit_is_refused(store, tmp_path):
    store.save(some_state())
    path = tmp_path / "state" / "state.json"
    newer = json.loads(path.read_text(encoding="utf-8")) | {"version": 2}
    path.write_text(json.dumps(newer), encoding="utf-8")
    with pytest.raises(SyncFileError, match="newer bibkit"):
        store.load()


def test_the_state_of_another_library_is_refused(store, tmp_path):
    store.save(replace(some_state(), library=LibraryId("https://api.zotero.org/groups/2")))
    with pytest.raises(SyncFileError, match=r"groups/2, not of https://api\.zotero\.org/users/1"):
        store.load()


def test_a_journal_comes_back(store):
    store.start_journal(JournalStart("abc", 3))
    assert store.load_journal() == Journal("abc", 3)


def action(origin, text="t\u2028é"):
    values = ItemValues(type="preprint", fields={"title": text})
    key = derive_item_key(HERE, origin)
    write = ItemWrite(key=key, version=LibraryVersion(3), fields=values.fields)
    changes = (Change("title", "", text),)
    return Action(
        kind=ActionKind.UPDATE,
        origin=origin,
        citation_key=origin,
        item=key,
        write=write,
        wanted=values,
        changes=changes,
    )


def test_what_answers_told_is_in_the_state_before_it_is_saved(store, tmp_path):
    store.save(some_state(4))
    store.start_journal(JournalStart("abc", 5, 4))
    one, two, three = actions = [action(name) for name in ("1", "2", "3")]
    store.note_sent(actions)
    journal = store.load_journal()
    assert (journal.left, journal.pending) == (5, tuple(bare_action(each) for each in actions))
    assert store.load() == some_state(4)
    store.note_taken([0, 2])
    journal = store.load_journal()
    assert (journal.left, journal.pending, journal.answered) == (3, (), 1)
    known = {each.origin: Known(each.item, each.wanted) for each in (one, three)}
    assert store.load() == replace(some_state(5), works={"one": KNOWN, **known})
    store.note_sent([two])
    store.note_taken([])
    assert store.load().serial == 6
    # Once it is saved, the journal tells nothing more.
    later = replace(store.load(), settled="x")
    store.save(later)
    assert store.load() == later
    newer = replace(later, serial=9, works={})
    store.save(newer)
    assert store.load() == newer


def test_a_journal_that_was_cut_while_a_line_was_written_ends_before_it(store, tmp_path):
    store.start_journal(JournalStart("abc", 3, 0))
    path = tmp_path / "state" / "journal.jsonl"
    expected = [(path.stat().st_size, store.load_journal())]
    for origin in ("1", "é"):
        store.note_sent([action(origin)])
        expected.append((path.stat().st_size, store.load_journal()))
        store.note_taken([0])
        expected.append((path.stat().st_size, store.load_journal()))
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        # The first line is written whole or not at all: without it there is no journal.
        if length < expected[0][0] - 1:
            with pytest.raises(SyncFileError, match=r"journal\.jsonl"):
                store.load_journal()
        else:
            wanted = [journal for size, journal in expected if size <= max(length, expected[0][0])][-1]
            assert store.load_journal() == wanted


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[{}]", "null", "[]\n[0]", "<html>", '[{"kind": "update"}]', "\x00", "[]\n[0.5]", '[]\n["0"]'],
)
def test_a_journal_with_a_whole_line_that_is_none_is_damaged(store, tmp_path, line):
    store.start_journal(JournalStart("abc", 3, 0))
    with (tmp_path / "state" / "journal.jsonl").open("a") as file:
        file.write(line + "\n")
    with pytest.raises(SyncFileError, match="Delete it") as caught:
        store.load_journal()
    assert caught.value.exit_code == 65


def test_a_journal_of_a_newer_bibkit_is_refused(store, tmp_path):
    store.start_journal(JournalStart("abc", 3, 0))
    path = tmp_path / "state" / "journal.jsonl"
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(SyncFileError, match="newer bibkit"):
        store.load()


def test_a_note_that_cannot_be_written_is_an_error(store, monkeypatch):
    store.start_journal(JournalStart("abc", 3, 0))

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(WriteError, match="no space left") as caught:
        store.note_sent([action("1")])
    assert caught.value.exit_code == 74


def test_the_copy_that_is_kept_holds_no_text_that_could_be_written_over_the_users():
    wanted = replace(
        KNOWN.base,
        creators=(ItemCreator("author", "A", "B"),),
        lines={"x:": "x: 1"},
        tags=(Tag("t"),),
        collections=(CollectionKey("SHELF234"),),
    )
    works = {"one": replace(KNOWN, base=wanted), "two": replace(KNOWN, base=None)}
    kept = replace(some_state(), works=works, settled="x", gone=("two",)).weakened()
    said = ItemValues(type="preprint", tags=wanted.tags, collections=wanted.collections)
    assert kept == replace(
        some_state(), works={"one": replace(KNOWN, base=said), "two": works["two"]}, gone=("two",)
    )


def test_a_second_run_is_told_who_holds_the_lock_and_for_how_long(store, tmp_path):
    other = Store(tmp_path / "state", HERE)
    late = Owner("desk", 43, ME.since + 7_500)
    with (
        store.hold(ME),
        pytest.raises(TemporaryError, match="process 42 on desk, for 2 hours, is syncing") as caught,
        other.hold(late),
    ):
        pass
    assert caught.value.exit_code == 75
    with other.hold(late):
        pass


@pytest.mark.parametrize("text", ["", "{", '{"host": 1}', "[]"])
def test_a_lock_that_says_nothing_still_holds(store, tmp_path, text):
    with store.hold(ME):
        (tmp_path / "state" / "lock.json").write_text(text, encoding="utf-8")
        with pytest.raises(TemporaryError, match="another bibkit is syncing"), store.hold(ME):
            pass


def test_a_clock_that_was_set_back_makes_no_lock_older_than_it_is(store, tmp_path):
    with (
        store.hold(ME),
        pytest.raises(TemporaryError, match="for a moment, is syncing"),
        Store(tmp_path / "state", HERE).hold(replace(ME, since=0.0)),
    ):
        pass


def test_the_lock_of_a_killed_process_is_free(store, tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from bibkit.sync.store import Owner, Store\n"
        f"with Store(Path({str(tmp_path / 'state')!r}), {HERE!r}).hold(Owner('desk', 1, 0.0)):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(TemporaryError), store.hold(ME):
            pass
        os.kill(process.pid, signal.SIGKILL)
    with store.hold(ME):
        pass
