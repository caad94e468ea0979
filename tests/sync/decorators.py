"""Libraries around a library: one that fails on order, one that writes nothing, one that keeps a record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bibkit.errors import BibkitError, UncertainWriteError
from bibkit.sync.library import (
    Deletions,
    ItemKey,
    ItemWrite,
    Library,
    LibraryId,
    LibraryVersion,
    NewCollection,
    RemoteItem,
    Rights,
    Snapshot,
    Unchanged,
    WriteReport,
)


class Around:
    """A library that passes every call on through `_call`."""

    def __init__(self, inner: Library) -> None:
        self.inner = inner

    @property
    def id(self) -> LibraryId:
        return self.inner.id

    def rights(self) -> Rights:
        return self._call("rights", self.inner.rights)

    def has_moved(self, since: LibraryVersion) -> bool:
        return self._call("has_moved", self.inner.has_moved, since)

    def read_all(self) -> Snapshot:
        return self._call("read_all", self.inner.read_all)

    def read_items(self, keys: Sequence[ItemKey]) -> tuple[RemoteItem, ...]:
        return self._call("read_items", self.inner.read_items, keys)

    def read_deletions(self, since: LibraryVersion) -> Deletions:
        return self._call("read_deletions", self.inner.read_deletions, since)

    def write_items(self, writes: Sequence[ItemWrite]) -> WriteReport:
        return self._call("write_items", self.inner.write_items, writes)

    def create_collections(self, collections: Sequence[NewCollection]) -> WriteReport:
        return self._call("create_collections", self.inner.create_collections, collections)

    def _call(self, name: str, call: Callable[..., Any], *arguments: Any) -> Any:
        return call(*arguments)


@dataclass(frozen=True)
class Trouble:
    """Raise `error` at a call: before it, or, `late`, after it took effect."""

    error: BibkitError = field(default_factory=lambda: UncertainWriteError("the answer was lost"))
    late: bool = False


class FaultyLibrary(Around):
    """A library whose calls go wrong as scheduled: `schedule` is by the number of the call, from 0."""

    def __init__(self, inner: Library, schedule: dict[int, Trouble]) -> None:
        super().__init__(inner)
        self.schedule = schedule
        self.calls = 0

    def _call(self, name: str, call: Callable[..., Any], *arguments: Any) -> Any:
        trouble = self.schedule.get(self.calls)
        self.calls += 1
        if trouble is not None and not trouble.late:
            raise trouble.error
        answer = call(*arguments)
        if trouble is not None:
            raise trouble.error
        return answer


class DryRunLibrary(Around):
    """A library that reads and never writes: every write is reported as changing nothing."""

    def write_items(self, writes: Sequence[ItemWrite]) -> WriteReport:
        return self._nothing([write.key for write in writes])

    def create_collections(self, collections: Sequence[NewCollection]) -> WriteReport:
        return self._nothing([collection.key for collection in collections])

    def _nothing(self, keys: Sequence[str]) -> WriteReport:
        return WriteReport(self.inner.read_all().version, tuple(Unchanged(key) for key in keys))


class RecordingLibrary(Around):
    """A library that remembers its calls: names and arguments, in order."""

    def __init__(self, inner: Library) -> None:
        super().__init__(inner)
        self.record: list[tuple[str, tuple[Any, ...]]] = []

    @property
    def writes(self) -> list[str]:
        return [name for name, _ in self.record if name in {"write_items", "create_collections"}]

    def _call(self, name: str, call: Callable[..., Any], *arguments: Any) -> Any:
        self.record.append((name, arguments))
        return call(*arguments)
