import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bibkit.cli import main

ROOT = Path(__file__).resolve().parents[2]

PAGE = """\
LGSep 23, 2024
MobiZO: Enabling Efficient LLM Fine-Tuning via Inference EnginesLei Gao, Amir Ziashahabi, Yue Niu et al.
We introduce MobiZO, a fine-tuning framework for LLMs on edge devices. Lei Gao wrote it.
78.4AIMay 24Code
LipoAgent: Coordinating Fine-Tuned LLM Agents for Safer Lipid DesignLeshu Li, An Lu, Haiyu Wang et al.
We present LipoAgent, which coordinates agents for lipid design.
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty working folder with no settings above it."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("BIBKIT_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def page(project):
    """A listing in seeds/ of the working folder."""
    path = project / "seeds" / "page.txt"
    path.parent.mkdir()
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def bibkit(monkeypatch, capfd):
    """Run the command line in this process, as its console script does."""

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["bibkit", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capfd.readouterr()
        return Ran(end.value.code, out, err)

    return run
