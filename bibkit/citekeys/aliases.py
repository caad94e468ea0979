"""Older keys of works in files: as a list beside the key, or, for BibTeX, as entries of their own.

biblatex has the field `ids` for older keys; BibTeX has nothing of the kind, so that a key which a paper still
cites needs an entry. Such an entry says which one it stands for, in the field `aliasof`, which no program
knows and all skip: when the file is read again, it is no second work.

In: entries that are written, records that were read. Out: the same with entries for older keys, or without.
Refuses to know formats, but for the names of the two fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bibkit.citekeys.claims import KeyLedger, lowered
from bibkit.citekeys.issuing import is_usable
from bibkit.diagnostics import Diagnostic, info, warning
from bibkit.model.record import Record
from bibkit.model.work import CitationKey, Entry

ALIASES: Final = "ids"
"""The unmapped field that has the older keys of an entry, with commas between them."""

ALIAS_OF: Final = "aliasof"
"""The unmapped field of an entry that stands for another one of its file: that one's key."""


def with_alias_entries(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries, sorted by key, with one for each of their older keys.

    An older key that differs from another key of the file in case alone, which BibTeX does not tell apart,
    stays in the list of its entry.
    """
    taken = Counter(lowered(key) for entry in entries for key in (entry.key, *entry.aliases))
    found = []
    for entry in entries:
        clear = [alias for alias in entry.aliases if taken[lowered(alias)] == 1]
        left = tuple(alias for alias in entry.aliases if alias not in clear)
        found.append(replace(entry, aliases=left))
        unmapped = (*entry.record.unmapped, (ALIAS_OF, str(entry.key)))
        found.extend(Entry(alias, replace(entry.record, unmapped=unmapped)) for alias in clear)
    return sorted(found, key=lambda entry: entry.key)


def alias_of(record: Record) -> str | None:
    """Return the key of the entry that a record stands for, if it is there for an older key of that one."""
    return next((text.strip() for name, text in record.unmapped if name == ALIAS_OF), None)


def without_alias_entries(records: Iterable[Record]) -> tuple[list[Record], tuple[Diagnostic, ...]]:
    """Return records, those that stand for another of their file gone into its list of older keys.

    That is an *info*, or a *warning* where one says something else than the entry that it stands for. One
    whose entry is not there is an entry like any other.
    """
    records = list(records)
    if not any(alias_of(record) for record in records):
        return records, ()
    places = {
        (_path(record), record.brought_key): number
        for number, record in enumerate(records)
        if record.brought_key and alias_of(record) is None
    }
    kept: dict[int, Record] = dict(enumerate(records))
    folded: list[Record] = []
    said: list[Diagnostic] = []
    for number, record in enumerate(records):
        if (key := alias_of(record)) is None:
            continue
        plain = replace(record, unmapped=_without(record.unmapped, ALIAS_OF))
        place = places.get((_path(record), key))
        if place is None or record.brought_key is None:
            kept[number] = plain
            continue
        if plain != records[place]:
            what = f"{record.brought_key} is an older key of {key}; what it says otherwise is not kept"
            said.append(warning("alias-differs", what, record.source))
        kept[place] = _with_alias(kept[place], record.brought_key)
        folded.append(kept.pop(number))
    if folded:
        entries = "1 entry is" if len(folded) == 1 else f"{len(folded)} entries are"
        what = f"{entries} there for an older key of another, and taken as that"
        said.append(info("alias-entry", what, folded[0].source))
    return list(kept.values()), tuple(said)


def key_map(
    ledger: KeyLedger, entries: Iterable[tuple[CitationKey, Iterable[CitationKey]]] = ()
) -> dict[CitationKey, CitationKey]:
    """Return, for each older key of a settled ledger, the key that its work has now, sorted.

    `entries` are key and aliases of the entries of an export by this ledger: they count before what the
    ledger says, since works that turned out to be one keep their claims, each with a key of its own.
    """
    known = {alias: claim.key for claim in ledger.claims for alias in claim.aliases}
    for key, aliases in entries:
        known.update(dict.fromkeys(aliases, key))
    return dict(sorted((old, new) for old, new in known.items() if old != new))


def listed_aliases(record: Record) -> list[str]:
    """Return what a record lists as its older keys, sorted, be it one or not."""
    texts = [text for name, text in record.unmapped if name == ALIASES]
    return sorted({stripped for text in texts for part in text.split(",") if (stripped := part.strip())})


def aliases_of(record: Record) -> list[CitationKey]:
    """Return the older keys that a record lists, sorted; what cannot be a key is left out."""
    return [CitationKey(text) for text in listed_aliases(record) if is_usable(text)]


def without_list(record: Record) -> Record:
    """Return a record without its list of older keys."""
    kept = _without(record.unmapped, ALIASES)
    return record if kept == record.unmapped else replace(record, unmapped=kept)


def _with_alias(record: Record, alias: str) -> Record:
    others = dict(record.unmapped).get(ALIASES)
    text = alias if not others else f"{others}, {alias}"
    return replace(record, unmapped=(*_without(record.unmapped, ALIASES), (ALIASES, text)))


def _without(unmapped: Iterable[tuple[str, str]], name: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in unmapped if pair[0] != name)


def _path(record: Record) -> str:
    return "" if record.source is None else record.source.path
