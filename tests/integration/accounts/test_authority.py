"""Who someone is, and for whom they may act, on a real PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from iindustry.accounts import services as accounts
from iindustry.accounts.authority import ClaimState, holds
from iindustry.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from iindustry.kernel.clock import FixedClock
from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.kernel.ids import lasting_id, new_id
from iindustry.ledger import services as ledger

pytestmark = pytest.mark.django_db
ONE, TWO = lasting_id("ENT", 1), lasting_id("ENT", 2)
STEWARD = Actor(Role.STEWARD, person_id=str(new_id()), organisation="oie")


def enrol(clock, name="malee", role=Role.OWNER, organisation=None, **more):
    return accounts.enrol(name, "มาลี", "Malee", role, organisation, clock=clock, **more)


def test_a_person_outside_every_organisation_is_an_owner_of_nothing(clock):
    actor = accounts.actor_of(enrol(clock), clock=clock)
    assert (actor.role, actor.enterprise_id, actor.organisation) == (Role.OWNER, None, None)


def test_enrolling_twice_changes_nothing_and_leaves_one_entry(clock):
    first = enrol(clock)
    assert enrol(clock, role=Role.BANK_OFFICER, organisation="smed") == first
    assert accounts.actor_of(first, clock=clock).role is Role.OWNER
    assert [one.kind for one in ledger.list_entries(subject=str(first), limit=10)] == ["person.enrolled"]


@pytest.mark.parametrize(
    ("role", "organisation"), [(Role.BANK_OFFICER, None), (Role.OWNER, "smed"), (Role.STEWARD, "nobody")]
)
def test_a_role_goes_with_its_organisation(clock, role, organisation):
    with pytest.raises(Rejected) as refusal:
        enrol(clock, role=role, organisation=organisation)
    assert refusal.value.code == "role-needs-organisation"


def test_a_change_of_role_ends_the_first_and_is_written(clock):
    person = enrol(clock, "anan", Role.BANK_OFFICER, "smed")
    later = FixedClock(clock.at + timedelta(days=1))
    accounts.change_role(person, Role.ANALYST, "oie", actor=SYSTEM, clock=later)
    actor = accounts.actor_of(person, clock=later)
    assert (actor.role, actor.organisation) == (Role.ANALYST, "oie")
    assert "person.role-changed" in [one.kind for one in ledger.list_entries(subject=str(person), limit=10)]


def test_the_word_of_the_claimant_opens_nothing(clock):
    person = enrol(clock)
    self_said = Actor(Role.OWNER, person_id=str(person))
    claim = accounts.claim_authority(person, ONE, "director", "หนังสือรับรอง", actor=self_said, clock=clock)
    assert claim.state is ClaimState.PENDING
    assert accounts.enterprises_of(person, clock=clock) == []
    assert accounts.actor_of(person, clock=clock, enterprise_id=ONE).enterprise_id is None


def test_a_confirmed_claim_opens_and_nobody_confirms_their_own(clock):
    person = enrol(clock)
    self_said = Actor(Role.OWNER, person_id=str(person))
    claim = accounts.claim_authority(person, ONE, "director", "หนังสือรับรอง", actor=self_said, clock=clock)
    for who in (self_said, Actor(Role.STEWARD, person_id=str(person))):
        with pytest.raises(Denied):
            accounts.answer_claim(claim.claim_id, accept=True, actor=who, clock=clock)
    accounts.answer_claim(claim.claim_id, accept=True, actor=STEWARD, clock=clock)
    assert accounts.actor_of(person, clock=clock).enterprise_id == ONE
    with pytest.raises(Conflict):
        accounts.answer_claim(claim.claim_id, accept=False, actor=STEWARD, clock=clock)


def test_who_may_confirm_makes_no_live_claim_of_their_own(clock):
    person = enrol(clock, "chai", Role.STEWARD, "oie")
    themselves = Actor(Role.STEWARD, person_id=str(person), organisation="oie")
    claim = accounts.claim_authority(person, ONE, "director", "x", actor=themselves, clock=clock)
    assert (claim.state, accounts.enterprises_of(person, clock=clock)) == (ClaimState.PENDING, [])


def test_nobody_fills_the_stewards_list(clock):
    person = enrol(clock)
    self_said = Actor(Role.OWNER, person_id=str(person))
    for number in range(accounts.WAITING_MOST):
        accounts.claim_authority(person, lasting_id("ENT", number), "director", "x", actor=self_said, clock=clock)
    more = lasting_id("ENT", accounts.WAITING_MOST)
    with pytest.raises(Conflict) as refused:
        accounts.claim_authority(person, more, "director", "x", actor=self_said, clock=clock)
    assert (refused.value.code, len(accounts.list_pending())) == ("authority-too-many", accounts.WAITING_MOST)
    assert accounts.claim_authority(person, more, "director", "x", actor=STEWARD, clock=clock).state is ClaimState.LIVE


def test_one_claims_for_oneself_only(clock):
    with pytest.raises(Denied):
        accounts.claim_authority(
            enrol(clock), ONE, "director", "x", actor=Actor(Role.OWNER, person_id=str(new_id())), clock=clock
        )


@pytest.mark.parametrize(
    ("enterprise", "kind", "evidence", "code"),
    [
        (ONE, "cousin", "x", "authority-kind-unknown"),
        (ONE, "director", "  ", "authority-evidence-missing"),
        ("ENT-0000000000Z", "director", "x", "enterprise-id-malformed"),
    ],
)
def test_a_claim_is_checked(clock, enterprise, kind, evidence, code):
    with pytest.raises(Rejected) as refusal:
        accounts.claim_authority(enrol(clock), enterprise, kind, evidence, actor=SYSTEM, clock=clock)
    assert refusal.value.code == code


def test_with_two_enterprises_one_is_chosen_and_a_stranger_is_not(clock):
    person = enrol(clock)
    accounts.claim_authority(person, ONE, "director", "x", actor=SYSTEM, clock=clock)
    accounts.claim_authority(person, TWO, "attorney", "x", actor=SYSTEM, clock=clock)
    assert accounts.enterprises_of(person, clock=clock) == [ONE, TWO]
    assert accounts.actor_of(person, clock=clock).enterprise_id is None
    assert accounts.actor_of(person, clock=clock, enterprise_id=TWO).role is Role.DELEGATE
    assert accounts.actor_of(person, clock=clock, enterprise_id=lasting_id("ENT", 3)).enterprise_id is None


def test_a_live_claim_is_found_behind_any_number_of_others(clock):
    from iindustry.accounts.models import Authority

    person, many = enrol(clock), 250
    Authority.objects.bulk_create(
        Authority(person_id=of, enterprise_id=enterprise, kind="director", state="refused", evidence="x",
                  from_on=clock.today(), claimed_at=clock.now())
        for number in range(many)
        for of, enterprise in ((person, lasting_id("ENT", 10 + number)), (new_id(), ONE))
    )  # fmt: skip
    later = FixedClock(clock.at + timedelta(minutes=1))
    accounts.claim_authority(person, ONE, "director", "x", actor=SYSTEM, clock=later)
    assert accounts.enterprises_of(person, clock=later) == [ONE]
    assert accounts.actor_of(person, clock=later).enterprise_id == ONE
    assert accounts.actor_of(person, clock=later, enterprise_id=ONE).role is Role.OWNER
    assert accounts.live_claim(person, ONE, clock=later) is not None
    claim = accounts.claim_authority(enrol(clock, "bua"), ONE, "director", "x", actor=SYSTEM, clock=later)
    assert accounts.end_authority(claim.claim_id, actor=SYSTEM, clock=later).state is ClaimState.REFUSED


def test_the_list_of_live_claims_says_what_the_rule_says_of_one(clock):
    from iindustry.accounts.models import Authority

    today, person = clock.today(), enrol(clock)
    days = [None, *(today + timedelta(days=shift) for shift in (-1, 0, 1))]
    cases = [
        (state, today + timedelta(days=shift), last)
        for state in ClaimState
        for shift in (-1, 0, 1)
        for last in days
        if last is None or last >= today + timedelta(days=shift)
    ]
    for number, (state, first, last) in enumerate(cases):
        Authority.objects.create(
            person_id=person, enterprise_id=lasting_id("ENT", number), kind="director", state=state, evidence="x",
            from_on=first, to_on=last, claimed_at=clock.now(),
        )  # fmt: skip
    by_rule = {one.enterprise_id for one in accounts.list_claims(person) if holds(one, today)}
    assert 0 < len(by_rule) < len(cases)
    assert set(accounts.enterprises_of(person, clock=clock)) == by_rule


def test_claiming_twice_is_one_claim(clock):
    person = enrol(clock)
    first = accounts.claim_authority(person, ONE, "director", "x", actor=SYSTEM, clock=clock)
    assert accounts.claim_authority(person, ONE, "director", "y", actor=SYSTEM, clock=clock) == first
    assert len(accounts.people_acting_for(ONE)) == 1


def test_the_last_one_with_authority_cannot_be_removed(clock):
    first, second = enrol(clock), enrol(clock, "bua")
    claim = accounts.claim_authority(first, ONE, "director", "x", actor=SYSTEM, clock=clock)
    with pytest.raises(Conflict):
        accounts.end_authority(claim.claim_id, actor=SYSTEM, clock=clock)
    accounts.claim_authority(second, ONE, "director", "x", actor=SYSTEM, clock=clock)
    accounts.end_authority(claim.claim_id, actor=SYSTEM, clock=clock)
    assert accounts.enterprises_of(first, clock=clock) == []


def test_a_disabled_or_unknown_person_is_nobody(clock):
    from iindustry.accounts.models import Person

    person = enrol(clock)
    Person.objects.filter(id=person).update(is_active=False)
    assert accounts.actor_of(person, clock=clock) == ANONYMOUS
    assert accounts.actor_of(new_id(), clock=clock) == ANONYMOUS


def test_a_person_with_a_password_is_no_door(clock):
    enrol(clock, "secret", Role.STEWARD, "oie", password="a long made up one")
    enrol(clock, "anan", Role.BANK_OFFICER, "smed")
    enrol(clock)
    assert [(one.key, one.role) for one in accounts.list_doors()] == [
        ("malee", Role.OWNER),
        ("anan", Role.BANK_OFFICER),
    ]
    with pytest.raises(NotFound):
        accounts.person_of_door("secret")


def test_organisations_are_found_by_key_and_by_address():
    for key in ("oie", "smed", "exim", "dip", "diw", "dbd", "tisi", "auditor"):
        one = accounts.organisation(key)
        assert accounts.organisation_at(one.address + "/loans") == one
    with pytest.raises(NotFound):
        accounts.organisation("nobody")
