"""Words of registers read as codes: what is denied is not said."""

from __future__ import annotations

import polars as pl
import pytest

from iindustry.standardise import words


def code(text, table):
    return pl.select(words.code_of(pl.lit(text), table)).item()


@pytest.mark.parametrize(
    ("text", "table", "read"),
    [
        ("มีผลบังคับใช้", words.LICENCE_STATUS, "active"),
        ("ไม่มีผลบังคับใช้", words.LICENCE_STATUS, None),
        ("ไม่ได้ใช้งาน", words.LICENCE_STATUS, None),
        ("ไม่ปกติ", words.LICENCE_STATUS, None),
        ("Active", words.LICENCE_STATUS, "active"),
        ("inactive", words.LICENCE_STATUS, None),
        ("Not valid", words.LICENCE_STATUS, None),
        ("หมดอายุ", words.LICENCE_STATUS, "expired"),
        ("ยังไม่หมดอายุ", words.LICENCE_STATUS, None),
        ("ผ่าน", words.RESULT, "passed"),
        ("ไม่ผ่าน", words.RESULT, "failed"),
        ("ไม่จบหลักสูตร", words.RESULT, None),
        ("ไม่สำเร็จ", words.RESULT, None),
        ("ปกติ", words.DEBT_CLASS, "pass"),
        ("ผิดปกติ", words.DEBT_CLASS, None),
        ("ค้างชำระ", words.ORDER_STATUS, "open"),
        ("ไม่มีค้าง", words.ORDER_STATUS, None),
        ("ยังไม่ปิด", words.ORDER_STATUS, "open"),
        ("ยังไม่ยกเลิก", words.ORDER_STATUS, None),
        ("เลิก", words.STATUS, "closed"),
        ("ยังไม่เลิก", words.STATUS, None),
    ],
)
def test_what_is_denied_is_unknown_unless_a_row_has_the_denial(text, table, read):
    assert code(text, table) == read
