"""The faulty rows as a spreadsheet: a column of reasons, the cells as sent, mended there and sent back.

Invariants: no cell can become a formula: a text that begins with = + - @ or a line end gets an apostrophe, which is taken off
when it comes back. A row that nobody touched comes back as it was shown.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.sources import limited
from iindustry.sources.reasons import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iindustry.sources.contracts import Layout
    from iindustry.sources.reports import QuarantinedRow

ROW = "แถวที่"
REASON = "สิ่งที่ต้องแก้"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_767  # what a cell of a workbook holds
_MOST_DIGITS = 9  # of a row's number


def escaped(text: str) -> str:
    """A text that a spreadsheet takes as text. One that begins with apostrophes before such a sign gets one more."""
    return "'" + text if text.lstrip("'").startswith(_FORMULA) else text


def unescaped(text: str) -> str:
    """The text that `escaped` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text


def as_shown(row: QuarantinedRow) -> QuarantinedRow:
    """The row as a workbook can hold it: without the signs that no workbook may hold, long texts cut."""
    return replace(row, cells={name: text and _holdable(text) for name, text in row.cells.items()})


def _holdable(text: str) -> str:
    return _NOT_IN_XML.sub("", text)[: _LONGEST_CELL - 1]


def faulty_rows(layout: Layout, rows: Sequence[QuarantinedRow]) -> bytes:
    """An XLSX of the rows that wait: row number, reasons in Thai, then every column under its heading; faulty cells marked."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill

    names = [column.name for column in layout.columns if any(column.name in row.cells for row in rows)]
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a fresh workbook has one sheet
    sheet.title = "แก้ไข"
    sheet.append([ROW, REASON, *(layout.column(name).heading for name in names)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    amber = PatternFill("solid", fgColor="FFF1CC")
    for place, row in enumerate(map(as_shown, rows), 2):
        said = [sentence(reason.code, layout, reason.column).th for reason in row.reasons]
        sheet.append([row.row, escaped(" · ".join(said)), *(escaped(row.cells.get(name) or "") for name in names)])
        for cell in sheet[place][1:]:
            cell.number_format = "@"
        for reason, words in zip(row.reasons, said, strict=True):
            if reason.column in names:
                faulty = sheet.cell(place, names.index(reason.column) + 3)
                faulty.fill, faulty.comment = amber, Comment(words, "i-Industry")
    sheet.freeze_panes = "C2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_mends(file: Path, layout: Layout) -> dict[int, dict[str, str]]:
    """Rows of such a workbook, by row number: our column names and texts. Rejected `workbook-not-ours`, `sheet-…`."""
    with tempfile.TemporaryDirectory(prefix="mends-") as folder:
        inner, kind = limited.unpacked(file, "mends.xlsx", Path(folder))
        sheet = Path(folder) / "sheet.csv"
        limited.read_sheet(inner, sheet, kind)
        with sheet.open(encoding="utf-8", newline="") as text:
            rows = list(csv.reader(text))
    if not rows or rows[0][:2] != [ROW, REASON]:
        raise Rejected("workbook-not-ours")
    by_heading = {column.heading: column.name for column in layout.columns}
    names = [by_heading.get(heading) for heading in rows[0]]
    mended = {}
    for cells in rows[1:]:
        if not cells or not cells[0].isdecimal() or len(cells[0]) > _MOST_DIGITS:
            continue
        mended[int(cells[0])] = {name: unescaped(cell) for name, cell in zip(names, cells, strict=False) if name}
    return mended


_EXAMPLES = {
    "thirteen": "0105558197632", "factory_id": "20500000325535", "old_factory_id": "จ3-86-3/53ชม", "date": "14/1/2569",
    "year": "2568", "licence_year": "2553", "fiscal_year": "2569", "money": "1000000", "count": "25", "number": "75.5",
    "level": "3", "province": "มุกดาหาร", "factory_type": "08600", "factory_class": "3", "tsic": "10301",
    "key": "ตัวอย่าง-0001", "period": "256910", "decimal_level": "2.5", "country": "JP", "hs": "8471.30",
    "citizen": "", "sealed_name": "", "signing_rule": "กรรมการสองคนลงลายมือชื่อร่วมกัน", "name": "บริษัท ตัวอย่าง จำกัด", "words": "ยังดำเนินกิจการอยู่",
}  # fmt: skip


def template(layout: Layout) -> bytes:
    """A workbook with a layout's headings and one made-up row; cells are text, so that zeros stay."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a fresh workbook has one sheet
    sheet.append([column.heading for column in layout.columns])
    sheet.append([_EXAMPLES.get(column.reads, "ตัวอย่าง") for column in layout.columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for cell in sheet[2]:
        cell.number_format = "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
