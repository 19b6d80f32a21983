"""What rules ask of a whole enterprise and no record says: sums over its factories, years of accounts, loans past due.

Like `derive`: values worked out from the wide golden values, each with its basis. Invariant: a sum with an unknown part is
unknown; what several records say of one fact is never counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.register.derive import DERIVED

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

YEARS = 3
PAST_DUE = ("substandard", "doubtful", "loss")
"""Classes of a loan more than 90 days past due (Bank of Thailand's classes, DOMAIN section 12: a class, never a report)."""
FUND = "FUND"
"""Products of the SME fund begin so; SME D Bank administers them and reports them among its own."""

INPUT: Mapping[str, str] = {
    "accounts.count": "accounts.years",
    "finance.smed_arrears": "finance.smed_products",
    "finance.fund_arrears": "finance.smed_products",
    "finance.exim_arrears": "finance.exim_products",
}
"""Field to the field of the enterprise whose day it has, as `derive.INPUT`."""

OF_SITES: Mapping[str, str] = {
    "obligation.open_orders_in_all": "obligation.open_orders",
    "obligation.fee_overdue": "obligation.unpaid_fees",
    "entity.horsepower": "factory.horsepower",
    "entity.export_ratio": "factory.sales_12m_satang",
    "entity.exports_12m_satang": "factory.exports_12m_satang",
}
"""Field to the field of its factories whose oldest day it has; without a factory, the newest day of the enterprise's records."""


def of_enterprises(enterprises: pl.DataFrame, sites: pl.DataFrame, *, counted: bool) -> pl.DataFrame:
    """Totals of each enterprise as `DERIVED` rows (value as text).

    In: wide golden values of enterprises and establishments, as `derive.of_enterprises`; counted: whether the factory
    register was delivered, so that an enterprise without a factory has none and owes nothing. Exports are worked out of
    the factories' reports only where the exports register says nothing of the enterprise and every factory reports.
    """
    import polars as pl

    whole = enterprises.join(_of_sites(sites), on="enterprise_id", how="left", maintain_order="left").with_columns(
        pl.col("sites").fill_null(0)
    )
    none = (pl.col("sites") == 0) & counted
    years = pl.col("accounts__years").list.eval(pl.element().cast(pl.Int32))
    filed = years.list.eval(pl.element().filter(pl.element() > pl.element().max() - YEARS)).list.n_unique()
    ratio = pl.when(pl.col("sales") > 0).then(
        (pl.col("exported") / pl.col("sales")).clip(upper_bound=1).round(4)
    )  # fmt: skip
    exported = pl.when(pl.col("entity__exports_12m_satang").is_null()).then(pl.col("exported"))
    return pl.concat(
        [
            _rows(whole, "accounts.count", filed.cast(pl.Int64), pl.col("accounts__years__as_of"), "years"),
            _rows(whole, "obligation.open_orders_in_all", pl.when(none).then(0).otherwise("orders"), pl.col("orders_on")),
            _rows(whole, "obligation.fee_overdue", pl.when(none).then(pl.lit(value=False)).otherwise(pl.col("fees") > 0),
                  pl.col("fees_on")),
            _rows(whole, "entity.horsepower", pl.col("horsepower"), pl.col("horsepower_on")),
            _rows(whole, "entity.export_ratio", ratio, pl.col("sales_on")),
            _rows(whole, "entity.exports_12m_satang", exported, pl.col("exported_on")),
            *(_arrears(whole, field) for field in ("finance.smed_arrears", "finance.fund_arrears", "finance.exim_arrears")),
        ]
    )  # fmt: skip


_SUMS = {
    "orders": "obligation__open_orders",
    "fees": "obligation__unpaid_fees",
    "horsepower": "factory__horsepower",
    "sales": "factory__sales_12m_satang",
    "exported": "factory__exports_12m_satang",
}


def _of_sites(sites: pl.DataFrame) -> pl.DataFrame:
    """One row an enterprise that has factories: how many, each sum (null where a factory does not say), its oldest day."""
    import polars as pl

    sums = [
        pl.when(pl.col(column).is_not_null().all()).then(pl.col(column).sum()).alias(name)
        for name, column in _SUMS.items()
    ]
    days = [pl.col(f"{column}__as_of").min().alias(f"{name}_on") for name, column in _SUMS.items()]
    return sites.group_by("enterprise_id").agg(pl.len().alias("sites"), *sums, *days)


def _arrears(whole: pl.DataFrame, field: str) -> pl.DataFrame:
    """Whether a programme loan is past due. No loan in a complete report is no arrears.

    The class is the worst of the lender's loans: of loans of the fund and others together it does not tell whose it is.
    """
    import polars as pl

    lender = "exim" if field == "finance.exim_arrears" else "smed"
    products, worst = pl.col(f"finance__{lender}_products"), pl.col(f"finance__{lender}_debt_class")
    asked: pl.Expr = products
    late: pl.Expr = worst.is_in(PAST_DUE)
    if field == "finance.fund_arrears":
        asked = products.list.eval(pl.element().filter(pl.element().str.starts_with(FUND)))
        mixed = asked.list.len() < products.list.len()
        late = pl.when(~(mixed & worst.is_in(PAST_DUE))).then(worst.is_in(PAST_DUE))
    value = pl.when(products.is_not_null()).then(
        pl.when(asked.list.len() == 0).then(pl.lit(value=False)).otherwise(late)
    )
    return _rows(whole, field, value, pl.col(f"finance__{lender}_products__as_of"), "debt-class")


def _rows(whole: pl.DataFrame, field: str, value: pl.Expr, day: pl.Expr, basis: str = "all-factories") -> pl.DataFrame:
    import polars as pl

    return (
        whole.select(
            pl.col("enterprise_id").alias("subject"),
            pl.lit(field).alias("field"),
            value.cast(pl.Utf8).alias("value"),
            pl.coalesce(day, pl.col("newest_on")).alias("as_of"),
            pl.lit(basis).alias("basis"),
        )
        .drop_nulls(["value"])
        .select(DERIVED)
    )
