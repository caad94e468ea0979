"""What a person does to keys: pin one, rename one, merge two works that are one.

In: a settled ledger and keys of it, present or old. Out: the ledger with the change, and what has changed.
Refuses a key that no work has or had, and a new one that cannot be had. Nothing is ever lost: a key that is
given up stays an alias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bibkit.citekeys.claims import Claim, How, KeyLedger, about, lowered, merge_claims, resolve
from bibkit.citekeys.issuing import is_usable
from bibkit.citekeys.nearest import nearest_keys
from bibkit.errors import KeyTakenError, UnknownKeyError, UnusableKeyError
from bibkit.model.work import CitationKey

_GRAMMAR: Final = "A citation key has no blank, no control character, and none of \" # % ' ( ) , = { } ~ \\."


class Act(StrEnum):
    """What was done to a key, or that there was nothing to do."""

    PINNED = "pinned"
    RENAMED = "renamed"
    MERGED = "merged"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """The ledger after an act: the claims that were, that whose key stays first, and the one there is now."""

    ledger: KeyLedger
    act: Act
    before: tuple[Claim, ...]
    after: Claim


def find_claim(ledger: KeyLedger, key: str) -> Claim:
    """Return the claim that a key or alias of a settled ledger stands for.

    Raises `UnknownKeyError`, which names the nearest keys there are.
    """
    known = resolve(ledger)
    claim = known.get(CitationKey(key))
    if claim is None:
        raise UnknownKeyError(key, nearest_keys(key, known))
    return claim


def pin_key(ledger: KeyLedger, key: str) -> Change:
    """Mark the key of a work as a person's choice: no other key of it, from wherever, comes before it then.

    An alias names its work; it is the work's present key that is pinned. Raises `UnknownKeyError`.
    """
    claim = find_claim(ledger, key)
    return _changed(ledger, Act.PINNED, (claim,), replace(claim, how=How.PINNED))


def rename_key(ledger: KeyLedger, old: str, new: str) -> Change:
    """Give a work a new key, which is pinned; its present key becomes an alias.

    `new` may be an alias of the same work: they change places. Raises `UnknownKeyError` for a key `old` that
    no work has or had, `UnusableKeyError` for a key `new` that not every format can hold, and `KeyTakenError`
    where another work has or had `new`, or a key that differs from it in case alone, which BibTeX takes for
    the same.
    """
    claim = find_claim(ledger, old)
    if not is_usable(new):
        raise UnusableKeyError(f"{new!r} cannot be a citation key in all formats", hint=_GRAMMAR)
    for other in ledger.claims:
        for taken in other.all_keys() if other.key != claim.key else ():
            if lowered(taken) == lowered(new):
                raise KeyTakenError(new, taken, other.key, about(other))
    key = CitationKey(new)
    act = Act.PINNED if key == claim.key else Act.RENAMED
    aliases = tuple(sorted({*claim.all_keys()} - {key}))
    return _changed(ledger, act, (claim,), replace(claim, key=key, aliases=aliases, how=How.PINNED))


def merge_keys(ledger: KeyLedger, one: str, other: str) -> Change:
    """Make two works one, though identifiers may differ: a preprint's DOI, say, and that of the article.

    The key of the work that was pinned stays, else that of the one that a file brought, else that of the one
    that was issued first, else the first by its letters. The other key becomes an alias. It is the order in
    which two ledgers are united: a merge in one branch and what git makes of two come to the same key, and a
    key that a person chose, or cites in a file of theirs, is not given up for one that was made earlier.
    Raises `UnknownKeyError`.
    """
    claims = (find_claim(ledger, one), find_claim(ledger, other))
    if claims[0].key == claims[1].key:
        return Change(ledger, Act.NOTHING, claims[:1], claims[0])
    after = merge_claims(claims)
    before = claims if claims[0].key == after.key else claims[::-1]
    return _changed(ledger, Act.MERGED, before, after)


def _changed(ledger: KeyLedger, act: Act, before: Sequence[Claim], after: Claim) -> Change:
    if tuple(before) == (after,):
        return Change(ledger, Act.NOTHING, (after,), after)
    gone = {claim.key for claim in before}
    claims = [claim for claim in ledger.claims if claim.key not in gone]
    ordered = sorted([*claims, after], key=lambda claim: (claim.key, claim.origin))
    return Change(KeyLedger(tuple(ordered)), act, tuple(before), after)
