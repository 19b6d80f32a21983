"""A case consent lasts 90 days for an undecided case, and until the case is closed for one that was decided in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from iindustry.kernel.ids import new_id
from iindustry.protection.consent import ENDED, Consent, ConsentStatus
from iindustry.protection.purposes import Usage

GIVEN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ENDS = GIVEN + timedelta(days=90)
IN_TIME, LATE = ENDS - timedelta(seconds=1), ENDS
CASE = Consent(
    new_id(), 1, ConsentStatus.ACTIVE, "ENT-1", "TH-TEST/BANK/0994000000022/loans", "LOAN_UNDERWRITING", (), Usage.CASE, GIVEN, ENDS
)  # fmt: skip


@pytest.mark.parametrize(("status", "reason"), [(ConsentStatus.ACTIVE, None), (ConsentStatus.EXPIRED, ENDED)])
def test_decided_in_time_it_serves_after_its_last_day(status, reason):
    one = replace(CASE, status=status, reason=reason).until_closed(IN_TIME)
    assert one.is_live(ENDS + timedelta(days=4000))
    assert replace(one, status=status, reason=reason, expires_at=ENDS) == replace(CASE, status=status, reason=reason)


@pytest.mark.parametrize("decided_at", [None, LATE, LATE + timedelta(days=1)])
def test_undecided_or_decided_too_late_it_ends_on_its_day(decided_at):
    assert CASE.until_closed(decided_at) is CASE


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (ConsentStatus.PENDING, None),
        (ConsentStatus.PAUSED, "paused-by-enterprise"),
        (ConsentStatus.REVOKED, "withdrawn"),
        (ConsentStatus.EXPIRED, "case-closed"),
        (ConsentStatus.USED, "used"),
    ],
)
def test_what_was_taken_back_paused_or_closed_stays_so(status, reason):
    one = replace(CASE, status=status, reason=reason)
    assert one.until_closed(IN_TIME) is one


@pytest.mark.parametrize("usage", [Usage.ONE_TIME, Usage.RECURRING])
def test_no_other_consent_outlives_its_day(usage):
    one = replace(CASE, usage=usage)
    assert one.until_closed(IN_TIME) is one
