"""The formats that bibkit knows, in one table; each stands in a module or folder of its own.

To add one: write its module with its tables first, then `read_x` and `write_x` (`base.py` says what they
take and return), and give it a line in `FORMATS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from bibkit.formats.base import ListingText, ReadResult, Writer
from bibkit.formats.bibtex import is_bibtex_key, write_biblatex, write_bibtex
from bibkit.formats.bibtex.reader import read_bibtex
from bibkit.formats.csljson import read_csljson, write_csljson
from bibkit.formats.csljson import source as csl
from bibkit.formats.ris import read_ris, write_ris

Reader = Callable[[Sequence[ListingText]], tuple[ReadResult, ...]]
"""Texts of one format to a result each; a reader may weigh evidence across all of them, as listings need."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name on the command line, what its files are called, its reader and writers.

    `file` is the name of the export; `ascii_writer` is there where a format has escapes for what is not
    ASCII; `is_key` says what can be a citation key there. `begins` matches what no text of another format
    begins with, `holds` what every text of the format holds somewhere, where other programs use the extension
    for other things. A format that is only read or only written lacks the other; two that share a reader
    are dialects of one.
    """

    name: str
    description: str
    extensions: tuple[str, ...]
    file: str | None = None
    reader: Reader | None = None
    writer: Writer | None = None
    ascii_writer: Writer | None = None
    is_key: Callable[[str], bool] = bool
    begins: re.Pattern[str] | None = None
    holds: re.Pattern[str] | None = None


def _read_listings(texts: Sequence[ListingText]) -> tuple[ReadResult, ...]:
    """Return what listings hold; what reads them takes a while to import, and a `.bib` file needs none."""
    from bibkit.formats.listing import read_listings  # noqa: PLC0415 - start-up time

    return read_listings(texts)


def _each(read: Callable[[str, str], ReadResult]) -> Reader:
    """Return the reader of a format in which every text stands for itself."""

    def read_all(texts: Sequence[ListingText]) -> tuple[ReadResult, ...]:
        return tuple(read(text.text, text.path) for text in texts)

    return read_all


def _is_line(key: str) -> bool:
    """Return whether a key can stand on a line by itself, and is the same when read again."""
    return key.isprintable() and bool(key) and key == key.strip()


_READ_BIB: Final = _each(read_bibtex)
_BEGINS_BIB: Final = re.compile(r"(?:\s*%[^\n]*\n)*\s*@\s*[A-Za-z]+\s*[{(]")
_BEGINS_JSON: Final = re.compile(r"\s*(?:\[\s*)?\{\s*\"|\s*\[\s*\]\s*\Z")
_ITEM_OF_ZOTERO: Final = '"itemType"'
_HOLDS_ITEMS: Final = re.compile(rf'"type"\s*:\s*"(?:{"|".join(map(re.escape, csl.TYPE_OF))})"')

FORMATS: Final = {
    format_.name: format_
    for format_ in (
        Format(
            "listing", "paper listing: the text of an author's paper page", (".txt",), reader=_read_listings
        ),
        Format(
            "bibtex",
            "BibTeX, for bibtex and everything that reads .bib",
            (".bib",),
            file="library.bib",
            reader=_READ_BIB,
            writer=write_bibtex,
            ascii_writer=partial(write_bibtex, ascii=True),
            is_key=is_bibtex_key,
            begins=_BEGINS_BIB,
        ),
        Format(
            "biblatex",
            "biblatex's dialect of .bib, for biber",
            (".bib",),
            file="library.biblatex.bib",
            reader=_READ_BIB,
            writer=write_biblatex,
            ascii_writer=partial(write_biblatex, ascii=True),
            is_key=is_bibtex_key,
            begins=_BEGINS_BIB,
        ),
        Format(
            "csljson",
            "CSL-JSON, for pandoc, citeproc and Zotero",
            (".json",),
            file="library.json",
            reader=_each(read_csljson),
            writer=write_csljson,
            begins=_BEGINS_JSON,
            holds=_HOLDS_ITEMS,
        ),
        Format(
            "ris",
            "RIS, for reference managers",
            (".ris",),
            file="library.ris",
            reader=_each(read_ris),
            writer=write_ris,
            is_key=_is_line,
            begins=re.compile(r"\s*TY {1,2}-(?: |\s)"),
        ),
    )
}

#: Formats that people have at hand and bibkit does not read: what a text of one begins with -> its name.
FOREIGN: Final = {
    re.compile(r"\s*PMID ?- ?\d"): "MEDLINE, PubMed's own format",
    re.compile(r"\s*%0 [A-Z]"): "EndNote's tagged format (.enw, Refer)",
    re.compile(r"\s*FN \w.*\n\s*VR \d"): "Web of Science's own format",
    re.compile(r"\s*<(?:\?xml|!DOCTYPE|html)\b", re.IGNORECASE): "XML or HTML",
    re.compile(r"\s*(?:---\s+)?references:\s"): "YAML",
}


def foreign(text: str) -> str | None:
    """Return the name of the format that a text is of, where bibkit knows it and does not read it."""
    for begins, name in FOREIGN.items():
        if begins.match(text):
            return name
    # Zotero and Better BibTeX export their own items as JSON too, under a name that tells them not apart.
    if _ITEM_OF_ZOTERO in text and _BEGINS_JSON.match(text) and not _HOLDS_ITEMS.search(text):
        return "Zotero's own JSON"
    return None


def detect(name: str, text: str) -> Format | None:
    """Return the format of a text, or None where neither its beginning nor its name tells.

    What a text begins with counts first, where no text of another format begins so; then the extension of
    its name. Of the dialects of a format, which are read alike, it is the first.
    """
    begun = (format_ for format_ in FORMATS.values() if format_.begins and format_.begins.match(text))
    return next(begun, None) or detect_by_name(name)


def detect_by_name(name: str) -> Format | None:
    """Return the first format that a name's extension is of, or None where it is of none."""
    lowered = name.lower()
    return next((format_ for format_ in FORMATS.values() if lowered.endswith(format_.extensions)), None)
