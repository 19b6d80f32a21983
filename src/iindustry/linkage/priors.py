"""How likely a match is before anything is compared, and against what else it stands.

A record without a number belongs to one enterprise at most. So its candidates with a number are weighed against each
other and against none of them: `odds_i / (1 + sum of the others' odds)`, where the odds of each hold the share of the
source's records that find an enterprise here (`coverage`). Namesakes far apart thus do not disturb each other, namesakes
next door do, and the one bearer of a name in a whole register is worth more than in an extract of it.

Two records without numbers are weighed by the chance of a match between their two registers (`shifts`).
Both are learnt from the scored pairs by turns with their probabilities (expectation-maximisation of the prior alone),
held near a start by pseudo-pairs and bounds, and kept with the model.
"""

from __future__ import annotations

from dataclasses import replace
from math import log, log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from iindustry.linkage.model import Model

MOST_BITS = 6.0
_PSEUDO_MATCHES = 5.0
_PSEUDO_RECORDS = 20.0
_TURNS = 20
_LARGEST = 40.0  # bits: beyond, differences of sums of odds would lose their digits
_COVERAGE = (0.005, 0.99)


def learnt(pairs: pl.DataFrame, profiles: pl.DataFrame, model: Model) -> Model:
    """The model with coverage and shifts, learnt from pairs as `settled` takes them.

    `profiles`: uid, source, number (null: none), named (true where the name has a legal form).
    """
    coverage = _coverage(_claims(pairs, model, _numbered(profiles)), profiles)
    return replace(model, coverage=coverage, shifts=_shifts(pairs, profiles, model.prior))


def settled(pairs: pl.DataFrame, profiles: pl.DataFrame, model: Model, numbered: int | None = None) -> pl.DataFrame:
    """The pairs with match_weight and match_probability as they stand against each other.

    In: left, right, match_weight (bits, under the model's prior), alone_weight (the same with every name as rare as a name
    of one enterprise), and of both sides `source_…`, `number_…`, `named_…`. Adds `rivals`: bits that other candidates take.
    `numbered`: how many enterprises have a number, where `profiles` are not all there are.
    """
    import polars as pl

    known = _numbered(profiles) if numbered is None else numbered
    claims = _claims(pairs, model, known).with_columns(_odds(model.coverage))
    best = claims.group_by("bare", "number").agg(pl.col("odds").max())
    whole = best.group_by("bare").agg(pl.col("odds").sum().alias("all"))
    against = best.rename({"odds": "own"}).join(whole, on="bare", how="left")
    weighed = claims.join(against, on=["bare", "number"], how="left").select(
        "left", "right", rivals=(1 + (pl.col("all") - pl.col("own")).clip(0.0)).log(2), claim=pl.col("odds").log(2)
    )
    low, high = pl.min_horizontal("source_left", "source_right"), pl.max_horizontal("source_left", "source_right")
    shift = pl.concat_str(low, pl.lit("|"), high).replace_strict(
        dict(model.shifts) or {"": 0.0}, default=0.0, return_dtype=pl.Float64
    )
    return (
        pairs.join(weighed, on=["left", "right"], how="left", maintain_order="left")
        .with_columns(
            match_weight=pl.when(pl.col("claim").is_not_null())
            .then(pl.col("claim") - pl.col("rivals"))
            .otherwise(pl.col("match_weight") + shift)
            .round(6),
            rivals=pl.col("rivals").fill_null(0.0).round(6),
        )
        .with_columns(probability(pl.col("match_weight")).alias("match_probability"))
        .drop("claim", "alone_weight")
    )


def probability(weight: pl.Expr) -> pl.Expr:
    """The chance that a weight stands for, to six places."""
    return (1 / (1 + (-weight * log(2)).exp())).round(6)


def _claims(pairs: pl.DataFrame, model: Model, numbered: int) -> pl.DataFrame:
    """left, right, bare (the side without a number), group, number, likely: the evidence over its chance, times 1/N."""
    import polars as pl

    of_left = pl.col("number_left").is_null()
    one_side = pl.col("number_left").is_null() != pl.col("number_right").is_null()

    def side(name: str, *, bare: bool) -> pl.Expr:
        there, other = ("left", "right") if bare else ("right", "left")
        return pl.when(of_left).then(pl.col(f"{name}_{there}")).otherwise(pl.col(f"{name}_{other}"))

    evidence = pl.col("alone_weight") - _bits(model.prior) - log2(max(numbered, 1))
    return pairs.filter(one_side).select(
        "left",
        "right",
        bare=pl.when(of_left).then("left").otherwise("right"),
        group=group_of(side("source", bare=True), side("named", bare=True)),
        number=side("number", bare=False),
        likely=(evidence.clip(-_LARGEST, _LARGEST) * log(2)).exp(),
    )


def group_of(source: pl.Expr, named: pl.Expr) -> pl.Expr:
    """The group whose coverage is one: records of a source whose name has a legal form, and those whose name has none."""
    import polars as pl

    return pl.concat_str(source, pl.when(named).then(pl.lit("/form")).otherwise(pl.lit("/none")))


def _odds(coverage: Mapping[str, float]) -> pl.Expr:
    import polars as pl

    share = pl.col("group").replace_strict(dict(coverage) or {"": 0.5}, default=0.5, return_dtype=pl.Float64)
    return (pl.col("likely") * share / (1 - share)).alias("odds")


def _coverage(claims: pl.DataFrame, profiles: pl.DataFrame) -> dict[str, float]:
    """The share of each group's records without a number whose enterprise is known by number here."""
    import polars as pl

    likely = (
        claims.group_by("group", "bare", "number").agg(pl.col("likely").max())
        .group_by("group", "bare").agg(pl.col("likely").sum())
        .sort("group", "bare")
    )  # fmt: skip
    bare = profiles.filter(pl.col("number").is_null()).select(group=group_of(pl.col("source"), pl.col("named")))
    sizes = dict(bare["group"].value_counts().sort("group").iter_rows())
    found = {}
    for (group,), rows in likely.partition_by("group", as_dict=True, include_key=False).items():
        found[str(group)] = _share(rows["likely"], sizes[str(group)])
    return dict(sorted(found.items()))


def _share(likely: pl.Series, size: int) -> float:
    share = 0.5
    for _ in range(_TURNS):
        odds = likely * (share / (1 - share))
        expected = float((odds / (1 + odds)).sum())
        share = (expected + _PSEUDO_RECORDS / 2) / (size + _PSEUDO_RECORDS)
        share = min(max(share, _COVERAGE[0]), _COVERAGE[1])
    return round(share, 4)


def _numbered(profiles: pl.DataFrame) -> int:
    return profiles["number"].drop_nulls().n_unique()


def _shifts(pairs: pl.DataFrame, profiles: pl.DataFrame, prior: float) -> dict[str, float]:
    """Bits by pair of registers, for pairs of two records without numbers."""
    import polars as pl

    sizes = dict(profiles.filter(pl.col("number").is_null())["source"].value_counts().sort("source").iter_rows())
    both = pairs.filter(pl.col("number_left").is_null() & pl.col("number_right").is_null()).select(
        "match_weight",
        low=pl.min_horizontal("source_left", "source_right"),
        high=pl.max_horizontal("source_left", "source_right"),
    )
    rows = {}
    for (one, other), group in both.partition_by("low", "high", as_dict=True, include_key=False).items():
        looked_at = sizes[one] * (sizes[one] - 1) // 2 if one == other else sizes[one] * sizes[other]
        rows[f"{one}|{other}"] = shift(group["match_weight"], looked_at, prior)
    return dict(sorted(rows.items()))


def shift(weights: pl.Series, looked_at: int, prior: float) -> float:
    """Bits to add to the weights of one pair of registers. `looked_at`: how many pairs of profiles there could be."""
    bits, start = 0.0, _bits(prior)
    base = weights.sort().cast(float)
    for _ in range(_TURNS):
        expected = float((1 / (1 + (-(base + bits) * log(2)).exp())).sum())
        share = (expected + _PSEUDO_MATCHES) / (looked_at + _PSEUDO_MATCHES / prior)
        bits = min(max(_bits(min(share, 0.5)) - start, -MOST_BITS), MOST_BITS)
    return round(bits, 4)


def _bits(probability_: float) -> float:
    return log2(probability_ / (1 - probability_))
