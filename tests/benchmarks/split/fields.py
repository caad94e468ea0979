"""Eighteen fields of research, each with the phrases that its papers speak of: `FIELDS`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .banks import load, phrases


@dataclass(frozen=True, slots=True)
class Field:
    """One field of research; `group` says which hard endings suit it, `categories` stand in headers.

    Methods, problems and settings are noun phrases in title case that the templates of titles join; words
    are what a field's abstracts use beside them.
    """

    name: str
    group: str
    categories: tuple[str, ...]
    methods: tuple[str, ...]
    problems: tuple[str, ...]
    settings: tuple[str, ...]
    words: tuple[str, ...]


FIELDS: Final = tuple(
    Field(
        table["name"],
        table["group"],
        tuple(table["categories"].split()),
        *(phrases(table[kind]) for kind in ("methods", "problems", "settings", "words")),
    )
    for table in load("fields")["field"]
)
