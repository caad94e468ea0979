r"""Papers as files: a `.tex` file with what it includes, an `.aux` file with its nested ones, a `.bcf` file.

Where a file that is included is not there, that is said; one that is there and cannot be read is an error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bibkit import files
from bibkit.citing import (
    EVERYTHING,
    Citation,
    Cited,
    CitedList,
    Included,
    Macros,
    TexReading,
    Wanted,
    join_macros,
    read_aux,
    read_bcf,
    read_macros,
    read_tex,
)
from bibkit.diagnostics import Diagnostic, Source, warning

_BEGINS_BCF: Final = "<?xml"
_BEGINS_AUX: Final = "\\relax"


@dataclass(frozen=True, slots=True)
class CitedKey:
    """A key that a paper cites, and where."""

    key: str
    source: Source


@dataclass(frozen=True, slots=True)
class Papers:
    r"""What papers cite, in their order, a key as often as it is cited.

    `files` are the paths of all that was read. `everything`: with `\nocite{*}`. `own_keys` are entries that a
    paper brings itself, in a `.bib` file that it writes; `listed_keys` those of its `\bibitem`s.
    """

    files: tuple[str, ...]
    cited: tuple[CitedKey, ...]
    everything: bool
    wanted: Wanted
    own_keys: frozenset[str]
    listed_keys: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class TexFile:
    """A `.tex` file as read; `named`: the user named it, and no other file."""

    path: str
    text: str
    reading: TexReading
    named: bool


@dataclass(slots=True)
class _Node:
    """A file of a paper while the paper is read: its text, what stands in it, and the files behind that."""

    path: str
    text: str
    named: bool
    package: bool
    parts: Sequence[Citation | Cited | Included] = ()
    children: dict[Included, str] = field(default_factory=dict)


def read_papers(paths: Sequence[Path]) -> Papers:
    """Return what papers cite; each file is of the kind that its name, or else its text, tells.

    Raises `UnreadableSourceError` for a file that cannot be read or is no such file.
    """
    cited: list[CitedKey] = []
    wanted: list[Wanted] = []
    own_keys: set[str] = set()
    listed_keys: set[str] = set()
    diagnostics: list[Diagnostic] = []
    names: list[str] = []
    for path in paths:
        name = str(path)
        text = files.read_text_exactly(name)
        if name.lower().endswith(".bcf") or text.startswith(_BEGINS_BCF):
            found = read_bcf(text, name)
            cited.extend(_keys(name, found.parts))
            wanted.append(found.wanted)
            names.append(name)
        elif name.lower().endswith(".aux") or text.startswith(_BEGINS_AUX):
            walk = _Walk(lambda text, _: read_aux(text), diagnostics)
            walk.enter(name, text)
            cited.extend(walk.cited())
            wanted.extend(walk.wanted)
            names.extend(node.path for node in walk.nodes.values())
        else:
            tree = _Tree(diagnostics)
            tree.enter(name, text)
            readings = tree.readings()
            cited.extend(tree.walk.cited())
            wanted.extend(reading.wanted for reading in readings.values())
            own_keys.update(*(reading.own_keys for reading in readings.values()))
            listed_keys.update(*(reading.listed_keys for reading in readings.values()))
            diagnostics.extend(_unended(tree, readings))
            names.extend(node.path for node in tree.walk.nodes.values())
    told = [one for one in wanted if one.biblatex]
    return Papers(
        tuple(names),
        tuple(one for one in cited if one.key != EVERYTHING),
        any(one.key == EVERYTHING for one in cited),
        Wanted(biblatex=bool(told), biber=bool(told) and all(one.biber for one in told)),
        frozenset(own_keys),
        frozenset(listed_keys),
        tuple(diagnostics),
    )


def read_tex_files(paths: Sequence[Path]) -> tuple[list[TexFile], list[Diagnostic]]:
    """Return `.tex` files and those that they include, each once, as read; packages of theirs, too.

    Raises `UnreadableSourceError` for a file that cannot be read.
    """
    diagnostics: list[Diagnostic] = []
    tree = _Tree(diagnostics)
    for path in paths:
        tree.enter(str(path), files.read_text_exactly(path))
    readings = tree.readings()
    diagnostics.extend(_unended(tree, readings))
    nodes = ((tree.walk.nodes[real], reading) for real, reading in readings.items())
    return [TexFile(node.path, node.text, reading, node.named) for node, reading in nodes], diagnostics


class _Walk:
    """Files that include each other, each read once: what TeX reads in which order."""

    def __init__(
        self,
        read: Callable[[str, str], CitedList | TexReading],
        diagnostics: list[Diagnostic],
    ) -> None:
        self.read = read
        self.diagnostics = diagnostics
        self.nodes: dict[str, _Node] = {}
        self.roots: list[str] = []
        self.wanted: list[Wanted] = []

    def enter(self, name: str, text: str) -> None:
        """Read a file that the user named, and all that it includes."""
        real = _real(name)
        if (node := self.nodes.get(real)) is not None:
            node.named, node.package = True, False  # a package that is named is meant
            return
        self.roots.append(real)
        self.nodes[real] = self.node(name, text, named=True, package=False)
        waiting: list[tuple[_Node, tuple[Path, ...]]] = [(self.nodes[real], (Path(name).parent,))]
        while waiting:
            node, bases = waiting.pop()
            for part in node.parts:
                if not isinstance(part, Included):
                    continue
                path = _found(part, (*bases, Path(node.path).parent))
                if path is None:
                    self.missing(part, node)
                    continue
                node.children[part] = child = _real(str(path))
                if child not in self.nodes:
                    text = files.read_text_exactly(path)
                    package = part.package or node.package
                    self.nodes[child] = self.node(str(path), text, named=False, package=package)
                    inside = (path.parent, *bases) if part.moves else bases
                    waiting.append((self.nodes[child], inside))

    def node(self, path: str, text: str, *, named: bool, package: bool) -> _Node:
        found = self.read(text, path)
        self.wanted.append(found.wanted)
        return _Node(path, text, named, package, found.parts)

    def missing(self, part: Included, node: _Node) -> None:
        if not part.quiet and not node.package:
            self.diagnostics.append(
                warning(
                    "missing-file",
                    f"{part.name} was not found, and so not looked at",
                    Source(node.path, part.line),
                )
            )

    def cited(self) -> Iterator[CitedKey]:
        """Yield what is cited, what a file cites in the place where it is included first."""
        entered: set[str] = set()
        for root in self.roots:
            if root in entered:
                continue
            entered.add(root)
            stack = [(self.nodes[root], iter(self.nodes[root].parts))]
            while stack:
                node, parts = stack[-1]
                part = next(parts, None)
                if part is None:
                    stack.pop()
                elif isinstance(part, Included):
                    child = node.children.get(part)
                    if child is not None and child not in entered and not self.nodes[child].package:
                        entered.add(child)
                        stack.append((self.nodes[child], iter(self.nodes[child].parts)))
                else:
                    yield from _keys(node.path, (part,))


class _Tree:
    """`.tex` files, read twice: what one of them defines, others use."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self.walk = _Walk(lambda text, _: read_tex(text), diagnostics)

    def enter(self, name: str, text: str) -> None:
        self.walk.enter(name, text)

    def readings(self) -> Mapping[str, TexReading]:
        """Return what stands in each file, given what all of them define."""
        nodes = self.walk.nodes
        macros = join_macros(read_macros(node.text) for node in nodes.values())
        if macros != Macros():
            macros = join_macros(read_macros(node.text, macros) for node in nodes.values())
        readings = {}
        for real, node in nodes.items():
            readings[real] = read_tex(node.text, macros)
            node.parts = readings[real].parts
        return readings


def _unended(tree: _Tree, readings: Mapping[str, TexReading]) -> Iterator[Diagnostic]:
    for real, reading in readings.items():
        node = tree.walk.nodes[real]
        for line in () if node.package else reading.unended:
            yield warning(
                "unended-verbatim",
                "verbatim or skipped text begins here and never ends: nothing behind it was looked at",
                Source(node.path, line),
            )


def _keys(path: str, parts: Iterable[Citation | Cited | Included]) -> Iterator[CitedKey]:
    for part in parts:
        match part:
            case Cited():
                yield CitedKey(part.key, Source(path, part.line))
            case Citation():
                for key in part.keys:
                    if part.cites and key.text and key.literal:
                        yield CitedKey(key.text, Source(path, part.line))
            case Included():
                pass


def _found(part: Included, bases: Sequence[Path]) -> Path | None:
    """Return the path of a file that is included: below the first folder in which it is."""
    for base in dict.fromkeys(bases):
        for name in part.paths:
            path = base / name
            if files.exists(path) and not files.is_folder(path):
                return path
    return None


def _real(name: str) -> str:
    return name if name == files.STANDARD_INPUT else os.path.realpath(name)
