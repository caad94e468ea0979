"""Records that have all that the programs which print them ask for, and free text that is hostile to them."""

import strategies
from hypothesis import strategies as st

from bibkit.model.names import Role
from bibkit.model.record import ItemType, Record
from bibkit.model.work import CitationKey, Entry

TEXT = strategies.one_line(strategies.texts(surrogates=False)).filter(
    lambda text: "\ufffd" not in text and any(map(str.isalnum, text))
)
AUTHORS = st.lists(strategies.creators(TEXT, (Role.AUTHOR,)), min_size=1, max_size=3)
EDITORS = st.lists(strategies.creators(TEXT, (Role.EDITOR,)), min_size=1, max_size=2)
NUMBER = st.integers(1, 99).map(str)
PART_OF_A_BOOK = ("container_title", "volume", "pages", "publisher", "place", "isbn", "note", "language")

# What both data models have for a type: the facts it needs, then those it may have.
KNOWN = {
    ItemType.ARTICLE: (
        ("author", "container_title", "volume"),
        ("issue", "pages", "number", "edition", "issn", "note", "language"),
    ),
    ItemType.CONFERENCE_PAPER: (("author", "container_title"), PART_OF_A_BOOK),
    ItemType.PROCEEDINGS: (
        ("editor", "publisher"),
        ("container_title", "volume", "pages", "place", "isbn", "note", "language"),
    ),
    ItemType.BOOK: (
        ("author", "publisher"),
        ("container_title", "volume", "pages", "place", "edition", "isbn", "note", "language"),
    ),
    ItemType.CHAPTER: (("author", "editor", "container_title", "publisher"), (*PART_OF_A_BOOK, "edition")),
    ItemType.BOOKLET: (("author",), ("container_title", "pages", "place", "genre", "note", "language")),
    ItemType.MANUAL: (
        ("author",),
        ("publisher", "number", "pages", "place", "edition", "isbn", "genre", "note", "language"),
    ),
    ItemType.THESIS: (("author", "publisher"), ("pages", "place", "genre", "note", "language")),
    ItemType.REPORT: (
        ("author", "publisher"),
        ("number", "pages", "place", "edition", "genre", "note", "language"),
    ),
    ItemType.WEBPAGE: (("author", "url"), ("publisher", "edition", "note", "language")),
    ItemType.DOCUMENT: (
        ("author",),
        ("container_title", "publisher", "place", "edition", "genre", "note", "language"),
    ),
    ItemType.PREPRINT: (("author", "url"), ("arxiv_id", "arxiv_class", "publisher", "edition", "note")),
    ItemType.SOFTWARE: (("author",), ("container_title", "publisher", "place", "edition", "genre", "note")),
    ItemType.DATASET: (("author",), ("place", "edition", "genre", "note", "language")),
    ItemType.PATENT: (("author",), ("place", "edition", "genre", "note")),
    ItemType.MANUSCRIPT: (("author", "note"), ("container_title", "place", "genre", "language")),
}
EVERYWHERE = ("abstract", "keywords", "categories", "doi", "url", "accessed", "arxiv_id", "truncated")
FACTS = {
    "volume": NUMBER,
    "issue": NUMBER,
    "number": NUMBER,
    "edition": st.sampled_from(["2", "3"]),
    "pages": strategies.PAGES,
    "isbn": st.sampled_from(["9783161484100", "978-0-306-40615-7", "0-306-40615-2"]),
    "issn": st.sampled_from(["2049-3630", "0317-8471"]),
    "language": st.sampled_from(["en", "de-AT", "Klingon"]),
    "doi": strategies.DOIS,
    "url": strategies.DOIS.map("https://doi.org/{}".format),
    "arxiv_id": strategies.ARXIV_IDS,
    "arxiv_class": strategies.CATEGORIES,
    "accessed": strategies.dates(),
    "keywords": st.lists(TEXT, min_size=1, max_size=3).map(tuple),
    "categories": st.lists(strategies.CATEGORIES, min_size=1, max_size=2).map(tuple),
}


@st.composite
def whole_records(draw) -> Record:
    """A record of any type that has what the styles ask for, and nothing that biblatex does not know."""
    item_type = draw(st.sampled_from(list(KNOWN)))
    needed, possible = KNOWN[item_type]
    chosen = {*needed, *draw(st.lists(st.sampled_from((*possible, *EVERYWHERE)), unique=True))}
    facts = {fact: draw(FACTS.get(fact, TEXT)) for fact in sorted(chosen - {"author", "editor", "truncated"})}
    creators = [
        *(draw(AUTHORS) if "author" in chosen else ()),
        *(draw(EDITORS) if "editor" in chosen else ()),
    ]
    return Record(
        type=item_type,
        title=draw(TEXT),
        creators=tuple(creators),
        creators_truncated="truncated" in chosen,
        issued=draw(strategies.dates().filter(lambda date: date.year >= 1000)),
        **({"number": "7"} if item_type is ItemType.PATENT else {}) | facts,
    )


def with_keys(records, prefix: str = "k") -> list[Entry]:
    return [Entry(CitationKey(f"{prefix}{index}"), record) for index, record in enumerate(records)]
