"""A sync of the seeds' 183 works, ended before and after each of its requests: all end where one does."""

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
            return syncing.sync([SEEDS], self.settings, OPTIONS, library, owner, now="2026-01-01")

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


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", range(10))
def test_a_sync_killed_at_a_request_ends_as_one_that_was_not(
    clean, emulator, tmp_path, monkeypatch, *, number, late
):
    contents, _ = clean
    send = ZoteroLibrary._try
    sent = 0

    def kill(self, request):
        nonlocal sent
        sent += 1
        if sent - 1 == number:
            if late:
                send(self, request)
            raise Killed
        return send(self, request)

    desk = Desk(tmp_path, emulator)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(ZoteroLibrary, "_try", kill)
        desk.sync()
    assert desk.sync().exit_code == 0
    assert desk.contents() == contents
    emulator.log.clear()
    desk.sync()
    assert emulator.writes == []


@pytest.mark.parametrize("number", [5, 7, 9])
def test_it_does_so_with_its_state_lost_too(clean, emulator, tmp_path, number):
    contents, _ = clean
    desk = Desk(tmp_path / "one", emulator)
    emulator.faults.add(DropAfter(), skip=number)
    desk.sync()
    assert Desk(tmp_path / "two", emulator).sync().exit_code == 0
    assert desk.contents() == contents
