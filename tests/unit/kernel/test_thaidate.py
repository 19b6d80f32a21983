"""Days as registers write them, the month in digits or by name, in either era."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.kernel import thaidate


@pytest.mark.parametrize(
    "text",
    [
        "14/1/2559", "14-01-2016", "2559-01-14T00:00:00", "25590114", "14 ม.ค. 2559", "14 ม.ค.2559", "๑๔ มกราคม ๒๕๕๙",
        "14 มกราคม พ.ศ. 2559", "14 Jan 2016", "14-Jan-2016", "14 January 2016", " 14 มค 2559 ",
    ],
)  # fmt: skip
def test_one_day_has_many_spellings(text):
    assert thaidate.parse(text) == date(2016, 1, 14)


@pytest.mark.parametrize(
    "text", ["31 ก.พ. 2559", "14 มกราคม 59", "14 abc 2016", "14 marrow 2016", "มกราคม 2559", "", "-"]
)
def test_what_is_no_day_is_none(text):
    assert thaidate.parse(text) is None


@given(st.integers(0, 60_000))
def test_what_is_shown_is_read_back(days):
    day = date(1900, 1, 1) + timedelta(days)
    assert thaidate.parse(thaidate.short_th(day)) == day
    assert thaidate.parse(thaidate.short_en(day)) == day
