"""The use cases, each a function: the one place where files, formats, keys and the ledger are joined.

Knows no terminal: what there is to say comes back in a report, and progress goes to an observer.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from bibkit import files
from bibkit.citekeys import KeyLedger, assign_keys
from bibkit.config import Settings
from bibkit.diagnostics import Diagnostic, Severity, Source, error, info
from bibkit.errors import ConfigError, InputError, LedgerError, UnreadableSourceError
from bibkit.formats import FORMATS, Format, detect
from bibkit.formats.base import Block, BlockKind, ReadResult, Rendered, Writer
from bibkit.formats.listing import ListingText
from bibkit.ledger import load_ledger, render_ledger
from bibkit.model.names import Role
from bibkit.model.record import Record
from bibkit.model.work import Entry
from bibkit.works import collate

Progress = Callable[[str, int, int], None]
"""An observer of a run: what is being done, how many steps are done, and how many there are."""

_EXIT_OK: Final = 0
_EXIT_DIFFERENT: Final = 1
_EXIT_BAD_INPUT: Final = InputError.exit_code


@dataclass(frozen=True, slots=True)
class Loaded:
    """The sources of a run as read: one result a file, and what there is to say of the files themselves."""

    results: tuple[ReadResult, ...]
    diagnostics: tuple[Diagnostic, ...]

    def records(self) -> Iterator[Record]:
        """Yield every record, in the order of the files and of their lines."""
        for result in self.results:
            yield from result.records

    def rejected(self) -> tuple[Block, ...]:
        """Return the blocks that could not be read."""
        return tuple(
            block for result in self.results for block in result.blocks if block.kind is BlockKind.REJECTED
        )

    def all_diagnostics(self) -> Iterator[Diagnostic]:
        """Yield what there is to say of the files, then of what stands in them."""
        yield from self.diagnostics
        for result in self.results:
            yield from result.diagnostics


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How an export behaves where a run's settings do not say it.

    `strict`: warnings are errors. `keep_going`: sources that can be read are exported though others cannot.
    `check`: compare with the files on disk, write nothing. `new_ledger`: issue every key anew though
    exports are there.
    """

    strict: bool = False
    keep_going: bool = False
    check: bool = False
    new_ledger: bool = False


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

    def counts(self) -> dict[Severity, Counter[str]]:
        """Return how often each code was said, by severity."""
        counts: dict[Severity, Counter[str]] = {severity: Counter() for severity in Severity}
        for diagnostic in self.diagnostics:
            counts[diagnostic.severity][diagnostic.code] += 1
        return counts

    def exit_code(self) -> int:
        """Return the exit code of the run: 0, 1 (`check` found a difference) or 65."""
        if self.refused is not None or any(d.severity is Severity.ERROR for d in self.diagnostics):
            return _EXIT_BAD_INPUT
        if self.check and self.changed:
            return _EXIT_DIFFERENT
        return _EXIT_OK


def load(paths: Sequence[Path], settings: Settings, progress: Progress | None = None) -> Loaded:
    """Read sources: files, folders (walked), or `-`; a source that cannot be read is an *error* diagnostic.

    A file that is named twice is read once.
    """
    diagnostics: list[Diagnostic] = []
    names = list(_expand(paths, diagnostics))
    texts = []
    for done, name in enumerate(names):
        if progress is not None:
            progress("reading", done, len(names))
        try:
            texts.append(ListingText(name, files.read_text(name), settings.retrieved_on(name)))
        except UnreadableSourceError as trouble:
            diagnostics.append(_unreadable(trouble))
    reader = FORMATS["listing"].reader
    assert reader is not None  # noqa: S101 - the table says so
    return Loaded(reader(tuple(texts)), tuple(diagnostics))


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


def parsed(loaded: Loaded) -> Iterator[dict[str, Any]]:
    """Yield each record as a JSON object, in input order; absent parts of a name are left out."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - start-up time

    adapter = TypeAdapter(Record)
    for record in loaded.records():
        value = adapter.dump_python(record, mode="json", exclude={"raw"})
        value["creators"] = [_name_parts(creator) for creator in value["creators"]]
        yield value


def _write(  # noqa: PLR0913 - the parts of one run, joined here and nowhere else
    loaded: Loaded,
    settings: Settings,
    options: ExportOptions,
    report: ExportReport,
    outputs: files.Replacement | files.Comparison,
    *,
    progress: Progress,
) -> ExportReport:
    steps = len(settings.to) + 2
    progress("collating", 0, steps)
    collation = collate(tuple(loaded.records()))
    progress("assigning keys", 1, steps)
    assignment = assign_keys(_ledger(settings, options), collation.works, style=settings.key_style)
    diagnostics = [*report.diagnostics, *collation.diagnostics, *assignment.diagnostics]
    ledger_path = settings.ledger_path()
    targets = [ledger_path]
    # The ledger is staged first, so it is renamed first: no export is ever newer than its keys.
    outputs.stage(ledger_path, render_ledger(assignment.ledger))
    for done, name in enumerate(settings.to):
        progress(f"writing {name}", done + 2, steps)
        format_ = FORMATS[name]
        target = settings.output / (format_.file or name)
        targets.append(target)
        diagnostics.extend(_stage(outputs, target, _writer(format_, settings)(assignment.entries)))
    report = replace(
        report,
        works=len(collation.works),
        new_keys=assignment.new_keys,
        kept_keys=assignment.kept_keys,
        entries=assignment.entries,
        ledger=assignment.ledger,
        diagnostics=tuple(diagnostics),
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


def _stage(
    outputs: files.Replacement | files.Comparison, target: Path, rendered: Rendered
) -> tuple[Diagnostic, ...]:
    # A function of its own, so that no two formats' texts are in memory at once.
    outputs.stage(target, rendered.text)
    return rendered.diagnostics


def _expand(paths: Sequence[Path], diagnostics: list[Diagnostic]) -> Iterator[str]:
    seen = set()
    for path in paths:
        for name in _below(path, diagnostics):
            real = name if name == files.STANDARD_INPUT else os.path.realpath(name)
            if real not in seen:
                seen.add(real)
                yield name


def _below(path: Path, diagnostics: list[Diagnostic]) -> Iterator[str]:
    if not files.is_folder(path):
        yield str(path)
        return
    try:
        for child in files.walk(path):
            if detect(child.name) is FORMATS["listing"]:
                yield str(child)
            else:
                diagnostics.append(
                    info("skipped-file", "left out: its name is not a listing's", Source(str(child), 1))
                )
    except UnreadableSourceError as trouble:
        diagnostics.append(_unreadable(trouble))


def _unreadable(trouble: UnreadableSourceError) -> Diagnostic:
    message = trouble.reason if trouble.hint is None else f"{trouble.reason}. {trouble.hint}"
    return error("unreadable-source", message, Source(trouble.path, trouble.line or 1))


def _refusal(report: ExportReport, options: ExportOptions) -> str | None:
    """Return why nothing may be written, or None."""
    counts = report.counts()
    if counts[Severity.ERROR]["unreadable-source"] and not options.keep_going:
        return "a source could not be read (--keep-going exports the others)"
    if options.strict and (counts[Severity.WARNING] or counts[Severity.ERROR]):
        return "--strict, and there are warnings or errors"
    if not report.records:
        return "no record was found: give the PATH of a listing, or of a folder of them"
    return None


def _lock_folders(stack: contextlib.ExitStack, settings: Settings) -> None:
    folders = {os.path.realpath(folder) for folder in (settings.output, settings.ledger_path().parent)}
    for folder in sorted(folders):  # one order for every process: two can never wait for each other
        files.make_folder(Path(folder))
        stack.enter_context(files.lock(Path(folder)))


def _ledger(settings: Settings, options: ExportOptions) -> KeyLedger:
    path = settings.ledger_path()
    ledger = load_ledger(path) if files.exists(path) else KeyLedger()
    if ledger.claims or options.new_ledger:
        return ledger
    exports = [
        file
        for format_ in FORMATS.values()
        if (file := format_.file) and files.exists(settings.output / file)
    ]
    if exports:
        raise LedgerError(
            f"{path}: there is no ledger of citation keys, though {settings.output} holds {exports[0]}",
            hint="Restore it (from git, say), or name it with --ledger. With --new-ledger every key is made"
            " anew: keys that were pinned, or that came from a collision, may change.",
        )
    return ledger


def _writer(format_: Format, settings: Settings) -> Writer:
    writer = format_.ascii_writer if settings.ascii and format_.ascii_writer else format_.writer
    if writer is None:
        raise ConfigError(f"{format_.name} cannot be written", hint="`bibkit formats` says what can be.")
    return writer


def _name_parts(creator: dict[str, Any]) -> dict[str, Any]:
    # A person is an author unless another role is said.
    return {
        part: value
        for part, value in creator.items()
        if value is not None and (part, value) != ("role", Role.AUTHOR)
    }


def _unobserved(_label: str, _done: int, _steps: int) -> None:
    """Observe nothing."""
