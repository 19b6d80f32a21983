"""When a claim of authority lets its person act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.accounts.authority import (
    CONFIRMS,
    KIND_WORDS,
    ROLE_OF,
    STATE_WORDS,
    AuthorityKind,
    Claim,
    ClaimState,
    first_state,
    holds,
)
from iindustry.accounts.doors import DOOR_ORDER, ROLE_WORDS
from iindustry.accounts.organisations import ORGANISATIONS
from iindustry.kernel.actors import Role

DAY = date(2026, 11, 22)


def claim(state=ClaimState.LIVE, from_on=DAY, to_on=None):
    return Claim("c", "p", "ENT-0", AuthorityKind.DIRECTOR, state, "x", from_on, to_on)


@pytest.mark.parametrize(
    ("one", "answer"),
    [
        (claim(), True),
        (claim(to_on=DAY), True),
        (claim(to_on=DAY - timedelta(days=1)), False),
        (claim(from_on=DAY + timedelta(days=1)), False),
        (claim(ClaimState.PENDING), False),
        (claim(ClaimState.REFUSED), False),
    ],
)
def test_a_claim_holds_when_it_is_live_from_its_first_day_to_its_last(one, answer):
    assert holds(one, DAY) is answer


@given(st.sampled_from(Role))
def test_only_who_may_confirm_makes_a_live_claim(role):
    assert (first_state(role, is_own=False) is ClaimState.LIVE) is (role in CONFIRMS)
    assert first_state(role, is_own=True) is ClaimState.PENDING
    assert not {Role.OWNER, Role.DELEGATE, Role.BANK_OFFICER, Role.ANONYMOUS} & CONFIRMS


def test_the_tables_are_complete_in_both_languages():
    assert set(ROLE_OF) == set(KIND_WORDS) == set(AuthorityKind)
    assert set(STATE_WORDS) == set(ClaimState)
    assert set(DOOR_ORDER) == set(Role)
    assert all(th and en for table in (KIND_WORDS, STATE_WORDS, ROLE_WORDS) for th, en in table.values())


def test_every_organisation_has_its_own_member_address():
    assert len({one.address for one in ORGANISATIONS.values()}) == len(ORGANISATIONS)
    assert all(one.address.count("/") == 2 for one in ORGANISATIONS.values())
    assert {"oie", "smed", "exim", "dip", "diw", "dbd", "tisi", "auditor"} <= set(ORGANISATIONS)
