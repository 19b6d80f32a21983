"""Rates and repayments: whole satang, nothing lost, an unknown base rate never read as zero."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from enterprises import TODAY
from hypothesis import given
from hypothesis import strategies as st

from iindustry.programmes import services
from iindustry.programmes.offer import Offer, Rate, cost, offer, repayment

LOCAL = services.get_programme("SMED-D-LOCAL")


def test_the_rate_of_each_year_is_fixed_or_base_plus_spread():
    terms = offer(LOCAL, TODAY)
    assert [str(terms.rate_of(year).percent) for year in (1, 3, 4, 7)] == ["3.00", "3.00", "6.50", "6.50"]
    assert terms.rate_of(8) is None


def test_before_its_first_value_a_base_rate_is_not_known_and_its_years_are_not_quoted():
    terms = offer(LOCAL, date(2025, 12, 31))
    assert terms.rate_of(1).percent == Decimal("3.00")
    assert terms.rate_of(4).percent is None
    years = repayment(terms, 100_000_000)
    assert years[3].interest_satang is None
    assert years[-1].balance_satang == 0
    assert cost(terms, 100_000_000) is None


def test_a_year_of_grace_pays_interest_alone():
    first, second, *_ = repayment(offer(LOCAL, TODAY), 100_000_000)
    assert (first.principal_satang, first.interest_satang) == (0, 3_000_000)
    assert second.principal_satang > 0


@given(
    principal=st.integers(1, 10_000_000_000),
    tenor=st.integers(1, 240),
    grace=st.integers(0, 36),
    thousandths=st.integers(0, 20_000),
)
def test_the_principal_is_repaid_to_the_satang(principal, tenor, grace, thousandths):
    terms = Offer(None, tenor, grace, (Rate(1, 30, Decimal(1), thousandths=thousandths),), (), None)
    years = repayment(terms, principal)
    assert sum(year.principal_satang for year in years) == principal
    assert years[-1].balance_satang == 0
    assert all(later.balance_satang <= earlier.balance_satang for earlier, later in pairwise(years))


@given(
    principal=st.integers(1_000, 10_000_000_000),
    tenor=st.integers(1, 120),
    grace=st.integers(0, 36),
    thousandths=st.integers(0, 20_000),
)
def test_the_highest_instalment_is_that_of_the_dearest_month(principal, tenor, grace, thousandths):
    terms = Offer(None, tenor, grace, (Rate(1, 30, Decimal(1), thousandths=thousandths),), (), None)
    months, left, free = [], Decimal(principal), min(grace, tenor - 1)
    for month in range(1, tenor + 1):
        interest = (left * thousandths / 1000 / 100 / 12).quantize(Decimal(1), ROUND_HALF_UP)
        part = left if month == tenor else Decimal(0) if month <= free else Decimal(principal // (tenor - free))
        months.append(int(part + interest))
        left -= part
    years = repayment(terms, principal)
    assert max(year.highest_satang for year in years) == max(months)
    assert [year.instalment_satang for year in years] == months[::12]
