"""Values made of many records: which of them count, and what they come to."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from iindustry.reference import filed_accounts
from iindustry.reference.fields import FIELDS
from iindustry.reference.filed_accounts import FiledYear
from iindustry.register import gathering
from iindustry.register.gathering import SETS, gathered
from iindustry.register.statements import COLUMNS, NOT_SPEAKING, needed_of
from iindustry.standardise.shapes import shape_of

NEWEST = date(2026, 10, 31)


def value(field, rows, newest=NEWEST):
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        subject=pl.lit(0, dtype=pl.UInt32), record=pl.int_range(pl.len(), dtype=pl.UInt32), said_on=pl.lit(newest)
    )
    found = gathered(frame, "subject", SETS[field], newest)
    return found["value"].to_list()[0] if found.height else None


MONTHS = [
    {"period": "2025-10", "country": "JP", "export_satang": 1},
    {"period": "2025-11", "country": "JP", "export_satang": 10},
    {"period": "2026-10", "country": "CN", "export_satang": 100},
    {"period": "2026-11", "country": "DE", "export_satang": 1000},
]
LOANS = [
    {"period": "2026-09", "product_code": "OLD", "outstanding_satang": 5, "debt_class": "loss"},
    {"period": "2026-10", "product_code": "B", "outstanding_satang": 7, "debt_class": "pass"},
    {"period": "2026-10", "product_code": "A", "outstanding_satang": 8, "debt_class": "substandard"},
    {"period": "2026-10", "product_code": "PAID", "outstanding_satang": 0, "debt_class": "doubtful"},
]
ORDERS = [
    {"order_kind": "improve", "order_status": "open"}, {"order_kind": "fee", "order_status": "open"},
    {"order_kind": "stop", "order_status": "closed"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "rows", "expected"),
    [
        ("entity.exports_12m_satang", MONTHS, 110),
        ("entity.export_markets", MONTHS, ["CN", "JP"]),
        ("entity.exports_12m_satang", MONTHS[:1], None),
        ("finance.smed_products", LOANS, ["A", "B"]),
        ("finance.smed_outstanding_satang", LOANS, 15),
        ("finance.smed_debt_class", LOANS, "substandard"),
        ("finance.exim_products", LOANS[:1], None),
        ("obligation.open_orders", ORDERS, 1),
        ("obligation.unpaid_fees", ORDERS, 1),
        ("entity.director_count", ORDERS, 3),
        ("factory.capacity_use_12m",
         [{"period": "2026-09", "capacity": 10.0, "output": 5.0}, {"period": "2026-10", "capacity": 0.0, "output": 5.0},
          {"period": "2026-10", "capacity": 4.0, "output": 4.0}], 0.75),
        ("standard.licences",
         [{"standard_no": "มอก. 2", "licence_status": "active"}, {"standard_no": "มอก. 1", "licence_status": "active"},
          {"standard_no": "มอก. 3", "licence_status": "cancelled"}], ["มอก. 1", "มอก. 2"]),
        ("participation.passed_in",
         [{"programme": "ก", "fiscal_year_be": 2568, "result": "passed"},
          {"programme": "ก", "fiscal_year_be": 2569, "result": "failed"}], ["ก 2568"]),
    ],
)  # fmt: skip
def test_what_is_gathered(field, rows, expected):
    assert value(field, rows) == expected


def test_a_sum_of_nothing_said_is_unknown():
    rows = pl.DataFrame(
        {"period": ["2026-10"], "export_satang": [None]}, schema={"period": pl.Utf8, "export_satang": pl.Int64}
    )
    assert value("entity.exports_12m_satang", rows.to_dicts()) is None


def test_accounts_by_year_are_read_back():
    years = [FiledYear(2024, revenue_satang=5, profit_satang=-3), FiledYear(2025, equity_satang=0)]
    rows = [
        {"accounts_year": one.year} | {name: getattr(one, name) for name in filed_accounts.MEASURES} for one in years
    ]
    assert [filed_accounts.read(text) for text in value("accounts.by_year", rows)] == years
    assert value("accounts.years", rows) == ["2024", "2025"]


def test_every_field_that_a_register_speaks_to_has_a_row():
    spoken = {one.name for one in FIELDS if set(one.sources) - NOT_SPEAKING}
    assert set(COLUMNS) | set(SETS) == spoken
    assert not set(COLUMNS) & set(SETS)


@pytest.mark.parametrize("source", sorted({source for one in FIELDS for source in one.sources} - NOT_SPEAKING))
def test_a_sources_standard_file_has_every_column_that_is_read(source):
    assert set(needed_of(source)) <= set(shape_of(source))


def test_windows_are_twelve_months_over_a_new_year():
    rows = [{"period": month, "export_satang": 1} for month in ("2024-12", "2025-01", "2025-12")]
    assert value("entity.exports_12m_satang", rows, date(2025, 12, 31)) == 2
    assert gathering.WINDOW_MONTHS == 12
