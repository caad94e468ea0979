"""A sync of the seeds' 183 works, ended before and after each of its requests: all end where one does.

Ended once and twice, with the state lost in between or not; at the first sync and at one that changes items.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from emulator import DropAfter, DropBefore, Emulator
from emulator.http import KEY, USER

from bibkit import syncing
from bibkit.config import Settings, ZoteroSettings
from bibkit.errors import BibkitError
from bibkit.sync.store import Owner
from bibkit.zotero.client import ZoteroLibrary
from bibkit.zotero.patience import Patience

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ONE_TRY = Patience(attempts=1)
OPTIONS = syncing.SyncOptions()


class Killed(BaseException):
    """The process ended here."""


@dataclass
class Desk:
    """A working folder, and the library that it syncs into."""

    folder: Path
    emulator: Emulator
    patience: Patience = ONE_TRY
    sources: Path = SEEDS

    @property
    def settings(self) -> Settings:
        zotero = ZoteroSettings(
            library=f"user/{USER}",
            collection="Lab/Reading list",
            state=self.folder / "state",
            endpoint=self.emulator.url,
        )
        return replace(Settings(), output=self.folder / "exports", zotero=zotero)

    def sync(self) -> syncing.SyncReport:
        with ZoteroLibrary(
            "user",
            USER,
            KEY,
            endpoint=self.emulator.url,
            clock=self.emulator.clock,
            patience=self.patience,
        ) as library:
            owner = Owner("desk", 1, 0.0)
            return syncing.sync([self.sources], self.settings, OPTIONS, library, owner, now="2026-01-01")

    def lose_the_state(self) -> None:
        shutil.rmtree(self.folder / "state", ignore_errors=True)

    def contents(self) -> dict[str, dict[str, Any]]:
        """Everything in the library but what depends on the way there."""
        volatile = {"version", "dateAdded", "dateModified"}
        stored = {**self.emulator.library.items, **self.emulator.library.collections}
        return {
            key: {name: value for name, value in each.data.items() if name not in volatile}
            for key, each in stored.items()
        }


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """What one undisturbed sync comes to, and the requests that it took."""
    with Emulator() as emulator:
        desk = Desk(tmp_path_factory.mktemp("clean"), emulator)
        assert desk.sync().exit_code == 0
        return desk.contents(), list(emulator.log)


def test_a_first_sync_takes_four_writes_of_items_and_no_request_too_many(clean):
    contents, log = clean
    assert len(contents) == 183 + 2
    writes = [each.path.rpartition("/")[2] for each in log if each.writes]
    assert writes == ["collections", *["items"] * 4]
    assert len(log) == len([each for each in log if each.writes]) + 5


def test_the_second_sync_asks_once_and_the_third_too(clean, emulator, tmp_path):
    desk = Desk(tmp_path, emulator)
    desk.sync()
    for _ in range(2):
        emulator.log.clear()
        report = desk.sync()
        assert (report.exit_code, report.plan) == (0, None)
        assert [(each.method, each.status) for each in emulator.log] == [("GET", 304)]


@pytest.mark.parametrize("fault", [DropBefore(), DropAfter()], ids=["before", "after"])
@pytest.mark.parametrize("number", range(10))
def test_a_sync_that_ended_at_a_request_ends_as_one_that_did_not(clean, emulator, tmp_path, number, fault):
    contents, log = clean
    assert number < len(log)
    desk = Desk(tmp_path, emulator)
    emulator.faults.add(fault, skip=number)
    try:
        desk.sync()
    except BibkitError as trouble:
        assert trouble.exit_code in {69, 75}  # noqa: PT017 - whether it is raised depends on the request
    assert emulator.faults.waiting == 0
    assert desk.sync().exit_code == 0
    assert desk.contents() == contents
    emulator.log.clear()
    desk.sync()
    assert emulator.writes == []


@contextmanager
def kill(number: int, *, late: bool) -> Iterator[None]:
    """End the process at a request, before it is sent or after its answer; or not, if there are fewer."""
    send = ZoteroLibrary._try
    sent = 0

    def end(self, request):
        nonlocal sent
        sent += 1
        if sent - 1 == number:
            if late:
                send(self, request)
            raise Killed
        return send(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ZoteroLibrary, "_try", end)
        yield


def ends_as(desk: Desk, contents: dict[str, dict[str, Any]]) -> None:
    """The next sync comes to these contents, and the one after it sends no write."""
    assert desk.sync().exit_code == 0
    assert desk.contents() == contents
    desk.emulator.log.clear()
    desk.sync()
    assert desk.emulator.writes == []


@pytest.mark.parametrize("lost", [False, True], ids=["kept", "lost"])
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", range(10))
def test_a_sync_killed_at_a_request_ends_as_one_that_was_not(
    clean, emulator, tmp_path, number, *, late, lost
):
    contents, log = clean
    assert number < len(log)
    desk = Desk(tmp_path, emulator)
    with kill(number, late=late), pytest.raises(Killed):
        desk.sync()
    if lost:
        desk.lose_the_state()
    ends_as(desk, contents)


@pytest.mark.parametrize("number", range(5, 10))
def test_a_sync_killed_twice_ends_as_one_that_was_not(clean, tmp_path, number):
    # From the first request that writes on; before that, the second run is a first one.
    contents, log = clean
    assert log[number].writes
    for second in range(len(log)):
        with Emulator() as emulator:
            desk = Desk(tmp_path / str(second), emulator)
            with kill(number, late=second % 2 == 0), pytest.raises(Killed):
                desk.sync()
            with kill(second, late=number % 2 == 0), suppress(Killed):
                desk.sync()
            ends_as(desk, contents)


@pytest.fixture(scope="module")
def revised(tmp_path_factory):
    """The sources with other abstracts, and what two undisturbed syncs come to."""
    sources = tmp_path_factory.mktemp("revised") / "seeds"
    for path in SEEDS.iterdir():
        lines = path.read_text(encoding="utf-8").split("\n")
        said = "\n".join(f"{line} Revised." if len(line) > 400 else line for line in lines)
        sources.mkdir(exist_ok=True)
        (sources / path.name).write_text(said, encoding="utf-8")
    with Emulator() as emulator:
        desk = Desk(tmp_path_factory.mktemp("twice"), emulator)
        desk.sync()
        emulator.log.clear()
        desk.sources = sources
        report = desk.sync()
        assert report.outcome is not None
        assert report.outcome.written > 100
        return sources, desk.contents(), len(emulator.log)


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", range(9))
def test_a_sync_that_changes_items_and_is_killed_ends_as_one_that_was_not(
    revised, emulator, tmp_path, number, *, late
):
    sources, contents, requests = revised
    desk = Desk(tmp_path, emulator)
    desk.sync()
    desk.sources = sources
    with kill(number, late=late):
        if number < requests:
            with pytest.raises(Killed):
                desk.sync()
        else:
            desk.sync()
    ends_as(desk, contents)


def test_a_state_that_is_lost_after_a_kill_leaves_what_differs(revised, emulator, tmp_path):
    # What was written stays, what was not stays too: nothing is overwritten without a state.
    sources, contents, _ = revised
    desk = Desk(tmp_path, emulator)
    desk.sync()
    before = desk.contents()
    desk.sources = sources
    with kill(6, late=True), pytest.raises(Killed):
        desk.sync()
    written = desk.contents()
    assert before != written != contents
    desk.lose_the_state()
    ends_as(desk, written)


def test_it_ends_so_though_every_request_of_one_kind_is_lost_once(clean, emulator, tmp_path):
    contents, _ = clean
    desk = Desk(tmp_path, emulator, Patience(attempts=3))
    for path in ("/items", "/collections", "/deleted", "/current"):
        emulator.faults.add(DropAfter(), path=path)
    assert desk.sync().exit_code == 0
    ends_as(desk, contents)
