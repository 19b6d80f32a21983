"""Run as a child process: `python -m iindustry.sources.sheet_child IN OUT KIND`. Writes one sheet as CSV in UTF-8.

A hostile workbook can make its reader use any amount of memory and time, so it is read here, under limits set before
anything is opened, with an empty environment; the parent holds the wall clock. Exit codes: 0 done, 3 unreadable,
4 no sheet, 5 more than one sheet with data.
Invariant: no settings, no database, no Django are imported.
"""

from __future__ import annotations

import csv
import datetime as dt
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

GIBIBYTE = 1 << 30
_MEMORY = {"xlsx": 2 * GIBIBYTE, "xls": 2 * GIBIBYTE, "parquet": 6 * GIBIBYTE}
CPU_SECONDS = 120
OUT_BYTES = 2 * GIBIBYTE
MOST_FILES = 64


def limit(kind: str) -> None:
    """Put the limits on this process."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY[kind]),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUT_BYTES),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def cell_text(value: Any) -> str:
    """A cell as a person would have typed it: whole numbers without `.0`, days as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)  # noqa: PLR2004
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    return str(value)


def sheet_rows(path: Path) -> Iterable[list[str]] | None:
    """The rows of the one sheet that holds data; None where there is none. Raises ValueError where there are several."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    filled = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if any(cell not in ("", None) for row in rows for cell in row):
            filled.append(rows)
    if len(filled) > 1:
        raise ValueError("several sheets")
    return ([cell_text(cell) for cell in row] for row in filled[0]) if filled else None


def parquet_rows(path: Path) -> Iterable[list[str]]:
    """Heading and rows of a Parquet file."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    yield list(file.schema_arrow.names)
    for batch in file.iter_batches(batch_size=65_536, use_threads=False):
        columns = [column.to_pylist() for column in batch.columns]
        for cells in zip(*columns, strict=True):
            yield [cell_text(cell) for cell in cells]


def main(source: str, target: str, kind: str) -> int:
    """Read one file, write one CSV."""
    limit(kind)
    try:
        rows = parquet_rows(Path(source)) if kind == "parquet" else sheet_rows(Path(source))
        if rows is None:
            return 4
        with Path(target).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
    except ValueError as error:
        return 5 if str(error) == "several sheets" else 3
    except BaseException:  # noqa: BLE001 - a Rust panic is no Exception; whatever it was, the file cannot be read
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
