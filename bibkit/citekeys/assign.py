"""Works to entries: each work has its key from the ledger, or is issued one that no work has or had.

In: a ledger and works, in any order. Out: the ledger with what was learned and issued, and an entry for each
work; works that a person merged are one. Refuses to change a key that was issued. The order of the works
decides nothing: where two want one thing, what they say decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bibkit.citekeys.aliases import listed_aliases, without_list
from bibkit.citekeys.claims import Claim, How, KeyLedger, lowered, settle
from bibkit.citekeys.finding import Book, Place, Sight, find_places, see
from bibkit.citekeys.issuing import is_usable, issue_keys
from bibkit.citekeys.scheme import KeyStyle, Origin
from bibkit.diagnostics import Diagnostic, Source, warning
from bibkit.model.identity import TITLE, conflict
from bibkit.model.work import CitationKey, Entry, Work
from bibkit.works import join_works

_MOST_ROUNDS: Final = 10


@dataclass(frozen=True, slots=True)
class Assignment:
    """The ledger after a run, an entry for each work, sorted by key, and what there is to say.

    `works` are those of the entries, in their order, each with all its sources.
    """

    ledger: KeyLedger
    entries: tuple[Entry, ...]
    works: tuple[Work, ...]
    diagnostics: tuple[Diagnostic, ...]
    new_keys: int
    kept_keys: int


def assign_keys(ledger: KeyLedger, works: Sequence[Work], *, style: KeyStyle = "short") -> Assignment:
    """Return an entry for each work, with the key that it has in the ledger or one that is now issued.

    Issued keys stay, whatever the style is now. A ledger in which a key stands for two works is settled
    first: each such key is an *error* diagnostic, once. So is a key that files bring for different works;
    keys from files that differ only in case are a *warning*. Works that a person merged are joined as
    `collate` joins records, the one whose key stays leading, and what they say differently is an *info*.
    """
    settled = settle(ledger)
    sights = [see(work) for work in works]
    current, diagnostics = settled.ledger, list(settled.diagnostics)
    claims: list[Claim] = []
    # Where files bring keys, what a claim has learned may make it another work's wish. The ledger of a run
    # has to give the next one the same keys, so this goes on until it does.
    for _ in range(_MOST_ROUNDS if any(work.brought_key for work in works) else 1):
        book = Book(current)
        places = find_places(sights, book)
        if [place and place.claim for place in places] == claims:
            break
        newcomers = [sight for sight, place in zip(sights, places, strict=True) if place is None]
        issued, said = issue_keys(newcomers, book, style)
        diagnostics.extend(said)
        learned = _learned(sights, places)
        claims = [
            issued[sight] if place is None else learned[place.claim.key]
            for sight, place in zip(sights, places, strict=True)
        ]
        current = _updated(current, claims)
    others = _other_keys(sights, claims, book)
    claims, warnings = _with_older_keys(sights, places, claims, current, others)
    diagnostics.extend(warnings)
    current = _updated(current, claims)
    entries, joined = [], []
    for claim, of_claim in _by_claim(zip(sights, places, strict=True), claims):
        own = (sight.work for sight, place in of_claim if place is None or place.origin == claim.origin)
        work, said = join_works([sight.work for sight, _ in of_claim], leading=next(own, None))
        diagnostics.extend(said)
        joined.append(work)
        entries.append(Entry(claim.key, without_list(work.record), _all_aliases(claim, others)))
    known = {claim.key for claim in settled.ledger.claims}
    kept = sum(entry.key in known for entry in entries)
    return Assignment(
        ledger=current,
        entries=tuple(entries),
        works=tuple(joined),
        diagnostics=tuple(dict.fromkeys(diagnostics)),
        new_keys=len(entries) - kept,
        kept_keys=kept,
    )


def _learned(sights: Sequence[Sight], places: Sequence[Place | None]) -> dict[CitationKey, Claim]:
    """Return the claims of works, each part with the fingerprints that its work has now beside its own."""
    learned: dict[CitationKey, Claim] = {}
    for sight, place in zip(sights, places, strict=True):
        if place is None:
            continue
        claim = learned.setdefault(place.claim.key, place.claim)
        if set(sight.fingerprints) <= set(place.fingerprints):
            continue
        texts = tuple(sorted({*place.fingerprints, *sight.fingerprints}))
        if place.origin == claim.origin:
            claim = replace(claim, fingerprints=texts)
        else:
            parts = (
                replace(part, fingerprints=texts) if part.origin == place.origin else part
                for part in claim.merged
            )
            claim = replace(claim, merged=tuple(parts))
        learned[claim.key] = claim
    return learned


def _with_older_keys(
    sights: Sequence[Sight],
    places: Sequence[Place | None],
    claims: Sequence[Claim],
    ledger: KeyLedger,
    others: Mapping[CitationKey, Sequence[CitationKey]],
) -> tuple[list[Claim], list[Diagnostic]]:
    """Return the claims with the keys that files list as older ones, and those that files have for the work.

    A paper may cite it by any of these. Of a claim into which works were merged each key is that of the part
    which is the work. What cannot be had is a *warning* each, but for the key that a work brings and did not
    get: that was an error when it was new, and another one was made.
    """
    wishes = [
        (text, source, claim, place, text == sight.work.brought_key and claim.how is How.MADE)
        for sight, place, claim in zip(sights, places, claims, strict=True)
        for text, source in _keys_in_files(sight.work)
        if text not in {claim.key, *_all_aliases(claim, others)}
    ]
    if not wishes:
        return list(claims), []
    holders: defaultdict[bytes, set[CitationKey]] = defaultdict(set)
    for holder in ledger.claims:
        for key in holder.all_keys():
            holders[lowered(key)].add(holder.key)
    for text, _, claim, _, _ in wishes:
        holders[lowered(text)].add(claim.key)
    found: defaultdict[CitationKey, set[tuple[CitationKey, Origin]]] = defaultdict(set)
    said = []
    for text, source, claim, place, said_before in wishes:
        listed = f"{text!r}, in a file for the work whose key is {claim.key},"
        if not is_usable(text):
            what = f"{listed} cannot be a citation key in all formats; it is not kept"
            said.append(warning("unusable-key", what, source))
        elif len(holders[lowered(text)]) == 1:
            found[claim.key].add((CitationKey(text), claim.origin if place is None else place.origin))
        elif not said_before:
            what = f"{listed} is a key of another work; it is not kept"
            said.append(warning("alias-clash", what, source))
    said.sort(key=lambda one: (one.source or Source("", 0), one.message))
    return [_aliased(claim, found.get(claim.key, set())) for claim in claims], said


def _keys_in_files(work: Work) -> Iterator[tuple[str, Source | None]]:
    """Yield the keys by which files know a work, those that they list first.

    What cannot be a key and is not listed is passed over: that was a warning when the work was new.
    """
    if work.record.unmapped:
        yield from ((text, work.record.source) for text in listed_aliases(work.record))
    for record in work.sources:
        if record.brought_key is not None and is_usable(record.brought_key):
            yield record.brought_key, record.source


def _aliased(claim: Claim, keys: set[tuple[CitationKey, Origin]]) -> Claim:
    """Return a claim with more keys, each that of the part with this origin."""
    if not keys:
        return claim
    merged = (
        replace(part, keys=tuple(sorted({*part.keys, *(key for key, of in keys if of == part.origin)})))
        for part in claim.merged
    )
    aliases = {*claim.aliases, *(key for key, _ in keys)}
    return replace(claim, aliases=tuple(sorted(aliases)), merged=tuple(merged))


def _by_claim(
    sights: Iterable[tuple[Sight, Place | None]], claims: Sequence[Claim]
) -> Iterator[tuple[Claim, list[tuple[Sight, Place | None]]]]:
    """Yield the claims by key, each with its works: one, but where a person merged works."""
    together: dict[CitationKey, tuple[Claim, list[tuple[Sight, Place | None]]]] = {}
    for sight, claim in zip(sights, claims, strict=True):
        together.setdefault(claim.key, (claim, []))[1].append(sight)
    for key in sorted(together):
        yield together[key]


def _all_aliases(
    claim: Claim, others: Mapping[CitationKey, Sequence[CitationKey]]
) -> tuple[CitationKey, ...]:
    return tuple(sorted({*claim.aliases, *others[claim.key]})) if claim.key in others else claim.aliases


def _updated(ledger: KeyLedger, claims: Sequence[Claim]) -> KeyLedger:
    current = {claim.key: claim for claim in ledger.claims}
    current.update((claim.key, claim) for claim in claims)
    return KeyLedger(tuple(current[key] for key in sorted(current)))


def _other_keys(
    sights: Sequence[Sight], claims: Sequence[Claim], book: Book
) -> dict[CitationKey, list[CitationKey]]:
    """Return, for an entry's key, the keys of other claims that are of its work, and of no entry's own.

    Ledgers that grew apart have such claims, and works that turn out to be one leave them. They stay in the
    ledger as they are, so that nothing is lost should the works part again.
    """
    served = {claim.key for claim in claims}
    wishes: dict[CitationKey, list[tuple[bool, int]]] = {}
    spare: dict[CitationKey, Claim] = {}
    for number, sight in enumerate(sights):
        for text in sight.fingerprints:
            for claim in [place.claim for place in book.by_fingerprint.get(text, ())]:
                if claim.key not in served and _may_stand_for(claim, sight, text):
                    spare[claim.key] = claim
                    wishes.setdefault(claim.key, []).append((text.startswith(TITLE), number))
    known: defaultdict[CitationKey, set[str]] = defaultdict(set)
    others: dict[CitationKey, list[CitationKey]] = {}
    for claim in sorted(spare.values(), key=Claim.rank):
        for _, number in sorted(wishes[claim.key], key=lambda wish: (wish[0], sights[wish[1]].order())):
            key = claims[number].key
            known[key].update(claims[number].all_fingerprints())
            if not conflict(known[key], claim.all_fingerprints()):
                known[key].update(claim.all_fingerprints())
                others.setdefault(key, []).extend(claim.all_keys())
                break
    return others


def _may_stand_for(claim: Claim, sight: Sight, text: str) -> bool:
    """Say whether a shared fingerprint makes a claim one of the work; a title is not enough between files."""
    by_title = text.startswith(TITLE)
    return not by_title or (sight.work.brought_key is None and claim.how is not How.ADOPTED)
