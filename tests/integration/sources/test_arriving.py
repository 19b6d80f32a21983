"""A file is received as a stream, looked at, mapped once and delivered by a job; killed anywhere it is delivered once."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import FixedClock
from iindustry.kernel.errors import Denied, NotFound, Rejected
from iindustry.sources import landing, rows, services
from iindustry.sources.models import Delivery, HeldRow, KnownMapping
from iindustry.sources.services import arriving, store

pytestmark = pytest.mark.django_db

CLERK = Actor(Role.AGENCY_OFFICER, person_id="p-wipa", organisation="dip")
OTHER = Actor(Role.AGENCY_OFFICER, person_id="p-x", organisation="tisi")
STEWARD = Actor(Role.STEWARD, person_id="p-chai", organisation="oie")
KNOWN = (
    "รหัสผู้เข้าร่วม,โครงการ,ปีงบประมาณ,ชื่อสถานประกอบการ,เลขประจำตัวผู้เสียภาษี,จังหวัด\n"
    "P-1,ก,2569,บริษัท ตัวอย่างหนึ่ง จำกัด,0105558197632,ชลบุรี\nP-2,ก,2569,,,ชลบุรี\n"
)
STRANGE = (
    "ลำดับ,รหัสผู้สมัคร,ชื่อกิจการ,เลขภาษี,โครงการที่เข้าร่วม,ที่อยู่,ปีงบ\n"
    "1,A-{n}1,บริษัท ตัวอย่างหนึ่ง จำกัด,0105558197632,ยกระดับ,1 ต.ทุ่งสุขลา อ.ศรีราชา จ.ชลบุรี,2569\n"
    "2,A-{n}2,ร้านสมมติ,1234567890121,ยกระดับ,2 ต.ในเมือง อ.เมือง จ.ขอนแก่น,2569\n"
)


@pytest.fixture
def receive(home, clock):
    def run(text, *, actor=CLERK, source="dip", filename="file.csv", **options):
        content = text.encode()
        pieces = [content[place : place + 50] for place in range(0, len(content), 50)]
        return services.receive(
            pieces, filename=filename, source=source, actor=actor, home=home, clock=clock, **options
        )

    return run


def waiting(home):
    folder = home.landing / ".incoming"
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def test_a_known_layout_is_looked_at_and_delivered_with_its_bytes(receive, home, clock):
    incoming = receive(KNOWN, period="2569-10")
    look = services.look_at(incoming, actor=CLERK, home=home, clock=clock)
    assert (look.layout, look.remembered, look.period, look.unknown) == ("participants", False, "2026-10", ())
    assert [(row["participant_id"], row["province"]) for row in look.sample] == [("P-1", "ชลบุรี"), ("P-2", "ชลบุรี")]
    told = []
    report = services.deliver_incoming(
        incoming, actor=CLERK, home=home, clock=clock, progress=lambda *said: told.append(said[0])
    )
    assert (report.accepted, report.quarantined, report.period) == (1, 1, "2026-10")
    assert (home.landing / "dip" / report.delivery_id / "original").read_bytes() == KNOWN.encode()
    assert sorted(path.name for path in (home.landing / "dip" / report.delivery_id).iterdir()) == [
        "accepted.parquet", "manifest.json", "original", "quarantined.parquet",
    ]  # fmt: skip
    assert (waiting(home), told[0], told[-1]) == ([], "deliver.read", "deliver.record")


def test_a_mapping_is_confirmed_once_and_used_next_month(receive, home, clock):
    incoming = receive(STRANGE.format(n=1))
    look = services.look_at(incoming, actor=CLERK, home=home, clock=clock)
    assert (look.layout, look.remembered, look.mapping.is_whole) == (None, False, True)
    with pytest.raises(Rejected, match=r"layout-unknown|column-missing"):
        services.deliver_incoming(incoming, actor=CLERK, home=home, clock=clock)
    first = services.deliver_incoming(
        incoming, mapping=look.mapping.mapping().document(), actor=CLERK, home=home, clock=clock
    )
    assert (first.accepted, first.quarantined) == (2, 0)
    month = receive(STRANGE.format(n=2))
    again = services.look_at(month, actor=CLERK, home=home, clock=clock)
    assert (again.layout, again.remembered) == ("participants", True)
    assert [row["province"] for row in again.sample] == ["ชลบุรี", "ขอนแก่น"]
    second = services.deliver_incoming(month, actor=CLERK, home=home, clock=clock)
    assert second.accepted == 2
    assert (KnownMapping.objects.count(), Delivery.objects.exclude(mapping=None).count()) == (1, 2)
    with pytest.raises(Rejected):
        services.deliver_incoming(receive(STRANGE.format(n=3), actor=STEWARD), actor=STEWARD, home=home, clock=clock)


def test_rows_read_by_a_mapping_are_mended_by_it(receive, home, clock):
    text = "fid,Owner,Prov,Capital\n20500000325535,บริษัท ก จำกัด,เชียงใหม่,1\n10840002225552,,ตาก,7\n"
    mapping = {
        "layout": "factories",
        "columns": {
            "factory_id": "fid", "operator": "Owner", "province": "Prov",
            "investment_satang": {"column": "Capital", "unit": "baht"},
        },
    }  # fmt: skip
    actor = Actor(Role.AGENCY_OFFICER, person_id="p-1", organisation="diw")
    incoming = receive(text, source="diw", actor=actor)
    first = services.deliver_incoming(incoming, mapping=mapping, actor=actor, home=home, clock=clock)
    assert (first.accepted, first.quarantined) == (1, 1)
    mended = services.mend(first.delivery_id, {3: {"operator": "บริษัท ข จำกัด"}}, actor=actor, home=home, clock=clock)
    frames = [pl.read_parquet(one.accepted) for one in services.in_force(home=home)]
    assert mended.accepted == 1
    assert sorted(pl.concat(frames, how="diagonal")["investment_satang"].to_list()) == [100, 700]


def test_a_file_that_is_no_table_is_refused_when_looked_at_and_waits(receive, home, clock):
    incoming = receive("%PDF-1.7 ...")
    with pytest.raises(Rejected, match="file-type-unknown"):
        services.look_at(incoming, actor=CLERK, home=home, clock=clock)
    services.forget_incoming(incoming, actor=CLERK, home=home)
    assert waiting(home) == []


def test_a_waiting_file_is_its_organisations_alone(receive, home, clock):
    with pytest.raises(Denied, match="source-not-yours"):
        receive(KNOWN, actor=OTHER)
    incoming = receive(KNOWN)
    for act in (services.look_at, services.deliver_incoming):
        with pytest.raises(NotFound, match="incoming-unknown"):
            act(incoming, actor=OTHER, home=home, clock=clock)
    for strange in ("../../keys", "nothing", ""):
        with pytest.raises(NotFound, match="incoming-unknown"):
            services.look_at(strange, actor=CLERK, home=home, clock=clock)


def test_a_stream_that_breaks_or_is_too_large_leaves_nothing(receive, home, clock, monkeypatch):
    def broken():
        yield b"abc"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        services.receive(broken(), filename="f.csv", source="dip", actor=CLERK, home=home, clock=clock)
    monkeypatch.setattr(arriving, "MOST_TEXT", 100)
    with pytest.raises(Rejected, match="file-too-large"):
        receive(KNOWN)
    with pytest.raises(Rejected, match="file-empty"):
        receive("")
    assert waiting(home) == []


@pytest.mark.parametrize("where", ["before the folder is renamed", "before the rows are written", "after all"])
def test_a_job_that_was_killed_is_begun_again(receive, home, clock, monkeypatch, where):
    """What a killed job leaves: the renaming done and the rows not, or all of it done and the ticket still there."""
    incoming = receive(KNOWN)
    place = {
        "before the folder is renamed": (landing, "write_manifest"),
        "before the rows are written": (store, "_save_details"),
        "after all": (landing, "discard"),
    }[where]

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(*place, killed)
        with pytest.raises(KeyboardInterrupt):
            services.deliver_incoming(incoming, actor=CLERK, home=home, clock=clock)
    report = services.deliver_incoming(incoming, actor=CLERK, home=home, clock=clock)
    assert (report.accepted, report.quarantined, report.duplicate) == (1, 1, where == "after all")
    assert Delivery.objects.count() == 1
    assert (home.landing / "dip" / report.delivery_id / "original").read_bytes() == KNOWN.encode()
    assert waiting(home) == []


def test_what_nobody_came_back_for_is_swept_away(receive, home, clock):
    kept = receive(KNOWN)
    left = landing.take_pieces([b"left by a killed process"], home=home).folder
    now = datetime.now(UTC)
    assert services.sweep(home=home, clock=FixedClock(now)) == 0
    assert services.sweep(home=home, clock=FixedClock(now + timedelta(hours=3))) == 1
    assert (left.exists(), waiting(home)) == (False, [kept, f"{kept}.json"])
    assert services.sweep(home=home, clock=FixedClock(now + timedelta(hours=49))) == 1
    assert waiting(home) == []
    os.utime(home.landing / ".incoming")
    assert services.sweep(home=home, clock=clock) == 0


def test_the_count_of_waiting_rows_holds_those_that_are_not_kept_one_by_one(receive, home, clock, monkeypatch):
    monkeypatch.setattr(rows, "MOST_HELD_BACK", 2)
    text = KNOWN + "".join(f"P-{number},ก,2569,,,ตาก\n" for number in range(3, 8))
    first = services.deliver_incoming(receive(text), actor=CLERK, home=home, clock=clock)
    assert (first.quarantined, HeldRow.objects.count(), services.quarantined_count(first.delivery_id)) == (6, 2, 6)
    services.mend(first.delivery_id, {3: {"name": "ร้านสอง"}, 4: {"phone": "1"}}, actor=CLERK, home=home, clock=clock)
    assert services.quarantined_count(first.delivery_id) == 5
