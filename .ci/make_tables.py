"""Make `bibkit/data/folding.txt` and `bibkit/data/transliteration.txt`.

Run once for a version of the key scheme; another version of Unicode or anyascii makes another scheme:
    python3.13 -m venv /tmp/tables && /tmp/tables/bin/pip install anyascii==0.3.3
    /tmp/tables/bin/python .ci/make_tables.py bibkit/data

Refuses to run with other versions than those. What the tables hold is said in their first lines.
"""

# ruff: noqa: D103, INP001 - a script: no package, and its functions are its own

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from anyascii import anyascii

UNICODE: Final = "15.1.0"
ANYASCII: Final = "0.3.3"

# Deleted: what is written in and around a word and is no part of it. Apostrophes of every shape, the
# modifier letters that transliterations use as such, braces, and marks that nobody sees.
APOSTROPHES: Final = frozenset("'`´‘’‛′‵＇ʹʻʼʽʾʿˈˊˋˮ")
BRACES: Final = frozenset("{}")
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Kept as they stand: symbols that tell one title from another (C, C++ and C#; A and A*; 5% and 5).
KEPT: Final = frozenset("#%*@+<=>")
SPELLED: Final = {"&": " and "}
ALIKE: Final = {"\u2217": "*"}
# Symbols of mathematics by their category that are punctuation to a reader.
NO_SYMBOLS: Final = frozenset("|~¬\u2044\u2212\u2215\u2216\u2223\u2236\u223c")
# Marks whose absence leaves the word: accents and the like, and the vowel points of Hebrew and Arabic.
ACCENTS: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
HANGUL: Final = range(0xAC00, 0xD7A4)


def main(folder: Path) -> None:
    found = unicodedata.unidata_version, version("anyascii")
    if found != (UNICODE, ANYASCII):
        sys.exit(f"Unicode and anyascii are {found}, not {(UNICODE, ANYASCII)}")
    folds = dict(fold_table())
    write(
        folder / "folding.txt",
        [
            f"Derived from the Unicode Character Database {UNICODE}; licence: unicode.LICENSE.",
            "Made by .ci/make_tables.py. All numbers are hexadecimal.",
            "classes: FIRST LAST CLASS, the canonical combining class of a range of characters",
            "canonical: CHARACTER FIRST [SECOND], its canonical decomposition; ! where it is not composed",
            "fold: what a character is in a normalised title; bare: what is left of that in a fingerprint.",
            "Each line is for 256 characters: the first digits of all, then LAST-DIGITS=CHARACTER.CHARACTER",
            "for each that changes; nothing after the = where it vanishes",
        ],
        {
            "classes": class_lines(),
            "canonical": canonical_lines(),
            "fold": change_lines(folds),
            "bare": change_lines(dict(bare_table(folds))),
        },
    )
    letters = dict(transliteration_table(folds))
    write(
        folder / "transliteration.txt",
        [
            f"Derived from anyascii {ANYASCII} (https://github.com/anyascii/anyascii);",
            "licence: anyascii.LICENSE.",
            f"Made by .ci/make_tables.py, for letters, digits and marks of Unicode {UNICODE} and later",
            "ones. Each line is for 256 characters: the first digits of all, then, after a space each, the",
            "ASCII letters and digits of each character, in lower case; - is none, _ a symbol between words.",
        ],
        {"blocks": block_lines(letters)},
    )


def assigned() -> Iterator[str]:
    for number in range(0x80, sys.maxunicode + 1):
        if unicodedata.category(chr(number)) not in {"Cn", "Cs"}:
            yield chr(number)


def fold_table() -> Iterator[tuple[str, str]]:
    for character in assigned():
        folded = fold(character)
        if folded != character:
            yield character, folded


def fold(character: str) -> str:
    if character in APOSTROPHES or INVISIBLE.match(character):
        return ""
    if unicodedata.category(character) == "Sk":
        return ""  # a spaced accent, as text copied from a PDF has it: Schro¨dinger
    if unicodedata.category(character) == "So" and not unicodedata.normalize("NFKC", character).isalnum():
        return " "
    if character in "©®™℠℗":
        return " "
    text, before = character, None
    while text != before:
        text, before = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", text).casefold()), text
    return unicodedata.normalize("NFC", "".join(keep(part) for part in text))


def keep(character: str) -> str:  # noqa: PLR0911 - one line a kind of character
    if character in APOSTROPHES or character in BRACES or INVISIBLE.match(character):
        return ""
    if character in KEPT:
        return character
    if character in SPELLED:
        return SPELLED[character]
    if character in ALIKE:
        return ALIKE[character]
    if character in NO_SYMBOLS:
        return " "
    category = unicodedata.category(character)
    if category[0] in "LNM" or category in {"Sm", "Co"} or (category == "Sc" and character != "$"):
        return character
    return " "


def bare_table(folds: dict[str, str]) -> Iterator[tuple[str, str]]:
    for character in assigned():
        if character in folds or ord(character) in HANGUL or unicodedata.category(character) == "Sm":
            continue  # a struck-out relation is another relation, not one with an accent
        parts = ACCENTS.sub("", unicodedata.normalize("NFD", character))
        bare = unicodedata.normalize("NFC", "".join(bare_letter(part) for part in parts))
        if bare != character:
            yield character, bare


def bare_letter(character: str) -> str:
    if not character.isascii() and unicodedata.name(character, "").startswith("LATIN "):
        return letters_of(character) or character
    return character


def letters_of(character: str) -> str:
    return re.sub("[^a-z0-9]", "", anyascii(character).lower())


def transliteration_table(folds: dict[str, str]) -> Iterator[tuple[int, str]]:
    for number in range(0x80, sys.maxunicode + 1):
        character = chr(number)
        category = unicodedata.category(character)
        if (category[0] in "LNM" or category == "Cn") and character not in folds:
            letters = letters_of(character)
            if letters:
                yield number, letters
        elif category in {"Sm", "Sc"} and character not in folds:
            yield number, "_"


def class_lines() -> Iterator[str]:
    first = last = combining = 0
    for number in range(0x80, sys.maxunicode + 2):
        found = unicodedata.combining(chr(number)) if number <= sys.maxunicode else 0
        if combining and found != combining:
            yield f"{first:x} {last:x} {combining:x}"
        if found != combining:
            first = number
        last, combining = number, found


def canonical_lines() -> Iterator[str]:
    for character in assigned():
        decomposition = unicodedata.decomposition(character)
        if not decomposition or decomposition.startswith("<"):
            continue
        parts = "".join(chr(int(part, 16)) for part in decomposition.split())
        mark = "" if unicodedata.normalize("NFC", parts) == character else "!"
        yield f"{row(character, parts)}{' ' if mark else ''}{mark}"


def row(character: str, text: str) -> str:
    return " ".join(f"{ord(part):x}" for part in character + text)


def change_lines(changes: dict[str, str]) -> Iterator[str]:
    blocks: dict[int, list[str]] = {}
    for character, text in changes.items():
        cell = f"{ord(character) & 0xFF:x}={'.'.join(f'{ord(part):x}' for part in text)}"
        blocks.setdefault(ord(character) >> 8, []).append(cell)
    for block, cells in blocks.items():
        yield f"{block:x} {' '.join(cells)}"


def block_lines(letters: dict[int, str]) -> Iterator[str]:
    for block in sorted({number >> 8 for number in letters}):
        cells = [letters.get((block << 8) + low, "-") for low in range(256)]
        while cells[-1] == "-":
            cells.pop()
        yield f"{block:x} {' '.join(cells)}"


def write(path: Path, head: list[str], sections: dict[str, Iterator[str]]) -> None:
    lines = [f"# {line}" for line in head]
    for name, rows in sections.items():
        lines += [f"[{name}]", *rows]
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
