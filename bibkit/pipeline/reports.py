"""What reports of runs have in common: how often what was said, and the exit codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from bibkit.diagnostics import Diagnostic, Severity
from bibkit.errors import ConfigError, InputError
from bibkit.formats import Format
from bibkit.formats.base import Writer

EXIT_OK: Final = 0
EXIT_DIFFERENT: Final = 1
EXIT_BAD_INPUT: Final = InputError.exit_code

Counts = dict[Severity, Counter[str]]
"""How often each code was said, by severity."""


def counts_of(diagnostics: Iterable[Diagnostic]) -> Counts:
    """Return how often each code was said, by severity."""
    counts: Counts = {severity: Counter() for severity in Severity}
    for diagnostic in diagnostics:
        counts[diagnostic.severity][diagnostic.code] += 1
    return counts


def strictly_refused(counts: Counts, *, strict: bool) -> str | None:
    """Return why `--strict` lets nothing be written, or None."""
    if strict and (counts[Severity.WARNING] or counts[Severity.ERROR]):
        return "--strict, and there are warnings or errors"
    return None


def writer_of(format_: Format, *, in_ascii: bool) -> Writer:
    """Return a format's writer; raise `ConfigError` for one that is only read."""
    writer = format_.ascii_writer if in_ascii and format_.ascii_writer else format_.writer
    if writer is None:
        raise ConfigError(f"{format_.name} cannot be written", hint="`bibkit formats` says what can be.")
    return writer
