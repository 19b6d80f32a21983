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
_APPROVED = ("approved", "approve", "approved_in_part")


def reach(eligibility: pl.DataFrame, programmes: pl.DataFrame, provinces: pl.DataFrame) -> pl.DataFrame:
    """Eligible and unknown enterprises of loan products, by group.

    Shapes: eligibility (enterprise_id, programme, answer), programmes (programme, kind, policy_line, lender), provinces
    (enterprise_id, province_code) in; line, province_code, lender, eligible, unknown out, null for all.
    """
    loans = programmes.filter(pl.col("kind") == "loan").select("programme", "lender", line="policy_line").unique()
    answers = (
        eligibility.select("enterprise_id", "programme", "answer")
        .filter(pl.col("answer") != "no")
        .join(loans, on="programme")
        .join(provinces, on="enterprise_id", how="left")
    )
    return pl.concat([_reach_by(answers, list(by)) for by in ALL_GROUPS]).sort(*DIMENSIONS, nulls_last=True)


def _reach_by(answers: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    best = answers.group_by([*by, "enterprise_id"]).agg(said_yes=(pl.col("answer") == "yes").any())
    counts = (pl.col("said_yes").sum().alias("eligible"), (~pl.col("said_yes")).sum().alias("unknown"))
    counted = best.group_by(by).agg(*counts) if by else best.select(*counts)
    return counted.select(
        *(pl.col(name) if name in by else pl.lit(None, pl.String).alias(name) for name in DIMENSIONS),
        pl.col("eligible").cast(pl.Int64),
        pl.col("unknown").cast(pl.Int64),
    )


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
