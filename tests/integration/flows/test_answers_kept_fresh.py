"""When another library is in force, the worker answers the register anew; it does so once, and what is cut is begun again."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from iindustry.config import jobs
from iindustry.flows import services as flows
from iindustry.flows.models import Work
from iindustry.insight import services as insight
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.ledger import services as ledger
from iindustry.programmes import services as programmes
from tests.integration.programmes.test_evaluate_all import WHOLE

pytestmark = pytest.mark.django_db(transaction=True)
VERSION = "2026-11-22.1"
NAME = "SMED-D-LOCAL"


@pytest.fixture
def folder(settings, home, monkeypatch):
    settings.HOME = home
    monkeypatch.setattr(ledger, "unsealed_count", lambda: 0)
    folder = home.register / VERSION
    folder.mkdir(parents=True)
    WHOLE["enterprise"].write_parquet(folder / "enterprises.parquet")
    WHOLE["establishment"].write_parquet(folder / "establishments.parquet")
    (home.register / "CURRENT").write_text(VERSION, encoding="ascii")
    flows.evaluate(home=home, as_of=SystemClock().today())
    return folder


def suspend():
    officer = Actor(Role.BANK_OFFICER, "orapin", "smed")
    programmes.suspend(NAME, reason="ทดสอบ", actor=officer, clock=SystemClock())


def beat():
    """The beat that looks at the answers; which works there are then."""
    jobs.beat(jobs._EVALUATE_EVERY_BEATS - 1, is_only=True)
    return list(Work.objects.filter(kind="evaluate_register").order_by("asked_at"))


def answered(folder):
    return set(pl.read_parquet(folder / programmes.ELIGIBILITY)["programme"])


def test_a_suspension_is_followed_by_one_evaluation(folder):
    assert beat() == []
    assert NAME in answered(folder)
    suspend()
    (work,) = beat()
    assert beat() == [work], "asked for twice"
    assert NAME in answered(folder), "evaluated by the beat itself"
    jobs.evaluate_register(str(work.id))
    assert NAME not in answered(folder)
    (after,) = beat()
    assert after.status == "done"


def test_what_another_run_did_meanwhile_is_not_done_again(folder, settings, monkeypatch):
    suspend()
    (work,) = beat()
    flows.evaluate(home=settings.HOME, as_of=SystemClock().today())
    monkeypatch.setattr(flows, "evaluate", lambda **_: pytest.fail("evaluated again"))
    jobs.evaluate_register(str(work.id))
    assert [one.status for one in beat()] == ["done"]


def test_an_evaluation_that_is_cut_is_begun_again_and_one_that_failed_not_at_once(folder, settings, monkeypatch):
    suspend()
    (work,) = beat()
    with monkeypatch.context() as patch:
        patch.setattr(insight, "prepare", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            jobs.evaluate_register(str(work.id))
    assert not list(folder.glob("*.draft"))
    assert programmes.is_behind(settings.HOME, today=SystemClock().today())
    assert [one.status for one in beat()] == ["failed"]
    Work.objects.update(finished_at=SystemClock().now() - timedelta(hours=2))
    _, again = beat()
    jobs.evaluate_register(str(again.id))
    assert not programmes.is_behind(settings.HOME, today=SystemClock().today())
