"""What RIS calls things: reference types and tags."""

from __future__ import annotations

from typing import Final

from bibkit.model.names import Role
from bibkit.model.record import ItemType

FORMAT: Final = "ris"

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

#: What `M3` says -> the type it tells, and the type that its reference type would be without it.
KIND_OF: Final = {kind: type_ for type_, kind in KINDS.items()}

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

#: Field of a record -> tag, for where a work was published.
PUBLICATION_TAGS: Final = {
    "volume": "VL",
    "issue": "IS",
    "edition": "ET",
    "publisher": "PB",
    "language": "LA",
}

#: Unmapped fields, by their name in CSL -> tag.
OTHER_TAGS: Final = {
    "container-title-short": "J2",
    "title-short": "ST",
    "number-of-volumes": "NV",
    "section": "SE",
    "call-number": "CN",
    "archive": "DB",
    "source": "DP",
}

#: Reference type -> type of a record, for those that `TYPES` does not name.
OTHER_TYPES: Final = {
    "ABST": ItemType.ARTICLE,
    "EJOUR": ItemType.ARTICLE,
    "INPR": ItemType.ARTICLE,
    "JFULL": ItemType.ARTICLE,
    "MGZN": ItemType.ARTICLE,
    "NEWS": ItemType.ARTICLE,
    "CPAPER": ItemType.CONFERENCE_PAPER,
    "CLSWK": ItemType.BOOK,
    "EBOOK": ItemType.BOOK,
    "EDBOOK": ItemType.BOOK,
    "SER": ItemType.BOOK,
    "DICT": ItemType.CHAPTER,
    "ECHAP": ItemType.CHAPTER,
    "ENCYC": ItemType.CHAPTER,
    "GOVDOC": ItemType.REPORT,
    "STAND": ItemType.REPORT,
    "BLOG": ItemType.WEBPAGE,
    "WEB": ItemType.WEBPAGE,
    "DBASE": ItemType.DATASET,
    "MANSCPT": ItemType.MANUSCRIPT,
    "UNPD": ItemType.MANUSCRIPT,
} | dict.fromkeys(
    (
        *(
            "ADVS",
            "AGGR",
            "ANCIENT",
            "ART",
            "BILL",
            "CASE",
            "CHART",
            "CTLG",
            "EQUA",
            "FIGURE",
            "GRNT",
            "HEAR",
        ),
        *(
            "ICOMM",
            "LEGAL",
            "MAP",
            "MPCT",
            "MULTI",
            "MUSIC",
            "PCOMM",
            "SLIDE",
            "SOUND",
            "STAT",
            "STD",
            "UNBILL",
        ),
        "VIDEO",
    ),
    ItemType.DOCUMENT,
)

#: Reference type -> type of a record, `M3` left aside.
TYPE_OF: Final = {name: type_ for type_, name in TYPES.items() if type_ not in KINDS} | OTHER_TYPES

#: Reference types under which preprints come, no type being theirs.
PREPRINT_TYPES: Final = frozenset({"GEN", "UNPB", "UNPD", "INPR", "MANSCPT"})

#: Tag -> field of a record with text, for tags that mean the same with any type.
TEXT_TAGS: Final = {
    "TI": "title",
    "T1": "title",
    "CT": "title",
    "VL": "volume",
    "IS": "issue",
    "ET": "edition",
    "PB": "publisher",
    "LA": "language",
    "AB": "abstract",
    "N2": "abstract",
    "UR": "url",
    "N1": "note",
}

#: Tags of what a work stands in, full titles first.
CONTAINER_TAGS: Final = ("T2", "JF", "JO", "BT", "JA", "J2")

#: In a record's raw sources, what a RIS file had for a tag goes by the tag behind this.
RAW: Final = "ris:"

ARXIV: Final = "arXiv"
TRUNCATED: Final = "Author list truncated in the source (et al.)"
