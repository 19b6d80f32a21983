"""The picture of rates: a bar a year, nothing outside the drawing, an unknown rate never drawn as a number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.programmes import services
from iindustry.programmes.offer import Rate, offer
from iindustry.web.rate_chart import HEIGHT, WIDTH, chart


def rate(first, last, thousandths):
    percent = None if thousandths is None else Decimal(thousandths).scaleb(-3)
    return Rate(first, last, percent, None if percent else "MLR", None, thousandths)


@given(st.lists(st.tuples(st.integers(1, 5), st.none() | st.integers(0, 20_000)), min_size=1, max_size=5))
def test_each_year_has_a_bar_inside_the_drawing(bands):
    rates, year = [], 1
    for length, thousandths in bands:
        rates.append(rate(year, year + length - 1, thousandths))
        year += length
    found = chart(rates)
    assert len(found.bars) == year - 1
    for bar in found.bars:
        assert bar.x >= 0 and bar.x + bar.width <= WIDTH
        assert bar.y >= 0 and bar.y + bar.height <= HEIGHT
        assert bar.width > 0
    assert [bar.is_known for bar in found.bars] == [
        one.percent is not None for one in rates for _ in range(one.first, one.last + 1)
    ]
    assert all(0 <= mark.x <= WIDTH and 0 < mark.y < HEIGHT for mark in (*found.years, *found.ticks))
    assert found.has_unknown is any(one.percent is None for one in rates)


def test_a_higher_rate_is_a_taller_bar_and_the_title_says_the_finding():
    found = chart([rate(1, 3, 3000), rate(4, 10, 7000)])
    assert found.bars[0].height < found.bars[-1].height
    assert "3.000 %" in found.title.th or "3.00" in found.title.th
    assert "ปีที่ 4–10" in found.title.th
    assert "years 4–10" in found.title.en


def test_a_rate_not_known_is_told_in_words():
    found = chart([rate(1, 2, 4000), rate(3, 5, None)])
    assert [mark.text for mark in found.rates][1] is None
    assert "ยังไม่ทราบ" in found.title.th
    assert "not known" in found.title.en


@pytest.mark.parametrize("one", [one for one in services.catalogue() if one.benefit.rates], ids=lambda one: one.id)
def test_rates_written_over_neighbouring_years_do_not_touch(one):
    marks = chart(offer(one, date(2026, 11, 22)).rates).rates
    for a in marks:
        for b in marks:
            if a is not b and abs(a.y - b.y) < 13:
                assert abs(a.x - b.x) >= 8 * (len(a.text or "") + len(b.text or "")) / 2


def test_nothing_is_drawn_of_no_rate():
    assert chart([]) is None
