"""Text of a JSON file to its items, each with its place; one broken item costs itself alone.

Knows JSON, and in which forms lists of items come; knows nothing of what an item says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

Json = object

#: Members of an object that hold its items, in the exports of programs.
_LISTS: Final = frozenset({"items", "references"})

_BLANK: Final = re.compile(r"[ \t\r\n\ufeff]*")
_GAP: Final = re.compile(r"[ \t\r\n,]*")
_COLON: Final = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_LIST_MEMBER: Final = re.compile(r'"(?:items|references)"[ \t\r\n]*:[ \t\r\n]*\[')
_WRAPPED: Final = re.compile(r'\{[ \t\r\n]*"(?:items|references)"[ \t\r\n]*:[ \t\r\n]*(?=\[)')
_TOKEN: Final = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|[{}\[\]]')
_STRAY_END: Final = re.compile(r"[,\[\]{}\n]|$")


class Doubled(dict[str, Json]):
    """An object that has names twice: of each the last value stands, the others are `dropped`."""

    __slots__ = ("dropped",)

    def __init__(self, pairs: list[tuple[str, Json]]) -> None:
        """Take the members in the order of the text."""
        last = {name: place for place, (name, _) in enumerate(pairs)}
        super().__init__(pairs)
        self.dropped = [pair for place, pair in enumerate(pairs) if last[pair[0]] != place]


class Item(NamedTuple):
    """One value of a list of items, and its place in the text.

    `key` is the name under which an object of items has it; `doubled` are the names that it, or an object
    in it, has twice (`Doubled`).
    """

    value: Json
    start: int
    end: int
    key: str | None = None
    doubled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of the text that is no JSON, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A member that stands beside the list of items, in the object around it."""

    start: int
    end: int


Found = Item | Broken | Aside


def scan_items(text: str) -> Iterator[Found]:
    """Yield the items of a JSON text in their order, and what else there is in it.

    Taken are a list of items, one item, an object with a list of items (`items`, `references`), an object
    whose members are items by their keys, and any of these one after the other, such as an item a line.
    """
    yield from _Scanner(text).scan()


class _Document(str):
    """Text whose decoding errors do not count the lines before them, which takes as long as it is."""

    __slots__ = ()

    def count(self, *_: object) -> int:
        """Say that no line ends before an error."""
        return 0

    def rfind(self, *_: object) -> int:
        """Say that no line begins before an error."""
        return -1


class _Scanner:
    """A walk over one text; where it breaks off, it goes on at the next item."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.doubled: list[str] = []
        self.document = text
        self.line = 0  # where the line begins on which the last broken item stands
        self.absent: set[str] = set()  # what was looked for up to the end, and is not there
        decoder = json.JSONDecoder(object_pairs_hook=self._object_of, parse_constant=_refuse)
        self.decode = decoder.raw_decode

    def scan(self) -> Iterator[Found]:
        """Yield everything in the text."""
        position = self._skip(_BLANK, 0)
        while position < len(self.text):
            if self.text[position] == "[":
                position = yield from self._list(position)
            elif self.text[position] == "{":
                position = yield from self._top(position)
            else:
                end = self._end_of_stray(position)
                yield Broken(position, end, "neither a list nor an object")
                position = end
            position = self._skip(_BLANK, position)

    def _list(self, start: int) -> Generator[Found, None, int]:
        """Yield the items of a list; return where it ends."""
        position = self._skip(_GAP, start + 1)
        while position < len(self.text):
            if self.text[position] == "]":
                return position + 1
            found = self._item(position)
            yield found
            position = self._skip(_GAP, found.end)
        yield Broken(position, position, "the list of items does not end")
        return position

    def _top(self, start: int) -> Generator[Found, None, int]:
        """Yield what an object outside of all lists holds: it is an item, or has items; return its end."""
        wrapped = _WRAPPED.match(self.text, start)
        if wrapped is not None:
            return (yield from self._members(start, by_key=False))
        found = self._item(start)
        if isinstance(found, Broken) and self._has_list(found):
            return (yield from self._members(start, by_key=False))
        if isinstance(found, Item) and isinstance(found.value, dict) and "type" not in found.value:
            values = found.value
            if any(isinstance(values.get(name), list) for name in _LISTS):
                return (yield from self._members(start, by_key=False))
            if values and "id" not in values and all(isinstance(value, dict) for value in values.values()):
                return (yield from self._members(start, by_key=True))
        yield found
        return found.end

    def _has_list(self, found: Broken) -> bool:
        """Return whether a broken object has a list of items in it, whose items may be whole."""
        if "items" in self.absent:
            return False
        match = _LIST_MEMBER.search(self.text, found.start)
        if match is None:
            self.absent.add("items")
        return match is not None and match.start() < found.end

    def _members(self, start: int, *, by_key: bool) -> Generator[Found, None, int]:
        """Yield the items of an object that has them in a list, or by their keys; return where it ends."""
        position = self._skip(_GAP, start + 1)
        while position < len(self.text):
            if self.text[position] == "}":
                return position + 1
            try:
                name, after = self.decode(self.document, position)
            except (ValueError, RecursionError):
                name, after = None, position
            colon = _COLON.match(self.text, after)
            if not isinstance(name, str) or colon is None:
                end = len(self.text)
                yield Broken(position, end, "not a member of an object")
                return end
            if name in _LISTS and self.text.startswith("[", colon.end()):
                end = yield from self._list(colon.end())
            else:
                found = self._item(colon.end(), name)
                yield found if by_key or isinstance(found, Broken) else Aside(position, found.end)
                end = found.end
            position = self._skip(_GAP, end)
        yield Broken(position, position, "the object around the items does not end")
        return position

    def _item(self, start: int, key: str | None = None) -> Item | Broken:
        """Return the value that begins here."""
        self.doubled.clear()
        try:
            value, end = self.decode(self.document, start)
        except (ValueError, RecursionError) as trouble:
            if self.document is self.text:
                self.document = _Document(self.text)
            return Broken(start, self._end_of_broken(start), _reason(trouble))
        return Item(value, start, end, key, tuple(self.doubled) if self.doubled else ())

    def _end_of_broken(self, start: int) -> int:
        """Return where a value that is no JSON ends: where its brackets close, or the next item begins.

        The next item is looked for at a line's start, as far in as this one, where this one is at one.
        """
        if self.text[start] not in "{[":
            return self._end_of_stray(start)
        limit = self._next_line_like(start)
        depth = 0
        for token in _TOKEN.finditer(self.text, start, limit):
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
            if depth == 0:
                return token.end()
        return limit

    def _next_line_like(self, start: int) -> int:
        """Return where the next line begins that is indented like the one on which an item starts."""
        self.line = max(self.line, self.text.rfind("\n", self.line, start) + 1)
        indent = self.text[self.line : start]
        needle = f"\n{indent}{self.text[start]}"
        if indent.strip() or needle in self.absent:
            return len(self.text)
        found = self.text.find(needle, start)
        if found < 0:
            self.absent.add(needle)
            return len(self.text)
        return found + 1 + len(indent)

    def _skip(self, pattern: re.Pattern[str], position: int) -> int:
        """Return where what a pattern matches ends."""
        match = pattern.match(self.text, position)
        return position if match is None else match.end()

    def _end_of_stray(self, start: int) -> int:
        """Return where the next bracket, comma or line is, after a character that begins nothing."""
        match = _STRAY_END.search(self.text, start + 1)
        return len(self.text) if match is None else match.start()

    def _object_of(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        """Return the object of the pairs, and note the names that come twice."""
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        doubled = Doubled(pairs)
        self.doubled.extend(name for name, _ in doubled.dropped)
        return doubled


def _refuse(constant: str) -> Json:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(f"{constant} is not JSON")


def _reason(trouble: ValueError | RecursionError) -> str:
    """Return what is wrong with a JSON text, without the place in it."""
    if isinstance(trouble, RecursionError):
        return "nested too deeply"
    return f"not JSON: {trouble.msg if isinstance(trouble, json.JSONDecodeError) else trouble}"
