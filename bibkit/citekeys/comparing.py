"""Two states of a ledger: which keys of the earlier one are lost, or stand for another work now.

In: two settled ledgers. Out: a finding for each such key. Refuses to know where they come from.
"""

from __future__ import annotations

from dataclasses import dataclass

from bibkit.citekeys.claims import Claim, KeyLedger, resolve
from bibkit.model.work import CitationKey


@dataclass(frozen=True, slots=True)
class Lost:
    """A key that does not stand for its work any more: what it stood for, and what now, if anything."""

    key: CitationKey
    was: Claim
    now: Claim | None


def lost_keys(before: KeyLedger, after: KeyLedger) -> tuple[Lost, ...]:
    """Return the keys and aliases that are missing, or another work's, sorted.

    A work is the same if it began the same or has all that it was known by: both only ever accumulate.
    """
    found = resolve(after)
    return tuple(
        Lost(key, was, found.get(key))
        for key, was in sorted(resolve(before).items(), key=lambda item: item[0])
        if key not in found or not _same(was, found[key])
    )


def _same(was: Claim, now: Claim) -> bool:
    if was is now or was == now:
        return True
    if {part.origin for part in was.parts()} & {part.origin for part in now.parts()}:
        return True
    return set(was.all_fingerprints()) <= set(now.all_fingerprints())
