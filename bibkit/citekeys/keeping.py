"""Keys for one file alone, with no ledger: each record keeps the key that it brought, or has one made.

In: the records of a file that is to be written, in any order. Out: a key for each. Refuses to remember: what
is issued here is issued for this file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bibkit.citekeys.claims import lowered
from bibkit.citekeys.finding import Sight, in_order, see
from bibkit.citekeys.scheme import KeyStyle, base_of, base_of_key, content_letters, own_keys
from bibkit.diagnostics import Diagnostic, Source, error, info, warning
from bibkit.model.record import Record
from bibkit.model.work import CitationKey, Work

_PLACES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """A key for each record, in the order of the records, and how many of them were made."""

    keys: tuple[CitationKey, ...]
    made: int
    diagnostics: tuple[Diagnostic, ...]


def keep_keys(records: Sequence[Record], is_key: Callable[[str], bool], *, style: KeyStyle = "short") -> Kept:
    """Return the key that each record brought, and one by the scheme where it brought none that can be.

    `is_key` says what can be a key where it is written. Of several records with one key the first by what
    they say keeps it; the others have their hash suffix put to it, an *error* each, or a *warning* where
    title, creators and date are the same. Keys that differ in case alone stay, with a *warning*. The order of
    the records decides nothing.
    """
    brought = _all_brought(records, is_key)
    if brought is not None and len(set(brought)) == len(brought):
        return Kept(brought, 0, tuple(_twins(sorted(brought))))
    keeper = _Keeper(records, style)
    without = keeper.leave(is_key)
    keeper.settle()
    keeper.make(without)
    return keeper.kept(made=len(without))


def leave_keys(
    records: Sequence[Record], is_key: Callable[[str], bool], *, style: KeyStyle = "short"
) -> Kept:
    """Return the same, but that records with one key all keep it, as in a copy of their file."""
    brought = _all_brought(records, is_key)
    if brought is not None:
        return Kept(brought, 0, ())
    keeper = _Keeper(records, style)
    without = keeper.leave(is_key)
    keeper.make(without)
    return keeper.kept(made=len(without))


def make_keys(records: Sequence[Record], *, style: KeyStyle = "short") -> Kept:
    """Return a key by the scheme for each record, whatever key it brought."""
    keeper = _Keeper(records, style)
    keeper.make(keeper.sights)
    return keeper.kept(made=len(records))


def _all_brought(records: Sequence[Record], is_key: Callable[[str], bool]) -> tuple[CitationKey, ...] | None:
    """Return the keys that the records brought, if all did and all can be: the usual case, soon done."""
    keys = [record.brought_key for record in records if record.brought_key and is_key(record.brought_key)]
    return tuple(map(CitationKey, keys)) if len(keys) == len(records) else None


class _Keeper:
    """One run: the keys that are given, and what there is to say."""

    def __init__(self, records: Sequence[Record], style: KeyStyle) -> None:
        self.sights = [see(Work(record, (record,))) for record in records]
        self.style = style
        self.keys: dict[Sight, CitationKey] = {}
        self.taken: set[bytes] = set()
        self.diagnostics: list[Diagnostic] = []
        # Works with one base and one hash go on where the last of them stopped: no key is tried twice.
        self.paths: dict[tuple[str, str], Iterator[CitationKey]] = {}

    def kept(self, *, made: int) -> Kept:
        """Return the keys in the order of the records."""
        return Kept(tuple(self.keys[sight] for sight in self.sights), made, tuple(self.diagnostics))

    def leave(self, is_key: Callable[[str], bool]) -> list[Sight]:
        """Give every record the key that it brought; return those that brought none that can be."""
        missing, unusable = [], []
        for sight in self.sights:
            key = sight.work.record.brought_key
            if not key:
                missing.append(sight)
            elif is_key(key):
                self.give(sight, CitationKey(key))
            else:
                unusable.append(sight)
        if missing:
            self.diagnostics.append(_missing([sight.work.record.source for sight in missing]))
        self.diagnostics.extend(map(_unusable, unusable))
        return missing + unusable

    def settle(self) -> None:
        """Leave each key that was given to one record, and put a suffix to it for the others."""
        holders: dict[CitationKey, list[Sight]] = {}
        for sight, key in self.keys.items():
            holders.setdefault(key, []).append(sight)
        for key, sights in sorted(holders.items(), key=lambda item: item[0]):
            if len(sights) > 1:
                first, *others = in_order(sights)
                for sight in others:
                    self.give_suffixed(base_of_key(key), sight)
                    self.diagnostics.append(_repeated(key, first, sight, self.keys[sight]))
        self.diagnostics.extend(_twins(sorted(holders)))

    def make(self, sights: Sequence[Sight]) -> None:
        """Make keys by the scheme; who wants what another wants or has gets the hash suffix."""
        bases = {sight: base_of(sight.work.record) for sight in sights}
        wanted = Counter(bases.values())
        suffixed = []
        for sight, base in bases.items():
            if self.style == "short" and wanted[base] == 1 and base.encode() not in self.taken:
                self.give(sight, CitationKey(base))
            else:
                suffixed.append(sight)
        for sight in in_order(suffixed):
            self.give_suffixed(bases[sight], sight)

    def give(self, sight: Sight, key: CitationKey) -> None:
        """Give a key."""
        self.keys[sight] = key
        self.taken.add(lowered(key))

    def give_suffixed(self, base: str, sight: Sight) -> None:
        """Give the first key with a suffix that no other record has."""
        own = base, content_letters(sight.origin)
        path = self.paths.setdefault(own, own_keys(*own))
        self.give(sight, next(key for key in path if lowered(key) not in self.taken))


def _twins(keys: Sequence[CitationKey]) -> Iterator[Diagnostic]:
    """Yield a warning for each key that differs from one before it in nothing but case."""
    seen: dict[bytes, CitationKey] = {}
    for key in keys:
        other = seen.setdefault(lowered(key), key)
        if other is not key:
            what = f"the citation keys {other} and {key} differ in case alone; both stay, and BibTeX takes"
            yield warning("case-twins", f"{what} them for one")


def _missing(sources: Sequence[Source | None]) -> Diagnostic:
    shown = ", ".join([str(source or "no place") for source in sources[:_PLACES_SHOWN]])
    more = ", ..." if len(sources) > _PLACES_SHOWN else ""
    entries = "1 entry brings" if len(sources) == 1 else f"{len(sources)} entries bring"
    return info("key-made", f"{entries} no citation key; one is made ({shown}{more})", sources[0])


def _unusable(sight: Sight) -> Diagnostic:
    record = sight.work.record
    what = f"{record.brought_key!r} cannot be a citation key there; another one is made"
    return warning("unusable-key", what, record.source)


def _repeated(key: CitationKey, first: Sight, sight: Sight, own: CitationKey) -> Diagnostic:
    there = first.work.record.source or "another entry"
    what = f"the citation key {key} is that of {there} too; this entry is {own} now"
    source = sight.work.record.source
    if sight.origin == first.origin:
        return warning("duplicate-key", what, source)
    return error("key-clash", what, source)
