"""The ledger's file is old or new, never half, whatever stops a run; of two runs at once none is lost."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bibkit.citekeys import KeyLedger, assign_keys, resolve
from bibkit.ledger import load_ledger, save_ledger
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.works import collate

RUN = """
import os, sys
from pathlib import Path
from bibkit import files
from bibkit.citekeys import KeyLedger, assign_keys
from bibkit.ledger import load_ledger, save_ledger
from bibkit.model.names import Person
from bibkit.model.record import ItemType, Record
from bibkit.works import collate

def records(words):
    return [Record(type=ItemType.PREPRINT, title=word, creators=(Person("Gao"),)) for word in words]

def run(path, words):
    with files.lock(path.parent):
        ledger = load_ledger(path) if path.exists() else KeyLedger()
        save_ledger(path, assign_keys(ledger, collate(records(words)).works).ledger)

path, *words = sys.argv[1:]
path = Path(path)
"""


def start(body, path, *words):
    program = RUN + textwrap.dedent(body)
    return subprocess.Popen([sys.executable, "-c", program, str(path), *words], stderr=subprocess.PIPE)


def saved(path, *words):
    records = [Record(type=ItemType.PREPRINT, title=word, creators=(Person("Gao"),)) for word in words]
    ledger = assign_keys(KeyLedger(), collate(records).works).ledger
    save_ledger(path, ledger)
    return ledger


@pytest.mark.parametrize(
    "stop",
    [
        "os.fsync = lambda handle: os._exit(9)",
        "Path.replace = lambda self, target: os._exit(9)",
        "write = os.fsync\nos.fsync = lambda handle: (os.ftruncate(handle, 10), os._exit(9))",
    ],
    ids=["before the sync", "before the rename", "half written"],
)
def test_a_run_that_is_killed_leaves_the_old_ledger(tmp_path, stop):
    path = tmp_path / "citekeys.jsonl"
    before = saved(path, "ethos")
    process = start(stop + "\nrun(path, words)", path, "ethos", "pathos")
    process.communicate()
    assert process.returncode == 9
    assert load_ledger(path) == before
    process = start("run(path, words)", path, "ethos", "pathos")
    assert process.communicate()[1] == b""
    assert set(resolve(load_ledger(path))) == {"gaondethos", "gaondpathos"}


def test_a_run_that_is_killed_behind_the_rename_leaves_the_new_ledger(tmp_path):
    path = tmp_path / "citekeys.jsonl"
    saved(path, "ethos")
    stop = "replace = Path.replace\nPath.replace = lambda self, target: (replace(self, target), os._exit(9))"
    start(f"{stop}\nrun(path, words)", path, "ethos", "pathos").communicate()
    assert set(resolve(load_ledger(path))) == {"gaondethos", "gaondpathos"}


def test_two_processes_at_once_both_keep_their_keys(tmp_path):
    path = Path(tmp_path / "citekeys.jsonl")
    body = "for count in range(1, len(words) + 1):\n    run(path, words[:count])"
    words = [[f"{side}{number}" for number in range(15)] for side in "ab"]
    processes = [start(body, path, *side) for side in words]
    assert [process.communicate()[1] for process in processes] == [b"", b""]
    ledger = load_ledger(path)
    assert {claim.key for claim in ledger.claims} == {f"gaond{word}" for side in words for word in side}
    assert sorted(claim.issued for claim in ledger.claims) == list(range(1, 31))
