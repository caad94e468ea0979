"""Items of CSL 1.0.2 as strict models, from the specification: types, variables, names, dates.

https://docs.citationstyles.org/en/stable/specification.html, appendices III (types) and IV (variables).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model

TYPES = Literal[
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast",
    "chapter", "classic", "collection", "dataset", "document", "entry", "entry-dictionary",
    "entry-encyclopedia", "event", "figure", "graphic", "hearing", "interview", "legal_case", "legislation",
    "manuscript", "map", "motion_picture", "musical_score", "pamphlet", "paper-conference", "patent",
    "performance", "periodical", "personal_communication", "post", "post-weblog", "regulation", "report",
    "review", "review-book", "software", "song", "speech", "standard", "thesis", "treaty", "webpage",
]  # fmt: skip

STANDARD_VARIABLES = (
    "abstract", "annote", "archive", "archive_collection", "archive_location", "archive-place", "authority",
    "call-number", "citation-key", "citation-label", "collection-title", "container-title",
    "container-title-short", "dimensions", "division", "DOI", "event-place", "event-title", "genre", "ISBN",
    "ISSN", "jurisdiction", "keyword", "language", "medium", "note", "original-publisher",
    "original-publisher-place", "original-title", "part-title", "PMCID", "PMID", "publisher",
    "publisher-place", "references", "reviewed-genre", "reviewed-title", "scale", "source", "status", "title",
    "title-short", "URL", "volume-title", "volume-title-short", "year-suffix",
)  # fmt: skip

NUMBER_VARIABLES = (
    "chapter-number", "citation-number", "collection-number", "edition", "first-reference-note-number",
    "issue", "locator", "number", "number-of-pages", "number-of-volumes", "page", "page-first",
    "part", "printing", "section", "supplement", "version", "volume",
)  # fmt: skip

DATE_VARIABLES = ("accessed", "available-date", "event-date", "issued", "original-date", "submitted")

NAME_VARIABLES = (
    "author", "chair", "collection-editor", "compiler", "composer", "container-author", "contributor",
    "curator", "director", "editor", "editorial-director", "executive-producer", "guest", "host",
    "illustrator", "interviewer", "narrator", "organizer", "original-author", "performer", "producer",
    "recipient", "reviewed-author", "script-writer", "series-creator", "translator",
)  # fmt: skip


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Name(Strict):
    family: str | None = None
    given: str | None = None
    dropping_particle: str | None = Field(None, alias="dropping-particle")
    non_dropping_particle: str | None = Field(None, alias="non-dropping-particle")
    suffix: str | None = None
    comma_suffix: str | int | bool | None = Field(None, alias="comma-suffix")
    static_ordering: str | int | bool | None = Field(None, alias="static-ordering")
    literal: str | None = None
    parse_names: str | int | bool | None = Field(None, alias="parse-names")


DatePart = Annotated[list[str | int], Field(min_length=1, max_length=3)]


class Date(Strict):
    date_parts: Annotated[list[DatePart], Field(min_length=1, max_length=2)] | None = Field(
        None, alias="date-parts"
    )
    season: str | int | None = None
    circa: str | int | bool | None = None
    literal: str | None = None
    raw: str | None = None


def _optional(names, type_):
    return {name.replace("-", "_"): (type_ | None, Field(None, alias=name)) for name in names}


Item = create_model(
    "Item",
    __base__=Strict,
    id=(str | int, ...),
    type=(TYPES, ...),
    custom=(dict | None, None),
    **_optional(STANDARD_VARIABLES, str),
    **_optional(NUMBER_VARIABLES, str | int | float),
    **_optional(DATE_VARIABLES, Date),
    **_optional(NAME_VARIABLES, Annotated[list[Name], Field(min_length=1)]),
)

ITEMS = TypeAdapter(list[Item])
