"""Files as clerks make them: which column of ours each heading is taken for (`clerk_files.yaml` is also a page of the manual).

A suggestion is checked by the clerk, so a few may be missing; a wrong one that is said to be sure may not.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest
from clerk_files import FILES, rows_of

from iindustry.sources import likeness, suggesting
from iindustry.sources.contracts import contract_of, contracts

TODAY = date(2026, 11, 22)
LEAST_HEADINGS = 40
NEARLY_ALL, MOST = 0.95, 0.85
"""Asked of the files that the table of words was made with, and of those written afterwards."""


class Score(NamedTuple):
    """Headings that are a column of ours, found, and suggestions that are wrong: (heading, column, sure)."""

    asked: int
    found: int
    wrong: list[tuple[str, str, float]]


def draft_of(file):
    return suggesting.draft(rows_of(file), contract_of(file["source"]), today=TODAY)


def score(file):
    guessed = [one for one in draft_of(file).columns if one.heading]
    meant = {one["heading"].strip(): one["is"] for one in file["columns"]}
    asked = {(heading, name) for heading, name in meant.items() if name}
    found = {(one.heading, one.name) for one in guessed}
    wrong = [(one.heading, one.name, one.sure) for one in guessed if meant[one.heading] != one.name]
    return Score(len(asked), len(asked & found), wrong)


def test_there_are_headings_enough_and_none_of_them_is_ours_to_the_letter():
    own = {name for contract in contracts().values() for layout in contract.layouts for column in layout.columns
           for name in (column.heading, *column.headings)}  # fmt: skip
    odd = {one["heading"] for file in FILES for one in file["columns"] if one["is"] and one["heading"] not in own}
    assert len(odd) >= LEAST_HEADINGS


@pytest.mark.parametrize(("is_held", "least"), [(False, NEARLY_ALL), (True, MOST)])
def test_most_headings_are_understood(is_held, least, capsys):
    scores = [score(file) for file in FILES if file.get("held", False) is is_held]
    asked, found = sum(one.asked for one in scores), sum(one.found for one in scores)
    wrong = [each for one in scores for each in one.wrong]
    with capsys.disabled():
        print(f"\n  headings understood: {found} of {asked}, {len(wrong)} taken for another column")
    assert found >= least * asked
    assert len(wrong) <= 0.05 * asked


@pytest.mark.parametrize("file", FILES, ids=[one["file"] for one in FILES])
def test_nothing_wrong_is_said_to_be_sure(file):
    assert [one for one in score(file).wrong if one[2] >= suggesting.SURE] == []


@pytest.mark.parametrize("file", FILES, ids=[one["file"] for one in FILES])
def test_money_is_read_in_the_unit_that_heading_or_amounts_tell(file):
    draft = draft_of(file)
    layout = contract_of(file["source"]).layout(draft.layout)
    told = {one.heading: one.unit or layout.column(one.name).unit for one in draft.columns if one.heading}
    meant = {one["heading"].strip(): one["unit"] for one in file["columns"] if "unit" in one}
    assert {heading: told.get(heading) for heading in meant} == meant
    read = draft.mapping().layout_of(contract_of(file["source"]))
    assert {one.heading: read.column(one.name).unit for one in draft.columns if one.heading in meant} == meant


def test_cells_that_speak_against_a_heading_outweigh_it():
    rows = [
        ["เลขนิติบุคคล", "จังหวัดที่ตั้ง", "โทร"],
        ["ตาก", "0105558197632", "บริษัท ก จำกัด"],
        ["น่าน", "0105553000121", "ร้าน ข"],
    ]
    draft = suggesting.draft(rows, contract_of("dip"), today=TODAY)
    found = {one.name: one.heading for one in draft.columns if one.heading}
    assert found.get("juristic_id") == "จังหวัดที่ตั้ง"
    assert found.get("province") == "เลขนิติบุคคล"
    assert "phone" not in found
    assert not [one for one in draft.columns if one.is_sure]


def test_money_in_thousands_is_never_sure():
    rows = [
        ["เลขทะเบียน", "ชื่อ", "ทุน (พันบาท)"],
        ["0105558197632", "บริษัท ก จำกัด", "1,000"],
        ["0105553000121", "ร้าน ข", "2,500"],
    ]
    draft = suggesting.draft(rows, contract_of("dbd"), today=TODAY)
    capital = next(one for one in draft.columns if one.name == "capital_satang")
    assert not capital.is_sure


@pytest.mark.parametrize(
    ("heading", "plain", "unit"),
    [
        ("ทุน(ลบ.)", "ทุน", "million_baht"), ("จน.คนงาน", "จำนวนคนงาน", None), ("วดป.จดทะเบียน", "วันเดือนปีจดทะเบียน", None),
        ("Registered  Capital\n(THB)", "registeredcapital", "baht"), ("ทุน พันบาท", "ทุนพันบาท", "other"), ("ชื่อ ร.ง.", "ชื่อรง", None),
        ("(ล้านบาท)", "ล้านบาท", "million_baht"),
    ],
)  # fmt: skip
def test_signs_brackets_and_abbreviations_do_not_matter(heading, plain, unit):
    assert (likeness.plain(heading), likeness.unit_of(heading)) == (plain, unit)


def test_every_other_word_is_of_a_column_that_there_is():
    names = {
        column.name for contract in contracts().values() for layout in contract.layouts for column in layout.columns
    }
    assert set(likeness.synonyms()) <= names
    plain = {name: [likeness.plain(word) for word in words] for name, words in likeness.synonyms().items()}
    assert all(word for words in plain.values() for word in words)
