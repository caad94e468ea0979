"""What the commands print for people: diagnostics, rejected blocks, summaries, a progress bar."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from bibkit.errors import WriteError

if TYPE_CHECKING:
    from bibkit.diagnostics import Diagnostic, Severity
    from bibkit.formats.base import Block
    from bibkit.pipeline import Progress

_BAR_AFTER_SECONDS: Final = 1.0
_BAR_WIDTH: Final = 30
_SHOWN_LINES: Final = 6
_SHOWN_COLUMNS: Final = 160
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What ends a warning that is said of many records alike; a line each would drown it.
_ADVICE: Final = {
    "unknown-year": "as-of in bibkit.toml, or `bibkit export --as-of YEAR`, says when pages were retrieved",
}
_COLOURS: Final = {"error": "red", "warning": "yellow", "info": None}


def emit(text: str) -> None:
    """Print data to standard output; end the run in peace when its reader has gone, as `| head` does."""
    with _while_read():
        click.echo(text)


def emit_file(text: str) -> None:
    """Print the text of a file to standard output, byte for byte."""
    emit_bytes(text.encode())


def emit_bytes(data: bytes) -> None:
    """Print bytes to standard output as they are."""
    with _while_read():
        click.echo(data, nl=False)


def say(text: str, *, fg: str | None = None) -> None:
    """Print a line to standard error, in colour on a terminal unless NO_COLOR is set.

    What a terminal would obey, from a file's text or its name, is shown as an escape.
    """
    colour = False if os.environ.get("NO_COLOR") else None
    text = _CONTROL.sub(_escape, text)
    click.echo(click.style(text, fg=fg) if fg else text, err=True, color=colour)


def say_diagnostics(diagnostics: Iterable[Diagnostic], rejected: Sequence[Block]) -> None:
    """Print each diagnostic on a line, and below a rejected block's the text of it, shortened."""
    texts = {block.source: block.text for block in rejected}
    for diagnostic in diagnostics:
        say(str(diagnostic), fg=_COLOURS[diagnostic.severity.value])
        if diagnostic.source in texts:
            for line in _excerpt(texts.pop(diagnostic.source)):
                say(f"    | {line}")


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as a JSON object; `path` and `line` are null where it has none."""
    source = diagnostic.source
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "path": None if source is None else source.path,
        "line": None if source is None else source.line or None,
    }


def block_json(block: Block) -> dict[str, Any]:
    """Return a rejected block as a JSON object."""
    return {
        "path": block.source.path,
        "line": block.source.line,
        "reason": block.reason,
        "text": block.text,
    }


def say_counts(counts: Mapping[Severity, Mapping[str, int]]) -> None:
    """Print how often each code was said, a line each, with what can be done where one thing helps all."""
    for severity, codes in counts.items():
        for code, number in sorted(codes.items()):
            advice = f": {_ADVICE[code]}" if code in _ADVICE else ""
            say(f"{severity.value}: {number:,} x {code}{advice}")


def count(number: int, noun: str) -> str:
    """Return `1 work`, `2 works`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


@contextmanager
def progress_bar(*, wanted: bool) -> Iterator[Progress | None]:
    """Give an observer that draws a bar once the run has taken a second, on a terminal only."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    begun = time.monotonic()
    drawn = False

    def draw(label: str, done: int, steps: int) -> None:
        nonlocal drawn
        if time.monotonic() - begun < _BAR_AFTER_SECONDS:
            return
        drawn = True
        filled = _BAR_WIDTH * done // max(steps, 1)
        bar = "#" * filled + "-" * (_BAR_WIDTH - filled)
        click.echo(f"\r\x1b[K[{bar}] {label} ({done}/{steps})", err=True, nl=False)

    try:
        yield draw
    finally:
        if drawn:
            click.echo("\r\x1b[K", err=True, nl=False)


@contextmanager
def _while_read() -> Iterator[None]:
    """End the run in peace when the reader of standard output has gone; raise `WriteError` on a full disk."""
    try:
        yield
    except BrokenPipeError:
        _close_output()
        raise click.exceptions.Exit(0) from None
    except OSError as trouble:
        _close_output()
        raise WriteError(
            f"standard output cannot be written: {(trouble.strerror or '').lower()}"
        ) from trouble


def _close_output() -> None:
    # The descriptor is given to nothing, so that the interpreter's last flush does not fail either.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _escape(control: re.Match[str]) -> str:
    return f"\\x{ord(control[0]):02x}"


def _excerpt(text: str) -> Iterator[str]:
    lines = text.rstrip().splitlines()
    for line in lines[:_SHOWN_LINES]:
        yield line if len(line) <= _SHOWN_COLUMNS else f"{line[:_SHOWN_COLUMNS]}..."
    if len(lines) > _SHOWN_LINES:
        yield f"({len(lines) - _SHOWN_LINES} more lines)"
