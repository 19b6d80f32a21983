"""Which statement is believed: source rank of the field, then recency, then the vote of sources, then record key.

Order of belief (LINKAGE section 4.11) is one sort; the rule that decided is the first key in which winner and best rival
differ. Subjects and records are row numbers here, so the order of numbers is the order of keys. Where one record alone
speaks there is nothing to decide, which is most of a register. Invariant: what lost is kept beside what won.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.register.enterprise import Rule

if TYPE_CHECKING:
    import polars as pl

STATEMENT = ("subject", "record", "rank", "as_of", "value")
"""Columns of the statements of one field: row number of subject and of record, rank of the source, day, typed content."""


def believed(statements: pl.DataFrame) -> pl.DataFrame:
    """Golden values of one field with what competed.

    In: `STATEMENT` rows; one record speaks once. Out, by subject: subject, record, as_of, value, rule, rivals (records of
    the other statements in order of belief, one a source and content; null where none).
    """
    import polars as pl

    alone = ~pl.col("subject").is_duplicated()
    marked = statements.with_columns(alone=alone)
    kind = pl.List(pl.UInt32)
    single = marked.filter("alone").select(
        "subject", "record", "as_of", "value",
        pl.lit(Rule.ONLY.value).alias("rule"), pl.lit(None, dtype=kind).alias("rivals"),
    )  # fmt: skip
    many = marked.filter(~pl.col("alone")).drop("alone")
    if many.is_empty():
        return single.sort("subject")
    return pl.concat([single, _decided(many)]).sort("subject")


def united(gathered: pl.DataFrame) -> pl.DataFrame:
    """Values gathered from one register each (`STATEMENT`): the best-ranked register's. Out as `believed`."""
    import polars as pl

    return (
        gathered.sort("subject", "rank")
        .unique("subject", keep="first", maintain_order=True)
        .select("subject", "record", "as_of", "value",
                pl.lit(Rule.UNION.value).alias("rule"), pl.lit(None, dtype=pl.List(pl.UInt32)).alias("rivals"))
    )  # fmt: skip


def _decided(many: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    ordered = _ordered(many)
    won = {name: pl.col(name).first().over("subject") for name in ("value", "rank", "as_of", "votes")}
    rivals = ordered.with_columns(
        first=pl.int_range(pl.len()).over("subject") == 0,
        differs=pl.col("value") != won["value"],
        level=pl.col("rank") == won["rank"],
        same_day=pl.col("as_of") == won["as_of"],
        same_votes=pl.col("votes") == won["votes"],
    )
    return (
        rivals.filter("first").select("subject", "record", "as_of", "value")
        .join(_rules(rivals), on="subject", how="left", maintain_order="left")
        .join(_competing(rivals), on="subject", how="left", maintain_order="left")
    )  # fmt: skip


def _ordered(many: pl.DataFrame) -> pl.DataFrame:
    """The statements with their votes, in the order of belief."""
    import polars as pl

    votes = many.group_by("subject", "value").agg(votes=pl.col("rank").n_unique())
    return many.join(votes, on=["subject", "value"], how="left").sort(
        "subject", "rank", "as_of", "votes", "record", descending=[False, False, True, True, False]
    )


def _rules(rivals: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    differs, level = pl.col("differs"), pl.col("differs") & pl.col("level")
    newest = level & pl.col("same_day")
    return (
        rivals.group_by("subject")
        .agg(
            differing=differs.sum(),
            sources=pl.col("rank").n_unique(),
            level_count=level.sum(),
            day_count=newest.sum(),
            votes_count=(newest & pl.col("same_votes")).sum(),
        )
        .select(
            "subject",
            pl.when((pl.col("differing") == 0) & (pl.col("sources") == 1)).then(pl.lit(Rule.ONLY.value))
            .when(pl.col("differing") == 0).then(pl.lit(Rule.AGREED.value))
            .when(pl.col("level_count") == 0).then(pl.lit(Rule.SOURCE.value))
            .when(pl.col("day_count") == 0).then(pl.lit(Rule.NEWEST.value))
            .when(pl.col("votes_count") == 0).then(pl.lit(Rule.VOTES.value))
            .otherwise(pl.lit(Rule.KEY.value)).alias("rule"),
        )
    )  # fmt: skip


def _competing(rivals: pl.DataFrame) -> pl.DataFrame:
    """Every other statement, one a source and content. A source that says what won does not compete with itself."""
    import polars as pl

    others = rivals.filter(pl.col("differs") | ~pl.col("level"))
    once = others.unique(["subject", "rank", "value"], keep="first", maintain_order=True)
    return once.group_by("subject", maintain_order=True).agg(rivals=pl.col("record").cast(pl.UInt32))
