"""Two at the same moment: started once, decided once, paid once. Real threads, real locks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from iindustry.funding import services as funding
from iindustry.funding.models import ApplicationRow, DecisionRow, DisbursementRow
from iindustry.kernel.errors import DomainError
from iindustry.kernel.ids import new_id
from iindustry.protection import services as protection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db, clock, home, monkeypatch):
    import funding_world

    return funding_world.made(clock, home, monkeypatch)


def at_once(*acts):
    """Run acts in threads that set off together; each answers its result or the code of its refusal."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait(10)
            return act()
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result(30) for one in [pool.submit(run, act) for act in acts]]


def test_two_phones_start_one_application(world):
    found = at_once(*[lambda: funding.start("SMED-D-LOCAL", actor=world.owner, clock=world.clock)] * 4)
    assert len({one.id for one in found}) == 1
    assert ApplicationRow.objects.count() == 1


def test_a_double_press_sends_once(world):
    draft, key = world.draft(), new_id()
    agreed = frozenset({"entity.name_th"})

    def press():
        return funding.send(draft.id, consent_fields=agreed, key=key, version=draft.version, **world.how(world.owner))

    assert len({one.id for one in at_once(press, press, press)}) == 1
    assert len(protection.list_consents(application_id=draft.id)) == 1


def test_two_officers_decide_once(world):
    case = world.sent()
    answers = at_once(
        lambda: funding.approve(case.id, amount_satang=100, tenor_months=12, **world.how(world.smed)),
        lambda: funding.decline(case.id, reason_codes=["R2"], **world.how(world.smed_two)),
    )
    assert answers.count("step-out-of-order") == 1
    assert DecisionRow.objects.count() == 1


def test_payments_at_once_never_exceed_what_was_approved(world):
    case = world.sent()
    funding.approve(case.id, amount_satang=100, tenor_months=12, **world.how(world.smed))
    pay = lambda: funding.disburse(case.id, amount_satang=60, paid_on=world.clock.today(), **world.how(world.smed))  # noqa: E731
    assert sorted(map(str, at_once(pay, pay, pay)))[-2:] == ["amount-above-approved"] * 2
    assert [one.amount_satang for one in DisbursementRow.objects.order_by("tranche")] == [60]


def test_a_withdrawal_and_a_look_never_both_win_after_the_withdrawal(world):
    case = world.sent()
    at_once(
        lambda: protection.withdraw_consent(case.consent_id, actor=world.owner, clock=world.clock),
        lambda: funding.view_dossier(case.id, actor=world.smed, clock=world.clock),
    )
    [code] = at_once(lambda: funding.view_dossier(case.id, actor=world.smed, clock=world.clock))
    assert code == "consent-revoked"


def test_a_stale_version_loses(world):
    case = world.sent()
    claim = lambda who: lambda: funding.claim(case.id, version=case.version, actor=who, clock=world.clock)  # noqa: E731
    answers = at_once(claim(world.smed), claim(world.smed_two))
    lost = [one for one in answers if isinstance(one, str)]
    assert lost in (["changed-meanwhile"], ["claimed-by-another"])
