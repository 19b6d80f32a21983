"""Which subjects have a record of which nobody can tell whether it counts."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from iindustry.register.gathering import SETS, gathered, unsure

NEWEST = date(2026, 10, 31)


def asked(field, rows):
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        subject=pl.lit(0, dtype=pl.UInt32), record=pl.int_range(pl.len(), dtype=pl.UInt32), said_on=pl.lit(NEWEST)
    )
    return frame, SETS[field]


@pytest.mark.parametrize(
    ("status", "kind", "is_unsure"),
    [
        ("open", "improve", False),
        ("closed", None, False),  # closed, whatever it was
        (None, "fee", False),  # a fee is no order, open or not
        (None, "improve", True),
        ("open", None, True),
        (None, None, True),
    ],
)
def test_an_order_whose_words_no_table_reads_may_be_open(status, kind, is_unsure):
    frame, how = asked("obligation.open_orders", [{"order_kind": kind, "order_status": status}])
    frame = frame.with_columns(pl.col("order_kind", "order_status").cast(pl.Utf8))
    assert unsure(frame, "subject", how, NEWEST).to_list() == ([0] if is_unsure else [])


@pytest.mark.parametrize(
    ("classes", "worst"),
    [
        (["pass", "substandard"], "substandard"),
        (["pass", None], None),  # the other may be a loss
        (["special_mention", None], None),
        (["substandard", None], "substandard"),  # past due it is, whatever the other
        ([None], None),
    ],
)
def test_beside_a_loan_of_unknown_class_a_good_one_tells_nothing(classes, worst):
    rows = [
        {"period": "2026-10", "product_code": f"P{place}", "outstanding_satang": 5, "debt_class": one}
        for place, one in enumerate(classes)
    ]
    frame, how = asked("finance.smed_debt_class", rows)
    frame = frame.with_columns(pl.col("debt_class").cast(pl.Utf8))
    found = gathered(frame, "subject", how, NEWEST)
    assert (found["value"].to_list() or [None]) == [worst]
