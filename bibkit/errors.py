"""Whole-run trouble: every exception that bibkit raises on purpose, with its exit code.

Trouble with one record is no exception but a `bibkit.diagnostics.Diagnostic`.

    BibkitError
    |-- InputError                  65  an input, the ledger or an edited export cannot be used
    |   |-- UnreadableSourceError   65  a source file or folder that cannot be read
    |   |-- ParseError              65  a string that is not what a `parse_` function takes
    |   |-- LedgerError             65  a ledger that is damaged, missing, or of a newer version
    |   |-- UnknownKeyError         65  a citation key that no work has or had
    |   |-- KeyTakenError           65  a new citation key that is another work's
    |   |-- UnusableKeyError        65  a new citation key that not every format can hold
    |   |-- GitError                65  a file that git cannot say anything of
    |   |-- SyncFileError           65  a plan or a sync state that is damaged, or of a newer version
    |   `-- BrakeError              65  an input from which a sync would change more than is plausible
    |-- OutputError                 73  an output that cannot be created
    |   `-- WriteError              74  an output that cannot be written to its end (disk full, I/O)
    |-- ServiceError                69  a server that cannot be reached, or does not speak as it should
    |-- TemporaryError              75  another run holds the lock, a server is busy: run again
    |   |-- StalePlanError          75  a plan from before another sync: make it anew
    |   |-- UnsettledReadError      75  a library that changed as often as it was read
    |   `-- UncertainWriteError     75  the connection broke before the answer to a write came
    |-- NotAllowedError             77  an API key that is wrong, or lacks a right
    `-- ConfigError                 78  bibkit.toml or a BIBKIT_* variable is wrong
        `-- MissingTargetError      78  a library or a collection that is named and is not there

The codes are those of BSD's sysexits.h. A usage error (2) is click's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class BibkitError(Exception):
    """Say what happened, where, and what to do next; the text is shown to the user as it stands."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Take the sentence that says what happened and where, and, as `hint`, what to do."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the message, and the hint on a line of its own."""
        return self.message if self.hint is None else f"{self.message}\n{self.hint}"


class InputError(BibkitError):
    """Refuse an input: a source, the ledger, or an export that a person edited."""

    exit_code = 65


class UnreadableSourceError(InputError):
    """Report a source that cannot be read, or that is not text; `line` is where, if the place is known."""

    def __init__(self, path: str, reason: str, *, line: int | None = None, hint: str | None = None) -> None:
        """Take the path as the user gave it, and what is the matter with it."""
        place = path if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {reason}", hint=hint)
        self.path = path
        self.reason = reason
        self.line = line


class ParseError(InputError):
    """Report a string that is not what a `parse_` function takes."""


class LedgerError(InputError):
    """Report a ledger that is damaged, missing, or written by a newer bibkit."""


class UnknownKeyError(InputError):
    """Report a citation key that no work has or had, with the nearest ones that there are."""

    def __init__(self, key: str, nearest: Sequence[str] = ()) -> None:
        """Take the key as it was given, and those that may have been meant."""
        hint = (
            f"Did you mean {' or '.join(nearest)}?"
            if nearest
            else "`bibkit keys list WORD...` finds keys by words of title, names and year."
        )
        super().__init__(f"{key}: no work has or had this citation key", hint=hint)
        self.key = key
        self.nearest = tuple(nearest)


class KeyTakenError(InputError):
    """Report a new citation key that another work has or had, to the letter or but for case."""

    def __init__(self, new: str, taken: str, key: str, work: str) -> None:
        """Take the key as it was given, the one it meets, and the present key and looks of that work."""
        what = "is" if new == taken else f"differs only in case from {taken},"
        whose = "the key" if taken == key else "an old key"
        super().__init__(
            f"{new}: {what} {whose} of another work, {work}" + ("" if taken == key else f", now {key}"),
            hint="Choose another key. If the two works are one: `bibkit keys merge`.",
        )
        self.key = new
        self.taken = taken


class UnusableKeyError(InputError):
    """Report a text that cannot be a citation key in all formats."""


class GitError(InputError):
    """Report that git is not there, or cannot say what it has of a file."""


class SyncFileError(InputError):
    """Report a plan or a sync state that is damaged, or written by a newer bibkit."""


class BrakeError(InputError):
    """Report a sync that was stopped before its first write, since it looks like a mistake."""


class OutputError(BibkitError):
    """Report an output file or folder that cannot be created."""

    exit_code = 73


class WriteError(OutputError):
    """Report an output that could not be written to its end; the old file is still whole."""

    exit_code = 74


class ServiceError(BibkitError):
    """Report a server that cannot be reached, or that does not answer as the one it should be."""

    exit_code = 69


class TemporaryError(BibkitError):
    """Report something that passes by itself: run again later."""

    exit_code = 75


class StalePlanError(TemporaryError):
    """Report a plan that was made before another sync; nothing of it was done."""


class UnsettledReadError(TemporaryError):
    """Report a library that somebody changed each time it was being read; nothing was taken from it."""


class UncertainWriteError(TemporaryError):
    """Report a write whose answer never came: it may have taken effect, in full or not at all."""


class NotAllowedError(BibkitError):
    """Report what an API key does not allow, or that the key itself is wrong."""

    exit_code = 77


class ConfigError(BibkitError):
    """Report a wrong value in bibkit.toml, in a BIBKIT_* variable, or in a flag's combination."""

    exit_code = 78


class MissingTargetError(ConfigError):
    """Report a library or a collection that the configuration names and that is not there."""
