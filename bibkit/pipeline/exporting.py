"""Sources to exports: works are collated, citation keys assigned, and the ledger and every format written."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bibkit import files
from bibkit.citekeys import Assignment, KeyLedger, assign_keys, take_pins
from bibkit.citekeys.aliases import with_alias_entries
from bibkit.config import Settings
from bibkit.diagnostics import Diagnostic, Severity
from bibkit.errors import LedgerError
from bibkit.formats import FORMATS
from bibkit.formats.base import Block, Rendered, blocks_not_carried
from bibkit.ledger import load_ledger, render_ledger
from bibkit.model.work import Entry
from bibkit.pipeline.collating import collate_sources
from bibkit.pipeline.loading import Loaded, Progress, load
from bibkit.pipeline.readback import EDITED, exported_files, read_edits, rebuilt_ledger
from bibkit.pipeline.references import follow_keys
from bibkit.pipeline.reports import (
    EXIT_BAD_INPUT,
    EXIT_DIFFERENT,
    EXIT_OK,
    Counts,
    counts_of,
    strictly_refused,
    writer_of,
)

_NEEDS_ALIAS_ENTRIES: Final = "bibtex"  # biblatex has a field for older keys


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How an export behaves where a run's settings do not say it.

    `strict`: warnings are errors. `keep_going`: sources that can be read are exported though others cannot.
    `check`: compare with the files on disk, write nothing. `new_ledger`: issue every key anew though
    exports are there. `rebuild_ledger`: read the keys of a lost ledger back from the exports.
    """

    strict: bool = False
    keep_going: bool = False
    check: bool = False
    new_ledger: bool = False
    rebuild_ledger: bool = False


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did, or, with `check`, what it would do.

    `changed` are the files that were written (would be), `unchanged` those whose bytes are right already;
    `refused` says why nothing was written, where that is so. `entries` are the works with their keys, and
    `ledger` is the ledger that has these.
    """

    sources: int
    records: int
    works: int = 0
    new_keys: int = 0
    kept_keys: int = 0
    changed: tuple[Path, ...] = ()
    unchanged: tuple[Path, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    rejected: tuple[Block, ...] = ()
    refused: str | None = None
    check: bool = False
    entries: tuple[Entry, ...] = ()
    ledger: KeyLedger = field(default_factory=KeyLedger)

    def counts(self) -> Counts:
        """Return how often each code was said, by severity."""
        return counts_of(self.diagnostics)

    def exit_code(self) -> int:
        """Return the exit code of the run: 0, 1 (`check` found a difference) or 65."""
        if self.refused is not None or any(d.severity is Severity.ERROR for d in self.diagnostics):
            return EXIT_BAD_INPUT
        if self.check and self.changed:
            return EXIT_DIFFERENT
        return EXIT_OK


def export(
    paths: Sequence[Path], settings: Settings, options: ExportOptions, progress: Progress | None = None
) -> ExportReport:
    """Read sources, collate, assign citation keys, and write the ledger and every format asked for.

    Raises `InputError` where no source holds a record, `LedgerError` where exports are there and their
    ledger is not, and what `bibkit.files` raises where something cannot be written.
    """
    loaded = load(paths, settings, progress)
    report = ExportReport(
        sources=len(loaded.results),
        records=sum(len(result.records) for result in loaded.results),
        diagnostics=tuple(loaded.all_diagnostics()),
        rejected=loaded.rejected(),
        check=options.check,
    )
    refused = _refusal(report, options)
    if refused is not None:
        return replace(report, refused=refused)
    with contextlib.ExitStack() as stack:
        if options.check:
            outputs: files.Replacement | files.Comparison = files.Comparison()
        else:
            _lock_folders(stack, settings)
            outputs = stack.enter_context(files.Replacement())
        return _write(loaded, settings, options, report, outputs, progress=progress or _unobserved)


def _write(  # noqa: PLR0913 - the parts of one run, joined here and nowhere else
    loaded: Loaded,
    settings: Settings,
    options: ExportOptions,
    report: ExportReport,
    outputs: files.Replacement | files.Comparison,
    *,
    progress: Progress,
) -> ExportReport:
    ledger_path = settings.ledger_path()
    targets = [ledger_path, *(_target(name, settings) for name in settings.to)]
    for target in targets:
        files.check_target(target)  # before any is read: keys are, and what a person edited
    steps = len(settings.to) + 2
    progress("collating", 0, steps)
    ledger, diagnostics = _ledger(settings, options)
    collation = collate_sources(loaded, ledger)
    progress("assigning keys", 1, steps)
    first = assign_keys(ledger, collation.works, style=settings.key_style)
    said = [*report.diagnostics, *diagnostics, *collation.diagnostics, *first.diagnostics]
    said.extend(blocks_not_carried("an export", tuple(loaded.asides())))
    assignment, rendered = first, _render(first, settings, EDITED)
    if not options.new_ledger:
        pinned, diagnostics = _pinned(first.ledger, settings, rendered)
        said.extend(diagnostics)
        if pinned is not first.ledger:
            assignment = assign_keys(pinned, collation.works, style=settings.key_style)
            rendered = _render(assignment, settings, EDITED)
    # The ledger is staged first, so it is renamed first: no export is ever newer than its keys.
    outputs.stage(ledger_path, render_ledger(assignment.ledger))
    for done, name in enumerate(settings.to):
        progress(f"writing {name}", done + 2, steps)
        written = rendered.pop(name, None) or _render(assignment, settings, (name,))[name]
        said.extend(written.diagnostics)
        outputs.stage(_target(name, settings), written.text)
        del written  # no two formats' texts are in memory at once, but those that are read back
    report = replace(
        report,
        works=len(assignment.entries),
        new_keys=first.new_keys,
        kept_keys=first.kept_keys,
        entries=assignment.entries,
        ledger=assignment.ledger,
        diagnostics=tuple(said),
    )
    refused = _refusal(report, options)
    if refused is not None:
        return replace(report, refused=refused)
    changed = set(outputs.commit())
    return replace(
        report,
        changed=tuple(target for target in targets if target in changed),
        unchanged=tuple(target for target in targets if target not in changed),
    )


def _render(assignment: Assignment, settings: Settings, names: Sequence[str]) -> dict[str, Rendered]:
    """Return the exports of those among some formats that are asked for."""
    entries = follow_keys(assignment.entries)
    rendered = {}
    for format_ in [FORMATS[name] for name in settings.to if name in names]:
        doubled = settings.aliases == "entries" and format_.name == _NEEDS_ALIAS_ENTRIES
        write = writer_of(format_, in_ascii=settings.ascii)
        rendered[format_.name] = write(with_alias_entries(entries) if doubled else entries)
    return rendered


def _target(name: str, settings: Settings) -> Path:
    return settings.output / (FORMATS[name].file or name)


def _pinned(
    ledger: KeyLedger, settings: Settings, rendered: Mapping[str, Rendered]
) -> tuple[KeyLedger, list[Diagnostic]]:
    """Return the ledger with the keys that a person wrote into the exports there are; itself for none."""
    said: list[Diagnostic] = []
    for name, written in rendered.items():
        edits = read_edits(_target(name, settings), FORMATS[name], written.text)
        said.extend(edits.diagnostics)
        if edits.records:
            pinned = take_pins(ledger, edits.records, edits.standing)
            said.extend(pinned.diagnostics)
            ledger = pinned.ledger if pinned.pins else ledger
    return ledger, said


def _refusal(report: ExportReport, options: ExportOptions) -> str | None:
    """Return why nothing may be written, or None."""
    counts = report.counts()
    if counts[Severity.ERROR]["unreadable-source"] and not options.keep_going:
        return "a source could not be read (--keep-going goes on with the others)"
    if not report.records:
        return "no record was found: give the PATH of a source, or of a folder of them"
    return strictly_refused(counts, strict=options.strict)


def _lock_folders(stack: contextlib.ExitStack, settings: Settings) -> None:
    folders = {os.path.realpath(folder) for folder in (settings.output, settings.ledger_path().parent)}
    for folder in sorted(folders):  # one order for every process: two can never wait for each other
        files.make_folder(Path(folder))
        stack.enter_context(files.lock(Path(folder)))


def _ledger(settings: Settings, options: ExportOptions) -> tuple[KeyLedger, list[Diagnostic]]:
    """Return the ledger of the run, and what there is to say of one that had to be rebuilt."""
    path = settings.ledger_path()
    if options.rebuild_ledger:
        if files.exists(path) and files.read_text(path).strip():
            raise LedgerError(
                f"{path}: there is a ledger, which --rebuild-ledger would replace by what the exports say",
                hint="Run without --rebuild-ledger, or move the ledger away first.",
            )
        ledger, said = rebuilt_ledger(settings.output)
        return ledger, [said]
    ledger = load_ledger(path) if files.exists(path) else KeyLedger()
    if ledger.claims or options.new_ledger:
        return ledger, []
    exports = exported_files(settings.output)
    if exports:
        raise LedgerError(
            f"{path}: there is no ledger of citation keys, though there is {exports[0][0]}",
            hint="Restore it (from git, say), or name it with --ledger. With --rebuild-ledger keys are read"
            " back from the exports; aliases and retired keys are lost. With --new-ledger every key is made"
            " anew: keys that were pinned, or that came from a collision, may change.",
        )
    return ledger, []


def _unobserved(_label: str, _done: int, _steps: int) -> None:
    """Observe nothing."""
