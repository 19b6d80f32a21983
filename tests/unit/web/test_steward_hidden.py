"""Hidden names and houses are compared part by part, and the answer holds nothing of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.web.steward_hidden import hidden_parts


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("นายสมมติ ใจทดลอง", "นายสมมติ ใจทดลอง", ["คำนำหน้า: ตรงกัน", "ชื่อตัว: ตรงกัน", "ชื่อสกุล: ตรงกัน"]),
        ("นายสมมติ ใจทดลอง", "นายสมมติ ใจทดล่อง", ["คำนำหน้า: ตรงกัน", "ชื่อตัว: ตรงกัน", "ชื่อสกุล: ต่างกัน 1 แห่ง"]),
        ("น.ส. สมมติ ใจทดลอง", "นางสาวสมมติ  ใจทดลอง", ["คำนำหน้า: ตรงกัน", "ชื่อตัว: ตรงกัน", "ชื่อสกุล: ตรงกัน"]),
        ("สมมติ", "นายสมมติ ใจทดลอง", ["คำนำหน้า: มีไม่ครบทั้งสองฝ่าย", "ชื่อตัว: ตรงกัน", "ชื่อสกุล: มีไม่ครบทั้งสองฝ่าย"]),
    ],
)
def test_a_name_is_compared_by_title_given_and_family_name(left, right, said):
    assert [one.th for one in hidden_parts("factory.operator", left, right)] == said


def test_a_house_is_compared_by_its_numbers():
    parts = hidden_parts("factory.address", "99/1 หมู่ 5 ถ.ทดลอง", "99/2 ม.5")
    assert [one.en for one in parts] == ["house number: differs in 1 place", "village number: equal"]
    assert hidden_parts("factory.worker_count", "1", "2") == ()


@settings(deadline=None)  # a slow machine is no fault
@given(st.text("กขคงจมนสอาิี ", min_size=3, max_size=20), st.text("กขคงจมนสอาิี ", min_size=3, max_size=20))
def test_nothing_of_a_hidden_text_is_in_the_answer(left, right):
    secret = {word for text in (f"{left}ฬฬ", f"{right}ฮฮ") for word in text.split() if "ฬฬ" in word or "ฮฮ" in word}
    told = " ".join(word for one in hidden_parts("entity.name_th", f"{left}ฬฬ", f"{right}ฮฮ") for word in one)
    assert not any(word in told for word in secret)
