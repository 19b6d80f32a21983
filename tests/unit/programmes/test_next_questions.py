"""The next question settles what it promises, asks nothing a register holds, and fills only what is missing."""

from __future__ import annotations

from dataclasses import replace

import enterprises as people
import pytest

from iindustry.programmes import published, questions, services
from iindustry.programmes.facts import spec_of, vocabulary
from iindustry.programmes.tree import Answer

TODAY = people.TODAY
WITHOUT = {
    name: value for name, value in people.RIMKHONG.items() if name not in {"entity.revenue_satang", "entity.sector"}
}
BLANK = {"entity.establishment_count": 1}
FIRMS = {
    "no revenue": (WITHOUT, (people.RIMKHONG_SITE,)),
    "nothing known": (BLANK, ({},)),
    "two places, one silent": (people.RIMKHONG, (people.RIMKHONG_SITE, {"factory.factory_class": "2"})),
}


def facts_of(name):
    values, sites = FIRMS[name]
    return services.facts_of(people.enterprise(values, *sites), as_of=TODAY)


def unknown(facts):
    return {one.programme.id for one in services.explain_facts(facts) if one.answer is Answer.UNKNOWN}


@pytest.mark.parametrize("name", FIRMS)
def test_a_question_settles_what_it_says_over_its_answers(name):
    facts = facts_of(name)
    before = unknown(facts)
    (first,) = questions.next_questions(facts, limit=1)
    ended = [len(before - unknown(questions.answered(facts, {first.fact: choice.value}))) for choice in first.choices]
    assert max(ended) > 0
    assert first.settles == max(1, round(sum(ended) / len(ended)))


@pytest.mark.parametrize("name", FIRMS)
def test_no_other_fact_settles_more(name):
    facts = facts_of(name)
    before = unknown(facts)
    (first,) = questions.next_questions(facts, limit=1)

    def mean(fact):
        choices = questions.choices_of(spec_of(fact))
        return sum(len(before - unknown(questions.answered(facts, {fact: one.value}))) for one in choices) / max(
            1, len(choices)
        )

    best = mean(first.fact)
    assert all(mean(fact) <= best + 1e-9 for fact in vocabulary() if fact.startswith(("enterprise.", "arrears.")))


def test_what_a_register_holds_is_not_asked_nor_replaced():
    facts = facts_of("no revenue")
    asked = {one.fact for one in questions.next_questions(facts, limit=4)}
    assert asked
    assert not {fact for fact in asked if facts.reading(fact).value is not None}
    laid = questions.answered(facts, {"enterprise.status": "closed", "enterprise.revenue_satang": 1})
    assert laid.reading("enterprise.status").value == "active"
    assert laid.reading("enterprise.revenue_satang").value == 1
    assert laid.reading("enterprise.revenue_satang").standing == "declared"


def test_an_answer_about_places_fills_only_the_silent_one():
    facts = facts_of("two places, one silent")
    laid = questions.answered(facts, {"establishment.green_level": 3})
    assert [one.readings["establishment.green_level"].value for one in laid.sites] == [1, 3]


def test_the_second_question_is_another_one_and_an_asked_one_is_not_asked_again():
    facts = facts_of("nothing known")
    first, second = questions.next_questions(facts)
    assert first.fact != second.fact
    assert first.fact not in {one.fact for one in questions.next_questions(facts, besides={first.fact})}


def test_one_programme_asks_only_what_it_lacks():
    from iindustry.programmes.published import bundle_of

    bundle = bundle_of(services.get_programme("EXIM-D-EXPORT"))
    found = questions.next_questions(facts_of("nothing known"), limit=5, bundles=[bundle])
    assert found
    assert {one.fact for one in found} <= bundle.facts


def test_where_everything_is_known_nothing_is_asked():
    bundle_facts = facts_of("nothing known")
    while (found := questions.next_questions(bundle_facts, limit=1)) and unknown(bundle_facts):
        bundle_facts = questions.answered(bundle_facts, {found[0].fact: found[0].choices[0].value})
    assert not questions.next_questions(bundle_facts, limit=2)


@pytest.mark.parametrize("posted", ["", "-1", "99", "one", "²", "none", "0" * 5000])
def test_a_choice_that_was_not_offered_is_no_answer(posted):
    (first,) = questions.next_questions(facts_of("nothing known"), limit=1)
    assert first.choice_of(posted) is None
    assert first.choice_of("0") == first.choices[0]


def test_every_ready_answer_is_a_value_of_its_fact():
    for spec in vocabulary().values():
        values = [one.value for one in questions.choices_of(spec)]
        assert len(values) == len(set(values))
        if spec.ordered:
            assert all(spec.least <= value <= spec.most for value in values if spec.type != "date")


def test_after_a_definition_changed_the_questions_are_those_of_the_new_one(monkeypatch):
    before = {one.programme.id: one.version for one in questions.open_bundles(TODAY)}
    changed = published.load_editions(
        replace(one, text=one.text.replace("micro: 5,", "micro: 6,")) for one in published.seeds()
    )
    monkeypatch.setattr(published, "library", lambda *_: changed)
    after = {one.programme.id: one for one in questions.open_bundles(TODAY)}
    assert after.keys() == before.keys()
    sized = [one for one in after.values() if "enterprise.size_class" in one.derivations]
    assert sized
    assert all(one.version != before[one.programme.id] for one in sized)
