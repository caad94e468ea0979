"""What git has of a file: in its last commit, or staged for the next one.

In: a path. Out: the file's text, or none. Refuses to change anything: it asks the program `git`, and writes
nothing. In a hook, git's own variables say which repository and which index are meant.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final, Literal

from bibkit.errors import GitError

Place = Literal["HEAD", "index"]

_REVISIONS: Final[dict[Place, str]] = {"HEAD": "HEAD:", "index": ":"}
_PATHS: Final = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")


def has_commit(path: Path) -> bool:
    """Say whether the repository that a path is in has a commit.

    Raises `GitError` where the path is in no repository, or git is not there or fails.
    """
    folder, _ = _place(path)
    inside = _git(folder, "rev-parse", "--is-inside-work-tree")
    if inside.returncode or inside.stdout.strip() != b"true":
        raise GitError(
            f"{path}: is in no work tree of git: {_said(inside)}",
            hint="Only what is committed can be compared: `git init`, and add the ledger.",
        )
    return not _git(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").returncode


def read_committed(path: Path, place: Place = "HEAD") -> str | None:
    """Return the text that a file has in the last commit, or in the index; None where it is not in there.

    Raises `GitError` where git fails, or has something else there than a file of UTF-8.
    """
    folder, name = _place(path)
    if place == "HEAD":
        listed = _git(folder, "ls-tree", "--name-only", "HEAD", "--", f"./{name}")
    else:
        listed = _git(folder, "ls-files", "--cached", "--", f":(literal)./{name}")
    if listed.returncode:
        raise GitError(f"{path}: git cannot say what {place} has of it: {_said(listed)}")
    if not listed.stdout:
        return None
    shown = _git(folder, "cat-file", "blob", f"{_REVISIONS[place]}./{name}")
    if shown.returncode:
        raise GitError(f"{path}: git cannot show what {place} has of it: {_said(shown)}")
    try:
        return shown.stdout.decode("utf-8")
    except UnicodeDecodeError as trouble:
        raise GitError(f"{path}: what {place} has of it is not UTF-8") from trouble


def _place(path: Path) -> tuple[Path, str]:
    """Return the nearest folder above a file that is there, and the file's path from it."""
    real = Path(os.path.realpath(path))
    folder = next(parent for parent in real.parents if parent.is_dir())
    return folder, real.relative_to(folder).as_posix()


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    # git runs a hook at the top of its work tree and may name its files from there; we go elsewhere.
    if "GIT_DIR" in environment:
        environment.setdefault("GIT_WORK_TREE", ".")
    environment |= {name: str(Path(environment[name]).resolve()) for name in _PATHS if environment.get(name)}
    try:
        return subprocess.run(  # noqa: S603 - a program of the user's, with arguments that are ours
            ["git", *arguments],  # noqa: S607 - wherever it is installed
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )
    except OSError as trouble:
        raise GitError(
            f"git cannot be run: {trouble.strerror or trouble}", hint="Is it installed, and on PATH?"
        ) from trouble


def _said(result: subprocess.CompletedProcess[bytes]) -> str:
    lines = result.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else f"exit code {result.returncode}"
