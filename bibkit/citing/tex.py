r"""Citations in a `.tex` file, each key with the place of its characters, and the files that it includes.

In: the text, and what the paper defines itself (`macros`). Out: a `TexReading`. Refuses to guess: a key that
is made by a macro (`\cite{\mykey}`, `\cite{#1}`) is none that could be known, and commands are those of
the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bibkit.citing.arguments import Arguments, Group, split_keys
from bibkit.citing.cited import Included, Wanted
from bibkit.citing.commands import COMMANDS, Command
from bibkit.citing.live import DEAD, SKIPPED, Lines, Live, read_live
from bibkit.citing.macros import Macros, names_defined

_WORD: Final = re.compile(r"\\([A-Za-z]+)")
_NOT_LITERAL: Final = re.compile(rf"[\\{{}}#%~\s{DEAD}]")
_MADE: Final = re.compile(rf"[\\{{}}#{DEAD}]")
_PIECE: Final = re.compile(rf"[^{SKIPPED}]+")
_MERGED: Final = re.compile(r"\*(?:\[[^\]]*\])*")
_PLAIN_NAME: Final = re.compile(r"[ \t]*\"?([^\s\\{}\[\]#%\"\x00\x01]+)")
_OLD_BACKEND: Final = re.compile(r"backend\s*=\s*\{?\s*bibtex")
_LOADED: Final = re.compile(  # a limit keeps the cost linear
    r"\\(?:usepackage|RequirePackage)[\s\x00]*+(\[[^\]]{0,2000}\])?[\s\x00]*+\{([^{}]*)\}"
)
_IS_BIBLATEX: Final = re.compile(r"\bbiblatex\b")
_IN_BIB: Final = re.compile(r"@\s*[A-Za-z]+\s*[{(]\s*([^\s,{}()]+)\s*,")

#: Commands that have TeX read a file: how many groups they take, and what is tried in what order.
_INCLUDES: Final = {
    "input": ("{0}.tex", "{0}"),
    "include": ("{0}.tex",),
    "subfile": ("{0}.tex", "{0}"),
    "subfileinclude": ("{0}.tex", "{0}"),
    "InputIfFileExists": ("{0}.tex", "{0}"),
    "usepackage": ("{0}.sty",),
    "RequirePackage": ("{0}.sty",),
    "documentclass": ("{0}.cls",),
}
_FROM_FOLDER: Final = frozenset(
    {"import", "subimport", "inputfrom", "subinputfrom", "includefrom", "subincludefrom"}
)
_PACKAGES: Final = frozenset({"usepackage", "RequirePackage", "documentclass"})


@dataclass(frozen=True, slots=True)
class Key:
    """A key in a list: its text, and the stretches where its characters stand (comments may part them).

    `literal` is false where macros make it; `starred`: it is a part of the reference before it.
    """

    text: str
    pieces: tuple[Group, ...]
    literal: bool = True
    starred: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """One list of keys: the command that cites, the line of it, and the keys.

    `stretches` are the parts of the list between commas, one a key, blank ones too (with no key's pieces).
    `noted`: the command has an option, which may be a note to the last key. `cites`: it is a citation, and
    no mere mention.
    """

    command: str
    start: int
    line: int
    keys: tuple[Key, ...]
    stretches: tuple[Group, ...]
    noted: bool = False
    cites: bool = True


@dataclass(frozen=True, slots=True)
class TexReading:
    r"""What one file says: citations and inclusions in its order, and what it defines itself.

    `own_keys` are those of `.bib` files that it writes, `listed_keys` those of its `\bibitem`s and of sets
    that it makes: what a person lists by hand, or BibTeX has listed. `suspects` are lists of keys of commands
    that look like citations and are none that is known; `unended` are the lines of verbatim text that never
    ends. `live` is the text that TeX reads (`live`).
    """

    parts: tuple[Citation | Included, ...]
    own_keys: frozenset[str]
    listed_keys: frozenset[str]
    suspects: tuple[Citation, ...]
    unended: tuple[int, ...]
    wanted: Wanted
    live: str

    def citations(self) -> Iterator[Citation]:
        """Yield the citations."""
        for part in self.parts:
            if isinstance(part, Citation):
                yield part

    def included(self) -> Iterator[Included]:
        """Yield the files that are included."""
        for part in self.parts:
            if isinstance(part, Included):
                yield part


def read_tex(text: str, macros: Macros | None = None) -> TexReading:
    """Return what a `.tex` file says; `macros` are the paper's own commands, those of the file itself too."""
    macros = macros or Macros()
    live = read_live(text, macros.environments)
    return _Reader(text, live, macros).read()


class _Reader:
    """One run over a text; thrown away when it ends."""

    def __init__(self, text: str, live: Live, macros: Macros) -> None:
        self.text = text
        self.live = live
        self.arguments = Arguments(live.text)
        self.commands: Mapping[str, Command] = {**COMMANDS, **macros.commands}
        self.lines = Lines(text)
        self.named = names_defined(live.text)
        self.listed_keys: set[str] = set()

    def read(self) -> TexReading:
        parts: list[Citation | Included] = []
        suspects: list[Citation] = []
        for word in _WORD.finditer(self.live.text):
            name = word[1]
            if word.start() in self.named:
                continue
            if name in self.commands:
                parts.extend(self.citations(word, self.commands[name]))
            elif name in _INCLUDES or name in _FROM_FOLDER:
                parts.extend(self.included(name, word))
            elif name in {"bibitem", "defbibentryset"}:
                parts.extend(self.defined(name, word))
            elif "cit" in name.lower():
                suspects.extend(self.citations(word, Command()))
        return TexReading(
            tuple(parts),
            frozenset(self.keys_in_bib_files()),
            frozenset(self.listed_keys),
            tuple(suspects),
            tuple(self.lines.place(at)[0] for at in self.live.unended),
            self.wanted(),
            self.live.text,
        )

    def citations(self, word: re.Match[str], command: Command) -> Iterator[Citation]:
        """Yield a list of keys for each group of a command that holds keys."""
        for group, noted in self.arguments.keys_of(command, word.end()):
            stretches = tuple(split_keys(self.live.text, group))
            keys = tuple(self.key(stretch) for stretch in stretches)
            if any(key.text for key in keys):
                line = self.lines.place(word.start())[0]
                yield Citation(word[1], word.start(), line, keys, stretches, noted, command.cites)

    def key(self, stretch: Group) -> Key:
        """Return the key in a stretch of a list; comments, blanks around it, and a star are not of it."""
        pieces = [Group(*found.span()) for found in _PIECE.finditer(self.live.text, *stretch)]
        while pieces and self.is_blank(pieces[0]):
            pieces.pop(0)
        while pieces and self.is_blank(pieces[-1]):
            pieces.pop()
        if not pieces:
            return Key("", ())
        (start, end), last = pieces[0], pieces[-1]
        start = end - len(self.live.text[start:end].lstrip())
        star = _MERGED.match(self.live.text, start, end)
        starred = star is not None and star.end() < end
        pieces[0] = Group(star.end() if star is not None and starred else start, end)
        start = pieces[-1].start
        pieces[-1] = Group(start, start + len(self.live.text[start : last.end].rstrip()))
        text = "".join(self.live.text[start:end] for start, end in pieces)
        return Key(text, tuple(pieces), _NOT_LITERAL.search(text) is None, starred)

    def is_blank(self, group: Group) -> bool:
        """Return whether a stretch holds nothing but blanks."""
        return self.live.text[group.start : group.end].isspace()

    def defined(self, name: str, word: re.Match[str]) -> Iterator[Citation]:
        r"""Take the key that `\bibitem` or `\defbibentryset` defines; yield the members of the set."""
        groups = self.arguments.keys_of(Command(), word.end())
        self.listed_keys.update(self.key(group).text for group, _ in groups)
        if name == "defbibentryset":
            yield from self.citations(word, Command(places=(2,)))

    def included(self, name: str, word: re.Match[str]) -> Iterator[Included]:
        """Yield the files that a command has TeX read, as far as their names stand there."""
        line = self.lines.place(word.start())[0]
        if name in _FROM_FOLDER:
            groups = self.arguments.keys_of(Command(places=(1, 2)), word.end())
            names = [self.plain(group) for group, _ in groups]
            if len(names) == 2 and names[1]:
                folder = names[0].removesuffix("/")
                path = f"{folder}/{names[1]}" if folder else names[1]
                yield Included(path, _tried(path, _INCLUDES["input"]), line, moves=True)
            return
        groups = self.arguments.keys_of(Command(), word.end())
        if groups:
            found = [self.plain(stretch) for stretch in split_keys(self.live.text, groups[0][0])]
        else:
            bare = _PLAIN_NAME.match(self.live.text, word.end()) if name == "input" else None
            found = [] if bare is None else [bare[1]]
        for one in filter(None, found):
            yield Included(
                one,
                _tried(one, _INCLUDES[name]),
                line,
                quiet=name in _PACKAGES or name == "InputIfFileExists",
                package=name in _PACKAGES,
                moves=name.startswith("subfile"),
            )

    def plain(self, group: Group) -> str:
        """Return what stands in a group, if it is text; nothing if macros make it."""
        text = self.live.text[group.start : group.end].replace(SKIPPED, "").strip().strip('"')
        return "" if _MADE.search(text) else text

    def keys_in_bib_files(self) -> Iterator[str]:
        r"""Yield the keys of entries in files that the paper writes itself (`filecontents`)."""
        for name, start, end in self.live.verbatim:
            if name.startswith("filecontents"):
                yield from (found[1] for found in _IN_BIB.finditer(self.text, start, end))

    def wanted(self) -> Wanted:
        """Return what the paper wants of its bibliography: what package it loads says so."""
        loaded = _LOADED.finditer(self.live.text)
        found = next((one for one in loaded if _IS_BIBLATEX.search(one[2])), None)
        if found is None and "\\addbibresource" not in self.live.text:
            return Wanted()
        options = "" if found is None else found[1] or ""
        return Wanted(biblatex=True, biber=_OLD_BACKEND.search(options) is None)


def _tried(name: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths by which TeX looks for a file; a name with an extension is taken as it is, first."""
    paths = [form.format(name) for form in forms]
    if name.endswith((".tex", ".sty", ".cls", ".ltx", ".tikz", ".pgf", ".bbl")):
        paths = [name, *paths]
    return tuple(dict.fromkeys(paths))
