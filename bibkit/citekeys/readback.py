"""What exports say of citation keys when they are read back: pins that people set, and a lost ledger.

In: records of exported files, with the keys that they have there. Out: a ledger. Refuses to know files and
formats. A key that a person wrote into an export is an explicit act: it becomes the work's key, and the one
before it stays as an alias.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from bibkit.citekeys.aliases import alias_of, aliases_of
from bibkit.citekeys.claims import Claim, How, KeyLedger, gather, lowered, settle
from bibkit.citekeys.finding import Book, Sight, contradicts, find_by_ids, find_by_title, see
from bibkit.citekeys.issuing import is_usable
from bibkit.citekeys.scheme import base_of, content_letters, own_keys
from bibkit.diagnostics import Diagnostic, error, info, warning
from bibkit.model.record import Record
from bibkit.model.work import CitationKey, Work

_LETTER_SUFFIXES: Final = 6  # a made key has three to eight letters behind its hyphen


@dataclass(frozen=True, slots=True)
class Pinned:
    """The ledger with the pins that were found, how many they are, and what there is to say."""

    ledger: KeyLedger
    pins: int
    diagnostics: tuple[Diagnostic, ...]


def take_pins(ledger: KeyLedger, edited: Sequence[Record], standing: Collection[str]) -> Pinned:
    """Return a settled ledger with the keys that people gave works that it knows, in an exported file.

    `edited` are the file's entries that are not as they would be written now, `standing` the keys of the
    others. A key that the ledger knows as that of the entry's work is old output; one that it knows as
    another work's is an *error*, and not taken; an entry of no work that it knows is a *warning*. An entry
    that stands for an older key of another is passed over.
    """
    reader = _Reader(ledger, standing)
    unknown = []
    for record in edited:
        if record.brought_key is None:
            continue
        sight = see(Work(record, (record,), CitationKey(record.brought_key)))
        if alias_of(record) is not None:
            reader.pass_over(record)
        elif record.brought_key in reader.book.by_key:
            reader.recognise(record.brought_key, sight)
        else:
            unknown.append((record.brought_key, sight))
    for key, sight in unknown:
        reader.pin(CitationKey(key), sight)
    return reader.pinned()


def rebuild_ledger(records: Sequence[Record]) -> KeyLedger:
    """Return a ledger of the keys of exported records, as if all of them had been issued in one run.

    Of records with one key the first counts. A key that the scheme would make is taken for made, any other
    for adopted.
    """
    sights: dict[str, Sight] = {}
    for record in records:
        if record.brought_key is not None:
            sights.setdefault(
                record.brought_key, see(Work(record, (record,), CitationKey(record.brought_key)))
            )
    looks = Counter(sight.origin for sight in sights.values())
    claims = []
    for key, sight in sights.items():
        aliases = {*aliases_of(sight.work.record)} - sights.keys()
        made = key in _made_keys(sight)
        origin = sight.origin
        if looks[origin] > 1 and not made:
            origin = replace(origin, adopted=key)
        claims.append(
            Claim(
                key=CitationKey(key),
                origin=origin,
                fingerprints=sight.fingerprints,
                aliases=tuple(sorted(aliases)),
                how=How.MADE if made else How.ADOPTED,
            )
        )
    return settle(gather(claims)).ledger


class _Reader:
    """The reading of one file: which claims its entries have, and which are changed."""

    def __init__(self, ledger: KeyLedger, standing: Collection[str]) -> None:
        self.book = Book(ledger)
        # An older key that stands is that of an entry that is there for it: the work's own may be edited.
        self.taken = {CitationKey(key) for key in standing} & {claim.key for claim in ledger.claims}
        self.pins: dict[CitationKey, Claim] = {}
        self.keys = {lowered(key) for key in self.book.by_key}
        self.diagnostics: list[Diagnostic] = []

    def pinned(self) -> Pinned:
        """Return the ledger with the pins."""
        claims = [self.pins.get(claim.key, claim) for claim in self.book.claims]
        return Pinned(gather(claims), len(self.pins), tuple(self.diagnostics))

    def recognise(self, key: str, sight: Sight) -> None:
        """Take an entry for its key's work; refuse it where it is clearly another's."""
        claim = self.book.by_key[CitationKey(key)]
        others = [other for other in self._claims(sight) if other.key != claim.key]
        if contradicts(self.book.places_by_key[CitationKey(key)], sight) and others:
            what = f"the citation key {key} is that of another work in the ledger; {others[0].key} stays"
            self.diagnostics.append(error("key-clash", what, sight.work.record.source))
        else:
            self.taken.add(claim.key)

    def pass_over(self, record: Record) -> None:
        """Take an entry that is there for an older key for that; say so where nobody issued that key."""
        key = CitationKey(record.brought_key or "")
        if key not in self.book.by_key:
            what = f"{key} stands for {alias_of(record)}, which never had that key: it is not kept"
            self.diagnostics.append(warning("entry-not-kept", what, record.source))

    def pin(self, key: CitationKey, sight: Sight) -> None:
        """Give the work of an entry the key that stands there."""
        source = sight.work.record.source
        claims = [claim for claim in self._claims(sight) if claim.key not in self.taken]
        if len(claims) != 1:
            known = "works that the ledger cannot tell apart" if claims else "no work of the sources"
            what = f"{key} is an entry of {known}: it is not kept, since exports hold what sources say"
            self.diagnostics.append(warning("entry-not-kept", what, source))
            return
        claim = claims[0]
        if not is_usable(key) or lowered(key) in self.keys:
            why = "differs only in case from another" if is_usable(key) else "cannot be one in all formats"
            what = f"{key!r} is not taken as a citation key, since it {why}; {claim.key} stays"
            self.diagnostics.append(warning("unusable-key", what, source))
            return
        aliases = tuple(sorted({*claim.aliases, claim.key}))
        self.pins[claim.key] = replace(claim, key=key, aliases=aliases, how=How.PINNED)
        self.taken.add(claim.key)
        self.keys.add(lowered(key))
        what = f"{key} is the citation key now, as it stands here; {claim.key} stays as an alias"
        self.diagnostics.append(info("key-pinned", what, source))

    def _claims(self, sight: Sight) -> Sequence[Claim]:
        places = find_by_ids(sight, self.book) or find_by_title(sight, self.book)
        return list({place.claim.key: place.claim for place in places}.values())


def _made_keys(sight: Sight) -> set[str]:
    base = base_of(sight.work.record)
    return {base, *islice(own_keys(base, content_letters(sight.origin)), _LETTER_SUFFIXES)}
