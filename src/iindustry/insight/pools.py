"""What is left of a loan product's pool, and how many working days its lender takes: for whoever chooses among products.

Both rest on applications of many enterprises. Invariant: a pool of which fewer than ten loans were approved is not told, and
what is told is cut down to whole hundredths, so that no single loan can be read off; a median rests on thirty cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.insight import snapshots
from iindustry.insight.disclosure import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import polars as pl

    from iindustry.kernel.home import Home
    from iindustry.programmes.shape import Programme

_HUNDREDTHS = 100
# what a budget counts -> the sum and the day it is taken from
_TAKEN = {"approved": ("approved_satang", "decided_at"), "disbursed": ("disbursed_satang", "disbursed_at")}


@dataclass(frozen=True, slots=True)
class Pace:
    """Of each product: hundredths of its pool left (None: too few loans to tell). Of each lender: median working days."""

    left_percent: Mapping[str, int | None]
    lender_days: Mapping[str, int]

    def days_of(self, programmes: Sequence[Programme]) -> dict[str, int]:
        """The median of each product's lender, where one is told."""
        return {one.id: self.lender_days[one.owner] for one in programmes if one.owner in self.lender_days}

    @property
    def left_permille(self) -> dict[str, int]:
        """The share left where it is told, in thousandths."""
        return {product: left * 10 for product, left in self.left_percent.items() if left is not None}


def pace(home: Home, programmes: Sequence[Programme], *, as_of: date) -> Pace:
    """The pace of products that have a pool, counted once for each state of the snapshots and each day."""
    found = snapshots.files(home)
    with_pool = tuple(one for one in programmes if one.budget is not None and one.budget.pool_satang)
    marks = (as_of, *((one.id, one.version) for one in with_pool))
    return snapshots.kept("pace", marks, (found.history, found.live), lambda: _pace(found, with_pool, as_of))


def _pace(found: snapshots.Files, with_pool: Sequence[Programme], as_of: date) -> Pace:
    rows = snapshots.applications(found)
    if rows is None:
        return Pace({one.id: None for one in with_pool}, {})
    return Pace({one.id: left_percent(rows, one) for one in with_pool}, lender_days(rows, as_of))


def left_percent(rows: pl.DataFrame, programme: Programme) -> int | None:
    """Hundredths of a pool left, cut down; 0 where it is spent. None where fewer loans stand behind it than may be told."""
    import polars as pl

    budget = programme.budget
    if budget is None or not budget.pool_satang:
        return None
    amount, day = _TAKEN[budget.count]
    own = rows.filter(
        pl.col("product_id") == programme.id, pl.col(amount) > 0, pl.col(day).cast(pl.Date) >= programme.valid_from
    )
    if own.height < RULES["public"].minimum:
        return None
    left = budget.pool_satang - int(own[amount].sum())
    return max(0, left * _HUNDREDTHS // budget.pool_satang)


def lender_days(rows: pl.DataFrame, as_of: date) -> dict[str, int]:
    """Kaplan–Meier median of working days to a decision, by lender, where enough cases were decided."""
    import polars as pl

    from iindustry.insight import counting

    cases = counting.prepared(rows, as_of)
    decided = {
        lender: int(count) for lender, count in cases.group_by("lender").agg(pl.col("is_decided").sum()).iter_rows()
    }
    medians = counting.medians(cases, ("lender",))
    return {
        lender: days
        for (_, _, lender), days in sorted(medians.items(), key=lambda one: str(one[0]))
        if lender is not None and days is not None and decided.get(lender, 0) >= RULES["public"].median_from
    }
