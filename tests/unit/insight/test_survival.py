"""The median of waiting times counts open cases and is never better than their being ignored."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iindustry.insight import survival

DAYS = st.integers(0, 60)


@given(st.lists(DAYS, min_size=1, max_size=60))
def test_without_open_cases_it_is_the_lower_median(days):
    assert survival.median((one, True) for one in days) == sorted(days)[(len(days) + 1) // 2 - 1]


@given(st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=60))
def test_it_is_a_day_on_which_something_was_decided(cases):
    found = survival.median(cases)
    assert found is None or (found, True) in cases


@given(st.lists(DAYS, min_size=1, max_size=40), st.lists(DAYS, min_size=1, max_size=40))
def test_open_cases_that_outlast_all_decisions_only_lengthen_it(decided, still_open):
    longest = max(decided)
    closed_only = survival.median((one, True) for one in decided)
    both = survival.median([*((one, True) for one in decided), *((longest + one, False) for one in still_open)])
    assert both is None or both >= closed_only


def test_fewer_than_half_decided_is_not_known():
    assert survival.median([(3, True), (9, False), (9, False)]) is None
    assert survival.median([]) is None


def test_the_textbook_example():
    # Kaplan and Meier: 6 at risk, ends at 1, 3, 5; losses at 2, 4: survival 5/6, 5/8, 5/16 after day 5.
    assert survival.median([(1, True), (2, False), (3, True), (4, False), (5, True), (6, True)]) == 5
