"""Exports read back: what a person changed in a `.bib` file since it was written, and lost keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bibkit import files
from bibkit.citekeys import KeyLedger, rebuild_ledger
from bibkit.citekeys.aliases import without_alias_entries
from bibkit.diagnostics import Diagnostic, Source, warning
from bibkit.errors import LedgerError
from bibkit.formats import FORMATS, Format
from bibkit.formats.base import BlockKind, ListingText, ReadResult
from bibkit.model.record import Record
from bibkit.pipeline.loading import reader_of

#: Formats whose exports people edit.
EDITED: Final = ("bibtex", "biblatex")

#: Formats by which a ledger is rebuilt, those that say most of a record first.
_REBUILT_FROM: Final = ("csljson", "biblatex", "bibtex", "ris")

_ENTRY: Final = re.compile(r"^(?=@)", re.MULTILINE)
_KEY: Final = re.compile(r"@\w+\{([^\s,]+),")


@dataclass(frozen=True, slots=True)
class Edits:
    """The entries of an exported file that differ from what would be written, and the keys of the others."""

    records: tuple[Record, ...] = ()
    standing: frozenset[str] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_edits(path: Path, format_: Format, text: str) -> Edits:
    """Return what stands otherwise in an exported file than in the text that is about to replace it.

    Entries that are the same in both, the usual case, are told by their text and not read.
    """
    if not files.exists(path) or files.is_folder(path) or files.holds_text(path, text):
        return Edits()
    current = files.read_text(path)
    new = {part.rstrip() for part in _ENTRY.split(text)}
    parts = _ENTRY.split(current)
    same = [part.rstrip() in new for part in parts]
    # What is the same becomes blank lines: all else stays on its line.
    other = "".join(
        "\n" * part.count("\n") if alike else part for part, alike in zip(parts, same, strict=True)
    )
    result = _read(path, format_, other)
    standing = {
        key[1] for part, alike in zip(parts, same, strict=True) if alike and (key := _KEY.match(part))
    }
    if any(block.kind is BlockKind.REJECTED for block in result.blocks):
        # A value with an `@` at the beginning of a line was torn apart, or the file itself is.
        result, standing = _read(path, format_, current), set()
    said = tuple(one for one in result.diagnostics if one.code == "rejected-block")
    return Edits(result.records, frozenset(standing), said)


def exported_files(folder: Path) -> list[tuple[Path, Format]]:
    """Return the exports that are in a folder, those that say most of a record first."""
    formats = [FORMATS[name] for name in _REBUILT_FROM]
    found = [(folder / format_.file, format_) for format_ in formats if format_.file]
    return [(path, format_) for path, format_ in found if files.exists(path)]


def rebuilt_ledger(folder: Path) -> tuple[KeyLedger, Diagnostic]:
    """Return the ledger that the exports in a folder give, and what is lost with the old one.

    Raises `LedgerError` where there is no export, or no key in them.
    """
    exports = exported_files(folder)
    records: list[Record] = []
    for path, format_ in exports:
        records.extend(without_alias_entries(_read(path, format_, files.read_text(path)).records)[0])
    ledger = rebuild_ledger(records)
    if not ledger.claims:
        raise LedgerError(f"{folder}: there is no export with citation keys to rebuild a ledger from")
    names = ", ".join(path.name for path, _ in exports)
    said = warning(
        "ledger-rebuilt",
        f"{len(ledger.claims)} citation keys were read back from {names}; lost are the keys of works that are"
        " not exported any more, aliases that the exports do not have, and which works were merged",
        Source(str(folder), 1),
    )
    return ledger, said


def _read(path: Path, format_: Format, text: str) -> ReadResult:
    texts: Sequence[ListingText] = [ListingText(str(path), text)]
    return reader_of(format_)(texts)[0]
