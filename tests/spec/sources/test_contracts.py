"""Every register's contract: its true headings find it, and what its silence means agrees with the fields that rest on it."""

from __future__ import annotations

import base64
from datetime import date

import polars as pl
import pytest
from trap_files import file_of

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import NotFound
from iindustry.reference.fields import FIELDS
from iindustry.sources import raw, rows, services
from iindustry.sources.contracts import contract_of, contracts
from iindustry.sources.personal import NAME_CONTEXT
from iindustry.vault import services as vault

STEWARD = Actor(Role.STEWARD, person_id="p-chai", organisation="oie")

# SOURCES.md, word for word; one good row each, invented.
HEADINGS = {
    "dbd_accounts": (
        "เลขทะเบียน,ปีงบการเงิน,รายได้รวม (บาท),กำไร (ขาดทุน) สุทธิ (บาท),สินทรัพย์รวม (บาท),สินทรัพย์ถาวร (บาท),หนี้สินรวม (บาท),ส่วนของผู้ถือหุ้น (บาท),วันที่ส่งงบ",
        '0105559999015,2568,"1,000.50",(20),5,4,3,-2,31/5/2569',
        {
            "record_key": "0105559999015:2025",
            "profit_satang": -2000,
            "equity_satang": -200,
            "filed_on": date(2026, 5, 31),
        },
    ),
    "dbd_directors": (
        "เลขทะเบียน,ลำดับกรรมการ,ชื่อกรรมการ,เลขประจำตัวประชาชน,วันที่เข้ารับตำแหน่ง,อำนาจกระทำการ",
        "0105559999015,1,นายสมมติ ไม่มีจริง,1234567890121,1/2/2560,กรรมการสองคนลงลายมือชื่อร่วมกันและประทับตราสำคัญของบริษัท",
        {"record_key": "0105559999015:1", "person_tag": "tag-of-21", "signing_rule": "two", "signing_seal": True},
    ),
    "ieat": (
        "เลขทะเบียนโรงงาน,ผู้ประกอบการ,นิคมอุตสาหกรรม,แปลง,ประกอบกิจการ,จังหวัด,คนงานรวม",
        "72039999925606,บริษัท ก จำกัด,นิคมอุตสาหกรรมลาดกระบัง,A1,ทำพลาสติก,กรุงเทพมหานคร,25",
        {"record_key": "72039999925606", "estate": "นิคมอุตสาหกรรมลาดกระบัง", "worker_count": 25},
    ),
    "oie": (
        "งวด,เลขทะเบียนโรงงาน,ผลิตภัณฑ์,รหัส TSIC,หน่วย,กำลังการผลิต,ปริมาณการผลิต,มูลค่าจำหน่าย (บาท),มูลค่าส่งออก (บาท),สต็อกคงเหลือ,คนงาน",
        "256903,20509999925536,ถุงพลาสติก,22220,ตัน,100,80.5,1000,10,5,25",
        {"record_key": "2026-03:20509999925536:ถุงพลาสติก", "capacity": 100.0, "output": 80.5, "sales_satang": 100_000},
    ),
    "dpim": (
        "เลขที่ใบอนุญาต,ประเภทใบอนุญาต,ผู้รับใบอนุญาต,เลขทะเบียนนิติบุคคล,ชนิดแร่,ชื่อสถานประกอบการ,ที่ตั้งสถานประกอบการ,จังหวัด,วันที่อนุญาต,วันหมดอายุ,สถานะ",
        "M1,ประทานบัตร,บริษัท ก จำกัด,0105559999015,หินปูน,เหมือง ก,ต.ก อ.ข,ตาก,1/1/2560,31/12/2580,มีผล",
        {"record_key": "M1", "licence_kind": "ประทานบัตร", "licence_status": "มีผล"},
    ),
    "ocsb": (
        "เลขที่ใบอนุญาต,ประเภทใบอนุญาต,ผู้รับใบอนุญาต,เลขทะเบียนนิติบุคคล,เลขทะเบียนโรงงาน,ชื่อสถานประกอบการ,ที่ตั้งสถานประกอบการ,จังหวัด,วันที่อนุญาต,วันหมดอายุ,สถานะ",
        "S1,โรงงานน้ำตาลทราย,บริษัท ก จำกัด,0105559999015,20509999925536,โรงงาน ก,ต.ก อ.ข,ตาก,1/1/2560,31/12/2580,มีผล",
        {"record_key": "S1", "factory_id": "20509999925536"},
    ),
    "exports": (
        "งวด,เลขทะเบียนนิติบุคคล,ประเทศปลายทาง,พิกัดศุลกากร,มูลค่าส่งออก (บาท),สกุลเงิน",
        "256903,0105559999015,JPN,3923.21,1000.25,JPY",
        {"record_key": "2026-03:0105559999015:JP", "export_satang": 100_025, "hs_code": "392321"},
    ),
    "orders": (
        "เลขที่คำสั่ง,เลขทะเบียนโรงงาน,ประเภท,วันที่ออก,ครบกำหนด,สถานะ",
        "O1,20509999925536,สั่งปรับปรุงแก้ไข,1/1/2569,31/1/2569,ยังไม่ปิด",
        {"record_key": "O1", "due_on": date(2026, 1, 31), "order_status": "ยังไม่ปิด"},
    ),
    "i40": (
        "เลขที่ประเมิน,เลขทะเบียนนิติบุคคล,วันที่ประเมิน,ระดับ",
        "A1,0105559999015,1/1/2569,2.4",
        {"record_key": "A1", "i40_level": 2.4},
    ),
    "portal": (
        "รหัสกิจการที่แจ้ง,ชื่อกิจการ,เลขประจำตัวผู้เสียภาษี,ประกอบกิจการ,ที่ตั้ง,ตำบล,อำเภอ,จังหวัด,โทรศัพท์,คนงาน,รายได้ต่อปี (บาท),วันที่แจ้ง",
        "D1,ร้าน ก,,ตัดเย็บ,1 หมู่ 2,,,ตาก,,4,900000,1/1/2569",
        {"record_key": "D1", "revenue_satang": 90_000_000},
    ),
} | {
    bank: (
        "งวด,เลขอ้างอิงสินเชื่อ,เลขทะเบียนนิติบุคคล,รหัสผลิตภัณฑ์,วันที่อนุมัติ,วงเงินอนุมัติ (บาท),วันที่เบิกจ่าย,ยอดคงเหลือ (บาท),ชั้นหนี้",
        "256903,L-77,0105559999015,P-1,1/1/2568,1000000,1/2/2568,750000.75,ปกติ",
        {"record_key": "2026-03:L-77", "outstanding_satang": 75_000_075, "debt_class": "ปกติ"},
    )
    for bank in ("smed", "exim")
}


def landed(tmp_path, source, text):
    path = tmp_path / "sent"
    path.write_text(text, encoding="utf-8")
    table = raw.read(path, "file.csv", contract_of(source))
    assert table.match.unknown == ()
    return rows.sort_out(
        table.frame, table.match.layout, today=date(2026, 11, 22), tag=lambda number: f"tag-of-{number[-2:]}",
        seal=lambda pairs: [f"{person} {len(name)}".encode() for name, person in pairs],
    )  # fmt: skip


@pytest.mark.parametrize("source", HEADINGS)
def test_the_agreed_headings_land_with_their_values(tmp_path, source):
    heading, cells, wanted = HEADINGS[source]
    result = landed(tmp_path, source, f"{heading}\n{cells}\n")
    assert result.counts == (), [(one.code, one.column) for one in result.counts]
    row = result.accepted.row(0, named=True)
    assert {name: row[name] for name in wanted} == wanted


def test_no_name_no_number_and_no_words_of_a_director_land(tmp_path):
    heading, cells, _ = HEADINGS["dbd_directors"]
    named = cells.replace("กรรมการสองคน", "นายสมมติ ไม่มีจริง ลงลายมือชื่อร่วมกับนางสาวใครก็ไม่รู้")
    result = landed(tmp_path, "dbd_directors", f"{heading}\n{named}\n{named.replace('0105559999015', 'x')}\n")
    assert result.accepted["signing_rule"].to_list() == ["named"]
    assert result.quarantined.height == 1
    shown = str(result.accepted.to_dicts()) + str(result.held_back) + str(result.examples)
    assert "สมมติ" not in shown
    assert "ใครก็ไม่รู้" not in shown
    assert "1234567890121" not in shown


SIGNS = [
    ("กรรมการหนึ่งคนลงลายมือชื่อและประทับตราสำคัญของบริษัท", "one", True),
    ("กรรมการสองท่านลงลายมือชื่อร่วมกัน", "two", False),
    ("กรรมการ 3 คนลงลายมือชื่อร่วมกัน โดยไม่ต้องประทับตรา", "three_or_more", False),
    ("กรรมการทุกคนลงลายมือชื่อร่วมกัน", "all", False),
    ("นางสาวใครก็ไม่รู้ ลงลายมือชื่อและประทับตรา", "named", True),
    ("ตามข้อบังคับ", "other", False),
]


@pytest.mark.parametrize(("words", "rule", "seal"), SIGNS)
def test_a_signing_rule_lands_as_its_meaning(tmp_path, words, rule, seal):
    heading, cells, _ = HEADINGS["dbd_directors"]
    text = ",".join([*cells.split(",")[:5], words])
    row = landed(tmp_path, "dbd_directors", f"{heading}\n{text}\n").accepted.row(0, named=True)
    assert (row["signing_rule"], row["signing_seal"]) == (rule, seal)


def test_a_composite_key_may_stand_once(tmp_path):
    heading, cells, _ = HEADINGS["oie"]
    other = cells.replace("ถุงพลาสติก", "ขวด")
    result = landed(tmp_path, "oie", f"{heading}\n{cells}\n{other}\n{cells}\n")
    assert result.accepted.height == 2
    assert [reason.code for one in result.held_back for reason in one.reasons] == ["key-seen-before"]


PUBLIC = [
    ("dbd.monthly", {"record_key": "0105559999015", "registered_on": date(2016, 1, 14)}),
    ("dbd.open_new", {"record_key": "0105559999015", "registered_on": date(2016, 1, 14)}),
    ("dbd.open_closed", {"record_key": "0105559999015", "closed_on": date(2026, 1, 14), "status": "เลิก"}),
    ("dbd.data_warehouse", {"record_key": "0105559999015", "profit_satang": -100_000}),
    ("diw.eec", {"record_key": "20509999925536", "investment_satang": None}),
    ("diw.s_curve", {"record_key": "20509999925536", "old_factory_id": "จ3-86-99999/53ชม", "licensed_year": 2010}),
    ("diw.search", {"record_key": "20509999925536", "investment_satang": 100}),
]


@pytest.mark.parametrize(("where", "wanted"), PUBLIC)
def test_each_public_layout_is_known_by_its_headings_and_lands(tmp_path, where, wanted):
    source, layout = where.split(".")
    path = tmp_path / "sent"
    path.write_text(file_of(where, {}), encoding="cp874")
    table = raw.read(path, "file.csv", contract_of(source))
    assert (table.match.layout.name, table.match.unknown, table.encoding) == (layout, (), "cp874")
    row = rows.sort_out(table.frame, table.match.layout, today=date(2026, 11, 22), tag=str).accepted.row(0, named=True)
    assert {name: row[name] for name in wanted} == wanted
    assert not {"phone", "seq", "open_data_id"} & set(row)


# What silence means


@pytest.mark.parametrize("source", sorted(contracts()))
def test_a_contract_says_in_both_languages_what_no_record_means(source):
    said = contract_of(source).coverage
    assert said.kind in {"complete", "partial"}
    assert said.scope
    assert len(said.th) > 15
    assert len(said.en) > 15
    assert {layout.coverage.kind for layout in contract_of(source).layouts} <= {said.kind, "partial"}
    if said.kind == "partial":
        assert "ยังไม่" in said.th or "ไม่ได้" in said.th


def test_a_field_whose_silence_means_none_rests_on_complete_registers_only():
    complete = {key for key, one in contracts().items() if one.coverage.kind == "complete"}
    for field in FIELDS:
        if field.coverage == "complete":
            assert set(field.sources) - {"derived"} <= complete, field.name
        if field.coverage == "derived":
            assert field.sources == ("derived",), field.name
    resting = {source for field in FIELDS if field.coverage == "complete" for source in field.sources} - {"derived"}
    assert resting == complete, "a complete register on which no field rests says nothing by its silence"


def test_every_register_speaks_to_a_field_and_what_owners_declare_is_believed_last():
    assert {source for field in FIELDS for source in field.sources} - {"derived"} == set(contracts())
    for field in FIELDS:
        if "portal" in field.sources:
            assert field.sources[-1] == "portal"
            assert field.coverage == "partial"


def test_what_banks_hand_over_is_business_data():
    of_banks = [
        field for field in FIELDS if {"smed", "exim"} & set(field.sources) and field.name != "entity.juristic_id"
    ]
    assert of_banks
    assert all(field.classification == "business" and field.name.startswith("finance.") for field in of_banks)
    for bank in ("smed", "exim"):
        assert all(column.classification == "business" for one in contract_of(bank).layouts for column in one.columns)


@pytest.mark.django_db
@pytest.mark.parametrize("source", HEADINGS)
def test_a_file_of_every_register_is_delivered_whole(tmp_path, home, clock, source):
    heading, cells, wanted = HEADINGS[source]
    path = tmp_path / "sent.csv"
    path.write_text(f"{heading}\n{cells}\n", encoding="utf-8")
    report = services.deliver(path, source=source, filename="sent.csv", actor=STEWARD, home=home, clock=clock)
    assert (report.rows, report.accepted, report.quarantined, report.status) == (1, 1, 0, "accepted")
    frame = pl.read_parquet(services.in_force(home=home)[0].accepted)
    assert frame["record_key"].to_list() == [wanted["record_key"]]
    plain = str(frame.to_dicts())
    assert "1234567890121" not in plain
    assert "สมมติ" not in plain


@pytest.mark.django_db
def test_the_sealed_name_of_a_director_opens_for_her_alone(tmp_path, home, clock):
    heading, cells, _ = HEADINGS["dbd_directors"]
    path = tmp_path / "sent.csv"
    path.write_text(f"{heading}\n{cells}\n", encoding="utf-8")
    services.deliver(path, source="dbd_directors", filename="sent.csv", actor=STEWARD, home=home, clock=clock)
    row = pl.read_parquet(services.in_force(home=home)[0].accepted).row(0, named=True)
    blob, tag = base64.b64decode(row["director_name_sealed"]), row["person_tag"]
    assert vault.open_sealed(blob, person=tag, context=NAME_CONTEXT) == "นายสมมติ ไม่มีจริง"
    assert vault.destroy(tag)
    with pytest.raises(NotFound, match="person-erased"):
        vault.open_sealed(blob, person=tag, context=NAME_CONTEXT)
