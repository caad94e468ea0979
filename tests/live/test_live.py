"""A walk through sync with a real account, and the same walk with the emulated server, which proves the walk.

`pytest -m live` walks with the account that BIBKIT_LIVE_LIBRARY ("user/475425" or "group/123") and
BIBKIT_LIVE_API_KEY name, at api.zotero.org or at BIBKIT_LIVE_ENDPOINT. All happens in a collection of its
own, with works that nobody has; they are deleted for good at the end, whatever happened.
"""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from emulator.fixtures import emulator, one_tls_context
from emulator.http import GROUP, KEY, USER

from bibkit.zotero.client import ENDPOINT

__all__ = ["emulator", "one_tls_context"]

_PAGE = """\
LGSep 23, 2024
{token} One: Enabling Efficient Walks Through Foreign LibrariesAda Byron, Alan Turing, Lei Gao et al.
We introduce {token} One, which nobody has read.
AIMay 24, 2025
{token} Two: Coordinating Walks of Several LibrariesAlan Turing, Ada Byron
We present {token} Two, which coordinates nothing.
CLJan 2, 2023
{token} Three: On Leaving Libraries as They WereLei Gao
We show that {token} Three leaves everything as it was.
"""


@dataclass
class Account:
    """A library to walk in, the folder of a user of bibkit, and that user's other client."""

    library: str
    api_key: str
    endpoint: str
    folder: Path
    token: str = field(default_factory=lambda: f"Q{secrets.token_hex(6)}")

    @property
    def collection(self) -> str:
        return f"bibkit live test {self.token}"

    @property
    def page(self) -> Path:
        return self.folder / "seeds" / "page.txt"

    def bibkit(self, *arguments: str) -> str:
        """Run bibkit as a user does; return what it printed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BIBKIT_")}
        variables = {
            "BIBKIT_ZOTERO_LIBRARY": self.library,
            "BIBKIT_ZOTERO_COLLECTION": self.collection,
            "BIBKIT_ZOTERO_API_KEY": self.api_key,
            "BIBKIT_ZOTERO_ENDPOINT": self.endpoint,
        }
        ran = subprocess.run(
            [sys.executable, "-m", "bibkit", *arguments],
            cwd=self.folder,
            env=kept | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout + ran.stderr

    def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Ask the server as another client does."""
        kind, number = self.library.split("/")
        headers = {"Zotero-API-Key": self.api_key, "Zotero-API-Version": "3", **options.pop("headers", {})}
        response = httpx2.request(
            method, f"{self.endpoint}/{kind}s/{number}{path}", headers=headers, timeout=60.0, **options
        )
        assert response.status_code < 300, f"{method} {path}: {response.status_code} {response.text}"
        return response

    def collection_key(self) -> str | None:
        found = []
        start, total = 0, 1
        while start < total:
            answer = self.ask("GET", "/collections", params={"limit": "100", "start": str(start)})
            total = int(answer.headers["Total-Results"])
            found += [each["key"] for each in answer.json() if each["data"]["name"] == self.collection]
            start += 100
        assert len(found) <= 1
        return found[0] if found else None

    def found(self) -> list[dict[str, Any]]:
        """The walk's items, wherever they are: nobody else's has its token in the title."""
        query = {"q": self.token, "limit": "100", "qmode": "titleCreatorYear", "includeTrashed": "1"}
        every = [each["data"] for each in self.ask("GET", "/items", params=query).json()]
        return [item for item in every if self.token in item.get("title", "")]

    def items(self) -> dict[str, dict[str, Any]]:
        """The same by the word that follows the token."""
        found = self.found()
        by_number = {item["title"].split()[1].strip(":,"): item for item in found}
        assert len(by_number) == len(found), "a work is there twice"
        return by_number

    def edit(self, item: dict[str, Any], **values: Any) -> None:
        version = {"If-Unmodified-Since-Version": str(item["version"])}
        self.ask("PATCH", f"/items/{item['key']}", json=values, headers=version)

    def clean_up(self) -> None:
        """Delete for good what the walk made, and nothing else."""
        for path in (
            *[f"/items/{item['key']}" for item in self.found()],
            *[f"/collections/{key}" for key in [self.collection_key()] if key],
        ):
            version = self.ask("GET", path).headers["Last-Modified-Version"]
            self.ask("DELETE", path, headers={"If-Unmodified-Since-Version": version})


@contextmanager
def walking(account: Account) -> Iterator[Account]:
    account.page.parent.mkdir()
    account.page.write_text(_PAGE.format(token=account.token), encoding="utf-8")
    try:
        yield account
    finally:
        account.clean_up()
        assert account.found() == []
        assert account.collection_key() is None


def walk(account: Account) -> None:
    """Create; write nothing; respect what the user does; make nothing twice with the state lost."""
    assert "create 3" in account.bibkit("sync", "--dry-run")
    assert account.items() == {}
    assert "3 items written" in account.bibkit("sync")
    shelf = account.collection_key()
    first = account.items()
    assert set(first) == {"One", "Two", "Three"}
    assert all(item["collections"] == [shelf] for item in first.values())
    assert all(item["tags"][0]["type"] == 1 for item in first.values())
    assert all(item["citationKey"] for item in first.values())
    assert "et al." in first["One"]["extra"]

    assert "nothing has changed" in account.bibkit("sync")
    assert account.items() == first

    account.edit(first["One"], title=f"{account.token} One, as I call it")
    account.edit(first["Two"], tags=[{"tag": "mine"}])
    account.edit(first["Three"], collections=[])
    edited = account.items()
    page = account.page.read_text(encoding="utf-8")
    account.page.write_text(page.replace("which nobody has read", "which I have read"), encoding="utf-8")
    assert "1 item written" in account.bibkit("sync")
    after = account.items()
    assert after["One"]["title"] == f"{account.token} One, as I call it"
    assert "which I have read" in after["One"]["abstractNote"]
    assert (after["Two"], after["Three"]) == (edited["Two"], edited["Three"])

    shutil.rmtree(account.folder / ".bibkit")
    account.bibkit("sync")
    lost = account.items()
    assert {number: item["key"] for number, item in lost.items()} == {
        n: item["key"] for n, item in first.items()
    }
    assert lost["One"]["title"] == after["One"]["title"]
    assert "nothing has changed" in account.bibkit("sync")


@pytest.mark.live
@pytest.mark.enable_socket
def test_a_walk_with_a_real_account(tmp_path):
    names = ("BIBKIT_LIVE_LIBRARY", "BIBKIT_LIVE_API_KEY")
    library, api_key = (os.environ.get(name, "") for name in names)
    if not (library and api_key):
        pytest.skip(f"{' and '.join(names)} name no account")
    endpoint = os.environ.get("BIBKIT_LIVE_ENDPOINT") or ENDPOINT
    with walking(Account(library, api_key, endpoint, tmp_path)) as account:
        walk(account)


@pytest.mark.parametrize("library", [f"user/{USER}", f"group/{GROUP}"])
def test_a_walk_with_the_emulated_server(emulator, tmp_path, library):
    state = emulator.library if library.startswith("user") else emulator.group
    theirs = state.add(itemType="book", title="Theirs", collections=[state.add_collection("Theirs")])
    before = dict(state.items[theirs].data)
    with walking(Account(library, KEY, emulator.url, tmp_path)) as account:
        walk(account)
    assert list(state.items) == [theirs]
    assert state.items[theirs].data == before


def test_a_walk_that_fails_is_cleaned_up(emulator, tmp_path):
    with (
        pytest.raises(ZeroDivisionError),
        walking(Account(f"user/{USER}", KEY, emulator.url, tmp_path)) as account,
    ):
        account.bibkit("sync")
        raise ZeroDivisionError
    assert not emulator.library.items
    assert not emulator.library.collections
