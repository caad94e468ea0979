"""Creators: a `Person` whose name has parts, or a `Body` whose name is one text.

The parts are those of BibTeX and CSL: given names, particle (`van der`), family name, suffix (`Jr.`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bibkit.model.drafts import maker_of


class Role(StrEnum):
    """What a creator did for the work (the creator variables that CSL and biblatex share)."""

    __hash__ = str.__hash__  # an Enum's own is written in Python, and tables are asked for every creator

    AUTHOR = "author"
    EDITOR = "editor"
    TRANSLATOR = "translator"
    CONTRIBUTOR = "contributor"
    SERIES_EDITOR = "series-editor"


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `family` is never empty, and is the whole name of a person with a single name."""

    family: str
    given: str | None = None
    particle: str | None = None
    suffix: str | None = None
    role: Role = Role.AUTHOR


@dataclass(frozen=True, slots=True)
class Body:
    """A collective: an institution, a consortium, a team; its name is never taken apart."""

    literal: str
    role: Role = Role.AUTHOR


Creator = Person | Body

#: `Person(...)` for readers, which make many.
make_person: Final = maker_of(Person)
