from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from iindustry.funding import loan_events
from iindustry.funding.loan_events import Decided, Disbursed, Progressed
from iindustry.funding.moves import Step
from iindustry.kernel.errors import Rejected

CASE = str(UUID(int=7))
DECLINED = {
    "application_id": CASE,
    "decision": "declined",
    "decided_at": "2026-11-20T03:00:00+00:00",
    "reason_codes": ["R2"],
}


def test_a_decline_carries_its_codes_and_its_own_time():
    event = loan_events.read("loan.application.decided", DECLINED)
    assert isinstance(event, Decided)
    assert (event.is_approved, event.reason_codes) == (False, ("R2",))
    assert event.decided_at == datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def test_a_bank_that_may_not_give_a_code_sends_none_and_r0_is_kept():
    event = loan_events.read("loan.application.decided", {**DECLINED, "reason_codes": None})
    assert event.reason_codes == ("R0",)


def test_a_stage_becomes_a_step():
    event = loan_events.read(
        "loan.application.progressed", {"application_id": CASE, "stage": "committee", "expected_on": "2026-12-01"}
    )
    assert event == Progressed("committee", Step.ANALYSE, date(2026, 12, 1))


def test_a_payment_names_satang_and_a_day():
    event = loan_events.read(
        "loan.disbursed", {"application_id": CASE, "amount_satang": 5, "disbursed_on": "2026-11-21", "loan_ref": "x"}
    )
    assert event == Disbursed(5, date(2026, 11, 21), None)


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("loan.position", {}, "loan-event-unknown"),
        ("loan.application.decided", {"application_id": CASE, "decision": "declined"}, "loan-event-fact-missing"),
        ("loan.application.decided", {**DECLINED, "credit_score": 700}, "loan-event-fact-unknown"),
        ("loan.application.decided", {**DECLINED, "decision": "maybe"}, "loan-event-fact-wrong"),
        (
            "loan.application.decided",
            {**DECLINED, "decision": "approved", "approved_satang": 1.5},
            "loan-event-fact-wrong",
        ),
        ("loan.application.decided", {**DECLINED, "decided_at": "2026-11-20T03:00:00"}, "loan-event-fact-wrong"),
        ("loan.application.decided", {**DECLINED, "reason_codes": ["R77"]}, "reason-unknown"),
        (
            "loan.disbursed",
            {"application_id": CASE, "amount_satang": -5, "disbursed_on": "2026-11-21"},
            "loan-event-fact-wrong",
        ),
        (
            "loan.disbursed",
            {"application_id": CASE, "amount_satang": True, "disbursed_on": "2026-11-21"},
            "loan-event-fact-wrong",
        ),
    ],
)
def test_what_was_not_agreed_is_refused(kind, data, code):
    with pytest.raises(Rejected) as refusal:
        loan_events.read(kind, data)
    assert refusal.value.code == code
