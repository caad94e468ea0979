"""Requests, answers and refusals, as values that know no socket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """A request as it came in; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    target: str
    peer: str

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            raise ApiError(400, "Uploaded data is not valid JSON") from None


@dataclass
class Response:
    """An answer on its way out."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: Any, status: int = 200) -> "Response":
        body = json.dumps(value, ensure_ascii=False, indent=4).encode()
        return cls(status, body, {"Content-Type": "application/json"})

    @classmethod
    def of_text(cls, text: str, status: int = 200) -> "Response":
        return cls(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})


@dataclass(frozen=True)
class Exchange:
    """A line of the log: what was asked, what was sent, what was answered (0: nothing)."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    status: int

    @property
    def writes(self) -> bool:
        return self.method in {"POST", "PUT", "PATCH", "DELETE"}


class ApiError(Exception):
    """A refusal: of a whole request, or, inside a multi-object write, of one object."""

    def __init__(self, code: int, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data
        self.headers: dict[str, str] = {}
