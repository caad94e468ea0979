"""`Record`: a format-neutral bibliographic description, and what a listing alone says of it.

All text is Unicode; maths stays `$...$` in LaTeX's own notation. Knows no format and no file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bibkit.diagnostics import Source
from bibkit.model.dates import Date
from bibkit.model.drafts import maker_of
from bibkit.model.names import Creator


class ItemType(StrEnum):
    """Kind of work; each format's table says what it calls it."""

    __hash__ = str.__hash__  # an Enum's own is written in Python, and tables are asked for every record

    ARTICLE = "article"
    CONFERENCE_PAPER = "conference-paper"
    PROCEEDINGS = "proceedings"
    BOOK = "book"
    CHAPTER = "chapter"
    BOOKLET = "booklet"
    MANUAL = "manual"
    THESIS = "thesis"
    REPORT = "report"
    WEBPAGE = "webpage"
    DOCUMENT = "document"
    PREPRINT = "preprint"
    SOFTWARE = "software"
    DATASET = "dataset"
    PATENT = "patent"
    MANUSCRIPT = "manuscript"


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """What a paper listing prints beside the bibliographic facts.

    `score` is the site's own (one decimal); `code` says that code is available; `date` is the date as
    printed; `uncertain` says that title and authors stood fused and the split of them is in doubt.
    """

    score: float | None = None
    code: bool = False
    date: str | None = None
    uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One bibliographic description.

    Every field is optional but the type. `creators` are in the order of the source, of all roles;
    `creators_truncated` says that the source's list of authors ends in "et al.". `genre` is the kind of
    thesis, report or manuscript; `categories` are subject classes (`cs.LG`); `unmapped` holds name and
    text of the fields that no other field of a record can hold, in the source's order. An unmapped field
    that CSL has a variable for goes by that variable's name in every format (`collection-title` for the
    series, `event-title`, `number-of-pages`), any other by its name in the source.

    `raw` (field name in the source format, source text), `brought_key` (the citation key that a keyed file
    gives the record) and `source` are where the record came from, not what it says: two records that
    differ in them alone are equal.
    """

    type: ItemType
    title: str | None = None
    creators: tuple[Creator, ...] = ()
    creators_truncated: bool = False
    issued: Date | None = None
    abstract: str | None = None
    container_title: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    place: str | None = None
    edition: str | None = None
    number: str | None = None
    genre: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    arxiv_class: str | None = None
    isbn: str | None = None
    issn: str | None = None
    url: str | None = None
    accessed: Date | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    note: str | None = None
    listing: ListingFacts | None = None
    unmapped: tuple[tuple[str, str], ...] = ()
    brought_key: str | None = field(default=None, compare=False)
    raw: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    source: Source | None = field(default=None, compare=False)


#: `Record(...)` for readers, which make many.
make_record: Final = maker_of(Record)
