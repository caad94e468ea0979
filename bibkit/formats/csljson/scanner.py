"""Text of a JSON file to its items, each with its place; one broken item costs itself alone.

An object comes as the pairs of its members, a tuple, which the decoder makes without a call of Python's for
each; `objects_of` makes dictionaries of them, where that is wanted.

Knows JSON, and in which forms lists of items come; knows nothing of what an item says.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

Json = object
Pairs = tuple[tuple[str, Json], ...]

TOO_DEEP: Final = "nested too deeply"

_CONTAINERS: Final = (tuple, list)

#: Members of an object that hold its items, in the exports of programs.
_LISTS: Final = frozenset({"items", "references"})

_BLANK: Final = re.compile(r"[ \t\r\n\ufeff]*")
_GAP: Final = re.compile(r"[ \t\r\n,]*")
_COLON: Final = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_LIST_MEMBER: Final = re.compile(r'"(?:items|references)"[ \t\r\n]*:[ \t\r\n]*\[')
_WRAPPED: Final = re.compile(r'\{[ \t\r\n]*"(?:items|references)"[ \t\r\n]*:[ \t\r\n]*(?=\[)')
_TOKEN: Final = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|[{}\[\]]')
_STRAY_END: Final = re.compile(r"[,\[\]{}\n]|$")


# What the decoder raises; the last where nothing that begins a value stands.
_NO_JSON: Final = (ValueError, RecursionError, StopIteration)


class Item(NamedTuple):
    """One value of a list of items, and its place in the text.

    `key` is the name under which an object of items has it.
    """

    value: Json
    start: int
    end: int
    key: str | None = None


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
    return _Scanner(text).scan()


def objects_of(value: Pairs | list[Json], doubled: list[str]) -> Json:
    """Return an object or a list with a dictionary for every object, and add the names that one has twice.

    Of such a name the last value counts.
    """
    whole: list[Json] = [value]
    left: list[tuple[Any, Any]] = [(whole, 0)]  # lists and dictionaries, and where in them a value is left
    while left:
        container, at = left.pop()
        found = container[at]
        if type(found) is tuple:
            members = container[at] = dict(found)
            if len(members) < len(found):
                doubled.extend(
                    name for name, count in Counter(name for name, _ in found).items() if count > 1
                )
            left.extend([(members, name) for name, one in members.items() if type(one) in _CONTAINERS])
        else:
            left.extend([(found, place) for place, one in enumerate(found) if type(one) in _CONTAINERS])
    return whole[0]


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
        self.document = text
        self.line = 0  # where the line begins on which the last broken item stands
        self.absent: set[str] = set()  # what was looked for up to the end, and is not there
        decoder: Any = json.JSONDecoder(object_pairs_hook=tuple, parse_constant=_refuse)
        self.decode: Callable[[str, int], tuple[Json, int]] = decoder.scan_once

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
        text = self.text
        position = self._skip(_GAP, start + 1)
        while position < len(text):
            if text[position] == "]":
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
        if isinstance(found, Item) and isinstance(found.value, tuple):
            values = dict(found.value)
            if "type" not in values and any(isinstance(values.get(name), list) for name in _LISTS):
                return (yield from self._members(start, by_key=False))
            if values.keys().isdisjoint({"type", "id"}) and set(map(type, values.values())) == {tuple}:
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
            except _NO_JSON:
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
        try:
            value, end = self.decode(self.document, start)
        except _NO_JSON as trouble:
            if self.document is self.text:
                self.document = _Document(self.text)
            return Broken(start, self._end_of_broken(start), _reason(trouble))
        return Item(value, start, end, key)

    def _end_of_broken(self, start: int) -> int:
        """Return where a value that is no JSON ends: where its brackets close, or the next item begins.

        The next item is looked for at a line's start, as far in as this one, where this one is at one.
        """
        if self.text[start : start + 1] not in ("{", "["):
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


def _refuse(constant: str) -> Json:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(f"{constant} is not JSON")


def _reason(trouble: ValueError | RecursionError | StopIteration) -> str:
    """Return what is wrong with a JSON text, without the place in it."""
    if isinstance(trouble, RecursionError):
        return TOO_DEEP
    if isinstance(trouble, StopIteration):
        return "not JSON: Expecting value"
    return f"not JSON: {trouble.msg if isinstance(trouble, json.JSONDecodeError) else trouble}"
