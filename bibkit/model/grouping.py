"""Which things are one: linked by what they are known by, kept apart by strong identifiers that differ.

In: for each thing the texts that it is known by, and its strong identifiers. Out: groups of their numbers.
Refuses to know what the things are: records in `bibkit.works`, claims in `bibkit.citekeys`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bibkit.model.identity import STRONG_KINDS


def group_same(
    tokens: Sequence[tuple[str, ...]], ids: Sequence[tuple[str, ...]], order: Callable[[int], Any]
) -> list[list[int]]:
    """Return the numbers of the things that are one; within a group they are sorted.

    Two things are linked where they have a token in common. A group never joins two different strong
    identifiers of one kind: where links would do that, they are followed by their weight (tokens that are
    identifiers first), then in the order of the things that `order` says, each to the first group that it
    fits. So what things come first in the arguments decides nothing; `order` is asked for such groups only.

    Linear in the number of tokens, but for that sorting.
    """
    forest = _Forest()
    first: dict[str, int] = {}
    for number, texts in enumerate(tokens):
        for text in texts:
            forest.join(first.setdefault(text, number), number)
    groups: dict[int, list[int]] = {}
    for number in range(len(tokens)):
        groups.setdefault(forest.root(number), []).append(number)
    whole: list[list[int]] = []
    for group in groups.values():
        if len(group) > 1 and _clash(text for number in group for text in ids[number]):
            whole.extend(_split(sorted(group, key=order), tokens, ids))
        else:
            whole.append(group)
    return whole


class _Forest:
    """Sets of numbers that are joined to each other; a number that was never joined is a set of its own."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def root(self, number: int) -> int:
        parents = self._parents
        while (parent := parents.get(number, number)) != number:
            # Each step shortens the path behind it: long chains cost little the second time.
            parents[number] = number = parents.get(parent, parent)
        return number

    def join(self, one: int, other: int) -> None:
        if one != other:
            one, other = self.root(one), self.root(other)
            self._parents[max(one, other)] = min(one, other)


def _clash(ids: Iterable[str]) -> bool:
    different = set(ids)
    return len({_kind(text) for text in different}) < len(different)


def _split(
    group: list[int], tokens: Sequence[tuple[str, ...]], ids: Sequence[tuple[str, ...]]
) -> list[list[int]]:
    """Link the things of a group one by one, each to the first group with which it has no clash."""
    forest = _Forest()
    kinds = {number: {_kind(text) for text in ids[number]} for number in group}
    for strong in (True, False):
        standing: dict[str, list[int]] = {}
        # From where on a group may still fit: groups gain identifiers and never lose one, so that a group
        # that did not fit never will, and none is looked at twice.
        reached: dict[tuple[str, frozenset[str]], int] = {}
        for number in group:
            for token in tokens[number]:
                if (_kind(token) in STRONG_KINDS) is not strong:
                    continue
                own = forest.root(number)
                others = frozenset(kinds[own] - {_kind(token)})
                known = standing.setdefault(token, [])
                at = reached.get((token, others), 0)
                while at < len(known) and (fit := forest.root(known[at])) != own and kinds[fit] & others:
                    at += 1
                reached[token, others] = at
                if at == len(known):
                    known.append(own)
                elif fit != own:
                    forest.join(fit, own)
                    kinds[forest.root(own)] = kinds[fit] | kinds[own]
    split: dict[int, list[int]] = {}
    for number in sorted(group):
        split.setdefault(forest.root(number), []).append(number)
    return list(split.values())


def _kind(text: str) -> str:
    return text.partition(":")[0]
