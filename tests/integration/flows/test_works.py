"""Progress shows while work runs, and what ended is never written to again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from iindustry.flows import services as flows
from iindustry.flows.works import Steps
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.clock import FixedClock
from iindustry.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db(transaction=True)


class Walking:
    """A clock that goes on by a fixed step each time it is asked."""

    def __init__(self, start, step):
        self.at, self.step = start, step

    def now(self):
        self.at += self.step
        return self.at

    def today(self):
        return self.at.date()


def test_asking_twice_gives_the_piece_that_is_under_way(clock):
    first = flows.begin("make_country", SYSTEM, clock=clock)
    assert flows.begin("make_country", SYSTEM, clock=clock) == first
    with flows.running(first, clock=clock):
        assert flows.begin("make_country", SYSTEM, clock=clock) == first
    assert flows.begin("make_country", SYSTEM, clock=clock) != first


def test_a_build_asked_for_while_one_runs_is_the_build_after_it(clock):
    """because the running one read its deliveries when it began, and what came since would wait for nobody."""
    first = flows.begin("rebuild_register", SYSTEM, clock=clock)
    assert flows.begin("rebuild_register", SYSTEM, clock=clock) == first
    with flows.running(first, clock=clock):
        second = flows.begin("rebuild_register", SYSTEM, clock=clock)
        assert second != first
        assert flows.begin("rebuild_register", SYSTEM, clock=clock) == second


def test_progress_shows_before_the_works_own_transaction_commits(clock):
    work = flows.begin("rebuild_register", SYSTEM, clock=clock)
    other = connection.copy("looking")
    try:
        with flows.running(work, clock=clock) as (steps, _), transaction.atomic():
            steps("link", 3, 10)
            with other.cursor() as cursor:
                cursor.execute("SELECT phase, done, total, status FROM flows_work WHERE id = %s", [work])
                assert cursor.fetchone() == ("link", 3, 10, "running")
    finally:
        other.close()


def test_a_rolled_back_work_still_says_how_far_it_came(clock):
    work = flows.begin("rebuild_register", SYSTEM, clock=clock)

    def broken_off():
        with flows.running(work, clock=clock) as (steps, outcome):
            outcome.facts["records"] = 7
            steps("publish", 1, 4)
            raise Conflict("nothing-delivered")

    with pytest.raises(Conflict):
        broken_off()
    view = flows.progress_of(work)
    assert (view.status, view.phase, view.error_code) == ("failed", "publish", "nothing-delivered")
    assert view.result == {"records": 7}
    assert not view.is_open


def test_a_fault_of_ours_is_no_content_in_the_row(clock):
    work = flows.begin("rebuild_register", SYSTEM, clock=clock)
    with pytest.raises(ZeroDivisionError), flows.running(work, clock=clock):
        raise ZeroDivisionError("ชื่อคน 1234567890123")
    view = flows.progress_of(work)
    assert view.error_code == "work-broke"
    assert view.error_facts == {}


def test_phases_are_timed_by_the_clock_that_was_given(clock):
    walking = Walking(clock.now(), timedelta(seconds=1))
    work = flows.begin("make_country", SYSTEM, clock=walking)
    with flows.running(work, clock=walking) as (steps, _):
        steps("deliver")
        steps("link")
    view = flows.progress_of(work)
    assert [one.phase for one in view.phases] == ["deliver", "link"]
    assert all(one.seconds >= 1 for one in view.phases)
    assert (view.status, view.phase) == ("done", "done")


def test_steps_within_a_phase_are_throttled_but_the_last_is_written(clock):
    work = flows.begin("make_country", SYSTEM, clock=clock)
    with flows.running(work, clock=clock) as (steps, _):
        steps("deliver", 1, 10)
        steps("deliver", 2, 10)
        assert flows.progress_of(work).done == 1
        steps("deliver", 10, 10)
        assert flows.progress_of(work).done == 10


def test_what_ended_is_not_written_to_again(clock):
    work = flows.begin("make_country", SYSTEM, clock=clock)
    with flows.running(work, clock=clock):
        pass
    late = connection.copy("late")
    try:
        Steps(work, clock, late)("link", 5, 9)
    finally:
        late.close()
    assert (flows.progress_of(work).phase, flows.progress_of(work).done) == ("done", 0)


def test_the_latest_piece_is_the_one_asked_for_last(clock):
    assert flows.latest_work("make_country") is None
    first = flows.begin("make_country", SYSTEM, clock=clock)
    with flows.running(first, clock=clock):
        pass
    later = FixedClock(clock.now() + timedelta(minutes=1))
    second = flows.begin("make_country", SYSTEM, clock=later)
    assert flows.latest_work("make_country").work_id == second
    assert [one.work_id for one in flows.list_work(limit=1)] == [second]


def test_an_unknown_piece_is_absent():
    with pytest.raises(NotFound, match="work-absent"):
        flows.progress_of(UUID(int=0))
