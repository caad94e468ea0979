"""`ItemValues`: what bibkit wants an item to say, and the lines of `extra` that are its own.

Text here is as the library stores it (trimmed, no control characters), so that equal values compare equal.
Knows neither records nor a particular library's fields, but for the one whose lines several programs share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bibkit.sync.library import CollectionKey, ItemCreator, Tag

EXTRA: Final = "extra"
"""The field of free lines: nobody owns all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemValues:
    """What an item of a type is wanted to say.

    `fields` holds no empty value and not `extra`; `lines` are the lines that bibkit owns in `extra`, whole,
    by their labels (`"bibkit score:": "bibkit score: 78.4"`); a line begins with its label.
    """

    type: str
    fields: Mapping[str, str] = field(default_factory=dict)
    creators: tuple[ItemCreator, ...] = ()
    tags: tuple[Tag, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    collections: tuple[CollectionKey, ...] = ()


def find_line(extra: str, label: str) -> str:
    """Return the first line of `extra` that begins with a label, or "" where none does."""
    return next((line for line in extra.split("\n") if line.startswith(label)), "")


def put_line(extra: str, label: str, line: str) -> str:
    """Return `extra` with a label's line in place of the first of that label, at the end if there was none.

    An empty `line` takes the old one out. All other lines stay as they are.
    """
    lines = extra.split("\n") if extra else []
    place = next((number for number, old in enumerate(lines) if old.startswith(label)), len(lines))
    lines[place : place + 1] = [line] if line else []
    return "\n".join(lines)
