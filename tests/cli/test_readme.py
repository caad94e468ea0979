"""The README says what the program does: its help texts, its outputs, and the commands that CI runs."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
KEYS = ("list", "show", "why", "pin", "rename", "merge", "check", "map")
HELP = [text for kind, text in BLOCKS if kind == "text" and text.startswith("$ bibkit")]


@pytest.mark.parametrize("text", HELP, ids=[text.split("\n", 1)[0] for text in HELP])
def test_a_help_text_is_the_programs(bibkit, monkeypatch, text):
    monkeypatch.setenv("COLUMNS", "100")
    command, shown = text.split("\n", 1)
    assert bibkit(*command.split()[2:]).out == shown


def test_every_command_has_its_help_text():
    assert [text.split("\n", 1)[0] for text in HELP] == [
        "$ bibkit --help",
        "$ bibkit export --help",
        "$ bibkit convert --help",
        "$ bibkit cited --help",
        "$ bibkit rewrite --help",
        "$ bibkit parse --help",
        "$ bibkit keys --help",
        *(f"$ bibkit keys {name} --help" for name in KEYS),
        "$ bibkit plan --help",
        "$ bibkit apply --help",
        "$ bibkit sync --help",
        "$ bibkit status --help",
        "$ bibkit formats",
    ]


@pytest.mark.parametrize(
    ("kind", "begins", "name"),
    [
        ("bibtex", "@misc{", "library.bib"),
        ("json", '  {\n    "id"', "library.json"),
        ("text", "TY  - ", "library.ris"),
        ("json", '{"v": 1', "citekeys.jsonl"),
    ],
)
def test_an_excerpt_stands_in_the_exports(kind, begins, name):
    text = next(text for of, text in BLOCKS if of == kind and text.startswith(begins))
    export = (ROOT / "exports" / name).read_text(encoding="utf-8")
    for part in text.rstrip("\n").split("...\n"):
        assert part.rstrip(".") in export


def test_ci_runs_the_readmes_own_test_command():
    commands = [text.strip() for kind, text in BLOCKS if kind == "sh" and text.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
