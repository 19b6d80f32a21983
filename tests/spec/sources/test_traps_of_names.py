"""The traps of the real registers that a name or an address holds, from the bytes of a file to a standard record.

Each row: trap, layout, what the cells hold, what the record says. Invented names; areas are those of the gazetteer.
"""

from __future__ import annotations

import pytest

from iindustry.reference.traps import TRAPS

JURISTIC, FACTORY = "dbd.juristic", "diw.factories"

CASES = [
    ("T9", JURISTIC, {"name": "บจ.ตัวอย่าง จำกัด"}, {"core": "ตัวอย่าง", "form": "co"}),
    ("T9", JURISTIC, {"name": "บมจ.ตัวอย่าง จำกัด (มหาชน)"}, {"core": "ตัวอย่าง", "form": "plc"}),
    ("T9", JURISTIC, {"name": "หจก.ตัวอย่าง"}, {"core": "ตัวอย่าง", "form": "lp"}),
    ("T9", JURISTIC, {"name": "บริษัท ตัวอย่าง จำกัด"}, {"core": "ตัวอย่าง", "form": "co"}),
    ("T11", JURISTIC, {"name": "บริษัท แก้วใส จำกัด"}, {"core": "แก้วใส"}),
    ("T11", JURISTIC, {"name": "บริษัท ไม้งาม จำกัด"}, {"core": "ไม้งาม"}),
    ("T13", FACTORY, {"operator": "บริษัท นํ้าแข็งใส จำกัด"}, {"core": "น้ำแข็งใส", "name_raw": "บริษัท นํ้าแข็งใส จำกัด"}),
    ("T13", FACTORY, {"operator": "บริษัท น้้ำแข็งใส จำกัด"}, {"core": "น้ำแข็งใส"}),
    ("T13", FACTORY, {"operator": "บริษัท ก่ีทอผ้า จำกัด"}, {"core": "กี่ทอผ้า"}),
    ("T13", FACTORY, {"operator": "บริษัท เเม่น้ำ จำกัด"}, {"core": "แม่น้ำ"}),
    ("T14", JURISTIC, {"name": "บริษัท ตัวอย่าง ๑๒ จำกัด"}, {"core": "ตัวอย่าง12", "num": "12"}),
    ("T19", FACTORY, {"operator": "นายสมมติ ไม่มีจริง"}, {"is_person": True, "form": "person"}),
    (
        "T19",
        FACTORY,
        {"operator": "บริษัท ตัวอย่าง จำกัด โดย นายสมมติ ไม่มีจริง"},
        {"core": "ตัวอย่าง", "form": "co", "is_person": False},
    ),
    ("T19", FACTORY, {"operator": "บริษัท ตัวอย่าง จำกัด (นางสมมติ ไม่มีจริง)"}, {"core": "ตัวอย่าง", "is_person": False}),
    (
        "T27",
        JURISTIC,
        {"address": "1 แขวงบางบอน เขตบางบอน กรุงเทพมหานคร"},
        {
            "district_code": "1050",
            "subdistrict_code": None,
            "subdistrict_codes": ["105002", "105003", "105004", "105005"],
        },
    ),
    ("T27", FACTORY, {"province": "ตาก", "district": "แม่สอด"}, {"district_code": "6306", "subdistrict_code": None}),
    ("T28", JURISTIC, {"address": "1 ต.สุไหงโก-ลก อ.สุไหงโก-ลก จ.นราธิวาส"}, {"subdistrict_code": "961001"}),
    (
        "T28",
        JURISTIC,
        {"address": "9 ถนนเฉลิมเขตร์ 1 แขวงวัดเทพศิรินทร์ เขตป้อมปราบศัตรูพ่าย กรุงเทพมหานคร"},
        {"subdistrict_code": "100802"},
    ),
    (
        "T28",
        JURISTIC,
        {"address": "9 ถนนพิทักษ์พนมเขต ต.มุกดาหาร อ.เมืองมุกดาหาร จ.มุกดาหาร"},
        {"subdistrict_code": "490101"},
    ),
    ("T29", JURISTIC, {"address": "แขวงสีลม  เขตบางรัก กทม."}, {"subdistrict_code": "100402"}),
    ("T29", JURISTIC, {"address": "แขวงสีลม เขตบางรัก กรุงเทพฯ"}, {"subdistrict_code": "100402"}),
    ("T29", JURISTIC, {"address": "ตำบลบางปลาสร้อย อำเภอเมืองชลบุรี  จังหวัดชลบุรี"}, {"subdistrict_code": "200101"}),
    (
        "T29",
        JURISTIC,
        {"address": "ต.บางปลาสร้อย อ.เมืองชลบุรี จ.เชียงใหม่"},
        {"province_code": "50", "district_code": None, "subdistrict_code": None},
    ),
    (
        "T30",
        JURISTIC,
        {"address": "แขวงสีลม เขตบางรัก กรุงเทพมหานคร 20000"},
        {"subdistrict_code": "100402", "postcode": "20000"},
    ),
    (
        "T31",
        FACTORY,
        {"activity": "ทำไม้ (666) ลงวันที่ 12 ตุลาคม พ.ศ. 2565"},
        {"activity": "ทำไม้ (666) ลงวันที่ 12 ตุลาคม พ.ศ. 2565"},
    ),
    ("T31", JURISTIC, {"name": "บริษัท ตัวอย่าง จำกัด (สาขา 1)"}, {"core": "ตัวอย่าง", "branch": "1", "form": "co"}),
    (
        "T32",
        FACTORY,
        {"factory_id": "72169999925601", "province": "กรุงเทพมหานคร"},
        {"province_code": "10", "factory_id": "72169999925601"},
    ),
    ("T34", JURISTIC, {"name": "บริษัท ตัวอย่าง จากัด"}, {"core": "ตัวอย่าง", "repaired": True}),
    ("T34", JURISTIC, {"name": "บริษัท นาเข้าตัวอย่าง จำกัด"}, {"core": "นำเข้าตัวอย่าง", "repaired": True}),
    (
        "T37",
        JURISTIC,
        {"juristic_id": "0105559999015", "address": "1 ต.ศรีภูมิ อ.เมืองเชียงใหม่ จ.เชียงใหม่"},
        {"province_code": "50"},
    ),
    ("T41", FACTORY, {"operator": "บุคคลธรรมดา (ปกปิดชื่อ)"}, {"name_raw": None, "core": None, "skel": None}),
    ("T41", JURISTIC, {"name": "บุคคลธรรมดา (ปกปิดชื่อ)"}, {"core": None, "skel": None}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one[0]} {next(iter(one[2].values()))}")
def test_a_record_says_what_its_cells_mean(standard, case):
    trap, where, cells, wanted = case
    record = standard(where, cells)
    assert {name: record[name] for name in wanted} == wanted
    assert TRAPS[trap].th


def test_spelling_variants_of_one_name_meet_and_stay(standard):
    """T12: the factory's name and the operator's differ by a mark, a form and a space; both are kept as sent."""
    record = standard(FACTORY, {"site_name": "ตัวอย่าง เทคโนโลยี่", "operator": "บริษัท ตัวอย่างเทคโนโลยี จำกัด"})
    assert record["site_skel"] == record["skel"]
    assert record["site_name_raw"] == "ตัวอย่าง เทคโนโลยี่"
    assert record["name_raw"] == "บริษัท ตัวอย่างเทคโนโลยี จำกัด"


def test_two_unrelated_companies_share_nothing_but_their_form(standard):
    """T11: as strings `บริษัท … จำกัด` look alike."""
    one, other = (standard(JURISTIC, {"name": f"บริษัท {name} จำกัด"}) for name in ("แก้วใส", "ไม้งาม"))
    assert one["form"] == other["form"]
    assert one["core"] != other["core"]
    assert one["skel"] != other["skel"]


def test_what_a_person_typed_is_kept_beside_what_is_compared(standard):
    """T13, T34: the name as sent is what people see and what a correction would change."""
    for sent in ("บริษัท เเม่น้ํา จำกัด", "บริษัท ตัวอย่าง จากัด"):
        assert standard(JURISTIC, {"name": sent})["name_raw"] == sent


HERE = {one[0] for one in CASES} | {"T12"}
