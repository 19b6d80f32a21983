"""Run as a child process: `python -m iindustry.sources.child ACT …` (see `limited.py`, which holds the wall clock).

A hostile file can make its reader use any amount of memory and time, so it is opened here, under limits set before anything
is read. Acts: `unpack FILE FOLDER FILENAME ANSWER`, `sheet FILE CSV KIND`, `cut-off`. Exit codes: 0 done, 3 unreadable,
4 no sheet, 5 more than one sheet with data, 6 refused (the answer says why).
Invariant: no settings, no database, no Django are imported.
"""

from __future__ import annotations

import csv
import ctypes
import datetime as dt
import json
import os
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

GIBIBYTE = 1 << 30
_MEMORY = {"unpack": GIBIBYTE, "xlsx": 2 * GIBIBYTE, "xls": 2 * GIBIBYTE, "parquet": 4 * GIBIBYTE, "cut-off": GIBIBYTE}
CPU_SECONDS = 300
OUT_BYTES = 2 * GIBIBYTE + (64 << 20)
MOST_FILES = 64
_NEW_USER, _NEW_NET = 0x1000_0000, 0x4000_0000


def limit(what: str) -> None:
    """Put the limits on this process."""
    for kind, most in (
        (resource.RLIMIT_AS, _MEMORY[what]),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUT_BYTES),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def leave_network() -> bool:
    """Go into a network of one's own that holds nothing; False where the kernel does not let this process."""
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (_NEW_USER | _NEW_NET, _NEW_NET))


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
        columns = [_texts(column) for column in batch.columns]
        yield from map(list, zip(*columns, strict=True))


def _texts(column: Any) -> list[str]:
    """A column's cells as texts; what is text or a whole number already is not touched one by one."""
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_integer(column.type):
        return list(column.cast(pa.large_string()).fill_null("").to_pylist())
    return [cell_text(cell) for cell in column.to_pylist()]


def write_sheet(source: str, target: str, kind: str) -> int:
    """Read one file, write one CSV."""
    try:
        rows = parquet_rows(Path(source)) if kind == "parquet" else sheet_rows(Path(source))
        if rows is None:
            return 4
        with Path(target).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
    except ValueError as error:
        return 5 if str(error) == "several sheets" else 3
    return 0


def unpack(path: str, folder: str, filename: str, answer: str) -> int:
    """Take the one member out of an archive; the answer names what it is, or why it was refused."""
    from iindustry.kernel.errors import Rejected
    from iindustry.sources import containers

    try:
        inner, kind = containers.opened(Path(path), filename, Path(folder))
    except Rejected as refusal:
        said: dict[str, object] = {"code": refusal.code, "facts": refusal.facts}
    else:
        said = {"kind": kind.value, "is_member": inner != Path(path)}
    Path(answer).write_text(json.dumps(said), encoding="utf-8")
    return 6 if "code" in said else 0


def main(arguments: list[str]) -> int:
    """Do one act under its limits."""
    act = arguments[0]
    limit(arguments[3] if act == "sheet" else act)
    has_left = leave_network()
    try:
        if act == "cut-off":
            return 0 if has_left else 1
        return unpack(*arguments[1:]) if act == "unpack" else write_sheet(*arguments[1:])
    except BaseException:  # noqa: BLE001 - a Rust panic is no Exception; whatever it was, the file cannot be read
        return 3


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
