"""From scored pairs to edges and questions: what joins by itself, what waits for a person (LINKAGE sections 4.6, 4.10).

An edge joins by itself at or above the automatic weight, unless another numbered enterprise is as likely, or a natural
person is one side. Invariant: nothing at or above the review weight is dropped silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.linkage.clusters import Edge
from iindustry.linkage.comparisons import MISSING, SAME_NAME
from iindustry.linkage.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from iindustry.linkage.model import Model

_CANDIDATES_A_RECORD = 5
_NEAR = ("subdistrict", "district")
_PROVINCE = (*_NEAR, "province")


def weighed(pairs: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Pairs with the ground on which they wait: column `held`, null for those that may join by themselves.

    In: left, right, match_weight, levels by comparison, and of both sides `number_…`, `is_person_…`. Out: the pairs at or
    above the review weight, and those with an equal name, with `held` and `auto`.
    """
    import polars as pl

    kept = pairs.filter((pl.col("match_weight") >= model.review_weight) | pl.col("name").is_in(SAME_NAME))
    held_back = _uncertain_person()
    reached = pl.col("match_weight") >= model.auto_weight
    with_rivals = _rivals(kept, model)
    return with_rivals.with_columns(
        held=pl.when(held_back).then(pl.lit(Reason.PERSON.value))
        .when(pl.col("rival")).then(pl.lit(Reason.SAME_NAME.value))
        .when(~reached).then(pl.lit(Reason.MIDDLE_WEIGHT.value)),
    ).with_columns(auto=pl.col("held").is_null())  # fmt: skip


def _uncertain_person() -> pl.Expr:
    """Pairs with a natural person that no weight joins: a person and a company; two names with too little beside them.

    Enough is: the very name in one province, or a name that sounds alike in one district, or an equal telephone with
    either. A record that says neither form nor number may be a person's without its title.
    """
    import polars as pl

    person = pl.col("is_person_left") | pl.col("is_person_right")
    company = pl.col("is_company_left") | pl.col("is_company_right")
    same, alike = pl.col("name").is_in(SAME_NAME), pl.col("name") == "skeleton"
    place = pl.when(pl.col("place") != MISSING).then(pl.col("place")).otherwise(pl.col("seat_site"))
    called = pl.col("phone") == "equal"
    enough = (same & (place.is_in(_PROVINCE) | called)) | (alike & (place.is_in(_NEAR) | called))
    return person & (company | ~enough)


def with_numbers(pairs: pl.DataFrame, numbers: Mapping[int, str]) -> pl.DataFrame:
    """The pairs with `number_left` and `number_right`: the juristic id that each side is known by in this run."""
    import polars as pl

    def look(side: str) -> pl.Expr:
        return pl.col(side).replace_strict(dict(numbers), default=None, return_dtype=pl.Utf8).alias(f"number_{side}")

    return pairs.with_columns(look("left"), look("right")) if numbers else pairs.with_columns(
        number_left=pl.lit(None, dtype=pl.Utf8), number_right=pl.lit(None, dtype=pl.Utf8)
    )  # fmt: skip


def _rivals(kept: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Marks the pairs of a profile without a number that two numbered enterprises claim alike: column `rival`.

    Alike is: their best weights lie within the margin (then every pair near the best waits), or both bear its very name
    and form without an equal telephone to tell them apart (then every such pair waits). Nor may a profile of an unsettled
    name join one of a settled name: that would be the guess by the back door.
    """
    import polars as pl

    same_name = pl.col("name").is_in(SAME_NAME) & (pl.col("form") != "other") & (pl.col("phone") != "equal")
    claims = pl.concat(
        [
            kept.filter(pl.col(f"number_{numbered}").is_not_null() & pl.col(f"number_{bare}").is_null()).select(
                pl.col(bare).alias("bare"), pl.col(f"number_{numbered}").alias("number"), "match_weight",
                same_name.alias("same_name"),
            )
            for numbered, bare in (("left", "right"), ("right", "left"))
        ]
    )  # fmt: skip
    best = (
        claims.filter((pl.col("match_weight") >= model.review_weight) | pl.col("same_name"))
        .group_by("bare", "number")
        .agg(pl.col("match_weight").max(), pl.col("same_name").any())
        .sort("bare", "match_weight", "number", descending=[False, True, False])
        .group_by("bare", maintain_order=True)
        .agg(
            first=pl.col("match_weight").first(),
            second=pl.col("match_weight").get(1, null_on_oob=True),
            namesakes=pl.col("same_name").sum(),
        )
    )
    numbered_side = pl.col("number_left").is_not_null() != pl.col("number_right").is_not_null()
    bare = pl.when(pl.col("number_left").is_null()).then(pl.col("left")).otherwise(pl.col("right"))
    close = (
        (pl.col("second") >= model.review_weight)
        & (pl.col("first") - pl.col("second") < model.margin)
        & (pl.col("first") - pl.col("match_weight") < model.margin)
    )
    unsettled = best.filter(pl.col("namesakes") > 1)["bare"].implode()
    by_the_back_door = ~numbered_side & (pl.col("left").is_in(unsettled) != pl.col("right").is_in(unsettled))
    return (
        kept.with_columns(bare=pl.when(numbered_side).then(bare))
        .join(best, on="bare", how="left")
        .with_columns(rival=(close | ((pl.col("namesakes") > 1) & same_name)).fill_null(value=False) | by_the_back_door)
        .drop("bare", "first", "second", "namesakes")
    )


def edges(marked: pl.DataFrame) -> list[Edge]:
    """The pairs that join by themselves, as edges."""
    rows = marked.filter("auto").select("left", "right", "match_weight", "match_probability")
    return [Edge(*row) for row in rows.iter_rows()]


def questions(marked: pl.DataFrame, root: Mapping[int, int], numbers_of_root: Mapping[int, str]) -> pl.DataFrame:
    """The held pairs worth a person's time: one a pair of clusters (its best edge), five at most a profile.

    A pair is settled, and no question, where both sides are one cluster or two clusters of different numbers.
    """
    import polars as pl

    held = marked.filter(~pl.col("auto"))
    if held.is_empty():
        return held.with_columns(root_left=pl.col("left"), root_right=pl.col("right"))
    roots = pl.DataFrame(
        {"uid": list(root), "root": list(root.values())}, schema={"uid": pl.Int64, "root": pl.Int64}
    ).with_columns(number=pl.col("root").replace_strict(dict(numbers_of_root), default=None, return_dtype=pl.Utf8))
    both = held
    for side in ("left", "right"):
        renamed = roots.rename({"uid": side, "root": f"root_{side}", "number": f"cluster_number_{side}"})
        both = both.join(renamed, on=side, how="left")
    apart = pl.col("root_left") != pl.col("root_right")
    settled = (pl.col("cluster_number_left") != pl.col("cluster_number_right")).fill_null(value=False)
    low, high = pl.min_horizontal("root_left", "root_right"), pl.max_horizontal("root_left", "root_right")
    ranked = (
        both.filter(apart & ~settled)
        .with_columns(low=low, high=high)
        .sort("match_weight", "left", "right", descending=[True, False, False])
        .unique(["low", "high"], keep="first", maintain_order=True)
    )
    place = [pl.int_range(pl.len()).over(side).alias(f"place_{side}") for side in ("left", "right")]
    return (
        ranked.with_columns(place)
        .filter((pl.col("place_left") < _CANDIDATES_A_RECORD) & (pl.col("place_right") < _CANDIDATES_A_RECORD))
        .drop("low", "high", "place_left", "place_right", "cluster_number_left", "cluster_number_right")
        .sort("left", "right")
    )
