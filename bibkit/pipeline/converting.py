"""Files of any format to one file of one format, with what it cannot carry named entry by entry.

Nothing is collated and no ledger is kept. A file converted to its own format is a clean copy: in the order
of the input, with what is no entry in its place; all else is sorted by key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from bibkit import files
from bibkit.citekeys import Kept, keep_keys, leave_keys, make_keys
from bibkit.config import Settings
from bibkit.diagnostics import Diagnostic, Severity, Source
from bibkit.errors import ConfigError
from bibkit.formats import FORMATS, Format
from bibkit.formats.base import Block, Loss, blocks_not_carried
from bibkit.model.record import Record
from bibkit.model.work import CitationKey, Entry, make_entry
from bibkit.pipeline.loading import Loaded, Progress, load
from bibkit.pipeline.references import follow_keys
from bibkit.pipeline.reports import (
    EXIT_BAD_INPUT,
    EXIT_OK,
    Counts,
    counts_of,
    strictly_refused,
    writer_of,
)

Keys = Literal["keep", "assign"]

STANDARD_OUTPUT: Final = Path("-")


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """What to convert to and how.

    `source` is the format of all inputs, where their text and names are not to be asked. `keys`: `keep` what
    the inputs bring, or `assign` new ones by the scheme. `strict`: warnings are errors.
    """

    to: str
    output: Path = STANDARD_OUTPUT
    source: str | None = None
    keys: Keys = "keep"
    strict: bool = False


@dataclass(frozen=True, slots=True)
class EntryLoss:
    """One thing of one entry that the output cannot carry, or had to change."""

    code: str
    message: str
    key: CitationKey
    source: Source | None

    def __str__(self) -> str:
        """Return one line for people: place, key, what is lost, code."""
        place = "" if self.source is None else f"{self.source}: "
        return f"{place}{self.key}: {self.message} [{self.code}]"


@dataclass(frozen=True, slots=True)
class ConvertReport:
    """What a conversion did; `text` is the file, and empty where `refused` says why nothing was written."""

    sources: tuple[tuple[str, str], ...]
    to: str
    output: Path
    records: int
    made_keys: int = 0
    text: str = ""
    changed: bool = False
    losses: tuple[EntryLoss, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    rejected: tuple[Block, ...] = ()
    refused: str | None = None

    def counts(self) -> Counts:
        """Return how often each code was said, by severity; losses are counted entry by entry."""
        counts = counts_of(self.diagnostics)
        counts[Severity.INFO].update(loss.code for loss in self.losses)
        return counts

    def exit_code(self) -> int:
        """Return the exit code of the run: 0 or 65."""
        failed = self.refused is not None or bool(counts_of(self.diagnostics)[Severity.ERROR])
        return EXIT_BAD_INPUT if failed else EXIT_OK


def convert(
    paths: Sequence[Path], settings: Settings, options: ConvertOptions, progress: Progress | None = None
) -> ConvertReport:
    """Read files of any formats and write their entries to one file, or leave its text in the report.

    Raises `ConfigError` for a format that cannot be read or written so, and what `bibkit.files` raises where
    the file cannot be written.
    """
    target = _format(options.to)
    write = writer_of(target, in_ascii=settings.ascii)
    source = None if options.source is None else _format(options.source)
    loaded = load(paths, settings, progress, format_=source)
    clean = bool(loaded.formats) and all(format_.reader is target.reader for format_ in loaded.formats)
    records = list(loaded.records())
    kept = _keys(records, target, settings, options, copies=clean and len(loaded.results) == 1)
    entries = follow_keys([make_entry(key, record) for key, record in zip(kept.keys, records, strict=True)])
    blocks = list(_blocks(loaded))
    if not clean:
        entries.sort(key=lambda entry: entry.key)
    rendered = write(entries, blocks if clean else ())
    diagnostics = [*loaded.all_diagnostics(), *kept.diagnostics]
    diagnostics.extend(said for said in rendered.diagnostics if said.severity is not Severity.INFO)
    if not clean:
        asides = tuple(loaded.asides())
        diagnostics.extend(blocks_not_carried(f"a file converted to {target.name}", asides))
    report = ConvertReport(
        sources=_sources(loaded),
        to=target.name,
        output=options.output,
        records=len(records),
        made_keys=kept.made,
        losses=tuple(_losses(rendered.losses, entries)),
        diagnostics=tuple(diagnostics),
        rejected=loaded.rejected(),
    )
    refused = _refusal(report, options, clean=clean)
    if refused is not None:
        return replace(report, refused=refused)
    if options.output == STANDARD_OUTPUT:
        return replace(report, text=rendered.text)
    changed = files.write_text_atomic(options.output, rendered.text)
    return replace(report, text=rendered.text, changed=changed)


def _format(name: str) -> Format:
    try:
        return FORMATS[name]
    except KeyError:
        raise ConfigError(f"{name!r} is no format", hint="`bibkit formats` lists them.") from None


def _keys(
    records: Sequence[Record], target: Format, settings: Settings, options: ConvertOptions, *, copies: bool
) -> Kept:
    """Return a key for each record; in a copy of one file, keys that stand there twice do so again."""
    if options.keys == "assign":
        return make_keys(records, style=settings.key_style)
    keep = leave_keys if copies else keep_keys
    return keep(records, target.is_key, style=settings.key_style)


def _blocks(loaded: Loaded) -> Iterator[Block]:
    """Yield the blocks of all files, each with its place among all records."""
    before = 0
    for result in loaded.results:
        for block in result.blocks:
            yield replace(block, index=before + block.index)
        before += len(result.records)


def _sources(loaded: Loaded) -> tuple[tuple[str, str], ...]:
    """Return the names of the files that were read, each with that of its format."""
    return tuple(zip(loaded.names, (format_.name for format_ in loaded.formats), strict=True))


def _losses(losses: Sequence[Loss], entries: Sequence[Entry]) -> Iterator[EntryLoss]:
    """Yield what is lost, entry by entry in the order of the file; writers name entries by their keys."""
    if not losses:
        return
    found: dict[CitationKey, list[EntryLoss]] = {entry.key: [] for entry in entries}
    sources = {entry.key: entry.record.source for entry in entries}
    for loss in losses:
        for entry in loss.entries:
            source = entry.record.source or sources[entry.key]
            found[entry.key].append(EntryLoss(loss.code, loss.what, entry.key, source))
    for of_entry in found.values():
        yield from of_entry


def _refusal(report: ConvertReport, options: ConvertOptions, *, clean: bool) -> str | None:
    """Return why nothing may be written, or None."""
    counts = counts_of(report.diagnostics)
    if counts[Severity.ERROR]["unreadable-source"]:
        return "a source could not be read"
    if not report.records and not clean:
        return "no entry was found (-f says what the input is)"
    return strictly_refused(counts, strict=options.strict)
