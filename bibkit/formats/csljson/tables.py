"""What CSL 1.0.2 calls things: types, variables, names; in the order in which they are written."""

from __future__ import annotations

from typing import Final

from bibkit.model.names import Role
from bibkit.model.record import ItemType

#: Type of a record -> CSL type.
TYPES: Final = {
    ItemType.ARTICLE: "article-journal",
    ItemType.CONFERENCE_PAPER: "paper-conference",
    ItemType.PROCEEDINGS: "book",
    ItemType.BOOK: "book",
    ItemType.CHAPTER: "chapter",
    ItemType.BOOKLET: "pamphlet",
    ItemType.MANUAL: "book",
    ItemType.THESIS: "thesis",
    ItemType.REPORT: "report",
    ItemType.WEBPAGE: "webpage",
    ItemType.DOCUMENT: "document",
    ItemType.PREPRINT: "article",
    ItemType.SOFTWARE: "software",
    ItemType.DATASET: "dataset",
    ItemType.PATENT: "patent",
    ItemType.MANUSCRIPT: "manuscript",
}

#: Types that share a CSL type with a more common one; `custom` tells them apart.
SHARED_TYPES: Final = frozenset({ItemType.PROCEEDINGS, ItemType.MANUAL})

#: Role of a creator -> CSL name variable.
ROLES: Final = {
    Role.AUTHOR: "author",
    Role.EDITOR: "editor",
    Role.TRANSLATOR: "translator",
    Role.CONTRIBUTOR: "contributor",
    Role.SERIES_EDITOR: "collection-editor",
}

#: Field of a record -> CSL variable, for the text fields between creators and date.
PUBLICATION_FIELDS: Final = {
    "container_title": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "edition": "edition",
    "number": "number",
    "publisher": "publisher",
    "place": "publisher-place",
}

#: As above, for the text fields after the dates.
IDENTIFIER_FIELDS: Final = {
    "doi": "DOI",
    "isbn": "ISBN",
    "issn": "ISSN",
    "url": "URL",
    "language": "language",
}

#: The last of a truncated list of names; the one value that every citation processor renders bearably.
OTHERS: Final = "others"

ARXIV: Final = "arXiv"
PREPRINT_GENRE: Final = "preprint"

#: CSL variables of text or number that a record has no field for; they are kept among its unmapped ones.
OTHER_TEXT_VARIABLES: Final = frozenset(
    {
        "annote",
        "archive",
        "archive-place",
        "archive_collection",
        "archive_location",
        "authority",
        "call-number",
        "chapter-number",
        "citation-label",
        "citation-number",
        "collection-number",
        "collection-title",
        "container-title-short",
        "dimensions",
        "division",
        "event",
        "event-place",
        "event-title",
        "first-reference-note-number",
        "journalAbbreviation",
        "jurisdiction",
        "locator",
        "medium",
        "number-of-pages",
        "number-of-volumes",
        "original-publisher",
        "original-publisher-place",
        "original-title",
        "page-first",
        "part",
        "part-title",
        "PMCID",
        "PMID",
        "printing",
        "references",
        "reviewed-genre",
        "reviewed-title",
        "scale",
        "section",
        "shortTitle",
        "source",
        "status",
        "supplement",
        "title-short",
        "version",
        "volume-title",
        "volume-title-short",
        "year-suffix",
    }
)
