"""Deliveries written as registers write them: title lines, headings with line breaks, cp874 or UTF-8 with BOM, sheets.

Files grow part by part, so that a country of any size fits in memory.
Invariant: the first line of every file, or a Parquet file's metadata, says that it is made up; equal parts give equal bytes.
"""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from typing import TYPE_CHECKING, Literal, Protocol
from xml.sax.saxutils import escape

import polars as pl

from iindustry.generate import calibration
from iindustry.kernel.whole import whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Encoding = Literal["cp874", "utf-8-sig"]
_ZIP_DAY = (2000, 1, 1, 0, 0, 0)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BOOK = {
    "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}  # fmt: skip


class Writer(Protocol):
    """A file that grows: parts are frames of Utf8 columns under equal headings; null is an empty cell."""

    def add(self, cells: pl.DataFrame) -> None:
        """Write a part after those before."""

    def close(self) -> Path:
        """Finish the file; its path."""


def _heading(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def title(words: str) -> str:
    """A title line with the mark."""
    return f"{calibration.mark()} - {words}"


class Csv:
    """Title lines, heading and rows as text."""

    def __init__(self, path: Path, titles: Sequence[str], encoding: Encoding) -> None:
        self._path, self._titles = path, titles
        self._encoding, self._begun = encoding, False

    def add(self, cells: pl.DataFrame) -> None:
        """Write a part after those before."""
        text = cells.write_csv(None, include_header=False, line_terminator="\r\n")
        if not self._begun:
            text = "".join(f"{line}\r\n" for line in self._titles) + _heading(cells.columns) + text
        encoding = "utf-8" if self._begun and self._encoding == "utf-8-sig" else self._encoding
        with self._path.open("ab" if self._begun else "wb") as file:
            file.write(text.encode(encoding, errors="replace" if encoding == "cp874" else "strict"))
        self._begun = True

    def close(self) -> Path:
        """Finish the file; its path."""
        return self._path


class Parquet:
    """Rows of any types as Parquet, laid part beside part and joined at the end."""

    def __init__(self, path: Path) -> None:
        self._path, self._parts = path, path.with_suffix(".parts")
        shutil.rmtree(self._parts, ignore_errors=True)
        self._parts.mkdir(parents=True)
        self._count = 0

    def add(self, cells: pl.DataFrame) -> None:
        """Write a part after those before."""
        cells.write_parquet(self._parts / f"{self._count:05}.parquet", compression="lz4")
        self._count += 1

    def scan(self) -> pl.LazyFrame:
        """All parts so far, in order."""
        return pl.scan_parquet(sorted(self._parts.glob("*.parquet")))

    def close(self) -> Path:
        """Finish the file; its path."""
        join(self.scan(), self._path)
        self.drop()
        return self._path

    def drop(self) -> None:
        """Take the parts away."""
        shutil.rmtree(self._parts)


def join(rows: pl.LazyFrame, path: Path) -> Path:
    """Rows as one Parquet file with the mark, without holding them all."""
    with whole(path) as fresh:
        rows.sink_parquet(fresh, metadata={"mark": calibration.mark()})
    return path


class Sheet:
    """A workbook of one sheet, every cell a text; for tables that a person would send (a few thousand rows)."""

    def __init__(self, path: Path, titles: Sequence[str]) -> None:
        self._path, self._rows = path, [[line] for line in titles]
        self._begun = False

    def add(self, cells: pl.DataFrame) -> None:
        """Write a part after those before."""
        if not self._begun:
            self._rows.append(list(cells.columns))
        self._begun = True
        self._rows.extend([value or "" for value in row] for row in cells.iter_rows())

    def close(self) -> Path:
        """Finish the file; its path."""
        rows = "".join(
            f'<row r="{number}">{"".join(_cell(place, number, text) for place, text in enumerate(row) if text)}</row>'
            for number, row in enumerate(self._rows, start=1)
        )
        sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        with zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED) as book:
            for name, text in {**_BOOK, "xl/worksheets/sheet1.xml": sheet}.items():
                member = zipfile.ZipInfo(name, _ZIP_DAY)
                member.compress_type = zipfile.ZIP_DEFLATED
                book.writestr(member, (_XML + text).encode())
        return self._path


def _cell(place: int, row: int, text: str) -> str:
    column = chr(ord("A") + place)
    return f'<c r="{column}{row}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def write_table(path: Path, frame: pl.DataFrame, *, titles: Sequence[str], encoding: Encoding) -> Path:
    """Writes a frame of Utf8 columns whole, headings as the columns are named."""
    with whole(path) as fresh:
        Csv(fresh, titles, encoding).add(frame)
    return path
