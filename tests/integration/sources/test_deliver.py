"""A delivery is taken in whole: every row accepted or set aside, once, whatever happens twice."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.ledger import services as ledger
from iindustry.sources import services
from iindustry.sources.models import Delivery, HeldRow

pytestmark = pytest.mark.django_db

CLERK = Actor(Role.AGENCY_OFFICER, person_id="p-wipa", organisation="dip")
OTHER = Actor(Role.AGENCY_OFFICER, person_id="p-x", organisation="tisi")
STEWARD = Actor(Role.STEWARD, person_id="p-chai", organisation="oie")

DIP = (
    "รหัสผู้เข้าร่วม,โครงการ,ปีงบประมาณ,ชื่อสถานประกอบการ,ชื่อภาษาอังกฤษ,เลขประจำตัวผู้เสียภาษี,ชื่อผู้ติดต่อ,โทรศัพท์,อีเมล,จังหวัด,อำเภอ,ตำบล,ผลลัพธ์\n"
    "P-1,ยกระดับผลิตภาพ,2569,บริษัท ตัวอย่างหนึ่ง จำกัด,,0105558197632,สมศรี,0812345678,a@example.org,ชลบุรี,ศรีราชา,ทุ่งสุขลา,ผ่าน\n"
    "P-2,ยกระดับผลิตภาพ,2569,,,,,,,ชลบุรี,,,ผ่าน\n"
    "P-3,ยกระดับผลิตภาพ,2569,ร้าน ตัวอย่างสาม,,1234567890121,,,,เมืองทิพย์,,,ผ่าน\n"
    "P-4,ยกระดับผลิตภาพ,1569,ร้าน ตัวอย่างสี่,,,,,,กทม.,,,ไม่ผ่าน\n"
    "P-5,ยกระดับผลิตภาพ,2568,นาย สมมติ ไม่มีจริง,,1234567890121,,,,จ.ตาก,,,ผ่าน\n"
)


@pytest.fixture
def deliver(tmp_path, home, clock):
    def run(content, *, source="dip", filename="file.csv", actor=CLERK, **options):
        path = tmp_path / filename
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return services.deliver(path, source=source, filename=filename, actor=actor, home=home, clock=clock, **options)

    return run


def accepted(home):
    frames = [pl.read_parquet(one.accepted) for one in services.in_force(home=home)]
    return pl.concat(frames, how="diagonal") if frames else pl.DataFrame()


def test_three_broken_rows_are_set_aside_with_the_cell_and_the_reason(deliver, home):
    report = deliver(DIP)
    assert (report.rows, report.accepted, report.quarantined) == (5, 2, 3)
    waiting = services.list_quarantined(report.delivery_id, limit=10)
    assert [(one.row, one.reasons[0].code, one.reasons[0].column) for one in waiting] == [
        (3, "value-missing", "name"),
        (4, "province-unknown", "province"),
        (5, "fiscal-year-impossible", "fiscal_year_be"),
    ]
    assert accepted(home)["record_key"].to_list() == ["P-1", "P-5"]


def test_a_citizen_id_is_nowhere_plain_but_in_the_landing_folder(deliver, home):
    report = deliver(DIP)
    frame = accepted(home)
    assert "1234567890121" not in json.dumps(frame.to_dicts(), default=str)
    assert frame["person_tag"].to_list()[0] is None
    assert len(frame["person_tag"].to_list()[1]) == 64
    rows = list(HeldRow.objects.order_by("row").values_list("cells", flat=True))
    assert "1234567890121" not in json.dumps(rows)
    assert rows[1]["juristic_id"] == "x-xxxx-xxxxx-xx-1"
    assert "1234567890121" not in str(services.list_findings(report.delivery_id, limit=100))


WRITTEN_BESIDE = (
    DIP.splitlines()[0] + "\n"
    "P-1,ยกระดับผลิตภาพ,2569,นาย สมมติ 1234567890121,,,,,,ตาก,,,ผ่าน บัตร 1-2345-67890-12-1\n"
    "P-2,ยกระดับผลิตภาพ,2569,ร้าน ๑๒๓๔๕๖๗๘๙๐๑๒๑,,,,1–2345–67890–12–1,,ตาก,,,เลขที่งาน 1234567890122\n"
    "P-3,ยกระดับผลิตภาพ,2569,ร้าน ๑๒๓๔๕๖๗๘๙๐๑๒๑,,,,1–2345–67890–12–1,,เมืองทิพย์,,,ผ่าน\n"
)


def test_a_citizen_id_written_beside_a_name_goes_no_further(deliver, home):
    report = deliver(WRITTEN_BESIDE, filename="1234567890121 สมมติ.csv")
    rows = accepted(home).sort("record_key").to_dicts()
    assert [row["name"] for row in rows] == ["นาย สมมติ x-xxxx-xxxxx-xx-1", "ร้าน x-xxxx-xxxxx-xx-1"]
    assert rows[0]["result"] == "ผ่าน บัตร x-xxxx-xxxxx-xx-1"
    assert rows[1]["phone"] == "x-xxxx-xxxxx-xx-1"
    assert rows[1]["result"] == "เลขที่งาน 1234567890122", "thirteen digits that are no citizen id are business"
    waiting = services.list_quarantined(report.delivery_id, limit=10)[0].cells
    assert (waiting["name"], waiting["phone"]) == ("ร้าน x-xxxx-xxxxx-xx-1", "x-xxxx-xxxxx-xx-1")
    assert report.filename == "x-xxxx-xxxxx-xx-1 สมมติ.csv"


def test_columns_that_nobody_needs_are_dropped(deliver, home):
    deliver(DIP)
    assert {"contact_name", "email"} & set(accepted(home).columns) == set()


def test_the_same_bytes_twice_are_one_delivery(deliver, home):
    first, second = deliver(DIP), deliver(DIP, filename="other.csv")
    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.delivery_id == second.delivery_id
    assert Delivery.objects.count() == 1
    assert len(ledger.list_entries(kind="delivery.received", limit=10)) == 1


def test_mended_rows_join_and_leave_quarantine_in_one_act(deliver, home, clock):
    first = deliver(DIP)
    mended = {
        3: {"name": "ร้าน ตัวอย่างสอง"},
        4: {"province": "ตาก", "juristic_id": "x-xxxx-xxxxx-xx-1"},
        5: {"fiscal_year_be": "2569"},
    }
    report = services.mend(first.delivery_id, mended, actor=CLERK, home=home, clock=clock)
    assert (report.rows, report.accepted, report.quarantined, report.mends) == (3, 3, 0, first.delivery_id)
    assert services.list_quarantined(first.delivery_id, limit=10) == []
    frame = accepted(home).sort("record_key")
    assert frame["record_key"].to_list() == ["P-1", "P-2", "P-3", "P-4", "P-5"]
    assert frame["person_tag"][2] == frame["person_tag"][4], "the citizen id as first sent stands behind its mask"
    again = services.mend(first.delivery_id, mended, actor=CLERK, home=home, clock=clock)
    assert again.duplicate
    with pytest.raises(Conflict, match="rows-not-waiting"):
        services.mend(first.delivery_id, {3: {"name": "อีกครั้ง"}}, actor=CLERK, home=home, clock=clock)


def test_a_row_that_still_fails_waits_in_the_mending_delivery(deliver, home, clock):
    first = deliver(DIP)
    report = services.mend(
        first.delivery_id, {4: {"province": "เมืองทอง"}, 3: {"name": "ร้านสอง"}}, actor=CLERK, home=home, clock=clock
    )
    assert (report.rows, report.accepted, report.quarantined) == (2, 1, 1)
    waiting = services.list_quarantined(first.delivery_id, limit=10)
    assert [(one.row, one.delivery_id) for one in waiting] == [(4, report.delivery_id), (5, first.delivery_id)]
    second = services.mend(report.delivery_id, {4: {"province": "ชลบุรี"}}, actor=CLERK, home=home, clock=clock)
    assert (second.accepted, second.mends) == (1, first.delivery_id)
    assert [one.row for one in services.list_quarantined(first.delivery_id, limit=10)] == [5]


def test_faulty_rows_go_out_as_a_workbook_and_come_back_mended(deliver, home, clock, tmp_path):
    from openpyxl import load_workbook

    first = deliver(DIP.replace("ร้าน ตัวอย่างสาม", "=HYPERLINK(1)"))
    path = tmp_path / "faulty.xlsx"
    path.write_bytes(services.faulty_rows_workbook(first.delivery_id, actor=CLERK))
    book = load_workbook(path)
    sheet = book.active
    heading = [cell.value for cell in sheet[1]]
    assert heading[:2] == ["แถวที่", "สิ่งที่ต้องแก้"]
    assert "จังหวัด" in sheet.cell(3, 2).value
    name = heading.index("ชื่อสถานประกอบการ") + 1
    assert sheet.cell(3, name).value == "'=HYPERLINK(1)"
    sheet.cell(2, name).value = "ร้านสอง"
    sheet.cell(3, heading.index("จังหวัด") + 1).value = "ตาก"
    sheet.cell(4, heading.index("ปีงบประมาณ") + 1).value = 2569
    book.save(path)
    mended = services.mends_from_workbook(first.delivery_id, path, actor=CLERK)
    report = services.mend(first.delivery_id, mended, actor=CLERK, home=home, clock=clock)
    assert (report.accepted, report.quarantined) == (3, 0)
    assert "=HYPERLINK(1)" in accepted(home)["name"].to_list()


def test_another_agency_may_not_deliver_nor_know(deliver, home, clock):
    with pytest.raises(Denied, match="source-not-yours"):
        deliver(DIP, actor=OTHER)
    report = deliver(DIP)
    with pytest.raises(NotFound, match="delivery-unknown"):
        services.get_delivery(report.delivery_id, actor=OTHER)
    with pytest.raises(NotFound, match="delivery-unknown"):
        services.mend(report.delivery_id, {3: {"name": "x"}}, actor=OTHER, home=home, clock=clock)


TISI = "เลขที่ใบอนุญาต,มาตรฐานเลขที่,ผู้รับใบอนุญาต,จังหวัด\n"


def test_a_whole_register_replaces_the_one_before_and_a_large_fall_waits(deliver, home, clock):
    def rows(count, mark):
        return TISI + "".join(f"L{number}-{mark},มอก. 1,บริษัท ก{number} จำกัด,ตาก\n" for number in range(count))

    big = deliver(rows(40, "a"), source="tisi", actor=OTHER)
    near = deliver(rows(39, "b"), source="tisi", actor=OTHER)
    assert [one.delivery_id for one in services.in_force(home=home)] == [near.delivery_id]
    small = deliver(rows(5, "c"), source="tisi", actor=OTHER)
    assert small.status == "held"
    assert [one.delivery_id for one in services.in_force(home=home)] == [near.delivery_id]
    with pytest.raises(Denied):
        services.release(small.delivery_id, accept=True, actor=OTHER, clock=clock)
    services.release(small.delivery_id, accept=True, actor=STEWARD, clock=clock)
    assert [one.delivery_id for one in services.in_force(home=home)] == [small.delivery_id]
    assert big.status == "accepted"


def test_a_file_of_an_older_period_that_comes_late_does_not_replace(deliver, home):
    new = deliver(TISI + "L1,มอก. 1,บริษัท ก จำกัด,ตาก\n", source="tisi", actor=OTHER, period="2569-10")
    late = deliver(TISI + "L2,มอก. 1,บริษัท ข จำกัด,ตาก\n", source="tisi", actor=OTHER, period="2026-09")
    assert [one.delivery_id for one in services.in_force(home=home)] == [new.delivery_id]
    assert services.in_force(home=home)[0].effective_on == date(2026, 10, 31)
    assert late.period == "2026-09"


def test_a_refused_file_leaves_nothing(deliver, home):
    with pytest.raises(Rejected, match="column-missing") as refusal:
        deliver("เลขที่ใบอนุญาต,มาตรฐานเลขที่,ผู้รับใบอนุญาด,จังหวัด\nL1,มอก. 1,ก,ตาก\n", source="tisi", actor=OTHER)
    assert refusal.value.facts["column"] == "ผู้รับใบอนุญาต"
    assert refusal.value.facts["nearest"] == "ผู้รับใบอนุญาด"
    assert Delivery.objects.count() == 0
    assert list((home.landing / ".incoming").iterdir()) == []


def test_the_landed_bytes_are_the_bytes_sent(deliver, home):
    content = DIP.encode("cp874")
    report = deliver(content)
    assert report.encoding == "cp874"
    folder = home.landing / "dip" / report.delivery_id
    assert (folder / "original").read_bytes() == content
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["accepted_count"], manifest["quarantined_count"]) == (2, 3)
