"""Unknown headings get a draft; a mapping is read as it is written, or refused where it is wrong."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
import yaml

from iindustry.kernel.errors import Rejected
from iindustry.sources import mappings, raw, suggesting
from iindustry.sources.contracts import contract_of, contracts

TODAY = date(2026, 11, 22)
DIP = [
    ["รายชื่อผู้เข้าร่วมโครงการ ปี 2569", "", "", "", "", "", ""],
    ["ลำดับ", "รหัสผู้สมัคร", "ชื่อกิจการ", "เลขภาษี", "โครงการที่เข้าร่วม", "ที่อยู่", "ปีงบ"],
    ["1", "A-1", "บริษัท ตัวอย่างหนึ่ง จำกัด", "0105558197632", "ยกระดับ", "1 ต.ทุ่งสุขลา อ.ศรีราชา จ.ชลบุรี", "2569"],
    ["2", "A-2", "ร้านสมมติ", "1234567890121", "ยกระดับ", "2 ต.ในเมือง อ.เมือง จ.ขอนแก่น", "2569"],
    ["3", "A-3", "หจก. ก", "0105553000121", "ยกระดับ", "1 แขวงสีลม เขตบางรัก กรุงเทพมหานคร", "2569"],
]


def guessed(rows, source):
    draft = suggesting.draft(rows, contract_of(source), today=TODAY)
    return draft, {one.name: (one.heading, one.how) for one in draft.columns if one.heading}


def test_columns_are_found_by_heading_by_content_and_in_an_address():
    draft, columns = guessed(DIP, "dip")
    assert (draft.header_row, draft.unknown, draft.is_whole) == (2, ("ลำดับ",), True)
    assert columns == {
        "participant_id": ("รหัสผู้สมัคร", "near"),
        "programme": ("โครงการที่เข้าร่วม", "near"),
        "fiscal_year_be": ("ปีงบ", "near"),
        "name": ("ชื่อกิจการ", "near"),
        "juristic_id": ("เลขภาษี", "near"),
        "province": ("ที่อยู่", "split"),
        "district": ("ที่อยู่", "split"),
        "subdistrict": ("ที่อยู่", "split"),
    }
    assert [row["province"] for row in draft.sample] == ["ชลบุรี", "ขอนแก่น", "กรุงเทพมหานคร"]
    assert draft.sample[1]["juristic_id"] is None
    assert "1234567890121" not in str(draft)


def test_numbers_are_known_by_their_check_digits_whatever_the_heading_says():
    rows = [["A", "B", "C"], ["20500000325535", "0105558197632", "เชียงใหม่"], ["10840002225552", "0105553000121", "ตาก"]]
    _, columns = guessed(rows, "green")
    assert columns["factory_id"] == ("A", "content")
    assert columns["province"] == ("C", "content")
    assert guessed(rows, "dbd")[1]["juristic_id"] == ("B", "content")


@pytest.mark.parametrize("source", sorted(contracts()))
def test_every_layout_recognises_its_own_headings_as_exact(source):
    for layout in contract_of(source).layouts:
        rows = [[column.heading for column in layout.columns], ["" for _ in layout.columns]]
        draft = suggesting.draft(rows, contract_of(source), today=TODAY)
        found = {one.heading for one in draft.columns if one.how == "exact"}
        assert len(found) >= len(draft.columns) - 1, layout.name


def test_the_draft_is_a_file_that_deliver_takes(tmp_path):
    draft, _ = guessed(DIP, "dip")
    contract = contract_of("dip")
    assert mappings.from_yaml(draft.as_yaml(), contract) == draft.mapping()
    path = tmp_path / "file.csv"
    path.write_text("\n".join(",".join(row) for row in DIP), encoding="utf-8")
    with raw.opened(path, "file.csv", contract, mapping=draft.mapping()) as reading:
        frame = pl.concat(list(reading.batches))
    assert frame["name"].to_list() == [row[2] for row in DIP[2:]]
    assert frame["district"].to_list() == ["ศรีราชา", "เมือง", "บางรัก"]


MAPPING = """
source: diw
layout: factories
mode: upsert
scope: province=20
columns:
  factory_id: {column: FID}
  operator: Owner
  province: {const: ชลบุรี}
  investment_satang: {column: Capital, unit: baht}
"""


def test_a_mapping_changes_units_mode_and_scope_and_adds_constants(tmp_path):
    contract = contract_of("diw")
    mapping = mappings.from_yaml(MAPPING, contract)
    layout = mapping.layout_of(contract)
    assert (layout.mode.value, layout.scope, layout.column("investment_satang").unit) == (
        "upsert",
        "province=20",
        "baht",
    )
    path = tmp_path / "file.csv"
    path.write_text("Owner,FID,Capital\nบริษัท ก จำกัด,20500000325535,5\n", encoding="utf-8")
    with raw.opened(path, "file.csv", contract, mapping=mapping) as reading:
        row = next(reading.batches).row(0, named=True)
    assert (row["operator"], row["province"], row["investment_satang"]) == ("บริษัท ก จำกัด", "ชลบุรี", "5")
    assert mappings.parsed(yaml.safe_load(yaml.safe_dump(mapping.document())), contract) == mapping


WRONG = [
    ("columns: [1]", "mapping-unreadable", "columns"),
    ("source: dbd\ncolumns: {factory_id: {column: a}}", "mapping-unreadable", "source"),
    ("layout: none\ncolumns: {factory_id: {column: a}}", "mapping-unreadable", "layout"),
    ("mode: perhaps\ncolumns: {factory_id: {column: a}}", "mapping-unreadable", "mode"),
    ("colour: red\ncolumns: {factory_id: {column: a}}", "mapping-unreadable", "colour"),
    ("columns: {factory_id: {column: a, const: b}}", "mapping-unreadable", "factory_id"),
    ("columns: {investment_satang: {column: a, unit: dollar}}", "mapping-unreadable", "investment_satang.unit"),
    ("columns: {factory_id: {column: a, split: moon}}", "mapping-unreadable", "factory_id.split"),
    ("columns: {x: {column: a}}", "column-unknown", "x"),
    ("columns: {{", "mapping-unreadable", "YAML"),
    ("scope: everywhere!\ncolumns: {factory_id: {column: a}}", "scope-unreadable", None),
]


@pytest.mark.parametrize(("text", "code", "field"), WRONG)
def test_a_wrong_mapping_is_refused_with_its_place(text, code, field):
    with pytest.raises(Rejected) as refusal:
        mappings.from_yaml(text, contract_of("diw"))
    assert refusal.value.code == code
    assert field in {None, refusal.value.facts.get("field"), refusal.value.facts.get("column")}


@pytest.mark.parametrize("missing", ["FID", "Owner"])
def test_a_mapping_whose_heading_or_required_column_is_not_there_is_refused(tmp_path, missing):
    path = tmp_path / "file.csv"
    path.write_text("Owner,FID,Capital\nก,1,5\n".replace(missing, "Other"), encoding="utf-8")
    contract = contract_of("diw")
    with (
        pytest.raises(Rejected, match="column-missing"),
        raw.opened(path, "file.csv", contract, mapping=mappings.from_yaml(MAPPING, contract)),
    ):
        pass
