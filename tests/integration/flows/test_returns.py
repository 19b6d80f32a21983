"""An agency gets her own rows back, each once, with what linking found of them, and nobody else's."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from iindustry.flows import returns
from iindustry.flows import services as flows
from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.errors import Conflict, Denied
from iindustry.ledger import services as ledger
from iindustry.reference import areas
from iindustry.register import services as register
from iindustry.sources import services as sources

pytestmark = pytest.mark.django_db

CLERK = Actor(Role.AGENCY_OFFICER, person_id="0190c0de-0000-7000-8000-0000000000cc", organisation="dip")
HEADING = "รหัสผู้เข้าร่วม,โครงการ,ปีงบประมาณ,ชื่อสถานประกอบการ,เลขประจำตัวผู้เสียภาษี,จังหวัด,อำเภอ,ตำบล\n"
ROWS = (
    "P-1,ยกระดับผลิตภาพ,2569,บริษัท ตัวอย่างหนึ่ง จำกัด,,ตาก,แม่สอด,แม่สอด\n"
    "P-2,ยกระดับผลิตภาพ,2568,=ร้าน สอง,,ตาก,,\n"
    "-3,ยกระดับผลิตภาพ,2568,บจก.ตัวอย่างหนึ่ง,,ตาก,แม่สอด,แม่สอด\n"
)


@pytest.fixture
def version(home, clock):
    """Two versions of a register, as publication leaves them: P-2 changed its enterprise, the first its status."""
    path = home.root / "dip.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADING + ROWS, encoding="utf-8")
    sources.deliver(path, source="dip", filename="dip.csv", actor=CLERK, home=home, clock=clock)
    _version(home, "r1", {"P-1": "E1", "P-2": "E1", "company": "E1"}, {"E1": "active"})
    _version(
        home, "r2", {"P-1": "E1", "P-2": "E2", "-3": "E1", "other": "E1", "company": "E1"}, {"E1": "closed", "E2": None}
    )
    (home.register / "CURRENT").write_text("r2", encoding="ascii")
    return "r2"


def _version(home, name, members, status):
    folder = home.register / name
    folder.mkdir(parents=True)
    pl.DataFrame(
        [
            {
                "source": {"other": "diw", "company": "dbd"}.get(key, "dip"),
                "record_key": key,
                "enterprise_id": of,
                "establishment_id": None,
                "link_ground": "model",
                "match_probability": 0.98765,
            }
            for key, of in members.items()
        ],
        schema_overrides={"establishment_id": pl.Utf8},
    ).write_parquet(folder / "members.parquet")
    pl.DataFrame(
        [{"enterprise_id": one, "juristic_id": "0105558197632" if one == "E1" else "0105569000002", "name_th": f"กิจการ {one}",
          "is_person": one == "E2", "entity__status": said} for one, said in status.items()],
        schema_overrides={"entity__status": pl.Utf8},
    ).write_parquet(folder / "enterprises.parquet")  # fmt: skip


def _read(returned):
    with returned.path.open(encoding="utf-8-sig", newline="") as file:
        return {row["รหัสระเบียนของท่าน"]: row for row in csv.DictReader(file)}


def test_own_rows_come_back_with_what_linking_found(version, home, clock, monkeypatch, tmp_path):
    monkeypatch.setattr(register, "list_versions", lambda limit: [_View("r2"), _View("r1")])
    returned = flows.give_back("dip", tmp_path, actor=CLERK, home=home, clock=clock)
    rows = _read(returned)
    assert (returned.version, returned.rows) == (version, 3)
    assert set(rows) == {
        "P-1",
        "P-2",
        "'-3",
    }  # a key that looks like a formula is text; another register's row is not here
    first = rows["P-1"]
    assert first["เลขทะเบียนนิติบุคคลที่ยืนยันแล้ว"] == "0105558197632"
    assert first["สถานะกิจการ"] == "เลิก"
    assert (first["รหัสตำบล"], first["จังหวัด"]) == ("630601", "ตาก")
    assert first["ระเบียนอื่นของท่านที่เป็นกิจการเดียวกัน (จำนวน)"] == "1"
    assert first["สิ่งที่เปลี่ยนจากทะเบียนกลางรุ่นก่อน"] == "สถานะ"
    assert first["ชื่อกิจการในทะเบียนกลาง"] == "กิจการ E1"
    assert rows["P-2"]["ชื่อกิจการในทะเบียนกลาง"] == "", "a natural person's name does not go back to an agency"
    assert rows["P-2"]["เลขทะเบียนนิติบุคคลที่ยืนยันแล้ว"] == "", (
        "a number that the companies' register does not hold is not confirmed"
    )
    assert rows["P-2"]["สิ่งที่เปลี่ยนจากทะเบียนกลางรุ่นก่อน"] == "รหัสกิจการ เลขทะเบียนนิติบุคคล ชื่อกิจการ สถานะ"
    assert rows["'-3"]["สิ่งที่เปลี่ยนจากทะเบียนกลางรุ่นก่อน"] == "ระเบียนใหม่"


def test_every_return_stands_in_the_log_and_is_the_same_twice(version, home, clock, tmp_path):
    first = flows.give_back("dip", tmp_path, actor=CLERK, home=home, clock=clock)
    again = flows.give_back("dip", tmp_path, actor=CLERK, home=home, clock=clock)
    assert (first.version, first.sha256) == (version, again.sha256)
    assert len(ledger.list_entries(kind="register.returned", limit=10)) == 2


def test_another_agencys_register_is_refused_and_nothing_is_written(version, home, clock, tmp_path):
    assert version
    with pytest.raises(Denied, match="source-not-yours"):
        flows.give_back("diw", tmp_path / "out", actor=CLERK, home=home, clock=clock)
    assert not (tmp_path / "out").exists()
    assert not ledger.list_entries(kind="register.returned", limit=10)


def test_before_the_first_version_it_is_said_plainly(home, clock, tmp_path):
    with pytest.raises(Conflict, match="register-absent"):
        flows.give_back("dip", tmp_path, actor=SYSTEM, home=home, clock=clock)


class _View:
    def __init__(self, version):
        self.version = version


def test_of_two_files_of_one_day_the_later_one_says_where_the_record_lies(home, clock, tmp_path):
    """Whichever of them has the smaller id, which is a hash of its content."""
    for number, district in enumerate(("แม่สอด", "แม่ระมาด", "พบพระ")):
        path = tmp_path / f"dip-{number}.csv"
        row = f"P-1,ยกระดับผลิตภาพ,2569,บริษัท ตัวอย่างหนึ่ง จำกัด,,ตาก,{district},\n"
        path.write_text(HEADING + row, encoding="utf-8")
        later = replace(clock, at=clock.at + timedelta(seconds=number))
        sources.deliver(path, source="dip", filename=path.name, actor=CLERK, home=home, clock=later)
        kept = [one for one in sources.in_force(home=home) if one.source == "dip"]
        assert kept[-1].received_at == max(one.received_at for one in kept)
        place = returns._places("dip", home).collect().row(0, named=True)
        assert {place["district_code"]} == areas.find(district=district, province="ตาก")
