"""What a format is to the rest of bibkit: a reader, a writer, and the two values they return.

Readers and writers are functions from text and to text; they open no file and raise for no record: what
is wrong with a record is a diagnostic, and what is no record is a block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from bibkit.diagnostics import Diagnostic, Source, info, warning
from bibkit.model.dates import PartialDate
from bibkit.model.record import Record
from bibkit.model.work import Entry

_PLACES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class ListingText:
    """One text to read: the path that diagnostics name, the text, when it was retrieved as far as known."""

    path: str
    text: str
    as_of: PartialDate | None = None


class BlockKind(StrEnum):
    """What a stretch of an input that is no record is."""

    COMMENT = "comment"
    PREAMBLE = "preamble"
    STRING = "string"
    PROFILE = "profile"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of an input that is no record, with its text as it stands there.

    `index` is the number of records that stand before it; `reason` says why a block was rejected; `format`
    names the format it is of, whose writer alone can put it back.
    """

    kind: BlockKind
    text: str
    source: Source
    index: int = 0
    reason: str | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a reader made of one text: records in its order, blocks, and what is worth saying."""

    records: tuple[Record, ...]
    blocks: tuple[Block, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that an output cannot carry, or had to change, and every entry that has it."""

    code: str
    what: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a writer made of entries: the whole text of a file, and what it could not carry.

    `losses` say entry by entry what `diagnostics` say with a count.
    """

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()
    losses: tuple[Loss, ...] = ()


class Writer(Protocol):
    """Write entries, in the order given, to the text of one file; `blocks` are put back in place."""

    def __call__(self, entries: Sequence[Entry], blocks: Sequence[Block] = ()) -> Rendered:
        """Return the text; every field that the format cannot carry is reported once, with a count."""
        ...


class Notes:
    """What a reader of one text has to say: warnings place by place, the rest once a cause.

    Mutable, and thrown away when the reader returns.
    """

    __slots__ = ("_counts", "_found", "_kind", "_kinds")

    def __init__(self, kind: str, kinds: str) -> None:
        """Start with nothing to say; `kind` and `kinds` are what the format calls one entry, and several."""
        self._kind = kind
        self._kinds = kinds
        self._found: list[tuple[str, str, Source]] = []
        self._counts: dict[tuple[str, str], int] = {}

    def warn(self, code: str, message: str, source: Source) -> None:
        """Say that something is wrong at a place."""
        self._found.append((code, message, source))

    def count(self, code: str, sentence: str, source: Source) -> None:
        """Count one more place of a cause that is said once."""
        times = self._counts.get((code, sentence), 0)
        if not times:
            self._found.append((code, sentence, source))
        self._counts[code, sentence] = times + 1

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return a *warning* a place and an *info* a cause, in the order of their (first) places."""
        said = []
        for code, message, source in self._found:
            times = self._counts.get((code, message))
            if times is None:
                said.append(warning(code, message, source))
            else:
                what = self._kind if times == 1 else self._kinds
                said.append(info(code, f"{message}: {times} {what}", source))
        return tuple(said)


class Tally:
    """Count what one run of a writer could not carry or had to change: one *info* a cause, not an entry.

    Mutable, and thrown away when the writer returns.
    """

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._entries: dict[tuple[str, str], list[Entry]] = {}

    def add(self, code: str, what: str, entry: Entry) -> None:
        """Count `entry`, once, for the cause that `code` and the sentence `what` name."""
        entries = self._entries.get((code, what))
        if entries is None:
            self._entries[code, what] = [entry]
        elif entries[-1] is not entry:
            entries.append(entry)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return one diagnostic a cause, with its count and first entries, ordered by code and sentence."""
        return tuple(
            info(code, f"{what}: {_entries(entries)}", entries[0].record.source)
            for (code, what), entries in self._causes()
        )

    def losses(self) -> tuple[Loss, ...]:
        """Return the causes with all their entries, in the same order."""
        return tuple(Loss(code, what, tuple(entries)) for (code, what), entries in self._causes())

    def _causes(self) -> list[tuple[tuple[str, str], list[Entry]]]:
        return sorted(self._entries.items(), key=lambda item: item[0])


def blocks_not_carried(format_name: str, blocks: Sequence[Block]) -> tuple[Diagnostic, ...]:
    """Return one *info* a kind of block, for a format that has no place for what is no record."""
    by_kind: dict[BlockKind, list[Block]] = {}
    for block in blocks:
        by_kind.setdefault(block.kind, []).append(block)
    return tuple(
        info(
            "block-not-carried",
            f"{format_name} cannot carry {kind.value} blocks: {len(found)} "
            f"({_shown([str(block.source) for block in found])})",
            found[0].source,
        )
        for kind, found in sorted(by_kind.items())
    )


def _entries(entries: Sequence[Entry]) -> str:
    """Return the count of entries with the keys and places of the first."""
    shown = [
        entry.key if entry.record.source is None else f"{entry.key} at {entry.record.source}"
        for entry in entries[:_PLACES_SHOWN]
    ]
    count = len(entries)
    return f"{count} {'entry' if count == 1 else 'entries'} ({_shown(shown, count)})"


def _shown(names: Sequence[str], count: int | None = None) -> str:
    """Return the first names, and an ellipsis where there are more."""
    more = ", ..." if (len(names) if count is None else count) > _PLACES_SHOWN else ""
    return ", ".join(names[:_PLACES_SHOWN]) + more
