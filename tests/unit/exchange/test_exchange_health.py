"""The one word for a service: nothing below twenty calls, good above 95 % and below five seconds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iindustry.exchange.health import State, judge


def test_nothing_is_claimed_of_few_calls():
    assert judge("s", [], None).state is State.UNSURE
    assert judge("s", [(1, True)] * 19, None).state is State.UNSURE
    assert judge("s", [(1, True)] * 20, None).state is State.GOOD


def test_too_many_failures_or_too_slow_is_bad():
    assert judge("s", [(1, True)] * 95 + [(1, False)] * 5, "internal").state is State.BAD
    assert judge("s", [(1, True)] * 96 + [(1, False)] * 4, "internal").state is State.GOOD
    assert judge("s", [(5000, True)] * 30, None).state is State.BAD


@given(st.lists(st.tuples(st.integers(0, 10**6), st.booleans()), min_size=1, max_size=60))
def test_the_figures_lie_where_they_must(calls):
    found = judge("s", calls, None)
    times = [one for one, _ in calls]
    assert min(times) <= found.p50_ms <= found.p95_ms <= max(times)
    assert 0 <= found.success_ratio <= 1
