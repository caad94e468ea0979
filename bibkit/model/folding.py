"""Text to the forms in which titles and names are compared, and to ASCII letters.

In: any text. Out: the same on every machine and Python, since everything that is known of a character stands
in `bibkit/data/`, made from fixed versions of Unicode and anyascii. The running Python's own data differ from
version to version and are not asked; a character that the tables do not know stays as it is.

Refuses to know what a title or a name is, and what language a text is in.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_KEPT: Final = f"{_LETTERS}#%*@+<=>"
_DELETED: Final = "'`{}"
_ASCII: Final[dict[int, str | None]] = {
    number: None if chr(number) in _DELETED else chr(number).lower() if chr(number).lower() in _KEPT else " "
    for number in range(128)
}
_ASCII_LETTERS: Final = {number: chr(number) if chr(number) in _LETTERS else " " for number in range(128)}
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_REPLACEMENT: Final = "\ufffd"
_FIRST_COMBINING: Final = "\u0300"  # below it stands no character that composition changes or joins

# Hangul syllables are composed by arithmetic (The Unicode Standard, section 3.12).
_LEADS: Final = range(0x1100, 0x1113)
_VOWELS: Final = range(0x1161, 0x1176)
_TAILS: Final = range(0x11A8, 0x11C3)
_SYLLABLES: Final = range(0xAC00, 0xD7A4)
_TAILS_AND_NONE: Final = len(_TAILS) + 1


def compose(text: str) -> str:
    """Return the text in Unicode's normal form C; a lone surrogate becomes U+FFFD."""
    if text.isascii() or max(text) < _FIRST_COMBINING:
        return text
    text = _SURROGATES.sub(_REPLACEMENT, text)
    forms = _forms()
    return text if forms.unstable.isdisjoint(text) else _compose(text.translate(forms.parts), forms)


def fold(text: str) -> str:
    """Return the words of a text, a space between them, without what is only a matter of style.

    Case, quotes, apostrophes, braces, punctuation, dashes and invisible characters go, letters in
    compatibility forms (ligatures, full width, mathematical alphabets) become plain ones; accents stay. Kept
    are symbols that tell titles apart: C, C++ and C# are three.
    """
    if "&" in text:
        text = text.replace("&", " and ")
    text = text.translate(_ASCII) if text.isascii() else compose(compose(text).translate(_folds()))
    return " ".join(text.split())


def bare(folded: str) -> str:
    """Return what is compared of a folded text: without spaces and accents, with plain Latin letters."""
    if not folded.isascii():
        folded = folded.translate(_bares())
    return folded.replace(" ", "")


def transliterate(folded: str) -> list[str]:
    """Return the words of a folded text in ASCII letters and digits; what has none there is left out.

    Symbols end words here: `a*b` are two.
    """
    return folded.translate(_ASCII_LETTERS if folded.isascii() else _letters()).split()


class _Forms(NamedTuple):
    """What normal form C needs: each character's parts, class, and which two are joined to which one."""

    classes: dict[str, int]
    parts: dict[int, str]
    pairs: dict[str, str]
    unstable: frozenset[str]


class _Changes(dict[int, str]):
    """A table for `str.translate` that reads its lines, one for 256 characters, when they are needed."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._blocks = dict(line.partition(" ")[::2] for line in lines)

    def __missing__(self, number: int) -> str:
        block = number & ~0xFF
        for cell in self._blocks.pop(f"{block >> 8:x}", "").split():
            low, _, text = cell.partition("=")
            self[block + int(low, 16)] = "".join(chr(int(part, 16)) for part in text.split(".") if part)
        return self.setdefault(number, chr(number))


class _Letters(dict[int, str]):
    """The same for ASCII letters: every character of a block has a cell, none is `-`, a word's end `_`."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(_ASCII_LETTERS)
        self._blocks = dict(line.partition(" ")[::2] for line in lines)

    def __missing__(self, number: int) -> str:
        block = number & ~0xFF
        for low, cell in enumerate(self._blocks.pop(f"{block >> 8:x}", "").split()):
            self.setdefault(block + low, {"-": "", "_": " "}.get(cell, cell))
        return self.setdefault(number, "")


def _compose(text: str, forms: _Forms) -> str:
    """Order the marks behind each letter and join them to it, as far as there is one character for both."""
    done: list[str] = []
    marks: list[str] = []
    for character in text:
        if character in forms.classes:
            marks.append(character)
            continue
        if marks:
            _join_marks(done, marks, forms)
            marks = []
        joined = None if not done else _join(done[-1], character, forms)
        if joined is None:
            done.append(character)
        else:
            done[-1] = joined
    if marks:
        _join_marks(done, marks, forms)
    return "".join(done)


def _join_marks(done: list[str], marks: list[str], forms: _Forms) -> None:
    if not done:
        done.append("")
    letter, kept, last = done.pop(), [], 0
    for mark in sorted(marks, key=forms.classes.__getitem__):
        joined = forms.pairs.get(letter + mark) if letter and forms.classes[mark] > last else None
        if joined is None:
            kept.append(mark)
            last = forms.classes[mark]
        else:
            letter = joined
    done.append(letter)
    done.extend(kept)


def _join(first: str, second: str, forms: _Forms) -> str | None:
    lead, other = ord(first[-1:] or " "), ord(second)
    if lead in _LEADS and other in _VOWELS:
        syllable = (lead - _LEADS[0]) * len(_VOWELS) + other - _VOWELS[0]
        return chr(_SYLLABLES[0] + syllable * _TAILS_AND_NONE)
    if lead in _SYLLABLES and other in _TAILS and not (lead - _SYLLABLES[0]) % _TAILS_AND_NONE:
        return chr(lead + other - _TAILS[0] + 1)
    return forms.pairs.get(first + second)


@cache
def _sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in _read("folding.txt"):
        if line.startswith("["):
            lines = sections[line[1:-1]] = []
        elif not line.startswith("#"):
            lines.append(line)
    return sections


@cache
def _forms() -> _Forms:
    classes: dict[str, int] = {}
    for line in _sections()["classes"]:
        first, last, combining = (int(part, 16) for part in line.split())
        classes.update((chr(number), combining) for number in range(first, last + 1))
    parts: dict[int, str] = {}
    pairs: dict[str, str] = {}
    unstable = set(classes)
    for line in _sections()["canonical"]:
        character, *numbers = line.rstrip("!").split()
        text = "".join(chr(int(number, 16)) for number in numbers)
        parts[int(character, 16)] = text
        if line.endswith("!"):
            unstable.add(chr(int(character, 16)))
        else:
            pairs[text] = chr(int(character, 16))
            unstable.add(text[1])
    for number in sorted(parts):
        parts[number] = _taken_apart(parts[number], parts)
    unstable.update(map(chr, (*_VOWELS, *_TAILS)))
    return _Forms(classes, parts, pairs, frozenset(unstable))


def _taken_apart(text: str, parts: dict[int, str]) -> str:
    while (further := text.translate(parts)) != text:
        text = further
    return text


@cache
def _folds() -> _Changes:
    changes = _Changes(_sections()["fold"])
    changes.update((number, text or "") for number, text in _ASCII.items())
    return changes


@cache
def _bares() -> _Changes:
    return _Changes(_sections()["bare"])


@cache
def _letters() -> _Letters:
    return _Letters([line for line in _read("transliteration.txt") if line[0] not in "#["])


def _read(name: str) -> Iterator[str]:
    """Yield the lines of one of the package's own tables: the one place here that reads anything."""
    data = pkgutil.get_data("bibkit", f"data/{name}")
    assert data is not None  # noqa: S101 - None is for loaders that have no data; ours has, or raises
    return iter(data.decode("ascii").splitlines())
