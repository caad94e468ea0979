"""The keys that somebody may have meant by one that no work has.

In: a key, and those that are known. Out: the nearest of them. Refuses to know where they come from.
"""

from __future__ import annotations

import difflib
import heapq
from collections import Counter
from collections.abc import Iterable
from typing import Final

from bibkit.model.work import CitationKey

_MOST: Final = 3
#: Below that a suggestion is noise; `difflib.get_close_matches` has the same bound.
_ALIKE: Final = 0.6


def nearest_keys(key: str, known: Iterable[CitationKey], most: int = _MOST) -> tuple[CitationKey, ...]:
    """Return up to `most` known keys that are like one, the nearest first; case does not count.

    How alike two keys are is `difflib`'s ratio, at least 0.6. Keys that are as near as each other come in
    their own order, so that the order of `known` decides nothing.
    """
    wanted = key.lower()
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)  # what `difflib` prepares once for all comparisons
    letters = Counter(wanted)
    alike: list[tuple[float, CitationKey]] = []
    for other in set(known):
        lowered = other.lower()
        if _bound(letters, len(wanted), lowered) < _ALIKE:
            continue
        matcher.set_seq1(lowered)
        ratio = matcher.ratio()
        if ratio >= _ALIKE:
            alike.append((-ratio, other))
    return tuple(other for _, other in heapq.nsmallest(most, alike))


def _bound(letters: Counter[str], length: int, other: str) -> float:
    """Return a ratio that the letters alone allow, in whatever order: cheap, and never too low."""
    total = length + len(other)
    if not total:
        return 1.0
    if 2.0 * min(length, len(other)) / total < _ALIKE:
        return 0.0
    common = (letters & Counter(other)).total()
    return 2.0 * common / total
