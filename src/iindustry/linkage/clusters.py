"""Clusters under constraints: edges by falling weight, and never two valid juristic ids in one (LINKAGE section 4.6).

Invariant: the result depends on the set of edges, not on their order of arrival: weights have six places, ties fall to
the lesser record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from iindustry.linkage.outcome import Ground

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Item = TypeVar("Item")


class Skip(StrEnum):
    """Why an edge above the threshold joined nothing."""

    TWO_IDS = "two-ids"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Edge:
    """Two profiles, the lesser first, and the weight (bits, six places) that speaks for one enterprise."""

    left: int
    right: int
    weight: float
    probability: float


@dataclass(slots=True)
class Clustering:
    """root: each profile's cluster, named by its least profile. ground, probability: what joined a profile."""

    root: dict[int, int] = field(default_factory=dict)
    ground: dict[int, Ground] = field(default_factory=dict)
    probability: dict[int, float] = field(default_factory=dict)
    skipped: list[tuple[Edge, Skip]] = field(default_factory=list)


class _Sets:
    """Disjoint sets of profiles, each with the valid ids and the never-links of its members."""

    def __init__(self, numbers: Mapping[int, str], never: Iterable[tuple[int, int]]) -> None:
        self._parent: dict[int, int] = {}
        self._numbers = {uid: {number} for uid, number in numbers.items()}
        self._never: dict[int, set[int]] = {}
        for left, right in never:
            self._never.setdefault(left, set()).add(right)
            self._never.setdefault(right, set()).add(left)
        self._members: dict[int, list[int]] = {}

    def find(self, uid: int) -> int:
        root = uid
        while (above := self._parent.get(root, root)) != root:
            root = above
        while self._parent.get(uid, uid) != root:
            self._parent[uid], uid = root, self._parent[uid]
        return root

    def members(self, root: int) -> list[int]:
        return self._members.get(root, [root])

    def hindrance(self, one: int, other: int) -> Skip | None:
        numbers = self._numbers.get(one, set()) | self._numbers.get(other, set())
        if len(numbers) > 1:
            return Skip.TWO_IDS
        barred = self._never.get(one)
        if barred and any(self.find(uid) == other for uid in barred):
            return Skip.NEVER
        return None

    def join(self, one: int, other: int) -> None:
        low, high = sorted((one, other))
        self._parent[high] = low
        self._members[low] = self.members(low) + self.members(high)
        self._members.pop(high, None)
        self._numbers[low] = self._numbers.get(low, set()) | self._numbers.pop(high, set())
        if high in self._never:
            self._never[low] = self._never.get(low, set()) | self._never.pop(high)


def cluster(
    uids: Iterable[int],
    *,
    judged: Sequence[tuple[int, int]],
    by_id: Sequence[tuple[int, int]],
    never: Sequence[tuple[int, int]],
    edges: Sequence[Edge],
    numbers: Mapping[int, str],
) -> Clustering:
    """Join positive judgements, then id pairs, then edges by falling weight; `edges` are those at or above `t_auto`.

    `numbers`: the valid juristic id of each profile that has one. Judgements too give way to two different ids.
    """
    sets, made = _Sets(numbers, never), Clustering()
    for ground, pairs in ((Ground.JUDGEMENT, judged), (Ground.ID, by_id)):
        for left, right in pairs:
            _try(sets, made, Edge(left, right, 0.0, 1.0), ground)
    for edge in sorted(edges, key=lambda one: (-round(one.weight, 6), one.left, one.right)):
        _try(sets, made, edge, Ground.MODEL)
    for uid in uids:
        made.root[uid] = sets.find(uid)
        made.ground.setdefault(uid, Ground.SINGLE)
    return made


def _try(sets: _Sets, made: Clustering, edge: Edge, ground: Ground) -> None:
    one, other = sets.find(edge.left), sets.find(edge.right)
    if one == other:
        return
    if (why := sets.hindrance(one, other)) is not None:
        made.skipped.append((edge, why))
        return
    sets.join(one, other)
    for uid in (edge.left, edge.right):
        made.ground.setdefault(uid, ground)
        made.probability.setdefault(uid, edge.probability)


def components(pairs: Iterable[tuple[Item, Item]]) -> dict[Item, Item]:
    """The group of each item that pairs tie together, named by one of its items."""
    group: dict[Item, Item] = {}

    def find(item: Item) -> Item:
        while (above := group.setdefault(item, item)) != item:
            item = above
        return item

    for one, other in pairs:
        group[find(one)] = find(other)
    return {item: find(item) for item in list(group)}
