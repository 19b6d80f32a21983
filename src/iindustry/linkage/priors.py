"""How likely two random profiles match depends on their two registers.

A factory's other licence is in the same register; its company may not be in an 18-month extract at all.

From the scored pairs of each pair of registers the share of matches is worked out by turns with their probabilities
(expectation–maximisation of the prior alone), held near the run's prior by pseudo-matches and bounds.
Invariant: only weights move, by one amount a pair of registers; their order within it stays.
"""

from __future__ import annotations

from math import log, log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

MOST_BITS = 6.0
_PSEUDO_MATCHES = 5.0
_TURNS = 20


def shifted(pairs: pl.DataFrame, profiles: pl.DataFrame, prior: float) -> pl.DataFrame:
    """The pairs with weights and probabilities under the prior of their pair of registers.

    In: match_weight (bits, under `prior`), source_left, source_right, real. `profiles`: source, scored_number.
    """
    import polars as pl

    low = pl.min_horizontal("source_left", "source_right")
    high = pl.max_horizontal("source_left", "source_right")
    keyed = pairs.with_columns(low=low, high=high)
    sizes = _sizes(profiles)
    rows = []
    for (one, other), group in (
        keyed.filter("real").partition_by("low", "high", as_dict=True, include_key=False).items()
    ):
        rows.append((one, other, shift(group["match_weight"], _looked_at(sizes, str(one), str(other)), prior)))
    shifts = pl.DataFrame(sorted(rows), schema={"low": pl.Utf8, "high": pl.Utf8, "shift": pl.Float64}, orient="row")
    weight = (pl.col("match_weight") + pl.col("shift").fill_null(0.0)).round(6)
    return (
        keyed.join(shifts, on=["low", "high"], how="left")
        .with_columns(match_weight=weight)
        .with_columns(_probability())
        .drop("low", "high", "shift")
    )


def covered(pairs: pl.DataFrame, profiles: pl.DataFrame, most_bits: float) -> pl.DataFrame:
    """Adds what a register's coverage says.

    Where nearly every profile of a source finds a numbered enterprise, the owner of a name is among them, and one that
    alone bears the very name and form is the owner.

    Pair by pair, scoring cannot see that no other candidate exists. The bonus is `log2(1 / (1 − q))` bits, q the share of
    the source's profiles without a number that find one; it goes to pairs of level `whole` with a single numbered
    bearer. A source of which little is covered gains nothing.
    """
    import polars as pl

    bare_left = pl.col("scored_left").is_null() & pl.col("scored_right").is_not_null()
    bare_right = pl.col("scored_right").is_null() & pl.col("scored_left").is_not_null()
    keyed = pairs.with_columns(
        bare=pl.when(bare_left).then(pl.col("left")).when(bare_right).then(pl.col("right")),
        bare_source=pl.when(bare_left).then(pl.col("source_left")).when(bare_right).then(pl.col("source_right")),
        number=pl.coalesce("scored_left", "scored_right"),
    )
    claims = keyed.filter(pl.col("bare").is_not_null() & (pl.col("name") == "whole"))
    found = claims.group_by("bare", "bare_source").agg(
        chance=pl.col("match_probability").max(), bearers=pl.col("number").n_unique()
    )
    bare = profiles.filter(pl.col("scored_number").is_null() & ~pl.col("is_person") & pl.col("formed"))
    sizes = bare.group_by("source").agg(pl.len().alias("size"))
    share = (
        found.group_by("bare_source").agg(pl.col("chance").sum())
        .join(sizes, left_on="bare_source", right_on="source", how="inner")
        .select("bare_source", q=(pl.col("chance") / pl.col("size")).clip(0.0, 1 - 2.0**-most_bits))
        .select("bare_source", bits=(-(1 - pl.col("q")).log(2)).round(6))
    )  # fmt: skip
    alone = found.filter(pl.col("bearers") == 1).select("bare", alone=pl.lit(value=True))
    bonus = pl.when(pl.col("alone") & (pl.col("name") == "whole")).then(pl.col("bits")).fill_null(0.0)
    return (
        keyed.join(alone, on="bare", how="left")
        .join(share, on="bare_source", how="left")
        .with_columns(match_weight=(pl.col("match_weight") + bonus).round(6))
        .with_columns(_probability())
        .drop("bare", "bare_source", "number", "alone", "bits")
    )


def _probability() -> pl.Expr:
    import polars as pl

    return (1 / (1 + (-pl.col("match_weight") * log(2)).exp())).round(6).alias("match_probability")


def shift(weights: pl.Series, looked_at: int, prior: float) -> float:
    """Bits to add to the weights of one pair of registers. `looked_at`: how many pairs of profiles there could be."""
    bits, start = 0.0, _odds_bits(prior)
    base = weights.sort().cast(float)
    for _ in range(_TURNS):
        expected = float((1 / (1 + (-(base + bits) * log(2)).exp())).sum())
        share = (expected + _PSEUDO_MATCHES) / (looked_at + _PSEUDO_MATCHES / prior)
        bits = min(max(_odds_bits(min(share, 0.5)) - start, -MOST_BITS), MOST_BITS)
    return round(bits, 6)


def _odds_bits(probability: float) -> float:
    return log2(probability / (1 - probability))


def _sizes(profiles: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Profiles and numbered profiles of each register."""
    import polars as pl

    rows = profiles.group_by("source").agg(pl.len(), pl.col("scored_number").count().alias("numbered")).sort("source")
    return {source: (count, numbered) for source, count, numbered in rows.iter_rows()}


def _looked_at(sizes: dict[str, tuple[int, int]], one: str, other: str) -> int:
    """Pairs of the two registers with at least one profile that has no number."""
    (all_one, numbered_one), (all_other, numbered_other) = sizes[one], sizes[other]
    if one == other:
        return (all_one * (all_one - 1) - numbered_one * (numbered_one - 1)) // 2
    return all_one * all_other - numbered_one * numbered_other
