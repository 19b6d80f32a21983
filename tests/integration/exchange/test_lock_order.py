"""Desk and machine take the locks of a case in one order: the application, then its consent."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from iindustry.exchange import services as exchange
from iindustry.funding import services as funding
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import SystemClock

pytestmark = pytest.mark.django_db

_LOCKED = re.compile(r'FROM "(funding_applicationrow|protection_consent_state)".*FOR UPDATE', re.DOTALL)
ORDER = ["funding_applicationrow", "protection_consent_state"]


def first_locks(act):
    """The tables whose rows an act locks, each once, in order."""
    with CaptureQueriesContext(connection) as queries:
        act()
    found = [match[1] for one in queries if (match := _LOCKED.search(one["sql"]))]
    return list(dict.fromkeys(found))


def test_an_officer_locks_the_case_before_its_consent(apply):
    case = apply()
    officer = Actor(Role.BANK_OFFICER, person_id="01900000-0000-7000-8000-000000000001", organisation="exim")
    found = first_locks(
        lambda: funding.decline(
            case.id, reason_codes=("R1",), actor=officer, clock=SystemClock(), announce=exchange.announce
        )
    )
    assert found == ORDER


def test_a_banks_system_locks_the_case_before_its_consent(exim, apply):
    case = apply()
    client = exim.client()
    data = {"consent_id": str(case.consent_id), "decision": "declined", "reason_codes": ["R1"]}
    event = client.event(
        "loan.application.decided", str(case.id), {**data, "decided_at": SystemClock().now().isoformat()}
    )
    answers = []
    assert first_locks(lambda: answers.extend(client.send_events([event]))) == ORDER
    assert [one.is_accepted for one in answers] == [True]
