r"""Scan a `.bib` file: text goes in, its blocks come out, in order, and their spans cover every character.

The grammar is BibTeX's own (`bibtex.web`, the parts on scanning and on reading the database), with what biber
reads beside it:

* A value in braces ends at the brace that closes it, counted raw: `\{` and `\}` count as braces. A value in
  quotes ends at the next quote outside of braces; a closing brace too many in it breaks the entry.
* `@` begins an entry wherever `@word{` or `@word(` stands, also in the middle of a line. Any other `@` is
  text, but at the beginning of a line, or behind a block, it is a broken entry.
* `@comment{...}` is a comment to its closing brace, as it is to biber and to the person who wrote it (BibTeX
  skips the word alone, and reads the entries in it). With no brace, or one that never closes, the word alone
  is the comment, and text goes on after it.
* From a `%` to the end of its line is a comment between entries and between the parts of an entry, as for
  biber (BibTeX reads an entry that stands after a `%`, and calls a `%` in an entry an error).
* A block may end in the other kind of bracket than it began with, as for biber (BibTeX calls it an error, and
  keeps what it has read).
* Every blank of Unicode is a blank between the parts of an entry.

A block that breaks the grammar is rejected with its reason, and costs itself alone. It ends before the next
line that begins, after blanks, with `@word{` or `@word(`, or with the line of its own closing brace where
that comes first. A head in the line in which it broke, behind that place, ends it too where a bracket has
closed just before, or where the head is what did not fit: BibTeX and biber both read on at the next `@`.
Inside a value of a sound entry such a line belongs to the value; a note says that it looks odd.

What fields mean is not known here: nothing is decoded but delimiters and macros. The cost is linear in the
text: tokens are matched by possessive patterns, and once a block has broken, braces are looked up in a table
of partners that is built once, so that no stretch is counted again and again.

Long because one grammar is read twice: at once by patterns, the usual case, and part by part, every other.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from bibkit.formats.base import BlockKind

MONTHS: Final[Mapping[str, str]] = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}
"""The macros that every BibTeX style defines, with what they say in English."""

# Strings made of strings can grow without bound; what files in use need is a fraction of this.
_EXPANSION: Final = 20
_EXPANSION_FREE: Final = 100_000

_COMMANDS: Final = frozenset({"comment", "preamble", "string"})
_CLOSING: Final[Mapping[str, str]] = {"{": "}", "(": ")"}

_NOT_IN_NAMES: Final = r"\s\x00-\x1f\x7f\"#%'(),={}"
_TYPE: Final = rf"[^{_NOT_IN_NAMES}@0-9][^{_NOT_IN_NAMES}@]*+"
_NAME: Final = rf"[^{_NOT_IN_NAMES}@0-9][^{_NOT_IN_NAMES}]*+"
_DEPTH_1: Final = r"[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+"
_DEPTH_2: Final = rf"[^{{}}]*+(?:\{{{_DEPTH_1}\}}[^{{}}]*+)*+"
_QUOTED: Final = rf"[^{{}}\"]*+(?:\{{{_DEPTH_1}\}}[^{{}}\"]*+)*+"

# Groups 1 to 3 of both are the `@`, the type and the opening bracket.
_ENTRY: Final = re.compile(rf"\s*+(@)\s*+({_TYPE})\s*+([{{(])\s*+([^\s,{{}}]++)\s*+,")
_TOP: Final = re.compile(
    rf"%[^\r\n]*+"
    rf"|(?<!@)(@)@*+\s*+({_TYPE})\s*+([{{(])"
    rf"|(?<![^\r\n])[ \t]*+(?!@++\s*+{_TYPE}\s*+[{{(])(?P<stray>@)"
)
# As in `_TOP`, but behind a block.
_STRAY: Final = re.compile(rf"[ \t]*+(?!@++\s*+{_TYPE}\s*+[{{(])(?P<stray>@)")
_NEXT: Final = re.compile(rf"(?<![^\r\n])[ \t]*+@++\s*+{_TYPE}\s*+[{{(]")
_HEAD: Final = re.compile(rf"@++\s*+{_TYPE}\s*+[{{(]")
# Group 1 is there at the beginning of a line, and not behind a bracket.
_NEXT_OR_CLOSED: Final = re.compile(rf"(?:((?<![^\r\n]))|(?<=[)}}]))[ \t]*+@++\s*+{_TYPE}\s*+[{{(]")
_COMMENT_WORD: Final = re.compile(rf"@++\s*+comment(?![^{_NOT_IN_NAMES}@])", re.IGNORECASE)
# The empty alternative keeps `finditer` from looking for a field further on than where one has to stand.
_FIELDS: Final = re.compile(
    rf'\s*+({_NAME})\s*+=\s*+(\{{{_DEPTH_2}\}}|"{_QUOTED}"|[0-9]++|{_NAME})\s*+(,?+\s*+[)}}]|,)|'
)
_ONE_VALUE: Final = re.compile(rf'\{{{_DEPTH_2}\}}|"{_QUOTED}"|[0-9]++|{_NAME}')
_BLANKS: Final = re.compile(r"(?:\s++|%[^\r\n]*+)*+")
_COMMENT: Final = re.compile(r"%[^\r\n]*+")
_KEY: Final = re.compile(r"[^\s,{}]*+")
_WORD: Final = re.compile(_NAME)
_NUMBER: Final = re.compile(r"[0-9]++")
_LINE_END: Final = re.compile(r"[\r\n]")
_BRACE: Final = re.compile(r"[{}]")
_BRACE_OR_QUOTE: Final = re.compile(r'[{}"]')


class Note(NamedTuple):
    """Something worth saying about a block: a stable code and a sentence."""

    code: str
    message: str


class ScannedEntry(NamedTuple):
    """An entry: its type and key, and name and source of each field, all as written.

    `values` are those of the fields with their delimiters off, macros expanded (an unknown one stands for
    itself) and parts joined; `uses_strings` says that some value takes strings of the file, or may.
    `comments` are the `%` comments between the parts of the entry. Its span is `begin` to `end`; from `begin`
    to `start` there are only blanks. `line` is that of `start`.
    """

    begin: int
    start: int
    end: int
    line: int
    type: str
    key: str
    fields: tuple[tuple[str, str], ...]
    values: tuple[str, ...]
    uses_strings: bool = False
    comments: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def named_values(self) -> list[tuple[str, str]]:
        """Return name and value of each field."""
        return [(name, value) for (name, _), value in zip(self.fields, self.values, strict=True)]


class ScannedBlock(NamedTuple):
    """What is no entry: text between entries, a comment, a preamble, a string or a rejected block.

    Places are those of `ScannedEntry`. `defines` holds name and value of a string; `reason` says why a block
    was rejected.
    """

    begin: int
    start: int
    end: int
    line: int
    kind: BlockKind
    defines: tuple[str, str] | None = None
    notes: tuple[Note, ...] = ()
    reason: str | None = None


def scan_bibtex(text: str, macros: Mapping[str, str] | None = None) -> Iterator[ScannedEntry | ScannedBlock]:
    """Yield the blocks of a `.bib` file in order; fail for no text.

    `macros` (lower-case name, text) are known before the text begins, beside the months.
    """
    return _Scanner(text, macros or {}).blocks()


def expand_value(source: str, macros: Mapping[str, str]) -> str | None:
    """Return what the source of a value says with these macros (lower-case names); None if it is no value."""
    scanner = _Scanner(source, macros)
    scanner.skip()
    try:
        _, value = scanner.settled(_Pending("", scanner.value()))
    except _BrokenError:
        return None
    return value if scanner.position == len(source) else None


def is_name(text: str) -> bool:
    """Return whether a text can be an entry type, and the name of a field or string to every program."""
    return is_field_name(text) and "@" not in text


def is_field_name(text: str) -> bool:
    """Return whether a text can be the name of a field or string, to BibTeX at least: `@` may be in it."""
    return _WORD.fullmatch(text) is not None


def is_value(source: str) -> bool:
    """Return whether a source is one value, which ends where the source ends."""
    return _ONE_VALUE.fullmatch(source) is not None or expand_value(source, {}) is not None


class _Pending(NamedTuple):
    """A field of a block that may yet break: its text is copied only when the block is known to be sound."""

    name: str
    parts: list[tuple[int, int]]


class _BrokenError(Exception):
    """The grammar is broken; the text says how."""


class _Scanner:
    """One scan: the text, the place in it, the macros so far, and what the block in hand has to say."""

    __slots__ = ("budget", "closes", "comments", "macros", "notes", "opens", "position", "text")

    def __init__(self, text: str, macros: Mapping[str, str]) -> None:
        self.text = text
        self.macros = {**MONTHS, **macros}
        self.position = 0
        self.budget = _EXPANSION * (len(text) + _EXPANSION_FREE)
        self.comments: list[str] = []
        self.notes: dict[Note, None] = {}
        self.opens: array[int] | None = None
        self.closes: array[int] = array("q")

    def blocks(self) -> Iterator[ScannedEntry | ScannedBlock]:
        """Yield every block; each begins where the one before it ended."""
        text = self.text
        newline = "\n" if "\n" in text else "\r"
        line, counted = 1, 0
        while self.position < len(text):
            begin = self.position
            self.comments, self.notes = [], {}
            head = _ENTRY.match(text, begin)
            if head is not None and head[2].lower() not in _COMMANDS:
                start = head.start(1)
            else:
                head = self.find_head(begin)
                start = len(text) if head is None else max(head.start(1), head.start("stray"))
                if head is None or not (start == begin or text[begin:start].isspace()):
                    # Other blanks are text: without them, an @ behind them would begin its line.
                    first = start - len(text[begin:start].lstrip(" \t\r\n"))
                    line += text.count(newline, counted, first)
                    counted = first
                    yield self.prose(begin, first, start, line)
                    continue
            line += text.count(newline, counted, start)
            counted = start
            try:
                yield self.block(begin, start, line, head)
            except _BrokenError as broken:
                yield self.rejected(begin, start, line, str(broken))

    def find_head(self, begin: int) -> re.Match[str] | None:
        """Return the head of the next block that is no text, if there is one."""
        if (stray := _STRAY.match(self.text, begin)) and not _COMMENT_WORD.match(self.text, stray.end() - 1):
            return stray
        for match in _TOP.finditer(self.text, begin):
            if match[0][0] == "%":
                if _HEAD.search(match[0]):
                    self.note("commented-entry", "an entry after a % is a comment to biber, not to BibTeX")
            elif match["stray"]:
                if not _COMMENT_WORD.match(self.text, match.start("stray")):
                    return match
            elif match[2].lower() != "comment" or (match[3] == "{" and self.partner(match.start(3)) >= 0):
                return match
        return None

    def prose(self, begin: int, start: int, end: int, line: int) -> ScannedBlock:
        """Return the text between two blocks, with a note where it looks like the rest of an entry."""
        self.position = end
        if self.text.count("}", start, end) > self.text.count("{", start, end):
            self.note("stray-brace", "a } here closes nothing: the entry before it may have ended too early")
        return ScannedBlock(begin, start, end, line, BlockKind.COMMENT, notes=tuple(self.notes))

    def block(self, begin: int, start: int, line: int, head: re.Match[str]) -> ScannedEntry | ScannedBlock:
        """Return the block that begins with this head."""
        if head.re is _STRAY or head[1] is None:
            raise _BrokenError("no { or ( follows @ and a word")
        self.position = head.end()
        kind = head[2].lower()
        if kind not in _COMMANDS:
            return self.entry(begin, start, line, head)
        defines: tuple[str, str] | None = None
        if kind == "comment":
            self.position = self.partner(head.start(3)) + 1
            if _HEAD.search(self.text, head.end(), self.position):
                self.note("commented-entry", "an entry in a @comment is a comment to biber, not to BibTeX")
        else:
            self.skip()
            if kind == "string":
                defined = self.definition()
                if self.peek() == ",":
                    self.position += 1
                    self.skip()
                self.close()
                _, value = self.settled(defined)
                defines = defined.name, value
                self.macros[defined.name.lower()] = value
            else:
                self.value()
                self.close()
            self.check_brackets(kind, head[3])
        return ScannedBlock(begin, start, self.position, line, BlockKind(kind), defines, tuple(self.notes))

    def entry(self, begin: int, start: int, line: int, head: re.Match[str]) -> ScannedEntry:
        """Return the entry that begins with this head."""
        text = self.text
        key, more = (head[4], True) if head.re is _ENTRY else self.key()
        fields: list[tuple[str, str]] = []
        values: list[str] = []
        pending: dict[int, _Pending] = {}
        uses_strings = False
        while more:
            for match in _FIELDS.finditer(text, self.position):
                name, source, after = match.groups()
                if name is None:
                    self.position = match.end()
                    if more := self.more_fields():
                        pending[len(fields)] = field = self.definition()
                        fields.append((field.name, ""))
                        values.append("")
                        more = self.take(f"after the field {field.name}") == ","
                    break
                first = source[0]
                if first in '{"':
                    values.append(source[1:-1])
                elif "0" <= first <= "9":
                    values.append(source)
                else:
                    self.position = match.end()
                    values.append(value := self.macro(source))
                    uses_strings = uses_strings or MONTHS.get(source.lower()) != value
                fields.append((name, source))
                if after != ",":
                    self.position = match.end()
                    more = False
                    break
        end = self.position
        self.check_brackets("entry", head[3])
        if text.find("@", head.end(), end) >= 0 and _NEXT.search(text, head.end(), end):
            self.note("entry-in-value", "a line in a value begins like an entry: a brace may be missing")
        for at, field in pending.items():
            source, values[at] = self.settled(field)
            fields[at] = field.name, source
        return ScannedEntry(
            begin, start, end, line, head[2], key, tuple(fields), tuple(values),
            uses_strings or bool(pending), tuple(self.comments), tuple(self.notes),
        )  # fmt: skip

    def rejected(self, begin: int, start: int, line: int, reason: str) -> ScannedBlock:
        """Return the block that broke where the scanner stands; where it ends, the module says."""
        if self.opens is None:
            self.tabulate()
        end = len(self.text)
        broke = max(self.position, start + 1)
        head = _HEAD.match(self.text, start)
        if head is not None and head[0].endswith("{"):
            end = self.partner(head.end() - 1) + 1 or end
        following = _HEAD.match(self.text, broke, end)
        limit = end if following is None else following.end()
        for found in _NEXT_OR_CLOSED.finditer(self.text, start + 1, limit):
            if found.start() >= broke or found[1] is not None:
                following = found
                break
        end = self.rest_of_entry(end) if following is None else following.start()
        self.position = end
        return ScannedBlock(begin, start, end, line, BlockKind.REJECTED, reason=reason)

    def rest_of_entry(self, close: int) -> int:
        """Return where a broken entry ends whose brace closes before `close`, which may be too early.

        What stands behind it on its line is its own, up to the next head: on a line by itself it might be
        read otherwise.
        """
        head = _HEAD.search(self.text, close)
        end = len(self.text) if head is None else head.start()
        if self.text.count("}", close, end) > self.text.count("{", close, end):
            return end
        line_end = _LINE_END.search(self.text, close, end)
        return end if line_end is None else line_end.start()

    def key(self) -> tuple[str, bool]:
        """Read a citation key (it may be empty); say whether a comma follows it, and not the entry's end."""
        self.skip()
        match = _KEY.match(self.text, self.position)
        key = "" if match is None else match[0]
        self.position += len(key)
        self.skip()
        if self.peek() == "=" or key.endswith("="):
            raise _BrokenError("it has no citation key before its first field")
        return key, self.take("after the citation key") == ","

    def more_fields(self) -> bool:
        """Say whether a field comes next; read the end of the entry if it does not."""
        self.skip()
        if self.peek() in ("}", ")"):
            self.position += 1
            return False
        return True

    def definition(self) -> _Pending:
        """Read `name = value`."""
        match = _WORD.match(self.text, self.position)
        if match is None:
            raise _BrokenError(f"{self.found()} where a name should stand")
        self.position = match.end()
        self.skip()
        if self.peek() != "=":
            raise _BrokenError(f"{self.found()} where the = after {match[0]} should stand")
        self.position += 1
        self.skip()
        return _Pending(match[0], self.value())

    def value(self) -> list[tuple[int, int]]:
        """Read a value: where its parts stand."""
        parts: list[tuple[int, int]] = []
        while True:
            start = self.position
            opening = self.peek()
            if opening == "{":
                self.position = self.partner(start) + 1
                if not self.position:
                    self.position = len(self.text)
                    raise _BrokenError("a brace that opens a value never closes")
            elif opening == '"':
                self.position = self.closing_quote(start) + 1
            elif (match := _NUMBER.match(self.text, start) or _WORD.match(self.text, start)) is not None:
                self.position = match.end()
            else:
                raise _BrokenError(f"{self.found()} where a value should stand")
            parts.append((start, self.position))
            self.skip()
            if self.peek() != "#":
                return parts
            self.position += 1
            self.skip()

    def settled(self, pending: _Pending) -> tuple[str, str]:
        """Return a source in a sound block, its parts with ` # ` between them, and what they say together."""
        sources = [self.text[start:end] for start, end in pending.parts]
        values = []
        for source in sources:
            if source[0] in '{"':
                values.append(source[1:-1])
            else:
                values.append(source if "0" <= source[0] <= "9" else self.macro(source))
        return " # ".join(sources), "".join(values)

    def macro(self, name: str) -> str:
        """Return what a macro says; an unknown one stands for itself, with a note."""
        value = self.macros.get(name.lower())
        if value is None:
            self.note("undefined-string", f"the string {name} is not defined before it is used")
            return name
        self.budget -= len(value)
        if self.budget < 0:
            raise _BrokenError(f"the strings of the file expand to far more than the file holds, at {name}")
        return value

    def closing_quote(self, quote: int) -> int:
        """Return where the quote that opens here closes."""
        at = quote + 1
        while True:
            match = _BRACE_OR_QUOTE.search(self.text, at)
            self.position = len(self.text) if match is None else match.start()
            if match is None:
                raise _BrokenError("a quote that opens a value never closes")
            if match[0] == '"':
                return match.start()
            if match[0] == "}":
                raise _BrokenError("a value in quotes has a } that closes nothing")
            at = self.partner(match.start()) + 1
            if not at:
                self.position = len(self.text)
                raise _BrokenError("a value in quotes has a { that never closes")

    def partner(self, brace: int) -> int:
        """Return where the brace that opens here closes, or -1."""
        if self.opens is None:
            depth = 0
            for match in _BRACE.finditer(self.text, brace):
                depth += 1 if match[0] == "{" else -1
                if not depth:
                    return match.start()
            self.tabulate()
        opens = self.opens or self.closes
        return self.closes[bisect_left(opens, brace)]

    def tabulate(self) -> None:
        """Pair all braces of the text."""
        opens, closes, stack = array("q"), array("q"), []
        for match in _BRACE.finditer(self.text):
            if match[0] == "{":
                stack.append(len(opens))
                opens.append(match.start())
                closes.append(-1)
            elif stack:
                closes[stack.pop()] = match.start()
        self.opens, self.closes = opens, closes

    def skip(self) -> None:
        """Go over blanks and `%` comments, and keep the comments."""
        match = _BLANKS.match(self.text, self.position)
        if match is not None and match.end() > self.position:
            self.position = match.end()
            if "%" in match[0]:
                self.comments += _COMMENT.findall(match[0])

    def peek(self) -> str:
        """Return the character that stands here; none at the end of the text."""
        return self.text[self.position : self.position + 1]

    def take(self, where: str) -> str:
        """Read a comma or a closing bracket."""
        if self.peek() in ("@", ""):
            raise _BrokenError(f"the entry does not end {where}: a brace above may be missing")
        if self.peek() not in (",", "}", ")"):
            raise _BrokenError(f"{self.found()} {where}, and neither a comma nor the end of the entry")
        self.position += 1
        return self.text[self.position - 1]

    def close(self) -> None:
        """Read the closing bracket of a preamble or a string."""
        if self.peek() not in ("}", ")"):
            raise _BrokenError(f"{self.found()} where the bracket that closes it should stand")
        self.position += 1

    def check_brackets(self, what: str, opening: str) -> None:
        """Say it if the block that ends here closes another kind of bracket than it opened."""
        closing = self.text[self.position - 1]
        if closing != _CLOSING[opening]:
            self.note(
                "mixed-brackets",
                f"BibTeX objects to a{'n' * (what == 'entry')} {what} whose {opening} is closed by {closing}",
            )

    def found(self) -> str:
        """Name what stands here."""
        return repr(self.peek()) if self.peek() else "the file ends"

    def note(self, code: str, message: str) -> None:
        """Keep a note on the block in hand, once."""
        self.notes[Note(code, message)] = None
