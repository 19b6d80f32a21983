from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from iindustry.funding import promise
from iindustry.funding.application import Application
from iindustry.funding.moves import Status

NOW = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
APPLICATION = Application(
    UUID(int=1), "I-7KQ2-93", 1, "ENT-0000000001X", "SMED-D-LOCAL", "sha256:0", "smed", "area", "49", Status.DRAFT, "portal",
    None, {}, NOW, None, None, None, None, None, 0, None, None, None, 0, None, 0, 0, 0, None,
)  # fmt: skip
SENT = replace(APPLICATION, status=Status.SENT, sent_at=datetime(2026, 11, 16, 3, 0, tzinfo=UTC))  # a Monday


@pytest.mark.parametrize(
    ("today", "day", "code"),
    [
        (date(2026, 11, 16), 0, "in_time"),
        (date(2026, 11, 20), 4, "in_time"),
        (date(2026, 11, 23), 5, "soon"),
        (date(2026, 11, 27), 9, "late"),
    ],
)
def test_working_days_are_counted_against_the_promise(today, day, code):
    past = promise.elapsed(SENT, today)
    assert (past.day, past.code) == (day, code)


def test_days_on_which_the_owner_was_asked_are_not_counted():
    asked = replace(SENT, status=Status.PAPERS_ASKED, stopped_since=date(2026, 11, 18))
    assert promise.elapsed(asked, date(2026, 11, 27)).day == 2
    assert promise.elapsed(asked, date(2026, 11, 27)).code == "stopped"


def test_a_draft_has_no_clock():
    assert promise.elapsed(APPLICATION, date(2026, 11, 22)) is None


def test_the_clock_stops_at_the_answer():
    decided = replace(SENT, status=Status.DECLINED, decided_at=datetime(2026, 11, 18, 3, 0, tzinfo=UTC))
    assert promise.elapsed(decided, date(2027, 1, 5)).day == 2
    assert set(promise.WORDS) >= {"answered", "stopped", "late", "soon", "in_time"}
