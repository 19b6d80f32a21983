"""Whatever stands in a broken row, its workbook opens, holds no formula, and comes back as it went out."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from iindustry.sources import workbook
from iindustry.sources.contracts import contract_of
from iindustry.sources.reports import QuarantinedRow, Reason
from iindustry.sources.services import changed_cells

LAYOUT = contract_of("dip").layouts[0]
CELLS = [
    "=1+1", "+66 2 123", "-", "@x", "'=1", "''=1", "'ปกติ", "\n=1", "＝1+1", "ก\x0bข", "\x1a", "ก\x1fข", "\ufffeก", "ก" * 40_000,
]  # fmt: skip


def waiting(*cells):
    return [
        QuarantinedRow("dip-x", number, {"name": cell, "province": "ตาก"}, (Reason("value-missing", "province", None),))
        for number, cell in enumerate(cells, 2)
    ]


def test_every_cell_can_be_held_and_none_is_a_formula():
    book = load_workbook(io.BytesIO(workbook.faulty_rows(LAYOUT, waiting(*CELLS))))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert len(cells) == len(CELLS) * 4
    assert "f" not in {cell.data_type for cell in cells}
    assert not any(str(cell.value).startswith(("=", "+", "-", "@", "＝", "\n")) for cell in cells)


def test_a_workbook_that_nobody_touched_changes_nothing(tmp_path):
    path = tmp_path / "rows.xlsx"
    path.write_bytes(workbook.faulty_rows(LAYOUT, waiting(*CELLS)))
    sent = workbook.read_mends(path, LAYOUT)
    assert set(sent) == set(range(2, 2 + len(CELLS)))
    assert changed_cells(sent, list(map(workbook.as_shown, waiting(*CELLS)))) == {}


@pytest.mark.parametrize("text", ["=1", "'=1", "''-1", "ปกติ", "", "'", "'x"])
def test_escaping_is_undone_exactly(text):
    assert workbook.unescaped(workbook.escaped(text)) == text
