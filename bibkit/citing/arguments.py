r"""The arguments of commands: which brace closes which, where an option ends, what follows a command.

In: text with what is dead blotted out (`live`). Out: offsets. The whole text is gone through once; after that
every argument is found in a step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bibkit.citing.commands import Command
from bibkit.citing.live import LINE_END, PARAGRAPH

_MARK: Final = re.compile(rf"[{{}}\[\]]|(?:{LINE_END}|\x00)[ \t]*(?={LINE_END})")
_BLANKS: Final = re.compile(r"[ \t\r\n\x00]*")
_IN_PARENTHESES: Final = re.compile(rf"[{{)]|(?:{LINE_END}|\x00)[ \t]*{LINE_END}")
_IN_ANGLES: Final = re.compile(r"<[^<>{}\[\]]*>")
# These keep the cost linear, in characters.
_LONGEST: Final = 2_000  # of an option in parentheses
_LONGEST_IN_BRACES: Final = 20_000  # of a list of keys with braces in it, in which other lists may stand
_FOLLOWS_OPTION: Final = frozenset("[{<")


class Group(NamedTuple):
    """The inside of a group in braces: from the first character to before the closing brace."""

    start: int
    end: int


@dataclass(slots=True)
class _Level:
    """What is open inside one group: brackets, in one paragraph; mutable, and thrown away."""

    paragraph: int
    plain: list[int] = field(default_factory=list)
    nested: list[int] = field(default_factory=list)


class Arguments:
    """The groups and options of one text."""

    __slots__ = ("_closing", "_nested", "_plain", "text")

    def __init__(self, text: str) -> None:
        """Find what closes what: LaTeX ends an option at the first `]` outside braces, xparse at its own."""
        self.text = text
        self._closing: dict[int, int] = {}
        self._plain: dict[int, int] = {}
        self._nested: dict[int, int] = {}
        self._match()

    def _match(self) -> None:
        paragraph = 0
        braces: list[int] = []
        levels = [_Level(0)]
        for found in _MARK.finditer(self.text):
            at, mark = found.start(), found[0]
            level = levels[-1]
            if mark in "[]" and level.paragraph != paragraph:
                levels[-1] = level = _Level(paragraph)  # an option does not go on in the next paragraph
            if mark == "{":
                braces.append(at)
                levels.append(_Level(paragraph))
            elif mark == "}":
                if braces:
                    self._closing[braces.pop()] = at
                    levels.pop()
            elif mark == "[":
                level.plain.append(at)
                level.nested.append(at)
            elif mark == "]":
                self._plain.update((start, at) for start in level.plain)
                level.plain.clear()
                if level.nested:
                    self._nested[level.nested.pop()] = at
            else:
                paragraph += 1

    def skip_blanks(self, at: int) -> int:
        """Return where the next thing stands that TeX sees; the same place if a paragraph ends before it."""
        end = _end(_BLANKS, self.text, at)
        return at if end > at + 1 and PARAGRAPH.search(self.text, at, end) else end

    def group(self, at: int) -> Group | None:
        """Return the group in braces that begins at a place, or `None`."""
        closing = self._closing.get(at)
        return None if closing is None else Group(at + 1, closing)

    def option(self, at: int) -> int | None:
        """Return where the option that begins at a place ends, behind its bracket, or `None`."""
        plain, nested = self._plain.get(at), self._nested.get(at)
        if plain is None:
            return None
        if (
            nested is not None
            and nested != plain
            and not self._follows(plain + 1)
            and self._follows(nested + 1)
        ):
            return nested + 1
        return plain + 1

    def keys_of(self, command: Command, after: int) -> list[tuple[Group, bool]]:
        """Return the groups that hold the keys of a command, each with whether it has an option.

        `after` is where its name ends. There is no group where the command is named and not used.
        """
        groups: list[tuple[Group, bool]] = []
        at = self.skip_blanks(after)
        if self.text.startswith("*", at):
            at = self.skip_blanks(at + 1)
        if command.many:
            at = self._parentheses(at)
        elif (angles := _IN_ANGLES.match(self.text, at)) is not None:
            at = self.skip_blanks(angles.end())
        passed = 0
        has_option = False
        last = max(command.places)
        while True:
            if (option := self.option(at)) is not None:
                at, has_option = self.skip_blanks(option), True
                continue
            group = self.group(at)
            if group is None:
                return groups
            passed += 1
            if passed in command.places and not self._is_text(group):
                groups.append((group, has_option))
            if passed == last:
                if not command.many:
                    return groups
                passed, has_option = 0, False
            at = self.skip_blanks(group.end + 1)

    def _follows(self, at: int) -> bool:
        next_ = self.skip_blanks(at)
        return self.text[next_ : next_ + 1] in _FOLLOWS_OPTION

    def _is_text(self, group: Group) -> bool:
        """Say whether a group is too long to be a list of keys, some of which macros make."""
        too_long = group.end - group.start > _LONGEST_IN_BRACES
        return too_long and self.text.find("{", group.start, group.end) >= 0

    def _parentheses(self, at: int) -> int:
        """Return what follows up to two options in parentheses."""
        for _ in range(2):
            end = self._closing_parenthesis(at) if self.text.startswith("(", at) else None
            if end is None:
                break
            at = self.skip_blanks(end)
        return at

    def _closing_parenthesis(self, at: int) -> int | None:
        limit = at + _LONGEST
        while (found := _IN_PARENTHESES.search(self.text, at, limit)) is not None:
            if found[0] == ")":
                return found.end()
            group = self.group(found.start())
            if group is None:
                return None
            at = group.end + 1
        return None


def split_keys(text: str, group: Group) -> Iterator[Group]:
    """Yield the stretches between the commas of a list."""
    start = group.start
    while (comma := text.find(",", start, group.end)) >= 0:
        yield Group(start, comma)
        start = comma + 1
    yield Group(start, group.end)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return start if found is None else found.end()
