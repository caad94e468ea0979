"""Unicode text to the source of a `.bib` value: a record's text goes in, LaTeX comes out.

What comes out holds braces that balance as BibTeX counts them (never `\\{`), no comment, no macro but those of
LaTeX's kernel (in `{\\...}`, so that none takes a space away), and is on one line. `bibkit.latex.reader` reads
it back to the same text, except that

* the text comes back in Unicode's normal form C, with runs of white space as one space;
* characters that no TeX file can hold are gone: control characters are dropped, lone surrogates and
  noncharacters are U+FFFD (`unwritable` names them);
* characters beyond ASCII that stand in maths come back as their macros.

Text stays UTF-8, or is ASCII throughout: accents as `{\\'e}`, letters and symbols by their macros, and what has
none as `{\\symbol{20013}}` (decimal: `"` may be active in a document, and a style may lower the case of hex
digits), which LuaLaTeX and XeLaTeX take.

Two hyphens of a text would be a dash to TeX, two commas or quotes a quotation mark: `\\/` keeps them apart (it
does so in LuaTeX too, where braces do not). `<`, `>` and `|` are macros, since TeX's old fonts hold other
characters there. A lone backquote stays: it is a quotation mark to whoever wrote it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bibkit.latex.maths import Refused, check_maths
from bibkit.latex.segments import Dollar, Maths, Segment, Text, split_maths
from bibkit.latex.tables import LETTERS, WRITTEN_ACCENTS, text_macros

_ESCAPES: Final = {
    "\\": "{\\textbackslash}",
    "{": "{\\textbraceleft}",
    "}": "{\\textbraceright}",
    "$": "\\$",
    "&": "\\&",
    "%": "\\%",
    "#": "\\#",
    "_": "\\_",
    "^": "{\\textasciicircum}",
    "~": "{\\textasciitilde}",
    "<": "{\\textless}",
    ">": "{\\textgreater}",
    "|": "{\\textbar}",
    "-": "-\\/",
    "'": "'\\/",
    "`": "`\\/",
    ",": ",\\/",
    "!": "!\\/",
    "?": "?\\/",
}
"""What a character that the pattern below finds is written as."""

_SPECIAL: Final = re.compile(r"[\\{}$&%#_^~<>|]|-(?=-)|'(?=')|`(?=`)|,(?=,)|[!?](?=`)")
_HARD_DOLLAR: Final = "{\\textdollar}"

_PLAIN_BYTES: Final = bytes(set(range(0x20, 0x7F)) - set(b"\\{}$&%#_^~<>|`"))
"""Bytes that stand for themselves, wherever they stand."""

_PAIRS: Final = ("  ", "--", "''", ",,")

_WHITE: Final = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_UNWRITABLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_LAST_CONTROL: Final = "\x9f"
_REPLACEMENT: Final = "\ufffd"

_CLUSTER: Final = re.compile("(?:[A-Za-z](?=[\u0300-\u036f])|[^\x00-\x7f])[\u0300-\u036f]*")
_LONE_EN_DASH: Final = re.compile("(?<![-–—])–(?![-–—])")
_LONE_EM_DASH: Final = re.compile("(?<![-–—])—(?![-–—])")
_LETTER_MACROS: Final = {letter: f"{{\\{name}}}" for name, letter in LETTERS.items()}
_DOTLESS: Final = frozenset("ıȷ")


@dataclass(frozen=True, slots=True)
class Written:
    """The source of a value; `refused` is the maths that had to be written as text."""

    source: str
    refused: tuple[str, ...] = ()


def write_latex(text: str, *, ascii: bool = False) -> Written:  # noqa: A002 - the name of the command's option
    """Return the source of a record's text, its maths raw where TeX takes it."""
    if "$" not in text:
        return Written(write_text(text, ascii=ascii))
    parts = [write_segment(segment, ascii=ascii) for segment in split_maths(_clean(text))]
    return Written(
        "".join(part.source for part in parts),
        tuple(maths for part in parts for maths in part.refused),
    )


def write_segment(segment: Segment, *, ascii: bool = False) -> Written:  # noqa: A002 - as above
    """Return the source of one segment of a record's text."""
    match segment:
        case Text(text):
            return Written(write_text(text, ascii=ascii))
        case Maths(text):
            return write_maths(text, ascii=ascii)
        case Dollar(text):
            return Written(text if text == "\\$" else _HARD_DOLLAR)


def write_maths(maths: str, *, ascii: bool = False) -> Written:  # noqa: A002 - as above
    """Return the source of maths, dollars and all; as text where TeX would not take it."""
    maths = _clean(maths)
    checked = check_maths(maths)
    if isinstance(checked, Refused) or (ascii and not checked.source.isascii()):
        return Written(write_text(maths, ascii=ascii).replace("\\$", _HARD_DOLLAR), (maths,))
    return Written(checked.source)


def write_text(text: str, *, ascii: bool = False) -> str:  # noqa: A002 - as above
    """Return the source of plain text: every character stands for itself."""
    if (
        text.isascii()
        and not text.encode("ascii").translate(None, _PLAIN_BYTES)
        and not any(pair in text for pair in _PAIRS)
    ):
        return text
    source = _SPECIAL.sub(lambda special: _ESCAPES[special[0]], _clean(text))
    return _in_ascii(source) if ascii and not source.isascii() else source


def write_verbatim(text: str, *, ascii: bool = False) -> str:  # noqa: A002 - as above
    """Return the source of a URL, DOI or file name, which biblatex takes to the letter.

    What would end the value or a line is percent-encoded: braces, backslashes, white space, and what no TeX
    file can hold; with `ascii` every character beyond ASCII.
    """
    pattern = _NOT_VERBATIM_ASCII if ascii else _NOT_VERBATIM
    return pattern.sub(_percent, text)


def unwritable(text: str) -> str:
    """Return the characters of a text that no TeX file can hold, in their order."""
    return "" if text.isprintable() else "".join(_UNWRITABLE.findall(text))


def braces_balance(source: str) -> bool:
    """Return whether braces balance as BibTeX counts them: escaped ones count."""
    if source.count("{") != source.count("}"):
        return False
    depth = 0
    for brace in _BRACE.findall(source):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return True


_BRACE: Final = re.compile("[{}]")
_NOT_VERBATIM: Final = re.compile(r"[\\{}\s]|" + _UNWRITABLE.pattern)
_NOT_VERBATIM_ASCII: Final = re.compile(r"[\\{}\s]|[^\x20-\x7e]")


def _percent(match: re.Match[str]) -> str:
    """Return a character percent-encoded; a lone surrogate as the replacement character."""
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def _clean(text: str) -> str:
    """Return text that a TeX file can hold: on one line, in normal form C."""
    if not text.isprintable():
        text = _UNWRITABLE.sub(lambda lost: "" if lost[0] <= _LAST_CONTROL else _REPLACEMENT, text)
    return unicodedata.normalize("NFC", _WHITE.sub(" ", text))


def _in_ascii(source: str) -> str:
    """Return source with everything beyond ASCII as macros."""
    source = _LONE_EM_DASH.sub("---", _LONE_EN_DASH.sub("--", source))
    return _CLUSTER.sub(lambda cluster: _cluster(cluster[0]), source)


@lru_cache(maxsize=8192)
def _cluster(cluster: str) -> str:
    """Return a letter with its accents, or another character beyond ASCII, in ASCII."""
    macros = text_macros()
    whole = macros.get(cluster)
    if whole is not None:
        return whole
    if cluster[0] in macros and cluster[0] not in _LETTER_MACROS:
        return macros[cluster[0]] + _symbols(cluster[1:])
    base, *marks = tuple(unicodedata.normalize("NFD", cluster))
    letter = base if base.isascii() else _LETTER_MACROS.get(base)
    if letter is None or base in _DOTLESS:
        return macros.get(cluster[0], _symbols(cluster[0])) + _symbols(cluster[1:])
    for done, mark in enumerate(marks):
        accent = WRITTEN_ACCENTS.get(mark)
        if accent is None:
            return letter + _symbols("".join(marks[done:]))
        letter = (
            f"{{\\{accent}{{{letter}}}}}"
            if accent.isalpha() or len(letter) > 1
            else f"{{\\{accent}{letter}}}"
        )
    return letter


def _symbols(text: str) -> str:
    """Return characters by their numbers."""
    return "".join(f"{{\\symbol{{{ord(character)}}}}}" for character in text)
