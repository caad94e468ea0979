"""What the fields of an entry are for: its type and their names tell it, once for all entries with the same.

Which field says what is in the tables of `mapping`, read backwards for both dialects at once, and in those
below, which only reading needs. Where several fields say one thing, the one that the tables name first does.
What reads a value that is no plain text is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from bibkit.formats.bibtex.mapping import Dialect, Kind, fields_of
from bibkit.model.names import Role
from bibkit.model.record import ItemType

Reading = Callable[[Any, int], None]
"""A method of the reader: takes the place of a field."""

UNMAPPED: Final = "unmapped"
"""The fact of a field that nothing of a record can hold."""

#: Entry type -> type of a record, and the kind of work that it says by itself. Any other is a document.
TYPES: Final[dict[str, tuple[ItemType, str | None]]] = {
    "article": (ItemType.ARTICLE, None),
    "review": (ItemType.ARTICLE, None),
    "suppperiodical": (ItemType.ARTICLE, None),
    "inproceedings": (ItemType.CONFERENCE_PAPER, None),
    "conference": (ItemType.CONFERENCE_PAPER, None),
    "proceedings": (ItemType.PROCEEDINGS, None),
    "mvproceedings": (ItemType.PROCEEDINGS, None),
    "book": (ItemType.BOOK, None),
    "mvbook": (ItemType.BOOK, None),
    "collection": (ItemType.BOOK, None),
    "mvcollection": (ItemType.BOOK, None),
    "reference": (ItemType.BOOK, None),
    "mvreference": (ItemType.BOOK, None),
    "inbook": (ItemType.CHAPTER, None),
    "bookinbook": (ItemType.CHAPTER, None),
    "suppbook": (ItemType.CHAPTER, None),
    "incollection": (ItemType.CHAPTER, None),
    "suppcollection": (ItemType.CHAPTER, None),
    "inreference": (ItemType.CHAPTER, None),
    "booklet": (ItemType.BOOKLET, None),
    "manual": (ItemType.MANUAL, None),
    "thesis": (ItemType.THESIS, None),
    "phdthesis": (ItemType.THESIS, "PhD thesis"),
    "mastersthesis": (ItemType.THESIS, "Master's thesis"),
    "report": (ItemType.REPORT, None),
    "techreport": (ItemType.REPORT, "Technical report"),
    "online": (ItemType.WEBPAGE, None),
    "electronic": (ItemType.WEBPAGE, None),
    "www": (ItemType.WEBPAGE, None),
    "webpage": (ItemType.WEBPAGE, None),
    "preprint": (ItemType.PREPRINT, None),
    "software": (ItemType.SOFTWARE, None),
    "dataset": (ItemType.DATASET, None),
    "patent": (ItemType.PATENT, None),
    "unpublished": (ItemType.MANUSCRIPT, None),
    "misc": (ItemType.DOCUMENT, None),
}

_PARTS_OF_SOMETHING: Final = frozenset(ItemType) - {ItemType.ARTICLE, ItemType.BOOK, ItemType.PROCEEDINGS}

_IN_BOOKS: Final = frozenset({ItemType.CHAPTER, ItemType.CONFERENCE_PAPER})
_WITHOUT_BOOK: Final = frozenset(("maintitle", item_type) for item_type in _IN_BOOKS)

#: Fields that say what one of the tables' says, where that one is not there: (type or all, name, fact).
_OTHER_NAMES: Final[tuple[tuple[frozenset[ItemType] | None, str, str], ...]] = (
    (None, "location", "place"),
    (None, "address", "place"),
    (None, "entrysubtype", "genre"),
    (None, "hyphenation", "language"),
    (None, "keyword", "keywords"),
    (None, "page", "pages"),
    (frozenset({ItemType.ARTICLE}), "issue", "issue"),
    *(
        (_PARTS_OF_SOMETHING, name, "container_title")
        for name in ("booktitle", "journaltitle", "journal")
    ),
    (_IN_BOOKS, "maintitle", "container_title"),
    *(
        (frozenset(
            {ItemType.THESIS, ItemType.REPORT, ItemType.MANUAL, ItemType.WEBPAGE, ItemType.DOCUMENT,
             ItemType.PREPRINT, ItemType.SOFTWARE, ItemType.DATASET}
        ), name, "publisher")
        for name in ("publisher", "institution", "school", "organization")
    ),
    (frozenset(ItemType) - {ItemType.BOOK, ItemType.CHAPTER, ItemType.PROCEEDINGS, ItemType.CONFERENCE_PAPER},
     "edition", "edition"),
)  # fmt: skip

#: Rows of the tables that are read by another name than that of their fact.
_PARTS: Final = {
    ("issued", Kind.YEAR): "year",
    ("issued", Kind.MONTH): "month",
    ("issued", Kind.DAY): "day",
    ("issued", Kind.DATE): "date",
    ("issued", Kind.WORDS): "year",
    ("language", Kind.LANGID): "langid",
    ("categories", Kind.KEYWORDS): "keywords",
    ("arxiv_id", Kind.CONSTANT): "archive",
    (Role.CONTRIBUTOR, Kind.CONSTANT): "contributor type",
}

#: The fact of such a name.
_FACTS: Final = {part: fact for (fact, _), part in _PARTS.items() if part != "keywords"}

#: Subtitle -> the record's field that it is a part of, and the fields that have the title.
_SUBTITLES: Final = {
    "subtitle": ("title", {"title"}),
    "journalsubtitle": ("container_title", {"journaltitle", "journal"}),
    "booksubtitle": ("container_title", {"booktitle"}),
    "mainsubtitle": ("container_title", {"maintitle"}),
}
_DATES: Final = ("date", "year", "month", "day")
_ARXIV: Final = ("arxiv_id", "archive", "arxiv_class")
_READ_TOGETHER: Final = frozenset({*_DATES, *_ARXIV, "contributor type"})
_UNKNOWN: Final = (ItemType.DOCUMENT, None)


class Plan(NamedTuple):
    """What an entry's type says, and what its fields are for, which their names tell.

    `names` are those by which they are kept if nothing takes them, `found` has the place of the field that
    says each part of a record: `texts` are those that are plain text there, `others` have what reads them
    one by one, `dates` and `arxiv` are read together. `facts` has what is known of each field before it is
    read. `doubles` are places with the place of the first field of that name, `subtitles` places with the
    record's field that has the title. `is_known` says that a type of a record stands for the entry's.
    """

    type: ItemType
    genre: str | None
    is_known: bool
    names: tuple[str, ...]
    found: dict[str, int]
    facts: list[str]
    texts: tuple[tuple[str, int], ...]
    others: tuple[tuple[Reading, int], ...]
    dates: tuple[int | None, ...]
    arxiv: tuple[int | None, ...]
    doubles: tuple[tuple[int, int], ...]
    subtitles: tuple[tuple[int, str], ...]


def plan_of(entry_type: str, names: Sequence[str], readings: Mapping[str, Reading]) -> Plan:
    """Return the plan for fields of these names, in small letters; a field that is empty has none.

    `readings` has what reads a part of a record that is no plain text.
    """
    item_type, genre = TYPES.get(entry_type.lower(), _UNKNOWN)
    slots = _slots(item_type)
    places: dict[str, list[int]] = {}
    found: dict[str, int] = {}
    kept = list(names)
    doubles: list[tuple[int, int]] = []
    for at, name in enumerate(names):
        same = places.setdefault(name, [])
        same.append(at)
        if len(same) > 1 and name:
            kept[at] = f"{name}-{len(same)}"
            doubles.append((at, same[0]))
        elif (slot := slots.get(name)) is not None:
            best = found.get(slot.part)
            if best is None or slot.rank < slots[names[best]].rank:
                found[slot.part] = at
    stands_in = found.get("container_title")
    if stands_in is not None and (names[stands_in], item_type) in _WITHOUT_BOOK and "booksubtitle" in places:
        del found["container_title"]  # the book has a title that nobody says; its subtitle is not the whole's
    subtitles = []
    for subtitle, (fact, titles) in _SUBTITLES.items():
        title = found.get(fact)
        if subtitle in places and title is not None and names[title] in titles:
            subtitles.append((places[subtitle][0], fact))
    facts = [UNMAPPED] * len(names)
    texts = []
    for part, at in found.items():
        if part not in readings and part not in _READ_TOGETHER:
            texts.append((part, at))
            facts[at] = part
    return Plan(
        item_type,
        genre,
        entry_type.lower() in TYPES,
        tuple(kept),
        found,
        facts,
        tuple(texts),
        tuple([(readings[part], at) for part, at in found.items() if part in readings]),
        tuple([found.get(part) for part in _DATES]),
        tuple([found.get(part) for part in _ARXIV]),
        tuple(doubles),
        tuple(subtitles),
    )


class _Slot(NamedTuple):
    """What a field of one name says, and which field wins where several say it: that of the least rank."""

    part: str
    rank: int


def fact_of(name: str, item_type: ItemType) -> str:
    """Return which fact of a record of that type a field is for, by its name."""
    slot = _slots(item_type).get(name.lower())
    return UNMAPPED if slot is None else _FACTS.get(slot.part, slot.part)


@cache
def _slots(item_type: ItemType) -> dict[str, _Slot]:
    """Return what the fields of a record's type say, by their names in small letters."""
    slots: dict[str, _Slot] = {}
    for dialect in Dialect:
        for row in fields_of(dialect, item_type):
            name = row.name(dialect)
            if name is not None:
                part = _PARTS.get((row.fact, row.kind), row.fact)
                slots.setdefault(name.lower(), _Slot(part, len(slots)))
    for types, name, part in _OTHER_NAMES:
        if types is None or item_type in types:
            slots.setdefault(name, _Slot(part, len(slots)))
    return slots
