"""A part taken out of an address: what was sent is never lost."""

from __future__ import annotations

import polars as pl
import pytest

from iindustry.sources.mappings import MappedColumn, Mapping


@pytest.mark.parametrize(
    ("sent", "read"),
    [("55 ม.4 ต.ช้างเผือก อ.เมือง จ.เชียงใหม่ 50200", "เชียงใหม่"), ("99 แขวงสีลม กรุงเทพฯ", "กรุงเทพฯ"), ("อยุธยา", "อยุธยา"),
     ("ภาคอีสาน", "ภาคอีสาน"), ("", "")],
)  # fmt: skip
def test_a_cell_without_the_part_is_read_as_it_was_sent(sent, read):
    mapping = Mapping("dip", "participants", (MappedColumn("province", "ที่อยู่", split="province"),))
    assert mapping.applied(pl.DataFrame({"province": [sent]}))["province"].to_list() == [read]
