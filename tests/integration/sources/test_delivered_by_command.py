"""What the command says of a delivery: what is the matter, in which rows, what to do, and where to mend it; in both languages."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from iindustry.cli import delivered, output
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.home import Home
from iindustry.sources import services as sources

pytestmark = pytest.mark.django_db
FILE = (
    "รหัสผู้เข้าร่วม,โครงการ,ปีงบประมาณ,ชื่อสถานประกอบการ,เลขประจำตัวผู้เสียภาษี,จังหวัด,สีที่ชอบ\n"
    "P-1,ยกระดับ,2569,บริษัท ตัวอย่างหนึ่ง จำกัด,0105558197632,ชลบุรี,แดง\n"
    "P-2,ยกระดับ,2569,ร้าน สอง,1234567890121,เมืองทิพย์,\n"
    "P-3,ยกระดับ,2569,,,ตาก,\n"
)


@pytest.fixture
def report(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(settings, "HOME", Home(tmp_path / "home"))
    path = tmp_path / "file.csv"
    path.write_text(FILE, encoding="utf-8")
    return sources.deliver(path, source="dip", filename="file.csv", actor=SYSTEM, home=settings.HOME, clock=clock)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("th", ("3 แถว รับ 1 กัก 2", "ต้องแก้:", "จังหวัด: ไม่มีจังหวัดชื่อนี้ – แก้ชื่อจังหวัดให้ตรงกับ 77 จังหวัด (1; แถว 3)",
                "ยังไม่ได้กรอก “ชื่อสถานประกอบการ”", "แถว 4", "แก้ได้ที่หน้า /agency/deliveries/", "สีที่ชอบ", "ทั้งไฟล์")),
        ("en", ("3 rows, 1 accepted, 2 set aside", "To mend:", "There is no province of this name. Write one of the 77 provinces. (1; rows 3)",
                "rows 4", "Mend them on the page /agency/deliveries/", "the whole file")),
    ],
)  # fmt: skip
def test_a_person_is_told_what_where_and_what_to_do(report, monkeypatch, language, said):
    monkeypatch.setattr(output.Language, "code", language)
    text = delivered.text(report, delivered.facts(report))
    for words in said:
        assert words in text
    assert "1234567890121" not in text
    for code in ("province-unknown", "value-missing", "column-unknown"):
        assert code not in text, "a code is no word"


def test_a_machine_is_told_the_same_with_codes(report):
    told = json.loads(json.dumps(output.plain(delivered.facts(report)), ensure_ascii=False))
    by_code = {(one["code"], one["column"]): one for one in told["findings"]}
    missing = by_code["value-missing", "name"]
    assert (missing["rows"], missing["is_waiting"], missing["heading"]) == ([4], True, "ชื่อสถานประกอบการ")
    assert missing["do_en"] == "Fill in this cell"
    assert not by_code["column-unknown", "สีที่ชอบ"]["is_waiting"]
    assert told["mend_at"] == f"/agency/deliveries/{report.delivery_id}#mend"
    assert (told["rows"], told["accepted"], told["quarantined"]) == (3, 1, 2)
