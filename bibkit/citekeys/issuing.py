"""New keys: works that have no claim to claims.

In: the works that are new to a ledger, and the ledger. Out: a claim for each, with a key that was never
issued. Refuses to touch a key that was: a newcomer that wants one gets another.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bibkit.citekeys.claims import Claim, How, lowered
from bibkit.citekeys.finding import Book, Sight, in_order
from bibkit.citekeys.scheme import SCHEME, KeyStyle, Origin, base_of, content_letters, own_keys
from bibkit.diagnostics import Diagnostic, error, warning
from bibkit.model.work import CitationKey

# What a key of a file may not have: blanks and controls of any script, and what BibTeX's grammar or a \cite
# takes for something else.
_UNUSABLE: Final = re.compile(r"""[\s\x00-\x1f\x7f-\x9f"#%'(),={}~\\\ud800-\udfff]""")


@dataclass(slots=True)
class _Issue:
    """What one run issues: keys for works, and all keys that can no longer be had (see `lowered`)."""

    taken: set[bytes]
    keys: dict[Sight, CitationKey] = field(default_factory=dict)
    origins: dict[Sight, Origin] = field(default_factory=dict)
    # Who brings a key that is another work's: the key, and that work where it is new as well.
    clashed: dict[Sight, tuple[CitationKey, Sight | None]] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def give(self, sight: Sight, key: CitationKey) -> None:
        self.keys[sight] = key
        self.taken.add(lowered(key))


def issue_keys(
    newcomers: Sequence[Sight], book: Book, style: KeyStyle
) -> tuple[dict[Sight, Claim], tuple[Diagnostic, ...]]:
    """Return a claim for each newcomer: the key that its file brings if it can be had, else a made one.

    All carry the same `issued`, one more than the ledger's highest.
    """
    issue = _Issue({lowered(key) for key in book.by_key})
    _adopt([sight for sight in newcomers if sight.work.brought_key], newcomers, book, issue)
    adopted = frozenset(issue.keys)
    _make([sight for sight in newcomers if sight not in adopted], issue, style)
    issue.diagnostics.extend(
        _clash(key, first, sight, issue.keys[sight]) for sight, (key, first) in issue.clashed.items()
    )
    number = max((claim.issued for claim in book.claims), default=0) + 1
    claims = {
        sight: Claim(
            key=issue.keys[sight],
            origin=issue.origins.get(sight, sight.origin),
            fingerprints=sight.fingerprints,
            how=How.ADOPTED if sight in adopted else How.MADE,
            scheme=SCHEME,
            issued=number,
        )
        for sight in newcomers
    }
    return claims, tuple(issue.diagnostics)


def is_usable(key: str) -> bool:
    """Say whether a text can be a citation key in all formats."""
    return bool(key) and _UNUSABLE.search(key) is None


def _adopt(bringing: Sequence[Sight], newcomers: Sequence[Sight], book: Book, issue: _Issue) -> None:
    """Take the keys that files bring, to the letter; note who brings one that is another work's."""
    if not bringing:
        return
    looks = Counter(sight.origin for sight in newcomers)
    looks.update(replace(claim.origin, adopted="") for claim in book.claims)
    claimants: defaultdict[CitationKey, list[Sight]] = defaultdict(list)
    for sight in bringing:
        claimants[CitationKey(sight.work.brought_key or "")].append(sight)
    for key, sights in sorted(claimants.items(), key=lambda item: item[0]):
        sights.sort(key=Sight.order)
        if not is_usable(key):
            issue.diagnostics.extend(_unusable(key, sight) for sight in sights)
            continue
        first, losers = None, sights
        if key not in book.by_key:
            first, *losers = sights
            if lowered(key) in issue.taken:
                issue.diagnostics.append(_case_twins(key, first))
            issue.give(first, key)
            if looks[first.origin] > 1:
                issue.origins[first] = replace(first.origin, adopted=key)
        issue.clashed.update((sight, (key, first)) for sight in losers)


def _make(sights: Sequence[Sight], issue: _Issue, style: KeyStyle) -> None:
    """Make keys by the scheme; who wants what another wants, has or brought gets the hash suffix."""
    bases = {sight: base_of(sight.work.record) for sight in sights}
    wanted = Counter(bases.values())
    suffixed = []
    for sight, base in bases.items():
        if (
            style == "short"
            and wanted[base] == 1
            and base.encode() not in issue.taken
            and sight not in issue.clashed
        ):
            issue.give(sight, CitationKey(base))
        else:
            suffixed.append(sight)
    # Works with one base and one hash go on where the last of them stopped: no key is tried twice.
    paths: dict[tuple[str, str], Iterator[CitationKey]] = {}
    for sight in in_order(suffixed):
        own = bases[sight], content_letters(sight.origin)
        path = paths.setdefault(own, own_keys(*own))
        issue.give(sight, next(key for key in path if key.encode() not in issue.taken))


def _unusable(key: str, sight: Sight) -> Diagnostic:
    message = f"{key!r} cannot be a citation key in all formats; another one is made"
    return warning("unusable-key", message, sight.work.record.source)


def _case_twins(key: CitationKey, sight: Sight) -> Diagnostic:
    message = (
        f"citation key {key} differs only in case from another; both stay, and BibTeX takes them for one"
    )
    return warning("case-twins", message, sight.work.record.source)


def _clash(key: CitationKey, first: Sight | None, sight: Sight, own: CitationKey) -> Diagnostic:
    there = "another work in the ledger" if first is None else first.work.record.source or "another work"
    message = f"the citation key {key} is that of {there}; this work is given {own}"
    return error("key-clash", message, sight.work.record.source)
