"""Which claim of the ledger is whose: works to the claims that stand for them.

In: works and a settled ledger. Out: for each work its claim, or none where it is new. Issues nothing.

A claim into which a person merged works is looked for part by part: each part finds one work, as its claim
did before the merge, so that works of which the person said nothing are not drawn in. But the identifiers of
all parts are those of one work: a work that has some of one part and some of another is that one, too.

A work finds its claim by these, in turn: all its fingerprints, identifiers or a brought key among them; the
key that its file brings, unless all that the claim knows speaks against it; strong identifiers; title and
first creator, which for a work of a file with keys have to leave one claim and one work. Two different strong
identifiers of one kind never match. Of several claims of one work, as ledgers that grew apart have them, the
one with the best rank leads. Of several works that want one claim the one has it that brings its key, else
that looks, or has a source that looks, as the claimed one did, else the one that shares more fingerprints
with it, else the first by what they say; the others are new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A part of a claim, for one work; `known` are the fingerprints of the whole claim."""

    claim: Claim
    origin: Origin
    keys: tuple[CitationKey, ...]
    fingerprints: tuple[str, ...]
    known: tuple[str, ...]

    def rank(self) -> tuple[tuple[int, int, CitationKey], Origin]:
        """Return what decides which of several places of one work leads."""
        return self.claim.rank(), self.origin

    def conflicts(self, sight: Sight) -> bool:
        """Say whether the identifiers of a work speak against it: against the part, and against the whole."""
        if not conflict(self.fingerprints, sight.fingerprints):
            return False
        return self.known is self.fingerprints or conflict(self.known, sight.fingerprints)


class Book:
    """The claims of a settled ledger, by everything that they can be found by."""

    def __init__(self, ledger: KeyLedger) -> None:
        """Index the claims."""
        self.claims = ledger.claims
        self.by_key: Mapping[CitationKey, Claim] = resolve(ledger)
        self.places_by_key: dict[CitationKey, Place] = {}
        self.by_fingerprint: defaultdict[str, list[Place]] = defaultdict(list)
        for claim in ledger.claims:
            for place in _places(claim):
                for key in place.keys:
                    self.places_by_key[key] = place
                for text in place.fingerprints:
                    self.by_fingerprint[text].append(place)


def _places(claim: Claim) -> Iterator[Place]:
    if not claim.merged:  # the usual case
        yield Place(claim, claim.origin, claim.all_keys(), claim.fingerprints, claim.fingerprints)
        return
    known = claim.all_fingerprints()
    for part in claim.parts():
        yield Place(claim, part.origin, part.keys, part.fingerprints, known)


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


def find_places(sights: Sequence[Sight], book: Book) -> list[Place | None]:
    """Return the place of each work, or `None`; none is given twice, but a merged claim has several."""
    found: list[Place | None] = [None] * len(sights)
    taken: set[Place] = set()
    for evidence in (_by_all, _by_key, find_by_ids, find_by_title) if book.claims else ():
        wishes: dict[int, list[Place]] = {}
        for number, sight in enumerate(sights):
            if found[number] is None:
                free = [place for place in evidence(sight, book) if place not in taken]
                if free:
                    wishes[number] = free
        if evidence is find_by_title:
            wishes = _without_doubtful(wishes, sights)
        for number, place in _grant(wishes, sights).items():
            found[number] = place
            taken.add(place)
    return found


def _by_all(sight: Sight, book: Book) -> Sequence[Place]:
    """Return the places that have all fingerprints of a work: its own, where an earlier run saw it so.

    A title alone is not enough, unless the work brings the key or looks in all as it did.
    """
    brought = sight.work.brought_key
    by_title = sight.fingerprints[0].startswith(TITLE)
    if by_title and brought is None:
        return ()
    places = [
        place
        for place in _by_texts(sight, sight.fingerprints[:1], book)
        if set(place.fingerprints).issuperset(sight.fingerprints)
        and (not by_title or brought in place.keys or place.origin == sight.origin)
    ]
    return sorted(places, key=lambda place: brought not in place.keys)


def _by_key(sight: Sight, book: Book) -> Sequence[Place]:
    brought = sight.work.brought_key
    place = None if brought is None else book.places_by_key.get(brought)
    return () if place is None or contradicts(place, sight) else (place,)


def find_by_ids(sight: Sight, book: Book) -> Sequence[Place]:
    """Return the places that have a strong identifier of a work, best rank first."""
    if sight.fingerprints[0].startswith(TITLE):
        return ()  # the usual case: sorted, identifiers would come first
    return _by_texts(sight, [text for text in sight.fingerprints if not text.startswith(TITLE)], book)


def find_by_title(sight: Sight, book: Book) -> Sequence[Place]:
    """Return the places that have title and first creator of a work, best rank first."""
    return _by_texts(sight, [text for text in sight.fingerprints if text.startswith(TITLE)], book)


def _by_texts(sight: Sight, texts: Sequence[str], book: Book) -> Sequence[Place]:
    """Return the places with one of these fingerprints and no identifier against it, best rank first."""
    places = [place for text in texts for place in book.by_fingerprint.get(text, ())]
    if not sight.fingerprints[0].startswith(TITLE):
        places = [place for place in places if not place.conflicts(sight)]
    if len(places) > 1:
        places = sorted(dict.fromkeys(places), key=Place.rank)
    return places


def contradicts(place: Place, sight: Sight) -> bool:
    """Say whether a place is of another work, though the work brings its key.

    So it is where identifiers clash or nothing agrees. Where a title was corrected the first creator still
    agrees, and the other way round.
    """
    if place.conflicts(sight):
        return True
    return (
        set(place.fingerprints).isdisjoint(sight.fingerprints)
        and place.origin.title != sight.origin.title
        and _first_name(place.origin) != _first_name(sight.origin)
    )


def _first_name(origin: Origin) -> str:
    return bare(fold(origin.creators[0])) if origin.creators else ""


def _without_doubtful(wishes: Mapping[int, list[Place]], sights: Sequence[Sight]) -> dict[int, list[Place]]:
    """Drop the wishes of works that bring keys, but where one claim and one work have the title.

    Two yearly editorials of one file: their title does not say which is which.
    """
    claims = {number: {place.claim.key for place in places} for number, places in wishes.items()}
    wanted = Counter(key for keys in claims.values() for key in keys)
    return {
        number: places
        for number, places in wishes.items()
        if sights[number].work.brought_key is None
        or (len(claims[number]) == 1 and wanted[places[0].claim.key] == 1)
    }


def _grant(wishes: Mapping[int, Sequence[Place]], sights: Sequence[Sight]) -> dict[int, Place]:
    """Return which work gets which place: its first wish, unless another wants one of its wishes too."""
    wanted = Counter(place for places in wishes.values() for place in places)
    granted: dict[int, Place] = {}
    rivals: dict[Sight, int] = {}
    for number, places in wishes.items():
        if all(wanted[place] == 1 for place in places):
            granted[number] = places[0]
        else:
            rivals[sights[number]] = number
    bids = [
        (_distance(place, sight, looks), order, choice, rivals[sight], place)
        for order, sight in enumerate(in_order(rivals))
        for looks in [_looks(sight)]
        for choice, place in enumerate(wishes[rivals[sight]])
    ]
    taken: set[Place] = set()
    for *_, number, place in sorted(bids, key=lambda bid: bid[:3]):
        if number not in granted and place not in taken:
            granted[number] = place
            taken.add(place)
    return granted


def _looks(sight: Sight) -> tuple[set[Origin], set[Origin]]:
    """Return the origins of claims of works that looked as this one does now, and as one of its sources."""
    brought = sight.work.brought_key or ""
    sources = [origin_of(source) for source in sight.work.sources]
    return (
        {sight.origin, replace(sight.origin, adopted=brought)},
        {*sources, *(replace(source, adopted=brought) for source in sources)},
    )


def _distance(place: Place, sight: Sight, looks: tuple[set[Origin], set[Origin]]) -> tuple[bool, int, int]:
    """Return how far a work is from what a claim says: by its key, its look, the fingerprints they share."""
    now, as_a_source = looks
    look = 0 if place.origin in now else 1 if place.origin in as_a_source else 2
    return (
        sight.work.brought_key not in place.keys,
        look,
        -len(set(place.fingerprints).intersection(sight.fingerprints)),
    )
