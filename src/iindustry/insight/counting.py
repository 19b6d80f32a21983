"""Counting applications and eligibility into groups: Polars expressions over the snapshots, the same for every page.

Groups are policy line, province and lender; a dimension left out stands for all. Enterprises are counted once in each group,
so eligible enterprises of two lenders do not add up to those of both.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from iindustry.insight import survival
from iindustry.reference import holidays

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

DIMENSIONS = ("line", "province_code", "lender")
Group = tuple[str | None, str | None, str | None]
COUNTS = ("applied", "decided", "approved", "declined", "disbursed", "disbursed_satang", "requested_satang")
_PAIRS = (("line",), ("line", "province_code"), ("line", "lender"), ("line", "province_code", "lender"))
ALL_GROUPS = ((), ("lender",), ("province_code",), *_PAIRS)
_REACH = {**dict.fromkeys(DIMENSIONS, pl.String), "eligible": pl.Int64, "unknown": pl.Int64}
_APPROVED = ("approved", "approve", "approved_in_part")


YES = 2
_SAID = {"unknown": 1, "yes": YES}
"""How much an answer says; the best of several counts, and "no" says nothing."""


def answers_of_loans(eligibility: pl.LazyFrame, loans: pl.DataFrame, provinces: pl.DataFrame) -> pl.DataFrame:
    """What each enterprise is told of each loan: province_code, and a column of 0, 1 or 2 a programme, a row an enterprise.

    Shapes: eligibility (enterprise_id, programme, answer), loans (programme), provinces (enterprise_id, province_code). One
    programme is read at a time: the answers of a nation are tens of millions of rows, this frame one byte an answer.
    """
    said = {}
    for programme in loans["programme"].unique().sort():
        own = (
            eligibility.filter((pl.col("programme") == programme) & (pl.col("answer") != "no"))
            .select("enterprise_id", said=pl.col("answer").cast(pl.String).replace_strict(_SAID, return_dtype=pl.UInt8))
            .collect(engine="streaming")
        )
        joined = provinces.select("enterprise_id").join(own, on="enterprise_id", how="left", maintain_order="left")
        said[programme] = joined["said"].fill_null(0)
    return provinces.with_columns(**said)


def reach(answers: pl.DataFrame, loans: pl.DataFrame) -> pl.DataFrame:
    """Eligible and unknown enterprises of loan products, by group: each enterprise once in a group, by its best answer.

    Shapes: answers as of `answers_of_loans`, loans (programme, lender, policy_line) in; line, province_code, lender, eligible,
    unknown out, null for all. A group that nobody belongs to has no row; an enterprise without a province is in no province's.
    """
    of_loans = loans.select("programme", "lender", line="policy_line").unique()
    return pl.concat([_reach_by(answers, of_loans, by) for by in ALL_GROUPS]).sort(*DIMENSIONS, nulls_last=True)


def _reach_by(answers: pl.DataFrame, loans: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    offered = [name for name in by if name != "province_code"]
    groups = (
        loans.drop_nulls(offered).group_by(offered).agg("programme")
        if offered
        else loans.select(pl.col("programme").implode())
    )
    counts = (pl.col("best").eq(YES).sum(), pl.col("best").eq(_SAID["unknown"]).sum())
    eligible, unknown = (
        count.cast(pl.Int64).alias(name) for count, name in zip(counts, ("eligible", "unknown"), strict=True)
    )
    parts = [pl.DataFrame(schema=_REACH)]
    for group in groups.iter_rows(named=True):
        best = answers.select("province_code", best=pl.max_horizontal(pl.lit(0, pl.UInt8), *group["programme"])).filter(
            pl.col("best") > 0
        )
        if best.is_empty() and by:
            continue
        counted = best.drop_nulls().group_by("province_code").agg(eligible, unknown) if "province_code" in by else best.select(
            pl.lit(None, pl.String).alias("province_code"), eligible, unknown
        ).head(1)  # fmt: skip
        named = {name: pl.lit(group.get(name), pl.String) for name in ("line", "lender")}
        parts.append(counted.with_columns(**named).select(*_REACH))
    return pl.concat(parts)


def prepared(applications: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Applications with the columns that counting reads: line, days, is_decided, is_approved, is_declined, is_disbursed."""
    sent = pl.col("sent_at").cast(pl.Date)
    ended = pl.coalesce(pl.col("decided_at").cast(pl.Date), pl.lit(as_of))
    return applications.rename({"policy_line": "line"}).with_columns(
        days=pl.business_day_count(sent, pl.max_horizontal(sent, ended), holidays=_holidays(as_of)),
        is_decided=pl.col("decided_at").is_not_null() & pl.col("decision").is_not_null(),
        is_approved=pl.col("decision").is_in(_APPROVED).fill_null(value=False),
        is_declined=(pl.col("decision") == "declined").fill_null(value=False),
        is_disbursed=pl.col("disbursed_at").is_not_null(),
    )


def counted(rows: pl.DataFrame, by: Sequence[str]) -> dict[Group, dict[str, int]]:
    """Counts and sums of prepared applications by group, keyed by (line, province, lender) with None for all."""
    columns = (
        pl.len().alias("applied"),
        pl.col("is_decided").sum().alias("decided"),
        pl.col("is_approved").sum().alias("approved"),
        pl.col("is_declined").sum().alias("declined"),
        pl.col("is_disbursed").sum().alias("disbursed"),
        pl.col("disbursed_satang").sum().alias("disbursed_satang"),
        pl.col("requested_satang").sum().alias("requested_satang"),
    )
    frame = rows.group_by(list(by)).agg(*columns) if by else rows.select(*columns)
    return {group_of(row, by): {name: int(row[name] or 0) for name in COUNTS} for row in frame.iter_rows(named=True)}


def medians(rows: pl.DataFrame, by: Sequence[str]) -> dict[Group, int | None]:
    """Kaplan–Meier median of working days to a decision, by group."""
    cases = rows.select(*by, "days", "is_decided")
    if not by:
        return {(None, None, None): survival.median(cases.iter_rows())}
    parts = cases.group_by(list(by)).agg("days", "is_decided")
    return {
        group_of(row, by): survival.median(zip(row["days"], row["is_decided"], strict=True))
        for row in parts.iter_rows(named=True)
    }


def group_of(row: dict[str, object], by: Iterable[str]) -> Group:
    """The key of a row's group."""
    line, province, lender = (str(row[name]) if name in by and row[name] is not None else None for name in DIMENSIONS)
    return line, province, lender


def _holidays(as_of: date) -> list[date]:
    first = as_of - timedelta(days=4 * 366)
    return [one.day for year in range(first.year, as_of.year + 1) for one in holidays.holidays(year)]
