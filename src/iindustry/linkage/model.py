"""The match model as values: m and u by level, what registers teach (`learning`, `priors`), the weight of a pair.

Invariant: no level is without m and u, and no private field of Splink is written.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from math import log2
from typing import TYPE_CHECKING, Any

from iindustry.kernel.errors import Conflict
from iindustry.linkage.comparisons import COMPARISONS, MISSING
from iindustry.linkage.outcome import PRIOR, Part
from iindustry.standardise.names import NORM_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from iindustry.linkage.comparisons import Comparison

FREQUENCY_COLUMNS = {
    "named_b": "whole",
    "core_b": "core",
    "skel_b": "skeleton",
    "any_b": "site",
    "en_core": "english",
    "en_skel": "english_skeleton",
}
Rates = dict[str, dict[str, float]]
Document = dict[str, Any]
SHIPPED = "enterprise-th-2"


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
    name: str = SHIPPED
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
def shipped() -> Document:
    """The model file that the product carries."""
    path = resources.files("iindustry.linkage") / "data" / f"{SHIPPED}.json"
    return checked(json.loads(path.read_text(encoding="utf-8")))


def checked(document: Document) -> Document:
    """The document, if its seal is whole and it speaks of today's comparisons and normaliser.

    Raises Conflict `model-file-changed`, `model-of-other-comparisons` or `model-of-other-normaliser`.
    """
    name = document.get("name")
    if document.get("sha256") != digest_of(document):
        raise Conflict("model-file-changed", model=name)
    levels = {one.name: [level.name for level in one.levels] for one in COMPARISONS}
    if {one: list(rates) for one, rates in document["comparisons"].items()} != levels:
        raise Conflict("model-of-other-comparisons", model=name)
    if document["norm_version"] != NORM_VERSION:
        raise Conflict("model-of-other-normaliser", model=name, has=document["norm_version"], needs=NORM_VERSION)
    return document


def digest_of(document: Document) -> str:
    """SHA-256 of a model file's content, its own seal aside."""
    content = {key: value for key, value in document.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def candidate_of(model: Model, document: Document, *, name: str, trained_on: Mapping[str, Any]) -> Document:
    """The next model file: what a run learnt as the values that later runs begin from."""
    comparisons = {
        one: {level: {"m": _six(model.m[one][level]), "u": _six(model.u[one][level])} for level in levels}
        for one, levels in document["comparisons"].items()
    }
    made = document | {"name": name, "norm_version": NORM_VERSION, "comparisons": comparisons,
                       "trained_on": dict(trained_on), "note": f"Learnt by a run that began from {document['name']}."}  # fmt: skip
    return made | {"sha256": digest_of(made)}


def _six(share: float) -> float:
    return float(f"{share:.6g}")


def check_normaliser(model: Model) -> None:
    """Raises Conflict `model-of-other-normaliser`: its weights were learnt on other spellings than today's."""
    if model.norm_version != NORM_VERSION:
        raise Conflict("model-of-other-normaliser", model=model.name, has=model.norm_version, needs=NORM_VERSION)


def bits(probability: float) -> float:
    """The weight whose posterior is a probability: log2 of its odds."""
    return round(log2(probability / (1 - probability)), 6)


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
