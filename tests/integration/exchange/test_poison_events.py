"""One event that no calendar holds is refused by itself: it stops neither its batch nor the answer."""

from __future__ import annotations

import pytest

UNDERWRITING = "LOAN_UNDERWRITING"
FAR = {
    "due_at": "9999-12-31T23:59:59+00:00",
    "expected_on": "2569-12-01",  # a year of the Buddhist era, sent as one of the common era
}


def _news(client, application, member):
    kind, data = {
        "due_at": ("loan.application.received", {"bank_ref": "EX-7"}),
        "expected_on": ("loan.application.progressed", {"stage": "screening"}),
    }[member]
    return client.event(kind, str(application.id), data | {member: FAR[member]})


@pytest.mark.parametrize("member", sorted(FAR))
def test_a_day_outside_the_calendar_is_the_events_own_fault(exim, apply, member):
    application = apply()
    with exim.client() as client:
        good = client.event("loan.application.received", str(application.id), {"bank_ref": "EX-8"})
        results = client.send_events([_news(client, application, member), good], purpose=UNDERWRITING)
    assert [(one.is_accepted, one.code) for one in results] == [(False, "event-invalid"), (True, None)]
