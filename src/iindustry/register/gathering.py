"""Values gathered from many records of one register: licences held, exports of twelve months, accounts by year, orders open.

A record says one licence or one month; the field speaks of all of them. Each row of `SETS` names the columns it reads,
which records count, and how they become one value. Windows of months end with the newest month the register speaks of.
Invariants: a value is gathered from records of one source, the best-ranked that has any; a record of which nobody can tell
whether it counts (a word for its state that no table reads) leaves a number unknown, never smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from iindustry.reference import filed_accounts
from iindustry.reference.fields import FIELDS, Field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    import polars as pl

WINDOW_MONTHS = 12
_MONTHS_A_YEAR = 12
_DEBT_CLASSES = ("pass", "special_mention", "substandard", "doubtful", "loss")


@dataclass(frozen=True, slots=True)
class Gathered:
    """columns: what is read. value: the aggregate. where: which records count, given the newest month it speaks of."""

    columns: tuple[str, ...]
    value: Callable[[], pl.Expr]
    where: Callable[[date | None], pl.Expr] | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The day that a record speaks of, where that is not the day of its delivery."""

    columns: tuple[str, ...]
    day: Callable[[], pl.Expr]


def _year_end() -> pl.Expr:
    import polars as pl

    return pl.date(pl.col("accounts_year"), 12, 31)


def _month_end() -> pl.Expr:
    import polars as pl

    return (pl.col("period").cast(pl.Utf8).str.slice(0, 7) + "-01").str.to_date("%Y-%m-%d", strict=False).dt.month_end()


def _column(name: str) -> Callable[[], pl.Expr]:
    def day() -> pl.Expr:
        import polars as pl

        return pl.col(name)

    return day


DAYS: Mapping[str, Day] = {
    "dbd_accounts": Day(("accounts_year",), _year_end),
    "exports": Day(("period",), _month_end),
    "oie": Day(("period",), _month_end),
    "smed": Day(("period",), _month_end),
    "exim": Day(("period",), _month_end),
    "i40": Day(("assessed_on",), _column("assessed_on")),
    "portal": Day(("declared_on",), _column("declared_on")),
}


def _all_of(name: str) -> Callable[[], pl.Expr]:
    def value() -> pl.Expr:
        import polars as pl

        return pl.col(name).cast(pl.Utf8).drop_nulls().unique().sort()

    return value


def _sum_of(name: str) -> Callable[[], pl.Expr]:
    """A sum in which nothing said stays unknown."""

    def value() -> pl.Expr:
        import polars as pl

        return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum())

    return value


def _count() -> pl.Expr:
    import polars as pl

    return pl.len().cast(pl.Int64)


def _months() -> pl.Expr:
    import polars as pl

    return pl.col("period").n_unique().cast(pl.Int64)


def _capacity_use() -> pl.Expr:
    """The mean over months and products of output to capacity: units differ, so amounts are not added."""
    import polars as pl

    share = pl.when(pl.col("capacity") > 0).then(pl.col("output") / pl.col("capacity"))
    return share.mean().round(4)


def _with_year() -> pl.Expr:
    import polars as pl

    year = pl.col("fiscal_year_be").cast(pl.Utf8)
    return pl.concat_str(pl.col("programme"), pl.lit(" "), year).drop_nulls().unique().sort()


def _filed_years() -> pl.Expr:
    """The texts of `filed_accounts.written`, as set work: a measure that was not filed is left out."""
    import polars as pl

    said = [
        pl.when(pl.col(one).is_not_null()).then(pl.concat_str(pl.lit(f" {one.removesuffix('_satang')}="), pl.col(one)))
        .otherwise(pl.lit(""))
        for one in filed_accounts.MEASURES
    ]  # fmt: skip
    year = pl.col("accounts_year").cast(pl.Utf8).str.zfill(4)
    return pl.concat_str(year, *said).drop_nulls().unique().sort()


def _worst() -> pl.Expr:
    import polars as pl

    order = {name: place for place, name in enumerate(_DEBT_CLASSES)}
    each = pl.col("debt_class").replace_strict(order, default=None, return_dtype=pl.Int64)
    # Beside a loan of unknown class a good one tells nothing; a bad one tells that the worst is at least so bad.
    told = pl.when(each.is_not_null().all() | (each.max() >= order["substandard"])).then(each.max())
    return told.replace_strict(dict(enumerate(_DEBT_CLASSES)), default=None, return_dtype=pl.Utf8)


def _is(name: str, *wanted: str) -> Callable[[date | None], pl.Expr]:
    def where(newest: date | None) -> pl.Expr:
        import polars as pl

        del newest
        return pl.col(name).is_in(wanted)

    return where


def _both(*tests: Callable[[date | None], pl.Expr]) -> Callable[[date | None], pl.Expr]:
    def where(newest: date | None) -> pl.Expr:
        import polars as pl

        return pl.all_horizontal([test(newest) for test in tests])

    return where


def _not(name: str, unwanted: str) -> Callable[[date | None], pl.Expr]:
    def where(newest: date | None) -> pl.Expr:
        import polars as pl

        del newest
        return pl.col(name) != unwanted

    return where


def _window(newest: date | None) -> pl.Expr:
    """The twelve months that end with the newest."""
    import polars as pl

    if newest is None:
        return pl.lit(value=False)
    month = newest.year * _MONTHS_A_YEAR + newest.month - 1 - WINDOW_MONTHS
    after = f"{month // _MONTHS_A_YEAR:04d}-{month % _MONTHS_A_YEAR + 1:02d}"
    return (pl.col("period") > after) & (pl.col("period") <= f"{newest:%Y-%m}")


def _this_month(newest: date | None) -> pl.Expr:
    """Positions of the newest month: a loan that is no longer reported is closed."""
    import polars as pl

    return pl.col("period") == f"{newest:%Y-%m}" if newest else pl.lit(value=False)


def _owed(newest: date | None) -> pl.Expr:
    import polars as pl

    return _this_month(newest) & (pl.col("outstanding_satang") > 0)


_POSITION = ("period", "outstanding_satang")

SETS: Mapping[str, Gathered] = {
    "entity.director_count": Gathered((), _count),
    "entity.exports_12m_satang": Gathered(("period", "export_satang"), _sum_of("export_satang"), _window),
    "entity.export_markets": Gathered(("period", "country"), _all_of("country"), _window),
    "factory.products": Gathered(("period", "product"), _all_of("product"), _window),
    "factory.sales_12m_satang": Gathered(("period", "sales_satang"), _sum_of("sales_satang"), _window),
    "factory.exports_12m_satang": Gathered(("period", "export_satang"), _sum_of("export_satang"), _window),
    "factory.capacity_use_12m": Gathered(("period", "capacity", "output"), _capacity_use, _window),
    "factory.months_reported_12m": Gathered(("period",), _months, _window),
    "standard.licences": Gathered(("standard_no", "licence_status"), _all_of("standard_no"), _is("licence_status", "active")),
    "standard.mining_licences": Gathered(
        ("licence_no", "licence_status"), _all_of("licence_no"), _is("licence_status", "active")
    ),
    "standard.sugar_licences": Gathered(
        ("licence_no", "licence_status"), _all_of("licence_no"), _is("licence_status", "active")
    ),
    "participation.programmes": Gathered(("programme", "result"), _all_of("programme"), _is("result", "passed")),
    "participation.joined": Gathered(("programme",), _all_of("programme")),
    "participation.passed_in": Gathered(("programme", "fiscal_year_be", "result"), _with_year, _is("result", "passed")),
    "obligation.open_orders": Gathered(
        ("order_kind", "order_status"), _count, _both(_is("order_status", "open"), _not("order_kind", "fee"))
    ),
    "obligation.unpaid_fees": Gathered(
        ("order_kind", "order_status"), _count, _both(_is("order_status", "open"), _is("order_kind", "fee"))
    ),
    "accounts.years": Gathered(("accounts_year",), _all_of("accounts_year")),
    "accounts.by_year": Gathered(("accounts_year", *filed_accounts.MEASURES), _filed_years),
    "finance.smed_products": Gathered((*_POSITION, "product_code"), _all_of("product_code"), _owed),
    "finance.smed_outstanding_satang": Gathered(_POSITION, _sum_of("outstanding_satang"), _this_month),
    "finance.smed_debt_class": Gathered((*_POSITION, "debt_class"), _worst, _owed),
    "finance.exim_products": Gathered((*_POSITION, "product_code"), _all_of("product_code"), _owed),
    "finance.exim_outstanding_satang": Gathered(_POSITION, _sum_of("outstanding_satang"), _this_month),
    "finance.exim_debt_class": Gathered((*_POSITION, "debt_class"), _worst, _owed),
}  # fmt: skip
"""Field to how it is gathered."""


@cache
def gathered_from(source: str) -> tuple[tuple[Field, Gathered], ...]:
    """The fields gathered from a source."""
    return tuple((one, SETS[one.name]) for one in FIELDS if one.name in SETS and source in one.sources)


def gathered(rows: pl.DataFrame, subject: str, how: Gathered, newest: date | None) -> pl.DataFrame:
    """Values of one field: subject, record (the first that counts), as_of (the newest day among them), value.

    newest: the newest month its register speaks of, None where it does not speak of months. rows: what the records say, with `how.columns`, record, said_on and the column that names the subject.
    """
    import polars as pl

    counted = rows.drop_nulls(subject)
    if how.where is not None:
        counted = counted.filter(how.where(newest))
    found = counted.group_by(pl.col(subject).alias("subject")).agg(
        pl.col("record").min(), as_of=pl.col("said_on").max(), value=how.value()
    )
    empty = pl.col("value").list.len() == 0 if isinstance(found.schema["value"], pl.List) else pl.col("value").is_null()
    return found.filter(~empty)


def unsure(rows: pl.DataFrame, subject: str, how: Gathered, newest: date | None) -> pl.Series:
    """Subjects with a record of which nobody can tell whether it counts, sorted. Arguments as of `gathered`."""
    import polars as pl

    spoken_of = rows.drop_nulls(subject)
    if how.where is None:
        return pl.Series("subject", [], dtype=pl.UInt32)
    return spoken_of.filter(how.where(newest).is_null())[subject].alias("subject").cast(pl.UInt32).unique().sort()
