"""The ledger as a value: claims, the union of ledgers that grew apart, and how it is settled.

In: claims. Out: a `KeyLedger`. Refuses to know files: they are `bibkit.ledger`'s.

`unite` is a join: commutative, associative, idempotent, and nothing gets lost in it, so a key may then stand
in several claims. `settle` decides what that means and leaves each key and alias in one claim. It depends on
the set of claims alone.

Where a person said that two works are one, the claim of one of them keeps what the other's said, as a `Part`:
each part goes on finding its own work, as its claim did, and what the parts find is one work. An old line of
one of the parts says nothing new and is taken in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from bibkit.citekeys.scheme import SCHEME, Origin, base_of_key, content_letters, own_keys
from bibkit.diagnostics import Diagnostic, error
from bibkit.model.grouping import group_same
from bibkit.model.identity import ARXIV, DOI, TITLE
from bibkit.model.work import CitationKey


class How(StrEnum):
    """How a work came to its key, the strongest way first: a person said so, a file brought it, by scheme."""

    PINNED = "pinned"
    ADOPTED = "adopted"
    MADE = "made"


_STRENGTH: Final = {how: strength for strength, how in enumerate(How)}


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One of the works that a person said are one: how it first looked, its own keys, what it is found by.

    `keys` and `fingerprints` are sorted.
    """

    origin: Origin
    keys: tuple[CitationKey, ...]
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One key and the work that it stands for.

    `fingerprints` (sorted) tell the work; they only accumulate. `aliases` (sorted) are older keys of it, and
    those of its parts. `issued` counts the runs that issued a key, from 1. `merged` (sorted) are works that a
    person said are this one, too.
    """

    key: CitationKey
    origin: Origin
    fingerprints: tuple[str, ...]
    aliases: tuple[CitationKey, ...] = ()
    how: How = How.MADE
    scheme: int = SCHEME
    issued: int = 1
    merged: tuple[Part, ...] = ()

    def all_keys(self) -> tuple[CitationKey, ...]:
        """Return the key and its aliases."""
        return (self.key, *self.aliases)

    def all_fingerprints(self) -> tuple[str, ...]:
        """Return the fingerprints of all its parts, sorted."""
        if not self.merged:
            return self.fingerprints
        return tuple(sorted({text for part in self.parts() for text in part.fingerprints}))

    def parts(self) -> tuple[Part, ...]:
        """Return the works that it stands for, its own first: one, unless a person merged others into it."""
        others = {key for part in self.merged for key in part.keys}
        own = tuple(sorted(key for key in self.all_keys() if key not in others))
        return (Part(self.origin, own, self.fingerprints), *self.merged)

    def rank(self) -> tuple[int, int, CitationKey]:
        """Return what decides which of several keys of one work leads: how it came, when, then the key."""
        return _STRENGTH[self.how], self.issued, self.key

    def age(self) -> tuple[int, Origin, CitationKey]:
        """Return what decides which of several works keeps a key: the lowest first."""
        return self.issued, self.origin, self.key


@dataclass(frozen=True, slots=True)
class KeyLedger:
    """All claims, sorted by key; in a settled ledger each key and alias stands in one of them."""

    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A ledger in which each key and alias stands for one work, and an error for each key that had two."""

    ledger: KeyLedger
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A claim that is being settled, and which of its keys it has lost to another."""

    claim: Claim
    lost: dict[CitationKey, Claim] = field(default_factory=dict)


def gather(claims: Iterable[Claim]) -> KeyLedger:
    """Return the ledger of these claims; those of one key and one origin become one."""
    joined: dict[tuple[CitationKey, Origin], Claim] = {}
    for claim in claims:
        other = joined.get((claim.key, claim.origin))
        joined[claim.key, claim.origin] = claim if other is None else _joined(claim, other)
    return KeyLedger(tuple(sorted(joined.values(), key=lambda claim: (claim.key, claim.origin))))


def unite(*ledgers: KeyLedger) -> KeyLedger:
    """Return what all the ledgers know; `settle` decides what they do not agree on."""
    return gather(claim for ledger in ledgers for claim in ledger.claims)


def resolve(ledger: KeyLedger) -> dict[CitationKey, Claim]:
    """Return the claim behind each key and alias of a settled ledger."""
    return {key: claim for claim in ledger.claims for key in claim.all_keys()}


def settle(ledger: KeyLedger) -> Settled:
    """Return the ledger with each key and alias in one claim.

    Claims that share one and are of the same work become one claim. Pinned leads before adopted before made,
    then a claim whose key is no alias in a line that was written later, the lowest `issued`, the key; the
    other keys are its aliases. Of different works the one with the lower `issued`, then origin, keeps the
    key, any other has its hash suffix put to it, and an *error* diagnostic names both. Every key stays a key
    or an alias.
    """
    keys = [key for claim in ledger.claims for key in claim.all_keys()]
    if len(set(keys)) == len(keys):
        return Settled(ledger)
    holders: defaultdict[CitationKey, list[int]] = defaultdict(list)
    for number, claim in enumerate(ledger.claims):
        for key in claim.all_keys():
            holders[key].append(number)
    contested = {key: numbers for key, numbers in holders.items() if len(numbers) > 1}
    involved = sorted({number for numbers in contested.values() for number in numbers})
    quiet = [claim for number, claim in enumerate(ledger.claims) if number not in set(involved)]
    drafts = [_Draft(claim) for claim in _merged([ledger.claims[number] for number in involved], contested)]
    _decide(drafts)
    return _with_new_keys(quiet, drafts)


def merge_claims(claims: Sequence[Claim]) -> Claim:
    """Return one claim for works that are one; each stays a part of it, unless its claim had the same origin.

    The claim that leads is the one that `settle` would have lead, so that a merge and a union of ledgers come
    to the same key, in whatever order they are done.
    """
    leader = _leader(claims)
    first = min((claim for claim in claims if claim.key == leader.key), key=Claim.age)
    parts = [part for claim in claims for part in claim.parts()]
    own = [part for part in parts if part.origin == first.origin]
    return replace(
        _merge_all(claims),
        fingerprints=tuple(sorted({text for part in own for text in part.fingerprints})),
        merged=_joined_parts(part for part in parts if part.origin != first.origin),
    )


def _joined(claim: Claim, other: Claim) -> Claim:
    """Join two claims of one key and one origin."""
    return replace(
        claim,
        fingerprints=tuple(sorted({*claim.fingerprints, *other.fingerprints})),
        aliases=tuple(sorted({*claim.aliases, *other.aliases})),
        how=min(claim.how, other.how, key=_STRENGTH.__getitem__),
        scheme=min(claim.scheme, other.scheme),
        issued=min(claim.issued, other.issued),
        merged=_joined_parts((*claim.merged, *other.merged)),
    )


def _joined_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Join the parts of one origin."""
    joined: dict[Origin, Part] = {}
    for part in parts:
        other = joined.get(part.origin, part)
        keys = tuple(sorted({*part.keys, *other.keys}))
        texts = tuple(sorted({*part.fingerprints, *other.fingerprints}))
        joined[part.origin] = Part(part.origin, keys, texts)
    return tuple(sorted(joined.values()))


def _merged(claims: list[Claim], contested: Iterable[CitationKey]) -> Iterator[Claim]:
    """Merge the claims that share a key or alias and are of the same work."""
    shared = frozenset(contested)
    same = _same_ids(claims)
    texts = [{same.get(text, text) for text in claim.all_fingerprints()} for claim in claims]
    tokens = [tuple(_evidence(claim, texts[at], shared)) for at, claim in enumerate(claims)]
    ids = [tuple(sorted(text for text in one if not text.startswith(TITLE))) for one in texts]
    for group in group_same(tokens, ids, lambda number: claims[number].age()):
        of_one = [claims[number] for number in group]
        yield merge_claims(of_one) if any(claim.merged for claim in of_one) else _merge_all(of_one)


def _same_ids(claims: Sequence[Claim]) -> dict[str, str]:
    """Return, for identifiers that a person said are of one work, one of their kind that stands for all."""
    same: dict[str, str] = {}

    def first(text: str) -> str:
        while text in same:
            text = same[text]
        return text

    for texts in _said_to_be_one(claims):
        for kind in (ARXIV, DOI):
            lowest, *others = sorted({first(text) for text in texts if text.startswith(kind)}) or [""]
            same.update((text, lowest) for text in others)
    return {text: first(text) for text in same}


def _said_to_be_one(claims: Sequence[Claim]) -> Iterator[set[str]]:
    """Yield, for each claim with merged works, its fingerprints, and those of other lines of these works."""
    if not any(claim.merged for claim in claims):
        return
    by_origin: defaultdict[Origin, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_origin[claim.origin].append(claim)
    for claim in claims:
        if claim.merged:
            keys = set(claim.all_keys())
            lines = [line for part in claim.parts() for line in by_origin[part.origin]]
            known = [line for line in lines if not keys.isdisjoint(line.all_keys())]
            yield {text for line in (claim, *known) for text in line.all_fingerprints()}


def _evidence(claim: Claim, texts: Iterable[str], shared: frozenset[CitationKey]) -> Iterator[str]:
    """Yield what links a claim to another of the same work: a shared key, and with it what tells the work."""
    for key in claim.all_keys():
        if key in shared:
            yield from (f"{text}\n{key}" for text in sorted(texts))
            yield from (f"origin:{part.origin}\n{key}" for part in claim.parts())


def _merge_all(claims: Sequence[Claim]) -> Claim:
    leader = _leader(claims)
    first = min((claim for claim in claims if claim.key == leader.key), key=Claim.age)
    keys = {key for claim in claims for key in claim.all_keys()}
    return Claim(
        key=leader.key,
        origin=first.origin,
        fingerprints=tuple(sorted({text for claim in claims for text in claim.fingerprints})),
        aliases=tuple(sorted(keys - {leader.key})),
        how=leader.how,
        scheme=first.scheme,
        issued=min(claim.issued for claim in claims),
    )


def _leader(claims: Sequence[Claim]) -> Claim:
    """Return the claim with the best rank; of those that came the same way one that no other knows as past.

    A line that has another's key as an alias, where that one does not have its key, was written later: an old
    line that comes back does not undo a renaming.
    """
    best = min(_STRENGTH[claim.how] for claim in claims)
    equals = [claim for claim in claims if _STRENGTH[claim.how] == best]
    known: defaultdict[CitationKey, set[CitationKey]] = defaultdict(set)
    for claim in equals:
        known[claim.key].update(claim.all_keys())
    latest = [
        claim
        for claim in equals
        if not any(claim.key in keys and key not in known[claim.key] for key, keys in known.items())
    ]
    return min(latest or equals, key=Claim.rank)


def _decide(drafts: list[_Draft]) -> None:
    """Note for each draft the keys and aliases that an older claim keeps."""
    owners: dict[CitationKey, Claim] = {}
    for draft in sorted(drafts, key=lambda draft: draft.claim.age()):
        for key in draft.claim.all_keys():
            owner = owners.setdefault(key, draft.claim)
            if owner is not draft.claim:
                draft.lost[key] = owner


def _with_new_keys(quiet: list[Claim], drafts: list[_Draft]) -> Settled:
    claims: dict[CitationKey, Claim] = {claim.key: claim for claim in quiet}
    losers = []
    for draft in drafts:
        draft.claim = _without(draft.claim, draft.lost)
        if draft.claim.key in draft.lost:
            losers.append(draft)
        else:
            claims[draft.claim.key] = draft.claim
    taken = {lowered(key) for claim in claims.values() for key in claim.all_keys()}
    taken.update(lowered(key) for draft in losers for key in draft.claim.all_keys())
    for draft in sorted(losers, key=lambda draft: draft.claim.age()):
        _give_new_key(draft, claims, taken)
    diagnostics = [
        error("key-clash", _clash_message(key, owner, draft.claim))
        for draft in sorted(drafts, key=lambda draft: draft.claim.age())
        for key, owner in sorted(draft.lost.items(), key=lambda item: item[0])
    ]
    return Settled(gather(claims.values()), tuple(diagnostics))


def _without(claim: Claim, lost: Container[CitationKey]) -> Claim:
    """Return a claim without aliases that it has lost."""
    return replace(
        claim,
        aliases=tuple(key for key in claim.aliases if key not in lost),
        merged=tuple(
            replace(part, keys=tuple(key for key in part.keys if key not in lost)) for part in claim.merged
        ),
    )


def _give_new_key(draft: _Draft, claims: dict[CitationKey, Claim], taken: set[bytes]) -> None:
    """Give a work that lost its key its suffixed one; where that is in the ledger as its own, join it."""
    origin = draft.claim.origin
    key = next(
        key
        for key in own_keys(base_of_key(draft.claim.key), content_letters(origin))
        if lowered(key) not in taken or (key in claims and claims[key].origin == origin)
    )
    draft.claim = replace(draft.claim, key=key, how=How.MADE)
    if key in claims:
        draft.claim = merge_claims([claims[key], draft.claim])
    claims[key] = draft.claim
    taken.add(lowered(key))


def lowered(key: str) -> bytes:
    """Return a key as BibTeX compares it: ASCII letters without regard to case, all others as they are."""
    return key.encode(errors="surrogatepass").lower()


def _clash_message(key: CitationKey, owner: Claim, loser: Claim) -> str:
    return (
        f"citation key {key} was issued to two works: it stays that of {about(owner)};"
        f" the key of {about(loser)} is {loser.key}"
    )


def about(claim: Claim) -> str:
    """Return title, first creator and date as the ledger knows them, for people."""
    creator = claim.origin.creators[0] if claim.origin.creators else "no creator"
    return f'"{claim.origin.title}" ({creator}, {claim.origin.date or "no date"})'
