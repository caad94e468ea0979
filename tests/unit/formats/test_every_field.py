"""Every character of the Basic Multilingual Plane, and some beyond, in every field, by every writer.

What comes back through a reader that shares no code with the writer is what went in, or a loss names entry
and cause. Text is compared in normal form C and with single spaces, which is all that TeX knows. In ASCII,
where text is long and its macros have tests of their own, each field gets each seventh character.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from bibtex_grammar import scan

from bibkit.formats.base import Rendered
from bibkit.formats.bibtex import write_biblatex, write_bibtex
from bibkit.formats.csljson import write_csljson
from bibkit.formats.ris import write_ris
from bibkit.latex import read_latex
from bibkit.model.dates import ExtendedDate, PartialDate
from bibkit.model.names import Body, Person, Role
from bibkit.model.record import ItemType, Record
from bibkit.model.work import Entry

POINTS = [*range(0x10000), *range(0x10000, 0x110000, 997), 0x10FFFF]
BASE = Record(type=ItemType.ARTICLE, title="T", issued=PartialDate(2020))

FREE = (
    *("title", "abstract", "container_title", "volume", "issue", "publisher", "place", "edition", "number"),
    *("genre", "note", "language"),
)
IDENTIFIERS = ("doi", "url", "arxiv_id", "arxiv_class", "isbn", "issn", "pages")
OTHERS: dict[str, Callable[[str], dict]] = {
    "keywords": lambda text: {"keywords": (text,)},
    "categories": lambda text: {"categories": (text,)},
    "affiliations": lambda text: {"affiliations": (text,)},
    "body": lambda text: {"creators": (Body(text),)},
    "family name": lambda text: {"creators": (Person(text, "Ann"),)},
    "given name": lambda text: {"creators": (Person("Doe", text),)},
    "particle": lambda text: {"creators": (Person("Doe", "Ann", text),)},
    "suffix": lambda text: {"creators": (Person("Doe", "Ann", None, text),)},
    "editor": lambda text: {"creators": (Body(text, Role.EDITOR),)},
    "date in words": lambda text: {"issued": ExtendedDate(literal=text)},
    "date of access": lambda text: {"accessed": ExtendedDate(literal=text)},
    "unmapped": lambda text: {"unmapped": (("annote", text),)},
}
FIELDS = (*FREE, *IDENTIFIERS, *OTHERS)

SURROGATES = "\ud800-\udfff"
LINE_BREAKS = "\n\v\f\r\x1c-\x1e\x85\u2028\u2029"
CONTROLS = "\x00-\x08\x0b-\x1f\x7f"
NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
LOST_IN_BIB = re.compile(f"[{SURROGATES}{CONTROLS}{LINE_BREAKS}\x80-\x9f{NO_CHARACTERS}]")

# What each writer cannot give back, and has to say; a field without any of it is not reported.
WRITERS = {
    "csljson": (write_csljson, re.compile(f"[{SURROGATES}]")),
    "ris": (write_ris, re.compile(f"[{SURROGATES}{CONTROLS}{LINE_BREAKS}\ufffe\uffff]")),
    "bibtex": (write_bibtex, LOST_IN_BIB),
    "biblatex": (write_biblatex, LOST_IN_BIB),
    "bibtex in ASCII": (partial(write_bibtex, ascii=True), LOST_IN_BIB),
    "biblatex in ASCII": (partial(write_biblatex, ascii=True), LOST_IN_BIB),
}
# Between pages a format has the hyphens, spaces and commas that it knows, whatever a source has there.
DASHES = re.compile("[-‐‑‒–—―]+")


def texts(field: str, *, ascii_: bool) -> list[str]:
    """Return every character, each after a letter, so that none stands at an end or beside its like."""
    points = POINTS[FIELDS.index(field) % 7 :: 7] if ascii_ else POINTS
    size = 64
    return [
        "".join(f"x{chr(point)}" for point in points[start : start + size]) + "x"
        for start in range(0, len(points), size)
    ]


def plain(text: str, field: str) -> str:
    """Return what is compared; a dollar that is none of maths comes back from LaTeX as one escaped."""
    text = " ".join(unicodedata.normalize("NFC", text).split()).replace("\\$", "$")
    if field != "pages":
        return text
    return ",".join(filter(None, DASHES.sub("-", text).replace(" ", "").split(",")))


def strings(value: object) -> Iterator[str]:
    """Yield every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)


def read_back(writer: str, rendered: Rendered) -> list[list[str]]:
    """Return the values of each entry, as read by what did not write them."""
    if writer == "csljson":
        return [list(strings(item)) for item in json.loads(rendered.text.encode().decode())]
    if writer == "ris":
        records = rendered.text.encode().decode().split("ER  - \r\n")
        assert records.pop().strip() == ""
        found = [[line[6:] for line in record.split("\r\n")] for record in records]
        return [[*values, "-".join(values)] for values in found]  # first and last page stand in two lines
    return [
        [*(read_latex(value).text for value in entry.fields.values()), *entry.fields.values()]
        for entry in scan(rendered.text)
    ]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("writer", WRITERS)
def test_every_character_in_every_field_comes_back_or_is_named(writer, field):
    _, lost = WRITERS[writer]
    written = texts(field, ascii_="ASCII" in writer)
    for text, named in check(writer, field, written):
        if field in FREE and not lost.search(text):
            assert not named, text


TOKENS = (
    *(
        "{",
        "}",
        "{}",
        "}{",
        "\\",
        "\\\\",
        "\\{",
        "\\}",
        "%",
        "50%",
        "$",
        "$$",
        "\\$",
        "$5 and $6",
        "$x$",
        "$x",
    ),
    *(
        "$\\method{}$",
        "$\\input{x}$",
        "$\\input x$",
        "\\input{/etc/passwd}",
        "\\write18{ls}",
        "$a^b^c$",
        "$}{$",
    ),
    *(
        "@",
        "@x{",
        "@article{k,",
        "@comment{",
        '"',
        '{"}',
        "#",
        "&",
        "~",
        "^",
        "_",
        "''",
        "``",
        "--",
        "<",
        ">",
    ),
    *("ER  - ", "\nER  - ", "\r\nER  - \r\n", "TY  - ", "\nTY  - JOUR\n", "\u2028ER  - ", "\x85TY  - "),
    *("\u2028", "\u2029", "\x00", "\ufeff", "\u200e", "\u200f", "\u202e", "\u2066", "\u2069", "\u061c"),
    *("e\u0301", "A\u030a", "\u0301", "q\u0323\u0307", "\u212b", "\u1100\u1161", "\ud800", "\udc00\ud800"),
    *(
        "</i>",
        "<i>x</i>",
        "&amp;",
        "<script>",
        " and ",
        "others",
        "et al.",
        ",",
        ";",
        "*",
        "\n",
        "\n\n",
        "\t",
    ),
    *(
        "\n@x{y,\n  title = {",
        "},\n  note = {x}",
        '"}, {"id": "y',
        "\\end{document}",
        "xdata=other",
        "\\u0041",
    ),
)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("writer", WRITERS)
def test_what_a_format_takes_for_its_own_comes_back_or_is_named(writer, field):
    written = [
        text
        for token in TOKENS
        for text in (f"x{token}x", token, f"{token} a", f"a {token}", f"a {token} b {token}")
    ]
    check(writer, field, [text for text in written if text.strip()])


@pytest.mark.parametrize("piece", ["{", "}", "{}", "\\", "$", "$\\{$", "\n", "e\u0301", "<i>"])
@pytest.mark.parametrize("field", ["title", "family name", "keywords", "url"])
@pytest.mark.parametrize("writer", ["bibtex", "biblatex in ASCII", "csljson", "ris"])
def test_a_hundred_thousand_characters_are_no_more_trouble_than_one(writer, field, piece):
    check(writer, field, [f"x{piece * (100_000 // len(piece))}x"])


def check(writer: str, field: str, written: list[str]) -> list[tuple[str, bool]]:
    """Hold texts in a field to the law; return each, and whether a loss names its entry."""
    write, _ = WRITERS[writer]
    make = OTHERS.get(field, lambda text: {field: text})
    entries = [Entry(f"k{number}", replace(BASE, **make(text))) for number, text in enumerate(written)]
    rendered = write(entries)
    named = {entry.key for loss in rendered.losses for entry in loss.entries}
    read = read_back(writer, rendered)
    assert len(read) == len(entries)
    for entry, text, values in zip(entries, written, read, strict=True):
        wanted = plain(text, field)
        if not any(wanted in plain(value, field) for value in values):
            assert entry.key in named, text[:200]
    return [(text, entry.key in named) for entry, text in zip(entries, written, strict=True)]
