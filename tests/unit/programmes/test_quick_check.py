"""The open check: five answers, unknown stays unknown, and what each answer became."""

from __future__ import annotations

import pytest
from enterprises import TODAY

from iindustry.programmes import quick, services
from iindustry.programmes.facts import spec_of, vocabulary

MUKDAHAN = quick.QuickAnswers("food_processing", "49", 38, 4_200_000_000, "machinery")


def ids(group):
    return [one.programme.id for one in group]


def test_a_border_province_is_only_possible_until_the_subdistrict_is_said():
    found = services.check(MUKDAHAN, as_of=TODAY)
    local = next(one for one in found.one_more if one.programme.id == "SMED-D-LOCAL")
    assert "establishment.sez" in {fact for needed in local.needed_for_yes for fact in needed}


def test_a_trader_in_bangkok_is_in_no_zone():
    found = services.check(quick.QuickAnswers("service", "10", 3, 100_000_000, "working_capital"), as_of=TODAY)
    assert {"SMED-D-LOCAL", "EXIM-D-ZONE"} <= set(ids(found.not_now))


def test_what_was_not_asked_is_unknown_and_what_is_taken_for_granted_is_told():
    facts = quick.facts_of_answers(MUKDAHAN, TODAY)
    told = {label.en: words for label, words in quick.granted()}
    for spec in vocabulary().values():
        reading = facts.reading(spec.name) if spec.of == "enterprise" else facts.sites[0].readings.get(spec.name)
        if reading is not None and reading.source == "assumed":
            assert told[spec.label.en].th
    assert facts.reading("enterprise.accounts_year").value is None
    assert told[spec_of("enterprise.status").label.en].en == "active"


def test_each_answer_knows_the_facts_it_became():
    facts = quick.facts_of_answers(MUKDAHAN, TODAY)
    made = {
        name
        for readings in (facts.readings, facts.sites[0].readings)
        for name, one in readings.items()
        if one.source == quick.SOURCE
    }
    assert made - set(quick.ANSWER_OF) == {"enterprise.establishment_count"}
    assert set(quick.ANSWER_OF) <= set(vocabulary())
    assert set(quick.ANSWER_OF.values()) == {1, 2, 3, 4}


@pytest.mark.parametrize("code", ["49", "10"])
def test_provinces_come_in_the_order_of_the_language(code):
    thai, english = quick.province_choices(), quick.province_choices(in_thai=False)
    assert code in dict(thai)
    assert len(thai) == len(english) == 77
    assert [words.en for _, words in english] == sorted(words.en for _, words in english)
