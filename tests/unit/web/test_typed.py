"""Numbers as people type them are read or refused, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from iindustry.web import typed


@pytest.mark.parametrize(
    ("text", "satang"),
    [
        ("5,000,000", 500_000_000),
        ("๕ ล้าน", 500_000_000),
        ("5 ล้านบาท", 500_000_000),
        ("1.5 million", 150_000_000),
        ("1.5M", 150_000_000),
        ("3 แสน", 30_000_000),
        ("1,250.50", 125_050),
        ("0", 0),
    ],
)
def test_a_sum_is_read_as_satang(text, satang):
    assert typed.satang(text) == satang


@pytest.mark.parametrize("text", ["", "many", "-5", "1.005", "5 ล้านล้าน", "1e6", "²", "9" * 16, "5 ล้าน 3 แสน", "1/2"])
def test_what_is_no_sum_is_nothing(text):
    assert typed.satang(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("1,200", 1200), ("๓๘", 38), ("1.5", None), ("²", None), ("", None)]
)
def test_a_whole_number_is_read(text, number):
    assert typed.whole(text) == number


def test_a_fixed_point_number_keeps_what_it_says():
    assert typed.fixed(6875, 3) == Decimal("6.875")
    assert str(typed.fixed(7000, 3)) == "7.00"
