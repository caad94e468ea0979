"""bibkit's command line in processes of their own, started in a twentieth of the time that Python takes.

A server process loads the program once and is forked for each run: its children have their own folder,
environment, descriptors and end, like any process.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PRELOADED = ("bibkit.cli", "bibkit.syncing", "pyzotero.zotero", "pydantic")


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it printed."""

    code: int
    out: str
    err: str


def run_bibkit(
    folder: Path, arguments: Sequence[str], variables: Mapping[str, str] | None = None, wait: float = 120.0
) -> Ended:
    """Run `bibkit ARGUMENTS` in a folder, with no BIBKIT_ variables but these; pauses take no time."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIBKIT_")}
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_PRELOADED, __name__])
    with tempfile.TemporaryDirectory() as prints:
        out, err = Path(prints, "out"), Path(prints, "err")
        process = context.Process(
            target=_run, args=(folder, list(arguments), {**kept, **(variables or {})}, out, err)
        )
        process.start()
        process.join(wait)
        if process.exitcode is None:
            process.kill()
            process.join()
        code = process.exitcode
        process.close()
        assert code is not None
        return Ended(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


def _run(folder: Path, arguments: list[str], environment: dict[str, str], out: Path, err: Path) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, descriptor)
        os.close(file)
    sys.argv = ["bibkit", *arguments]
    time.sleep = lambda _: None
    from bibkit.cli import main

    main()
