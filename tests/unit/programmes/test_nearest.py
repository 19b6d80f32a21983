"""Where nothing fits: the nearest, the act that opens most, the day that comes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from enterprises import TODAY

from iindustry.programmes import services
from iindustry.programmes.facts import EPOCH, Facts, Reading, Site, engine_value, vocabulary
from iindustry.programmes.nearest import add_months, distance, nearest, starts, turns_on, unlocks
from iindustry.programmes.tree import Answer


def said(**values):
    return {name.replace("__", "."): Reading(value, None, "test", TODAY) for name, value in values.items()}


def firm(revenue=4_200_000_000, green=1, registered=date(2015, 5, 31), months=None):
    granted = {
        spec.name: Reading(engine_value(spec, spec.check_value), None, "test", TODAY)
        for spec in vocabulary().values()
        if spec.check_value is not None
    }
    return Facts(
        TODAY,
        granted | said(
            enterprise__status="active", enterprise__sector="manufacturing", enterprise__revenue_satang=revenue,
            enterprise__worker_count=38, enterprise__establishment_count=1, enterprise__legal_kind="company",
            enterprise__registered_on=(registered - EPOCH).days, enterprise__age_months=months or 120, enterprise__province="49",
        ),
        (Site("E1", "โรงงาน", said(
            establishment__factory_class="2", establishment__green_level=green, establishment__sez=True,
            establishment__eec=False, establishment__estate="none", establishment__corridor="none",
            establishment__s_curve_group="food_processing",
        )),),
    )  # fmt: skip


def test_the_nearest_lack_least_and_come_in_that_order():
    refused = nearest(services.explain_facts(firm()), 100)
    assert refused
    assert all(one.answer is Answer.NO for one in refused)
    assert [distance(one) for one in refused] == sorted(distance(one) for one in refused)
    assert len(nearest(services.explain_facts(firm()))) <= 3


def test_a_smaller_gap_is_nearer():
    def off(revenue):
        found = {one.programme.id: one for one in services.explain_facts(firm(revenue))}
        return distance(found["EXIM-D-ZONE"])

    assert off(4_900_000_000) < off(1_000_000_000)


def test_an_act_is_named_with_what_it_opens_alone():
    found = services.explain_facts(firm(green=1))
    best = {one.fact.name: one for one in unlocks(found, 100)}
    green = best["establishment.green_level"]
    assert "SMED-D-GREEN" in [one.programme.id for one in green.opens]
    assert green.amount_satang >= 3_000_000_000
    again = {one.programme.id: one.answer for one in services.explain_facts(firm(green=5))}
    assert all(again[one.programme.id] is Answer.YES for one in green.opens)


def test_what_already_fits_is_opened_by_no_act():
    for one in unlocks(services.explain_facts(firm(green=5)), 100):
        assert one.fact.name != "establishment.green_level"
        assert all(each.answer is Answer.NO for each in one.opens)


def test_time_alone_has_its_day_and_an_act_has_none():
    registered = date(2026, 8, 31)
    facts = firm(green=5, registered=registered, months=2)
    found = {one.programme.id: one for one in services.explain_facts(facts)}
    local = found["SMED-D-LOCAL"]
    assert local.answer is Answer.NO
    day = turns_on(local, facts)
    assert day is not None
    assert day == add_months(registered, local.changes[0].do[0].value)
    before = services.explain_facts(firm(green=1, registered=registered))
    green = next(one for one in before if one.programme.id == "SMED-D-GREEN")
    assert turns_on(green, facts) is None


def test_a_no_beside_an_unknown_says_where_to_begin_and_promises_nothing():
    facts = firm(green=1)
    left = {name: one for name, one in facts.readings.items() if name != "arrears.smed_loan"}
    green = next(
        one for one in services.explain_facts(replace(facts, readings=left)) if one.programme.id == "SMED-D-GREEN"
    )
    assert green.answer is Answer.NO
    assert [one.fact for one in starts(green)] == ["establishment.green_level"]
    whole = next(one for one in services.explain_facts(facts) if one.programme.id == "SMED-D-GREEN")
    assert whole.changes
    assert starts(whole) == ()
    far = next(
        one for one in services.explain_facts(firm(revenue=900_000_000_000)) if one.programme.id == "SMED-D-GREEN"
    )
    assert starts(far) == (), "an act was named though the size of the firm bars it for good"


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 12, 5), 12, date(2026, 12, 5)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
    ],
)
def test_a_month_later_is_its_same_day_or_its_last(day, months, then):
    assert add_months(day, months) == then
    assert add_months(day, 0) == day
    assert add_months(day, months) > day + timedelta(days=27)
