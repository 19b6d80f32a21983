"""What a run learns from its records: m, u, how rare a name is, and where firms have their sites.

m comes from pairs that an id matched across registers, smoothed towards the shipped values; u of equality levels from value
counts, cleared of matches; the weight of an equal name from how many *other* enterprises may bear it.
Invariant: every level keeps an m and a u above nothing.
"""

from __future__ import annotations

from dataclasses import replace
from math import log2
from typing import TYPE_CHECKING

from iindustry.linkage.comparisons import MISSING, PLACES, SAME_NAME
from iindustry.linkage.model import FREQUENCY_COLUMNS, Document, Model, Rates, bits, shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

_LEAST = 1e-9
_FEW = 50  # fewer values cannot be counted
_UNTAUGHT = frozenset({"site"})
_AREAS = ("sub", "dist", "prov")


def learn(
    profiles: pl.DataFrame,
    level_counts: Mapping[str, Mapping[str, int]],
    matched_pairs: int,
    document: Document | None = None,
) -> Model:
    """The model of one run.

    `level_counts`: how many id-matched pairs across registers reached each level, by comparison. `matched_pairs`: pairs of
    profiles that share an id. `document`: the model file in force; None: the shipped one.
    """
    document = document or shipped()
    m = {name: _smoothed(document, name, level_counts.get(name, {})) for name in document["comparisons"]}
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
        name=document["name"],
        norm_version=document["norm_version"],
    )


def _smoothed(document: Document, name: str, counts: Mapping[str, int]) -> dict[str, float]:
    """Counted shares with the shipped ones as pseudo-pairs; levels of one comparison add up to 1.

    What numbers cannot teach keeps its shipped share: records with a factory's name have no number.
    """
    pseudo = document["smoothing_pairs"]
    levels = document["comparisons"][name]
    kept = sum(rates["m"] for level, rates in levels.items() if level in _UNTAUGHT)
    counted = {level: count for level, count in counts.items() if level not in {MISSING, *_UNTAUGHT}}
    total = pseudo * (1 - kept) + sum(counted.values())
    return {
        level: rates["m"] if level in _UNTAUGHT else (1 - kept) * (rates["m"] * pseudo + counted.get(level, 0)) / total
        for level, rates in levels.items()
    }


def _prior(profiles: pl.DataFrame, matched_pairs: int) -> float:
    """2 · pairs sharing an id / (profiles with an id)²; with few ids, one match for every second profile."""
    import polars as pl

    numbered = profiles.filter(pl.col("jid").is_not_null()).height
    least = 0.5 / max(profiles.height, 2)
    return max(2 * matched_pairs / numbered**2, least) if numbered and matched_pairs >= 100 else least  # noqa: PLR2004 - few


def _count_u(profiles: pl.DataFrame, u: Rates, m: Rates, prior: float) -> None:
    """Set u of place, address, phone and form from value counts, cleared of matches; the rest keep the shipped values."""
    import polars as pl

    for name, kinds in (("place", ("seat", "seat")), ("seat_site", ("seat", "site")), ("sites", ("site", "site"))):
        chances = _chances(profiles, *kinds)
        if chances is None:
            continue
        sub, dist, prov = chances
        found = {"subdistrict": sub, "district": dist - sub, "province": prov - dist}
        u[name] |= {level: _cleared(max(chance, _LEAST), m[name][level], prior) for level, chance in found.items()}
        u[name]["other"] = max(1 - sum(u[name][level] for level in found), _LEAST)
    firms = profiles.with_columns(firm=pl.coalesce("jid", "person_tag", "core_b"))
    doors = firms.filter(pl.col("sub").is_not_null() & pl.col("house").is_not_null()).select(
        "firm", "sub", door=pl.concat_str("sub", pl.lit("/"), "house", pl.lit("/"), pl.col("moo").fill_null(""))
    )
    here, door = chance_equal(doors.unique(), "sub"), chance_equal(doors.unique(), "door")
    if here and door:
        u["address"] = {"equal": min(max(door / here, _LEAST), 0.5)}
        u["address"]["other"] = 1 - u["address"]["equal"]
    for name in ("phone", "form"):
        equal = chance_equal(firms.select("firm", name).unique(), name)
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


def _chances(profiles: pl.DataFrame, one: str, other: str) -> tuple[float, float, float] | None:
    """Chances that two random places of these kinds share subdistrict, district, province; None where too few say."""
    import polars as pl

    found = []
    for column in _AREAS:
        if one == other:
            found.append(chance_equal(profiles.filter(pl.col("kind") == one), column))
            continue
        sides = [
            profiles.filter(pl.col("kind") == kind)
            .select(column)
            .drop_nulls()
            .group_by(column)
            .agg(pl.len().alias(kind))
            for kind in (one, other)
        ]
        sizes = [int(side[side.columns[1]].sum()) for side in sides]
        both = sides[0].join(sides[1], on=column, how="inner")
        chance = float((both[one].cast(float) * both[other].cast(float)).sum())
        found.append(chance / (sizes[0] * sizes[1]) if min(sizes) >= _FEW else None)
    return None if None in found else tuple(found)  # type: ignore[return-value]


def _cleared(equal: float, m: float, prior: float) -> float:
    """The chance of agreement among pairs that do not match: `(p − λm) / (1 − λ)`."""
    return min(max((equal - prior * m) / (1 - prior), _LEAST), 0.99)


def frequencies(profiles: pl.DataFrame, column: str, document: Document | None = None) -> pl.DataFrame:
    """For each value of a name column, the chance that another enterprise bears it too: columns value, `tf_<column>`.

    A value borne by r enterprises known by number is borne by r − 1 others, plus the share of enterprises that turn out to
    have a namesake (counted, smoothed towards the shipped coincidence). A plain count would call a name common because its one
    enterprise is in three registers.
    """
    import polars as pl

    expected = float((document or shipped())["coincidence"][FREQUENCY_COLUMNS[column]])
    spoken = profiles.filter(pl.col(column).is_not_null())
    of_number = pl.col("jid").drop_nulls().n_unique()
    bearers = spoken.group_by(column).agg(bearers=_of_factories() if column == "any_b" else of_number)
    enterprises = max(profiles["jid"].drop_nulls().n_unique(), profiles.height // 3, 1)
    named = bearers.filter(pl.col("bearers") > 0)["bearers"].cast(pl.Int64)
    pseudo = 200
    shared = (int(named.filter(named > 1).sum()) + expected * pseudo) / (int(named.sum()) + pseudo)
    others = (pl.col("bearers").cast(pl.Float64) - 1).clip(lower_bound=0) + shared
    return bearers.select(column, (others / enterprises).clip(upper_bound=0.5).alias(f"tf_{column}")).sort(column)


def _of_factories() -> pl.Expr:
    """Bearers of a factory's own name, which has no number: as many as provinces that hold it, where those are more."""
    import polars as pl

    silent = pl.col("jid").is_null()
    return pl.max_horizontal(
        pl.col("jid").drop_nulls().n_unique(), pl.col("prov").filter(silent).drop_nulls().n_unique()
    )


def taught(settled: pl.DataFrame, model: Model, document: Document | None = None) -> Model:
    """The model with m of places as the pairs of an equal name show them, each pair counted by its probability.

    Numbers teach little of sites: the factory register carries none. An equal name of few bearers says nearly all by
    itself, so where those pairs lie is where firms have their sites.
    """
    import polars as pl

    document = document or shipped()
    pseudo = document["smoothing_pairs"]
    m = dict(model.m)
    sure = settled.filter(pl.col("name").is_in(SAME_NAME) & (pl.col("rivals") < 1)).select("match_probability", *PLACES)
    for name in PLACES:
        counts = sure.filter(pl.col(name) != MISSING).group_by(name).agg(pl.col("match_probability").sum())
        seen = dict(counts.iter_rows())
        total = pseudo + sum(seen.values())
        m[name] = {
            level: round((rates["m"] * pseudo + seen.get(level, 0.0)) / total, 6)
            for level, rates in document["comparisons"][name].items()
        }
    return replace(model, m=m)


def reweighed(pairs: pl.DataFrame, before: Model, after: Model) -> pl.DataFrame:
    """The pairs with weights under the other model, where only m and u of places differ."""
    import polars as pl

    change = pl.lit(0.0)
    for name in PLACES:
        bits_of = {
            level: log2(after.m[name][level] / after.u[name][level])
            - log2(before.m[name][level] / before.u[name][level])
            for level in before.m[name]
        }
        change = change + pl.col(name).replace_strict(bits_of, default=0.0, return_dtype=pl.Float64)
    return pairs.with_columns((pl.col(weight) + change).round(6) for weight in ("match_weight", "alone_weight"))
