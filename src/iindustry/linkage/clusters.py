"""Clusters under constraints: edges by falling weight, and never two valid juristic ids in one (LINKAGE section 4.6).

Nearly every group of profiles that edges tie together holds one number and no never-link: it is one cluster as it stands.
Only the others are gone through edge by edge. Invariant: the result depends on the set of edges, not on their order of
arrival: weights have six places, ties fall to the lesser record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from iindustry.linkage.outcome import Ground

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

Item = TypeVar("Item")
_PAIR = ("left", "right")
TAG = "p"
"""What stands before the tag of a citizen id among the numbers; a juristic id is digits."""


class Skip(StrEnum):
    """Why an edge above the threshold joined nothing."""

    TWO_IDS = "two-ids"
    NEVER = "never"


class Edge(NamedTuple):
    """Two profiles, the lesser first, and the weight (bits, six places) that speaks for one enterprise."""

    left: int
    right: int
    weight: float
    probability: float


@dataclass(frozen=True, slots=True)
class Clustering:
    """of_profile: uid, root (its cluster, named by its least profile), ground, probability: what joined a profile.

    skipped: left, right, match_weight, why, of the edges above the threshold that joined nothing.
    """

    of_profile: pl.DataFrame
    skipped: pl.DataFrame

    @property
    def root(self) -> dict[int, int]:
        """Each profile's cluster."""
        return dict(self.of_profile.select("uid", "root").iter_rows())

    @property
    def ground(self) -> dict[int, Ground]:
        """What joined each profile."""
        return {uid: Ground(ground) for uid, ground in self.of_profile.select("uid", "ground").iter_rows()}

    @property
    def probability(self) -> dict[int, float]:
        """The probability of the edge that joined a profile, of those that one joined."""
        return dict(self.of_profile.select("uid", "probability").drop_nulls().iter_rows())


class _Sets:
    """Disjoint sets of profiles, each with the valid ids and the never-links of its members."""

    def __init__(self, numbers: Mapping[int, str], never: Iterable[tuple[int, int]]) -> None:
        self._parent: dict[int, int] = {}
        self._numbers = {uid: {number} for uid, number in numbers.items()}
        self._never: dict[int, set[int]] = {}
        for left, right in never:
            self._never.setdefault(left, set()).add(right)
            self._never.setdefault(right, set()).add(left)

    def find(self, uid: int) -> int:
        root = uid
        while (above := self._parent.get(root, root)) != root:
            root = above
        while self._parent.get(uid, uid) != root:
            self._parent[uid], uid = root, self._parent[uid]
        return root

    def hindrance(self, one: int, other: int, *, by_weight: bool) -> Skip | None:
        """Why the two stay apart. Tags of persons stop a weight, never a judgement or an equal number."""
        ours, theirs = self._numbers.get(one, set()), self._numbers.get(other, set())
        if sum(not number.startswith(TAG) for number in ours | theirs) > 1:
            return Skip.TWO_IDS
        if by_weight and ours and theirs and ours.isdisjoint(theirs):
            return Skip.TWO_IDS
        barred = self._never.get(one)
        if barred and any(self.find(uid) == other for uid in barred):
            return Skip.NEVER
        return None

    def join(self, one: int, other: int) -> None:
        low, high = sorted((one, other))
        self._parent[high] = low
        self._numbers[low] = self._numbers.get(low, set()) | self._numbers.pop(high, set())
        if high in self._never:
            self._never[low] = self._never.get(low, set()) | self._never.pop(high)


def cluster(
    uids: pl.Series,
    *,
    judged: pl.DataFrame,
    by_id: pl.DataFrame,
    never: pl.DataFrame,
    edges: pl.DataFrame,
    numbers: pl.DataFrame,
) -> Clustering:
    """Join positive judgements, then id pairs, then edges by falling weight.

    `judged`, `by_id`, `never`: left, right. `edges`: left, right, match_weight, match_probability of those at or above
    the automatic weight. `numbers`: uid, number, of each profile that has a valid juristic id, or the tag of a citizen id
    behind `TAG`. Judgements too give way to two different juristic ids; tags keep apart only what a weight would join.
    """
    import polars as pl

    every = _in_order(judged, by_id, edges)
    groups = connected(every.select(_PAIR))
    troubled = _troubled(groups, never, numbers)
    plain = every.join(troubled, left_on="left", right_on="uid", how="anti")
    joined, skipped = _carefully(
        every.join(troubled, left_on="left", right_on="uid", how="semi"), troubled, never, numbers
    )
    calm = groups.join(troubled, on="uid", how="anti").join(_first_words(plain), on="uid", how="left")
    known = pl.concat([calm, joined])
    of_profile = (
        pl.DataFrame({"uid": uids})
        .join(known, on="uid", how="left")
        .with_columns(pl.coalesce("root", "uid").alias("root"), pl.col("ground").fill_null(Ground.SINGLE.value))
        .sort("uid")
    )
    return Clustering(of_profile, skipped)


def _in_order(judged: pl.DataFrame, by_id: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """left, right, match_weight, match_probability, ground, in the order of joining."""
    import polars as pl

    def sure(pairs: pl.DataFrame, ground: Ground) -> pl.DataFrame:
        return pairs.select(
            *(pl.col(side).cast(pl.Int64) for side in _PAIR), match_weight=pl.lit(0.0), match_probability=pl.lit(1.0),
            ground=pl.lit(ground.value),
        )  # fmt: skip

    by_weight = edges.select(
        *_PAIR, pl.col("match_weight").round(6), "match_probability", ground=pl.lit(Ground.MODEL.value)
    ).sort("match_weight", *_PAIR, descending=[True, False, False])
    return pl.concat([sure(judged, Ground.JUDGEMENT), sure(by_id, Ground.ID), by_weight])


def _first_words(pairs: pl.DataFrame) -> pl.DataFrame:
    """uid, ground, probability: the first pair that names a profile joins it, as until then it stands alone."""
    import polars as pl

    numbered = pairs.with_row_index("place")
    return (
        pl.concat(numbered.select("place", "ground", "match_probability", uid=side) for side in _PAIR)
        .sort("place", "uid")
        .unique("uid", keep="first", maintain_order=True)
        .select("uid", "ground", pl.col("match_probability").alias("probability"))
    )


def _troubled(groups: pl.DataFrame, never: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The profiles (uid) of groups that hold two numbers, or both sides of a never-link."""
    import polars as pl

    held = groups.join(numbers, on="uid", how="inner").group_by("root").agg(pl.col("number").n_unique())
    two = held.filter(pl.col("number") > 1).select("root")
    barred = (
        never.select(pl.col(side).cast(pl.Int64) for side in _PAIR)
        .join(groups.select(left="uid", root="root"), on="left", how="inner")
        .join(groups.select(right="uid", other="root"), on="right", how="inner")
        .filter(pl.col("root") == pl.col("other"))
        .select("root")
    )
    return groups.join(pl.concat([two, barred]).unique(), on="root", how="semi").select("uid")


def _carefully(
    pairs: pl.DataFrame, troubled: pl.DataFrame, never: pl.DataFrame, numbers: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pair by pair: (uid, root, ground, probability; skipped)."""
    import polars as pl

    of_troubled = numbers.join(troubled, on="uid", how="semi").select("uid", "number")
    sets = _Sets(dict(of_troubled.iter_rows()), never.select(_PAIR).iter_rows())
    ground: dict[int, str] = {}
    chance: dict[int, float] = {}
    skipped = []
    for left, right, weight, probability, why in pairs.iter_rows():
        one, other = sets.find(left), sets.find(right)
        if one == other:
            continue
        if (hindrance := sets.hindrance(one, other, by_weight=why == Ground.MODEL)) is not None:
            skipped.append((left, right, weight, hindrance.value))
            continue
        sets.join(one, other)
        for uid in (left, right):
            ground.setdefault(uid, why)
            chance.setdefault(uid, probability)
    rows = [(uid, sets.find(uid), ground.get(uid), chance.get(uid)) for uid in troubled["uid"]]
    schema = {"uid": pl.Int64, "root": pl.Int64, "ground": pl.Utf8, "probability": pl.Float64}
    skips = {"left": pl.Int64, "right": pl.Int64, "match_weight": pl.Float64, "why": pl.Utf8}
    return pl.DataFrame(rows, schema=schema, orient="row"), pl.DataFrame(skipped, schema=skips, orient="row")


def connected(pairs: pl.DataFrame) -> pl.DataFrame:
    """uid, root: the group of each profile that pairs (left, right) tie together, named by its least profile.

    Every profile hooks on to its least neighbour, hooks are followed to their end, and pairs inside a group fall away: a
    few turns, whatever the size.
    """
    import polars as pl

    left, right = (pairs.select(pl.col(side).alias("uid")) for side in _PAIR)
    groups = pl.concat([left, right]).unique().with_columns(root=pl.col("uid"))
    rest = pairs.select(_PAIR).filter(pl.col("left") != pl.col("right"))
    while rest.height:
        hooks = _hooks(rest)
        groups = _followed(groups, hooks, "root")
        rest = _followed(_followed(rest, hooks, "left"), hooks, "right")
        rest = rest.filter(pl.col("left") != pl.col("right")).unique()
    return groups


def _hooks(pairs: pl.DataFrame) -> pl.DataFrame:
    """uid, to: the least neighbour of each that is less than itself, followed to its end."""
    import polars as pl

    both = pl.concat([pairs.select(uid="left", to="right"), pairs.select(uid="right", to="left")])
    hooks = both.group_by("uid").agg(pl.col("to").min()).filter(pl.col("to") < pl.col("uid"))
    while True:
        further = _followed(hooks, hooks, "to")
        if further["to"].sum() == hooks["to"].sum():
            return hooks
        hooks = further


def _followed(frame: pl.DataFrame, hooks: pl.DataFrame, column: str) -> pl.DataFrame:
    import polars as pl

    following = hooks.select(pl.col("uid").alias(column), _to="to")
    return (
        frame.join(following, on=column, how="left", maintain_order="left")
        .with_columns(pl.coalesce("_to", column).alias(column))
        .drop("_to")
    )


def components(pairs: Iterable[tuple[Item, Item]]) -> dict[Item, Item]:
    """The group of each item that pairs tie together, named by one of its items: for a few pairs of anything."""
    group: dict[Item, Item] = {}

    def find(item: Item) -> Item:
        while (above := group.setdefault(item, item)) != item:
            item = above
        return item

    for one, other in pairs:
        group[find(one)] = find(other)
    return {item: find(item) for item in list(group)}
