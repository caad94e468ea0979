"""What is worth saying about an input and is no error of the run: `Diagnostic`, with its place.

Severities (what they do to a run is decided in `bibkit.pipeline`):

* `error`: a file was rejected, or two works claim one citation key; the run ends in exit 65.
* `warning`: a block was rejected, a split is uncertain, a year is unknown; `--strict` makes it an error.
* `info`: something inferred, chosen between sources, or not carried by a format.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a diagnostic weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A place in an input: the path as the user gave it (`-` is standard input), and a line from 1.

    Line 0 is the file as a whole, where no line can be named: it is not there, say.
    """

    path: str
    line: int

    def __str__(self) -> str:
        """Return `path:line`, which editors open, or the path alone for the file as a whole."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing worth saying; `code` is stable, kebab-case, and what programs should match on."""

    severity: Severity
    code: str
    message: str
    source: Source | None = None

    def __str__(self) -> str:
        """Return one line for people: place, severity, code, message."""
        place = "" if self.source is None else f"{self.source}: "
        return f"{place}{self.severity.value}: {self.message} [{self.code}]"


def error(code: str, message: str, source: Source | None = None) -> Diagnostic:
    """Return an `error` diagnostic."""
    return Diagnostic(Severity.ERROR, code, message, source)


def warning(code: str, message: str, source: Source | None = None) -> Diagnostic:
    """Return a `warning` diagnostic."""
    return Diagnostic(Severity.WARNING, code, message, source)


def info(code: str, message: str, source: Source | None = None) -> Diagnostic:
    """Return an `info` diagnostic."""
    return Diagnostic(Severity.INFO, code, message, source)
