"""What is stored is read back, by the type of its field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.reference import size
from iindustry.register import derive, masking
from iindustry.register.enterprise import age_months
from iindustry.register.profile import decode, encode

BY_FIELD = {
    "entity.name_th": st.text(min_size=1),
    "entity.worker_count": st.integers(),
    "entity.capital_satang": st.integers(),
    "factory.horsepower": st.decimals(allow_nan=False, allow_infinity=False, places=2),
    "entity.registered_on": st.dates(),
    "area.sez": st.booleans(),
    "standard.licences": st.lists(st.text(), unique=True).map(lambda held: tuple(sorted(held))),
}


@pytest.mark.parametrize("field", BY_FIELD)
@given(data=st.data())
def test_what_is_encoded_is_decoded(field, data):
    content = data.draw(BY_FIELD[field])
    read = decode(field, encode(content))
    assert read == content
    assert type(read) is type(content) or isinstance(content, Decimal)


@given(
    st.sampled_from(["manufacturing", "service_trade", None]),
    st.none() | st.integers(0, 10**13),
    st.none() | st.integers(0, 500),
)
def test_size_in_set_work_is_size_for_one(sector, revenue, workers):
    import polars as pl

    frame = pl.DataFrame(
        {"sector": [sector], "revenue": [revenue], "workers": [workers]},
        schema={"sector": pl.Utf8, "revenue": pl.Int64, "workers": pl.Int64},
    ).select(
        by_revenue=derive._band("enterprise.size_class", pl.col("revenue")),
        by_workers=derive._band("enterprise.size_class_by_workers", pl.col("workers")),
    )
    one = size.size_class(sector, revenue, workers)
    assert frame.row(0) == (one.by_revenue, one.by_workers)


@pytest.mark.parametrize(
    ("registered", "today", "months"),
    [
        (date(2025, 1, 31), date(2025, 2, 28), 0),
        (date(2025, 1, 15), date(2026, 1, 15), 12),
        (date(2026, 5, 1), date(2026, 1, 1), 0),
    ],
)
def test_age_in_whole_months(registered, today, months):
    assert age_months(registered, today) == months


def test_a_person_is_masked_and_a_company_is_not():
    assert masking.masked("entity.name_th", "นายสมชาย ใจดี", is_person=True) == "นายส•••"
    assert masking.masked("entity.name_th", "บริษัท ก จำกัด", is_person=False) == "บริษัท ก จำกัด"
    assert masking.masked("factory.address", "1 หมู่ 2", is_person=True) == "•••"
    assert masking.masked("person.phone", "0812345678", is_person=False) == "•••678"
    assert masking.masked("factory.province", "10", is_person=True) == "10"
