"""What a format is to the rest of bibkit: a reader, a writer, and the two values they return.

Readers and writers are functions from text and to text; they open no file and raise for no record: what
is wrong with a record is a diagnostic, and what is no record is a block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bibkit.diagnostics import Diagnostic, Source
from bibkit.model.record import Record
from bibkit.model.work import Entry


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

    `index` is the number of records that stand before it; `reason` says why a block was rejected.
    """

    kind: BlockKind
    text: str
    source: Source
    index: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a reader made of one text: records in its order, blocks, and what is worth saying."""

    records: tuple[Record, ...]
    blocks: tuple[Block, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a writer made of entries: the whole text of a file, and what it could not carry."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()


class Writer(Protocol):
    """Write entries, in the order given, to the text of one file; `blocks` are put back in place."""

    def __call__(self, entries: Sequence[Entry], blocks: Sequence[Block] = ()) -> Rendered:
        """Return the text; every field that the format cannot carry is reported once, with a count."""
        ...
