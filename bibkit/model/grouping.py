"""Which things are one: linked by what they are known by, kept apart by strong identifiers that differ.

In: for each thing the texts that it is known by, and its strong identifiers. Out: groups of their numbers.
Refuses to know what the things are: records in `bibkit.works`, claims in `bibkit.citekeys`.
"""

from __future__ import annotations

from collections import defaultdict
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


class _Linking:
    """Things that are linked one by one, by tokens of one weight, each to the first group that it fits.

    `standing` are the groups that have a token. `reached` says from where on one of them may still fit:
    groups gain identifiers and never lose one, so that a group that has one too many never will fit, and
    none is looked at twice.
    """

    def __init__(self, forest: _Forest, held: dict[int, set[str]]) -> None:
        self._forest = forest
        self._held = held
        self._standing: defaultdict[str, list[int]] = defaultdict(list)
        self._reached: dict[tuple[str, frozenset[str]], int] = {}

    def link_alike(self, number: int, tokens: Sequence[str]) -> None:
        """Link a thing to a group that has the same identifiers; the rarest of them leads there."""
        ids = self._held[self._forest.root(number)]
        for other in min((self._standing[token] for token in tokens), key=len, default=()):
            if _fit(self._held[self._forest.root(other)], ids):
                self._join(other, number)
                return

    def link(self, number: int, token: str) -> None:
        """Link a thing to the first group with this token that has no identifier of its other kinds."""
        own = self._forest.root(number)
        others = frozenset(map(_kind, self._held[own])) - {_kind(token)}
        groups = self._standing[token]
        at = self._reached.get((token, others), 0)
        while at < len(groups):
            root = self._forest.root(groups[at])
            if root == own or others.isdisjoint(map(_kind, self._held[root])):
                break
            at += 1
        self._reached[token, others] = at
        if at == len(groups):
            groups.append(own)
        else:
            self._join(groups[at], own)

    def _join(self, one: int, other: int) -> None:
        one, other = self._forest.root(one), self._forest.root(other)
        together = self._held[one] | self._held[other]
        self._forest.join(one, other)
        self._held[self._forest.root(one)] = together


def _clash(ids: Iterable[str]) -> bool:
    different = set(ids)
    return len({_kind(text) for text in different}) < len(different)


def _split(
    group: list[int], tokens: Sequence[tuple[str, ...]], ids: Sequence[tuple[str, ...]]
) -> list[list[int]]:
    """Return the groups that a group with a clash falls into; its things come in the order that counts."""
    forest = _Forest()
    held = {number: set(ids[number]) for number in group}
    for strong in (True, False):
        linking = _Linking(forest, held)
        for number in group:
            links = [token for token in tokens[number] if (_kind(token) in STRONG_KINDS) is strong]
            if strong:
                linking.link_alike(number, links)
            for token in links:
                linking.link(number, token)
    split: dict[int, list[int]] = {}
    for number in sorted(group):
        split.setdefault(forest.root(number), []).append(number)
    return list(split.values())


def _fit(ids: set[str], others: set[str]) -> bool:
    """Say whether two sets of identifiers have one in common of every kind that both have."""
    kinds = {_kind(text) for text in ids} & {_kind(text) for text in others}
    return kinds == {_kind(text) for text in ids & others}


def _kind(text: str) -> str:
    return text.partition(":")[0]
