"""What bibkit wants an item to say, the lines of `extra` that are its own, and what tells items apart.

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

    `fields` does not hold `extra`; `lines` are the lines that bibkit owns in `extra`, whole, by their labels
    (`"bibkit score:": "bibkit score: 78.4"`); a line begins with its label. No text is empty but in a base:
    there it says that bibkit wants nothing there by now, and the user changed what it had wanted before.
    """

    type: str
    fields: Mapping[str, str] = field(default_factory=dict)
    creators: tuple[ItemCreator, ...] = ()
    tags: tuple[Tag, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    collections: tuple[CollectionKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What tells whether an item and a work are the same; equal text means the same, "" is unknown.

    `ids` are strong identifiers with their kind before a colon (`doi:10.1000/x`); `keys` are citation keys;
    title and first creator are folded as titles and names are compared.
    """

    ids: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    title: str = ""
    creator: str = ""
    year: str = ""


def contradict(one: Evidence, other: Evidence) -> bool:
    """Say whether both have strong identifiers of a kind and no common one of it: then they are two works."""
    for kind in {identifier.partition(":")[0] for identifier in one.ids}:
        mine = {identifier for identifier in one.ids if identifier.startswith(f"{kind}:")}
        others = {identifier for identifier in other.ids if identifier.startswith(f"{kind}:")}
        if others and mine.isdisjoint(others):
            return True
    return False


def find_lines(extra: str, label: str) -> str:
    """Return the lines of `extra` that begin with a label, as they stand; "" where none does.

    bibkit writes one of a label. Several are thus no text that it ever wrote.
    """
    if label not in extra:
        return ""
    return "\n".join(line for line in extra.split("\n") if line.startswith(label))


def put_line(extra: str, label: str, line: str) -> str:
    """Return `extra` with a line in place of the only one of its label, at the end if there was none.

    An empty `line` takes the old one out. All other lines stay as they are.
    """
    lines = extra.split("\n") if extra else []
    place = next((number for number, old in enumerate(lines) if old.startswith(label)), len(lines))
    lines[place : place + 1] = [line] if line else []
    return "\n".join(lines)
