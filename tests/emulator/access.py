"""Who may do what, and how often: API keys, the request limiter, write tokens."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulator.messages import ApiError, Request
from emulator.state import LibraryState

BURST = 100
PER_SECOND = 10
AT_ONCE = 5
BAD_KEYS = 5
BAD_KEYS_SECONDS = 300
TOKEN_SECONDS = 12 * 3600


@dataclass(frozen=True)
class ApiKey:
    """A key of a user's, with its rights; `groups` by group id, or 0 for all of them: may it write?"""

    key: str
    user: int
    library: bool = True
    write: bool = True
    groups: Mapping[int, bool] = field(default_factory=dict)

    def may_read(self, library: LibraryState) -> bool:
        if library.kind == "users":
            return library.id == self.user and self.library
        return library.id in self.groups or 0 in self.groups

    def may_write(self, library: LibraryState) -> bool:
        if library.kind == "users":
            return library.id == self.user and self.library and self.write
        return self.groups.get(library.id, self.groups.get(0, False))

    def describe(self) -> dict[str, Any]:
        """What `/keys/current` answers [run]."""
        access: dict[str, Any] = {}
        if self.library:
            access["user"] = {"library": True, "files": True, "notes": True} | (
                {"write": True} if self.write else {}
            )
        if self.groups:
            access["groups"] = {
                "all" if group == 0 else str(group): {"library": True} | ({"write": True} if write else {})
                for group, write in self.groups.items()
            }
        return {
            "key": self.key,
            "userID": self.user,
            "username": f"user{self.user}",
            "displayName": f"User {self.user}",
            "access": access or [],  # [guess] PHP writes an array with nothing in it so
        }


class Keyring:
    """The keys that there are. More than 5 wrong ones within 5 minutes from one address: 429 [run]."""

    def __init__(self, keys: list[ApiKey], now: Callable[[], float]) -> None:
        self.keys = {key.key: key for key in keys}
        self._now = now
        self._wrong: dict[str, list[float]] = {}

    def identify(self, request: Request) -> ApiKey | None:
        """The request's key, from any of its three places; None for an anonymous one."""
        bearer = request.headers.get("authorization", "")
        given = (
            request.headers.get("zotero-api-key")
            or request.query.get("key")
            or (bearer.removeprefix("Bearer ") if bearer.startswith("Bearer ") else "")
        )
        if not given:
            return None
        if (key := self.keys.get(given)) is not None:
            return key
        recent = [then for then in self._wrong.get(request.peer, []) if self._now() - then < BAD_KEYS_SECONDS]
        self._wrong[request.peer] = [*recent, self._now()]
        if len(recent) >= BAD_KEYS:
            raise too_many("Too many failed authentication attempts", BAD_KEYS_SECONDS)
        raise ApiError(403, "Invalid key")


class Limiter:
    """A bucket of 100 requests, filled at 10 a second, and 5 at once, for each user and address [src]."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._buckets: dict[str, tuple[float, float]] = {}
        self._running: dict[str, int] = {}
        self._lock = threading.Lock()
        self.enabled = True
        self.refused = 0

    def enter(self, who: str) -> None:
        """Count a request in; the caller owes a `leave` if this returns."""
        if not self.enabled:
            return
        with self._lock:
            level, then = self._buckets.get(who, (float(BURST), self._now()))
            level = min(BURST, level + max(0.0, self._now() - then) * PER_SECOND)
            if level < 1:
                self._buckets[who] = (level, self._now())
                self.refused += 1
                raise too_many("Request rate limit exceeded", BURST // PER_SECOND)
            self._buckets[who] = (level - 1, self._now())
            if self._running.get(who, 0) >= AT_ONCE:
                self.refused += 1
                raise too_many("Concurrent request limit exceeded", 7)  # the server draws 1 to 30
            self._running[who] = self._running.get(who, 0) + 1

    def leave(self, who: str) -> None:
        with self._lock:
            self._running[who] = max(0, self._running.get(who, 0) - 1)


class WriteTokens:
    """Tokens of writes that succeeded, kept 12 hours for each API key; no answer is replayed [run]."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._spent: dict[tuple[str, str], float] = {}

    def check(self, key: ApiKey, request: Request) -> None:
        token = request.headers.get("zotero-write-token")
        if token is None:
            return
        if not 5 <= len(token) <= 32:
            raise ApiError(400, "Write token must be 5-32 characters in length")
        then = self._spent.get((key.key, token))
        if then is not None and self._now() - then < TOKEN_SECONDS:
            raise ApiError(412, "Write token already used")

    def spend(self, key: ApiKey, request: Request) -> None:
        if (token := request.headers.get("zotero-write-token")) is not None:
            self._spent[key.key, token] = self._now()


def too_many(message: str, seconds: int) -> ApiError:
    """A 429, whose body is called HTML [run]."""
    refusal = ApiError(429, message)
    refusal.headers = {"Retry-After": str(seconds), "Content-Type": "text/html; charset=UTF-8"}
    return refusal
