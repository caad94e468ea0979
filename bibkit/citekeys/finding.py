"""Which claim of the ledger is whose: works to the claims that stand for them.

In: works and a settled ledger. Out: for each work its claim, or none where it is new. Issues nothing.

A work finds its claim by these, in turn: the key that its file brings, unless all that the claim knows speaks
against it; strong identifiers; title and first creator, which for a work of a file with keys have to leave
one claim and one work. Two different strong identifiers of one kind never match. Of several claims of one
work, as ledgers that grew apart have them, the one with the best rank leads. Of several works that want one
claim the one has it that looks as the claimed one did, else the first by what they say; the others are new.
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
    for claims_of, by_title in ((_by_key, False), (_by_ids, False), (_by_title, True)):
        wishes: dict[int, list[Claim]] = {}
        for number, sight in enumerate(sights if book.claims else ()):
            if found[number] is None:
                free = [claim for claim in claims_of(sight, book) if claim.key not in taken]
                if free:
                    wishes[number] = free
        for number, claim in _grant(wishes, sights, by_title=by_title).items():
            found[number] = claim
            taken.add(claim.key)
    return found


def _by_key(sight: Sight, book: Book) -> Sequence[Claim]:
    brought = sight.work.brought_key
    claim = None if brought is None else book.by_key.get(brought)
    return () if claim is None or _contradicts(claim, sight) else (claim,)


def _by_ids(sight: Sight, book: Book) -> Sequence[Claim]:
    if sight.fingerprints[0].startswith(TITLE):
        return ()  # the usual case: sorted, identifiers would come first
    return _by_texts(sight, [text for text in sight.fingerprints if not text.startswith(TITLE)], book)


def _by_title(sight: Sight, book: Book) -> Sequence[Claim]:
    return _by_texts(sight, [text for text in sight.fingerprints if text.startswith(TITLE)], book)


def _by_texts(sight: Sight, texts: Sequence[str], book: Book) -> Sequence[Claim]:
    """Return the claims that have one of these fingerprints, and no identifier that speaks against it."""
    claims = [claim for text in texts for claim in book.by_fingerprint.get(text, ())]
    if not sight.fingerprints[0].startswith(TITLE):
        claims = [claim for claim in claims if not conflict(sight.fingerprints, claim.fingerprints)]
    if len(claims) > 1:
        claims = sorted({claim.key: claim for claim in claims}.values(), key=Claim.rank)
    return claims


def _contradicts(claim: Claim, sight: Sight) -> bool:
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


def _grant(
    wishes: Mapping[int, Sequence[Claim]], sights: Sequence[Sight], *, by_title: bool
) -> dict[int, Claim]:
    """Return which work gets which of the claims that it wishes for, those first in rank first."""
    wanted = Counter(claim.key for claims in wishes.values() for claim in claims)
    granted: dict[int, Claim] = {}
    rivals: dict[Sight, int] = {}
    for number, claims in wishes.items():
        alone = all(wanted[claim.key] == 1 for claim in claims)
        if by_title and sights[number].work.brought_key and not (alone and len(claims) == 1):
            continue  # two yearly editorials of one file: their title does not say which is which
        if alone:
            granted[number] = claims[0]
        else:
            rivals[sights[number]] = number
    ordered = [rivals[sight] for sight in in_order(rivals)]
    taken: set[CitationKey] = set()
    for number in ordered:
        looks = _looks(sights[number])
        _take(number, (claim for claim in wishes[number] if claim.origin in looks), granted, taken)
    for number in ordered:
        if number not in granted:
            _take(number, wishes[number], granted, taken)
    return granted


def _looks(sight: Sight) -> tuple[Origin, ...]:
    """Return the origins of a claim of a work that looks now as it did then."""
    brought = sight.work.brought_key
    return (sight.origin,) if brought is None else (sight.origin, replace(sight.origin, adopted=brought))


def _take(number: int, claims: Iterable[Claim], granted: dict[int, Claim], taken: set[CitationKey]) -> None:
    for claim in claims:
        if claim.key not in taken:
            granted[number] = claim
            taken.add(claim.key)
            return
