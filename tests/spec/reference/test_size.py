"""The size of an enterprise: the worked examples of the regulation of B.E. 2562, as an official would read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.kernel.money import satang
from iindustry.reference import size

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("sector", "workers", "revenue_baht", "revenue_decides", "higher_decides"),
    [
        ("manufacturing", 40, 120 * MILLION, "medium", "medium"),
        ("manufacturing", 120, 90 * MILLION, "small", "medium"),
        ("manufacturing", 3, 2 * MILLION, "small", "small"),
        ("manufacturing", 5, 1_800_000, "micro", "micro"),
        ("manufacturing", 5, "1800000.01", "small", "small"),
        ("manufacturing", 51, 100 * MILLION, "small", "medium"),
        ("manufacturing", 10, 500 * MILLION, "medium", "medium"),
        ("manufacturing", 10, 500 * MILLION + 1, "large", "large"),
        ("manufacturing", 900, 50 * MILLION, "small", "large"),
        ("service_trade", 30, 50 * MILLION, "small", "small"),
        ("service_trade", 31, 50 * MILLION, "small", "medium"),
        ("service_trade", 100, 301 * MILLION, "large", "large"),
    ],
)
def test_the_worked_examples_under_both_readings(sector, workers, revenue_baht, revenue_decides, higher_decides):
    revenue = satang(revenue_baht)
    ours = size.size_class(sector, revenue, workers)
    other = size.size_class(sector, revenue, workers, rule="2562-higher")
    assert (ours.size_class, other.size_class) == (revenue_decides, higher_decides)
    assert ours.differs is (ours.by_revenue != ours.by_workers)


def test_only_workers_gives_a_provisional_class_and_nothing_gives_none():
    known = size.size_class("manufacturing", None, 38)
    assert (known.size_class, known.provisional, known.differs) == ("small", True, False)
    assert size.size_class("manufacturing", None, None).size_class is None
    assert size.size_class(None, 1, 1).size_class is None


def test_nought_is_a_number_and_not_a_gap():
    assert size.size_class("manufacturing", 0, None).size_class == "micro"


@given(
    st.sampled_from(["manufacturing", "service_trade"]),
    st.integers(0, 10**13),
    st.integers(0, 10**13),
    st.integers(0, 100_000),
)
def test_more_revenue_never_makes_an_enterprise_smaller(sector, one, other, workers):
    low, high = sorted((one, other))
    classes = [size.CLASSES.index(size.size_class(sector, revenue, workers).size_class) for revenue in (low, high)]
    assert classes == sorted(classes)


@given(st.integers(0, 10**13), st.integers(0, 100_000))
def test_the_higher_reading_is_never_the_lower_class(revenue, workers):
    ours = size.size_class("manufacturing", revenue, workers)
    other = size.size_class("manufacturing", revenue, workers, rule="2562-higher")
    assert size.CLASSES.index(other.size_class) >= size.CLASSES.index(ours.size_class)


def test_the_document_carries_its_law_and_its_set():
    document = size.document()
    assert document["definition"] == "sme_size@2562-revenue"
    assert {one["id"] for one in document["legal_references"]} == {"L1", "L2", "L3"}
    assert document["sets"]["sme"] == [name for name in size.CLASSES if name in size.SME]
    assert all(all(size.words(name)) for name in size.CLASSES)
