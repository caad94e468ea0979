r"""Titles in a `.bib` file: a record's title goes in, LaTeX comes out in which styles may lower-case words.

Styles print titles in lower case but for the first letter. Braces protect what that would change: a word with
a capital inside (`{MobiZO}`, `{LLM}`, `{O'Neill}`), a digit with a capital (`{3D}`, `{H100}`), capitals that
are joined (`{I/O}`, `{R\&D}`, `{U.S.}`), one capital with a hyphen or a sign (`{B}-matrices`, `{C}++`), and
maths. Words that only the title's own style capitalises are left to the style; so is a title all in capitals,
where capitals say nothing.

Capitals are those of the Latin, Greek, Cyrillic and Armenian scripts, as a fixed table: what Python knows of
others differs from version to version.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bibkit.latex import Maths, Segment, Text, Written, clean_text, split_maths, write_segment, write_text

_Cased = tuple[tuple[int, int], ...]

# Ranges of letters beyond ASCII that no version of Unicode changes any more, and the marks on letters.
_ASCII: Final[_Cased] = ()
_ANY: Final[_Cased] = (
    (0x00AA, 0x00AA),
    (0x00B5, 0x00B5),
    (0x00BA, 0x00BA),
    (0x00C0, 0x00D6),
    (0x00D8, 0x00F6),
    (0x00F8, 0x024F),
    (0x0300, 0x036F),
    (0x0370, 0x0373),
    (0x0376, 0x0377),
    (0x037B, 0x037D),
    (0x037F, 0x037F),
    (0x0386, 0x0386),
    (0x0388, 0x03FF),
    (0x0400, 0x0481),
    (0x048A, 0x052F),
    (0x0531, 0x0556),
    (0x0561, 0x0587),
    (0x1E00, 0x1FBC),
    (0x1FC2, 0x1FCC),
    (0x1FD0, 0x1FDB),
    (0x1FE0, 0x1FEC),
    (0x1FF2, 0x1FFC),
)
_WORDS_OF_A_STYLE: Final = 4  # that many words in capitals, and nothing else, are the title's style

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_AFTER_A_WORD: Final = ":,.;?!)"
# Without one of these, nothing in an ASCII word needs braces: a cheap look before the costly one. It takes
# the rest of the word along.
_HINT: Final = re.compile(
    r"[A-Z0-9](?:[-+#*]"  # B-matrices
    r"|(?<=[A-Za-z0-9'/&.-].)(?:"
    r"(?<=[A-Za-z0-9'/&.][A-Z])"  # MobiZO, 3D, O'Neill, R&D, U.S.
    r"|(?<=[A-Za-z'].)"  # Llama2
    r"|(?<=-[A-Z])(?![A-Za-z0-9])"  # Vitamin-D
    r"))[^ ]*"
)


def write_title(title: str, *, ascii: bool = False) -> Written:  # noqa: A002 - the name of the command's option
    """Return the source of a title, and the maths in it that had to be written as text."""
    if "$" not in title:
        return Written(write_words(title, ascii=ascii))
    parts = [_write_segment(segment, ascii=ascii) for segment in split_maths(clean_text(title))]
    return Written(
        "".join(part.source for part in parts),
        tuple(maths for part in parts for maths in part.refused),
    )


def write_words(text: str, *, ascii: bool = False) -> str:  # noqa: A002 - as above
    """Return the source of plain text with braces around what must keep its case."""
    if text.isascii() and write_text(text) is text:
        return protect_ascii(text)
    text = clean_text(text)
    pieces = []
    done = 0
    for match in _pattern(text).finditer(text):
        pieces.append(write_text(text[done : match.start()], ascii=ascii))
        pieces.append(_group(write_text(match[0], ascii=ascii)))
        done = match.end()
    pieces.append(write_text(text[done:], ascii=ascii))
    return "".join(pieces)


def protect_ascii(text: str) -> str:
    """Return text that is ASCII and its own source, with braces around what must keep its case."""
    hint = _HINT.search(text)
    if hint is None:
        return text
    usual = not text.isupper()
    pieces: list[str] = []
    done = 0
    while hint is not None:  # few words need the costly look, and nothing reaches over a space
        start = text.rfind(" ", done, hint.start()) + 1 or done
        word = text[start : hint.end()]
        bare = word.rstrip(_AFTER_A_WORD)
        if usual and bare.isalnum() and not bare.islower():  # a capital that nothing parts from the hint
            pieces.append(f"{text[done:start]}{{{bare}}}{word[len(bare) :]}")
        else:
            pieces += text[done:start], _pattern(text).sub(_braced, word)
        done = hint.end()
        hint = _HINT.search(text, done)
    return "".join(pieces) + text[done:]


def _write_segment(segment: Segment, *, ascii: bool) -> Written:  # noqa: A002 - as above
    """Return the source of a segment of a title."""
    match segment:
        case Text(text):
            return Written(write_words(text, ascii=ascii))
        case Maths():
            written = write_segment(segment, ascii=ascii)
            return Written(_group(written.source), written.refused)
        case _:
            return write_segment(segment, ascii=ascii)


def _group(source: str) -> str:
    """Return a word in braces; a group that starts with a macro is no protection, but an accent to BibTeX."""
    return f"{{{{}}{source}}}" if source.startswith("\\") else f"{{{source}}}"


def _braced(match: re.Match[str]) -> str:
    """Return a word that is its own source in braces."""
    return f"{{{match[0]}}}"


def _pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of what needs braces in a text; where capitals are its style, they say nothing."""
    cased = _ASCII if text.isascii() else _ANY
    if text.isupper() and len(_WORD.findall(text)) >= _WORDS_OF_A_STYLE:
        return _digits_in_words(cased)
    return _protected(cased)


@cache
def _protected(cased: _Cased) -> re.Pattern[str]:
    """Return the pattern of what needs braces.

    Each alternative is tried at the start of a word alone and takes what it takes for good, so the search is
    linear; the look ahead decides before a word is taken whole.
    """
    upper, lower, digit = _letters(cased)
    letter = f"[{upper}{lower}{digit}]"
    capital_inside = f"{letter}(?:['’]?[{lower}{digit}])*+['’]?[{upper}]"
    digit_inside = f"[{upper}](?:['’]?[{lower}])*+['’]?[{digit}]"
    return re.compile(
        rf"(?<!{letter})(?<!{letter}['’])(?:"
        rf"[{upper}]++(?:[/&][{upper}]++)++(?!{letter})"  # I/O, R&D, TCP/IP
        rf"|[{upper}](?:\.[{upper}](?!{letter}))++\.?"  # U.S.
        rf"|(?={capital_inside}|{digit_inside}){letter}++(?:['’]{letter}++)*+"  # MobiZO, LLM, O'Neill, H100
        rf"|[{upper}](?=[-‐‑–+#*])"  # B-matrices, C++, F#
        rf"|(?<=[-‐‑–])[{upper}](?!{letter})"  # Vitamin-D
        r")"
    )


@cache
def _digits_in_words(cased: _Cased) -> re.Pattern[str]:
    """Return the pattern of what needs braces in a title that is all in capitals: 3D, H100."""
    upper, lower, digit = _letters(cased)
    letter = f"[{upper}{lower}{digit}]"
    return re.compile(
        rf"(?<!{letter})(?:[{digit}]++(?=[{upper}])|[{upper}](?=[{upper}{lower}]*+[{digit}])){letter}++"
    )


@cache
def _letters(cased: _Cased) -> tuple[str, str, str]:
    """Return the capitals, the other letters with their marks, and the digits, as insides of classes."""
    letters = [chr(code) for first, last in cased for code in range(first, last + 1)]
    upper = "A-Z" + "".join(letter for letter in letters if letter.isupper())
    lower = "a-z" + "".join(letter for letter in letters if not letter.isupper())
    return upper, lower, "0-9"
