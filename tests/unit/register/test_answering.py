"""Who answers a correction: a steward, and the agency that keeps the register, of which one may keep several."""

from __future__ import annotations

import pytest

from iindustry.kernel.actors import Actor, Role
from iindustry.register.permissions import can_answer
from iindustry.sources.contracts import contracts

SOURCES = sorted(contracts())


@pytest.mark.parametrize("source", SOURCES)
def test_the_keeper_of_each_register_answers_for_it_and_no_other_agency_does(source):
    keeper = contracts()[source].agency
    agencies = {one.agency for one in contracts().values()}
    may = {one for one in agencies if can_answer(Actor(Role.AGENCY_OFFICER, organisation=one), source)}
    assert may == {keeper}
    assert can_answer(Actor(Role.STEWARD, organisation="oie"), source)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.STEWARD, Role.AGENCY_OFFICER}))
def test_nobody_else_answers(role):
    assert not any(can_answer(Actor(role, organisation=contracts()[source].agency), source) for source in SOURCES)


def test_a_register_that_is_no_more_is_answered_for_by_stewards_alone():
    assert not can_answer(Actor(Role.AGENCY_OFFICER, organisation="gone"), "gone")
