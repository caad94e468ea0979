"""Fields that name other entries of their file: they follow when keys change, and bring what they name."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bibkit.model.work import Entry

#: Unmapped fields that name other entries of the same file, by their keys.
_REFERENCES: Final = frozenset({"crossref", "entryset", "related", "xdata", "xref"})

#: Those among them whose entry gives its fields to this one. They have been taken already, so that the field
#: can go; left in, it would have to stand before the other entry to please BibTeX.
_GIVING: Final = frozenset({"crossref", "xdata"})

_DEEPEST: Final = 10  # a parent of a parent; a ring ends there


def follow_keys(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries, each field that names another entry of its file naming the key that it has now."""
    entries = list(entries)
    renamed: dict[tuple[str, str], str] = {}
    for entry in entries:
        if entry.record.brought_key:
            place = _path(entry), entry.record.brought_key
            # Where one of several entries with a key keeps it, it is that one that is meant.
            if renamed.get(place) != entry.record.brought_key:
                renamed[place] = entry.key
    if all(key == old for (_, old), key in renamed.items()):
        return entries
    return [_renamed(entry, renamed) for entry in entries]


def parents_of(entries: Sequence[Entry], all_entries: Iterable[Entry]) -> list[Entry]:
    """Return entries with those that they refer to, whatever the way, behind them.

    BibTeX wants an entry before those that it refers to. Entries that refer to each other in a ring stay.
    """
    places: dict[tuple[str, str], Entry] = {}
    for entry in all_entries:
        if entry.record.brought_key:
            places.setdefault((_path(entry), entry.record.brought_key.lower()), entry)
    ordered = list(entries)
    known = {_place(entry) for entry in ordered}
    for entry in ordered:  # grows while it is gone through: parents have parents
        for key in _named(entry):
            parent = places.get((_path(entry), key.lower()))
            if parent is not None and _place(parent) not in known:
                known.add(_place(parent))
                ordered.append(parent)
    depths = _depths(ordered)
    return [entry for _, entry in sorted(zip(depths, ordered, strict=True), key=lambda pair: pair[0])]


def _depths(entries: Sequence[Entry]) -> list[int]:
    """Return how far each entry has to stand behind those that nobody refers to."""
    numbers: dict[tuple[str, str], list[int]] = {}
    for number, entry in enumerate(entries):
        numbers.setdefault(_place(entry), []).append(number)
    depths = [0] * len(entries)
    waiting = deque(range(len(entries)))
    while waiting:
        number = waiting.popleft()
        for key in _named(entries[number]):
            for parent in numbers.get((_path(entries[number]), key.lower()), ()):
                if depths[parent] <= depths[number] < _DEEPEST:
                    depths[parent] = depths[number] + 1
                    waiting.append(parent)
    return depths


def _named(entry: Entry) -> Iterator[str]:
    """Yield the keys that an entry's fields name."""
    for name, text in entry.record.unmapped:
        if name in _REFERENCES:
            yield from filter(None, (key.strip() for key in text.split(",")))


def _place(entry: Entry) -> tuple[str, str]:
    """Return what other entries of its file name an entry by."""
    return _path(entry), (entry.record.brought_key or "").lower()


def _renamed(entry: Entry, renamed: Mapping[tuple[str, str], str]) -> Entry:
    record = entry.record
    if _REFERENCES.isdisjoint(name for name, _ in record.unmapped):
        return entry
    path = _path(entry)
    unmapped = []
    for name, text in record.unmapped:
        keys = [key.strip() for key in text.split(",")] if name in _REFERENCES else []
        if any(renamed.get((path, key), key) != key for key in keys):
            if name not in _GIVING:
                unmapped.append((name, ",".join(renamed.get((path, key), key) for key in keys)))
        else:
            unmapped.append((name, text))
    return replace(entry, record=replace(record, unmapped=tuple(unmapped)))


def _path(entry: Entry) -> str:
    return "" if entry.record.source is None else entry.record.source.path
