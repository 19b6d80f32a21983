"""The traps of the real registers, one case each, as an official would write them (DOMAIN section 4).

Each row: trap, source, column, what the cell holds, what it is read as, which finding is raised (nothing where none).
"""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from iindustry.sources import rows
from iindustry.sources.contracts import contract_of

NOTHING = None
BASE = {
    ("diw", "factories"): {
        "factory_id": "20500000325535",
        "province": "เชียงใหม่",
        "site_name": "โรงงานตัวอย่าง",
        "operator": "บริษัท ก จำกัด",
    },
    ("diw", "search"): {
        "factory_id": "20500000325535",
        "province": "เชียงใหม่",
        "site_name": "โรงงานตัวอย่าง",
        "investment_satang": "1",
    },
    ("dbd", "juristic"): {"juristic_id": "0105558197632", "name": "บริษัท ก จำกัด"},
    ("dip", "participants"): {
        "participant_id": "P1",
        "programme": "ก",
        "fiscal_year_be": "2569",
        "name": "ก",
        "province": "ตาก",
    },
    ("green", "certificates"): {"certificate_no": "G1", "green_level": "3", "factory_id": "20500000325535"},
    ("tisi", "licences"): {"licence_no": "L1", "standard_no": "มอก. 1", "name": "บริษัท ก จำกัด"},
}

CASES = [
    ("T1", "diw.factories", "factory_id", "100200125381", "00100200125381", NOTHING),
    ("T1", "diw.factories", "factory_id", "100000125391", "00100000125391", NOTHING),
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
    ("T7", "dbd.juristic", "juristic_id", "105553000121", "0105553000121", NOTHING),
    ("T7", "dbd.juristic", "juristic_id", "105553000121.0", "0105553000121", NOTHING),
    ("T14", "dbd.juristic", "juristic_id", "๐๑๐๕๕๕๘๑๙๗๖๓๒", "0105558197632", NOTHING),
    ("T19", "diw.factories", "operator", "นาย สมมติ ไม่มีจริง", "นาย สมมติ ไม่มีจริง", NOTHING),
    ("T20", "diw.factories", "site_name", "-", None, NOTHING),
    ("T20", "diw.factories", "operator", "nan", None, NOTHING),
    ("T21", "diw.factories", "moo", "0", None, NOTHING),
    ("T21", "diw.factories", "soi", "-", None, NOTHING),
    ("T22", "diw.factories", "horsepower", "1902550", 1902550.0, "value-extreme"),
    ("T22", "diw.search", "investment_satang", "3678906000000", 367_890_600_000_000, "value-extreme"),
    ("T22", "diw.factories", "worker_count", "0", 0, "value-zero"),
    ("T22", "diw.factories", "investment_satang", "0", 0, "value-zero"),
    ("T23", "dbd.juristic", "tsic", "1511", None, "tsic-version-unknown"),
    ("T23", "dbd.juristic", "tsic", "151", None, "tsic-version-unknown"),
    ("T23", "dbd.juristic", "tsic", "", None, NOTHING),
    ("T24", "diw.factories", "factory_type", "", None, NOTHING),
    ("T24", "diw.factories", "factory_type", "09999", None, "factory-type-unknown"),
    ("T26", "diw.factories", "factory_id", "50100002725649", None, "factory-id"),
    ("T41", "diw.factories", "operator", "บุคคลธรรมดา (ปกปิดชื่อ)", None, "name-masked"),
    ("text", "dbd.juristic", "capital_satang", "หนึ่งล้าน", None, "number-unreadable"),
    ("unsigned", "dbd.juristic", "capital_satang", "-5", None, "number-unreadable"),
    ("hidden", "dbd.juristic", "name", "บริษัท\u200b ก\ufeff จำกัด", "บริษัท ก จำกัด", "hidden-signs"),
    ("status", "dbd.juristic", "status", "ลอยอยู่", "ลอยอยู่", "code-unknown"),
    ("level", "green.certificates", "green_level", "ระดับที่ 3", 3, NOTHING),
]


def sorted_out(source, layout, cells):
    shape = contract_of(source).layout(layout)
    whole = {**BASE[source, layout], **cells}
    frame = pl.DataFrame([{"row": 2, "is_ragged": False, **whole}], schema_overrides=dict.fromkeys(whole, pl.Utf8))
    return rows.sort_out(frame, shape, today=date(2026, 11, 22), tag=lambda number: "tag-of-" + number[-2:])


@pytest.mark.parametrize("case", CASES, ids=[f"{one[0]} {one[3]!r}" for one in CASES])
def test_a_cell_is_read_or_reported(case):
    _, where, column, cell, read, finding = case
    result = sorted_out(*where.split("."), {column: cell})
    assert result.accepted.height == 1
    assert result.accepted[column][0] == read
    found = {one.code for one in result.counts if one.column == column}
    assert found == ({finding} if finding else set())


HELD = [
    ("T7", "dbd.juristic", {"juristic_id": "0105558197633"}, "check-digit"),
    ("T20", "dbd.juristic", {"name": "-"}, "value-missing"),
    ("T20", "diw.factories", {"site_name": "-", "operator": "nan"}, "name-missing"),
    ("citizen", "dbd.juristic", {"juristic_id": "1234567890121"}, "citizen-id"),
    ("province", "dip.participants", {"province": "เมืองทิพย์"}, "province-unknown"),
    ("year", "dip.participants", {"fiscal_year_be": "25699"}, "fiscal-year-impossible"),
    ("year", "dip.participants", {"fiscal_year_be": "2026"}, "fiscal-year-impossible"),
    ("name", "dip.participants", {"name": " "}, "value-missing"),
    ("level", "green.certificates", {"green_level": "6"}, "number-out-of-range"),
]


@pytest.mark.parametrize(("trap", "where", "cells", "reason"), HELD)
def test_a_row_without_which_nothing_can_be_said_is_set_aside(trap, where, cells, reason):
    result = sorted_out(*where.split("."), cells)
    assert result.accepted.height == 0
    assert [one.code for one in result.held_back[0].reasons] == [reason]


@pytest.mark.parametrize("province", ["กทม.", "กรุงเทพฯ", "จ.ตาก", "จังหวัด ตาก", "Chon Buri", "พระนครศรีอยุธยา"])
def test_a_province_may_be_written_in_many_ways(province):
    assert sorted_out("dip", "participants", {"province": province}).accepted.height == 1


def test_a_masked_operator_is_a_person_without_a_name():
    result = sorted_out("diw", "factories", {"operator": "บุคคลธรรมดา (ปกปิดชื่อ)", "site_name": "-"})
    assert result.accepted.select("operator", "operator_is_person").row(0) == (None, True)


def test_a_telephone_of_a_factory_is_dropped_on_landing():
    assert "phone" not in sorted_out("diw", "factories", {"phone": "0812345678"}).accepted.columns


def test_a_wrong_number_that_may_be_a_citizens_is_not_kept():
    result = sorted_out("dip", "participants", {"juristic_id": "1234567890129"})
    row = result.accepted.row(0, named=True)
    assert (row["juristic_id"], row["juristic_id_state"], row["person_tag"]) == (None, "invalid", None)
    assert "1234567890129" not in str(result.examples)


AGREEMENTS = [
    ("20500000325535", "จ3-86-3/53ชม", "08600", set()),
    ("10840002225552", "3-7(1)-22/55สฎ", "00701", set()),
    ("20500000325535", "จ3-86-3/54ชม", "08600", {"year-differs"}),
    ("20500000325535", "จ3-86-3/53ชบ", "08600", {"area-differs"}),
    ("20500000325535", "3-86-3/53ชม", "08600", {"issuer-differs"}),
    ("82030000125342", "น.63(9)-1/2534-นนล.", "06409", {"type-differs"}),
]


@pytest.mark.parametrize(("new", "old", "kind", "found"), AGREEMENTS)
def test_the_old_and_the_new_number_say_four_things_twice(new, old, kind, found):
    result = sorted_out("diw", "factories", {"factory_id": new, "old_factory_id": old, "factory_type": kind})
    assert result.accepted.height == 1
    assert {one.code for one in result.counts} == found
