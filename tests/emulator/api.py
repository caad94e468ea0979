"""The routes: a request in, an answer out, against libraries and keys; knows no socket and no fault."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bibkit.zotero.schema import SCHEMA_VERSION
from emulator.access import ApiKey, Keyring, Limiter, WriteTokens
from emulator.messages import ApiError, Request, Response
from emulator.state import Kind, LibraryState, Stored
from emulator.validation import KEY, Schema

_LIBRARY = re.compile(r"/(users|groups)/(\d+)(/.*)?")
_DEFAULT_LIMIT = 25
_MAX_LIMIT = 100
_DELETE_LIMIT = 50
_ROUTES = (
    (re.compile(r"/(items|collections)"), "many"),
    (re.compile(r"/items/(top|trash)"), "subset"),
    (re.compile(r"/collections/top"), "top_collections"),
    (re.compile(r"/items/([^/]+)/children"), "children"),
    (re.compile(r"/(items|collections)/([^/]+)"), "one"),
    (re.compile(r"/collections/([^/]+)/items(/top)?"), "members"),
    (re.compile(r"/collections/([^/]+)/collections"), "subcollections"),
    (re.compile(r"/collections/([^/]+)/items/([^/]+)"), "member"),
    (re.compile(r"/deleted"), "deletions"),
)


@dataclass(frozen=True)
class _Call:
    """A request that found its library and its route; `names` are the keys in its path."""

    request: Request
    library: LibraryState
    key: ApiKey
    names: tuple[str, ...]


class Api:
    """Version 3 of the Web API over some libraries."""

    def __init__(
        self,
        libraries: list[LibraryState],
        keys: list[ApiKey],
        schema: Schema,
        now: Callable[[], float],
    ) -> None:
        self.libraries = {library.path: library for library in libraries}
        self.keyring = Keyring(keys, now)
        self.limiter = Limiter(now)
        self.tokens = WriteTokens(now)
        self.maintenance = False
        # One request after the other where it matters: two writes never run into each other.
        self.lock = threading.RLock()
        self.base = ""
        self._schema = schema

    def answer(self, request: Request) -> Response:
        """Answer a request; a refusal is an answer too."""
        entered = None
        try:
            key = self.keyring.identify(request)
            who = f"{key.user if key else 'anonymous'}_{request.peer}"
            self.limiter.enter(who)
            entered = who
            with self.lock:
                response = self._route(request, key)
        except ApiError as refusal:
            response = Response.of_text(refusal.message, refusal.code)
            response.headers |= refusal.headers
        finally:
            if entered is not None:
                self.limiter.leave(entered)
        response.headers |= {"Zotero-API-Version": "3", "Zotero-Schema-Version": str(SCHEMA_VERSION)}
        return response

    def _route(self, request: Request, key: ApiKey | None) -> Response:
        if (match := _LIBRARY.fullmatch(request.path.rstrip("/"))) is None:
            return self._global(request, key)
        library = self.libraries.get(f"/{match[1]}/{match[2]}")
        if key is None or library is None or not key.may_read(library):
            if library is None and match[1] == "groups":
                raise ApiError(404, "Group not found")
            raise ApiError(403, "Forbidden")
        if request.method not in {"GET", "HEAD"}:
            if self.maintenance:
                raise ApiError(503, "Zotero is in read-only mode for maintenance")  # no Retry-After [src]
            if not key.may_write(library):
                raise ApiError(403, "Write access denied")
        for pattern, name in _ROUTES:
            if found := pattern.fullmatch(match[3] or ""):
                handle: Callable[[_Call], Response] = getattr(self, f"_{name}")
                return handle(_Call(request, library, key, found.groups()))
        raise ApiError(404, "Not found")

    def _global(self, request: Request, key: ApiKey | None) -> Response:
        match request.path.strip("/").split("/"):
            case ["keys", "current"]:
                if key is None:
                    raise ApiError(403, "Forbidden")
                return Response.of_json(key.describe())
            case ["keys", given]:
                if given not in self.keyring.keys:
                    raise ApiError(404, "Key not found")
                return Response.of_json(self.keyring.keys[given].describe())
            case ["itemTypes"]:
                return Response.of_json([{"itemType": name, "localized": name} for name in self._schema])
            case ["itemFields"]:
                names = dict.fromkeys(name for each in self._schema.values() for name in each.fields)
                return Response.of_json([{"field": name, "localized": name} for name in names])
            case ["itemTypeFields"]:
                return Response.of_json([{"field": name} for name in self._asked_type(request).fields])
            case ["itemTypeCreatorTypes"]:
                names = self._asked_type(request).creator_types
                return Response.of_json([{"creatorType": name, "localized": name} for name in names])
            case ["items", "new"]:
                return Response.of_json(self._template(request))
            case [""]:
                return Response.of_text("Nothing to see here.")
        raise ApiError(404, "Not found")

    def _many(self, call: _Call) -> Response:
        request, library, key = call.request, call.library, call.key
        (plural,) = call.names
        kind: Kind = "item" if plural == "items" else "collection"
        match request.method:
            case "GET" | "HEAD":
                return self._list(request, library, kind, library.objects(kind).values())
            case "POST":
                return self._post(request, library, key, kind)
            case "DELETE":
                keys = [k for k in request.query.get(f"{kind}Key", "").split(",") if k]
                if len(keys) > _DELETE_LIMIT:  # [guess] the documentation allows 50
                    raise ApiError(413, f"Cannot delete more than {_DELETE_LIMIT} {kind}s at a time")
                if "if-unmodified-since-version" not in request.headers:
                    raise ApiError(428, "If-Unmodified-Since-Version not provided")
                _check_library_version(request, library)
                library.delete(kind, keys)
                return _versioned(Response(204), library.version)
        raise ApiError(405, "Method not allowed")

    def _post(self, request: Request, library: LibraryState, key: ApiKey, kind: Kind) -> Response:
        self.tokens.check(key, request)
        checked = _check_library_version(request, library)
        payload = request.json()
        report, succeeded = library.write_many(kind, payload, checked=checked)
        if succeeded:
            self.tokens.spend(key, request)
        report["successful"] = {
            index: self._render(library, kind, stored) for index, stored in report["successful"].items()
        }
        return _versioned(Response.of_json(report), library.version)

    def _one(self, call: _Call) -> Response:
        request, library, key = call.request, call.library, call.key
        plural, name = call.names
        kind: Kind = "item" if plural == "items" else "collection"
        missing = ApiError(404, "Item does not exist" if kind == "item" else "Collection not found")
        if not KEY.fullmatch(name):
            raise missing
        stored = library.objects(kind).get(name)
        match request.method:
            case "GET" | "HEAD":
                if stored is None:
                    raise missing
                return _versioned(Response.of_json(self._render(library, kind, stored)), stored.version)
            case "PUT" | "PATCH":
                self.tokens.check(key, request)
                before = library.version
                partial = request.method == "PATCH"
                changed = library.write_one(
                    kind, name, request.json(), _header_version(request), partial=partial
                )
                self.tokens.spend(key, request)
                return _versioned(Response(204), library.version if changed else before)
            case "DELETE":
                version = _header_version(request)
                if version is None:
                    raise ApiError(428, "If-Unmodified-Since-Version must be provided for delete requests")
                if stored is None:
                    raise missing
                if stored.version != version:
                    raise _moved(kind.capitalize(), version, stored.version)
                library.delete(kind, [name])
                return _versioned(Response(204), library.version)
        raise ApiError(405, "Method not allowed")

    def _subset(self, call: _Call) -> Response:
        request, library = call.request, call.library
        (name,) = call.names
        if name == "trash":
            stored = [item for item in library.items.values() if library.trashed(item)]
            return self._list(request, library, "item", stored, trash=True)
        stored = [item for item in library.items.values() if not item.data.get("parentItem")]
        return self._list(request, library, "item", stored)

    def _top_collections(self, call: _Call) -> Response:
        request, library = call.request, call.library
        stored = [each for each in library.collections.values() if not each.data["parentCollection"]]
        return self._list(request, library, "collection", stored)

    def _children(self, call: _Call) -> Response:
        request, library = call.request, call.library
        (name,) = call.names
        if name not in library.items:
            raise ApiError(404, "Item not found")
        stored = [item for item in library.items.values() if item.data.get("parentItem") == name]
        return self._list(request, library, "item", stored)

    def _subcollections(self, call: _Call) -> Response:
        request, library = call.request, call.library
        (name,) = call.names
        if name not in library.collections:
            raise ApiError(404, "Collection not found")
        stored = [each for each in library.collections.values() if each.data["parentCollection"] == name]
        return self._list(request, library, "collection", stored)

    def _members(self, call: _Call) -> Response:
        request, library = call.request, call.library
        name, _ = call.names
        if name not in library.collections:
            raise ApiError(404, "Collection not found")
        if request.method == "POST":
            library.add_members_quietly(name, request.body.decode().split())
            return Response(204)
        stored = [item for item in library.items.values() if name in item.data.get("collections", ())]
        return self._list(request, library, "item", stored)

    def _member(self, call: _Call) -> Response:
        # What the server answered to a DELETE there [run].
        raise ApiError(500, f"An error occurred: {call.request.method}")

    def _deletions(self, call: _Call) -> Response:
        request, library = call.request, call.library
        if "since" not in request.query:
            raise ApiError(400, "'since' parameter must be provided")
        since = int(request.query["since"])
        gone = {
            plural: [name for name, version in library.deleted[kind].items() if version > since]
            for kind, plural in (("item", "items"), ("collection", "collections"))
        }
        answer = gone | {"searches": [], "tags": [], "settings": []}
        return _versioned(Response.of_json(answer), library.version)

    def _list(
        self, request: Request, library: LibraryState, kind: Kind, stored: Any, *, trash: bool = False
    ) -> Response:
        query = request.query
        seen = request.headers.get("if-modified-since-version", "")
        if seen.isdigit() and library.version <= int(seen):
            return Response(304)  # without the library's version [run]
        chosen = list(stored)
        if not trash and query.get("includeTrashed") != "1":
            chosen = [each for each in chosen if not library.trashed(each)]
        if keys := [k for k in query.get(f"{kind}Key", "").split(",") if k]:
            chosen = [each for each in chosen if each.key in keys]
        if query.get("itemType"):
            chosen = [each for each in chosen if each.data["itemType"] == query["itemType"]]
        if query.get("q") and kind == "item":
            chosen = [each for each in chosen if _found(query["q"], each)]
        if query.get("since"):
            chosen = [each for each in chosen if each.version > int(query["since"])]
        chosen.sort(
            key=lambda each: (each.data.get("dateModified", ""), each.version, each.serial), reverse=True
        )
        shape = query.get("format", "json")
        limit = min(int(query["limit"]), _MAX_LIMIT) if query.get("limit") else None
        if limit is None and (shape == "json" or keys):
            limit = _MAX_LIMIT if keys else _DEFAULT_LIMIT
        start = int(query.get("start", 0))
        page = chosen[start:] if limit is None else chosen[start : start + limit]
        match shape:
            case "keys":
                response = Response.of_text("".join(f"{each.key}\n" for each in page))
            case "versions":
                response = Response.of_json({each.key: each.version for each in page})
            case _:
                response = Response.of_json([self._render(library, kind, each) for each in page])
        response.headers["Total-Results"] = str(len(chosen))
        response.headers["Link"] = self._links(request, start, limit, len(chosen))
        return _versioned(response, library.version)

    def _links(self, request: Request, start: int, limit: int | None, total: int) -> str:
        links = []
        if limit is not None and limit < total:
            if start + limit < total:
                links.append((self._url(request, start + limit), "next"))
                links.append((self._url(request, (total - 1) // limit * limit), "last"))
            if start:
                links.append((self._url(request, 0), "first"))
                links.append((self._url(request, max(0, start - limit)), "prev"))
        links.append((f"https://www.zotero.org{request.path}", "alternate"))
        return ", ".join(f'<{url}>; rel="{rel}"' for url, rel in links)

    def _url(self, request: Request, start: int) -> str:
        query = {name: value for name, value in request.query.items() if name not in {"start", "key"}}
        if start:
            query["start"] = str(start)
        return f"{self.base}{request.path}?{urlencode(query)}"

    def _render(self, library: LibraryState, kind: Kind, stored: Stored) -> dict[str, Any]:
        plural = f"{kind}s"
        data: Mapping[str, Any] = {"key": stored.key, "version": stored.version, **stored.data}
        if "parentItem" in data:  # children have no collections of their own
            data = {name: value for name, value in data.items() if name != "collections"}
        href = f"{self.base}{library.path}/{plural}/{stored.key}"
        return {
            "key": stored.key,
            "version": stored.version,
            "library": {"type": library.kind[:-1], "id": library.id, "name": "Library", "links": {}},
            "links": {"self": {"href": href, "type": "application/json"}},
            "meta": {},
            "data": data,
        }

    def _asked_type(self, request: Request) -> Any:
        if request.query.get("itemType") not in self._schema:
            raise ApiError(400, f"Invalid item type '{request.query.get('itemType')}'")
        return self._schema[request.query["itemType"]]

    def _template(self, request: Request) -> dict[str, Any]:
        asked = self._asked_type(request)
        creator = {"creatorType": asked.principal_creator, "firstName": "", "lastName": ""}
        blank = dict.fromkeys(asked.fields, "")
        return {
            "itemType": asked.name,
            **blank,
            "creators": [creator],
            "tags": [],
            "collections": [],
            "relations": {},
        }


def _found(searched: str, stored: Stored) -> bool:
    """The quick search, as far as titles and years go."""
    text = f"{stored.data.get('title', '')} {stored.data.get('date', '')}".lower()
    return all(word in text for word in searched.lower().split())


def _check_library_version(request: Request, library: LibraryState) -> bool:
    version = _header_version(request)
    if version is None:
        return False
    if library.version > version:
        raise _moved("Library", version, library.version)
    return True


def _header_version(request: Request) -> int | None:
    given = request.headers.get("if-unmodified-since-version")
    if given is None:
        return None
    if not given.isdigit():
        raise ApiError(400, f"Invalid If-Unmodified-Since-Version value '{given}'")
    return int(given)


def _moved(what: str, wanted: int, found: int) -> ApiError:
    refusal = ApiError(
        412, f"{what} has been modified since specified version (expected {wanted}, found {found})"
    )
    refusal.headers = {"Last-Modified-Version": str(found)}
    return refusal


def _versioned(response: Response, version: int) -> Response:
    response.headers["Last-Modified-Version"] = str(version)
    return response
