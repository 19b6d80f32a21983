"""What is left of a pool is told in whole hundredths and only where enough loans stand behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from iindustry.funding.snapshot import SCHEMA
from iindustry.insight import pools
from iindustry.programmes import services
from iindustry.programmes.shape import Budget

TODAY = date(2026, 11, 22)
LOAN = replace(services.get_programme("SMED-D-LOCAL"), budget=Budget(100_000_000_000, None, "approved", "waitlist"))


def cases(count, satang=1_000_000_000, product="SMED-D-LOCAL", decided=datetime(2026, 6, 1, tzinfo=UTC)):
    row = {
        "application_id": "a", "enterprise_id": "e", "product_id": product, "lender": "smed", "policy_line": "area",
        "province_code": "49", "requested_satang": satang, "channel": "portal", "started_at": decided, "sent_at": decided,
        "decided_at": decided, "decision": "approved", "approved_satang": satang, "is_history": False,
    }  # fmt: skip
    return pl.DataFrame([row] * count, schema=SCHEMA)


def test_a_tenth_spent_leaves_nine_tenths():
    assert pools.left_percent(cases(10), LOAN) == 90
    assert pools.left_percent(cases(200), LOAN) == 0


def test_hundredths_are_cut_down_so_that_no_single_loan_shows():
    assert pools.left_percent(cases(10, 1_000_000_001), LOAN) == 89
    assert pools.left_percent(cases(10, 10_000_000), LOAN) == pools.left_percent(cases(11, 10_000_000), LOAN) == 99


@pytest.mark.parametrize("count", [0, 1, 9])
def test_fewer_than_ten_loans_are_not_told(count):
    assert pools.left_percent(cases(count), LOAN) is None


def test_other_products_and_what_was_decided_before_do_not_count():
    before = datetime(2025, 6, 1, tzinfo=UTC)
    rows = pl.concat([cases(10), cases(50, product="SMED-D-UP"), cases(50, decided=before)])
    assert pools.left_percent(rows, LOAN) == 90


def test_a_programme_without_a_pool_has_nothing_left_to_tell():
    assert pools.left_percent(cases(20), replace(LOAN, budget=None)) is None


def test_a_median_rests_on_thirty_cases():
    assert pools.lender_days(cases(29), TODAY) == {}
    assert set(pools.lender_days(cases(30), TODAY)) == {"smed"}


def test_without_snapshots_nothing_is_told(home):
    found = pools.pace(home, [LOAN], as_of=TODAY)
    assert found.left_percent == {"SMED-D-LOCAL": None}
    assert found.lender_days == {}
    assert found.left_permille == {}
