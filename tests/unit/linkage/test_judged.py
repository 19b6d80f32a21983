"""Standing answers agree with each other: a law over random answers, and the cases a steward meets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Denied
from iindustry.linkage import permissions
from iindustry.linkage.clusters import components
from iindustry.linkage.judged import Contradiction, contradiction
from iindustry.linkage.outcome import Judgement, RecordId, Verdict, pair_of

A, B, C, D = (RecordId("diw", key) for key in "ABCD")


def said(one, other, verdict):
    return Judgement(*pair_of(one, other), verdict)


def test_an_answer_that_closes_a_chain_the_wrong_way_is_seen():
    standing = [said(A, B, Verdict.MATCH), said(B, C, Verdict.MATCH)]
    assert contradiction(said(A, C, Verdict.NO_MATCH), standing) == Contradiction(Verdict.MATCH, standing[1])
    assert contradiction(said(A, C, Verdict.MATCH), standing) is None
    assert contradiction(said(A, D, Verdict.NO_MATCH), standing) is None


def test_joining_across_a_negative_answer_names_it():
    standing = [said(A, B, Verdict.MATCH), said(B, C, Verdict.NO_MATCH)]
    assert contradiction(said(A, C, Verdict.MATCH), standing) == Contradiction(Verdict.NO_MATCH, standing[1])


def test_an_answer_may_be_turned_and_unsure_binds_nothing():
    standing = [said(A, B, Verdict.MATCH)]
    assert contradiction(said(A, B, Verdict.NO_MATCH), standing) is None
    assert contradiction(said(A, B, Verdict.UNSURE), [said(A, B, Verdict.NO_MATCH)]) is None


PAIRS = st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")).filter(lambda pair: pair[0] != pair[1])


@given(st.lists(st.tuples(PAIRS, st.sampled_from([Verdict.MATCH, Verdict.NO_MATCH])), max_size=20))
def test_answers_that_are_let_stand_never_part_what_they_join(given_answers):
    standing: list[Judgement] = []
    for (one, other), verdict in given_answers:
        new = said(RecordId("diw", one), RecordId("diw", other), verdict)
        if contradiction(new, standing) is None:
            standing = [one for one in standing if (one.left, one.right) != (new.left, new.right)] + [new]
    group = components((one.left, one.right) for one in standing if one.verdict is Verdict.MATCH)
    for one in standing:
        if one.verdict is Verdict.NO_MATCH:
            assert group.get(one.left, one.left) != group.get(one.right, one.right)


@pytest.mark.parametrize("role", sorted(Role))
def test_only_a_steward_judges(role):
    actor = Actor(role, person_id="p")
    if role is Role.STEWARD:
        assert permissions.can_judge(actor)
        permissions.check_judges(actor)
    else:
        with pytest.raises(Denied, match="judging-not-yours"):
            permissions.check_judges(actor)
