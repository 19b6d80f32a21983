"""Rows that break a register's own rules, so that quarantine and findings are never empty in the demo country.

Invariant: each is a row more, about nobody; the truth does not know it.
"""

from __future__ import annotations

import polars as pl

# source -> rows to copy (place in the table) with the cells that are wrong
_ROWS: dict[str, tuple[tuple[int, dict[str, str | None]], ...]] = {
    "dbd": (
        (40, {"เลขทะเบียน": "0105560999994"}),  # check digit
        (41, {"เลขทะเบียน": "12345"}),  # no number of 13 digits
        (42, {"ชื่อนิติบุคคล": None, "เลขทะเบียน": "0105500999990"}),
    ),
    "diw": (
        (50, {"fid": "20109999925601", "ชื่อโรงงาน": "-", "ผู้ประกอบการ": "nan"}),  # nobody is named
        (51, {"fid": "20209999925617", "จังหวัด": None}),
        (52, {"fid": None}),
    ),
    "dip": (
        (30, {"รหัสผู้เข้าร่วม": "DIP-2569-970001", "ชื่อสถานประกอบการ": None}),
        (31, {"รหัสผู้เข้าร่วม": "DIP-2569-970002", "จังหวัด": "เมืองหลวงใหม่"}),
        (32, {"รหัสผู้เข้าร่วม": "DIP-2569-970003", "ปีงบประมาณ": "569"}),
    ),
    "tisi": ((20, {"เลขที่ใบอนุญาต": None}), (21, {"เลขที่ใบอนุญาต": "(ม)99999-1/2568", "ผู้รับใบอนุญาต": None})),
    "green": ((10, {"เลขที่ใบรับรอง": "GI-2568-7-990001", "ระดับ": "7"}),),
}


def with_broken(cells: pl.DataFrame, source: str) -> pl.DataFrame:
    """The register's rows and its broken ones, at places spread over the file."""
    parts, done = [], 0
    for place, wrong in _ROWS.get(source, ()):
        at = min(place, cells.height - 1)
        parts.append(cells.slice(done, at - done))
        there = {name: value for name, value in wrong.items() if name in cells.columns}
        bad = cells.slice(at, 1).with_columns(pl.lit(value, dtype=pl.Utf8).alias(name) for name, value in there.items())
        parts.append(bad)
        done = at
    return pl.concat([*parts, cells.slice(done)])
