"""Trouble on order: what happens to which request.

A fault is given out with `Faults.add`: it waits for requests of a method and a path, lets `skip` of them
pass, and strikes `times` of them. Faults that come before the server sees the request change nothing there.
"""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from emulator.messages import Request, Response


@dataclass(frozen=True)
class DropBefore:
    """Close the connection; the server never sees the request."""


@dataclass(frozen=True)
class DropAfter:
    """Close the connection after the server did what was asked."""


@dataclass(frozen=True)
class Truncate:
    """Send half of the answer; `announced` says whether the length is the whole's, so that it shows."""

    announced: bool = True


@dataclass(frozen=True)
class Answer:
    """Answer for the server, as a proxy does; the server never sees the request."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        return Response(self.status, self.body.encode(), {"Content-Type": "text/html", **self.headers})


@dataclass(frozen=True)
class AddHeaders:
    """Let the server answer, and add headers (`Backoff`, say)."""

    headers: Mapping[str, str]


@dataclass(frozen=True)
class Delay:
    """Let real time pass before the server sees the request."""

    seconds: float


@dataclass(frozen=True)
class Interfere:
    """Do something in between, as a second client does, then let the server answer."""

    act: Callable[[], object]


Fault = DropBefore | DropAfter | Truncate | Answer | AddHeaders | Delay | Interfere


@dataclass
class _Order:
    fault: Fault
    method: str | None
    path: re.Pattern[str]
    skip: int
    times: int


class Faults:
    """The faults on order; each request is struck by the first that fits it."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []
        self._lock = threading.Lock()

    def add(
        self, fault: Fault, *, method: str | None = None, path: str = "", skip: int = 0, times: int = 1
    ) -> None:
        """Order a fault; `path` is a regular expression that is searched in the path."""
        self._orders.append(_Order(fault, method, re.compile(path), skip, times))

    def clear(self) -> None:
        self._orders.clear()

    @property
    def waiting(self) -> int:
        """How many faults have not struck yet."""
        return len(self._orders)

    def take(self, request: Request) -> Fault | None:
        with self._lock:
            for order in self._orders:
                if order.method not in {None, request.method} or not order.path.search(request.path):
                    continue
                if order.skip:
                    order.skip -= 1
                    continue
                order.times -= 1
                if not order.times:
                    self._orders.remove(order)
                return order.fault
            return None
