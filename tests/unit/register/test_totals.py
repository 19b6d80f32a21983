"""Totals of an enterprise: a sum with an unknown part is unknown, and silence of a complete report is no arrears."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from iindustry.reference.fields import FIELDS
from iindustry.register import derive, totals
from iindustry.register.wide import kind_of

NEWEST, JUNE, MAY = date(2026, 11, 23), date(2026, 6, 30), date(2026, 5, 31)


def wide(of, rows):
    columns = {"enterprise_id": pl.Utf8, "newest_on": pl.Date}
    for field in FIELDS:
        if field.of == of:
            columns |= {field.column: kind_of(field), f"{field.column}__as_of": pl.Date}
    return pl.DataFrame([{"newest_on": NEWEST, **row} for row in rows], schema=columns)


def found(enterprise, *sites, counted=True):
    enterprises = wide("enterprise", [{"enterprise_id": "A", **enterprise}])
    rows = totals.of_enterprises(
        enterprises, wide("establishment", [{"enterprise_id": "A", **site} for site in sites]), counted=counted
    )
    return {row["field"]: (row["value"], row["as_of"]) for row in rows.to_dicts()}


def owed(orders, fees, day=JUNE):
    return {
        "obligation__open_orders": orders, "obligation__open_orders__as_of": day,
        "obligation__unpaid_fees": fees, "obligation__unpaid_fees__as_of": day,
    }  # fmt: skip


def reported(sales, exports, day=JUNE):
    return {
        "factory__sales_12m_satang": sales, "factory__sales_12m_satang__as_of": day,
        "factory__exports_12m_satang": exports, "factory__exports_12m_satang__as_of": day,
    }  # fmt: skip


def test_orders_and_fees_are_summed_with_the_oldest_day():
    said = found({}, owed(1, 0), owed(2, 1, MAY))
    assert said["obligation.open_orders_in_all"] == ("3", MAY)
    assert said["obligation.fee_overdue"] == ("true", MAY)


def test_a_factory_that_is_not_known_leaves_the_sum_unknown():
    assert "obligation.open_orders_in_all" not in found({}, owed(0, 0), owed(None, None))


def test_an_enterprise_without_a_factory_owes_nothing_where_factories_are_counted():
    assert found({})["obligation.fee_overdue"] == ("false", NEWEST)
    assert "obligation.fee_overdue" not in found({}, counted=False)


@pytest.mark.parametrize(
    ("years", "count"),
    [(["2023", "2024", "2025"], "3"), (["2020", "2025"], "1"), (["2022", "2024"], "2"), (None, None)],
)
def test_years_of_accounts_are_counted_among_the_three_that_end_with_the_newest(years, count):
    said = found({"accounts__years": years, "accounts__years__as_of": JUNE})
    assert said.get("accounts.count") == (None if count is None else (count, JUNE))


def test_exports_come_from_the_factories_only_where_the_exports_register_is_silent_and_all_report():
    assert found({}, reported(100, 20), reported(100, 30, MAY))["entity.exports_12m_satang"] == ("50", MAY)
    assert "entity.exports_12m_satang" not in found({}, reported(100, 20), reported(None, None))
    assert "entity.exports_12m_satang" not in found({"entity__exports_12m_satang": 7}, reported(100, 20))


def test_the_share_exported_is_of_sales_and_at_most_one():
    assert found({}, reported(300, 100))["entity.export_ratio"][0] == "0.3333"
    assert found({}, reported(100, 150))["entity.export_ratio"][0] == "1.0"
    assert "entity.export_ratio" not in found({}, reported(0, 0))


def positions(products, worst):
    return {
        "finance__smed_products": products, "finance__smed_products__as_of": JUNE, "finance__smed_debt_class": worst,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("products", "worst", "bank", "fund"),
    [
        ([], None, "false", "false"),
        (["SMED-D-UP"], "pass", "false", "false"),
        (["SMED-D-UP"], "special_mention", "false", "false"),
        (["SMED-D-UP"], "substandard", "true", "false"),
        (["FUND-LIQ"], "loss", "true", "true"),
        (["FUND-LIQ", "SMED-D-UP"], "doubtful", "true", None),
        (["FUND-LIQ", "SMED-D-UP"], "pass", "false", "false"),
        (None, None, None, None),
    ],
)
def test_arrears_are_loans_over_ninety_days_past_due_and_a_mixed_report_does_not_tell_whose(
    products, worst, bank, fund
):
    said = found(positions(products, worst))
    assert said.get("finance.smed_arrears", (None,))[0] == bank
    assert said.get("finance.fund_arrears", (None,))[0] == fund
    assert "finance.exim_arrears" not in said


def test_every_total_has_a_day_and_a_field():
    known = {field.name for field in FIELDS if field.of == "enterprise"}
    assert set(totals.INPUT) | set(totals.OF_SITES) <= known
    assert set(totals.INPUT.values()) <= known
    assert set(totals.OF_SITES.values()) <= {field.name for field in FIELDS if field.of == "establishment"}


def test_a_sole_trader_is_of_the_sector_of_its_largest_factory():
    sites = [
        {"enterprise_id": "A", "establishment_id": "1", "factory__factory_type": "09501", "factory__worker_count": 9},
        {"enterprise_id": "A", "establishment_id": "2", "factory__factory_type": "00802", "factory__worker_count": 30},
        {"enterprise_id": "B", "establishment_id": "3", "factory__factory_type": "09501", "factory__worker_count": 30},
    ]
    columns = {"establishment_id": pl.Utf8, **wide("establishment", []).schema}
    found = derive.of_enterprises(
        wide("enterprise", [{"enterprise_id": "A"}, {"enterprise_id": "B"}]),
        pl.DataFrame(sites, schema=columns),
        counted=True,
    )
    said = {(row["subject"], row["field"]): (row["value"], row["basis"]) for row in found.to_dicts()}
    assert said["A", "entity.sector"] == ("manufacturing", "factory-type")
    assert said["A", "entity.size_class"] == ("small", "2562-revenue/workers")
    assert ("B", "entity.sector") not in said
