"""The text of a `.bib` file to records, blocks, and what is worth saying.

A record keeps where it came from in `raw`: first the entry type as written, under the name `@`, then each
field of the entry, by its name and source as written, in order. What the source alone does not tell stands
beside it, under names that no field can have: behind `#` what a field says whose source needs the file's
strings, and behind `,` a field that the entry was given by another (`crossref`, `xdata`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bibkit.diagnostics import Source
from bibkit.formats.base import Block, BlockKind, Notes, ReadResult
from bibkit.formats.bibtex.inherit import XDATA, Inherited, inherited_fields, may_refer
from bibkit.formats.bibtex.meaning import EntryReader
from bibkit.formats.bibtex.scanner import (
    MONTHS,
    Note,
    ScannedBlock,
    ScannedEntry,
    expand_value,
    scan_bibtex,
)
from bibkit.model.record import Record, make_record

FORMAT: Final = "bibtex"
"""The format that the blocks of a `.bib` file are of."""

TYPE: Final = "@"
EXPANDED: Final = "#"
GIVEN: Final = ","

#: Codes of what is wrong at a place; all else is said once, with a count.
_WARNINGS: Final = frozenset(
    {
        "duplicate-field",
        "entry-in-value",
        "inheritance-cut",
        "mixed-brackets",
        "name-commas",
        "reference-not-found",
        "stray-brace",
        "undefined-string",
    }
)
_NOTHING: Final = Inherited(())


def read_bibtex(text: str, path: str) -> ReadResult:
    """Return the records of a `.bib` file, in order, what is none of them, and what is worth saying.

    Text that breaks the grammar is a rejected block; no text fails.
    """
    reader = _Reader(text, path)
    blocks = list(scan_bibtex(text))
    given: Mapping[int, Inherited] = {}
    if may_refer(text):
        given = inherited_fields([block for block in blocks if isinstance(block, ScannedEntry)])
    entries = 0
    for block in blocks:
        if isinstance(block, ScannedEntry):
            reader.take_entry(block, given.get(entries, _NOTHING))
            entries += 1
        else:
            reader.take_block(block)
    return ReadResult(tuple(reader.records), tuple(reader.blocks), reader.notes.diagnostics())


class _Reader:
    """What has been read of one file."""

    __slots__ = ("blocks", "keys", "meanings", "notes", "path", "records", "text")

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.records: list[Record] = []
        self.blocks: list[Block] = []
        self.keys: dict[str, tuple[str, int]] = {}
        self.meanings = EntryReader()
        self.notes = Notes("place", "places")

    def take_block(self, block: ScannedBlock) -> None:
        """Keep what is no entry; blank text between entries is nothing."""
        source = Source(self.path, block.line)
        text = self.text[block.start : block.end]
        if block.kind is BlockKind.REJECTED:
            self.notes.warn("rejected-block", block.reason or "", source)
        for note in block.notes:
            self.say(note, source)
        if text and not text.isspace():
            self.blocks.append(Block(block.kind, text, source, len(self.records), block.reason, FORMAT))

    def take_entry(self, entry: ScannedEntry, given: Inherited) -> None:
        """Make an entry a record; one that only lends its fields is a definition, as a string is."""
        source = Source(self.path, entry.line)
        for note in entry.notes + given.notes:
            self.say(note, source, entry.key)
        self.check_key(entry.key, source)
        if entry.type.lower() == XDATA:
            text = self.text[entry.start : entry.end]
            self.blocks.append(Block(BlockKind.STRING, text, source, len(self.records), None, FORMAT))
            return
        if entry.comments:
            self.take_comments(entry, source)
        names = tuple([name for name, _ in entry.fields])
        values = entry.values
        if entry.uses_strings:
            values = tuple([_said(*field, value) for field, value in zip(entry.fields, values, strict=True)])
        if given.fields:
            names += tuple([name for name, _ in given.fields])
            values += tuple([value for _, value in given.fields])
        meaning = self.meanings.read(entry.type, names, values)
        for note in meaning.notes:
            self.say(note, source, entry.key)
        for macro in meaning.unknown:
            self.notes.count("unknown-macro", f"{macro} has no known meaning and stays as it stands", source)
        raw = _raw(entry, given)
        record = make_record(**meaning.values, brought_key=entry.key or None, raw=raw, source=source)
        self.records.append(record)

    def take_comments(self, entry: ScannedEntry, source: Source) -> None:
        """Put the comments in an entry before it; behind it, where a rejected block might take them."""
        at = len(self.records)
        if self.blocks and self.blocks[-1].kind is BlockKind.REJECTED and self.blocks[-1].index == at:
            at += 1
        text = "\n".join(entry.comments)
        self.blocks.append(Block(BlockKind.COMMENT, text, source, at, None, FORMAT))
        self.notes.count("comment-in-entry", "a % comment in an entry stands outside of it in a copy", source)

    def check_key(self, key: str, source: Source) -> None:
        """Say what is wrong with a citation key."""
        if not key:
            self.notes.warn("missing-key", "an entry has no citation key", source)
            return
        lowered = key.lower()
        known = self.keys.get(lowered)
        if known is None:
            self.keys[lowered] = key, source.line
        elif known[0] == key:
            self.notes.warn("duplicate-key", f"the citation key {key} is that of line {known[1]} too", source)
        else:
            what = f"the citation keys {key} and {known[0]} (line {known[1]}) differ in case alone"
            self.notes.warn("key-case", what, source)

    def say(self, note: Note, source: Source, key: str = "") -> None:
        """Say what is worth saying: what is wrong at its place, all else once."""
        if note.code in _WARNINGS:
            self.notes.warn(note.code, f"{key}: {note.message}" if key else note.message, source)
        else:
            self.notes.count(note.code, note.message, source)


def fields_of_raw(raw: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the fields (name, value) that an entry had, own and given, by what its record keeps."""
    fields: list[tuple[str, str]] = []
    for at, (name, source) in enumerate(raw):
        if name == EXPANDED:
            own, written = raw[at - 1]
            fields[-1] = own, _said(own, written, source)
        elif name.startswith(GIVEN):
            fields.append((name.removeprefix(GIVEN), source))
        elif name != TYPE:
            fields.append((name, _alone(source)))
    return fields


def _raw(entry: ScannedEntry, given: Inherited) -> tuple[tuple[str, str], ...]:
    """Return what a record keeps of its entry."""
    if not entry.uses_strings and not given.fields:
        return ((TYPE, entry.type), *entry.fields)
    raw = [(TYPE, entry.type)]
    for field, value in zip(entry.fields, entry.values, strict=True):
        raw.append(field)
        source = field[1]
        if not (source[0] in '{"' and source[1:-1] == value) and _alone(source) != value:
            raw.append((EXPANDED, value))
    raw.extend((GIVEN + name, value) for name, value in given.fields)
    return tuple(raw)


def _alone(source: str) -> str:
    """Return what the source of a value says where the file defines no strings."""
    if "#" in source:
        return expand_value(source, {}) or ""
    return source[1:-1] if source[0] in '{"' else MONTHS.get(source.lower(), source)


def _said(name: str, source: str, value: str) -> str:
    """Return what a field says; a month's macro is that month, whatever a file makes it print."""
    return MONTHS.get(source.lower(), value) if name.lower() == "month" else value
