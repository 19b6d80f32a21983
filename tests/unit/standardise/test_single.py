"""One record in plain Python is what the same record is in a table."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.standardise import records
from iindustry.standardise.services import standardise_one
from iindustry.standardise.shapes import IDENTITY

_NAMES = st.sampled_from([
    None, "บริษัท ก้าวหน้า ๒ จำกัด", "ร้านค้าไทย", "นาย สมมติ ไม่มีจริง", "Rim Khong Food Co., Ltd.", "บุคคลธรรมดา (ปกปิดชื่อ)", "-", "หจก. ก จากัด (สาขา 2)", "บ.เจริญ",
])  # fmt: skip
_ENGLISH = st.sampled_from([None, "S.P. Food (Thailand) Co., Ltd.", "-"])
_ADDRESSES = st.sampled_from([
    None, "46 หมู่ที่ 12 ต.ป่าขะ อ.บ้านนา จ.นครนายก 26110", "9 ถนนดี", "1 แขวงบางบอน เขตบางบอน กรุงเทพฯ", "5 ต.ป่าขะ จ.นครนายก", "ต.ไม่มี อ.บ้านนา จ.นครนายก",
])  # fmt: skip
_AREAS = st.sampled_from(
    [(None, None, None), (None, None, "ตาก"), ("ป่าขะ", "บ้านนา", "นครนายก"), (None, "เมือง", "มุกดาหาร"), ("ก", "ข", "ค")]
)
_PHONES = st.sampled_from([None, "02-123-4567", "+66 81 234 5678, 021234567", "-"])
_MADE = (
    "source",
    "record_key",
    "delivery_id",
    "observed_on",
    "row",
    "juristic_id",
    "id_state",
    "person_tag",
    "factory_id",
    "factory_id_raw",
)


@given(st.lists(st.tuples(_NAMES, _ENGLISH, _ADDRESSES, _AREAS, _PHONES), min_size=1, max_size=10))
@settings(max_examples=60, deadline=None)
def test_one_record_and_a_column_say_the_same(rows):
    cells = [
        {"name": name, "name_en": english, "address": address, "subdistrict": area[0], "district": area[1], "province": area[2], "phone": phone}
        for name, english, address, area, phone in rows
    ]  # fmt: skip
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells[0], pl.Utf8)).with_row_index("row")
    found = records.standard_of(frame, source="portal", layout="declared", observed_on=date(2026, 1, 1))
    for row, one in zip(cells, found.select(*IDENTITY).iter_rows(named=True), strict=True):
        said = {"name_th": row.pop("name"), **row}
        single = standardise_one(**said)
        assert list(single) == list(IDENTITY)
        assert {name: single[name] for name in IDENTITY if name not in _MADE} == {
            name: one[name] for name in IDENTITY if name not in _MADE
        }


def test_numbers_of_one_record():
    whole = standardise_one(juristic_id="๐105558197632", factory_id="100200125381")
    assert (whole["juristic_id"], whole["id_state"], whole["person_tag"]) == ("0105558197632", "valid", None)
    assert (whole["factory_id"], whole["factory_id_raw"]) == ("00100200125381", "100200125381")
    citizen = standardise_one(juristic_id="1234567890121", tag=lambda number: f"tag of {len(number)}")
    assert (citizen["juristic_id"], citizen["id_state"], citizen["person_tag"]) == (None, "none", "tag of 13")
    assert citizen["is_person"] is True
    assert "1234567890121" not in str(standardise_one(juristic_id="1234567890121"))
    wrong = standardise_one(juristic_id="0105558197633")
    assert (wrong["juristic_id"], wrong["id_state"]) == ("0105558197633", "invalid")


def test_a_code_decides_where_a_record_lies():
    found = standardise_one(subdistrict_code="260308", address="1 จ.ตาก")
    assert (found["province_code"], found["subdistrict_codes"]) == ("26", ["260308"])
    assert standardise_one(province_code="10")["district_code"] is None
