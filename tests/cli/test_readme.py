"""The README says what the program does: its help texts, its outputs, and the commands that CI runs."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from emulator.fixtures import emulator, one_tls_context
from emulator.http import KEY, USER

from bibkit.config import load_settings
from bibkit.sync.merge import Change, Kept
from bibkit.sync.plan import Action, Plan
from bibkit.sync.state import Known, SyncState

__all__ = ["emulator", "one_tls_context"]

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
    assert max(map(len, shown.splitlines())) <= 100


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


def block(kind: str, holds: str) -> str:
    """The only block of a kind that holds a text; steps of a list are indented."""
    blocks = re.findall(rf"^( *)```{kind}\n(.*?)^\1```$", README, re.MULTILINE | re.DOTALL)
    (found,) = [
        re.sub(f"^{indent}", "", text, flags=re.MULTILINE) for indent, text in blocks if holds in text
    ]
    return found


def test_five_minutes_with_zotero_are_as_the_readme_says(bibkit, page, project, emulator, monkeypatch):
    """Every step to the letter, but for the number, the server's address, and the key that is pasted."""
    monkeypatch.setenv("HOME", str(project))
    script = block("sh", "zotero-key")
    subprocess.run(["sh", "-euc", script], input=f"{KEY}\n", text=True, check=True, cwd=project)
    table = block("toml", "created if missing").replace("475425", str(USER))
    text = f'[listing]\nas-of = 2026\n{table}endpoint = "{emulator.url}"\n'
    (project / "bibkit.toml").write_text(text, encoding="utf-8")
    shown = bibkit("plan")
    assert (shown.code, "create 2" in shown.out, emulator.writes) == (1, True, [])
    assert bibkit("sync").code == 0
    assert len(emulator.library.items) == 2
    assert {each.data["name"] for each in emulator.library.collections.values()} == {"Lab", "Reading list"}
    assert "nothing has changed" in bibkit("sync").err


def test_the_settings_of_the_readme_are_those_that_there_are(project):
    (project / "bibkit.toml").write_text(block("toml", "[listing.retrieved]"), encoding="utf-8")
    zotero = load_settings(project, {}).zotero
    assert (zotero.library, zotero.adopt, zotero.endpoint) == (
        "user/475425",
        "library",
        "https://api.zotero.org",
    )
    named = set(re.findall(r"`BIBKIT_ZOTERO_([A-Z_]+)`", README))
    assert named == {"API_KEY", *(name.upper() for name in zotero.__slots__)}


def test_the_files_of_sync_have_the_fields_that_the_readme_names(bibkit, page, emulator, monkeypatch):
    section = README.partition("### Plans, and what sync keeps")[2].partition("\n### ")[0]
    named = set(re.findall(r"`([a-z_]+)`", section))
    for of in (Plan, Action, SyncState, Known, Change, Kept):
        assert {each.name for each in fields(of)} <= named, of
    for name, value in (("LIBRARY", f"user/{USER}"), ("COLLECTION", "Lab"), ("API_KEY", KEY)):
        monkeypatch.setenv(f"BIBKIT_ZOTERO_{name}", value)
    monkeypatch.setenv("BIBKIT_ZOTERO_ENDPOINT", emulator.url)
    assert bibkit("plan", "-o", "plan.json").code == 1
    plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    assert (plan["kind"], plan["version"]) == ("plan", 1)
    assert plan["content"].keys() == {each.name for each in fields(Plan)}
    # One action is taken out, as the README says: the other is done.
    del plan["content"]["actions"][1]
    Path("plan.json").write_text(json.dumps(plan), encoding="utf-8")
    assert bibkit("apply", "plan.json").code == 0
    assert [item.data["citationKey"] for item in emulator.library.items.values()] == ["gao2024mobizo"]
    kept = {path.name for path in Path(".bibkit", f"users-{USER}").iterdir() if not path.name.startswith(".")}
    assert {"state.json", "journal.jsonl", "lock.json"} <= kept
    assert kept <= set(re.findall(r"`([a-z.]+)`", section))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path):
    program = tmp_path / "bibkit"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    service, timer = block("ini", "ExecStart"), block("ini", "OnCalendar")
    units = {
        "bibkit.service": service.replace("%h/papers/.venv/bin/bibkit", str(program)),
        "bibkit.timer": timer,
    }
    for name, text in units.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    ran = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    assert (ran.returncode, [line for line in ran.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


def test_the_scheduled_commands_are_commands(bibkit):
    """Each `bibkit sync` of the schedulers has options that there are, and the shell takes the rest."""
    cron, workflow = block("text", "0 3 * * *"), block("yaml", "bibkit sync")
    assert re.match(r"0 3 \* \* \*  cd \$HOME/papers && \.venv/bin/bibkit sync ", cron)
    scripts = re.findall(r"run: (?!\|)(.*)$", workflow, re.MULTILINE)
    scripts += [
        re.sub(r"^ +", "", text, flags=re.MULTILINE)
        for text in re.findall(r"run: \|\n(.*)", workflow, re.DOTALL)
    ]
    assert len(scripts) == 3
    for script in (*scripts, cron.partition("*  ")[2]):
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)
    options = set(re.findall(r"bibkit sync (--[a-z-]+)", cron + workflow + block("ini", "ExecStart")))
    assert options == {"--max-changes"}
    assert "--max-changes" in bibkit("sync", "--help").out
