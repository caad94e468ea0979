"""Entries with other citation keys than their files gave them: fields that name the old keys follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from bibkit.model.work import Entry

#: Unmapped fields that name other entries of the same file, by their keys.
_REFERENCES: Final = frozenset({"crossref", "entryset", "related", "xdata", "xref"})

#: Those among them whose entry gives its fields to this one. They have been taken already, so that the field
#: can go; left in, it would have to stand before the other entry to please BibTeX.
_GIVING: Final = frozenset({"crossref", "xdata"})


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
    # An entry that was merged into another is gone; so is its key, which that one has as an alias.
    merged = {str(alias): str(entry.key) for entry in entries for alias in entry.aliases}
    if not merged and all(key == old for (_, old), key in renamed.items()):
        return entries
    return [_renamed(entry, renamed, merged) for entry in entries]


def _renamed(entry: Entry, renamed: Mapping[tuple[str, str], str], merged: Mapping[str, str]) -> Entry:
    record = entry.record
    if _REFERENCES.isdisjoint(name for name, _ in record.unmapped):
        return entry
    path = _path(entry)
    unmapped = []
    for name, text in record.unmapped:
        old = [key.strip() for key in text.split(",")] if name in _REFERENCES else []
        new = [renamed.get((path, key)) or merged.get(key, key) for key in old]
        if new != old:
            if name not in _GIVING:
                unmapped.append((name, ",".join(new)))
        else:
            unmapped.append((name, text))
    return replace(entry, record=replace(record, unmapped=tuple(unmapped)))


def _path(entry: Entry) -> str:
    return "" if entry.record.source is None else entry.record.source.path
