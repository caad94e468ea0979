"""The formats that bibkit knows, in one table; each stands in a module or folder of its own.

To add one: write its module with its tables first, then `read_x` and `write_x` (`base.py` says what they
take and return), and give it a line in `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bibkit.formats.base import ReadResult, Writer
from bibkit.formats.bibtex import write_biblatex, write_bibtex
from bibkit.formats.csljson import write_csljson
from bibkit.formats.listing import ListingText, read_listings
from bibkit.formats.ris import write_ris

Reader = Callable[[tuple[ListingText, ...]], tuple[ReadResult, ...]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name on the command line, what its files are called, its reader and writers.

    `file` is the name of the export; `ascii_writer` is there where a format has escapes for what is not
    ASCII. A format that is only read or only written lacks the other.
    """

    name: str
    description: str
    extensions: tuple[str, ...]
    file: str | None = None
    reader: Reader | None = None
    writer: Writer | None = None
    ascii_writer: Writer | None = None


FORMATS: Final = {
    format_.name: format_
    for format_ in (
        Format(
            "listing", "paper listing: the text of an author's paper page", (".txt",), reader=read_listings
        ),
        Format(
            "bibtex",
            "BibTeX, for bibtex and everything that reads .bib",
            (".bib",),
            file="library.bib",
            writer=write_bibtex,
            ascii_writer=partial(write_bibtex, ascii=True),
        ),
        Format(
            "biblatex",
            "biblatex's dialect of .bib, for biber",
            (".bib",),
            file="library.biblatex.bib",
            writer=write_biblatex,
            ascii_writer=partial(write_biblatex, ascii=True),
        ),
        Format(
            "csljson",
            "CSL-JSON, for pandoc, citeproc and Zotero",
            (".json",),
            file="library.json",
            writer=write_csljson,
        ),
        Format("ris", "RIS, for reference managers", (".ris",), file="library.ris", writer=write_ris),
    )
}


def detect(path: str) -> Format | None:
    """Return the format of a file by its name's extension, or None where no format has it."""
    name = path.lower()
    return next((format_ for format_ in FORMATS.values() if name.endswith(format_.extensions)), None)
