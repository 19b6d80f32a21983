"""No answer is without words, and what only tells its answer tells nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from enterprises import RIMKHONG, RIMKHONG_SITE, TODAY, enterprise

from iindustry.programmes import describe, services, wording
from iindustry.programmes.explain import explainer
from iindustry.programmes.facts import spec_of, vocabulary
from iindustry.programmes.published import bundle_of
from iindustry.programmes.tree import Condition, Disclose, Group, Literal, Missing, Mutability, OnMissing, Op


def test_every_fact_has_its_words_in_both_languages():
    for spec in vocabulary().values():
        for words in (spec.label, spec.question, spec.next_step):
            assert words.th
            assert words.en
        assert set(spec.codes) <= set(spec.code_words)


def test_every_condition_of_an_explanation_has_a_label_question_and_next_step():
    for one in services.explain(enterprise(RIMKHONG, RIMKHONG_SITE), as_of=TODAY):
        for condition in one.conditions:
            assert condition.label.th
            assert condition.question.th
            assert condition.next_step.th
            if condition.disclose is Disclose.FULL:
                assert condition.threshold_words is not None
                said = (condition.value_words, condition.why_words)
                assert said != (None, None) or (condition.id, condition.answer) == (
                    "unassessed",
                    "yes",
                )  # `known: false` is met by having none


def test_a_failed_number_says_its_gap():
    (one,) = services.explain(enterprise(RIMKHONG, RIMKHONG_SITE), as_of=TODAY, programme="SMED-D-UP")
    (failed,) = [condition for condition in one.conditions if condition.answer == "no"]
    assert (failed.gap, failed.gap_words.th) == (800_000_000, "8,000,000 บาท")


def test_a_condition_that_discloses_only_its_answer_says_nothing_else():
    node = Condition("a", "enterprise.revenue_satang", Op.GE, Literal(10**12), OnMissing(Missing.ASK), Mutability.ACTION,
                     disclose=Disclose.ANSWER)  # fmt: skip
    base = services.get_programme("SMED-D-LOCAL")
    programme = replace(base, conditions=Group("all", 1, (node,)))
    facts = services.facts_of(enterprise(RIMKHONG, RIMKHONG_SITE), as_of=TODAY)
    (condition,) = explainer(bundle_of(programme), TODAY)(facts).conditions
    assert condition.answer == "no"
    assert (condition.value, condition.value_words, condition.threshold, condition.gap) == (None, None, None, None)


def test_the_document_in_words_names_every_condition():
    for one in services.open_rules(TODAY):
        clauses = describe.clauses(one, TODAY)
        assert clauses
        assert all(line.label.th and line.threshold.en for clause in clauses for line in clause.lines)
    (place,) = [
        clause for clause in describe.clauses(services.get_programme("SMED-D-LOCAL"), TODAY) if clause.is_choice
    ]
    assert (place.need, len(place.lines)) == (1, 2)


@pytest.mark.parametrize(
    ("fact", "op", "operand", "th", "en"),
    [
        ("standard.held", Op.EQ, frozenset(), "ต้องไม่มีเลย", "must have none"),
        ("standard.held", Op.NE, frozenset(), "ต้องมีอย่างน้อยหนึ่งรายการ", "must have at least one"),
        ("enterprise.worker_count", Op.EQ, 0, "ต้องไม่มีเลย", "must have none"),
        ("enterprise.worker_count", Op.EQ, 1, "ต้องเป็น 1 คน", "must be 1 people"),
        ("establishment.estate", Op.EQ, "none", "ต้องไม่อยู่ในกลุ่มหรือพื้นที่ใด", "must be in none of them"),
        ("enterprise.i40_band", Op.KNOWN, False, "ต้องยังไม่มีข้อมูลนี้", "must not be known yet"),
        ("enterprise.i40_band", Op.KNOWN, True, "ต้องมีข้อมูลนี้", "must be known"),
        ("establishment.utilisation_ratio", Op.GE, 6000, "ต้องตั้งแต่ ร้อยละ 60 ขึ้นไป", "must be at least 60 %"),
    ],
)
def test_nothing_and_something_are_put_as_people_say_it(fact, op, operand, th, en):
    found = wording.threshold_words(spec_of(fact), op, operand)
    assert (found.th, found.en) == (th, en)
