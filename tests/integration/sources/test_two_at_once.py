"""Two who act on one delivery at once: nothing is lost, nothing lies half written, and each is told what is so."""

from __future__ import annotations

import polars as pl
import pytest

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Rejected
from iindustry.sources import landing, periods, services, taking
from iindustry.sources.models import Delivery

pytestmark = pytest.mark.django_db

DIW = Actor(Role.AGENCY_OFFICER, person_id="p-1", organisation="diw")
STEWARD = Actor(Role.STEWARD, person_id="p-2", organisation="oie")
HEADING = "เลขที่คำสั่ง,เลขทะเบียนโรงงาน,ประเภท,สถานะ\n"


def orders(count, *, broken=()):
    """So many orders; the broken ones lack their status."""
    return HEADING + "".join(
        f"O-{number},20499000125617,สั่งปรับปรุงแก้ไข,{'' if number in broken else 'ยังไม่ปิด'}\n" for number in range(count)
    )


@pytest.fixture
def deliver(tmp_path, home, clock):
    def run(content, name="orders.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return services.deliver(path, source="orders", filename=name, actor=DIW, home=home, clock=clock)

    return run


@pytest.fixture
def held(deliver):
    """A delivery that waits for a steward, with two rows to be mended (the rows of the file are 2 and 3)."""
    deliver(orders(40))
    report = deliver(orders(10, broken=(0, 1)))
    assert report.status == "held"
    return report


@pytest.mark.parametrize(("accept", "status"), [(True, "accepted"), (False, "refused")])
def test_rows_mended_while_a_steward_decides_go_where_their_delivery_goes(
    held, home, *, clock, monkeypatch, accept, status
):
    """They left quarantine: held on their own, no page would show them and no release would reach them."""
    taken_in = landing.take_in

    def decided_meanwhile(*given, **how):
        services.release(held.delivery_id, accept=accept, actor=STEWARD, clock=clock)
        return taken_in(*given, **how)

    monkeypatch.setattr(landing, "take_in", decided_meanwhile)
    mended = services.mend(held.delivery_id, {2: {"order_status": "ยังไม่ปิด"}}, actor=DIW, home=home, clock=clock)
    assert mended.status == status
    assert set(Delivery.objects.exclude(period="x").values_list("status", flat=True)) == {"accepted", status}
    rows = sum(pl.read_parquet(one.accepted).height for one in services.in_force(home=home))
    assert rows == (9 if accept else 40)


@pytest.fixture
def waiting(home, clock):
    return services.receive(
        iter([orders(5).encode()]), filename="orders.csv", source="orders", actor=DIW, home=home, clock=clock
    )


@pytest.mark.parametrize("is_read", [False, True])
def test_a_button_pressed_twice_reads_the_file_once(waiting, home, clock, monkeypatch, is_read):
    """The second press runs to its end before the first has read, or after: both had read and written in one folder."""
    take, answers = taking.take, []

    def while_it_is_read(*given, **how):
        monkeypatch.setattr(taking, "take", take)
        done = take(*given, **how) if is_read else None
        answers.append(services.deliver_incoming(waiting, actor=DIW, home=home, clock=clock))
        return done or take(*given, **how)

    monkeypatch.setattr(taking, "take", while_it_is_read)
    first = services.deliver_incoming(waiting, actor=DIW, home=home, clock=clock)
    assert (first.duplicate, answers[0].duplicate) == (True, False)
    assert first.delivery_id == answers[0].delivery_id
    [kept] = services.in_force(home=home)
    assert pl.read_parquet(kept.accepted).height == 5
    left = [one.name for one in (home.landing / ".incoming").iterdir()]
    assert left == [], "nothing is left waiting"


def test_a_file_that_was_finished_with_meanwhile_is_not_there(waiting, home, clock):
    ready = landing.waiting(waiting, home=home, source="orders", sha256="0" * 64)
    landing.discard(ready)
    assert landing.apart(ready, home=home) is None
    assert list((home.landing / ".incoming").iterdir()) == []


@pytest.mark.parametrize("period", ["0000-05", "0026-10", "1200-01", "๐๐๐๐-๐๑"])
def test_a_year_that_no_register_has_is_refused_and_breaks_nothing(period):
    """The year nought was a fault of the server; the year 26 put the file behind every other without a word."""
    with pytest.raises(Rejected, match="period-unreadable"):
        periods.normalised(period)


@pytest.mark.parametrize(
    ("mode", "scope", "is_whole"),
    [("replace", "all", True), ("event", "all", True), ("upsert", "all", False), ("replace", "province=10", False)],
)
def test_only_a_delivery_of_everything_is_whole(deliver, home, mode, scope, is_whole):
    report = deliver(orders(3))
    Delivery.objects.filter(id=report.delivery_id).update(mode=mode, scope=scope)
    assert [one.is_whole for one in services.in_force(home=home)] == [is_whole]


def test_rows_that_were_mended_count_when_a_file_falls(deliver, home, clock):
    """Of 40 orders 30 came in by mending: a file of 8 would take away 32 of them, not 2."""
    first = deliver(orders(40, broken=range(30)))
    assert (first.accepted, first.quarantined) == (10, 30)
    mended = {row: {"order_status": "ยังไม่ปิด"} for row in range(2, 32)}
    services.mend(first.delivery_id, mended, actor=DIW, home=home, clock=clock)
    assert deliver(orders(8)).status == "held"
