"""Deliveries written as registers write them: title lines, headings with line breaks, cp874 or UTF-8 with BOM.

Invariant: the first line of every file says that it is made up.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Literal

from iindustry.generate import calibration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

Encoding = Literal["cp874", "utf-8-sig"]


def _heading(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def title(words: str) -> str:
    """A title line with the mark."""
    return f"{calibration.mark()} - {words}"


def write_table(path: Path, frame: pl.DataFrame, *, titles: Sequence[str], encoding: Encoding) -> Path:
    """Writes a frame of Utf8 columns, headings as the columns are named. Null is an empty cell."""
    body = frame.write_csv(None, include_header=False, line_terminator="\r\n")
    text = "".join(f"{line}\r\n" for line in titles) + _heading(frame.columns) + body
    path.write_bytes(text.encode(encoding, errors="replace" if encoding == "cp874" else "strict"))
    return path
