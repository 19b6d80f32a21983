"""Accepted rows of every source become the same columns, and say no more than their source."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from iindustry.sources import rows
from iindustry.sources.contracts import contract_of
from iindustry.standardise import records

DAY = date(2026, 10, 31)


def standard(source, layout, **cells):
    shape = contract_of(source).layout(layout)
    frame = pl.DataFrame([{"row": 2, "is_ragged": False, **cells}], schema_overrides=dict.fromkeys(cells, pl.Utf8))
    accepted = rows.sort_out(frame, shape, today=date(2026, 11, 22), tag=lambda number: "tag").accepted
    assert accepted.height == 1
    return records.standard(accepted, source=source, layout=layout, observed_on=DAY, delivery_id="d").row(0, named=True)


def test_a_juristic_person():
    row = standard("dbd", "juristic", juristic_id="105558197632", name="บริษัท ก้าวหน้า ๒ จำกัด", status="ร้าง", registered_on="23/12/2558",
                   capital_satang="1,000,000", tsic="10301", address="46 หมู่ที่ 12 ต.ป่าขะ อ.บ้านนา จ.นครนายก 26110", accounts_year="2568")  # fmt: skip
    wanted = {"record_key": "0105558197632", "juristic_id": "0105558197632", "id_state": "valid", "core": "ก้าวหน้า2", "num": "2", "form": "co",
              "legal_kind": "company", "status": "suspended", "registered_on": date(2015, 12, 23), "capital_satang": 100_000_000, "tsic": "10301",
              "subdistrict_code": "260308", "district_code": "2603", "province_code": "26", "postcode": "26110", "address_parts": "46 หมู่ที่ 12",
              "accounts_year": 2025, "is_person": False, "observed_on": DAY, "delivery_id": "d", "revenue_satang": None}  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_a_factory_of_a_masked_person():
    row = standard("diw", "factories", factory_id="20500000325535", operator="บุคคลธรรมดา (ปกปิดชื่อ)", site_name="โรงกลึงสมมติ", province="เชียงใหม่",
                   district="เมือง", subdistrict="ป่าแดด", house_no="250", road="มหิดล", moo="0", worker_count="158")  # fmt: skip
    wanted = {"factory_id": "20500000325535", "name_raw": None, "core": None, "is_person": True, "site_name_raw": "โรงกลึงสมมติ", "site_core": "โรงกลึงสมมติ",
              "address_raw": "250 ถนนมหิดล ต.ป่าแดด อ.เมือง จ.เชียงใหม่", "address_parts": "250 ถนนมหิดล", "district_code": "5001", "worker_count": 158,
              "juristic_id": None, "id_state": "none"}  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_a_participant_who_is_a_person():
    row = standard("dip", "participants", participant_id="P1", programme="ก", fiscal_year_be="2569", name="นาย สมมติ ไม่มีจริง", juristic_id="1234567890121",
                   province="กทม.", phone="081-234-5678", result="ไม่ผ่าน")  # fmt: skip
    wanted = {"juristic_id": None, "id_state": "none", "person_tag": "tag", "is_person": True, "form": "person", "legal_kind": "natural",
              "province_code": "10", "phones": ["0812345678"], "result": "failed", "fiscal_year_be": 2569}  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_an_english_name_in_the_thai_column_speaks_as_the_english_one():
    row = standard(
        "dip",
        "participants",
        participant_id="P1",
        programme="ก",
        fiscal_year_be="2569",
        name="Rim Khong Food Co., Ltd.",
        province="มุกดาหาร",
    )
    assert (row["en_core"], row["name_en_raw"]) == ("rimkhongfood", None)


@pytest.mark.parametrize(
    ("words", "code"), [("มีผลบังคับใช้", "active"), ("ยกเลิก", "revoked"), ("พักใช้", "suspended"), ("คำแปลก", None)]
)
def test_a_licence(words, code):
    row = standard("tisi", "licences", licence_no="L1", standard_no="มอก. 1", name="บริษัท ก จำกัด", status=words, province="ตาก", issued_on="14 ม.ค. 2559",
                   address="1 ต.ป่าขะ อ.บ้านนา จ.นครนายก")  # fmt: skip
    assert (row["licence_status"], row["status"], row["issued_on"]) == (code, None, date(2016, 1, 14))
    assert row["province_code"] == "63", "an address in another province than the column says is not trusted"


def test_a_certificate_names_a_site_and_no_firm():
    row = standard(
        "green",
        "certificates",
        certificate_no="G1",
        green_level="3",
        factory_id="20500000325535",
        site_name="โรงกลึง",
        expires_on="1/2/2570",
    )
    assert (row["name_raw"], row["site_core"], row["green_level"], row["licence_no"]) == (None, "โรงกลึง", 3, "G1")
    assert row["expires_on"] == date(2027, 2, 1)


@pytest.mark.parametrize("source", ["dbd", "diw", "dip", "tisi", "green"])
def test_every_layout_gives_exactly_the_standard_columns(source):
    for layout in contract_of(source).layouts:
        names = [column.name for column in layout.columns]
        schema = {"row": pl.Int64, "is_ragged": pl.Boolean, **dict.fromkeys(names, pl.Utf8)}
        accepted = rows.sort_out(pl.DataFrame(schema=schema), layout, today=DAY, tag=str).accepted
        frame = records.standard(accepted, source=source, layout=layout.name, observed_on=DAY)
        assert dict(frame.schema) == {
            name: kind if isinstance(kind, pl.DataType) else kind() for name, kind in records.STANDARD.items()
        }
