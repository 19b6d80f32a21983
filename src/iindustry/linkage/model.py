"""The match model: shipped m and u, what a run learns on top, and the settings Splink takes.

m is learnt from pairs that an id has matched across registers, smoothed towards the shipped values; u of equality levels
comes from value counts, cleared of matches; the weight of an equal name comes from how many *other* enterprises may bear
it. Invariant: no level is without m and u, and no private field of Splink is written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from math import log2
from typing import TYPE_CHECKING, Any

from iindustry.linkage.comparisons import COMPARISONS, MISSING
from iindustry.linkage.outcome import PRIOR, Part
from iindustry.standardise.names import NORM_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from iindustry.linkage.comparisons import Comparison

_LEAST = 1e-9
_FEW = 50  # fewer values cannot be counted
_PLACE = ("sub", "dist", "prov")
FREQUENCY_COLUMNS = {
    "named_b": "whole",
    "core_b": "core",
    "skel_b": "skeleton",
    "any_b": "site",
    "en_core": "english",
    "en_skel": "english_skeleton",
}
Rates = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Model:
    """m and u by comparison and level, the prior (chance that two random profiles match), and thresholds in bits.

    name, norm_version: the model file it began from, and the normaliser whose names it was learnt on. shifts, coverage:
    what `priors` learnt of registers.
    """

    m: Rates
    u: Rates
    prior: float
    auto_weight: float
    review_weight: float
    margin: float
    name: str = "enterprise-th-1"
    norm_version: int = NORM_VERSION
    shifts: Mapping[str, float] = field(default_factory=dict)
    coverage: Mapping[str, float] = field(default_factory=dict)

    def weight_of(self, levels: Mapping[str, str], frequencies: Mapping[str, float], prior: float) -> tuple[Part, ...]:
        """What each comparison adds to one pair's weight, in the order of the table, and last the prior; their sum is the weight.

        `levels`: the level reached by each comparison; absent or `missing` adds nothing. `frequencies`: by column, the
        greater `tf_<column>` of the two sides, where the value is known. `prior`: bits of the pair's registers.
        """
        parts = [self._part(one, levels.get(one.name, MISSING), frequencies) for one in COMPARISONS]
        return (*parts, Part(PRIOR, "", prior))

    def _part(self, one: Comparison, level: str, frequencies: Mapping[str, float]) -> Part:
        if level == MISSING:
            return Part(one.name, level, 0.0)
        column = next(each.frequency for each in one.levels if each.name == level)
        u = frequencies.get(column) if column else None
        return Part(one.name, level, log2(self.m[one.name][level] / (u or self.u[one.name][level])))


@cache
def shipped() -> dict[str, Any]:
    """The model file that the product carries."""
    path = resources.files("iindustry.linkage") / "data" / "enterprise-th-1.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def learn(profiles: pl.DataFrame, level_counts: Mapping[str, Mapping[str, int]], matched_pairs: int) -> Model:
    """The model of one run.

    `level_counts`: how many id-matched pairs across registers reached each level, by comparison. `matched_pairs`: pairs of
    profiles that share an id.
    """
    document = shipped()
    m = {name: _smoothed(name, level_counts.get(name, {})) for name in document["comparisons"]}
    u: Rates = {
        name: {level: rates["u"] for level, rates in levels.items()}
        for name, levels in document["comparisons"].items()
    }  # fmt: skip
    prior = _prior(profiles, matched_pairs)
    _count_u(profiles, u, m, prior)
    thresholds = document["thresholds"]
    return Model(
        m=m,
        u=u,
        prior=prior,
        auto_weight=bits(thresholds["auto_probability"]),
        review_weight=bits(thresholds["review_probability"]),
        margin=thresholds["margin_bits"],
    )


def bits(probability: float) -> float:
    """The weight whose posterior is a probability: log2 of its odds."""
    return round(log2(probability / (1 - probability)), 6)


def _smoothed(name: str, counts: Mapping[str, int]) -> dict[str, float]:
    """Counted shares with the shipped ones as pseudo-pairs; levels of one comparison add up to 1."""
    document = shipped()
    pseudo = document["smoothing_pairs"]
    levels = document["comparisons"][name]
    total = pseudo + sum(count for level, count in counts.items() if level != MISSING)
    return {level: (rates["m"] * pseudo + counts.get(level, 0)) / total for level, rates in levels.items()}


def _prior(profiles: pl.DataFrame, matched_pairs: int) -> float:
    """2 · pairs sharing an id / (profiles with an id)²; with few ids, one match for every second profile."""
    import polars as pl

    numbered = profiles.filter(pl.col("jid").is_not_null()).height
    least = 0.5 / max(profiles.height, 2)
    return max(2 * matched_pairs / numbered**2, least) if numbered and matched_pairs >= 100 else least  # noqa: PLR2004 - few


def _count_u(profiles: pl.DataFrame, u: Rates, m: Rates, prior: float) -> None:
    """Set u of place, address, phone and form from value counts, cleared of matches; the rest keep the shipped values."""
    import polars as pl

    for name, chances in (("place", _same_kind(profiles)), ("seat_site", _two_kinds(profiles))):
        if chances is None:
            continue
        sub, dist, prov = chances
        found = {"subdistrict": sub, "district": dist - sub, "province": prov - dist}
        u[name] |= {level: _cleared(max(chance, _LEAST), m[name][level], prior) for level, chance in found.items()}
        u[name]["other"] = max(1 - sum(u[name][level] for level in found), _LEAST)
    address = profiles.select("sub", house=pl.struct("sub", "house", "moo")).filter(
        pl.col("sub").is_not_null() & pl.col("house").struct["house"].is_not_null()
    )
    here, door = chance_equal(address, "sub"), chance_equal(address, "house")
    if here and door:
        u["address"] = {"equal": min(max(door / here, _LEAST), 0.5)}
        u["address"]["other"] = 1 - u["address"]["equal"]
    for name in ("phone", "form"):
        equal = chance_equal(profiles, name)
        if equal is not None:
            u[name]["equal"] = _cleared(equal, m[name]["equal"], prior)
            u[name]["other"] = 1 - u[name]["equal"]


def chance_equal(profiles: pl.DataFrame, column: str) -> float | None:
    """Σ c(c−1) / n(n−1): the chance that two random profiles that both speak say the same. None for fewer than 50."""
    counts = profiles[column].drop_nulls().value_counts()["count"]
    speaking = int(counts.sum())
    if speaking < _FEW:
        return None
    return float((counts.cast(float) * (counts.cast(float) - 1)).sum()) / (speaking * (speaking - 1))


def _same_kind(profiles: pl.DataFrame) -> tuple[float, float, float] | None:
    """Chances that two random seats share subdistrict, district, province; None where too few say."""
    import polars as pl

    seats = profiles.filter(pl.col("kind") == "seat")
    chances = [chance_equal(seats, column) for column in _PLACE]
    return None if None in chances else tuple(chances)  # type: ignore[return-value]


def _two_kinds(profiles: pl.DataFrame) -> tuple[float, float, float] | None:
    """Chances that a random seat and a random site share subdistrict, district, province: Σ aᵢbᵢ / (a·b)."""
    import polars as pl

    found = []
    for column in _PLACE:
        sides = [
            profiles.filter(pl.col("kind") == kind)
            .select(column)
            .drop_nulls()
            .group_by(column)
            .agg(pl.len().alias(kind))
            for kind in ("seat", "site")
        ]
        sizes = [int(side[side.columns[1]].sum()) for side in sides]
        if min(sizes) < _FEW:
            return None
        both = sides[0].join(sides[1], on=column, how="inner")
        found.append(float((both["seat"].cast(float) * both["site"].cast(float)).sum()) / (sizes[0] * sizes[1]))
    return found[0], found[1], found[2]


def _cleared(equal: float, m: float, prior: float) -> float:
    """The chance of agreement among pairs that do not match: `(p − λm) / (1 − λ)`."""
    return min(max((equal - prior * m) / (1 - prior), _LEAST), 0.99)


def frequencies(profiles: pl.DataFrame, column: str) -> pl.DataFrame:
    """For each value of a name column, the chance that another enterprise bears it too: columns value, `tf_<column>`.

    A value borne by r enterprises known by number is borne by r − 1 others, plus the share of values that turn out to be
    shared (counted, smoothed towards the shipped coincidence). A plain count would call a name common because its one
    enterprise is in three registers.
    """
    import polars as pl

    expected = float(shipped()["coincidence"][FREQUENCY_COLUMNS[column]])
    spoken = profiles.filter(pl.col(column).is_not_null())
    bearers = spoken.group_by(column).agg(bearers=pl.col("jid").drop_nulls().n_unique())
    enterprises = max(profiles["jid"].drop_nulls().n_unique(), profiles.height // 3, 1)
    named = bearers.filter(pl.col("bearers") > 0)
    pseudo = 200
    shared = (named.filter(pl.col("bearers") > 1).height + expected * pseudo) / (named.height + pseudo)
    others = (pl.col("bearers").cast(pl.Float64) - 1).clip(lower_bound=0) + shared
    return bearers.select(column, (others / enterprises).clip(upper_bound=0.5).alias(f"tf_{column}")).sort(column)


def with_bits(
    pairs: pl.DataFrame, profiles: pl.DataFrame, model: Model, of_columns: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The pairs with what each comparison adds, under `bits_<name>`; `bits_prior` is the rest of match_weight.

    In: left, right, match_weight and the level reached by each comparison. `of_columns`: `frequencies` by column.
    """
    import polars as pl

    for column in FREQUENCY_COLUMNS:
        of_left = profiles.select(pl.col("uid").alias("left"), column).join(of_columns[column], on=column, how="left")
        pairs = pairs.join(of_left.drop(column), on="left", how="left", maintain_order="left")
    pairs = pairs.with_columns(_bits(model, one).alias(f"bits_{one.name}") for one in COMPARISONS)
    told = pl.sum_horizontal(f"bits_{one.name}" for one in COMPARISONS)
    return pairs.drop(f"tf_{column}" for column in FREQUENCY_COLUMNS).with_columns(
        (pl.col("match_weight") - told).round(6).alias(f"bits_{PRIOR}")
    )


def _bits(model: Model, one: Comparison) -> pl.Expr:
    import polars as pl

    reached, found = pl.col(one.name), pl.lit(0.0)
    for level in one.levels:
        m, u = model.m[one.name][level.name], pl.lit(model.u[one.name][level.name])
        if level.frequency:
            u = pl.coalesce(f"tf_{level.frequency}", u)
        found = pl.when(reached == level.name).then((m / u).log(2).round(6)).otherwise(found)
    return found


def settings(model: Model, rules: list[str]) -> dict[str, Any]:
    """The settings that Splink takes: levels with their m and u, rules of blocking, the prior."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "uid",
        "probability_two_random_records_match": model.prior,
        "comparisons": [_comparison(model, place) for place in range(len(COMPARISONS))],
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in rules],
        "retain_matching_columns": True,  # levels come with them, and levels are what a steward is told
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(model: Model, place: int) -> dict[str, Any]:
    one = COMPARISONS[place]
    levels: list[dict[str, Any]] = [
        {"sql_condition": one.missing, "label_for_charts": MISSING, "is_null_level": True},
    ]
    for level in one.levels:
        written: dict[str, Any] = {
            "sql_condition": level.condition,
            "label_for_charts": level.name,
            "m_probability": model.m[one.name][level.name],
            "u_probability": model.u[one.name][level.name],
        }
        if level.frequency:
            written |= {
                "tf_adjustment_column": level.frequency,
                "tf_adjustment_weight": 1.0,
                "disable_tf_exact_match_detection": True,
            }
        levels.append(written)
    return {"output_column_name": one.name, "comparison_levels": levels}
