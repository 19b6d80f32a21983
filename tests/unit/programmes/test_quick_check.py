"""The open check: five answers, unknown stays unknown, and the questions after settle something."""

from __future__ import annotations

from dataclasses import replace

from enterprises import TODAY

from iindustry.programmes import quick, services

MUKDAHAN = quick.QuickAnswers("food_processing", "49", 38, 4_200_000_000, "machinery")


def ids(group):
    return [one.programme.id for one in group]


def test_a_border_province_is_only_possible_until_the_subdistrict_is_said():
    found = services.check(MUKDAHAN, as_of=TODAY)
    local = next(one for one in found.one_more if one.programme.id == "SMED-D-LOCAL")
    assert "establishment.sez" in {fact for needed in local.needed_for_yes for fact in needed}


def test_at_most_two_questions_follow_and_their_answers_settle_programmes():
    found = services.check(MUKDAHAN, as_of=TODAY)
    asked = quick.follow_ups(found, {})
    assert 1 <= len(asked) <= 2
    more = {spec.name: spec.choices[0].value for spec in asked}
    again = services.check(replace(MUKDAHAN, more=more), as_of=TODAY)
    assert len(again.one_more) < len(found.one_more)
    assert quick.follow_ups(again, more) == ()


def test_an_answer_that_was_not_offered_is_left_out():
    assert quick.chosen_answers({"establishment.green_level": "9", "enterprise.status": "closed", "nothing": "1"}) == {}
    assert quick.chosen_answers({"establishment.green_level": "2"}) == {"establishment.green_level": 2}


def test_a_trader_in_bangkok_is_in_no_zone():
    found = services.check(quick.QuickAnswers("service", "10", 3, 100_000_000, "working_capital"), as_of=TODAY)
    assert {"SMED-D-LOCAL", "EXIM-D-ZONE"} <= set(ids(found.not_now))


def test_a_programme_for_another_use_comes_after_those_for_this_one():
    found = services.check(replace(MUKDAHAN, more={"establishment.sez": True}, use="export"), as_of=TODAY)
    assert ids(found.one_more)[0] == "EXIM-D-EXPORT"
