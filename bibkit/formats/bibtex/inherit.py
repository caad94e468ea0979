"""What entries inherit through `crossref` and `xdata`: entries go in, what each is given comes out.

The rules are biblatex's (its manual, appendix B), which are BibTeX's as far as those go: an entry is given
every field of its parent that it has not itself, and the title of a book, collection, proceedings or
periodical under the name that it has in a part of it. A parent that says `booktitle` itself, as is the habit
with BibTeX, is taken at its word. Not given are a parent's own identifiers, addresses, files, abstract and
keywords: they would say of the part what is true of the whole.

Entries that refer to each other in a ring give what they have themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bibkit.formats.bibtex.scanner import Note, ScannedEntry

XDATA: Final = "xdata"
"""The type of an entry that is no work, and the field that names such entries."""

CROSSREF: Final = "crossref"
"""The field that names an entry whose part this one is."""

_MOST: Final = 200  # fields, which no file in use comes near: keeps the cost linear in long chains

#: Names of what one thing is called in both dialects; who has one of them is not given another.
_SAME: Final = {
    "journal": "journaltitle",
    "address": "location",
    "school": "institution",
    "annote": "annotation",
    "year": "date",
    "month": "date",
    "day": "date",
}

#: Fields that speak of the entry itself; they are given to nobody, through `xdata` neither.
_NEVER: Final = frozenset(
    {"ids", "crossref", "xref", "entryset", "entrysubtype", "execute", "key", "label", "options", "presort",
     "related", "relatedoptions", "relatedstring", "relatedtype", "shortcite", "shorthand", "shorthandintro",
     "sortkey", "xdata"}
)  # fmt: skip

#: Fields that are true of a parent and not of its parts.
_OF_THE_WHOLE: Final = frozenset(
    {"doi", "url", "urldate", "eprint", "eprinttype", "eprintclass", "archiveprefix", "primaryclass",
     "abstract", "keywords", "file", "pdf"}
)  # fmt: skip

_SHORT_TITLES: Final = frozenset({"shorttitle", "sorttitle", "indextitle", "indexsorttitle"})
_BOOKS: Final = frozenset({"book", "mvbook"})
_IN_BOOK: Final = frozenset({"inbook", "bookinbook", "suppbook"})
_IN_COLLECTION: Final = frozenset({"incollection", "inreference", "suppcollection"})
_IN_PROCEEDINGS: Final = frozenset({"inproceedings", "conference"})

#: Types of parent, types of child, and what the parent's title is in the child.
_TITLES: Final = (
    ({"mvbook"}, {"book"} | _IN_BOOK, "main"),
    ({"mvcollection", "mvreference"}, {"collection", "reference"} | _IN_COLLECTION, "main"),
    ({"mvproceedings"}, {"proceedings"} | _IN_PROCEEDINGS, "main"),
    ({"book"}, _IN_BOOK, "book"),
    ({"collection", "reference"}, _IN_COLLECTION, "book"),
    ({"proceedings"}, _IN_PROCEEDINGS, "book"),
    ({"periodical"}, {"article", "suppperiodical"}, "journal"),
)
_TITLES_OF_WORKS: Final = frozenset({"title", "subtitle", "titleaddon"})


class Inherited(NamedTuple):
    """The fields (name, value) that an entry is given, and what is wrong with what it refers to."""

    fields: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...] = ()


def may_refer(text: str) -> bool:
    """Return whether any entry of a file may refer to others."""
    lowered = text.lower()
    return CROSSREF in lowered or XDATA in lowered


def references(fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what the fields (name, value) of an entry refer to: by which field, and the key."""
    found: dict[str, str] = {}
    for name, value in fields:
        if (lowered := name.lower()) in (XDATA, CROSSREF):
            found.setdefault(lowered, value)
    keys = [(XDATA, key.strip()) for key in found.get(XDATA, "").split(",")]
    keys.append((CROSSREF, found.get(CROSSREF, "").strip()))
    return [(how, key) for how, key in keys if key]


def inherited_fields(entries: Sequence[ScannedEntry]) -> dict[int, Inherited]:
    """Return what each entry that refers to others is given, by the place of the entry."""
    heirs = {}
    for at, entry in enumerate(entries):
        if found := references(entry.named_values()):
            heirs[at] = found
    return _Heritage(entries, heirs).resolve() if heirs else {}


class _Heritage:
    """The entries of a file, by their keys, and what has been found out so far."""

    __slots__ = ("entries", "exact", "folded", "found", "heirs")

    def __init__(self, entries: Sequence[ScannedEntry], heirs: dict[int, list[tuple[str, str]]]) -> None:
        self.entries = entries
        self.heirs = heirs
        self.exact: dict[str, int] = {}
        self.folded: dict[str, int] = {}
        for at, entry in enumerate(entries):
            self.exact.setdefault(entry.key, at)
            self.folded.setdefault(entry.key.lower(), at)
        self.found: dict[int, Inherited] = {}

    def resolve(self) -> dict[int, Inherited]:
        """Settle every heir after those that it refers to."""
        entered: set[int] = set()
        for heir in self.heirs:
            stack = [heir]
            while stack:
                at = stack[-1]
                if at not in entered:
                    entered.add(at)
                    parents = (self.parent(key) for _, key in self.heirs[at])
                    stack.extend(one for one in parents if one in self.heirs and one not in entered)
                else:
                    stack.pop()
                    if at not in self.found:
                        self.found[at] = self.given(at)
        return self.found

    def parent(self, key: str) -> int | None:
        """Return the place of the entry with a key; one that differs in case alone will do."""
        return self.exact.get(key, self.folded.get(key.lower()))

    def given(self, heir: int) -> Inherited:
        """Return what one heir is given by those that it refers to, the first of a name."""
        taken = {_same(name) for name, value in self.entries[heir].named_values() if value.strip()}
        given: dict[str, str] = {}
        notes: list[Note] = []
        for how, key in self.heirs[heir]:
            parent = self.parent(key)
            if parent is None or parent == heir:
                notes.append(Note("reference-not-found", f"{how} refers to {key}, which no other entry is"))
                continue
            new: dict[str, str] = {}
            for name, value in self.offered(parent, heir, how):
                if _same(name) not in taken:
                    new.setdefault(name, value)
            if len(given) + len(new) > _MOST:
                notes.append(
                    Note("inheritance-cut", f"of more than {_MOST} fields the rest is not inherited")
                )
                new = dict(list(new.items())[: _MOST - len(given)])
            given |= new
            taken.update(map(_same, new))
        return Inherited(tuple(given.items()), tuple(notes))

    def offered(self, parent: int, heir: int, how: str) -> Iterator[tuple[str, str]]:
        """Yield the fields that a parent has for an heir, by their names there."""
        entry = self.entries[parent]
        own = [(name.lower(), value) for name, value in entry.named_values() if value.strip()]
        whole = own + list(self.found.get(parent, Inherited(())).fields)
        prefix = "" if how == XDATA else _title_prefix(entry.type, self.entries[heir].type)
        is_in_book = self.entries[heir].type.lower() in _IN_BOOK
        left_out = _NEVER if how == XDATA else _NEVER | _OF_THE_WHOLE
        if prefix:
            left_out = left_out | _SHORT_TITLES | _TITLES_OF_WORKS
        yield from ((name, value) for name, value in whole if name not in left_out)
        for name, value in whole if prefix else ():
            if name in _TITLES_OF_WORKS:
                yield prefix + name, value
            elif name == "author" and entry.type.lower() in _BOOKS and is_in_book:
                yield "bookauthor", value


def _title_prefix(parent: str, child: str) -> str:
    """Return what comes before `title` where a parent's title is given to a child; nothing if it is not."""
    parent, child = parent.lower(), child.lower()
    return next((prefix for above, below, prefix in _TITLES if parent in above and child in below), "")


def _same(name: str) -> str:
    """Return one name for all that mean the same."""
    lowered = name.lower()
    return _SAME.get(lowered, lowered)
