"""The command line as a process of its own: starting it, what it leaves behind, and what it may not do."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


def start(*arguments: str, cwd: Path, **options) -> subprocess.Popen:
    """Start `bibkit` with its two outputs as pipes, or `stdout`; `env` is added to the environment."""
    return subprocess.Popen(
        [sys.executable, "-m", "bibkit", *arguments],
        cwd=cwd,
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        env=os.environ | options.pop("env", {}),
        **options,
    )


def finish(process: subprocess.Popen) -> tuple[int, bytes, bytes]:
    """Return exit code, output and complaints of a process."""
    out, err = process.communicate()
    return process.returncode, out, err


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return the bytes and the time of change of each file of a folder."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def obey_modes() -> None:
    """Take from root, in a child that will start a program, its right to pass by the modes of files."""
    if os.geteuid() == 0:
        library = ctypes.CDLL(None)
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            library.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def need_modes(folder: Path) -> None:
    """Skip the test where the modes of files bind nobody, whatever rights are taken."""
    locked = folder / "locked"
    locked.mkdir(mode=0)
    listed = subprocess.run(["ls", locked], preexec_fn=obey_modes, capture_output=True, check=False)
    locked.rmdir()
    if listed.returncode == 0:
        pytest.skip("the modes of files bind nobody here")
