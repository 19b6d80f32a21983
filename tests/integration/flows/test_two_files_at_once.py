"""Two agencies send a large file at the same time: each is read, and each sees where its own is."""

from __future__ import annotations

import pytest

from iindustry.config import jobs
from iindustry.flows import works
from iindustry.flows.phases import WorkStatus
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.ids import new_id

pytestmark = pytest.mark.django_db

DIP = Actor(Role.AGENCY_OFFICER, person_id=str(new_id()), organisation="dip")
DIW = Actor(Role.AGENCY_OFFICER, person_id=str(new_id()), organisation="diw")


@pytest.mark.parametrize("status", [WorkStatus.WAITING, WorkStatus.RUNNING])
def test_a_file_is_a_piece_of_work_of_its_own_while_anothers_is_open(clock, status):
    first = works.begin("deliver_file", DIP, clock=clock, subject="a")
    works.Work.objects.update(status=status)
    second = works.begin("deliver_file", DIW, clock=clock, subject="b")
    assert first != second
    assert works.begin("deliver_file", DIP, clock=clock, subject="a") == first, "pressed twice, it is read once"
    assert works.latest_work("deliver_file", subject="b").asked_by == DIW.tag


def test_each_file_has_a_job(clock, monkeypatch):
    """The second had none: its page was absent, and two days later its file was swept away."""
    asked = []
    monkeypatch.setattr(jobs, "_defer_once", lambda task, work_id, given: asked.append(given["incoming_id"]))
    assert jobs.ask_delivery("a", actor=DIP) != jobs.ask_delivery("b", actor=DIW)
    assert asked == ["a", "b"]
