"""Why a key is what it is: what its work looked like when it was issued, and which others wanted it.

In: a settled ledger and a key. Out: sentences for people, and the claims of the works that were in the way.
Nothing is recorded for this: the origin of a claim says all that the scheme knew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bibkit.citekeys.claims import Claim, How, KeyLedger, Part, about, lowered
from bibkit.citekeys.renaming import find_claim
from bibkit.citekeys.scheme import content_letters, may_be_base_of
from bibkit.model.work import CitationKey

_SHORTEST_SUFFIX: Final = 3


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a key is what it is.

    `part` is the work that the key was issued to, `rivals` are other claims with a key of the same beginning,
    `reasons` whole sentences.
    """

    key: CitationKey
    claim: Claim
    part: Part
    rivals: tuple[Claim, ...]
    reasons: tuple[str, ...]


def explain_key(ledger: KeyLedger, key: str) -> Explanation:
    """Explain a key or alias of a settled ledger; raise `UnknownKeyError` for any other."""
    claim = find_claim(ledger, key)
    own = CitationKey(key)
    part = next(part for part in claim.parts() if own in part.keys)
    base, hyphen, suffix = own.partition("-")
    made = claim.how is How.MADE if own == claim.key else _is_made(own, part)
    rivals = tuple(sorted(_rivals(ledger, claim, base), key=Claim.age)) if made else ()
    reasons = [*_standing(own, claim, part), *_coming(own, claim, part, made=made)]
    if made:
        reasons.extend(_collisions(base, suffix if hyphen else "", claim, rivals))
    return Explanation(own, claim, part, rivals, tuple(reasons))


def _is_made(key: CitationKey, part: Part) -> bool:
    """Say whether the scheme made an older key: how it came is not recorded, what it may be made of is."""
    base, hyphen, suffix = key.partition("-")
    return may_be_base_of(base, part.origin) and (not hyphen or _is_suffix(suffix, part))


def _is_suffix(suffix: str, part: Part) -> bool:
    letters = content_letters(part.origin)
    return len(suffix) >= _SHORTEST_SUFFIX and (
        letters.startswith(suffix) or suffix.rstrip("0123456789") == letters
    )


def _standing(key: CitationKey, claim: Claim, part: Part) -> Iterator[str]:
    if key != claim.key:
        yield f"{key} is an older key of this work, whose key is {claim.key}; it stays an alias."
    if part.origin != claim.origin:
        yield f"It was the key of a work that a person merged into this one: {_looks(part)}."


def _coming(key: CitationKey, claim: Claim, part: Part, *, made: bool) -> Iterator[str]:
    if key == claim.key and claim.how is How.PINNED:
        yield "A person chose it, or pinned it: it comes before any other."
    elif key == claim.key and claim.how is How.ADOPTED:
        yield f"A file brought it: its key in run {claim.issued} was kept to the letter."
    elif made:
        yield (
            "It was made from the first creator's family name, the year, and the first significant word of"
            f" the title, as run {claim.issued} saw them: {_looks(part)}."
        )
    else:
        yield f"The work, as it was first seen: {_looks(part)}."


def _collisions(base: str, suffix: str, claim: Claim, rivals: tuple[Claim, ...]) -> Iterator[str]:
    earlier = [rival for rival in rivals if rival.issued < claim.issued]
    together = [rival for rival in rivals if rival.issued == claim.issued]
    later = [rival for rival in rivals if rival.issued > claim.issued]
    if suffix:
        yield f"-{suffix} are letters of the hash of all that it looked like then."
        for rival in earlier:
            yield f"The candidate {base} was gone: run {rival.issued} had issued {rival.key}, {about(rival)}."
        for rival in together:
            yield f"The candidate {base} was wanted in the same run by {rival.key}, {about(rival)}."
        if not earlier and not together:
            yield "No other work wanted the key without them: the key style was `hashed`."
        return
    for rival in (*earlier, *together):
        yield f"{rival.key}, {about(rival)}, begins alike, and does not collide."
    for rival in later:
        yield f"{rival.key}, {about(rival)}, wanted it in run {rival.issued} and was given a suffix."


def _rivals(ledger: KeyLedger, claim: Claim, base: str) -> Iterator[Claim]:
    wanted = lowered(base)
    for other in ledger.claims:
        if other.key != claim.key and any(
            lowered(key.partition("-")[0]) == wanted for key in other.all_keys()
        ):
            yield other


def _looks(part: Part) -> str:
    origin = part.origin
    creators = ", ".join(origin.creators) or "no creator"
    return f'{creators}; {origin.date or "no date"}; "{origin.title}"'
