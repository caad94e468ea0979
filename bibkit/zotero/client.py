"""`ZoteroLibrary`: a library behind Zotero's Web API, version 3. The only module that imports pyzotero.

In: an address, a library, an API key. Out: the methods of `sync.library.Library`. It refuses to know what the
items are for.

pyzotero gives the address, the authentication and the HTTP client; no call of its own that reads or writes
is made, because of what they do (1.16.0; each has a test that shows it):

* On a 429 `update_items` reports success and has written nothing, and `create_items` raises a JSON error;
  `update_items` throws the write report away, so a refused object counts as written.
* A call that failed leaves its query parameters to the next one, `everything` joins pages of different
  versions, lists leave the trash out, and an address with "tags" in it is taken for a list of tags.
* `Retry-After` as a date raises ValueError, in seconds it is slept however long; a 503 is not waited out.
* `key_info` puts the API key into the URL, and so into logs and errors.
* It follows redirects, and a redirected POST becomes a GET.

The rules here: a key is sent in one header and nowhere else. A redirect is never followed. A read is repeated
until it succeeds or patience ends, and is either whole or an error. A write is repeated only if the server
certainly did nothing (no connection, 429, 503); if its answer is lost, that is `UncertainWriteError`.

Past 400 lines, since the one way of a request, from the call to its answer or error, is read in one piece.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeVar

from bibkit.errors import (
    BibkitError,
    ConfigError,
    MissingTargetError,
    NotAllowedError,
    ServiceError,
    TemporaryError,
    UncertainWriteError,
    UnsettledReadError,
)
from bibkit.sync.library import (
    BATCH,
    NEW,
    CollectionKey,
    Deletions,
    ItemKey,
    ItemWrite,
    LibraryId,
    LibraryVersion,
    NewCollection,
    RemoteCollection,
    RemoteItem,
    Rights,
    Snapshot,
    WriteReport,
)
from bibkit.zotero import wire
from bibkit.zotero.patience import Clock, Patience, SystemClock, pause_asked

if TYPE_CHECKING:
    import httpx2

ENDPOINT: Final = "https://api.zotero.org"
LibraryKind = Literal["user", "group"]
_Object = TypeVar("_Object")

_PAGE: Final = 100  # the most that a page can hold
_KEYS_AT_ONCE: Final = 50
_TIMEOUT: Final = 120.0  # seconds: the server may take its time over fifty items
_TOO_MANY: Final = 429
_MAINTENANCE: Final = 503
_BUSY: Final = frozenset({_TOO_MANY, _MAINTENANCE})
_OK: Final = 200
_NOT_MODIFIED: Final = 304
_CLIENT_ERROR: Final = 400
_NOT_FOUND: Final = 404
_LOCKED: Final = 409
_SERVER_ERROR: Final = 500
_JSON_BODY: Final = {"Content-Type": "application/json"}
_ADDRESS: Final = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_API_KEY: Final = re.compile(r"[!-~]+")
_KEYS: Final = "https://www.zotero.org/settings/keys"
_SHOWN_CHARACTERS: Final = 200


class ZoteroLibrary:
    """A user's or a group's library behind Zotero's Web API. Close it, or use it in `with`."""

    def __init__(  # noqa: PLR0913 - the three last are for tests and for other servers
        self,
        kind: LibraryKind,
        number: int,
        api_key: str,
        *,
        endpoint: str = ENDPOINT,
        tell: Callable[[str], object] | None = None,
        clock: Clock | None = None,
        patience: Patience | None = None,
        timeout: float = _TIMEOUT,
    ) -> None:
        """Take what says where the library is and what opens it; nothing is sent yet.

        `tell` is told, in a sentence, why and how long a call waits, each time before it does.
        Raises `ConfigError` for an address or a key that cannot be one; the key itself is not shown.
        """
        if not _ADDRESS.fullmatch(endpoint):
            raise ConfigError(
                "the Zotero server's address is not a plain http(s) address",
                hint=f"Write it as {ENDPOINT}, with no name, password or query in it.",
            )
        # A line break, say, would come back in the text of an error of the HTTP client, with all the rest.
        if not _API_KEY.fullmatch(api_key):
            raise ConfigError(
                "the Zotero API key has characters that no key has",
                hint="Look for a space, a line break or a quotation mark in it.",
            )
        from pyzotero.zotero import Zotero  # noqa: PLC0415 - it takes half a second, which --help must not

        self._zotero = Zotero(number, kind, api_key)
        self._zotero.endpoint = endpoint.rstrip("/")
        self._path = f"/{kind}s/{number}"
        self._kind: LibraryKind = kind
        self._number = number
        self._tell = tell or (lambda _: None)
        self._clock = clock or SystemClock()
        self._patience = patience or Patience()
        self._timeout = timeout
        self._resume_at = 0.0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._zotero.client is not None:
            self._zotero.client.close()

    @property
    def id(self) -> LibraryId:
        """The library's address, which holds no secret."""
        return LibraryId(f"{self._zotero.endpoint}{self._path}")

    def rights(self) -> Rights:
        """Return what the API key may do in this library."""
        answer = self._get("/keys/current", versioned=False)
        info = answer.json if isinstance(answer.json, dict) else {}
        if "access" not in info:
            raise self._not_zotero("/keys/current", "it does not say what the key may do")
        access = _object(info["access"])
        if self._kind == "user":
            given = _object(access.get("user")) if info.get("userID") == self._number else {}
        else:
            groups = _object(access.get("groups"))
            given = _object(groups.get(str(self._number), groups.get("all")))
        read = bool(given.get("library"))
        return Rights(read=read, write=read and bool(given.get("write")))

    def knows_citation_keys(self) -> bool:
        """Say whether this server has a field for citation keys; servers from before 2026 have none."""
        path = "/itemTypeFields"
        fields = self._get(path, {"itemType": "preprint"}, versioned=False).json
        try:
            return any(each["field"] == "citationKey" for each in fields)
        except (KeyError, TypeError) as trouble:
            raise self._not_zotero(path, f"no {trouble} in it") from None

    def has_moved(self, since: LibraryVersion) -> bool:
        """Say whether the library's version is higher than this one."""
        query = {"format": "versions", "limit": "1"}
        return self._get(f"{self._path}/items", query, since=since).status != _NOT_MODIFIED

    def read_all(self) -> Snapshot:
        """Return everything as it was at one version; start again where it changed in between."""
        for attempt in range(1, self._patience.attempts + 1):
            try:
                return self._read_all_once()
            except _MovedError:
                self._wait(
                    self._patience.pause_before(attempt), f"{self.id}: changed while it was being read"
                )
        raise UnsettledReadError(
            f"{self.id}: changed during each of {self._patience.attempts} readings",
            hint="Somebody is writing to the library. Run again when that has ended.",
        )

    def read_items(self, keys: Sequence[ItemKey]) -> tuple[RemoteItem, ...]:
        """Return those of some items that exist, as they are now, in the order of the keys."""
        found: dict[ItemKey, RemoteItem] = {}
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            query = {"itemKey": ",".join(some), "includeTrashed": "1", "limit": str(_PAGE)}
            for item in self._read_objects(self._get(f"{self._path}/items", query), self._read_item):
                found[item.key] = item
        return tuple(found[key] for key in keys if key in found)

    def read_deletions(self, since: LibraryVersion) -> Deletions:
        """Return what was deleted for good after a version."""
        path = f"{self._path}/deleted"
        gone = self._get(path, {"since": str(since)}).json
        try:
            return Deletions(
                frozenset(ItemKey(str(key)) for key in gone["items"]),
                frozenset(CollectionKey(str(key)) for key in gone["collections"]),
            )
        except (KeyError, TypeError) as trouble:
            raise self._not_zotero(path, f"no {trouble} in it") from None

    def write_items(self, writes: Sequence[ItemWrite]) -> WriteReport:
        """Write up to fifty items in one request."""
        return self._write("items", [wire.write_item(write) for write in writes])

    def create_collections(self, collections: Sequence[NewCollection]) -> WriteReport:
        """Create up to fifty collections in one request."""
        return self._write("collections", [wire.write_collection(collection) for collection in collections])

    def _write(self, plural: str, body: list[dict[str, Any]]) -> WriteReport:
        keys = [sent["key"] for sent in body]
        if not 1 <= len(keys) <= BATCH or len(set(keys)) != len(keys):
            raise ValueError(f"one write holds 1 to {BATCH} objects, each once")
        answer = self._send(_Request("POST", f"{self._path}/{plural}", body=body))
        try:
            return WriteReport(answer.version, wire.read_results(answer.json, keys))
        except wire.WireError as trouble:
            raise self._uncertain(str(trouble)) from None

    def _read_all_once(self) -> Snapshot:
        collections: dict[str, RemoteCollection] = {}
        items: dict[str, RemoteItem] = {}
        version: LibraryVersion | None = None
        for page in self._pages("collections", None):
            version = page.version
            collections |= {each.key: each for each in self._read_objects(page, wire.read_collection)}
        for page in self._pages("items", version):
            version = page.version
            items |= {each.key: each for each in self._read_objects(page, self._read_item)}
        return Snapshot(
            NEW if version is None else version,
            tuple(items[key] for key in sorted(items)),
            tuple(collections[key] for key in sorted(collections)),
        )

    def _pages(self, plural: str, version: LibraryVersion | None) -> Iterator[_Answer]:
        path = f"{self._path}/{plural}"
        start, total = 0, 1
        while start < total:
            query = {"includeTrashed": "1", "limit": str(_PAGE), "start": str(start)}
            page = self._get(path, query)
            if version not in {None, page.version}:
                raise _MovedError
            version, total = page.version, page.total
            length = len(page.json) if isinstance(page.json, list) else 0
            if length != min(_PAGE, max(0, total - start)):
                raise self._not_zotero(path, f"a page from {start} on holds {length} of {total} objects")
            yield page
            start += length

    def _read_item(self, sent: Any) -> RemoteItem:
        return wire.read_item(sent, f"http://zotero.org{self._path}/items/")

    def _read_objects(self, page: _Answer, read: Callable[[Any], _Object]) -> list[_Object]:
        try:
            return [read(sent) for sent in page.json]
        except (wire.WireError, TypeError) as trouble:
            raise self._not_zotero(self._path, str(trouble)) from None

    def _get(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        since: LibraryVersion | None = None,
        versioned: bool = True,
    ) -> _Answer:
        headers = {} if since is None else {"If-Modified-Since-Version": str(since)}
        return self._send(_Request("GET", path, query or {}, headers, versioned=versioned))

    def _send(self, request: _Request) -> _Answer:
        """Send a request until it is answered, or its patience ends."""
        for attempt in range(1, self._patience.attempts + 1):
            self._wait_as_asked()
            outcome = self._try(request)
            match outcome:
                case _Answer():
                    return outcome
                case _Again(error=error, pause=pause):
                    if attempt == self._patience.attempts:
                        raise error
                    self._wait(
                        self._patience.pause_before(attempt) if pause is None else pause, error.message
                    )
        raise AssertionError("patience allows one attempt at least")

    def _try(self, request: _Request) -> _Answer | _Again:
        import httpx2  # noqa: PLC0415 - as pyzotero

        client = self._zotero.client
        if client is None:
            raise ValueError("the library is closed")
        try:
            response = client.request(
                request.method,
                self._zotero.endpoint + request.path,
                params=request.query,
                content=None if request.body is None else json.dumps(request.body),
                headers={**self._zotero.default_headers(), **_JSON_BODY, **request.headers},
                follow_redirects=False,
                timeout=self._timeout,
            )
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError) as trouble:
            raise ConfigError(f"{self.id}: is no address that a request can go to") from trouble
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as trouble:
            if _is_of_tls(trouble):
                raise self._no_tls(str(trouble)) from trouble
            return _Again(
                ServiceError(
                    f"{self._zotero.endpoint}: cannot be reached: {self._shown(str(trouble))}",
                    hint="Check the network, a proxy, and zotero.endpoint if you set it; then run again.",
                )
            )
        except httpx2.RequestError as trouble:
            broken = f"the connection broke ({type(trouble).__name__})"
            if request.writes:
                raise self._uncertain(broken) from trouble
            return _Again(TemporaryError(f"{self.id}: {broken}", hint="Run again later."))
        return self._judge(request, response)

    def _judge(self, request: _Request, response: httpx2.Response) -> _Answer | _Again:
        status = response.status_code
        pause = pause_asked(response.headers, self._clock.now())
        if status in _BUSY:
            return self._busy(status, pause)
        if pause is not None:
            self._resume_at = self._clock.now() + min(pause, self._patience.longest_pause)
        if status == _NOT_MODIFIED:
            return _Answer(status, None, NEW, 0)
        if status >= _SERVER_ERROR:
            problem = f"the server failed with {status}: {self._shown(response.text)}"
            if request.writes:
                raise self._uncertain(problem)
            return _Again(ServiceError(f"{self.id}: {problem}", hint="Run again later."))
        if status != _OK:
            raise self._refusal(request, response)
        return self._read_answer(request, response)

    def _read_answer(self, request: _Request, response: httpx2.Response) -> _Answer:
        kind = response.headers.get("content-type", "no type").partition(";")[0].strip()
        version = response.headers.get("last-modified-version", "" if request.versioned else "0")
        total = response.headers.get("total-results", "0")
        try:
            content = json.loads(response.content if kind == "application/json" else b"")
            numbers = LibraryVersion(int(version)), int(total)
        except ValueError as trouble:
            # Somebody between us and the server answered, or cut the answer short.
            why = f"{kind}: {trouble}"
            raise (self._uncertain(why) if request.writes else self._not_zotero(request.path, why)) from None
        return _Answer(response.status_code, content, *numbers)

    def _busy(self, status: int, pause: float | None) -> _Again:
        why = "is down for maintenance" if status == _MAINTENANCE else "gets too many requests"
        error = TemporaryError(f"{self._zotero.endpoint}: {why} ({status})", hint="Run again later.")
        if pause is not None and pause > self._patience.longest_pause:
            error = TemporaryError(
                f"{self._zotero.endpoint}: {why} ({status}), and asks for a pause of {pause:.0f} seconds",
                hint="Run again after that.",
            )
            raise error
        return _Again(error, pause)

    def _wait_as_asked(self) -> None:
        # No longer than the longest pause, also where the clock was set back in the meantime.
        rest = min(self._resume_at - self._clock.now(), self._patience.longest_pause)
        self._resume_at = 0.0
        if rest > 0:
            self._wait(rest, f"{self._zotero.endpoint}: asks for a pause")

    def _wait(self, seconds: float, why: str) -> None:
        self._tell(f"{why}; waiting {seconds:.0f} s")
        self._clock.sleep(seconds)

    def _refusal(self, request: _Request, response: httpx2.Response) -> BibkitError:
        status = response.status_code
        said = self._shown(response.text)
        if status in {401, 403}:
            return NotAllowedError(
                f"{self.id}: not allowed: {said}",
                hint=f"See at {_KEYS} that the API key is right, that it may read this library, and that the"
                " library's number is.",
            )
        if status == _NOT_FOUND:
            return MissingTargetError(
                f"{self.id}: there is no such library: {said}",
                hint="Check the number after `user/` or `group/`, and the server's address.",
            )
        if status == _LOCKED:
            return TemporaryError(f"{self.id}: the library is locked: {said}", hint="Run again later.")
        if status < _CLIENT_ERROR:
            return self._not_zotero(request.path, f"status {status}, a redirect or the like, is not followed")
        return ServiceError(
            f"{self.id}: the server refused {request.method} {request.path} ({status}): {said}"
        )

    def _not_zotero(self, path: str, why: str) -> ServiceError:
        return ServiceError(
            f"{self._zotero.endpoint}{path}: the answer is not one of Zotero's Web API: {self._shown(why)}",
            hint="Check the server's address, and whether a proxy or a login page stands before it.",
        )

    def _no_tls(self, why: str) -> ServiceError:
        # No retry: what a certificate says, or that there is none, does not pass by itself.
        return ServiceError(
            f"{self._zotero.endpoint}: no secure connection: {self._shown(why)}",
            hint="Check the server's address (https or http?), its certificate, and this machine's clock.",
        )

    def _uncertain(self, why: str) -> UncertainWriteError:
        return UncertainWriteError(
            f"{self.id}: the answer to a write was lost: {self._shown(why)}",
            hint="Run again: what was written is found, and nothing is written twice.",
        )

    def _shown(self, text: str) -> str:
        """Return the beginning of a text of the server's, in one line, with nothing secret or active in it.

        What is raised in place of an error that holds such a text is raised `from None` for the same reason.
        """
        harmless = text.replace(self._zotero.api_key or "\0", "(API key)")[:_SHOWN_CHARACTERS]
        return " ".join("".join(c if c.isprintable() else " " for c in harmless).split())


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: list[dict[str, Any]] | None = None
    versioned: bool = True

    @property
    def writes(self) -> bool:
        return self.body is not None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    json: Any
    version: LibraryVersion
    total: int


@dataclass(frozen=True, slots=True)
class _Again:
    """Nothing was done, and it may help to ask again; `error` is what to say where it does not."""

    error: BibkitError
    pause: float | None = None


def _object(value: Any) -> Mapping[str, Any]:
    # An object with nothing in it comes as an empty list, as PHP has it.
    return value if isinstance(value, dict) else {}


def _is_of_tls(trouble: BaseException | None) -> bool:
    """Say whether the two sides could not agree; a connection that broke in between is another matter."""
    while trouble is not None and not isinstance(trouble, ssl.SSLError):
        trouble = trouble.__cause__ or trouble.__context__
    return trouble is not None and not isinstance(trouble, (ssl.SSLEOFError, ssl.SSLSyscallError))


class _MovedError(Exception):
    """The library changed between two pages."""
