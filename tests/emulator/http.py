"""The socket: an HTTP server on the loopback interface in front of the API, and the faults between them."""

import socket
import sys
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from bibkit.zotero.schema import ZoteroType, item_types
from emulator.access import ApiKey
from emulator.api import Api
from emulator.clock import FakeClock
from emulator.faults import AddHeaders, Answer, Delay, DropAfter, DropBefore, Faults, Interfere, Truncate
from emulator.messages import Exchange, Request, Response
from emulator.state import LibraryState

USER = 4711
GROUP = 77
KEY = "emulatorKey0123456789abc"  # 24 characters, as Zotero's keys have
READ_ONLY_KEY = "emulatorReadOnlyKey78901"


class Emulator:
    """A server with a user's library and a group's, a key that may do everything, and one that may only read.

    `without` are fields that this server does not know, as an older one does not know `citationKey`; `prefix`
    is the path under which it stands, behind a gateway.
    """

    def __init__(
        self, clock: FakeClock | None = None, without: tuple[str, ...] = (), prefix: str = ""
    ) -> None:
        self.prefix = prefix
        self.clock = clock or FakeClock()
        schema = _schema(without)
        self.library = LibraryState("users", USER, schema, self.clock.now)
        self.group = LibraryState("groups", GROUP, schema, self.clock.now)
        keys = [
            ApiKey(KEY, USER, groups=MappingProxyType({GROUP: True})),
            ApiKey(READ_ONLY_KEY, USER, write=False, groups=MappingProxyType({GROUP: False})),
        ]
        self.api = Api([self.library, self.group], keys, schema, self.clock.now)
        self.faults = Faults()
        self.log: list[Exchange] = []
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        host, port = self._server.server_address[:2]
        self.api.base = f"http://{host!s}:{port}{self.prefix}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return self.api.base

    @property
    def writes(self) -> list[Exchange]:
        """The requests that could change something."""
        return [exchange for exchange in self.log if exchange.writes]

    def respond(self, request: Request) -> tuple[Response | None, int | None]:
        """Answer a request through the faults: an answer or None to hang up, and where to cut the body."""
        fault = self.faults.take(request)
        response: Response | None = None
        cut = None
        match fault:
            case DropBefore():
                pass
            case Answer():
                response = fault.response()
            case _:
                if isinstance(fault, Delay):
                    time.sleep(fault.seconds)
                if isinstance(fault, Interfere):
                    fault.act()
                response = self.api.answer(request)
        match fault:
            case DropAfter():
                response = None
            case AddHeaders() if response is not None:
                response.headers |= fault.headers
            case Truncate(announced=announced) if response is not None:
                cut = len(response.body) // 2
                if not announced:
                    response.body = response.body[:cut]
                    cut = None
        status = 0 if response is None else response.status
        self.log.append(
            Exchange(request.method, request.path, request.query, request.headers, request.body, status)
        )
        return response, cut


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.emulator = emulator
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over clients that hang up; everything else is a bug of the emulator."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def end_connections(self) -> None:
        """Hang up on clients that keep their connections."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # gone by itself


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        headers: Mapping[str, str] = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        peer = self.client_address[0]
        path, prefix = unquote(parts.path), self.server.emulator.prefix
        if not path.startswith(f"{prefix}/"):
            path = f"/outside{path}"  # where there is nothing
        request = Request(self.command, path.removeprefix(prefix), query, headers, body, self.path, peer)
        response, cut = self.server.emulator.respond(request)
        if response is None:
            self._hang_up()
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in {204, 304}:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body if cut is None else response.body[:cut])
        self.wfile.flush()
        if cut is not None:
            self._hang_up()

    # The names are http.server's.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - as above

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the client was faster

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True  # the client gave up

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Say what the emulator's clock says."""
        return super().date_time_string(self.server.emulator.clock.now() if timestamp is None else timestamp)

    def log_message(self, *_: object) -> None:
        """Be silent: the exchanges are logged by the emulator."""


def _schema(without: tuple[str, ...]) -> Mapping[str, ZoteroType]:
    return {
        name: ZoteroType(
            name,
            tuple(each for each in kind.fields if each not in without),
            kind.bases,
            kind.creator_types,
        )
        for name, kind in item_types().items()
    }
