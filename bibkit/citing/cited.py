"""What a file of a paper says that the paper cites, whatever kind of file it is."""

from __future__ import annotations

from dataclasses import dataclass

#: Cited in place of a key: everything that there is.
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Cited:
    """A key that is cited, as it is written, and the line (from 1)."""

    key: str
    line: int


@dataclass(frozen=True, slots=True)
class Included:
    """A file whose text stands in place of this, by one of these paths: the first that is there.

    `name` is what the paper calls it. `quiet`: that there is none says nothing. `package`: it defines
    commands and cites nothing. `moves`: names in it are relative to its own folder first.
    """

    name: str
    paths: tuple[str, ...]
    line: int
    quiet: bool = False
    package: bool = False
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a paper wants of its bibliography: biblatex's dialect, and keys by `ids`, which biber knows."""

    biblatex: bool = False
    biber: bool = False


@dataclass(frozen=True, slots=True)
class CitedList:
    """What one file says, in its order."""

    parts: tuple[Cited | Included, ...]
    wanted: Wanted = Wanted()
