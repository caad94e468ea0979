"""LaTeX markup to Unicode text: the source of a value goes in, its plain meaning comes out.

Accents, symbols, quotes and dashes become characters, in Unicode's normal form C; macros that only style are
gone, and so are the braces; `~` and runs of white space are a space; `\\href{U}{T}` is T, then ` (U)` if it
differs. Maths stays as it stands, between dollars. A macro with no known meaning stays as it stands, with its
arguments, and is named. A comment sign is a percent sign: what is read is a value, not a file.

Nothing is refused: a group that is open at the end closes there, a brace that closes nothing is a brace.
`\\$` is a dollar, but stays `\\$` where a bare one would be taken for maths (`bibkit.latex.segments`).
Linear in the length of the source, with a stack of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bibkit.latex.segments import DISPLAY, ESCAPED, EVIDENCE, INLINE, dollars_matter, is_inline
from bibkit.latex.tables import (
    ACCENTS,
    CONTROL_SYMBOLS,
    DROPPED,
    LETTERS,
    MATHS_SYMBOLS,
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

_PLAIN_BYTES: Final = bytes(set(range(0x20, 0x7F)) - set(b"\\{}$~`"))
_PAIRS: Final = ("  ", "--", "''")
_WHITE: Final = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_TOKEN: Final = re.compile(
    r"[\\{}$~\-'`?!](?:(?<=\\)(?:([A-Za-z]+)|([^A-Za-z]))?|(?<=[{}$~])|(?<=-)-+|(?<=')'|(?<=`)`|(?<=[?!])`(?!`))",
    re.DOTALL,
)
_BRACE: Final = re.compile(r"\\.|[{}]", re.DOTALL)
_OPTION: Final = re.compile(r"\[[^\[\]{}\\$]*\]")
_TWO_WORDS: Final = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,} [A-Za-z]{2,}")
_OLD_MATHS: Final = {
    "(": re.compile(r"((?:[^\\$]++|\\[^()\[\]])++)\\\)", re.DOTALL),
    "[": re.compile(r"((?:[^\\$]++|\\[^()\[\]])++)\\\]", re.DOTALL),
}
_ACCENT_OR_LETTER: Final = re.compile(r"\\(?:([A-Za-z]+)|([`'^~=.\"]))")
_NUMBER: Final = re.compile(r"\s*\{?\s*(?:\"([0-9A-Fa-f]{1,6})|'([0-7]{1,8})|([0-9]{1,7}))\s?")
_URL_ESCAPE: Final = re.compile(r"\\([%#&_~{}$\\^])(?:\{\})?")
_NOT_A_BASE: Final = frozenset(" \\{}$~" + ESCAPED)
_QUOTES: Final = {"``": "“", "''": "”", "?`": "¿", "!`": "¡"}


@dataclass(frozen=True, slots=True)
class LatexText:
    """The plain meaning of a source.

    `unknown` names the macros that stayed, each once (`\\method`); `unclosed` says that a group was open.
    """

    text: str
    unknown: tuple[str, ...] = ()
    unclosed: bool = False


def read_latex(source: str) -> LatexText:
    """Return the plain meaning of LaTeX markup; any text is taken."""
    if (
        source.isascii()
        and not source.encode("ascii").translate(None, _PLAIN_BYTES)
        and not any(pair in source for pair in _PAIRS)
    ):
        return LatexText(source)
    source = _WHITE.sub(" ", source)
    reader = _Reader(source.replace(ESCAPED, "\ufffd"))
    text = reader.run()
    if ESCAPED in text:
        text = text.replace(ESCAPED, "\\$" if dollars_matter(text) else "$")
    if "  " in text:
        text = _WHITE.sub(" ", text)
    return LatexText(unicodedata.normalize("NFC", text), tuple(reader.unknown), reader.unclosed)


_Ending = Callable[[str], str]


class _Reader:
    """One walk over the tokens of a source, with a stack of the groups that are open."""

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
        self.groups: list[tuple[_Ending, int, bool] | None] = []
        self.depth = 0
        self.typewriter = 0
        self.unknown: dict[str, None] = {}
        self.unclosed = False
        self.matching: dict[int, int] | None = None

    def run(self) -> str:
        """Read the source to its end."""
        source = self.source
        search = _TOKEN.search
        while (match := search(source, self.position)) is not None:
            start = match.start()
            if start > self.position:
                self.out.append(source[self.position : start])
            self.position = match.end()
            _HANDLERS[source[start]](self, match)
        self.out.append(source[self.position :])
        if self.groups:
            self.unclosed = True
            while self.groups:
                self._close_group()
        return "".join(self.out)

    # The kinds of token.

    def _backslash(self, match: re.Match[str]) -> None:
        name, symbol = match.groups()
        if name is not None:
            self._control_word(name)
        elif symbol is None:
            self.out.append("\\")
        elif symbol == "$":
            self.out.append(ESCAPED)
        elif symbol in CONTROL_SYMBOLS:
            self.out.append(CONTROL_SYMBOLS[symbol])
        elif symbol in ACCENTS:
            self._accent(ACCENTS[symbol])
        elif symbol in _OLD_MATHS:
            self._old_maths(symbol)
        else:
            self._unknown(f"\\{symbol}")

    def _open_brace(self, _match: re.Match[str]) -> None:
        self.groups.append(None)

    def _close_brace(self, _match: re.Match[str]) -> None:
        if self.groups:
            self._close_group()
        else:
            self.out.append("}")

    def _dollar(self, match: re.Match[str]) -> None:
        found = DISPLAY.match(self.source, match.start())
        fence = "$$"
        if found is None:
            found = INLINE.match(self.source, match.start())
            fence = "$"
            if found is not None and not _is_maths(found[1], self.source[found.end() : found.end() + 1]):
                found = None
        if found is None or not (body := found[1].strip()):
            self.out.append(ESCAPED)
            return
        self.out.append(f"{fence}{body}{fence}")
        self.position = found.end()

    def _tilde(self, _match: re.Match[str]) -> None:
        self.out.append(" ")

    def _hyphens(self, match: re.Match[str]) -> None:
        dashes, rest = divmod(len(match[0]), 3)
        self.out.append(match[0] if self.typewriter else "—" * dashes + ("", "-", "–")[rest])

    def _quotes(self, match: re.Match[str]) -> None:
        self.out.append(match[0] if self.typewriter else _QUOTES[match[0]])

    # Control words.

    def _control_word(self, name: str) -> None:
        if name in TEXT_SYMBOLS:
            self._skip_space()
            self.out.append(TEXT_SYMBOLS[name])
        elif name in STYLES or name in DROPPED:
            self._skip_space()
        elif name in LETTERS:
            self._skip_space()
            self.out.append(LETTERS[name])
        elif name in ACCENTS:
            self._accent(ACCENTS[name])
        elif name in MATHS_SYMBOLS:
            self.out.append(MATHS_SYMBOLS[name])
        elif name in SPACES:
            self._skip_space()
            self.out.append(" ")
        elif name in TYPEWRITER:
            self._skip_space()
            self._typewriter()
        elif name in _ARGUMENT_MACROS:
            _ARGUMENT_MACROS[name](self, name)
        else:
            self._unknown(f"\\{name}")

    def _unknown(self, macro: str) -> None:
        """Keep a macro and its arguments as they stand."""
        self.unknown[macro] = None
        start = self.position
        source = self.source
        if macro[1:].isalpha():
            while True:
                if source.startswith("{", self.position):
                    end = self._matching_brace(self.position)
                    if end < 0:
                        self.position += 1
                        self.unclosed = True
                        break
                    self.position = end + 1
                elif (option := _OPTION.match(source, self.position)) is not None:
                    self.position = option.end()
                else:
                    break
        self.out.append(macro + source[start : self.position])

    def _typewriter(self) -> None:
        if self.source.startswith("{", self.position) and self._push(lambda text: text):
            self.typewriter += 1
            ending, index, _ = self.groups[-1]  # type: ignore[misc]
            self.groups[-1] = (ending, index, True)

    def _second_argument(self, name: str) -> None:
        if self._argument() is None:
            self._unknown(f"\\{name}")

    def _url(self, name: str) -> None:
        url = self._argument()
        if url is None:
            self._unknown(f"\\{name}")
        else:
            self.out.append(_plain_url(url))

    def _href(self, name: str) -> None:
        start = self.position
        url = self._argument()
        self._skip_space()
        if url is None or not self.source.startswith("{", self.position):
            self.position = start
            self._unknown(f"\\{name}")
            return
        plain = _plain_url(url)
        self._push(lambda text: text if text == plain else f"{text} ({plain})" if text.strip() else plain)

    def _script(self, name: str) -> None:
        scripts = SUPERSCRIPTS if name == "textsuperscript" else SUBSCRIPTS
        self._skip_space()
        if self.source.startswith("{", self.position):
            self._push(
                lambda text: "".join(scripts[c] for c in text) if scripts.keys() >= set(text) else text
            )

    def _quoted(self, _name: str) -> None:
        self._skip_space()
        if self.source.startswith("{", self.position):
            self._push(lambda text: f"“{text}”")

    def _ensured_maths(self, name: str) -> None:
        body = self._argument()
        if body is None:
            self._unknown(f"\\{name}")
            return
        body = body.strip()
        symbol = MATHS_SYMBOLS.get(body[1:]) if body.startswith("\\") else None
        if symbol is not None:
            self.out.append(symbol)
        elif body and "$" not in body:
            self.out.append(f"${body}$")
        else:
            self.out.append(body.replace("$", ESCAPED))

    def _symbol(self, name: str) -> None:
        number = _NUMBER.match(self.source, self.position)
        code = -1 if number is None else _code(number)
        if number is None or not 0 < code < 0x110000 or chr(code) == ESCAPED:
            self._unknown(f"\\{name}")
            return
        self.position = number.end()
        if "{" in number[0]:
            if not self.source.startswith("}", self.position):
                self.groups.append(None)
            else:
                self.position += 1
        self.out.append(chr(code))

    def _old_maths(self, symbol: str) -> None:
        found = _OLD_MATHS[symbol].match(self.source, self.position)
        if found is None or not found[1].strip():
            self._unknown(f"\\{symbol}")
            return
        fence = "$" if symbol == "(" else "$$"
        self.position = found.end()
        self.out.append(f"{fence}{found[1].strip()}{fence}")

    # Accents.

    def _accent(self, mark: str) -> None:
        marks = [mark]
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
            name = "" if match is None else match[1] or match[2]
            if match is not None and name in ACCENTS and len(marks) < DEEPEST:
                self.position = match.end()
                marks.append(ACCENTS[name])
            elif match is not None and name in LETTERS:
                self.position = match.end()
                self._skip_space()
                self.out.append(_accented(marks, LETTERS[name]))
                return
            else:
                self.out.append(_accented(marks, ""))
                return

    # Groups.

    def _push(self, ending: _Ending) -> bool:
        """Open the group that begins here; `ending` makes its text what it is. False: nested too deep."""
        self.position += 1
        if self.depth >= DEEPEST:
            self.groups.append(None)
            return False
        self.depth += 1
        self.groups.append((ending, len(self.out), False))
        return True

    def _close_group(self) -> None:
        group = self.groups.pop()
        if group is not None:
            ending, start, typewriter = group
            text = "".join(self.out[start:])
            del self.out[start:]
            self.out.append(ending(text))
            self.depth -= 1
            self.typewriter -= typewriter

    def _argument(self) -> str | None:
        """Return the argument in braces that begins here and step over it; `None` if there is none."""
        self._skip_space()
        if not self.source.startswith("{", self.position):
            return None
        end = self._matching_brace(self.position)
        if end < 0:
            return None
        start, self.position = self.position + 1, end + 1
        return self.source[start:end]

    def _matching_brace(self, opening: int) -> int:
        """Return where the group that opens there closes, or -1."""
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
        if self.source.startswith(" ", self.position):
            self.position += 1


_HANDLERS: Final = {
    "\\": _Reader._backslash,  # noqa: SLF001 - the table of this class's own methods
    "{": _Reader._open_brace,  # noqa: SLF001 - as above
    "}": _Reader._close_brace,  # noqa: SLF001 - as above
    "$": _Reader._dollar,  # noqa: SLF001 - as above
    "~": _Reader._tilde,  # noqa: SLF001 - as above
    "-": _Reader._hyphens,  # noqa: SLF001 - as above
    "'": _Reader._quotes,  # noqa: SLF001 - as above
    "`": _Reader._quotes,  # noqa: SLF001 - as above
    "?": _Reader._quotes,  # noqa: SLF001 - as above
    "!": _Reader._quotes,  # noqa: SLF001 - as above
}

_ARGUMENT_MACROS: Final = {
    "url": _Reader._url,  # noqa: SLF001 - as above
    "nolinkurl": _Reader._url,  # noqa: SLF001 - as above
    "path": _Reader._url,  # noqa: SLF001 - as above
    "href": _Reader._href,  # noqa: SLF001 - as above
    "enquote": _Reader._quoted,  # noqa: SLF001 - as above
    "textsuperscript": _Reader._script,  # noqa: SLF001 - as above
    "textsubscript": _Reader._script,  # noqa: SLF001 - as above
    "ensuremath": _Reader._ensured_maths,  # noqa: SLF001 - as above
    "symbol": _Reader._symbol,  # noqa: SLF001 - as above
    "char": _Reader._symbol,  # noqa: SLF001 - as above
    **dict.fromkeys(SECOND_ARGUMENT, _Reader._second_argument),  # noqa: SLF001 - as above
}


def _is_maths(body: str, after: str) -> bool:
    """Return whether what stands between two dollars is maths, in a source that may have spaces there."""
    stripped = body.strip()
    if not stripped:
        return False
    if len(stripped) == len(body):
        return is_inline(body, after)
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
        if base in _DOTTED and len(unicodedata.normalize("NFC", _DOTTED[base] + mark)) == 1:
            base = _DOTTED[base]
        base += mark
    return base + text[end:]


_DOTTED: Final = {"ı": "i", "ȷ": "j"}


def _plain_url(url: str) -> str:
    """Return a URL without the escapes that LaTeX allows in it."""
    return _URL_ESCAPE.sub(r"\1", url).replace("$", ESCAPED)


def _code(number: re.Match[str]) -> int:
    """Return the number that TeX reads there."""
    hexadecimal, octal, decimal = number.groups()
    if hexadecimal is not None:
        return int(hexadecimal, 16)
    return int(octal, 8) if octal is not None else int(decimal)
