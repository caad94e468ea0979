"""What RIS calls things: reference types and tags."""

from __future__ import annotations

from typing import Final

from bibkit.model.names import Role
from bibkit.model.record import ItemType

#: Type of a record -> reference type (`TY`).
TYPES: Final = {
    ItemType.ARTICLE: "JOUR",
    ItemType.CONFERENCE_PAPER: "CONF",
    ItemType.PROCEEDINGS: "BOOK",
    ItemType.BOOK: "BOOK",
    ItemType.CHAPTER: "CHAP",
    ItemType.BOOKLET: "PAMP",
    ItemType.MANUAL: "BOOK",
    ItemType.THESIS: "THES",
    ItemType.REPORT: "RPRT",
    ItemType.WEBPAGE: "ELEC",
    ItemType.DOCUMENT: "GEN",
    ItemType.PREPRINT: "GEN",
    ItemType.SOFTWARE: "COMP",
    ItemType.DATASET: "DATA",
    ItemType.PATENT: "PAT",
    ItemType.MANUSCRIPT: "UNPB",
}

#: Types that share a reference type with a more common one: what `M3` (type of work) says of them.
KINDS: Final = {
    ItemType.PREPRINT: "preprint",
    ItemType.PROCEEDINGS: "proceedings",
    ItemType.MANUAL: "manual",
}

#: Types whose editors and series have the tags of a book of its own, not of a part of one.
BOOKS: Final = frozenset({ItemType.BOOK, ItemType.PROCEEDINGS, ItemType.MANUAL})

#: Role of a creator -> tag, for works that are part of another.
ROLES: Final = {
    Role.AUTHOR: "AU",
    Role.EDITOR: "A2",
    Role.SERIES_EDITOR: "A3",
    Role.TRANSLATOR: "A4",
}

#: As above, for books.
BOOK_ROLES: Final = {
    Role.AUTHOR: "AU",
    Role.SERIES_EDITOR: "A2",
    Role.EDITOR: "A3",
    Role.TRANSLATOR: "A4",
}

#: Types whose `SN` is the number that the record itself has (a report's, a patent's).
NUMBERED: Final = frozenset({ItemType.REPORT, ItemType.PATENT})

#: Unmapped fields, by their name in CSL -> tag.
OTHER_TAGS: Final = {
    "container-title-short": "J2",
    "title-short": "ST",
    "number-of-volumes": "NV",
    "section": "SE",
    "call-number": "CN",
    "archive": "DB",
    "source": "DP",
    "original-title": "OP",
}

ARXIV: Final = "arXiv"
TRUNCATED: Final = "Author list truncated in the source (et al.)"
