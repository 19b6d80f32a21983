"""Files of a version: written row group by row group in the order of their keys, named by the digest of their bytes.

Row groups have one size whatever the buckets that filled them, so a version made whole and one made by changing its
forerunner have equal bytes. Invariant: a folder under a version's name is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, Self

from iindustry.kernel import leftovers
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    import polars as pl
    import pyarrow.parquet as pq

    from iindustry.kernel.home import Home

FILES = ("enterprises", "establishments", "members", "values")
ROW_GROUP = 100_000
_CHUNK = 1 << 20


class RowGroups:
    """A Parquet file that grows by frames and is cut into row groups of `ROW_GROUP` rows."""

    def __init__(self, path: Path) -> None:
        """Nothing is written before the first frame, which gives the columns."""
        self._path = path
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pl.DataFrame] = []
        self._height = 0
        self.rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Rows that come after all rows added before."""
        self._waiting.append(frame)
        self._height += frame.height
        self.rows += frame.height
        if self._height >= ROW_GROUP or self._writer is None:
            self._write(whole=False)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits, unless something broke."""
        if kind is None:
            self._write(whole=True)
        if self._writer is not None:
            self._writer.close()

    def _write(self, *, whole: bool) -> None:
        import polars as pl
        import pyarrow.parquet as pq

        if not self._waiting:
            return
        waiting = pl.concat(self._waiting) if len(self._waiting) > 1 else self._waiting[0]
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, waiting.to_arrow().schema, compression="zstd")
        end = waiting.height if whole else waiting.height - waiting.height % ROW_GROUP
        for start in range(0, end, ROW_GROUP):
            group = waiting.slice(start, min(ROW_GROUP, end - start)).to_arrow().cast(self._writer.schema)
            self._writer.write_table(group, row_group_size=ROW_GROUP)
        rest = waiting.slice(end)
        self._waiting, self._height = ([rest], rest.height) if rest.height else ([], 0)


def making(home: Home) -> Path:
    """A fresh folder for a version in the making; what killed publications left behind is taken away.

    Another publication may be at work in another process: only what is old is nobody's.
    """
    home.register.mkdir(parents=True, exist_ok=True)
    leftovers.sweep(home.register, now=SystemClock().now())
    folder = home.register / f".making-{new_id()}"
    (folder / "scratch").mkdir(parents=True)
    return folder


def settle_folder(folder: Path, about: str, home: Home) -> str:
    """Give a finished folder its name, the digest of its files and of `about`; the name. One that is there already stays."""
    (folder / "version.json").write_text(about, encoding="utf-8")
    digest = hashlib.sha256()
    for name in FILES:
        with (folder / f"{name}.parquet").open("rb") as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
    digest.update(about.encode())
    version = f"r{digest.hexdigest()[:16]}"
    for path in sorted(one for one in folder.iterdir() if one.is_file()):
        sync(path)
    sync(folder)
    if (home.register / version).exists():
        for path in [*(folder / f"{name}.parquet" for name in FILES), folder / "version.json"]:
            path.unlink()
    else:
        target = home.register / f".making-{new_id()}"
        target.mkdir()
        for path in [*(folder / f"{name}.parquet" for name in FILES), folder / "version.json"]:
            path.rename(target / path.name)
        sync(target)
        target.rename(home.register / version)
    sync(home.register)
    return version


def point(home: Home, version: str) -> None:
    """Rename CURRENT: readers of the lake see the old name or the new one."""
    fresh = home.register / f".CURRENT-{new_id()}"
    fresh.write_text(version, encoding="ascii")
    sync(fresh)
    fresh.replace(home.register / "CURRENT")
    sync(home.register)


def note(path: Path, facts: Mapping[str, Any]) -> None:
    """Keep facts beside a version, as JSON, where there are any: no part of its name."""
    if not facts:
        return
    part = path.with_name(f".{path.name}-{new_id()}")
    part.write_text(json.dumps(dict(facts), sort_keys=True, ensure_ascii=False), encoding="utf-8")
    part.rename(path)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
