"""An address is a set of codes that exist together, found from its end."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.standardise import addresses, phones

CASES = [
    ("344 ถนนพระรามที่3 แขวงบางโคล่ เขตบางคอแหลม กรุงเทพมหานคร 10120", "103103", ("103103",)),
    ("344 ถ.พระราม 3 แขวงบางโคล่ เขตบางคอแหลม กทม. 10120", "103103", ("103103",)),
    ("46 หมู่ที่ 12 ต.ป่าขะ อ.บ้านนา จ.นครนายก 26110", "260308", None),
    ("1 ม.2 ตำบลป่าขะ  อำเภอบ้านนา  จังหวัดนครนายก", "260308", None),
    ("9 ถนนเฉลิมเขตร์ แขวงป้อมปราบ เขตป้อมปราบศัตรูพ่าย กรุงเทพมหานคร", "100801", None),
    ("5 ถนนพิทักษ์พนมเขต ต.มุกดาหาร อ.เมืองมุกดาหาร จ.มุกดาหาร 49000", "490101", None),
    ("5 ต.มุกดาหาร อ.เมือง จ.มุกดาหาร", "490101", None),
    ("7 ถนนทรายทอง ต.สุไหงโก-ลก อ.สุไหงโก-ลก จ.นราธิวาส 96120", "961001", None),
    ("7 สุไหงโกลก สุไหงโกลก นราธิวาส 96120", "961001", None),
    ("46 ม.12 ตำบลป่าขะ, อำเภอบ้านนา, จังหวัดนครนายก, 26110", "260308", None),
    ("46 หมู่ 12 ต. ป่าขะ อ. บ้านนา จ. นครนายก รหัสไปรษณีย์ 26110 โทร. 037-123456", "260308", None),
    ("46 หมู่ที่ 12 ต.ป่าขะอ.บ้านนาจ.นครนายก26110", "260308", None),
    ("46 หมู่ที่ 12 ต.ป่าขะ จ.นครนายก", "260308", None),
    ("46 หมู่ที่ 12 ต.ป่าขะ อ.บ้านนา 26110", "260308", None),
    ("46 หมู่ที่ 12 ตำบลป่าขะอำเภอบ้านนาจังหวัดนครนายก", "260308", None),
    ("19/48 หมู่บ้านเซนโทร หมู่ที่ 2 ต.ป่าขะ อ.บ้านนา จ.นครนายก 26110", "260308", None),
    ("10 ถนนข้างอำเภอ ต.ป่าขะ อ.บ้านนา จ.นครนายก 26110", "260308", None),
    ("160 อาคารไอ.ที.เอฟ. ถนนสีลม แขวงสุริยวงศ์ เขตบางรัก กรุงเทพฯ 10500", "100403", None),
    ("344 Rama 3 Rd., Khwaeng Bang Khlo, Khet Bang Kho Laem, Bangkok 10120", "103103", None),
    ("2 ถนนบางบอน แขวงบางบอน เขตบางบอน กรุงเทพมหานคร 10150", None, ("105002", "105003", "105004", "105005")),
]


@pytest.mark.parametrize(("text", "code", "codes"), CASES)
def test_a_written_address_is_found(text, code, codes):
    place = addresses.parse(text)
    assert place.subdistrict_code == code
    assert place.subdistrict_codes == (codes or (code,))


@pytest.mark.parametrize(
    ("text", "parts", "house", "moo"),
    [
        ("046/12-3 หมู่ที่ 02 ซอยดี ถ.ไม่มี ต.ป่าขะ อ.บ้านนา จ.นครนายก 26110", "046/12-3 หมู่ที่ 02 ซอยดี ถ.ไม่มี", "46/12", "2"),
        ("เลขที่ ๙ ม.๗ ต.ป่าขะ อ.บ้านนา จ.นครนายก", "เลขที่ 9 ม.7", "9", "7"),
        ("14,16 ซอยเอกชัย 65 แขวงบางบอนใต้ เขตบางบอน กรุงเทพมหานคร 10150", "14,16 ซอยเอกชัย 65", "14", None),
        ("อาคารดี ชั้น 5 แขวงบางบอนใต้ เขตบางบอน กรุงเทพมหานคร", "อาคารดี ชั้น 5", None, None),
        ("33 หมู่ที่ 1 ต.ไม่มีจริง อ.บ้านนา จ.นครนายก 26110", "33 หมู่ที่ 1", "33", "1"),
    ],
)
def test_what_stands_before_the_place(text, parts, house, moo):
    found = addresses.read(text)
    assert (found.address_parts, found.house_no, found.moo) == (parts, house, moo)


def test_a_postcode_chooses_among_areas_of_one_name_and_outvotes_no_name():
    two = addresses.parse("1 ต.บ้านใหม่ จ.นนทบุรี"), addresses.parse("1 ต.บ้านใหม่ อ.เมือง จ.ปทุมธานี 11120")
    assert two[0].subdistrict_code == "120607" or two[0].province_code == "12"
    assert two[1].province_code == "13"


_PIECES = st.sampled_from([
    "46", "หมู่ที่ 12", "ม.2", "ถนนนอกเขต", "ซอย 3", "ต.ป่าขะ", "ต. ป่าขะ", "ตำบลป่าขะ", "แขวงบางบอน", "เขตบางบอน", "บางบอน", "อ.บ้านนา", "อำเภอบ้านนา", "อ.เมือง", "เมืองฯ",
    "จ.นครนายก", "จังหวัด นครนายก", "นครนายก", "กรุงเทพฯ", "กทม.", "กรุงเทพมหานคร10150", "26110", "โทร. 021234567", ",", "(", "อ.", "Bangkok", "ประเทศไทย", "รหัสไปรษณีย์",
])  # fmt: skip


@given(
    st.lists(st.lists(_PIECES | st.text("กขต.อจ,0 ", max_size=4), max_size=8).map(" ".join), min_size=1, max_size=20)
)
@settings(max_examples=150, deadline=None)
def test_both_engines_read_every_address_alike(texts):
    frame = addresses.of_text(pl.Series("address_raw", texts))
    for text, row in zip(texts, frame.iter_rows(named=True), strict=True):
        found = addresses.read(text)
        assert row == {
            "province_code": found.place.province_code, "district_code": found.place.district_code,
            "subdistrict_code": found.place.subdistrict_code, "subdistrict_codes": list(found.place.subdistrict_codes) or None,
            "postcode": found.postcode, "address_parts": found.address_parts, "house_no": found.house_no, "moo": found.moo,
        }  # fmt: skip


def test_a_column_and_one_text_agree():
    texts = [text for text, _, _ in CASES] + [None, "ไม่มีที่อยู่", "กรุงเทพมหานคร", "x จ.ตาก"]
    frame = addresses.of_text(pl.Series("address_raw", texts, dtype=pl.Utf8))
    for text, row in zip(texts, frame.iter_rows(named=True), strict=True):
        place = addresses.parse(text) if text else addresses.Place()
        assert row["subdistrict_code"] == place.subdistrict_code
        assert tuple(row["subdistrict_codes"] or ()) == place.subdistrict_codes
        assert row["province_code"] == place.province_code


def test_names_that_contradict_each_other_fall_back_to_the_larger_area():
    place = addresses.place_of("กระโสม", "เมืองเชียงใหม่", "เชียงใหม่")
    assert (place.subdistrict_code, place.district_code, place.province_code) == (None, "5001", "50")
    assert addresses.place_of("กระโสม", "ตะกั่วทุ่ง", "จังหวัดทิพย์") == addresses.Place()


def test_a_postcode_is_kept_and_never_decides():
    row = addresses.of_text(pl.Series("a", ["1 ต.ป่าขะ อ.บ้านนา จ.นครนายก 10120"])).row(0, named=True)
    assert (row["postcode"], row["province_code"]) == ("10120", "26")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("02-123-4567", ["021234567"]),
        ("+66 81 234 5678", ["0812345678"]),
        ("๐๘๑-๒๓๔๕๖๗๘", ["0812345678"]),
        ("0-2123-4567-9 ต่อ 12", ["021234567", "021234568", "021234569"]),
        ("02-123-4567, 4570", ["021234567", "021234570"]),
        ("0812345678/9", ["0812345678", "0812345679"]),
        ("(02) 123 4567 ถึง 8", ["021234567", "021234568"]),
        ("6681 234 5678", ["0812345678"]),
        ("โทร. 0-2123-4567 แฟกซ์ 0-2123-4568", ["021234567", "021234568"]),
        ("081-234-5678 ext. 9", ["0812345678"]),
        ("021234567, 0812345678 หรือ 021234567", ["021234567", "0812345678"]),
        ("812345678", ["0812345678"]),
        ("-", []),
        (None, []),
        ("12345", []),
    ],
)
def test_telephones_of_one_cell(text, numbers):
    assert phones.numbers(text) == numbers
    column = phones.of_column(pl.Series("phone", [text, "-", None], dtype=pl.Utf8))
    assert column.to_list() == [numbers or None, None, None]
