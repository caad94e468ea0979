r"""Which text of a file TeX reads: everything else is blotted out, and all else stays in its place.

In: the text of a `.tex` file. Out: a text of the same length, in which what is dead (comments, verbatim
text, `\iffalse ... \fi`, what stands behind `\end{document}` or `\endinput`) and every escaped character is
one of two marks. What stands alive has its offset, so that what is found there is found in the file.

Whatever TeX could compute (category codes, conditionals that hang on a value, `\csname`) is out of reach and
taken for plain text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

from bibkit.citing.commands import CONDITIONALS, INLINE_VERBATIM, ONLY_BRACES, VERBATIM, WITH_LANGUAGE

SKIPPED: Final = "\x00"
"""Stands for a comment, its line's end, and the blanks that begin the next line: TeX sees nothing there."""

DEAD: Final = "\x01"
"""Stands for a character that TeX sees, but not as a command, a brace, or a letter of a citation key."""

#: A line's end, and a line with nothing on it, which ends a paragraph; that of a comment is no line's end.
LINE_END: Final = r"(?:\r\n|\r(?!\n)|\n)"
PARAGRAPH: Final = re.compile(rf"(?:{LINE_END}|\x00)[ \t]*{LINE_END}")

_ENVIRONMENT: Final = re.compile(r"\s*\{([^{}\r\n]*)\}")
_COMMENT: Final = re.compile(r"[^\r\n]*(?:\r\n?|\n)?[ \t]*")
_REST_OF_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n?|\n)?")
_NEAR: Final = 100  # how far back the brace of a definition is looked for: keeps the cost linear
_CLOSES: Final = re.compile(r"\s*\}")
_STAR: Final = re.compile(r"\*?[ \t]*")
_OPTIONS: Final = re.compile(r"\*?\s*(?:\[[^\]\r\n]{0,500}\]\s*)?")  # limits keep the cost linear
_GROUP: Final = re.compile(r"\s*\{[^{}]*\}")
_BRACE: Final = re.compile(r"\\.|[{}]", re.DOTALL)
_SHORT: Final = re.compile(r"\*?\s*(?:\[[^\]]{0,500}\]\s*)?(?:\{\\(.)\}|\{(.)\}|\\?(.))")
_IN_SKIPPED: Final = re.compile(r"\\([A-Za-z]+|.)|%[^\r\n]*", re.DOTALL)
_NEW_CONDITIONAL: Final = re.compile(r"\s*\{?\s*\\(if[A-Za-z@]+)")
_DEFINED_ALIKE: Final = re.compile(r"\s*(?:\[[^\]]{0,500}\]\s*)?\{\s*([^{}\s]+)\s*\}")
_ONE_NAME: Final = re.compile(r"\s*\\[A-Za-z@]+")
_TWO_NAMES: Final = re.compile(r"\s*\\([A-Za-z@]+)\s*+=?\s*+\\([A-Za-z@]+)")

#: What defines an environment whose text is not LaTeX, and what the name in braces becomes.
_DEFINES_VERBATIM: Final = {
    "lstnewenvironment": ("{}",),
    "DefineVerbatimEnvironment": ("{}", "{}*"),
    "newtcblisting": ("{}",),
    "excludecomment": ("{}",),
    "newminted": ("{}code", "{}code*"),
}


@dataclass(frozen=True, slots=True)
class Live:
    """A text with what is dead in it blotted out, and its verbatim environments (name, from, to)."""

    text: str
    verbatim: tuple[tuple[str, int, int], ...]
    unended: tuple[int, ...]
    environments: frozenset[str]


@dataclass(slots=True)
class _Reading:
    r"""One run over a text; mutable, and thrown away when it ends.

    `unread` counts the characters behind an `\endinput`, if there is one.
    """

    text: str
    environments: set[str]
    conditionals: set[str]
    unread: int | None = None
    depth: int = 0  # of conditionals
    parts: list[str] = field(default_factory=list)
    copied: int = 0
    verbatim: list[tuple[str, int, int]] = field(default_factory=list)
    unended: list[int] = field(default_factory=list)
    short: set[str] = field(default_factory=set)

    def blot(self, start: int, end: int, mark: str) -> int:
        """Put marks in place of a stretch; return its end."""
        self.parts.append(self.text[self.copied : start])
        self.parts.append(mark * (end - start))
        self.copied = end
        return end

    def read(self) -> None:
        """Go through the text from one thing that may begin dead text to the next."""
        token = self.token()
        at = 0
        while (found := token.search(self.text, at)) is not None:
            name = found[1]
            if name is None:
                at = self.mark(found)
            elif not name.isalpha() or not name.isascii():
                at = self.blot(found.start(), found.end(), DEAD)  # an escaped character
            else:
                before = len(self.short)
                at = self.command(name, found.end())
                token = token if len(self.short) == before else self.token()
        self.parts.append(self.text[self.copied :])
        self.parts.append(SKIPPED * (self.unread or 0))

    def token(self) -> re.Pattern[str]:
        """Return what matches a command (group 1 is its name), a comment sign, and short verbatim text."""
        short = "".join(map(re.escape, sorted(self.short)))
        return re.compile(rf"\\([A-Za-z]+|.)|%{f'|[{short}]' if short else ''}", re.DOTALL)

    def mark(self, found: re.Match[str]) -> int:
        """Blot out a comment, or short verbatim text up to the same character on its line."""
        start = found.start()
        if found[0] == "%":
            return self.blot(start, _end(_COMMENT, self.text, start), SKIPPED)
        return self.blot(start, self.delimited(start), DEAD)

    def command(self, name: str, after: int) -> int:
        """Blot out what a command makes dead; return where to go on."""
        if name in self.conditionals:
            self.depth += 1
        elif name == "fi":
            self.depth = max(0, self.depth - 1)
        if (read := _HANDLERS.get(name)) is not None:
            return read(self, after)
        if name in _DEFINES_VERBATIM:
            if (new := _DEFINED_ALIKE.match(self.text, after)) is not None:
                self.environments.update(form.format(new[1]) for form in _DEFINES_VERBATIM[name])
            return after
        return self.inline(name, after) if name in INLINE_VERBATIM else after

    def begin(self, after: int) -> int:
        """Blot out the text of a verbatim environment."""
        found = _ENVIRONMENT.match(self.text, after)
        if found is None or found[1] not in self.environments:
            return after
        end = self.text.find(f"\\end{{{found[1]}}}", found.end())
        if end < 0:
            self.unended.append(after)
            end = len(self.text)
        self.verbatim.append((found[1], found.end(), end))
        return self.blot(found.end(), end, DEAD)

    def end(self, after: int) -> int:
        """Blot out what stands behind the end of the document."""
        found = _ENVIRONMENT.match(self.text, after)
        if found is None or found[1] != "document" or self.is_defined(after - len(r"\end")):
            return after
        return self.blot(found.end(), len(self.text), SKIPPED)

    def end_input(self, after: int) -> int:
        """Leave what stands behind this line, which TeX reads to its end, unread."""
        if self.unread is not None or self.depth or self.is_defined(after - len(r"\endinput")):
            return after  # a guard against being read twice; what it does is not known
        line_end = _end(_REST_OF_LINE, self.text, after)
        self.unread, self.text = len(self.text) - line_end, self.text[:line_end]
        return after

    def skip(self, after: int) -> int:
        r"""Blot out what an `\iffalse` skips: up to its `\else` or `\fi`."""
        if _CLOSES.match(self.text, after) is not None:
            return after  # the body of a definition
        return self.blot(after, self.skipped(after), SKIPPED)

    def is_defined(self, start: int) -> bool:
        """Return whether a command begins a group: it is in a definition, and used elsewhere."""
        near = self.text[max(self.copied, start - _NEAR) : start]
        for part in (near, *reversed(self.parts[-_NEAR:])):
            if before := part.rstrip(f" \t\r\n{SKIPPED}"):
                return before.endswith("{")
        return False

    def name(self, after: int) -> int:
        """Blot out a command that is printed by its name."""
        return self.blot(after, _end(_ONE_NAME, self.text, after), DEAD)

    def new_conditional(self, after: int) -> int:
        """Take a new conditional."""
        new = _NEW_CONDITIONAL.match(self.text, after)
        if new is None:
            return after
        self.conditionals.add(new[1])
        return new.end()

    def named(self, after: int) -> int:
        r"""Pass two commands that are named and not used: `\let\ifdraft\iffalse` skips nothing."""
        found = _TWO_NAMES.match(self.text, after)
        if found is None:
            return after
        if found[2] in self.conditionals:
            self.conditionals.add(found[1])
        return found.end()

    def inline(self, name: str, after: int) -> int:
        r"""Blot out the argument of `\verb`, `\url` and their like."""
        options = _STAR if name == "verb" else _OPTIONS
        at = _end(options, self.text, after)
        if name in WITH_LANGUAGE:
            at = _end(_GROUP, self.text, at)
        opening = self.text[at : at + 1]
        if opening == "{" and name != "verb":
            return self.blot(at + 1, self.closing(at), DEAD)
        if not opening or opening.isalnum() or opening.isspace() or opening in "\\%}":
            return after
        # TikZ has a \path of its own, which begins with a coordinate.
        return after if name in ONLY_BRACES and opening != "|" else self.blot(at, self.delimited(at), DEAD)

    def delimited(self, start: int) -> int:
        """Return the end of text between two equal characters on a line; where it has none, the first's."""
        mark = re.escape(self.text[start])
        found = re.compile(rf"{mark}[^{mark}\r\n]*{mark}").match(self.text, start)
        return start + 1 if found is None else found.end()

    def closing(self, start: int) -> int:
        """Return where the brace stands that closes a group; the end of the text where none does."""
        depth = 0
        for found in _BRACE.finditer(self.text, start):
            depth += {"{": 1, "}": -1}.get(found[0], 0)
            if depth == 0:
                return found.start()
        return len(self.text)

    def skipped(self, after: int) -> int:
        r"""Return where the `\else` or `\fi` of an `\iffalse` begins; that of the text where it has none."""
        depth = 0
        for found in _IN_SKIPPED.finditer(self.text, after):
            name = found[1]
            if name in self.conditionals:
                depth += 1
            elif name == "fi" or (name == "else" and depth == 0):
                if depth == 0:
                    return found.start()
                depth -= 1
        self.unended.append(after)
        return len(self.text)

    def shorten(self, after: int) -> int:
        """Take a character for the beginning and the end of verbatim text from here on."""
        return self.short_mark(after, self.short.add)

    def lengthen(self, after: int) -> int:
        """Take a character for itself again."""
        return self.short_mark(after, self.short.discard)

    def short_mark(self, after: int, take: Callable[[str], None]) -> int:
        found = _SHORT.match(self.text, after)
        if found is None:
            return after
        character = found[1] or found[2] or found[3]
        if not character.isalnum() and character not in "\\{}%":
            take(character)
        return self.blot(found.start(), found.end(), DEAD)


_HANDLERS: Final[dict[str, Callable[[_Reading, int], int]]] = {
    "begin": _Reading.begin,
    "end": _Reading.end,
    "endinput": _Reading.end_input,
    "iffalse": _Reading.skip,
    "string": _Reading.name,
    "newif": _Reading.new_conditional,
    "let": _Reading.named,
    "ifx": _Reading.named,
    "MakeShortVerb": _Reading.shorten,
    "lstMakeShortInline": _Reading.shorten,
    "DeleteShortVerb": _Reading.lengthen,
    "lstDeleteShortInline": _Reading.lengthen,
}


def read_live(text: str, environments: Collection[str] = ()) -> Live:
    """Return a text with what is dead in it blotted out.

    `environments` are names of verbatim environments beside those of the tables. One that never ends makes
    all that follows dead.
    """
    reading = _Reading(text, {*VERBATIM, *environments}, set(CONDITIONALS))
    reading.read()
    own = reading.environments - VERBATIM
    return Live("".join(reading.parts), tuple(reading.verbatim), tuple(reading.unended), frozenset(own))


class Lines:
    """Where the lines of a text begin: offsets to lines and columns, both from 1."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        """Find the beginnings of all lines."""
        self._starts = [0, *(found.end() for found in re.finditer(LINE_END, text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Return where what a pattern matches there ends; patterns for this match at every place."""
    found = pattern.match(text, start)
    return start if found is None else found.end()
