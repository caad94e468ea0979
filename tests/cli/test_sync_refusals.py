"""Everything that can be wrong with a sync, end to end: exit code, message, and that nothing was written."""

import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from emulator import Answer, ApiKey, DropBefore, Emulator
from emulator.fixtures import emulator, one_tls_context
from emulator.http import GROUP, KEY, READ_ONLY_KEY, USER
from forked import Ended, run_bibkit

from bibkit.sync.store import Owner, Store

__all__ = ["emulator", "one_tls_context"]

# The processes are asked for on a Unix socket; they speak to the loopback interface, like all others.
pytestmark = pytest.mark.enable_socket

BLIND_KEY = "emulatorBlindKey01234567"
HTML = "<html><body>Please log in</body></html>"
PAGE = """\
LGSep 23, 2024
MobiZO: Enabling Efficient LLM Fine-Tuning via Inference EnginesLei Gao, Amir Ziashahabi, Yue Niu et al.
We introduce MobiZO, a fine-tuning framework for LLMs on edge devices. Lei Gao wrote it.
"""
MORE = "\nLGSep 3, 2024\nAnother Paper on Rather Different ThingsAda Byron, Alan Turing\nWe show.\n"


@dataclass
class Desk:
    """A user's folder, with settings and a page, and the server."""

    folder: Path
    emulator: Emulator
    variables: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> Ended:
        table = {
            "library": f"user/{USER}",
            "collection": "Lab/Reading list",
            "api-key-file": "key",
            "endpoint": self.emulator.url,
        } | self.settings
        lines = [f"{name} = {json.dumps(value)}" for name, value in table.items() if value]
        text = "\n".join(["[listing]", "as-of = 2026", "[zotero]", *lines])
        (self.folder / "bibkit.toml").write_text(text, encoding="utf-8")
        return run_bibkit(self.folder, arguments, self.variables)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def give_key(self, key: str) -> None:
        self.write("key", f"{key}\n")

    def set(self, **settings: str) -> None:
        self.settings |= {name.replace("_", "-"): value for name, value in settings.items()}


@pytest.fixture
def desk(tmp_path, emulator) -> Desk:
    desk = Desk(tmp_path, emulator)
    desk.write("seeds/page.txt", PAGE)
    desk.give_key(KEY)
    (tmp_path / "key").chmod(0o600)
    blind = ApiKey(BLIND_KEY, USER, library=False)
    emulator.api.keyring.keys[BLIND_KEY] = blind
    return desk


def contents(emulator: Emulator) -> object:
    return [
        (
            library.version,
            {key: dict(item.data) for key, item in library.items.items()},
            [*library.collections],
        )
        for library in (emulator.library, emulator.group)
    ]


def assert_refused(desk: Desk, arguments: tuple[str, ...], code: int, said: str) -> None:
    before, writes = contents(desk.emulator), len(desk.emulator.writes)
    state = {path: path.read_bytes() for path in desk.folder.glob(".bibkit/*/*.json*")}
    ran = desk.run(*arguments, "--json")
    assert (ran.code, said in ran.err) == (code, True), ran.err
    told = json.loads(ran.out)
    assert told["exit_code"] == code
    assert said in told["error"]
    assert "Traceback" not in ran.err
    assert not any(key in ran.out + ran.err for key in (KEY, READ_ONLY_KEY, BLIND_KEY))
    assert contents(desk.emulator) == before
    assert len(desk.emulator.writes) == writes
    for path, text in state.items():
        assert path.name == "lock.json" or path.read_bytes() == text


def twins(desk: Desk) -> None:
    for _ in range(2):
        desk.emulator.library.add_collection("Lab")


def half_a_network(desk: Desk) -> None:
    desk.emulator.faults.add(DropBefore(), times=1000)


def answering(*answer: object) -> Callable[[Desk], None]:
    return lambda desk: desk.emulator.faults.add(Answer(*answer), times=1000)


def the_key_is_open(desk: Desk) -> None:
    (desk.folder / "key").chmod(0o644)


def command(code: str) -> Callable[[Desk], None]:
    words = shlex.join([sys.executable, "-c", code])
    return lambda desk: desk.set(api_key_file="", api_key_command=words)


REFUSALS: dict[str, tuple[Callable[[Desk], object], int, str]] = {
    "a wrong key": (lambda desk: desk.give_key("x" * 24), 77, "not allowed: Invalid key"),
    "no right to write": (lambda desk: desk.give_key(READ_ONLY_KEY), 77, "may not write"),
    "no right to read": (lambda desk: desk.give_key(BLIND_KEY), 77, "that it may read this library"),
    "another user": (lambda desk: desk.set(library=f"user/{USER + 1}"), 77, "the library's number"),
    "no such group": (lambda desk: desk.set(library="group/1"), 78, "there is no such library"),
    "no library": (lambda desk: desk.set(library=""), 78, "zotero.library is not set"),
    "a library of no kind": (lambda desk: desk.set(library="users/1"), 78, "zotero.library is 'users/1'"),
    "an unknown collection": (
        lambda desk: desk.set(collection="", collection_key="22222222"),
        78,
        "the collection 22222222 is not in the library",
    ),
    "a collection key that is none": (
        lambda desk: desk.set(collection="", collection_key="Lab"),
        78,
        "'Lab' is no key of a collection",
    ),
    "two collections of a name": (twins, 78, "fits 2 collections"),
    "a path with a hole": (lambda desk: desk.set(collection="Lab//List"), 78, "an empty name in it"),
    "two collection settings": (
        lambda desk: desk.set(collection_key="22222222"),
        78,
        "zotero.collection and zotero.collection-key are both set",
    ),
    "two collection variables": (
        lambda desk: desk.variables.update(
            BIBKIT_ZOTERO_COLLECTION="Lab", BIBKIT_ZOTERO_COLLECTION_KEY="22222222"
        ),
        78,
        "BIBKIT_ZOTERO_COLLECTION and BIBKIT_ZOTERO_COLLECTION_KEY are both set",
    ),
    "no collection": (lambda desk: desk.set(collection=""), 78, "neither is set"),
    "a way to adopt that is none": (lambda desk: desk.set(adopt="all"), 78, "zotero.adopt"),
    "no address": (lambda desk: desk.set(endpoint="api.zotero.org"), 78, "not a plain http(s) address"),
    "no network": (lambda desk: desk.set(endpoint="http://127.0.0.1:9"), 69, "cannot be reached"),
    "no TLS": (
        lambda desk: desk.set(endpoint=desk.emulator.url.replace("http:", "https:")),
        69,
        "no secure connection",
    ),
    "no proxy": (
        lambda desk: desk.variables.update(http_proxy="http://127.0.0.1:9", no_proxy=""),
        69,
        "cannot be reached",
    ),
    "a connection that breaks": (half_a_network, 75, "the connection broke"),
    "a page of HTML": (answering(200, HTML), 69, "not one of Zotero's Web API"),
    "a redirect": (answering(302, "", {"Location": "http://127.0.0.1:9/login"}), 69, "is not followed"),
    "a server that fails": (answering(500, "An error occurred"), 69, "the server failed with 500"),
    "a server that is down": (answering(503, "down"), 75, "is down for maintenance"),
    "a server that is busy": (answering(429, "slow", {"Retry-After": "3"}), 75, "too many requests"),
    "a server that is busy for long": (answering(429, "slow", {"Retry-After": "9999"}), 75, "9999 seconds"),
    "a key that others can read": (the_key_is_open, 78, "others can read the API key"),
    "no key file": (lambda desk: (desk.folder / "key").unlink(), 78, "no such file"),
    "an empty key file": (lambda desk: desk.give_key(""), 78, "holds no API key"),
    "a file of two keys": (lambda desk: desk.give_key(f"{KEY} {KEY}"), 78, "characters that no key has"),
    "a key command that fails": (command("raise SystemExit(3)"), 78, "ended with exit code 3"),
    "a key command that says nothing": (command("print()"), 78, "holds no API key"),
    "no such command": (
        lambda desk: desk.set(api_key_file="", api_key_command="/nowhere/at-all"),
        78,
        "cannot be run",
    ),
    "two key settings": (
        lambda desk: desk.set(api_key_command="pass show zotero"),
        78,
        "zotero.api-key-file and zotero.api-key-command are both set",
    ),
    "no key": (lambda desk: desk.set(api_key_file=""), 78, "there is no Zotero API key"),
    "a key in the settings": (lambda desk: desk.set(api_key=KEY), 78, "zotero.api-key: is no setting"),
    "no sources": (lambda desk: (desk.folder / "seeds/page.txt").unlink(), 65, "no record was found"),
    "an empty page": (lambda desk: desk.write("seeds/page.txt", ""), 65, "warning: the page is empty"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_sync_that_cannot_be_is_refused(desk, name):
    prepare, code, said = REFUSALS[name]
    prepare(desk)
    assert_refused(desk, ("sync",), code, said)
    # What was refused is forgotten: with that put right, the next run is a first run.
    assert not [*desk.folder.glob(".bibkit/*/state.json")]


def test_a_plan_is_refused_for_the_same_reasons(desk):
    for prepare, code, said in (
        REFUSALS["a wrong key"],
        REFUSALS["a page of HTML"],
        REFUSALS["no collection"],
    ):
        prepare(desk)
        assert_refused(desk, ("plan", "-o", "plan.json"), code, said)
    assert not (desk.folder / "plan.json").exists()


def test_a_server_that_knows_no_citation_keys(desk):
    with Emulator(without=("citationKey",)) as desk.emulator:
        assert_refused(desk, ("sync",), 69, "this server knows no citation keys")


def of_another_library(desk: Desk) -> None:
    desk.set(library=f"group/{GROUP}")


def stale(desk: Desk) -> None:
    desk.write("seeds/page.txt", PAGE + MORE)
    assert desk.run("sync").code == 0


def edited(old: str, new: str) -> Callable[[Desk], None]:
    def edit(desk: Desk) -> None:
        text = (desk.folder / "plan.json").read_text(encoding="utf-8")
        assert old in text
        desk.write("plan.json", text.replace(old, new))

    return edit


PLANS: dict[str, tuple[Callable[[Desk], object], int, str]] = {
    "of another library": (of_another_library, 65, "the plan is for"),
    "stale": (stale, 75, "the plan is stale"),
    "of a newer bibkit": (edited('"version": 1,', '"version": 2,'), 65, "written by a newer bibkit"),
    "cut short": (lambda desk: desk.write("plan.json", '{"kind": "plan", "ver'), 65, "plan.json: is damaged"),
    "no plan": (lambda desk: desk.write("plan.json", HTML), 65, "plan.json: is damaged"),
    "empty": (lambda desk: desk.write("plan.json", ""), 65, "plan.json: is damaged"),
    "not there": (lambda desk: (desk.folder / "plan.json").unlink(), 65, "plan.json: cannot be read"),
    "with a field of another type": (edited('"abstractNote": ', '"volume": '), 65, "'volume' is not a field"),
    "with a field more": (edited('"serial": ', '"colour": 1, "serial": '), 65, "plan.json: is damaged"),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_that_cannot_be_applied_is_refused(desk, name):
    assert desk.run("plan", "-o", "plan.json").code == 1
    prepare, code, said = PLANS[name]
    prepare(desk)
    assert_refused(desk, ("apply", "plan.json"), code, said)


STATES: dict[str, tuple[str, str, str]] = {
    "a damaged state": ("state.json", "{", "state.json: is damaged"),
    "a newer state": ("state.json", '{"kind": "state", "version": 2, "content": {}}', "by a newer bibkit"),
    "a state of another kind": ("state.json", '{"kind": "plan", "version": 1, "content": {}}', "is damaged"),
    "a damaged journal": ("journal.jsonl", "", "journal.jsonl: is damaged"),
    "a newer journal": ("journal.jsonl", '{"kind": "journal", "version": 2, "content": {}}', "newer bibkit"),
}


@pytest.mark.parametrize("name", STATES)
def test_a_state_that_cannot_be_used_stops_a_sync(desk, name):
    assert desk.run("sync").code == 0
    file, text, said = STATES[name]
    desk.write(f".bibkit/users-{USER}/{file}", text)
    for arguments in (("sync",), ("plan",), ("status",)):
        assert_refused(desk, arguments, 65, said)


def test_a_state_of_another_server_stops_a_sync(desk):
    assert desk.run("sync").code == 0
    desk.set(endpoint=desk.emulator.url.replace("127.0.0.1", "localhost"))
    assert_refused(desk, ("sync",), 65, "state.json: is the state of")


def test_two_syncs_never_run_at_once(desk):
    store = Store(desk.folder / ".bibkit" / f"users-{USER}", f"{desk.emulator.url}/users/{USER}")
    with store.hold(Owner("desk", 7, 0.0)):
        assert_refused(desk, ("sync",), 75, "process 7 on desk")


@pytest.mark.parametrize("arguments", [("sync",), ("plan",), ("status",), ("apply", "plan.json")])
def test_without_any_settings_it_says_what_is_missing(tmp_path, arguments):
    ran = run_bibkit(tmp_path, arguments)
    assert (ran.code, "zotero.library is not set" in ran.err) == (78, True)
    assert not [*tmp_path.iterdir()]


def test_a_strict_sync_that_is_refused_says_for_which_warnings(desk):
    desk.write("seeds/page.txt", PAGE.replace("Sep 23, 2024", "Feb 30, 2024"))
    assert_refused(desk, ("sync", "--strict"), 65, "page.txt:1: warning: “Feb 30, 2024” is no day")
