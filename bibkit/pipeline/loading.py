"""Sources to what they hold: files are found, their formats told, and each is read by its format's reader."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bibkit import files
from bibkit.config import Settings
from bibkit.diagnostics import Diagnostic, Source, error, info
from bibkit.errors import ConfigError, UnreadableSourceError
from bibkit.formats import FORMATS, Format, Reader, detect, detect_by_name, foreign
from bibkit.formats.base import Block, BlockKind, ListingText, ReadResult
from bibkit.model.names import Role
from bibkit.model.record import Record

Progress = Callable[[str, int, int], None]
"""An observer of a run: what is being done, how many steps are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The sources of a run as read: name, format and result of each file, and what is said of files."""

    names: tuple[str, ...]
    formats: tuple[Format, ...]
    results: tuple[ReadResult, ...]
    diagnostics: tuple[Diagnostic, ...]

    def records(self) -> Iterator[Record]:
        """Yield every record, in the order of the files and of their lines."""
        for result in self.results:
            yield from result.records

    def keyed_files(self) -> frozenset[str]:
        """Return the paths of the files in whose format entries have citation keys."""
        pairs = zip(self.names, self.formats, strict=True)
        return frozenset(name for name, format_ in pairs if format_.writer is not None)

    def rejected(self) -> tuple[Block, ...]:
        """Return the blocks that could not be read."""
        return tuple(
            block for result in self.results for block in result.blocks if block.kind is BlockKind.REJECTED
        )

    def asides(self) -> Iterator[Block]:
        """Yield the blocks that people wrote, and that no entry takes in as it does a string."""
        for result in self.results:
            for block in result.blocks:
                if block.kind in {BlockKind.COMMENT, BlockKind.PREAMBLE}:
                    yield block

    def all_diagnostics(self) -> Iterator[Diagnostic]:
        """Yield what there is to say of the files, then of what stands in them."""
        yield from self.diagnostics
        for result in self.results:
            yield from result.diagnostics


def load(
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    *,
    format_: Format | None = None,
) -> Loaded:
    """Read sources: files, folders (walked), or `-`; a source that cannot be read is an *error* diagnostic.

    All are of `format_`, or each of the one that its text and its name tell; what nothing tells is a listing.
    A text of a format that is known and not read is such a source too; in a folder it is left out.
    A file that is named twice is read once. In a folder only files that have the name of a format are
    sources, and what `settings` say that exports write is none.
    """
    diagnostics: list[Diagnostic] = []
    names = list(_expand(paths, settings, diagnostics))
    texts: list[ListingText] = []
    formats: list[Format] = []
    for done, (name, walked) in enumerate(names):
        if progress is not None:
            progress("reading", done, len(names))
        try:
            text = files.read_text(name)
        except UnreadableSourceError as trouble:
            diagnostics.append(_unreadable(trouble, _advice(name, settings)))
            continue
        other = foreign(text) if format_ is None else None
        if other is not None:
            diagnostics.append(_skipped(name, f"it is {other}") if walked else _not_read(name, other))
            continue
        found = format_ or detect(name, text) or FORMATS["listing"]
        if walked and found.holds is not None and not found.holds.search(text):
            diagnostics.append(_skipped(name, f"it holds no {found.name}"))
            continue
        texts.append(ListingText(name, text, settings.retrieved_on(name)))
        formats.append(found)
    return Loaded(
        names=tuple(text.path for text in texts),
        formats=tuple(formats),
        results=_read(texts, formats),
        diagnostics=tuple(diagnostics),
    )


def parsed(loaded: Loaded) -> Iterator[dict[str, Any]]:
    """Yield each record as a JSON object, in input order; absent parts of a name are left out."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - start-up time

    adapter = TypeAdapter(Record)
    for record in loaded.records():
        value = adapter.dump_python(record, mode="json", exclude={"raw"})
        value["creators"] = [_name_parts(creator) for creator in value["creators"]]
        yield value


def reader_of(format_: Format) -> Reader:
    """Return a format's reader; raise `ConfigError` for one that is only written."""
    if format_.reader is None:
        raise ConfigError(f"{format_.name} cannot be read", hint="`bibkit formats` says what can be.")
    return format_.reader


def _read(texts: Sequence[ListingText], formats: Sequence[Format]) -> tuple[ReadResult, ...]:
    """Read the texts of each format together, and return the results in the order of the texts."""
    together: dict[Reader, list[int]] = {}
    for number, format_ in enumerate(formats):
        together.setdefault(reader_of(format_), []).append(number)
    results: dict[int, ReadResult] = {}
    with _uncollected():
        for reader, numbers in together.items():
            found = reader([texts[number] for number in numbers])
            results.update(zip(numbers, found, strict=True))
    return tuple(results[number] for number in range(len(texts)))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector off for a while.

    Nothing that is read refers to itself. To look through all of it again and again, as the collector does
    while more comes, takes longer for each record the more there are.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _expand(
    paths: Sequence[Path], settings: Settings, diagnostics: list[Diagnostic]
) -> Iterator[tuple[str, bool]]:
    """Yield each file once, with whether it was found in a folder."""
    seen = set()
    for path in paths:
        walked = files.is_folder(path)
        for name in _below(path, settings, diagnostics) if walked else (str(path),):
            real = name if name == files.STANDARD_INPUT else os.path.realpath(name)
            if real not in seen:
                seen.add(real)
                yield name, walked


def _below(folder: Path, settings: Settings, diagnostics: list[Diagnostic]) -> Iterator[str]:
    """Yield the files of a folder that may be sources: what exports are written to is none."""
    exports = os.path.realpath(settings.output)
    own = {str(Path(exports, format_.file)) for format_ in FORMATS.values() if format_.file}
    inside = f"{exports}{os.sep}"
    # A folder of exports that is named itself is meant; one that merely lies in a source is not.
    apart = not f"{os.path.realpath(folder)}{os.sep}".startswith(inside)
    left_out = 0
    sources = unread = False
    try:
        for child in files.walk(folder):
            real = os.path.realpath(child)
            if real in own or (apart and real.startswith(inside)):
                left_out += 1
            elif detect_by_name(child.name) is None:
                diagnostics.append(_skipped(str(child), "its name is that of no format"))
            elif files.is_device(child):
                diagnostics.append(_skipped(str(child), "it is a pipe or a device"))
            else:
                sources = True
                yield str(child)
    except UnreadableSourceError as trouble:
        unread = True
        diagnostics.append(_unreadable(trouble))
    if left_out:
        diagnostics.append(_skipped(str(settings.output), "it holds what is exported"))
    if not (sources or unread):
        diagnostics.append(info("empty-folder", "no file in it is a source", Source(str(folder), 0)))


def _skipped(name: str, reason: str) -> Diagnostic:
    return info("skipped-file", f"left out: {reason}", Source(name, 0))


def _not_read(name: str, format_name: str) -> Diagnostic:
    hint = "Have it exported as BibTeX, CSL JSON or RIS."
    return _unreadable(UnreadableSourceError(name, f"is {format_name}, which is not read", hint=hint))


def _advice(name: str, settings: Settings) -> str | None:
    # Who gave no path has to be told where this one comes from.
    if files.exists(Path(name)) or Path(name) not in settings.sources:
        return None
    return "Sources are what PATH names, else `sources` in bibkit.toml, else the folder seeds."


def _unreadable(trouble: UnreadableSourceError, advice: str | None = None) -> Diagnostic:
    hint = trouble.hint or advice
    message = trouble.reason if hint is None else f"{trouble.reason}. {hint}"
    return error("unreadable-source", message, Source(trouble.path, trouble.line or 0))


def _name_parts(creator: dict[str, Any]) -> dict[str, Any]:
    # A person is an author unless another role is said.
    return {
        part: value
        for part, value in creator.items()
        if value is not None and (part, value) != ("role", Role.AUTHOR)
    }
