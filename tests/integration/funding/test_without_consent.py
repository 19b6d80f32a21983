"""A case whose consent does not stand: its lender records nothing more of the enterprise, and may end it (decision 0009)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from iindustry.funding import services as funding
from iindustry.funding.models import DoneRow, EventRow
from iindustry.funding.moves import Status
from iindustry.kernel.clock import FixedClock
from iindustry.kernel.errors import Denied
from iindustry.kernel.ids import new_id
from iindustry.ledger.models import LedgerEntry
from iindustry.protection import services as protection

ACTS = {
    "claim": lambda world, case: funding.claim(case.id, actor=world.smed, clock=world.clock, key=new_id()),
    "ask": lambda world, case: funding.ask_paper(
        case.id, "accounts", words="", due_on=world.clock.today() + timedelta(days=7), **world.how(world.smed)
    ),
    "analyse": lambda world, case: funding.analyse(case.id, actor=world.smed, clock=world.clock),
    "approve": lambda world, case: funding.approve(case.id, amount_satang=100, tenor_months=12, **world.how(world.smed)),
    "decline": lambda world, case: funding.decline(case.id, reason_codes=["R4"], **world.how(world.smed)),
    "decline in words": lambda world, case: funding.decline(
        case.id, reason_codes=["R0"], words="ลดวงเงินได้", **world.how(world.smed)
    ),
}  # fmt: skip


def withdraw(world, case):
    protection.withdraw_consent(case.consent_id, actor=world.owner, clock=world.clock)


def pause(world, case):
    protection.pause_consent(case.consent_id, actor=world.owner, clock=world.clock)


@pytest.mark.parametrize(("stop", "code"), [(withdraw, "consent-revoked"), (pause, "consent-paused")])
@pytest.mark.parametrize("name", ACTS)
def test_a_desk_records_nothing_of_a_case_without_its_consent(world, name, stop, code):
    case = world.sent()
    stop(world, case)
    events, keys = EventRow.objects.count(), DoneRow.objects.count()
    entries = LedgerEntry.objects.count()
    with pytest.raises(Denied) as refused:
        ACTS[name](world, case)
    assert refused.value.code == code
    assert (EventRow.objects.count(), DoneRow.objects.count()) == (events, keys)
    assert LedgerEntry.objects.count() == entries + 1  # the refusal alone is kept
    kept = [json.loads(one.leaf) for one in LedgerEntry.objects.filter(kind="exchange.refused")]
    assert [one["result"] for one in kept] == [code]
    assert funding.get_application(case.id, actor=world.smed).status is Status.SENT


def test_a_payment_is_not_recorded_after_a_withdrawal(world):
    case = world.sent()
    funding.approve(case.id, amount_satang=120, tenor_months=12, **world.how(world.smed))
    withdraw(world, case)
    with pytest.raises(Denied) as refused:
        funding.disburse(case.id, amount_satang=120, paid_on=world.clock.today(), **world.how(world.smed))
    assert refused.value.code == "consent-revoked"
    assert funding.get_application(case.id, actor=world.owner).disbursed_satang == 0


def test_a_lender_may_end_a_case_without_a_word_and_nothing_is_left_without_an_end(world):
    case = world.sent()
    withdraw(world, case)
    ended = funding.decline(case.id, reason_codes=["R0"], **world.how(world.smed))
    assert ended.status is Status.DECLINED
    told = funding.get_case(case.id, actor=world.owner).decision
    assert (list(told.reason_codes), told.words) == (["R0"], "")


def test_the_enterprise_may_take_the_case_back_after_its_consent(world):
    case = world.sent()
    withdraw(world, case)
    assert funding.withdraw(case.id, **world.how(world.owner)).status is Status.WITHDRAWN


def test_what_was_done_before_the_withdrawal_is_told_as_done_when_repeated(world):
    case, key = world.sent(), new_id()
    how = world.how(world.smed) | {"key": key}
    funding.approve(case.id, amount_satang=100, tenor_months=12, **how)
    withdraw(world, case)
    assert funding.approve(case.id, amount_satang=100, tenor_months=12, **how).status is Status.APPROVED


def test_a_case_decided_in_time_is_paid_after_its_consents_last_day(world):
    case = world.sent()
    funding.approve(case.id, amount_satang=120, tenor_months=12, **world.how(world.smed))
    later = FixedClock(world.clock.now() + timedelta(days=100))
    assert protection.expire_consents(clock=later) == 1
    how = world.how(world.smed) | {"clock": later}
    paid = funding.disburse(case.id, amount_satang=120, paid_on=later.today(), **how)
    assert paid.status is Status.DISBURSED


def test_an_undecided_case_is_not_decided_after_its_consents_last_day(world):
    case = world.sent()
    later = FixedClock(world.clock.now() + timedelta(days=91))
    with pytest.raises(Denied) as refused:
        funding.approve(case.id, amount_satang=120, tenor_months=12, **(world.how(world.smed) | {"clock": later}))
    assert refused.value.code == "consent-expired"
