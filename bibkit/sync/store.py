"""What sync keeps on disk for one library, in a folder of its own.

    state.json              what is known of the library (`bibkit.sync.state`)
    state.previous.json     what of it was known before the last run that changed it, and can still be trusted
    journal.jsonl           which plan is being applied, and what came of it since `state.json` was written
                            (`bibkit.sync.journal`)
    lock.json               who holds the folder, and since when

A file is replaced whole or not at all, but for the journal, which lines are added to: a state of thousands of
works is not written again for each fifty of them. All is on the disk when it is said to be. The lock is the
operating system's: it goes with its process, however that ends; `lock.json` only says whose it is.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bibkit import files
from bibkit.errors import SyncFileError, TemporaryError, UnreadableSourceError
from bibkit.sync.documents import (
    parse_journal,
    parse_state,
    render_journal_start,
    render_sent,
    render_state,
    render_taken,
)
from bibkit.sync.journal import Journal, JournalStart, bare_action, with_learned
from bibkit.sync.library import LibraryId
from bibkit.sync.plan import Action
from bibkit.sync.state import SyncState

_STATE: Final = "state.json"
_PREVIOUS: Final = "state.previous.json"
_JOURNAL: Final = "journal.jsonl"
_LOCK: Final = "lock.json"
_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a lock: the machine, the process there, and since when (seconds since 1970)."""

    host: str
    process: int
    since: float


class Store:
    """The files of one library's sync."""

    def __init__(self, folder: Path, library: LibraryId) -> None:
        """Take the folder, which need not exist yet, and whose state may stand in it."""
        self._folder = folder
        self._library = library
        self._kept_previous = False

    def load(self) -> SyncState:
        """Return the state, with what the journal tells besides; an empty one where there is none.

        Raises `SyncFileError` for one that is damaged, of a newer version, or another library's.
        """
        state = self._load_saved() or SyncState(library=self._library)
        journal = self.load_journal()
        return state if journal is None else with_learned(state, journal)

    def _load_saved(self) -> SyncState | None:
        path = self._folder / _STATE
        text = self._read(_STATE)
        if text is None:
            return None
        state = parse_state(text, str(path))
        if state.library != self._library:
            raise SyncFileError(
                f"{path}: is the state of {state.library}, not of {self._library}",
                hint="Give each library a state folder of its own.",
            )
        return state

    def save(self, state: SyncState) -> bool:
        """Replace the state; the first change of a run keeps the one before it. False if nothing changed."""
        with files.Replacement() as replacement:
            changed = replacement.stage(self._folder / _STATE, render_state(state))
            old = self._load_saved() if changed and not self._kept_previous else None
            if old is not None:
                # Staged by itself and before the new one: at no moment is there no state.
                files.write_text_atomic(self._folder / _PREVIOUS, render_state(old.weakened()))
            replacement.commit()
        self._kept_previous = self._kept_previous or changed
        return changed

    def load_journal(self) -> Journal | None:
        """Return the journal of the last plan that was applied; raises `SyncFileError` if it is damaged."""
        text = self._read(_JOURNAL)
        return None if text is None else parse_journal(text, str(self._folder / _JOURNAL))

    def start_journal(self, start: JournalStart) -> None:
        """Begin a new journal; what the old one told is forgotten, and must be in the saved state."""
        files.write_text_atomic(self._folder / _JOURNAL, render_journal_start(start))

    def note_sent(self, actions: Sequence[Action]) -> None:
        """Note in the journal what is about to be sent in one request."""
        line = render_sent([bare_action(action) for action in actions])
        files.append_text(self._folder / _JOURNAL, line)

    def note_taken(self, places: Sequence[int]) -> None:
        """Note in the journal which actions of the last request the library took, by their places in it."""
        files.append_text(self._folder / _JOURNAL, render_taken(places))

    @contextlib.contextmanager
    def hold(self, owner: Owner) -> Iterator[None]:
        """Hold the folder, which is created if missing, for one process.

        Raises `TemporaryError`, with who holds it and for how long, where another one does.
        """
        files.make_folder(self._folder)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(files.lock(self._folder, wait=0.0))
            except TemporaryError as trouble:
                raise TemporaryError(
                    f"{self._folder}: {self._holder(owner.since)} is syncing this library",
                    hint="Run again when it has finished. If it hangs, end it: its lock goes with it.",
                ) from trouble
            files.write_text_atomic(self._folder / _LOCK, json.dumps(asdict(owner)) + "\n")
            yield

    def _holder(self, now: float) -> str:
        try:
            owner = Owner(**json.loads(self._read(_LOCK) or ""))
            age = _render_age(now - owner.since)
        except (ValueError, TypeError):  # taken a moment ago, or written by another version
            return "another bibkit"
        return f"process {owner.process} on {owner.host}, for {age},"

    def _read(self, name: str) -> str | None:
        path = self._folder / name
        if not files.exists(path):
            return None
        try:
            return files.read_text(path)
        except UnreadableSourceError as trouble:
            raise SyncFileError(str(trouble)) from trouble


def _render_age(seconds: float) -> str:
    for length, unit in _UNITS:
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return "a moment"
