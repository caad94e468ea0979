r"""LaTeX markup to Unicode text: the source of a value goes in, its plain meaning comes out.

Accents, symbols, quotes and dashes become characters, in Unicode's normal form C; macros that only style are
gone, and so are the braces; `~` and runs of white space are a space (but not a `~` in a bare URL);
`\href{U}{T}` is T, then ` (U)` if it differs. Maths stays as it stands, between dollars. A macro with no
known meaning stays as it stands, with its arguments, and is named. A comment sign is a percent sign: a value
is read, not a file.

Nothing is refused: a group that is open at the end closes there, a brace that closes nothing is a brace.
`\$` is a dollar, but stays `\$` where a bare one would be taken for maths (`bibkit.latex.segments`).
Linear in the length of the source, with a stack of its own. More than 400 lines, since the kinds of token
are methods of one walk.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bibkit.latex.maths_tables import MATHS_SYMBOLS
from bibkit.latex.segments import DISPLAY, ESCAPED, EVIDENCE, INLINE, dollars_matter, is_maths
from bibkit.latex.tables import (
    ACCENTS,
    BRACED_ACCENTS,
    CONTROL_SYMBOLS,
    DOTLESS,
    DROPPED,
    LETTERS,
    OTHER_SCRIPTS,
    RAW_URLS,
    SECOND_ARGUMENT,
    SPACES,
    SPACING_ACCENTS,
    STYLES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    TEXT_SYMBOLS,
    TYPEWRITER,
)

DEEPEST: Final = 16
"""Groups within groups whose text is changed when they close (accents, links): beyond, they are plain."""

LONGEST_URL: Final = 300
"""How far back from a `~` or `--` a URL is looked for that it may stand in."""


_PRINTABLE: Final = bytes(range(0x20, 0x7F))
_WHITE: Final = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]{2,}|[\t-\r\x1c-\x1f\x85\u2028\u2029]")

# Both begin with a set, which lets the search run fast over what is plain; the second is for sources in
# which a pair of hyphens or quotes is known to stand.
_BACKSLASH_OR_BRACE: Final = r"(?<=\\)(?:([A-Za-z]+)|([^A-Za-z]))?|(?<=[{}$~])"
_TOKEN: Final = re.compile(rf"[\\{{}}$~](?:{_BACKSLASH_OR_BRACE})", re.DOTALL)
_TOKEN_OR_PAIR: Final = re.compile(
    rf"[\\{{}}$~\-'`?!](?:{_BACKSLASH_OR_BRACE}|(?<=-)-+|(?<=')'|(?<=`)`|(?<=[?!])`(?!`))", re.DOTALL
)

_MACRO_GROUP: Final = re.compile(r"\{\\[^{}\\$~]{1,20}+(?:\{[^{}\\$~]{1,20}+\})?+\}")
_SIMPLE: Final = re.compile(rf"{_MACRO_GROUP.pattern}|\{{[^{{}}\\$~]*+\}}|\\[%&#_]")
_BRACE: Final = re.compile(r"\\.|[{}]", re.DOTALL)
_OPTION: Final = re.compile(r"\[[^\[\]{}\\$]*\]")
_LENGTH: Final = re.compile(r"\*?(?:\[-?[0-9.]+ ?(?:pt|em|ex|cm|mm|in|\\baselineskip)\])?")
_TWO_WORDS: Final = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,} [A-Za-z]{2,}")
_OLD_MATHS: Final = {
    "(": re.compile(r"((?:[^\\$]++|\\[^()\[\]])++)\\\)", re.DOTALL),
    "[": re.compile(r"((?:[^\\$]++|\\[^()\[\]])++)\\\]", re.DOTALL),
}
_ACCENT_OR_LETTER: Final = re.compile(r"\\(?:([A-Za-z]+)|([`'^~=.\"]))")
_NUMBER: Final = re.compile(r" ?(\{?) ?(?:\"([0-9A-Fa-f]{1,6})|'([0-7]{1,8})|([0-9]{1,7})) ?")
_URL_ESCAPE: Final = re.compile(r"\\([%#&_~{}$\\^])(?:\{\})?")
_NOT_A_BASE: Final = frozenset(" \\{}$~" + ESCAPED)
_SYMBOLS: Final = {**TEXT_SYMBOLS, **OTHER_SCRIPTS}
_QUOTES: Final = {"``": "“", "''": "”", "?`": "¿", "!`": "¡"}


@dataclass(frozen=True, slots=True)
class LatexText:
    r"""The plain meaning of a source.

    `unknown` names the macros that stayed, each once (`\method`); `unclosed` says that a group was open.
    """

    text: str
    unknown: tuple[str, ...] = ()
    unclosed: bool = False


def read_latex(source: str) -> LatexText:
    """Return the plain meaning of LaTeX markup; any text is taken."""
    marked = "\\" in source or "{" in source or "}" in source or "$" in source or "~" in source
    pairs = "--" in source or "''" in source or "`" in source
    if "  " in source or not _is_printable(source):
        source = _WHITE.sub(" ", source).replace(ESCAPED, "\ufffd")
    if not (marked or pairs):
        return LatexText(unicodedata.normalize("NFC", source))
    if not pairs and (simple := _simple(source)) is not None:
        return LatexText(unicodedata.normalize("NFC", simple))
    reader = _Reader(source)
    text = reader.read(_TOKEN_OR_PAIR if pairs else _TOKEN)
    if ESCAPED in text:
        text = text.replace(ESCAPED, "\\$" if dollars_matter(text) else "$")
    if "  " in text:
        text = _WHITE.sub(" ", text)
    return LatexText(unicodedata.normalize("NFC", text), tuple(reader.unknown), reader.unclosed)


def read_letters(source: str) -> str:
    r"""Return a source with each letter that is a group by itself (`{\"u}`) as that character."""
    return _MACRO_GROUP.sub(_letter, source)


def _simple(source: str) -> str | None:
    """Return the text of a source with no marks but those that mean the same wherever they stand, else None.

    These are groups with no group in them but the argument of their macro, and escaped characters. The walk
    over the tokens finds the same, but takes longer.
    """
    if "$" in source or "~" in source:
        return None
    text = _SIMPLE.sub(_plain_mark, source)
    return None if "\\" in text or "{" in text or "}" in text or "  " in text else text


def _plain_mark(match: re.Match[str]) -> str:
    """Return the text of a group or an escaped character."""
    mark: str = match[0]
    if mark[0] == "\\":
        return mark[1]
    return _plain_group(mark) if mark[1] == "\\" else mark[1:-1]


def _letter(match: re.Match[str]) -> str:
    """Return the letter that a group is; the group if it is none."""
    text = _plain_group(match[0])
    return text if len(text) == 1 and text.isalpha() else match[0]


@lru_cache(maxsize=4096)  # there are not many accents; no group here is long
def _plain_group(group: str) -> str:
    """Return the text of a group that begins with a macro, which stays in it if nobody knows it."""
    return unicodedata.normalize("NFC", _Reader(group).read(_TOKEN))


def _is_printable(text: str) -> bool:
    """Return `text.isprintable()`; for ASCII, four times as fast."""
    if text.isascii():
        return not text.encode("ascii").translate(None, _PRINTABLE)
    return text.isprintable()


_Ending = Callable[[str], str]
"""What makes the text of a group what it is, when the group closes."""


class _Reader:
    """One walk over the tokens of a source, with a stack of the groups that are open.

    A group is `None` if its text stays as it is, else its ending and where its text begins in `out`.
    """

    __slots__ = (
        "depth",
        "groups",
        "matching",
        "out",
        "position",
        "source",
        "typewriter",
        "unclosed",
        "unknown",
    )

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.out: list[str] = []
        self.groups: list[tuple[_Ending, int] | None] = []
        self.depth = 0
        self.typewriter = 0
        self.unknown: dict[str, None] = {}
        self.unclosed = False
        self.matching: dict[int, int] | None = None

    def read(self, token: re.Pattern[str]) -> str:
        """Read the source to its end and return its text."""
        source = self.source
        while (match := token.search(source, self.position)) is not None:
            start = match.start()
            if start > self.position:
                self.out.append(source[self.position : start])
            self.position = match.end()
            self._token(match)
        self.out.append(source[self.position :])
        if self.groups:
            self.unclosed = True
            while self.groups:
                self._close_group()
        return "".join(self.out)

    def _token(self, match: re.Match[str]) -> None:
        """Take one token by its first character."""
        token = match[0]
        match token[0]:
            case "\\":
                self._backslash(match)
            case "{":
                self.groups.append(None)
            case "}":
                if self.groups:
                    self._close_group()
                else:
                    self.out.append(token)
            case "$":
                self._dollar(match.start())
            case "~":
                self._tilde(match.start())
            case "-":
                self._hyphens(match)
            case _:
                self.out.append(token if self.typewriter else _QUOTES[token])

    def _tilde(self, position: int) -> None:
        """Take a tie: a space, or alone in braces the space that does not break; in a URL it is a tilde."""
        if self.source.startswith("{~}", max(0, position - 1)):
            self.out.append("\u00a0")
        else:
            self.out.append("~" if self._in_url(position) else " ")

    def _hyphens(self, match: re.Match[str]) -> None:
        """Take two hyphens or more: dashes, but not in a typewriter font, where TeX knows none."""
        start, end = match.span()
        alone = self.source.startswith("{", max(0, start - 1)) and self.source.startswith("}", end)
        if self.typewriter or (self._in_url(start) and not alone):
            self.out.append(match[0])
        else:
            dashes, rest = divmod(len(match[0]), len("---"))
            self.out.append("—" * dashes + ("", "-", "–")[rest])

    def _in_url(self, position: int) -> bool:
        """Return whether a bare URL runs up to that place."""
        start = max(0, position - LONGEST_URL)
        return "://" in self.source[self.source.rfind(" ", start, position) + 1 : position][-LONGEST_URL:]

    # A backslash.

    def _backslash(self, match: re.Match[str]) -> None:
        """Take a macro, or a backslash at the end of the source."""
        name, symbol = match.groups()
        if name is not None:
            self._control_word(name)
        elif symbol is None:
            self.out.append("\\")
        elif symbol == "$":
            hard = self.source.startswith("\\/", self.position)  # as the writer says that it begins no maths
            self.position += 2 * hard
            self.out.append("$" if hard else ESCAPED)
        elif symbol in CONTROL_SYMBOLS:
            self.out.append(CONTROL_SYMBOLS[symbol])
            if symbol == "\\" and (length := _LENGTH.match(self.source, self.position)) is not None:
                self.position = length.end()
        elif symbol in ACCENTS:
            self._accent(symbol)
        elif symbol in _OLD_MATHS:
            self._old_maths(symbol)
        else:
            self._unknown(f"\\{symbol}")

    def _control_word(self, name: str) -> None:
        """Take a macro by what the tables say of it; like TeX, with the space after it."""
        if name in _SYMBOLS:
            self._skip_space()
            self.out.append(_SYMBOLS[name])
        elif name in STYLES or name in DROPPED:
            self._skip_space()
        elif name in LETTERS:
            self._skip_space()
            self.out.append(LETTERS[name])
        elif name in ACCENTS:
            self._accent(name)
        elif name in MATHS_SYMBOLS:
            # TeX would stop here; whoever forgot the dollars meant the symbol, and the space after it.
            self.out.append(MATHS_SYMBOLS[name])
        elif name in SPACES:
            self._skip_space()
            self.out.append(" ")
        else:
            self._macro_with_argument(name)

    def _macro_with_argument(self, name: str) -> None:
        """Take a macro that has an argument, or that nobody knows."""
        start = self.position
        if self.source.startswith("*{", start):
            self.position += 1
        self._skip_space()
        followed = self.source.startswith("{", self.position) or name == "char"
        if not (followed and self._known_with_argument(name)):
            self.position = start
            self._unknown(f"\\{name}")

    def _known_with_argument(self, name: str) -> bool:
        """Take a macro with its argument if it is known and finds what it needs; else write nothing."""
        taken = True
        if name in _ENDINGS:
            self._push(_ENDINGS[name])
        elif name in TYPEWRITER:
            self._typewriter()
        elif name in SECOND_ARGUMENT:
            taken = self._argument() is not None
        elif name in RAW_URLS:
            taken = self._url()
        elif name == "href":
            taken = self._href()
        elif name == "ensuremath":
            taken = self._ensured_maths()
        elif name in {"symbol", "char"}:
            taken = self._numbered()
        else:
            taken = False
        return taken

    def _unknown(self, macro: str) -> None:
        """Keep a macro as it stands, with the arguments that follow at once."""
        self.unknown[macro] = None
        start = self.position
        if macro[1:].isalpha() and self.source.startswith(("*{", "*["), start):
            self.position += 1
        while macro[1:].isalpha():
            end = -1
            if self.source.startswith("{", self.position):
                end = self._matching_brace(self.position)
                if end < 0:
                    self.unclosed = True
                    self.position += 1
            elif (option := _OPTION.match(self.source, self.position)) is not None:
                end = option.end() - 1
            if end < 0:
                break
            self.position = end + 1
        self.out.append(macro + self.source[start : self.position])

    def _typewriter(self) -> None:
        """Open a group in a typewriter font."""
        if self._push(self._end_typewriter):
            self.typewriter += 1

    def _end_typewriter(self, text: str) -> str:
        self.typewriter -= 1
        return text

    def _url(self) -> bool:
        """Take a URL, which is raw text."""
        url = self._argument()
        if url is not None:
            self.out.append(_plain_url(url))
        return url is not None

    def _href(self) -> bool:
        """Take a link: its text, then its URL if that says something else."""
        url = self._argument()
        self._skip_space()
        if url is None or not self.source.startswith("{", self.position):
            return False
        plain = _plain_url(url)
        if not self._push(lambda text: _linked(text, plain)):
            self.out.append(f"{plain} ")
        return True

    def _ensured_maths(self) -> bool:
        """Take maths: a lone symbol is that character, in text."""
        argument = self._argument()
        if argument is None or "$" in argument:
            return False
        body = argument.strip()
        symbol = MATHS_SYMBOLS.get(body[1:]) if body.startswith("\\") else "−" if body == "-" else None
        if symbol is not None:
            self.out.append(symbol)
        elif body:
            self._maths(body, "$")
        return True

    def _numbered(self) -> bool:
        """Take a character by its number."""
        number = _NUMBER.match(self.source, self.position)
        if number is None:
            return False
        character = _character(number)
        end = number.end()
        if character is None or (number[1] and not self.source.startswith("}", end)):
            return False
        self.position = end + len(number[1])
        self.out.append(character)
        return True

    # Maths.

    def _dollar(self, start: int) -> None:
        """Take maths between dollars, or a dollar."""
        found = DISPLAY.match(self.source, start)
        fence = "$$"
        if found is None:
            found = INLINE.match(self.source, start)
            fence = "$"
            if found is not None and not _is_loose_maths(
                found[1], self.source[found.end() : found.end() + 1]
            ):
                found = None
        if found is None or not (body := found[1].strip()) or found[1].endswith("\\ "):
            self.out.append(ESCAPED)
        else:
            self.out.append(f"{fence}{body}{fence}")
            self.position = found.end()

    def _old_maths(self, symbol: str) -> None:
        r"""Take maths in `\(` or `\[`."""
        found = _OLD_MATHS[symbol].match(self.source, self.position)
        if found is None or not found[1].strip() or found[1].endswith("\\ "):
            self._unknown(f"\\{symbol}")
        else:
            self.position = found.end()
            self._maths(found[1].strip(), "$" if symbol == "(" else "$$")

    def _maths(self, body: str, fence: str) -> None:
        """Write maths so that it is read as maths, whatever follows."""
        if fence == "$" and not is_maths(body, self.source[self.position : self.position + 1]):
            body = f"{{{body}}}"
        self.out.append(f"{fence}{body}{fence}")

    # Accents.

    def _accent(self, name: str) -> None:
        """Take an accent, those that stand on it or under it, and the letter of all of them."""
        if name in BRACED_ACCENTS and not self.source.startswith("{", self.position):
            self._unknown(f"\\{name}")
            return
        marks = [ACCENTS[name]]
        while True:
            self._skip_space()
            following = self.source[self.position : self.position + 1]
            if following == "{":
                if not self._push(lambda text: _accented(marks, text)):
                    self.out.append(_accented(marks, ""))
                return
            if following not in _NOT_A_BASE and following:
                self.position += 1
                self.out.append(_accented(marks, following))
                return
            match = _ACCENT_OR_LETTER.match(self.source, self.position) if following == "\\" else None
            inner = "" if match is None else match[1] or match[2]
            if match is None or not (inner in LETTERS or (inner in ACCENTS and len(marks) < DEEPEST)):
                self.out.append(_accented(marks, ""))
                return
            self.position = match.end()
            if inner in LETTERS:
                self._skip_space()
                self.out.append(_accented(marks, LETTERS[inner]))
                return
            marks.append(ACCENTS[inner])

    # Groups.

    def _push(self, ending: _Ending) -> bool:
        """Open the group that begins here, with an ending unless it is nested too deep."""
        self.position += 1
        if self.depth >= DEEPEST:
            self.groups.append(None)
            return False
        self.depth += 1
        self.groups.append((ending, len(self.out)))
        return True

    def _close_group(self) -> None:
        """Close the group that was opened last."""
        group = self.groups.pop()
        if group is not None:
            ending, start = group
            text = "".join(self.out[start:])
            del self.out[start:]
            self.out.append(ending(text))
            self.depth -= 1

    def _argument(self) -> str | None:
        """Return the argument in braces that begins here and step over it; `None` if there is none."""
        self._skip_space()
        end = self._matching_brace(self.position) if self.source.startswith("{", self.position) else -1
        if end < 0:
            return None
        start, self.position = self.position + 1, end + 1
        return self.source[start:end]

    def _matching_brace(self, opening: int) -> int:
        """Return where the group that opens there closes, or -1; the first call looks at all groups."""
        if self.matching is None:
            self.matching = {}
            opened: list[int] = []
            for brace in _BRACE.finditer(self.source):
                if brace[0] == "{":
                    opened.append(brace.start())
                elif brace[0] == "}" and opened:
                    self.matching[opened.pop()] = brace.start()
        return self.matching.get(opening, -1)

    def _skip_space(self) -> None:
        """Step over a space; there are no two."""
        if self.source.startswith(" ", self.position):
            self.position += 1


def _is_loose_maths(body: str, after: str) -> bool:
    """Return whether what stands between two dollars is maths, in a source that may have spaces there."""
    stripped = body.strip()
    if len(stripped) == len(body) or not stripped:
        return bool(stripped) and is_maths(body, after)
    if len(stripped) == 1:
        return stripped.isalpha()
    return EVIDENCE.search(body) is not None and _TWO_WORDS.search(body) is None


def _accented(marks: list[str], text: str) -> str:
    """Return a text with accents on its first character; `marks` are from the outermost to the innermost."""
    if not text or text[0] in _NOT_A_BASE:
        return "".join(SPACING_ACCENTS.get(mark, "") for mark in marks) + text
    end = 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    base = text[:end]
    for mark in reversed(marks):
        dotted = DOTLESS.get(base)
        if dotted is not None and len(unicodedata.normalize("NFC", dotted + mark)) == 1:
            base = dotted
        base += mark
    return base + text[end:]


def _superscript(text: str) -> str:
    """Return a text in superscript characters, if Unicode has them all."""
    return "".join(map(SUPERSCRIPTS.__getitem__, text)) if SUPERSCRIPTS.keys() >= set(text) else text


def _subscript(text: str) -> str:
    """Return a text in subscript characters, if Unicode has them all."""
    return "".join(map(SUBSCRIPTS.__getitem__, text)) if SUBSCRIPTS.keys() >= set(text) else text


def _quoted(text: str) -> str:
    """Return a text in quotation marks."""
    return f"“{text}”"


_ENDINGS: Final[dict[str, _Ending]] = {
    "textsuperscript": _superscript,
    "textsubscript": _subscript,
    "enquote": _quoted,
    "mkbibquote": _quoted,
}
"""Macros with one argument, and what they make of its text."""


def _linked(text: str, url: str) -> str:
    """Return the text of a link, with its URL if that says something else."""
    if text == url or not text.strip():
        return url
    return f"{text} ({url})"


def _plain_url(url: str) -> str:
    """Return a URL without the escapes that LaTeX allows in it."""
    return _URL_ESCAPE.sub(r"\1", url).strip().replace("$", ESCAPED)


def _character(number: re.Match[str]) -> str | None:
    """Return the character of that number, or `None` if no text should hold it."""
    _, hexadecimal, octal, decimal = number.groups()
    digits, base = (hexadecimal, 16) if hexadecimal else (octal, 8) if octal else (decimal, 10)
    code = int(digits, base)
    if code > 0x10FFFF or unicodedata.category(chr(code)) in {"Cc", "Cs"} or chr(code) == ESCAPED:
        return None
    return chr(code)
