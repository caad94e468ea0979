"""A plain HTTP client for the emulated server: what stands here is seen on the wire."""

from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
import pytest

from emulator import Emulator
from emulator.fixtures import emulator, one_tls_context
from emulator.http import KEY, USER

__all__ = ["emulator", "one_tls_context"]


class Web:
    """Requests to the user's library, with a key that may do everything."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.client = httpx2.Client(base_url=emulator.url, headers={"Zotero-API-Key": KEY}, trust_env=False)

    def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Ask for a path of the library, or, with a `//` before it, of the server."""
        if path.startswith("//"):
            return self.client.request(method, path[1:], **options)
        return self.client.request(method, f"/users/{USER}{path}", **options)

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> httpx2.Response:
        return self.ask("GET", path, params=query, headers=headers or {})

    def post(self, *objects: Any, path: str = "/items", **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, json=list(objects), headers=named)

    def failed(self, sent: Any, path: str = "/items") -> tuple[int, str, Any]:
        """What the report says of the only object of a POST, which failed."""
        failure = self.post(sent, path=path).json()["failed"]["0"]
        return failure["code"], failure["message"], failure.get("data")

    def version(self, response: httpx2.Response | None = None) -> int:
        answer = self.get("/items", limit=1) if response is None else response
        return int(answer.headers["Last-Modified-Version"])

    def add(self, count: int = 1, **data: Any) -> Sequence[str]:
        return [self.emulator.library.add(itemType="preprint", **data) for _ in range(count)]

    def data(self, key: str) -> dict[str, Any]:
        return self.get(f"/items/{key}").json()["data"]


@pytest.fixture
def web(emulator: Emulator) -> Iterator[Web]:
    web = Web(emulator)
    yield web
    web.client.close()
