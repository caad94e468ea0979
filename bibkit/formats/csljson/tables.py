"""What CSL 1.0.2 calls things: types, variables, names; in the order in which they are written."""

from __future__ import annotations

from typing import Final

from bibkit.model.names import Role
from bibkit.model.record import ItemType

FORMAT: Final = "csljson"

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

#: Field of a record -> CSL variable, for the text fields at the end.
CONTENT_FIELDS: Final = {"abstract": "abstract", "note": "note"}

#: In a record's raw sources, what a CSL-JSON file had for a variable goes by its name behind this.
RAW: Final = "csl:"

ARXIV: Final = "arXiv"
PREPRINT_GENRE: Final = "preprint"

#: CSL type -> type of a record, for the types that `TYPES` does not name; any other is a document.
OTHER_TYPES: Final = {
    "article-magazine": ItemType.ARTICLE,
    "article-newspaper": ItemType.ARTICLE,
    "review": ItemType.ARTICLE,
    "review-book": ItemType.ARTICLE,
    "classic": ItemType.BOOK,
    "entry": ItemType.CHAPTER,
    "entry-dictionary": ItemType.CHAPTER,
    "entry-encyclopedia": ItemType.CHAPTER,
    "post": ItemType.WEBPAGE,
    "post-weblog": ItemType.WEBPAGE,
    "standard": ItemType.REPORT,
    "bill": ItemType.DOCUMENT,
    "broadcast": ItemType.DOCUMENT,
    "collection": ItemType.DOCUMENT,
    "event": ItemType.DOCUMENT,
    "figure": ItemType.DOCUMENT,
    "graphic": ItemType.DOCUMENT,
    "hearing": ItemType.DOCUMENT,
    "interview": ItemType.DOCUMENT,
    "legal_case": ItemType.DOCUMENT,
    "legislation": ItemType.DOCUMENT,
    "map": ItemType.DOCUMENT,
    "motion_picture": ItemType.DOCUMENT,
    "musical_score": ItemType.DOCUMENT,
    "performance": ItemType.DOCUMENT,
    "periodical": ItemType.DOCUMENT,
    "personal_communication": ItemType.DOCUMENT,
    "regulation": ItemType.DOCUMENT,
    "song": ItemType.DOCUMENT,
    "speech": ItemType.DOCUMENT,
    "treaty": ItemType.DOCUMENT,
}

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
        "event-place",
        "event-title",
        "first-reference-note-number",
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

#: Variables that may be a JSON number as well.
NUMBER_VARIABLES: Final = frozenset(
    {
        "chapter-number",
        "citation-number",
        "collection-number",
        "edition",
        "first-reference-note-number",
        "issue",
        "locator",
        "number",
        "number-of-pages",
        "number-of-volumes",
        "page",
        "page-first",
        "part",
        "printing",
        "supplement",
        "volume",
    }
)

#: Variables that the schema keeps beside the ones that took their place.
OLD_NAMES: Final = {
    "event": "event-title",
    "journalAbbreviation": "container-title-short",
    "shortTitle": "title-short",
}

#: Dates that a record has no field for; among its unmapped fields they stand in EDTF.
OTHER_DATE_VARIABLES: Final = frozenset({"available-date", "event-date", "original-date", "submitted"})

#: Names that a record has no role for; among its unmapped fields they stand as JSON.
OTHER_NAME_VARIABLES: Final = frozenset(
    {
        "chair",
        "compiler",
        "composer",
        "container-author",
        "curator",
        "director",
        "editorial-director",
        "executive-producer",
        "guest",
        "host",
        "illustrator",
        "interviewer",
        "narrator",
        "organizer",
        "original-author",
        "performer",
        "producer",
        "recipient",
        "reviewed-author",
        "script-writer",
        "series-creator",
    }
)

#: Members of a name: text, and what may be text, number or boolean.
NAME_PARTS: Final = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal")
NAME_SWITCHES: Final = frozenset({"comma-suffix", "static-ordering", "parse-names"})

#: Every variable, for what would be taken as an assignment to one.
ALL_VARIABLES: Final = frozenset(
    {
        "type",
        "title",
        "genre",
        "keyword",
        "abstract",
        "note",
        "issued",
        "accessed",
        *ROLES.values(),
        *PUBLICATION_FIELDS.values(),
        *IDENTIFIER_FIELDS.values(),
        *OTHER_TEXT_VARIABLES,
        *OLD_NAMES,
        *OTHER_DATE_VARIABLES,
        *OTHER_NAME_VARIABLES,
    }
)
