"""A register version's table as a file of the caller's: streamed, and byte for byte the same from the same version."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.kernel.whole import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl


def write(table: Path, file: Path) -> int:
    """Write a Parquet table of a version to a .csv or .parquet file, whole or not at all; its rows.

    Rejected `export-type-unknown` for another suffix, `export-folder-absent`. Rows are in the order of the table's keys; a list in CSV is its elements
    parted by spaces.
    """
    import polars as pl

    writer = _WRITERS.get(file.suffix)
    if writer is None:
        raise Rejected("export-type-unknown", suffix=file.suffix or file.name)
    if not file.parent.is_dir():
        raise Rejected("export-folder-absent", folder=str(file.parent))
    with whole(file) as part:
        writer(table, part)
    return int(pl.scan_parquet(table).select(pl.len()).collect().item())


def _parquet(table: Path, part: Path) -> None:
    shutil.copyfile(table, part)


def _csv(table: Path, part: Path) -> None:
    import polars as pl

    _flat(pl.scan_parquet(table)).sink_csv(part, maintain_order=True)


def _flat(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Lists as text parted by spaces: CSV has no lists."""
    import polars as pl

    nested = [name for name, kind in rows.collect_schema().items() if isinstance(kind, pl.List)]
    return rows.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(" ") for name in nested)


_WRITERS: Mapping[str, Callable[[Path, Path], None]] = {".csv": _csv, ".parquet": _parquet}
