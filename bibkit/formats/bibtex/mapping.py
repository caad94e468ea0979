"""What BibTeX and biblatex call things: entry types, fields, languages; in the order of output.

The tables say where each fact of a record stands in an entry and how its value is written; they know neither
how LaTeX is escaped nor how a file is laid out. Sources: btxdoc, "BibTeXing"
(https://ctan.org/pkg/bibtex), and the data model of the biblatex manual
(https://ctan.org/pkg/biblatex).

Where an entry type of biblatex's data model has no field for a fact, the fact is written all the same, under
the name it has elsewhere: styles ignore it, `biber --validate-datamodel` says so, and nothing is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from functools import cache
from typing import Final

from bibkit.model.names import Role
from bibkit.model.record import ItemType


class Dialect(StrEnum):
    """The two kinds of `.bib` file, by the names that people know."""

    BIBTEX = "BibTeX"
    BIBLATEX = "biblatex"


class Kind(Enum):
    """How the value of a field is written."""

    TEXT = auto()  # LaTeX
    TITLE = auto()  # LaTeX, with braces around words that a style must not lower-case
    LIST = auto()  # LaTeX that biblatex splits at ` and `
    GENRE = auto()  # LaTeX, or one of biblatex's keys
    NAMES = auto()
    PAGES = auto()
    VERBATIM = auto()
    KEYWORDS = auto()
    LANGID = auto()  # a language by biblatex's name, where the table has it
    LANGUAGE = auto()  # a language as the record says it, where no `LANGID` does
    DATE = auto()  # EDTF
    YEAR = auto()
    MONTH = auto()
    DAY = auto()
    WORDS = auto()  # of a date: only where it has nothing else
    CONSTANT = auto()  # says what another field of the entry is


@dataclass(frozen=True, slots=True)
class Field:
    """Where a fact stands: `fact` is a field of a record, or a creator's role.

    No name in a dialect means that the row is not for it; a fact with no row at all is not carried.
    """

    fact: str
    kind: Kind
    bibtex: str | None = None
    biblatex: str | None = None
    constant: str = ""

    def name(self, dialect: Dialect) -> str | None:
        """Return the field's name in a dialect."""
        return self.bibtex if dialect is Dialect.BIBTEX else self.biblatex


#: The first field of all: the other keys that an entry goes by.
ALIASES: Final = "ids"

#: Every fact of a record, in the order of output. `NAMES_BY_TYPE` has the names that depend on the type.
FIELDS: Final = (
    Field(Role.AUTHOR, Kind.NAMES, "author", "author"),
    Field("title", Kind.TITLE, "title", "title"),
    Field("container_title", Kind.TEXT, "howpublished", "howpublished"),
    Field(Role.EDITOR, Kind.NAMES, "editor", "editor"),
    Field(Role.TRANSLATOR, Kind.NAMES, "translator", "translator"),
    Field(Role.CONTRIBUTOR, Kind.NAMES, None, "editora"),
    Field(Role.CONTRIBUTOR, Kind.CONSTANT, None, "editoratype", constant="collaborator"),
    Field(Role.SERIES_EDITOR, Kind.NAMES),
    Field("volume", Kind.TEXT, "volume", "volume"),
    Field("issue", Kind.TEXT, "issue", "issue"),
    Field("number", Kind.TEXT, "number", "number"),
    Field("pages", Kind.PAGES, "pages", "pages"),
    Field("edition", Kind.TEXT, "edition", "edition"),
    Field("publisher", Kind.LIST, "publisher", "publisher"),
    Field("place", Kind.LIST, "address", "location"),
    Field("genre", Kind.GENRE, "entrysubtype", "entrysubtype"),
    Field("issued", Kind.YEAR, "year", None),
    Field("issued", Kind.MONTH, "month", None),
    Field("issued", Kind.DAY, "day", None),
    Field("issued", Kind.DATE, None, "date"),
    Field("issued", Kind.WORDS, None, "year"),
    Field("isbn", Kind.TEXT, "isbn", "isbn"),
    Field("issn", Kind.TEXT, "issn", "issn"),
    Field("doi", Kind.VERBATIM, "doi", "doi"),
    Field("arxiv_id", Kind.VERBATIM, "eprint", "eprint"),
    Field("arxiv_id", Kind.CONSTANT, "archivePrefix", None, constant="arXiv"),
    Field("arxiv_id", Kind.CONSTANT, None, "eprinttype", constant="arxiv"),
    Field("arxiv_class", Kind.VERBATIM, "primaryClass", "eprintclass"),
    Field("url", Kind.VERBATIM, "url", "url"),
    Field("accessed", Kind.DATE, "urldate", "urldate"),
    Field("language", Kind.LANGID, None, "langid"),
    Field("language", Kind.LANGUAGE, "language", "language"),
    Field("note", Kind.TEXT, "note", "note"),
    Field("categories", Kind.KEYWORDS, "keywords", "keywords"),
    Field("keywords", Kind.KEYWORDS, "keywords", "keywords"),
    Field("abstract", Kind.TEXT, "abstract", "abstract"),
    Field("affiliations", Kind.TEXT),
)

#: Names by type, of both dialects where they are one: what the styles of each print, and biblatex allows.
NAMES_BY_TYPE: Final[dict[str, dict[ItemType, tuple[str, str]]]] = {
    "container_title": {
        ItemType.ARTICLE: ("journal", "journaltitle"),
        ItemType.CONFERENCE_PAPER: ("booktitle", "booktitle"),
        ItemType.CHAPTER: ("booktitle", "booktitle"),
        ItemType.PROCEEDINGS: ("maintitle", "maintitle"),
        ItemType.BOOK: ("maintitle", "maintitle"),
    },
    "issue": {
        ItemType.ARTICLE: ("number", "number"),
    },
    "number": {
        ItemType.ARTICLE: ("eid", "eid"),
    },
    "edition": {
        ItemType.ARTICLE: ("version", "version"),
        ItemType.REPORT: ("version", "version"),
        ItemType.WEBPAGE: ("version", "version"),
        ItemType.DOCUMENT: ("version", "version"),
        ItemType.PREPRINT: ("version", "version"),
        ItemType.SOFTWARE: ("version", "version"),
        ItemType.DATASET: ("version", "edition"),
        ItemType.PATENT: ("version", "version"),
    },
    "publisher": {
        ItemType.THESIS: ("school", "institution"),
        ItemType.REPORT: ("institution", "institution"),
        ItemType.MANUAL: ("organization", "organization"),
        ItemType.WEBPAGE: ("organization", "organization"),
        ItemType.DOCUMENT: ("organization", "organization"),
        ItemType.PREPRINT: ("organization", "organization"),
        ItemType.SOFTWARE: ("organization", "organization"),
        ItemType.DATASET: ("organization", "publisher"),
    },
    "genre": dict.fromkeys(
        (
            ItemType.BOOKLET,
            ItemType.MANUAL,
            ItemType.THESIS,
            ItemType.REPORT,
            ItemType.DOCUMENT,
            ItemType.SOFTWARE,
            ItemType.DATASET,
            ItemType.PATENT,
            ItemType.MANUSCRIPT,
        ),
        ("type", "type"),
    ),
}

#: Type of a record -> entry type in BibTeX, in biblatex. `writer` chooses where a type has several.
ENTRY_TYPES: Final[dict[ItemType, tuple[str, str]]] = {
    ItemType.ARTICLE: ("article", "article"),
    ItemType.CONFERENCE_PAPER: ("inproceedings", "inproceedings"),
    ItemType.PROCEEDINGS: ("proceedings", "proceedings"),
    ItemType.BOOK: ("book", "book"),
    ItemType.CHAPTER: ("incollection", "incollection"),
    ItemType.BOOKLET: ("booklet", "booklet"),
    ItemType.MANUAL: ("manual", "manual"),
    ItemType.THESIS: ("phdthesis", "thesis"),
    ItemType.REPORT: ("techreport", "report"),
    ItemType.WEBPAGE: ("misc", "online"),
    ItemType.DOCUMENT: ("misc", "misc"),
    ItemType.PREPRINT: ("misc", "online"),
    ItemType.SOFTWARE: ("misc", "software"),
    ItemType.DATASET: ("misc", "dataset"),
    ItemType.PATENT: ("misc", "patent"),
    ItemType.MANUSCRIPT: ("unpublished", "unpublished"),
}

#: What an entry type that stands for several types of record says by itself.
SHARED_ENTRY_TYPES: Final = {"misc": ItemType.DOCUMENT, "online": ItemType.WEBPAGE}

#: The kind of thesis or report that a BibTeX entry type or a key of biblatex's `type` says by itself.
GENRE_KEYS: Final[dict[ItemType, dict[str, tuple[str, str]]]] = {
    ItemType.THESIS: {
        "PhD thesis": ("phdthesis", "phdthesis"),
        "Master's thesis": ("mastersthesis", "mathesis"),
    },
    ItemType.REPORT: {
        "Technical report": ("techreport", "techreport"),
    },
}

#: What is written for a thesis or report of no known kind: the entry types alone would claim one.
NO_GENRE: Final = {ItemType.THESIS: "Thesis", ItemType.REPORT: "Report"}

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SEASONS: Final = ("Spring", "Summer", "Autumn", "Winter")

#: Variables of CSL that a record keeps among its unmapped fields -> field of a `.bib` entry.
OTHER_FIELDS: Final = {
    "PMCID": "pmcid",
    "PMID": "pmid",
    "annote": "annote",
    "call-number": "library",
    "chapter-number": "chapter",
    "collection-number": "number",
    "collection-title": "series",
    "container-title-short": "shortjournal",
    "event": "eventtitle",
    "event-date": "eventdate",
    "event-place": "venue",
    "event-title": "eventtitle",
    "journalAbbreviation": "shortjournal",
    "number-of-pages": "pagetotal",
    "number-of-volumes": "volumes",
    "original-date": "origdate",
    "original-publisher": "origpublisher",
    "original-publisher-place": "origlocation",
    "original-title": "origtitle",
    "shortTitle": "shorttitle",
    "status": "pubstate",
    "title-short": "shorttitle",
}

#: Names that an unmapped field may keep: of BibTeX's grammar, and not those of another format's tags.
OTHER_NAME: Final = re.compile(r"[a-z][a-z0-9_.:+/-]*")

#: Fields besides those of `FIELDS` that hold citation keys, with commas between them.
KEY_FIELDS: Final = frozenset({"aliasof", "ids"})

#: Fields besides those of `FIELDS` whose value is no LaTeX.
VERBATIM_FIELDS: Final = frozenset(
    {"aliasof", "crossref", "entryset", "file", "ids", "keywords", "pdf", "related", "verba", "verbb",
     "verbc", "xdata", "xref"}
)  # fmt: skip

#: Language tag (BCP 47) -> biblatex `langid`.
LANGIDS: Final = {
    "af": "afrikaans",
    "ar": "arabic",
    "bg": "bulgarian",
    "bn": "bengali",
    "ca": "catalan",
    "cs": "czech",
    "cy": "welsh",
    "da": "danish",
    "de": "german",
    "de-AT": "naustrian",
    "de-CH": "nswissgerman",
    "de-DE": "ngerman",
    "el": "greek",
    "en": "english",
    "en-AU": "australian",
    "en-CA": "canadian",
    "en-GB": "british",
    "en-NZ": "newzealand",
    "en-US": "american",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "farsi",
    "fi": "finnish",
    "fr": "french",
    "fr-CA": "canadien",
    "ga": "irish",
    "gl": "galician",
    "he": "hebrew",
    "hi": "hindi",
    "hr": "croatian",
    "hu": "magyar",
    "hy": "armenian",
    "is": "icelandic",
    "it": "italian",
    "ja": "japanese",
    "kn": "kannada",
    "la": "latin",
    "lt": "lithuanian",
    "lv": "latvian",
    "ml": "malayalam",
    "mr": "marathi",
    "nb": "norsk",
    "nl": "dutch",
    "nn": "nynorsk",
    "pl": "polish",
    "pt": "portuguese",
    "pt-BR": "brazilian",
    "ro": "romanian",
    "ru": "russian",
    "sk": "slovak",
    "sl": "slovene",
    "sq": "albanian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "te": "telugu",
    "th": "thai",
    "tr": "turkish",
    "uk": "ukrainian",
    "ur": "urdu",
    "vi": "vietnamese",
}

# What BibTeX, biber and `\cite` all take: none of the characters that end or start something in a `.bib`
# file, is active in LaTeX, or is no text.
_KEY: Final = re.compile(r"""[^\s\x00-\x1f\x7f-\x9f"#%'(),={}\\~\ud800-\udfff]+""")


def is_bibtex_key(key: str) -> bool:
    r"""Return whether a citation key can stand in a `.bib` file and in `\cite`, to the letter."""
    return _KEY.fullmatch(key) is not None


@cache
def fields_of(dialect: Dialect, item_type: ItemType) -> tuple[Field, ...]:
    """Return the rows for one type of record in output order, with the names that they have there.

    Rows of the other dialect are left out; a row without a name is a fact that the dialect cannot carry.
    """
    rows = [_named(field, item_type) for field in FIELDS]
    carried = {row.fact for row in rows if row.name(dialect) is not None}
    return tuple(
        row
        for row in rows
        if row.name(dialect) is not None or (row.fact not in carried and row.kind is not Kind.CONSTANT)
    )


def _named(field: Field, item_type: ItemType) -> Field:
    """Return a row with the names that the type gives it."""
    names = NAMES_BY_TYPE.get(field.fact, {}).get(item_type)
    return field if names is None else replace(field, bibtex=names[0], biblatex=names[1])
