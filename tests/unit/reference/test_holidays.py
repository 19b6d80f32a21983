"""Working days of the Thai State calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.reference import holidays

DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize("year", range(2023, 2028))
def test_each_year_has_its_holidays_once(year):
    days = [one.day for one in holidays.holidays(year)]
    assert days == sorted(set(days))
    assert 15 <= len(days) <= 26
    assert holidays.is_listed(year)


def test_a_year_without_its_list_says_so_and_keeps_the_fixed_days():
    assert not holidays.is_listed(2031)
    assert not holidays.is_working_day(date(2031, 12, 10))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 20), date(2026, 11, 23), 1),  # Friday to Monday
        (date(2026, 12, 4), date(2026, 12, 8), 1),  # 5 Dec is a Saturday, its substitute Monday 7 Dec
        (date(2026, 4, 10), date(2026, 4, 16), 1),  # Songkran, 13 to 15 April
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 23), date(2026, 11, 20), -1),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start, end, days):
    assert holidays.working_days(start, end) == days


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(one, other, third):
    first, middle, last = sorted((one, other, third))
    whole = holidays.working_days(first, last)
    assert whole == holidays.working_days(first, middle) + holidays.working_days(middle, last)


@given(DAYS.filter(lambda day: day < date(2027, 9, 1)), st.integers(0, 60))
def test_adding_working_days_and_counting_them_agree(start, count):
    end = holidays.add_working_days(start, count)
    assert holidays.working_days(start, end) == count
    assert end - start <= timedelta(days=120)
