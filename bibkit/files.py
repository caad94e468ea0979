"""The only module that opens files: reads text whole, replaces files whole, adds to them, locks folders.

A file is replaced whole or not at all: its new text is written beside it, synced to the disk, and renamed
over it (POSIX `rename`). A file whose bytes would not change is left alone, its modification time too.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bibkit.errors import OutputError, TemporaryError, UnreadableSourceError, WriteError

STANDARD_INPUT: Final = "-"
_CHUNK: Final = 1 << 20
# One fixed name a target, so that what a killed run left behind is overwritten by the next one.
_STAGED_SUFFIX: Final = ".bibkit-new"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_LOCK_POLL_SECONDS: Final = 0.05


def read_text(path: str | Path) -> str:
    """Return the text of a file, `-` being standard input; line ends stay as they are.

    Raises `UnreadableSourceError` where the file cannot be opened or is not UTF-8 (a byte order mark is
    dropped; UTF-16 is named as such).
    """
    return _decode(_read(path), str(path))


def read_text_exactly(path: str | Path) -> str:
    """Return the text of a file of which every byte comes back (`exact_bytes`); `-` is standard input.

    It is read as UTF-8, and a byte that is none becomes a surrogate, so that files of any 8-bit encoding
    that has ASCII in it can be edited where they are ASCII. Raises `UnreadableSourceError` where the file
    cannot be opened, or is UTF-16.
    """
    data = _read(path)
    if data.startswith(_UTF16_MARKS):
        raise UnreadableSourceError(str(path), "is UTF-16", hint="Save it as UTF-8.")
    return data.decode("utf-8", "surrogateescape")


def exact_bytes(text: str) -> bytes:
    """Return the bytes of a text that was read by `read_text_exactly`."""
    return text.encode("utf-8", "surrogateescape")


def walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in the order of their names; hidden ones are left out.

    A folder that links lead to twice is entered once. Raises `UnreadableSourceError` for a folder that
    cannot be listed.
    """
    yield from _walk(folder, set())


def exists(path: Path) -> bool:
    """Say whether something stands at a path; a dangling link counts."""
    return os.path.lexists(path)


def is_private(path: Path) -> bool:
    """Say whether a file is its owner's alone to read and write; on Windows that is not known, and true."""
    return sys.platform == "win32" or not path.stat().st_mode & 0o077


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder, or a link to one."""
    return path.is_dir()


def is_device(path: Path) -> bool:
    """Say whether a path is there and is neither file nor folder: a pipe, a socket, a device."""
    return path.exists() and not (path.is_file() or path.is_dir())


def check_target(path: Path) -> None:
    """Raise `OutputError` for what is there and can be no output: a folder, or a device that never ends."""
    if path.is_dir():
        raise OutputError(f"{path}: is a folder", hint="Move it away, or choose another place.")
    if is_device(path):
        raise OutputError(f"{path}: is a device or a pipe, not a file", hint="Choose another place.")


def holds_text(path: Path, text: str | bytes) -> bool:
    """Say whether a file's bytes are exactly these, or this text in UTF-8; one that is not there holds none.

    Raises `OutputError` for a file that is there and cannot be read.
    """
    try:
        with path.open("rb") as file:
            for chunk in _chunks(text):
                if file.read(len(chunk)) != chunk:
                    return False
            return not file.read(1)
    except FileNotFoundError:
        return False
    except OSError as trouble:
        raise OutputError(f"{path}: cannot be read: {_reason(trouble)}") from trouble


def write_text_atomic(path: Path, text: str) -> bool:
    """Replace a file by this text in UTF-8; return False, and touch nothing, if it holds it already.

    Raises as `Replacement` does.
    """
    with Replacement() as replacement:
        replacement.stage(path, text)
        return bool(replacement.commit())


def append_text(path: Path, text: str) -> None:
    """Add a text in UTF-8 to the end of a file, which is created if missing; it is on the disk then.

    Killed in between, the file ends in a part of the text. Raises `WriteError` where it cannot be written to
    its end.
    """
    try:
        with path.open("ab") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
    except OSError as trouble:
        raise WriteError(f"{path}: cannot be written: {_reason(trouble)}") from trouble


class Replacement:
    """Files that are replaced together: all are written beside their targets first, then renamed in order.

    A full disk thus leaves every old file. A crash between two renames leaves each file whole, old or new.
    Raises `OutputError` where a file cannot be created or is read-only, `WriteError` where it cannot be
    written to its end; what was written beside is removed.
    """

    def __init__(self) -> None:
        """Start with no file."""
        self._staged: list[tuple[Path, Path, Path]] = []  # the new file, its target, the path as given

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was staged and not committed."""
        for staged, _, _ in self._staged:
            with contextlib.suppress(OSError):  # the folder may be gone: then so is the file
                staged.unlink(missing_ok=True)

    def stage(self, path: Path, text: str | bytes) -> bool:
        """Write a file's new text, or bytes, beside it; return False, and stage nothing, if it holds them."""
        target = Path(os.path.realpath(path))  # a link stays a link: the file that it leads to is replaced
        check_target(path)
        if holds_text(target, text):
            return False
        if _is_read_only(target):  # a rename would replace it all the same
            raise OutputError(f"{path}: is read-only", hint="Make it writable, or choose another place.")
        staged = target.with_name(f".{target.name}{_STAGED_SUFFIX}")
        try:
            file = staged.open("wb")
        except OSError as trouble:
            hint = None if target.parent.exists() else f"There is no folder {path.parent}."
            raise OutputError(f"{path}: cannot be written: {_reason(trouble)}", hint=hint) from trouble
        self._staged.append((staged, target, path))
        try:
            with file:
                file.writelines(_chunks(text))
                file.flush()
                os.fsync(file.fileno())
                if target.exists():
                    staged.chmod(target.stat().st_mode & 0o7777)
        except OSError as trouble:
            raise WriteError(
                f"{path}: cannot be written: {_reason(trouble)}", hint="The file that was there is unchanged."
            ) from trouble
        return True

    def commit(self) -> list[Path]:
        """Rename every staged file over its target, in the order staged; return the paths as given."""
        written = []
        while self._staged:
            staged, target, path = self._staged[0]
            try:
                staged.replace(target)
                _sync_folder(target.parent)
            except OSError as trouble:
                raise WriteError(f"{path}: cannot be replaced: {_reason(trouble)}") from trouble
            self._staged.pop(0)
            written.append(path)
        return written


class Comparison:
    """What a `Replacement` would change: it says so, and writes nothing."""

    def __init__(self) -> None:
        """Start with no file."""
        self._different: list[Path] = []

    def stage(self, path: Path, text: str | bytes) -> bool:
        """Note whether a file's text would change, and say so."""
        different = not holds_text(path, text)
        if different:
            self._different.append(path)
        return different

    def commit(self) -> list[Path]:
        """Return the paths of the files that would change."""
        return self._different


def make_folder(folder: Path) -> None:
    """Create a folder and those above it where they are missing; raise `OutputError` if that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as trouble:
        raise OutputError(
            f"{folder}: is a file, not a folder", hint="Choose another output folder with -o."
        ) from trouble
    except OSError as trouble:
        raise OutputError(f"{folder}: cannot be created: {_reason(trouble)}") from trouble


@contextlib.contextmanager
def lock(folder: Path, *, wait: float = 30.0) -> Iterator[None]:
    """Hold a folder for one process: the operating system lets go when the process ends, however it ends.

    Waits up to `wait` seconds for another process; raises `TemporaryError` after that, and `OutputError`
    where the folder cannot be opened.
    """
    deadline = time.monotonic() + wait
    handle = _open_lock(folder)
    try:
        while not _try_lock(handle):
            if time.monotonic() >= deadline:
                raise TemporaryError(
                    f"{folder}: another bibkit is writing there (waited {wait:.0f} seconds)",
                    hint="Run the command again when it has finished.",
                )
            time.sleep(_LOCK_POLL_SECONDS)
        yield
    finally:
        os.close(handle)


def _decode(data: bytes, path: str) -> str:
    if data.startswith(_UTF16_MARKS):
        raise UnreadableSourceError(path, "is UTF-16", hint="Save it as UTF-8.")
    try:
        return data.removeprefix(_UTF8_MARK).decode("utf-8")
    except UnicodeDecodeError as trouble:
        data = data.removeprefix(_UTF8_MARK)
        line = data.count(b"\n", 0, trouble.start) + 1
        raise UnreadableSourceError(
            path,
            f"is not UTF-8 text (byte 0x{data[trouble.start]:02x})",
            line=line,
            hint="Save it as UTF-8 (from Latin-1: `iconv -f latin1 -t utf-8 OLD > NEW`),"
            " or leave it out if it is no text.",
        ) from trouble


def _walk(folder: Path, entered: set[str]) -> Iterator[Path]:
    real = os.path.realpath(folder)
    if real in entered:
        return
    entered.add(real)
    try:
        children = sorted(folder.iterdir(), key=lambda child: child.name)
    except OSError as trouble:
        raise UnreadableSourceError(str(folder), f"cannot be listed: {_reason(trouble)}") from trouble
    for child in children:
        if child.name.startswith("."):
            continue
        if child.is_dir():
            yield from _walk(child, entered)
        else:
            yield child


def _is_read_only(path: Path) -> bool:
    return path.exists() and not (path.stat().st_mode & 0o222 and os.access(path, os.W_OK))


def _read(path: str | Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(path) == STANDARD_INPUT else Path(path).read_bytes()
    except OSError as trouble:
        raise UnreadableSourceError(str(path), f"cannot be read: {_reason(trouble)}") from trouble


def _chunks(text: str | bytes) -> Iterator[bytes]:
    # Piece by piece: a large text never stands in memory a second time.
    for start in range(0, len(text), _CHUNK):
        chunk = text[start : start + _CHUNK]
        yield chunk.encode("utf-8") if isinstance(chunk, str) else chunk


def _reason(trouble: OSError) -> str:
    if trouble.errno == errno.ENOSPC:
        return "no space left on the disk"
    return (trouble.strerror or str(trouble)).lower()


if sys.platform == "win32":
    import msvcrt

    def _sync_folder(folder: Path) -> None:
        """Do nothing: Windows has no handle to sync a folder by."""

    def _open_lock(folder: Path) -> int:
        # A folder cannot be opened there, so a file in it stands for it.
        try:
            return os.open(folder / ".bibkit-lock", os.O_RDWR | os.O_CREAT)
        except OSError as trouble:
            raise OutputError(f"{folder}: cannot be locked: {_reason(trouble)}") from trouble

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _sync_folder(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _open_lock(folder: Path) -> int:
        try:
            return os.open(folder, os.O_RDONLY)
        except OSError as trouble:
            raise OutputError(f"{folder}: cannot be locked: {_reason(trouble)}") from trouble

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
