"""1,000 names and titles of many scripts have the same keys everywhere; the expected ones were read."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "citekeys"
EXPECTED = FOLDER / "expected.tsv"
PACKAGE_FOLDER = Path(__file__).parents[2]
SETTINGS = (
    {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "0"},
    {"LC_ALL": "C", "TZ": "Etc/GMT+12", "PYTHONHASHSEED": "4294967295", "PYTHONUTF8": "0"},
    {"LC_ALL": "az_AZ.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "random"},
)


def run(python, settings):
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(PACKAGE_FOLDER), **settings}
    command = [python, "-B", str(FOLDER / "run.py")]
    return subprocess.run(command, env=environment, check=True, capture_output=True).stdout


def pythons():
    for minor in range(11, 16):
        name = f"python3.{minor}"
        found = [shutil.which(name), *map(str, Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))]
        path = next((path for path in found if path and works(path)), None)
        reason = f"{name} is not here"
        yield pytest.param(path, id=name, marks=() if path else pytest.mark.skip(reason=reason))


def works(python):
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings["LC_ALL"])
def test_keys_are_the_same_in_every_locale_time_zone_and_hash_seed(settings, accept):
    output = run(sys.executable, settings)
    if accept:
        EXPECTED.write_bytes(output)
    assert output == EXPECTED.read_bytes()


@pytest.mark.parametrize("python", list(pythons()))
def test_keys_are_the_same_in_every_python(python):
    assert run(python, SETTINGS[0]) == EXPECTED.read_bytes()


def test_there_are_a_thousand_and_a_blank_for_none():
    lines = EXPECTED.read_text(encoding="ascii").splitlines()
    assert len(lines) >= 1000
    assert all(len(line.split("\t")) == 3 for line in lines)
