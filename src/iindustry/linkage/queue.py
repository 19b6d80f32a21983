"""The review queue: which pairs wait, why, in which order, under lasting ids."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from iindustry.linkage import deciding
from iindustry.linkage.comparisons import COMPARISONS, MISSING
from iindustry.linkage.outcome import PRIOR, SIDES, Pair, Reason, pair_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import polars as pl

    from iindustry.linkage.clusters import Clustering


def review(
    profiles: pl.DataFrame,
    marked: pl.DataFrame,
    found: Clustering,
    known: pl.DataFrame,
    *,
    doubts: Sequence[tuple[int, int]],
    answered: Collection[Pair],
) -> pl.DataFrame:
    """The queue of a run, most valuable first (columns as `Linked` describes them).

    `known`: uid, number. A profile is shown by its first record. Value: chance that the answer changes something, times the records it moves.
    """
    import polars as pl

    held = deciding.questions(marked, found.of_profile, known)
    levels = [one.name for one in COMPARISONS]
    parts = [f"bits_{name}" for name in (*levels, PRIOR)]
    rows = held.select(
        "left", "right", "match_weight", "match_probability", pl.col("held").alias("reason"), *levels, *parts
    )
    if doubts:
        rows = pl.concat([rows, _doubts(doubts, rows.columns)])
    named = rows.unique(["left", "right"], keep="first", maintain_order=True)
    for side in ("left", "right"):
        shown = profiles.select(
            pl.col("uid").alias(side), pl.col("source").alias(f"{side}_source"), pl.col("first_key").alias(f"{side}_key"),
            pl.col("record_count").cast(pl.Float64).alias(f"{side}_count"), pl.col("prov").alias(f"{side}_province"),
        )  # fmt: skip
        named = named.join(shown, on=side, how="left")
    chance = pl.when(pl.col("reason") == Reason.NAME_GUARD.value).then(0.5).otherwise(pl.col("match_probability"))
    queue = named.select(
        *SIDES,
        "match_weight",
        "match_probability",
        "reason",
        *(f"{side}_province" for side in ("left", "right")),
        pl.struct(*levels).alias("comparison"),
        pl.struct(pl.col(f"bits_{name}").alias(name) for name in (*levels, PRIOR)).alias("bits"),
        (chance * (1 + pl.min_horizontal("left_count", "right_count")).log()).round(6).alias("value"),
    )
    return _unanswered(_in_order(queue), answered).sort("value", *SIDES, descending=[True, *[False] * len(SIDES)])


def _doubts(doubts: Sequence[tuple[int, int]], columns: list[str]) -> pl.DataFrame:
    """Pairs whose equal number failed the name guard."""
    import polars as pl

    given = {"match_weight": 0.0, "match_probability": 0.5, "reason": Reason.NAME_GUARD.value}
    rows = [{"left": min(pair), "right": max(pair), **given} for pair in sorted(set(doubts))]
    kinds = {"left": pl.Int64, "right": pl.Int64, "match_weight": pl.Float64, "match_probability": pl.Float64}
    parts = {name: pl.Float64 for name in columns if name.startswith("bits_")}
    schema = {name: (kinds | parts).get(name, pl.Utf8) for name in columns}
    filled = dict.fromkeys(columns, MISSING) | dict.fromkeys(parts, 0.0)
    return pl.DataFrame([filled | row for row in rows], schema=schema)


def _in_order(queue: pl.DataFrame) -> pl.DataFrame:
    """The lesser record on the left, as judgements name a pair."""
    import polars as pl

    swap = (pl.col("left_source") > pl.col("right_source")) | (
        (pl.col("left_source") == pl.col("right_source")) & (pl.col("left_key") > pl.col("right_key"))
    )
    sides = [
        pl.when(swap).then(pl.col(f"{other}_{what}")).otherwise(pl.col(f"{side}_{what}")).alias(f"{side}_{what}")
        for side, other in (("left", "right"), ("right", "left"))
        for what in ("source", "key", "province")
    ]
    return queue.with_columns(sides)


def _unanswered(queue: pl.DataFrame, answered: Collection[Pair]) -> pl.DataFrame:
    import polars as pl

    if not answered:
        return queue
    known = [(*one.left, *one.right) for one in (pair_of(*pair) for pair in answered)]
    return queue.join(
        pl.DataFrame(known, schema=dict.fromkeys(SIDES, pl.Utf8), orient="row"), on=list(SIDES), how="anti"
    )


def pair_ids(queue: pl.DataFrame) -> list[UUID]:
    """One id a pair, drawn from its two records: a pair keeps its address from run to run."""
    return [_pair_id("\x1f".join(row)) for row in queue.select(SIDES).iter_rows()]


def _pair_id(text: str) -> UUID:
    digest = bytearray(hashlib.sha256(text.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80  # RFC 9562: a UUID of version 8 holds what its maker likes
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))
