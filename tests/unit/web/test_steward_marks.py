"""Differing signs are whole signs: Thai marks stay on their consonants, whatever the texts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.web.steward_marks import MOST, graphemes, marked

THAI = st.text(alphabet="กขนทรลมสวเแโาำิีึืุูัํ่้๊็์ 12Ab", max_size=30)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("ที่", ["ที่"]),
        ("น้ำ", ["น้ำ"]),
        ("เเก", ["เ", "เ", "ก"]),
        ("แก", ["แ", "ก"]),
        ("กุ้งปั้น", ["กุ้", "ง", "ปั้", "น"]),
        ("ทำ", ["ทำ"]),
        ("Co. 1", ["C", "o", ".", " ", "1"]),
        ("", []),
    ],
)
def test_signs_are_what_a_reader_sees(text, signs):
    assert graphemes(text) == signs


@pytest.mark.parametrize(
    ("left", "right", "only_left", "only_right"),
    [
        ("น้ำตาลไทย", "นำตาลไทย", ["น้ำ"], ["นำ"]),
        ("แปรรูปอาหาร", "เเปรรูปอาหาร", ["แ"], ["เเ"]),
        ("ที่ดินทอง", "ทีดินทอง", ["ที่"], ["ที"]),
        ("ริมโขงการช่าง", "ริมโขงการช่าง จำกัด", [], [" จำกัด"]),
    ],
)
def test_what_differs_is_marked_and_nothing_else(left, right, only_left, only_right):
    found = marked(left, right)
    assert [run.text for run in found.left if run.differs] == only_left
    assert [run.text for run in found.right if run.differs] == only_right
    assert found.places == 1


@given(THAI, THAI)
def test_no_mark_cuts_a_sign_and_nothing_is_lost(left, right):
    found = marked(left, right)
    for text, runs in ((left, found.left), (right, found.right)):
        whole = unicodedata.normalize("NFC", text)
        assert "".join(run.text for run in runs) == whole
        assert [sign for run in runs for sign in graphemes(run.text)] == graphemes(whole)
    same = ["".join(run.text for run in runs if not run.differs) for runs in (found.left, found.right)]
    assert same[0] == same[1]
    assert (found.places == 0) == (unicodedata.normalize("NFC", left) == unicodedata.normalize("NFC", right))


def test_long_and_wholly_different_texts_are_marked_whole():
    assert marked("ก" * (MOST + 1), "ก").places == 1
    assert [run.differs for run in marked("เหล็กกล้า", "ข้าวสวย").left] == [True]
