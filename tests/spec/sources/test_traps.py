"""The traps of the real registers that a cell holds, as an official would write them (DOMAIN section 4).

Each row: trap, layout, column, what the cell holds, what it is read as, which finding is raised (nothing where none). The
words of each finding are in `SAYS`; what is done with the trap as a whole is told in `reference.traps`. Traps of files,
names and places, of linking and of the register stand in the files beside this one.
"""

from __future__ import annotations

from datetime import date

import pytest

from iindustry.reference.traps import TRAPS

NOTHING = None

CASES = [
    ("T1", "diw.factories", "factory_id", "102999925385", "00102999925385", NOTHING),
    ("T1", "diw.factories", "factory_id", "0102999925385", "00102999925385", NOTHING),
    ("T2", "diw.factories", "factory_type", "401", "00401", NOTHING),
    ("T2", "diw.factories", "factory_type", "1001", "01001", NOTHING),
    ("T2", "diw.factories", "factory_type", "10700", "10700", NOTHING),
    ("T3", "diw.factories", "horsepower", " 1,035.79 ", 1035.79, NOTHING),
    ("T3", "diw.factories", "worker_count", " 2,589 ", 2589, NOTHING),
    ("T3", "diw.factories", "worker_count", " -   ", None, NOTHING),
    ("T4", "diw.factories", "investment_satang", "1.25", 125_000_000, NOTHING),
    ("T4", "diw.search", "investment_satang", "1,250,000", 125_000_000, NOTHING),
    ("T4", "dbd.juristic", "capital_satang", "1,000,000.50", 100_000_050, NOTHING),
    ("T5", "diw.factories", "licensed_year", "38", 1995, NOTHING),
    ("T5", "diw.factories", "licensed_year", "2541", 1998, NOTHING),
    ("T5", "diw.factories", "licensed_year", "15", 1972, NOTHING),
    ("T5", "diw.factories", "licensed_year", "2699", None, "year-impossible"),
    ("T6", "dbd.juristic", "registered_on", "14/1/2559", date(2016, 1, 14), NOTHING),
    ("T6", "dbd.juristic", "registered_on", "23/02/2567", date(2024, 2, 23), NOTHING),
    ("T6", "dbd.juristic", "registered_on", "2569-07-25T00:00:00", date(2026, 7, 25), NOTHING),
    ("T6", "dbd.juristic", "registered_on", "25560115", date(2013, 1, 15), NOTHING),
    ("T6", "dbd.juristic", "registered_on", "20130115", date(2013, 1, 15), NOTHING),
    ("T6", "dbd.juristic", "registered_on", "31/2/2559", None, "date-impossible"),
    ("T6", "tisi.licences", "issued_on", "14 ม.ค. 2559", date(2016, 1, 14), NOTHING),
    ("T6", "tisi.licences", "issued_on", "๑๔ มกราคม พ.ศ. ๒๕๕๙", date(2016, 1, 14), NOTHING),
    ("T7", "dbd.juristic", "juristic_id", "105559999015", "0105559999015", NOTHING),
    ("T7", "dbd.juristic", "juristic_id", "105559999015.0", "0105559999015", NOTHING),
    ("T7", "tisi.licences", "juristic_id", "0105559999016", "0105559999016", "check-digit"),
    ("T14", "dbd.juristic", "juristic_id", "๐๑๐๕๕๕๙๙๙๙๐๑๕", "0105559999015", NOTHING),
    ("T14", "diw.factories", "worker_count", "๒๕", 25, NOTHING),
    ("T19", "diw.factories", "operator", "นาย สมมติ ไม่มีจริง", "นาย สมมติ ไม่มีจริง", NOTHING),
    ("T20", "diw.factories", "site_name", "-", None, NOTHING),
    ("T20", "diw.factories", "operator", "nan", None, NOTHING),
    ("T20", "diw.factories", "operator", "", None, NOTHING),
    ("T21", "diw.factories", "moo", "0", None, NOTHING),
    ("T21", "diw.factories", "soi", "-", None, NOTHING),
    ("T22", "diw.factories", "horsepower", "1902999", 1902999.0, "value-extreme"),
    ("T22", "diw.search", "investment_satang", "3678999000000", 367_899_900_000_000, "value-extreme"),
    ("T22", "diw.factories", "worker_count", "0", 0, "value-zero"),
    ("T22", "diw.factories", "investment_satang", "0", 0, "value-zero"),
    ("T23", "dbd.juristic", "tsic", "1511", None, "tsic-version-unknown"),
    ("T23", "dbd.juristic", "tsic", "151", None, "tsic-version-unknown"),
    ("T23", "dbd.juristic", "tsic", "", None, NOTHING),
    ("T24", "diw.factories", "factory_type", "", None, NOTHING),
    ("T24", "diw.factories", "factory_type", "09999", None, "factory-type-unknown"),
    ("T24", "diw.factories", "factory_type", "05500", None, "factory-type-unknown"),
    ("T26", "diw.factories", "factory_id", "50109999925670", None, "factory-id"),
    ("T41", "diw.factories", "operator", "บุคคลธรรมดา (ปกปิดชื่อ)", None, "name-masked"),
]

NOT_TRAPS = [
    ("text", "dbd.juristic", "capital_satang", "หนึ่งล้าน", None, "number-unreadable"),
    ("unsigned", "dbd.juristic", "capital_satang", "-5", None, "number-unreadable"),
    ("hidden", "dbd.juristic", "name", "บริษัท\u200b ก\ufeff จำกัด", "บริษัท ก จำกัด", "hidden-signs"),
    ("status", "dbd.juristic", "status", "ลอยอยู่", "ลอยอยู่", "code-unknown"),
    ("level", "green.certificates", "green_level", "ระดับที่ 3", 3, NOTHING),
]

SAYS = {
    "year-impossible": ("ปีนี้เป็นไปไม่ได้", "This year is not possible"),
    "date-impossible": ("วันที่นี้ไม่มีในปฏิทิน หรืออ่านไม่ออก", "This day is not in the calendar, or cannot be read"),
    "check-digit": (
        "เลข 13 หลักนี้ไม่ผ่านเลขตรวจสอบ อาจพิมพ์ผิดหนึ่งหลัก",
        "This 13-digit number fails its check digit; one digit may be mistyped",
    ),
    "value-extreme": (
        "ค่าสูงผิดปกติ รับไว้แต่ไม่นำไปรวมยอด",
        "An unusually large value: kept, but left out of sums",
    ),
    "value-zero": ("ค่าเป็นศูนย์ รับไว้แต่ไม่นำไปรวมยอด", "The value is zero: kept, but left out of sums"),
    "tsic-version-unknown": (
        "รหัสกิจกรรมไม่ครบห้าหลัก ไม่ทราบฉบับ จึงไม่นำไปใช้",
        "The activity code has not five digits, so its version is unknown and it is not used",
    ),
    "factory-type-unknown": (
        "ไม่มีประเภทโรงงานรหัสนี้ในกฎกระทรวง",
        "The regulation has no factory type of this code",
    ),
    "factory-id": (
        "เลขทะเบียนโรงงานไม่ผ่านการตรวจ รับไว้ตามที่ส่ง",
        "This factory number fails its check; it is kept as sent",
    ),
    "name-masked": (
        "ชื่อบุคคลธรรมดาถูกปกปิดไว้ จึงไม่นับเป็นชื่อ",
        "A person's name is hidden here, so it is not taken as a name",
    ),
    "type-differs": ("ประเภทโรงงานไม่ตรงกับเลขทะเบียนเดิม", "The factory type differs from the old number"),
    "year-differs": (
        "ปีที่อนุญาตในเลขเดิมกับเลขใหม่ไม่ตรงกัน",
        "The old and the new number name different years",
    ),
    "area-differs": (
        "จังหวัดในเลขเดิมกับเลขใหม่ไม่ตรงกัน",
        "The old and the new number name different provinces",
    ),
    "issuer-differs": (
        "ผู้ออกใบอนุญาตในเลขเดิมกับเลขใหม่ไม่ตรงกัน",
        "The old and the new number name different issuers",
    ),
    "value-missing": ("ยังไม่ได้กรอก “ชื่อนิติบุคคล”", "“ชื่อนิติบุคคล” is empty"),
    "name-missing": (
        "ยังไม่มีทั้งชื่อโรงงานและผู้ประกอบการ",
        "Neither the factory's name nor its operator is given",
    ),
}


@pytest.mark.parametrize("case", [*CASES, *NOT_TRAPS], ids=lambda one: f"{one[0]} {one[3]!r}")
def test_a_cell_is_read_or_reported(landed, told, case):
    trap, where, column, cell, value, finding = case
    result = landed(where, {column: cell})
    assert result.accepted.height == 1, "the row stays"
    assert result.accepted[column][0] == value
    found = {one.code for one in result.counts if one.column == column}
    assert found == ({finding} if finding else set())
    if trap in TRAPS and finding:
        assert finding in TRAPS[trap].findings
        assert told(where, finding, column) == SAYS[finding]


HELD = [
    ("T7", "dbd.juristic", {"juristic_id": "0105559999016"}, "check-digit"),
    ("T20", "dbd.juristic", {"name": "-"}, "value-missing"),
    ("T20", "diw.factories", {"site_name": "-", "operator": "nan"}, "name-missing"),
    ("citizen", "dbd.juristic", {"juristic_id": "1234567890121"}, "citizen-id"),
    ("province", "dip.participants", {"province": "เมืองทิพย์"}, "province-unknown"),
    ("year", "dip.participants", {"fiscal_year_be": "25699"}, "fiscal-year-impossible"),
    ("year", "dip.participants", {"fiscal_year_be": "2026"}, "fiscal-year-impossible"),
    ("name", "dip.participants", {"name": " "}, "value-missing"),
    ("level", "green.certificates", {"green_level": "6"}, "number-out-of-range"),
]


@pytest.mark.parametrize("case", HELD, ids=lambda one: f"{one[0]} {one[3]}")
def test_a_row_without_which_nothing_can_be_said_is_set_aside(landed, told, case):
    trap, where, cells, reason = case
    result = landed(where, cells)
    assert result.accepted.height == 0
    assert [one.code for one in result.held_back[0].reasons] == [reason]
    if trap in TRAPS:
        assert reason in TRAPS[trap].findings
        assert told(where, reason, result.held_back[0].reasons[0].column) == SAYS[reason]


@pytest.mark.parametrize("province", ["กทม.", "กรุงเทพฯ", "จ.ตาก", "จังหวัด ตาก", "Chon Buri", "พระนครศรีอยุธยา"])
def test_a_province_may_be_written_in_many_ways(landed, province):
    assert landed("dip.participants", {"province": province}).accepted.height == 1


def test_a_masked_operator_is_a_person_without_a_name(landed):
    result = landed("diw.factories", {"operator": "บุคคลธรรมดา (ปกปิดชื่อ)", "site_name": "-"})
    assert result.accepted.select("operator", "operator_is_person").row(0) == (None, True)


@pytest.mark.parametrize("where", ["diw.factories", "diw.search"])
def test_a_telephone_of_a_factory_is_dropped_on_landing(landed, where):
    assert "phone" not in landed(where, {"phone": "0812345678"}).accepted.columns


def test_a_wrong_number_that_may_be_a_citizens_is_not_kept(landed):
    result = landed("dip.participants", {"juristic_id": "1234567890129"})
    row = result.accepted.row(0, named=True)
    assert (row["juristic_id"], row["juristic_id_state"], row["person_tag"]) == (None, "invalid", None)
    assert "1234567890129" not in str(result.examples)


AGREEMENTS = [
    ("agrees", "20509999925536", "จ3-86-99999/53ชม", "08600", set()),
    ("agrees", "10849999925553", "3-7(1)-99999/55สฎ", "00701", set()),
    ("T26", "20509999925536", "จ3-86-99999/54ชม", "08600", {"year-differs"}),
    ("area", "20509999925536", "จ3-86-99999/53ชบ", "08600", {"area-differs"}),
    ("issuer", "20509999925536", "3-86-99999/53ชม", "08600", {"issuer-differs"}),
    ("T25", "82039999925349", "น.63(9)-99999/2534-นนล.", "06409", {"type-differs"}),
    ("T25", "10109999925388", "3-64(12)-99999/38", "06413", {"type-differs"}),
    ("T26", "72039999925606", "น.53(1)-99999/2561-ญนล.", "05301", {"year-differs"}),
    ("T32", "72169999925601", "น.53(1)-99999/2560-ญอธ.", "05301", set()),
]


@pytest.mark.parametrize("case", AGREEMENTS, ids=lambda one: f"{one[0]} {one[2]}")
def test_the_old_and_the_new_number_say_four_things_twice(landed, told, case):
    """Issuer, area, year and type, each compared by itself; a disagreement never stops a row (DOMAIN section 2.4)."""
    trap, new, old, kind, found = case
    result = landed("diw.factories", {"factory_id": new, "old_factory_id": old, "factory_type": kind})
    assert result.accepted.height == 1
    assert result.accepted["record_key"][0] == new
    assert {one.code for one in result.counts} == found
    for code in found:
        assert told("diw.factories", code, "old_factory_id") == SAYS[code]
        assert trap not in TRAPS or code in TRAPS[trap].findings


def test_a_number_that_fails_its_check_still_names_its_record(landed):
    """T26: flagged and kept as sent, never repaired."""
    row = landed("diw.factories", {"factory_id": "50109999925670"}).accepted.row(0, named=True)
    assert (row["record_key"], row["factory_id"], row["factory_id_raw"]) == ("50109999925670", None, "50109999925670")


HERE = {one[0] for one in (*CASES, *HELD, *AGREEMENTS) if one[0] in TRAPS}
