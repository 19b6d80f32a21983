"""Hidden numbers: a fixed tenth of the numbers held in two registers is hidden, linked without, and compared.

The anchor of a hidden number keeps it, as the official register does; the others must be found by name and place. One
scoring serves both runs: pairs of the hidden are scored too and left out of the real one.

Records with numbers are not like those without: no natural person and no factory that names nobody holds a company's
number. So a run also counts how many records without one are of a kind that no hidden number speaks of (`unlike`), and
where those are most, it calls itself not measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.linkage.evaluate import Quality, is_hidden, measured, wilson
from iindustry.linkage.facets import FACTORIES

if TYPE_CHECKING:
    import polars as pl

    from iindustry.linkage.passes import IdPass

_PROFILES_A_NUMBER = 6
_MOST_UNLIKE = 0.5
BY = ("source_pair", "region", "form", "size")
"""What quality is told by: the pair of registers, the first digit of the province, legal form, size of the source."""


def sample(profiles: pl.DataFrame, numbers: IdPass) -> pl.Series:
    """The profiles (uid) whose number is hidden: those that an id pass joined to an anchor, of the fixed tenth."""
    import polars as pl

    held = numbers.joined.join(profiles.select("uid", "jid"), on="uid", how="left")
    return held.filter(is_hidden(pl.col("jid")))["uid"].sort()


def pairs_to_learn(profiles: pl.DataFrame, numbers: IdPass, hidden: pl.Series) -> pl.DataFrame:
    """Pairs across registers that a number matched, the hidden left out: columns left_uid, right_uid, sorted."""
    import polars as pl

    seen = numbers.joined.filter(~pl.col("uid").is_in(hidden.implode()))
    anchors = seen.select("anchor", uid="anchor").unique()
    group = pl.concat([anchors, seen.select("anchor", "uid")]).sort("anchor", "uid")
    group = group.filter(pl.int_range(pl.len()).over("anchor") < _PROFILES_A_NUMBER)
    told = group.join(profiles.select("uid", "source"), on="uid", how="left")
    return (
        told.join(told, on="anchor", suffix="_right")
        .filter((pl.col("uid") < pl.col("uid_right")) & (pl.col("source") != pl.col("source_right")))
        .select(left_uid="uid", right_uid="uid_right")
        .sort("left_uid", "right_uid")
    )


def masked(sides: pl.DataFrame, hidden: pl.Series) -> pl.DataFrame:
    """The frame with column `number` null for the hidden profiles."""
    import polars as pl

    return sides.with_columns(number=pl.when(~pl.col("uid").is_in(hidden.implode())).then("number"))


def masked_pairs(pairs: pl.DataFrame, hidden: pl.Series) -> pl.DataFrame:
    """The pairs with `number_left`, `number_right` null for hidden profiles."""
    import polars as pl

    lost = hidden.implode()
    return pairs.with_columns(
        pl.when(~pl.col(side).is_in(lost)).then(f"number_{side}").alias(f"number_{side}") for side in ("left", "right")
    )


def without(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs of the real run: those that would have been scored without hiding anything."""
    import polars as pl

    return pairs.filter(pl.col("number_left").is_null() | pl.col("number_right").is_null())


def true_pairs(known: pl.DataFrame, hidden: pl.Series) -> pl.DataFrame:
    """left, right of every hidden profile and another of its number. `known`: uid, number."""
    import polars as pl

    lost = known.filter(pl.col("uid").is_in(hidden.implode()))
    joined = lost.join(known, on="number", suffix="_other").filter(pl.col("uid") != pl.col("uid_other"))
    return joined.select(
        left=pl.min_horizontal("uid", "uid_other"), right=pl.max_horizontal("uid", "uid_other")
    ).unique()


def witnesses(blind: pl.DataFrame, known: pl.DataFrame, hidden: pl.Series) -> pl.DataFrame:
    """match_weight and `true` of the scored pairs of a hidden profile and another numbered one."""
    import polars as pl

    lost = hidden.implode()
    asked = blind.filter(pl.col("left").is_in(lost) | pl.col("right").is_in(lost)).select(
        "left", "right", "match_weight"
    )
    for side in ("left", "right"):
        numbers = known.select(pl.col("uid").alias(side), pl.col("number").alias(f"number_{side}"))
        asked = asked.join(numbers, on=side, how="inner")
    return asked.select("match_weight", true=pl.col("number_left") == pl.col("number_right"))


def labelled(roots: pl.DataFrame, known: pl.DataFrame, hidden: pl.Series) -> pl.DataFrame:
    """Every pair of a hidden profile and another numbered one that is truly one (`true`) or was found to be (`found`).

    In: roots (uid, root) of the run without the hidden numbers; known (uid, number). A pair of two hidden counts once.
    Columns: left, right, true, found.
    """
    import polars as pl

    both = known.join(roots.select("uid", "root"), on="uid", how="inner")
    lost = both.filter(pl.col("uid").is_in(hidden.implode()))

    def pairs_by(column: str) -> pl.DataFrame:
        joined = lost.join(both, on=column, suffix="_other").filter(pl.col("uid") != pl.col("uid_other"))
        return joined.select(
            left=pl.min_horizontal("uid", "uid_other"), right=pl.max_horizontal("uid", "uid_other")
        ).unique()

    true, found = pairs_by("number"), pairs_by("root")
    return (
        true.with_columns(true=pl.lit(value=True))
        .join(found.with_columns(found=pl.lit(value=True)), on=["left", "right"], how="full", coalesce=True)
        .with_columns(pl.col("true", "found").fill_null(value=False))
        .sort("left", "right")
    )


def quality(pairs: pl.DataFrame) -> Quality:
    """Precision, recall and F1 of `labelled` pairs."""
    right = pairs.filter(pairs["true"] & pairs["found"]).height
    return measured(right, int(pairs["found"].sum()), int(pairs["true"].sum()))


def told_of(pairs: pl.DataFrame, profiles: pl.DataFrame, hidden: pl.Series) -> tuple[Quality, float | None]:
    """(quality of the run, `unlike`). Nothing is measured where most records without a number are of unwitnessed kinds."""
    share = unlike(pairs, profiles, hidden)
    found = quality(pairs)
    if share is not None and share > _MOST_UNLIKE:
        return Quality(None, None, None, found.pairs), share
    return found, share


def unlike(pairs: pl.DataFrame, profiles: pl.DataFrame, hidden: pl.Series) -> float | None:
    """Of the profiles without a number, the share (four places) whose kind no true hidden pair is of; None: all have one."""
    import polars as pl

    lost = hidden.implode()
    kinds = profiles.filter(~pl.col("site_only")).select("uid", "jid", kind=_kind())
    sides = [pairs.filter(pl.col("true") & pl.col(side).is_in(lost)).select(uid=side) for side in ("left", "right")]
    witnessed = pl.concat(sides).unique().join(kinds, on="uid", how="inner").select("kind").unique()
    bare = kinds.filter(pl.col("jid").is_null())
    if bare.is_empty():
        return None
    return round(bare.join(witnessed, on="kind", how="anti").height / bare.height, 4)


def _kind() -> pl.Expr:
    """What a profile has to be found by: whose name it is, and whether its subdistrict is known."""
    import polars as pl

    whose = (
        pl.when("is_person").then(pl.lit("person"))
        .when(pl.col("core").is_null()).then(pl.lit("latin"))
        .when(pl.col("form").is_not_null()).then(pl.lit("form"))
        .when(pl.col("source") == FACTORIES).then(pl.lit("factory"))
        .otherwise(pl.lit("bare"))
    )  # fmt: skip
    return pl.concat_str(whose, pl.when(pl.col("sub").is_not_null()).then(pl.lit("/near")).otherwise(pl.lit("/far")))


def report(pairs: pl.DataFrame, profiles: pl.DataFrame) -> list[dict[str, object]]:
    """Precision and recall with 95 % intervals, over all and by each of `BY`: rows by, value, right, found, true, …."""
    import polars as pl

    sizes = profiles.group_by("source").len()
    told = profiles.join(sizes, on="source", how="left").select(
        "uid", "source",
        region=pl.col("prov").str.slice(0, 1).fill_null("-"),
        form=pl.coalesce("form", pl.lit("none")),
        size=pl.lit("10^") + (pl.col("len").log10().floor().cast(pl.Int64)).cast(pl.Utf8),
    )  # fmt: skip
    sided = pairs.join(told, left_on="left", right_on="uid", how="left").join(
        told.select("uid", other="source"), left_on="right", right_on="uid", how="left"
    )
    low, high = pl.min_horizontal("source", "other"), pl.max_horizontal("source", "other")
    by = sided.with_columns(source_pair=pl.concat_str(low, pl.lit("|"), high), all=pl.lit("all"))
    rows: list[dict[str, object]] = []
    for what in ("all", *BY):
        counted = (
            by.group_by(what)
            .agg(
                right=(pl.col("true") & pl.col("found")).sum().cast(pl.Int64),
                found=pl.col("found").sum().cast(pl.Int64),
                true=pl.col("true").sum().cast(pl.Int64),
            )
            .sort(what)
        )
        rows += [_row(what, *values) for values in counted.iter_rows()]
    return rows


def _row(by: str, value: str, right: int, found: int, true: int) -> dict[str, object]:
    told = measured(right, found, true)
    return {
        "by": by, "value": value, "right": right, "found": found, "true": true,
        "precision": told.precision, "precision_95": wilson(right, found),
        "recall": told.recall, "recall_95": wilson(right, true), "f1": told.f1,
    }  # fmt: skip
