"""The ledger as a value: claims, the union of ledgers that grew apart, and how it is settled.

In: claims. Out: a `KeyLedger`. Refuses to know files: they are `bibkit.ledger`'s.

`unite` is a join: commutative, associative, idempotent, and nothing gets lost in it, so a key may then stand
in several claims. `settle` decides what that means and leaves each key and alias in one claim. It depends on
the set of claims alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from bibkit.citekeys.scheme import SCHEME, Origin, base_of_key, content_letters, own_keys
from bibkit.diagnostics import Diagnostic, error
from bibkit.model.grouping import group_same
from bibkit.model.identity import TITLE
from bibkit.model.work import CitationKey


class How(StrEnum):
    """How a work came to its key, the strongest way first: a person said so, a file brought it, by scheme."""

    PINNED = "pinned"
    ADOPTED = "adopted"
    MADE = "made"


_STRENGTH: Final = {how: strength for strength, how in enumerate(How)}


@dataclass(frozen=True, slots=True)
class Claim:
    """One key and the work that it stands for.

    `fingerprints` (sorted) tell the work; they only accumulate. `aliases` (sorted) are older keys of it.
    `issued` counts the runs that issued a key, from 1.
    """

    key: CitationKey
    origin: Origin
    fingerprints: tuple[str, ...]
    aliases: tuple[CitationKey, ...] = ()
    how: How = How.MADE
    scheme: int = SCHEME
    issued: int = 1

    def all_keys(self) -> tuple[CitationKey, ...]:
        """Return the key and its aliases."""
        return (self.key, *self.aliases)

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

    Claims that share one and are of the same work become one claim: pinned before adopted before made, then
    the lowest `issued`, then the key; the other keys are its aliases. Of different works the one with the
    lower `issued`, then origin, keeps the key, any other has its hash suffix put to it, and an *error*
    diagnostic names both. Every key stays a key or an alias.
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


def _joined(claim: Claim, other: Claim) -> Claim:
    """Join two claims of one key and one origin."""
    return replace(
        claim,
        fingerprints=tuple(sorted({*claim.fingerprints, *other.fingerprints})),
        aliases=tuple(sorted({*claim.aliases, *other.aliases})),
        how=min(claim.how, other.how, key=_STRENGTH.__getitem__),
        scheme=min(claim.scheme, other.scheme),
        issued=min(claim.issued, other.issued),
    )


def _merged(claims: list[Claim], contested: Iterable[CitationKey]) -> Iterator[Claim]:
    """Merge the claims that share a key or alias and are of the same work."""
    shared = frozenset(contested)
    tokens = [tuple(_evidence(claim, shared)) for claim in claims]
    ids = [tuple(text for text in claim.fingerprints if not text.startswith(TITLE)) for claim in claims]
    for group in group_same(tokens, ids, lambda number: claims[number].age()):
        yield _merge_all([claims[number] for number in group])


def _evidence(claim: Claim, shared: frozenset[CitationKey]) -> Iterator[str]:
    """Yield what links a claim to another of the same work: a shared key, and with it a fingerprint."""
    for key in claim.all_keys():
        if key in shared:
            yield from (f"{text}\n{key}" for text in claim.fingerprints)
            yield f"origin:{claim.origin}\n{key}"


def _merge_all(claims: list[Claim]) -> Claim:
    leader = min(claims, key=Claim.rank)
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
        kept = tuple(key for key in draft.claim.aliases if key not in draft.lost)
        draft.claim = replace(draft.claim, aliases=kept)
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
        draft.claim = _merge_all([claims[key], draft.claim])
    claims[key] = draft.claim
    taken.add(lowered(key))


def lowered(key: str) -> bytes:
    """Return a key as BibTeX compares it: ASCII letters without regard to case, all others as they are."""
    return key.encode(errors="surrogatepass").lower()


def _clash_message(key: CitationKey, owner: Claim, loser: Claim) -> str:
    return (
        f"citation key {key} was issued to two works: it stays that of {_about(owner)};"
        f" the key of {_about(loser)} is {loser.key}"
    )


def _about(claim: Claim) -> str:
    creator = claim.origin.creators[0] if claim.origin.creators else "no creator"
    return f'"{claim.origin.title}" ({creator}, {claim.origin.date or "no date"})'
