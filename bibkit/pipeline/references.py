"""Fields that name other entries of their file: they follow when keys change, and bring what they name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bibkit.model.work import Entry

#: Unmapped fields that name other entries of the same file, by their keys.
REFERENCES: Final = frozenset({"crossref", "entryset", "related", "xdata", "xref"})

#: Those among them whose entry gives its fields to this one. They have been taken already, so that the field
#: can go; left in, it would have to stand before the other entry to please BibTeX.
_GIVING: Final = frozenset({"crossref", "xdata"})


def follow_keys(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries, each field that names another entry of its file naming the key that it has now."""
    entries = list(entries)
    if all(entry.key == (entry.record.brought_key or entry.key) and not entry.aliases for entry in entries):
        return entries
    renamed: dict[tuple[str, str], str] = {}
    for entry in entries:
        if entry.record.brought_key:
            place = _path(entry), entry.record.brought_key
            # Where one of several entries with a key keeps it, it is that one that is meant.
            if renamed.get(place) != entry.record.brought_key:
                renamed[place] = entry.key
    # An entry that was merged into another is gone; so is its key, which that one has as an alias.
    merged = {str(alias): str(entry.key) for entry in entries for alias in entry.aliases}
    return [_renamed(entry, renamed, merged) for entry in entries]


def with_parents(
    entries: Iterable[Entry], all_entries: Iterable[Entry], *, names: Collection[str]
) -> list[Entry]:
    """Return entries with those that their fields of these names refer to, parents of parents too.

    The fields have to name present keys (`follow_keys`).
    An entry that others refer to stands behind them, as BibTeX wants it; all else stays in its order. Entries
    that refer to each other in a ring come last.
    """
    ordered = list(entries)
    places = {_place(entry): entry for entry in all_entries}
    known = {_place(entry) for entry in ordered}
    for entry in ordered:  # grows while it is gone through
        for place in _referred(entry, names):
            if place in places and place not in known:
                known.add(place)
                ordered.append(places[place])
    return _children_first(ordered, names)


def _children_first(entries: Sequence[Entry], names: Collection[str]) -> list[Entry]:
    """Return entries in their order, but each behind those that refer to it."""
    children = Counter(place for entry in entries for place in _referred(entry, names))
    ordered: list[Entry] = []
    held: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        ready = [entry] if not children[_place(entry)] else []
        if not ready:
            held[_place(entry)].append(entry)
        while ready:
            one = ready.pop()
            ordered.append(one)
            for place in _referred(one, names):
                children[place] -= 1
                if not children[place]:
                    ready.extend(held.pop(place, ()))
    return [*ordered, *(entry for ring in held.values() for entry in ring)]


def _referred(entry: Entry, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what an entry's fields of these names refer to."""
    for name, text in entry.record.unmapped:
        if name in names:
            for key in filter(None, (key.strip() for key in text.split(","))):
                yield _path(entry), key.lower()


def _place(entry: Entry) -> tuple[str, str]:
    """Return what other entries of its file name an entry by, once their fields have followed its key."""
    return _path(entry), entry.key.lower()


def _renamed(entry: Entry, renamed: Mapping[tuple[str, str], str], merged: Mapping[str, str]) -> Entry:
    record = entry.record
    if REFERENCES.isdisjoint(name for name, _ in record.unmapped):
        return entry
    path = _path(entry)
    unmapped = []
    for name, text in record.unmapped:
        old = [key.strip() for key in text.split(",")] if name in REFERENCES else []
        new = [renamed.get((path, key)) or merged.get(key, key) for key in old]
        if new != old:
            if name not in _GIVING:
                unmapped.append((name, ",".join(new)))
        else:
            unmapped.append((name, text))
    return replace(entry, record=replace(record, unmapped=tuple(unmapped)))


def _path(entry: Entry) -> str:
    return "" if entry.record.source is None else entry.record.source.path
