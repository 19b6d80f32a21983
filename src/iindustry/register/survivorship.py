"""Which statement is believed: source rank of the field, then recency, then the vote of sources, then record key.

Order of belief (LINKAGE section 4.11) is one sort; the rule that decided is the first key in which winner and best rival
differ. Invariant: what lost is kept beside what won.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.reference.fields import FIELDS
from iindustry.register.enterprise import Rule
from iindustry.register.statements import SETS

if TYPE_CHECKING:
    import polars as pl

_SILENT_RANK = 1000
_SUBJECT = ["subject", "field"]


def believed(statements: pl.DataFrame) -> pl.DataFrame:
    """Golden values with what competed.

    In: `STATEMENT` rows. Out: subject, field, value, source, record_key, delivery_id, as_of, rule, competing (list of
    structs v s k d a: one a source and value, in order of belief). Sorted by subject and field.
    """
    import polars as pl

    ordered = _ordered(statements)
    first = ordered.group_by(_SUBJECT, maintain_order=True).first()
    rivals = ordered.join(
        first.select(*_SUBJECT, *(pl.col(name).alias(f"won_{name}") for name in _WON)), on=_SUBJECT, how="left"
    )
    return (
        first.join(_rules(rivals), on=_SUBJECT, how="left")
        .join(_competing(rivals), on=_SUBJECT, how="left")
        .select(*_SUBJECT, "value", "source", "record_key", "delivery_id", "as_of", "rule", "competing")
        .sort(_SUBJECT)
    )


_WON = ("value", "source", "record_key", "rank", "as_of", "votes")


def _ordered(statements: pl.DataFrame) -> pl.DataFrame:
    """The newest word of each record, with rank and votes, in the order of belief."""
    import polars as pl

    newest = statements.sort("as_of", "delivery_id", "value", descending=[True, True, False]).unique(
        ["subject", "field", "source", "record_key"], keep="first", maintain_order=True
    )
    return (
        newest.join(_ranks(), on=["field", "source"], how="left")
        .with_columns(
            rank=pl.when(pl.col("record_key") == "").then(_SILENT_RANK).otherwise(pl.col("rank")),
            votes=pl.col("source").n_unique().over("subject", "field", "value"),
        )
        .sort(
            "subject", "field", "rank", "as_of", "votes", "source", "record_key",
            descending=[False, False, False, True, True, False, False],
        )
    )  # fmt: skip


def _ranks() -> pl.DataFrame:
    import polars as pl

    rows = [(field.name, source, rank) for field in FIELDS for rank, source in enumerate(field.sources)]
    return pl.DataFrame(rows, schema={"field": pl.Utf8, "source": pl.Utf8, "rank": pl.Int64}, orient="row")


def _rules(rivals: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    differs = pl.col("value") != pl.col("won_value")
    level = differs & (pl.col("rank") == pl.col("won_rank"))
    newest = level & (pl.col("as_of") == pl.col("won_as_of"))
    return (
        rivals.group_by(_SUBJECT)
        .agg(
            differing=differs.sum(),
            sources=pl.col("source").n_unique(),
            level=level.sum(),
            same_day=newest.sum(),
            same_votes=(newest & (pl.col("votes") == pl.col("won_votes"))).sum(),
            silent=(pl.col("won_record_key") == "").any(),
        )
        .select(
            *_SUBJECT,
            pl.when(pl.col("silent")).then(pl.lit(Rule.NO_ROW.value))
            .when(pl.col("field").is_in(list(SETS))).then(pl.lit(Rule.UNION.value))
            .when((pl.col("differing") == 0) & (pl.col("sources") == 1)).then(pl.lit(Rule.ONLY.value))
            .when(pl.col("differing") == 0).then(pl.lit(Rule.AGREED.value))
            .when(pl.col("level") == 0).then(pl.lit(Rule.SOURCE.value))
            .when(pl.col("same_day") == 0).then(pl.lit(Rule.NEWEST.value))
            .when(pl.col("same_votes") == 0).then(pl.lit(Rule.VOTES.value))
            .otherwise(pl.lit(Rule.KEY.value)).alias("rule"),
        )
    )  # fmt: skip


def _competing(rivals: pl.DataFrame) -> pl.DataFrame:
    """Every other statement, one a source and value; silence does not compete."""
    import polars as pl

    won = (
        (pl.col("value") == pl.col("won_value"))
        & (pl.col("source") == pl.col("won_source"))
    )  # fmt: skip
    others = rivals.filter(~won & (pl.col("record_key") != ""))
    once = others.unique(["subject", "field", "source", "value"], keep="first", maintain_order=True)
    return once.group_by(_SUBJECT, maintain_order=True).agg(
        competing=pl.struct(
            v=pl.col("value"),
            s=pl.col("source"),
            k=pl.col("record_key"),
            d=pl.col("delivery_id"),
            a=pl.col("as_of").cast(pl.Utf8),
        )
    )
