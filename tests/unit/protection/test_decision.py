"""Laws of the disclosure decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from disclosure_cases import (
    DIP,
    EXIM,
    FIELDS,
    HUB,
    NOW,
    SMED,
    agreement,
    consent,
    duty_line,
    duty_request,
    line,
    request,
)
from hypothesis import given
from hypothesis import strategies as st

from iindustry.protection.agreement import AgreementStatus
from iindustry.protection.consent import ConsentStatus, ServiceGrant
from iindustry.protection.decision import GATE, decide
from iindustry.protection.purposes import PURPOSES, Lane, Usage
from iindustry.protection.service_fields import ALL, ENTERPRISE_FIELDS

SOME = st.frozensets(st.sampled_from(sorted(ALL)), max_size=40)
STATUS = st.sampled_from(list(ConsentStatus))


class Untouchable:
    """A consent that nobody may look at."""

    def __getattribute__(self, name):
        raise AssertionError(f"the duty lane read {name} of a consent")


def granted(fields, **change):
    return consent(grants=(ServiceGrant("enterprise-profile", HUB, SMED, fields),), **change)


def answer(asked, lined, optional, contract, ticked):
    one = line(fields=lined, optional_fields=optional, contract_fields=contract)
    return decide(request(fields=asked), agreement(one), granted(ticked), NOW)


@given(SOME, SOME, SOME, SOME, SOME)
def test_fields_lie_within_every_set(asked, lined, optional, contract, ticked):
    decision = answer(asked, lined, optional, contract, ticked)
    for limit in (asked, lined | optional, contract, ticked, PURPOSES["LOAN_MONITORING"].fields):
        assert decision.fields <= limit
    assert (decision.reason == "allowed") == bool(decision.fields) == (decision.ground is not None)


@given(SOME, SOME, SOME, SOME, SOME, st.data())
def test_narrowing_any_set_never_widens_the_answer(asked, lined, optional, contract, ticked, data):  # noqa: PLR0917
    sets = [asked, lined, optional, contract, ticked]
    wide = answer(*sets).fields
    which = data.draw(st.integers(0, 4))
    sets[which] = sets[which] - data.draw(SOME)
    assert answer(*sets).fields <= wide


@given(SOME, STATUS, st.integers(-40, 40), st.integers(0, 6), st.booleans())
def test_without_a_live_consent_there_is_no_field(ticked, status, days, uses, has_authority):
    now = NOW + timedelta(days=days)
    one = granted(ticked, status=status, recent_uses=uses, has_authority=has_authority)
    decision = decide(request(), agreement(), one, now)
    is_live = status is ConsentStatus.ACTIVE and one.given_at <= now < one.expires_at and has_authority and uses < 4
    assert decision.fields == frozenset() or is_live
    assert decide(request(), agreement(), None, now).fields == frozenset()


@given(SOME)
def test_the_duty_lane_never_reads_a_consent(asked):
    with_one = decide(duty_request(fields=asked), agreement(), Untouchable(), NOW)
    assert with_one == decide(duty_request(fields=asked), agreement(), None, NOW)
    assert with_one.fields == asked & duty_line().fields & PURPOSES["PROGRAMME_ELIGIBILITY"].fields & ENTERPRISE_FIELDS
    assert with_one.ground is None or with_one.ground.consent is None


@given(SOME, SOME, STATUS)
def test_equal_arguments_give_equal_answers(asked, ticked, status):
    one = [decide(request(fields=asked), agreement(), granted(ticked, status=status), NOW) for _ in range(2)]
    assert one[0] == one[1]


def test_the_ground_names_agreement_line_and_consent():
    decision = decide(request(), agreement(), consent(), NOW)
    assert (decision.fields, decision.reason) == (FIELDS, "allowed")
    assert (decision.ground.agreement, decision.ground.consent) == ("agr#1/A1", f"{UUID(int=1)}#1")


@pytest.mark.parametrize("status", [one for one in AgreementStatus if one is not AgreementStatus.ACTIVE])
def test_only_an_active_agreement_lets_data_flow(status):
    assert decide(request(), agreement(status=status), consent(), NOW).reason == "agreement-missing"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"consumer": DIP}, "agreement-missing"),
        ({"consumer": SMED + "/x"}, "agreement-missing"),
        ({"consumer": SMED.lower()}, "agreement-missing"),
        ({"provider": EXIM}, "agreement-missing"),
        ({"service": "loan-events"}, "agreement-missing"),
        ({"contract_version": "2.0"}, "agreement-missing"),
        ({"lane": Lane.DUTY}, "agreement-missing"),
        ({"purpose": "KYC"}, "purpose-not-agreed"),
        ({"purpose": "NOTHING"}, "purpose-not-agreed"),
        ({"purpose": "LOAN_UNDERWRITING"}, "consent-missing"),
        ({"enterprise_id": "ENT-2"}, "consent-missing"),
        ({"enterprise_id": None}, "consent-missing"),
        ({"consumer": EXIM}, "consent-missing"),
        ({"fields": frozenset({"person.phone"})}, "fields-none"),
        ({"fields": frozenset()}, "fields-none"),
    ],
)
def test_one_thing_wrong_is_refused_with_its_code(change, reason):
    decision = decide(request(**change), agreement(), consent(), NOW)
    assert (decision.reason, decision.fields, decision.ground) == (reason, frozenset(), None)


def test_an_optional_field_needs_its_own_tick():
    asked = request(purpose="LOAN_UNDERWRITING", fields=FIELDS | {"obligation.open_orders"})
    case = consent(purpose="LOAN_UNDERWRITING", usage=Usage.CASE, most_uses=None, per_days=None)
    assert "obligation.open_orders" not in decide(asked, agreement(), case, NOW).fields
    ticked = replace(case, grants=(ServiceGrant("enterprise-profile", HUB, SMED, FIELDS | {"obligation.open_orders"}),))
    assert "obligation.open_orders" in decide(asked, agreement(), ticked, NOW).fields


def test_look_back_is_capped_by_the_purpose_and_lower_by_the_line():
    thirteen, eleven = (NOW - timedelta(days=396)).date(), (NOW - timedelta(days=330)).date()
    wide = consent(data_from=thirteen)
    assert decide(request(data_from=thirteen), agreement(), wide, NOW).reason == "over-cap"
    assert decide(request(data_from=eleven), agreement(), wide, NOW).reason == "allowed"
    lower = agreement(line(look_back_months=(("LOAN_MONITORING", 6),)))
    assert decide(request(data_from=eleven), lower, wide, NOW).reason == "over-cap"
    higher = agreement(line(look_back_months=(("LOAN_MONITORING", 99),)))
    assert decide(request(data_from=thirteen), higher, wide, NOW).reason == "over-cap"


def test_one_time_is_one_time_but_a_lost_reply_may_be_asked_again():
    call, other = UUID(int=5), UUID(int=6)
    bound = consent(
        usage=Usage.ONE_TIME, status=ConsentStatus.USED, bound_request_id=call, bound_at=NOW, most_uses=1, recent_uses=1
    )
    assert decide(request(request_id=call), agreement(), bound, NOW + timedelta(minutes=15)).reason == "allowed"
    assert (
        decide(request(request_id=call), agreement(), bound, NOW + timedelta(minutes=15, seconds=1)).reason
        == "consent-used"
    )
    assert decide(request(request_id=other), agreement(), bound, NOW).reason == "consent-used"
    assert decide(request(), agreement(), bound, NOW).reason == "consent-used"
    revoked = replace(bound, status=ConsentStatus.REVOKED)
    assert decide(request(request_id=call), agreement(), revoked, NOW).reason == "consent-revoked"


def test_every_code_has_its_gate():
    assert set(GATE.values()) == {4, 5, 6}


def test_aggregates_open_no_field_of_an_enterprise():
    for code in ("STATISTICS", "AUDIT"):
        lined = agreement(duty_line(purposes=frozenset({code})))
        assert decide(duty_request(purpose=code), lined, None, NOW).reason == "fields-none"
