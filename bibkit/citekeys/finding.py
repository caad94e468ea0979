"""Which claim of the ledger is whose: works to the claims that stand for them.

In: works and a settled ledger. Out: for each work its claim, or none where it is new. Issues nothing.

A work finds its claim by these, in turn: all its fingerprints, identifiers or a brought key among them; the
key that its file brings, unless all that the claim knows speaks against it; strong identifiers; title and
first creator, which for a work of a file with keys have to leave one claim and one work. Two different strong
identifiers of one kind never match. Of several claims of one work, as ledgers that grew apart have them, the
one with the best rank leads. Of several works that want one claim the one has it that looks, or has a source
that looks, as the claimed one did, else the one that shares more fingerprints with it, else the first by what
they say; the others are new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bibkit.citekeys.claims import Claim, KeyLedger, resolve
from bibkit.citekeys.scheme import Origin, origin_of
from bibkit.model.folding import bare, fold
from bibkit.model.identity import TITLE, conflict, content_order, fingerprints
from bibkit.model.work import CitationKey, Work


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A work as this run sees it; its fingerprints, sorted, are those of all its sources."""

    work: Work
    origin: Origin
    fingerprints: tuple[str, ...]

    def order(self) -> tuple[Origin, str]:
        """Return what decides between works that want the same thing."""
        return self.origin, content_order(self.work.record)


class Book:
    """The claims of a settled ledger, by everything that they can be found by."""

    def __init__(self, ledger: KeyLedger) -> None:
        """Index the claims."""
        self.claims = ledger.claims
        self.by_key: Mapping[CitationKey, Claim] = resolve(ledger)
        self.by_fingerprint: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in ledger.claims:
            for text in claim.fingerprints:
                self.by_fingerprint[text].append(claim)


def see(work: Work) -> Sight:
    """Return a work as this run sees it."""
    origin = origin_of(work.record)
    texts = fingerprints(work.record, origin.title)
    if len(work.sources) > 1 or work.sources[0] is not work.record:
        texts = tuple(sorted({*texts, *(text for source in work.sources for text in fingerprints(source))}))
    return Sight(work, origin, texts)


def in_order(sights: Iterable[Sight]) -> list[Sight]:
    """Return works in the order that decides between those that want the same: by origin, then by all."""
    ordered = sorted(sights, key=_by_origin)
    if any(one.origin == next_.origin for one, next_ in pairwise(ordered)):
        ordered.sort(key=lambda sight: (sight.origin, content_order(sight.work.record)))
    return ordered


def _by_origin(sight: Sight) -> tuple[tuple[str, ...], str, str, tuple[str, ...]]:
    # The same order as that of origins, compared faster.
    return sight.origin.creators, sight.origin.title, sight.origin.date, sight.origin.ids


def find_claims(sights: Sequence[Sight], book: Book) -> list[Claim | None]:
    """Return the claim of each work, or `None`; no claim is given twice."""
    found: list[Claim | None] = [None] * len(sights)
    taken: set[CitationKey] = set()
    for evidence in (_by_all, _by_key, find_by_ids, find_by_title) if book.claims else ():
        wishes: dict[int, list[Claim]] = {}
        for number, sight in enumerate(sights):
            if found[number] is None:
                free = [claim for claim in evidence(sight, book) if claim.key not in taken]
                if free:
                    wishes[number] = free
        if evidence is find_by_title:
            wishes = _without_doubtful(wishes, sights)
        for number, claim in _grant(wishes, sights).items():
            found[number] = claim
            taken.add(claim.key)
    return found


def _by_all(sight: Sight, book: Book) -> Sequence[Claim]:
    """Return the claims that have all fingerprints of a work: its own, where an earlier run saw it so.

    A title alone is not enough, unless the work brings the key or looks in all as it did.
    """
    brought = sight.work.brought_key
    by_title = sight.fingerprints[0].startswith(TITLE)
    if by_title and brought is None:
        return ()
    claims = [
        claim
        for claim in _by_texts(sight, sight.fingerprints[:1], book)
        if set(claim.fingerprints).issuperset(sight.fingerprints)
        and (not by_title or brought in claim.all_keys() or claim.origin == sight.origin)
    ]
    return sorted(claims, key=lambda claim: brought not in claim.all_keys())


def _by_key(sight: Sight, book: Book) -> Sequence[Claim]:
    brought = sight.work.brought_key
    claim = None if brought is None else book.by_key.get(brought)
    return () if claim is None or contradicts(claim, sight) else (claim,)


def find_by_ids(sight: Sight, book: Book) -> Sequence[Claim]:
    """Return the claims that have a strong identifier of a work, best rank first."""
    if sight.fingerprints[0].startswith(TITLE):
        return ()  # the usual case: sorted, identifiers would come first
    return _by_texts(sight, [text for text in sight.fingerprints if not text.startswith(TITLE)], book)


def find_by_title(sight: Sight, book: Book) -> Sequence[Claim]:
    """Return the claims that have title and first creator of a work, best rank first."""
    return _by_texts(sight, [text for text in sight.fingerprints if text.startswith(TITLE)], book)


def _by_texts(sight: Sight, texts: Sequence[str], book: Book) -> Sequence[Claim]:
    """Return the claims with one of these fingerprints and no identifier against it, best rank first."""
    claims = [claim for text in texts for claim in book.by_fingerprint.get(text, ())]
    if not sight.fingerprints[0].startswith(TITLE):
        claims = [claim for claim in claims if not conflict(sight.fingerprints, claim.fingerprints)]
    if len(claims) > 1:
        claims = sorted({claim.key: claim for claim in claims}.values(), key=Claim.rank)
    return claims


def contradicts(claim: Claim, sight: Sight) -> bool:
    """Say whether a claim is of another work, though the work brings its key.

    So it is where identifiers clash or nothing agrees. Where a title was corrected the first creator still
    agrees, and the other way round.
    """
    if conflict(claim.fingerprints, sight.fingerprints):
        return True
    return (
        set(claim.fingerprints).isdisjoint(sight.fingerprints)
        and claim.origin.title != sight.origin.title
        and _first_name(claim.origin) != _first_name(sight.origin)
    )


def _first_name(origin: Origin) -> str:
    return bare(fold(origin.creators[0])) if origin.creators else ""


def _without_doubtful(wishes: Mapping[int, list[Claim]], sights: Sequence[Sight]) -> dict[int, list[Claim]]:
    """Drop the wishes of works that bring keys, but where one claim and one work have the title.

    Two yearly editorials of one file: their title does not say which is which.
    """
    wanted = Counter(claim.key for claims in wishes.values() for claim in claims)
    return {
        number: claims
        for number, claims in wishes.items()
        if sights[number].work.brought_key is None or (len(claims) == 1 and wanted[claims[0].key] == 1)
    }


def _grant(wishes: Mapping[int, Sequence[Claim]], sights: Sequence[Sight]) -> dict[int, Claim]:
    """Return which work gets which claim: its first wish, unless another wants one of its wishes too."""
    wanted = Counter(claim.key for claims in wishes.values() for claim in claims)
    granted: dict[int, Claim] = {}
    rivals: dict[Sight, int] = {}
    for number, claims in wishes.items():
        if all(wanted[claim.key] == 1 for claim in claims):
            granted[number] = claims[0]
        else:
            rivals[sights[number]] = number
    bids = [
        (_distance(claim, sight, looks), place, choice, rivals[sight], claim)
        for place, sight in enumerate(in_order(rivals))
        for looks in [_looks(sight)]
        for choice, claim in enumerate(wishes[rivals[sight]])
    ]
    taken: set[CitationKey] = set()
    for *_, number, claim in sorted(bids, key=lambda bid: bid[:3]):
        if number not in granted and claim.key not in taken:
            granted[number] = claim
            taken.add(claim.key)
    return granted


def _looks(sight: Sight) -> tuple[set[Origin], set[Origin]]:
    """Return the origins of claims of works that looked as this one does now, and as one of its sources."""
    brought = sight.work.brought_key or ""
    sources = [origin_of(source) for source in sight.work.sources]
    return (
        {sight.origin, replace(sight.origin, adopted=brought)},
        {*sources, *(replace(source, adopted=brought) for source in sources)},
    )


def _distance(claim: Claim, sight: Sight, looks: tuple[set[Origin], set[Origin]]) -> tuple[int, int]:
    """Return how far a work is from what a claim says: by its look, then by the fingerprints they share."""
    now, as_a_source = looks
    look = 0 if claim.origin in now else 1 if claim.origin in as_a_source else 2
    return look, -len(set(claim.fingerprints).intersection(sight.fingerprints))
