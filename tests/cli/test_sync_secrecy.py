"""The API key in everything that a run prints, writes, sends, raises and shows of itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from emulator import AddHeaders, Answer, Emulator, Interfere
from emulator.fixtures import emulator, one_tls_context
from emulator.http import KEY, USER
from forked import run_bibkit

__all__ = ["emulator", "one_tls_context"]

# With all that the HTTP client logs.
PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from bibkit.cli import main
main()
"""
ECHO = f"your key is {KEY}, and that is {KEY}"
SOURCES = {
    "environment": "",
    "file": 'api-key-file = "key"',
    "command": 'api-key-command = "cat key"',
}


def configure(folder: Path, emulator: Emulator, source: str) -> None:
    text = (
        f'[listing]\nas-of = 2026\n[zotero]\nlibrary = "user/{USER}"\ncollection = "Lab"\n'
        f'endpoint = "{emulator.url}"\n{SOURCES[source]}\n'
    )
    (folder / "bibkit.toml").write_text(text, encoding="utf-8")
    key = folder / "key"
    key.touch(mode=0o600)
    key.write_text(f"{KEY}\n", encoding="utf-8")


def run(folder: Path, source: str, *arguments: str) -> bytes:
    """A process like any other, and all that it printed."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("BIBKIT_")}
    if source == "environment":
        variables["BIBKIT_ZOTERO_API_KEY"] = KEY
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        env=variables | {"BIBKIT_DEBUG": "1"},
        capture_output=True,
        check=False,
    )
    return ran.stdout + ran.stderr


def processes() -> list[bytes]:
    """The command lines of all processes of this machine, as `ps` shows them to everybody."""
    shown = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            shown.append(path.read_bytes())
        except OSError:
            continue  # it has ended
    return shown


@pytest.mark.parametrize("source", SOURCES)
def test_a_run_shows_the_key_to_the_server_only(emulator, page, project, source):
    configure(project, emulator, source)
    seen: list[bytes] = []
    emulator.faults.add(Interfere(lambda: seen.extend(processes())), times=1000)
    for arguments in (("plan", "-o", "plan.json"), ("apply", "plan.json", "--json"), ("sync",), ("status",)):
        shown = run(project, source, *arguments)
        assert b"DEBUG:httpcore2" in shown or arguments == ("status",)
        assert KEY.encode() not in shown
    assert len(emulator.library.items) == 2
    assert any(b"apply" in line for line in seen) or not Path("/proc/self").exists()
    assert not any(KEY.encode() in line for line in seen)
    files = [path for path in project.rglob("*") if path.is_file() and path.name != "key"]
    assert {"plan.json", "state.json", "journal.jsonl", "lock.json"} <= {path.name for path in files}
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
    assert_only_in_one_header(emulator)


@pytest.mark.parametrize(
    "fault",
    [
        Answer(200, ECHO),
        Answer(302, ECHO, {"Location": f"https://example.org/?key={KEY}"}),
        Answer(400, ECHO),
        Answer(403, ECHO),
        Answer(429, ECHO, {"Retry-After": "9999"}),
        AddHeaders({"Last-Modified-Version": KEY}),
        AddHeaders({"Content-Type": KEY}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.enable_socket  # the processes are asked for on a Unix socket
def test_a_server_that_says_the_key_is_not_quoted(emulator, page, project, fault, method):
    configure(project, emulator, "file")
    emulator.faults.add(fault, method=method, times=1000)
    ran = run_bibkit(project, ["sync", "--json"], {"BIBKIT_DEBUG": "1"})
    # An answer to a write that was lost is looked up; if the write was done, all is well.
    assert ran.code in {69, 75, 77} or (ran.code, method) == (0, "POST")
    assert '"error"' in ran.out
    assert KEY not in ran.out + ran.err
    assert_only_in_one_header(emulator)


def assert_only_in_one_header(emulator: Emulator) -> None:
    assert emulator.log
    for exchange in emulator.log:
        headers = dict(exchange.headers)
        assert headers.pop("authorization") == f"Bearer {KEY}"
        assert KEY not in repr((exchange.path, exchange.query, headers, exchange.body))
