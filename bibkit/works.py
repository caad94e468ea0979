"""Records to works: which records describe one work, and what the work's one record says.

In: the records of all sources, in any order. Out: works, and a diagnostic for everything that two sources say
differently. Refuses to know formats, files and citation keys, but for keys that files bring.

Which records are one work, where a *listed* record is that of a listing, and an *entry* that of a file of a
format with citation keys, whether it has one or not:

* listed records: same title and first creator, or a same strong identifier;
* entries of different files: a same strong identifier, or same key and title;
* one of each: a same strong identifier, or same title and first creator if one entry alone has them;
* never: records with two different strong identifiers of one kind, and two entries of one file.

What the work's record says, where its sources differ, is decided in this order: an entry, one with a key, one
of the work whose key stays where a person merged works, a split of title and authors that is certain, a list
of authors that is whole, the longer list, the record whose content comes first in order. The record that is
first by that gives every field that it has, and the next ones what is missing, but: the date is the most
precise one (of merged works, that of the same year), code is available if one source says so, and categories,
keywords, affiliations and unmapped fields are those of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from bibkit.diagnostics import Diagnostic, Source, info
from bibkit.model.dates import Date, PartialDate
from bibkit.model.grouping import group_same
from bibkit.model.identity import TITLE, content_order, described, fingerprints, printed_name, strong_ids
from bibkit.model.names import Body, Person
from bibkit.model.record import ListingFacts, Record
from bibkit.model.work import CitationKey, Work

_GATHERED: Final = ("categories", "keywords", "affiliations", "unmapped")
_MERGED_APART: Final = frozenset(
    (*_GATHERED, "type", "creators", "creators_truncated", "issued", "listing", "raw", "source")
)
_FILLED: Final = tuple(field.name for field in fields(Record) if field.name not in _MERGED_APART)
_COMPARED: Final = tuple(field.name for field in fields(Record) if field.compare and field.name != "listing")
_EXCERPT: Final = 60
_BEFORE: Final = 20


@dataclass(frozen=True, slots=True)
class Collation:
    """Works in the order of their sources, and what there is to say of sources that differ."""

    works: tuple[Work, ...]
    diagnostics: tuple[Diagnostic, ...]


def collate(
    records: Sequence[Record],
    keyed_files: Collection[str] = (),
    *,
    one_work: Mapping[str, str] | None = None,
) -> Collation:
    """Return one work for all records that describe it; the order of the records decides nothing.

    `keyed_files` are the paths of the files in whose format entries have citation keys; a record that brings
    one is an entry wherever it comes from. `one_work` says of citation keys what is known to be one, its
    values being equal there: of such entries it is not said that they may be.
    """
    prints = [fingerprints(record) for record in records]
    entries = [number for number, record in enumerate(records) if _is_entry(record, keyed_files)]
    ids = [strong_ids(record) for record in records]
    diagnostics: list[Diagnostic] = []
    if entries:
        keyed = [(records[number], prints[number]) for number in entries]
        diagnostics.extend(_possible_duplicates(keyed, one_work or {}))
        known = Counter(text for number in entries for text in prints[number])
        for number in entries:
            record = records[number]
            # An entry's title links it to a listing's record only where it is the title of no other entry.
            titles = (text for text in prints[number] if text.startswith(TITLE) and known[text] == 1)
            prints[number] = (*ids[number], *titles, *_key_and_title(record))
            ids[number] = (*ids[number], _entry_id(record, number))
    of_files = frozenset(entries)
    works = []
    for group in group_same(prints, ids, lambda number: content_order(records[number])):
        if len(group) == 1:
            record = records[group[0]]
            brought = None if record.brought_key is None else CitationKey(record.brought_key)
            works.append(Work(record, (record,), brought))
        else:
            work, differences = _merge([(records[number], number in of_files, False) for number in group])
            works.append(work)
            diagnostics.extend(differences)
    return Collation(tuple(_in_order(works)), tuple(sorted(diagnostics, key=_place)))


def join_works(works: Sequence[Work], leading: Work | None = None) -> tuple[Work, tuple[Diagnostic, ...]]:
    """Return the one work that these are, whatever tells them apart, and what they say differently.

    Among entries, and among listed records, those of the `leading` work come first.
    """
    if len(works) == 1:
        return works[0], ()
    # What a listing prints beside the bibliographic facts tells its records from the entries of a file.
    ranked = [
        (record, record.brought_key is not None or record.listing is None, work is leading)
        for work in works
        for record in work.sources
    ]
    work, differences = _merge(ranked)
    return work, tuple(sorted(differences, key=_place))


def _is_entry(record: Record, keyed_files: Collection[str]) -> bool:
    return record.brought_key is not None or (record.source is not None and record.source.path in keyed_files)


def _key_and_title(record: Record) -> tuple[str, ...]:
    """Return what links entries of two files that have one key and one title."""
    return () if record.brought_key is None else (f"key:{record.brought_key} {described(record)}",)


def _entry_id(record: Record, number: int) -> str:
    """Return what keeps two entries of one file apart: an identifier of a kind that the file alone has."""
    path = "" if record.source is None else record.source.path
    return f"file {path.replace(':', '/')}:{number}"


def _possible_duplicates(
    entries: Iterable[tuple[Record, tuple[str, ...]]], one_work: Mapping[str, str]
) -> Iterator[Diagnostic]:
    seen: dict[tuple[str, str], Record] = {}
    for entry, texts in sorted(entries, key=lambda pair: (_source_order(pair[0]), pair[0].brought_key or "")):
        path = "" if entry.source is None else entry.source.path
        for text in texts:
            other = seen.setdefault((path, text), entry)
            if other is not entry and not _known_to_be_one(entry, other, one_work):
                yield info(
                    "possible-duplicate",
                    f"{_named(entry)} may be the same work as {_named(other, place=True)}; both stay",
                    entry.source,
                )
                break


def _known_to_be_one(entry: Record, other: Record, one_work: Mapping[str, str]) -> bool:
    keys = [one_work.get(record.brought_key or "") for record in (entry, other)]
    return keys[0] is not None and keys[0] == keys[1]


def _named(entry: Record, *, place: bool = False) -> str:
    """Return an entry's key; of one that has none, that it is one, and its place where that is not said."""
    return entry.brought_key or (f"the entry at {entry.source}" if place else "an entry without a key")


def _merge(records: list[tuple[Record, bool, bool]]) -> tuple[Work, list[Diagnostic]]:
    """Return the work of records, each with whether it is an entry and whether it leads, and what differs."""
    ranked = [record for record, _, _ in sorted(records, key=_preference)]
    best = ranked[0]
    # An article that a person merged with its preprint is not of the preprint's day.
    led = any(leads for _, _, leads in records)
    agreeing = [record for record in ranked if not led or _agree(best.issued, record.issued)]
    dated = max(agreeing, key=lambda record: _precision(record.issued))
    named = next((record for record in ranked if record.creators), best)
    changes: dict[str, Any] = {
        name: next((value for record in ranked if (value := getattr(record, name)) is not None), None)
        for name in _FILLED
    }
    for name in _GATHERED:
        changes[name] = tuple(dict.fromkeys(value for record in ranked for value in getattr(record, name)))
    merged = replace(
        best,
        creators=named.creators,
        creators_truncated=named.creators_truncated,
        issued=dated.issued,
        listing=_merge_facts(ranked, dated),
        **changes,
    )
    brought = None if merged.brought_key is None else CitationKey(merged.brought_key)
    sources = tuple(sorted(ranked, key=lambda record: (_source_order(record), content_order(record))))
    return Work(merged, sources, brought), list(_differences(ranked, merged))


def _preference(ranked: tuple[Record, bool, bool]) -> tuple[bool, bool, bool, bool, bool, int, str]:
    record, is_entry, leads = ranked
    return (
        not is_entry,
        record.brought_key is None,
        not leads,
        record.listing is not None and record.listing.uncertain,
        record.creators_truncated,
        -len(record.creators),
        content_order(record),
    )


def _agree(date: Date | None, other: Date | None) -> bool:
    """Say whether two dates may be of one year."""
    return date is None or other is None or date.year == other.year


def _precision(date: Date | None) -> int:
    """Return how much a date says: a day more than a month, anything more than nothing."""
    match date:
        case None:
            return 0
        case PartialDate(_, month, day):
            return 2 + (month is not None) + (day is not None)
        case _:
            return 1


def _merge_facts(ranked: list[Record], dated: Record) -> ListingFacts | None:
    facts = [record.listing for record in ranked if record.listing is not None]
    if not facts:
        return None
    printed = [fact.date for fact in (dated.listing, *facts) if fact is not None and fact.date is not None]
    return ListingFacts(
        score=next((fact.score for fact in facts if fact.score is not None), None),
        code=any(fact.code for fact in facts),
        date=printed[0] if printed else None,
        uncertain=ranked[0].listing is not None and ranked[0].listing.uncertain,
    )


def _differences(ranked: list[Record], merged: Record) -> Iterator[Diagnostic]:
    """Yield one diagnostic for each field that two of the records fill differently."""
    said = [(name, [getattr(record, name) for record in ranked], getattr(merged, name)) for name in _COMPARED]
    said.extend(_said_by_listings(ranked, merged))
    for name, values, kept in said:
        filled = [(value, record) for value, record in zip(values, ranked, strict=True) if _says(value)]
        first = next((record for value, record in filled if value == kept), None)
        for value, record in filled:
            here, place = filled[0] if first is None else (kept, first)
            if value != here:
                choice = "both are kept" if name in _GATHERED else "the first is kept"
                yield info(
                    "sources-differ",
                    f"{name}: {_quote(here, value)} here, {_quote(value, here)} at {record.source}; {choice}",
                    place.source,
                )
                break


def _said_by_listings(ranked: list[Record], merged: Record) -> Iterator[tuple[str, list[Any], Any]]:
    for name in ("score", "code", "date"):
        if name == "date" and merged.issued is not None:
            continue  # how a page prints a date that is known says nothing more
        values = [None if record.listing is None else getattr(record.listing, name) for record in ranked]
        yield name, values, getattr(merged.listing, name, None)


def _says(value: Any) -> bool:
    return value is not None and value != ()


def _quote(value: Any, other: Any) -> str:
    """Return a value for people, of a long one the part that begins shortly before the other differs."""
    text, other_text = _shown(value), _shown(other)
    if len(text) <= _EXCERPT:
        return f'"{text}"'
    same = next(
        (at for at, (mine, theirs) in enumerate(zip(text, other_text, strict=False)) if mine != theirs),
        min(len(text), len(other_text)),
    )
    start = max(0, same - _BEFORE)
    end = start + _EXCERPT
    return f'"{"..." if start else ""}{text[start:end]}{"..." if end < len(text) else ""}"'


def _shown(value: Any) -> str:
    match value:
        case tuple():
            return ", ".join(_shown(part) for part in value)
        case Person() | Body():
            return printed_name(value)
        case bool():
            return "yes" if value else "no"
        case _:
            return value.isoformat() if isinstance(value, Date) else str(value)


def _in_order(works: list[Work]) -> list[Work]:
    """Return works in the order of their first sources; where those are no help, of what they say."""
    ordered = sorted(works, key=lambda work: _source_order(work.sources[0]))
    places = Counter(_source_order(work.sources[0]) for work in works)
    if len(places) < len(works):
        ordered.sort(key=lambda work: (_source_order(work.sources[0]), content_order(work.record)))
    return ordered


def _source_order(record: Record) -> Source:
    return Source("", 0) if record.source is None else record.source


def _place(diagnostic: Diagnostic) -> tuple[Source, str]:
    return diagnostic.source or Source("", 0), diagnostic.message
