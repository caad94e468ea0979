r"""Unicode text to the source of a `.bib` value: a record's text goes in, LaTeX comes out.

What comes out is on one line, its braces balance as BibTeX counts them (never `\{`), it holds no comment, and
in text no macro but those of LaTeX's kernel, in braces, so that none takes a space away.
`bibkit.latex.reader` reads it back to the same text, except that

* the text comes back in Unicode's normal form C, with runs of white space as one space (and every line break,
  tab, and other white control character as a space);
* characters that no TeX file can hold are gone: control characters are dropped, lone surrogates and
  noncharacters are U+FFFD (`clean_text` does both of these; `unwritable` names the characters);
* characters beyond ASCII that stand in maths come back as their macros.

Text stays UTF-8, or is ASCII throughout: accents as `{\'e}`, letters and symbols by their macros, and what
has none as `{\symbol{20013}}`, which LuaLaTeX and XeLaTeX take. (Decimal, since `"` may be active in a
document, and BibTeX's styles would lower the case of hexadecimal digits.)

Two hyphens of a text would be a dash to TeX, two commas, quotes or angles a quotation mark: `\/` keeps them
apart (it does so in LuaTeX too, where braces do not). `<` and `>` are macros, since TeX's oldest fonts (OT1)
hold other characters there; they do for `|`, too, but no form of it is both read by other programs and right
in print. A lone backquote stays: it is a quotation mark to whoever wrote it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bibkit.latex.maths import Refused, check_maths
from bibkit.latex.segments import Dollar, Maths, Segment, Text, split_maths
from bibkit.latex.tables import DOTLESS, LETTERS, WRITTEN_ACCENTS, text_macros

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
}

_SPECIAL_OR_PAIR: Final = re.compile(r"(-(?=-)|'(?=')|`(?=`)|,(?=,)|<(?=<)|>(?=>)|[!?](?=`))|[\\{}$&%#_^~<>]")

HARD_DOLLAR: Final = "\\$\\/"
"""A dollar that is read back as one, even where it looks as if it began maths.

`{\\textdollar}` would say the same, but biber makes a bare dollar of it, at which LaTeX stops.
"""

_APART: Final = {special: _ESCAPES[special] for special in "$&%#_^~<>"}
"""Escapes that hold none of these characters but their own: each can be put in by itself."""


def _kinds() -> bytes:
    """Return the table that `write_text` looks bytes up in."""
    kinds = dict.fromkeys((*range(0x20), 0x7F, *b"\\{}"), 0x80) | dict.fromkeys(map(ord, _APART), 0x40)
    kinds |= dict(zip(b"-', `!?", (1, 2, 4, 8, 16, 16, 16), strict=True))
    return bytes(kinds.get(byte, 0) for byte in range(256))


_KINDS: Final = _kinds()
_HARD: Final = b"\x80"
_ESCAPED: Final = b"\x40"

_PRINTABLE: Final = bytes(range(0x20, 0x7F))
_WHITE: Final = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
_CONTROLS: Final = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_NO_CHARACTERS: Final = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_CONTROL: Final = re.compile(f"[{_CONTROLS}]")
_NO_CHARACTER: Final = re.compile(f"[{_NO_CHARACTERS}]")
_UNWRITABLE: Final = re.compile(f"[{_CONTROLS}{_NO_CHARACTERS}]")

_NOT_VERBATIM: Final = re.compile(rf"[\\{{}}\s{_CONTROLS}{_NO_CHARACTERS}]")
_NOT_VERBATIM_ASCII: Final = re.compile(r"[\\{}\s]|[^\x20-\x7e]")
_BRACE: Final = re.compile("[{}]")

_CLUSTER: Final = re.compile("(?:[A-Za-z](?=[\u0300-\u036f])|[^\x00-\x7f])[\u0300-\u036f]{0,4}")
_DASHES: Final = re.compile("[-–—](?=[–—])|[–—](?=-)")
_LETTER_NAMES: Final = {letter: f"\\{name}" for name, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Written:
    """The source of a value; `refused` is the maths that had to be written as text, each as it stood."""

    source: str
    refused: tuple[str, ...] = ()


def write_latex(text: str, *, ascii: bool = False) -> Written:  # noqa: A002 - named as the command's option
    """Return the source of a record's text, its maths raw where TeX takes it."""
    if "$" not in text:
        return Written(write_text(text, ascii=ascii))
    sources: list[str] = []
    refused: list[str] = []
    for segment in split_maths(clean_text(text)):
        if isinstance(segment, Text):
            sources.append(write_text(segment.text, ascii=ascii))
        else:
            written = write_segment(segment, ascii=ascii)
            sources.append(written.source)
            refused.extend(written.refused)
    return Written("".join(sources), tuple(refused))


def write_segment(segment: Segment, *, ascii: bool = False) -> Written:  # noqa: A002 - as above
    """Return the source of one segment of a record's text."""
    match segment:
        case Text(text):
            return Written(write_text(text, ascii=ascii))
        case Maths(text):
            return write_maths(text, ascii=ascii)
        case Dollar(text):
            return Written(text if text == "\\$" else HARD_DOLLAR)


def write_maths(maths: str, *, ascii: bool = False) -> Written:  # noqa: A002 - as above
    """Return the source of maths, dollars and all; as text where TeX would not take it."""
    maths = clean_text(maths)
    checked = check_maths(maths)
    if isinstance(checked, Refused) or (ascii and not checked.source.isascii()):
        return Written(write_text(maths, ascii=ascii).replace("\\$", HARD_DOLLAR), (maths,))
    return Written(checked.source)


def write_text(text: str, *, ascii: bool = False) -> str:  # noqa: A002 - as above
    """Return the source of plain text: every character stands for itself, dollars too."""
    source = text if text.isascii() else clean_text(text)
    # Most text needs little or nothing, so a quick look comes first: each byte becomes a bit for its kind,
    # and where two neighbours share a bit, the whole and itself a byte further have one in common.
    kinds = source.encode().translate(_KINDS)
    bits = int.from_bytes(kinds, "little")
    if _HARD in kinds or bits & bits >> 8:
        source = _SPECIAL_OR_PAIR.sub(_escape, clean_text(text))
    elif _ESCAPED in kinds:
        for special, escape in _APART.items():
            if special in source:
                source = source.replace(special, escape)
    if ascii and not source.isascii():
        return _CLUSTER.sub(_in_ascii, _DASHES.sub(r"\g<0>\/", source))
    return source


def write_verbatim(text: str, *, ascii: bool = False) -> str:  # noqa: A002 - as above
    """Return the source of a URL, DOI or file name, which biblatex takes to the letter.

    What would end the value or a line is percent-encoded: braces, backslashes, white space, and what no TeX
    file can hold; with `ascii` every character beyond ASCII.
    """
    pattern = _NOT_VERBATIM_ASCII if ascii else _NOT_VERBATIM
    return pattern.sub(_percent, text)


def clean_text(text: str) -> str:
    """Return text as a TeX file can hold it: on one line, in normal form C, its white space single spaces."""
    if text.isascii() and not text.encode("ascii").translate(None, _PRINTABLE):
        return _WHITE.sub(" ", text) if "  " in text else text
    if not text.isprintable():
        text = _NO_CHARACTER.sub("\ufffd", _CONTROL.sub("", text))
        text = _WHITE.sub(" ", text)
    elif "  " in text:
        text = _WHITE.sub(" ", text)
    return unicodedata.normalize("NFC", text)


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


def _escape(special: re.Match[str]) -> str:
    """Return what a character that TeX would take for something else is written as."""
    character = special[0]
    escape = _ESCAPES.get(character, character)
    return f"{escape}\\/" if special.lastindex else escape


def _percent(match: re.Match[str]) -> str:
    """Return a character percent-encoded, byte by byte in UTF-8."""
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def _in_ascii(cluster: re.Match[str]) -> str:
    """Return a character beyond ASCII, with the marks that stand on it, in ASCII."""
    return _cluster(cluster[0])


@lru_cache(maxsize=8192)
def _cluster(cluster: str) -> str:
    """Return a letter with its accents, or another character beyond ASCII, in ASCII."""
    macros = text_macros()
    for end in (len(cluster), 1):
        macro = macros.get(cluster[:end])
        if macro is not None and (end == len(cluster) or cluster[0] not in _LETTER_NAMES):
            return macro + _numbers(cluster[end:])
    decomposed = unicodedata.normalize("NFD", cluster)
    base, marks = decomposed[0], decomposed[1:]
    letter = base if base.isascii() else _LETTER_NAMES.get(base)
    if letter is None:
        return _numbers(cluster)
    if base in DOTLESS:
        return f"{{{letter}}}{_numbers(marks)}"
    done = 0
    for mark in marks:
        accent = WRITTEN_ACCENTS.get(mark)
        if accent is None:
            break
        bare = len(letter) == 1 and not accent.isalpha()
        letter = f"\\{accent}{letter}" if bare else f"\\{accent}{{{letter}}}"
        done += 1
    return (f"{{{letter}}}" if len(letter) > 1 else letter) + _numbers(marks[done:])


def _numbers(text: str) -> str:
    """Return characters by their numbers."""
    return "".join(f"{{\\symbol{{{ord(character)}}}}}" for character in text)
