"""Reading the snapshots: register versions, applications, the ministry's own record. Parquet in, small frames out.

What was computed from a set of files is kept while those files stay as they are (name, size, time of change), so that a
page costs a few looks at the folder. Invariant: nothing here writes what others read back, and no name of a person is read.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from iindustry.insight.tables import Stamp
from iindustry.kernel.home import current_version
from iindustry.kernel.whole import whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.home import Home

T = TypeVar("T")
_KEPT = 64
_COUNTED = "COUNTED"
_kept: dict[tuple[object, ...], Any] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Files:
    """The files that figures rest on; those that do not exist yet are None."""

    version: str | None
    members: Path | None
    enterprises: Path | None
    quality: Path | None
    reach: Path | None
    eligible: Path | None
    live: Path | None
    history: Path | None
    ministry: Path | None
    work: Path | None

    @property
    def stamp(self) -> Stamp:
        """Register version, and when the live snapshot was written."""
        newest = self.live or self.history
        return Stamp(self.version, datetime.fromtimestamp(newest.stat().st_mtime, UTC) if newest else None)


def files(home: Home) -> Files:
    """What lies there now: of the version that was counted last, so that a new one shows when all its figures do."""
    version = counted_version(home) or current_version(home)
    folder = home.register / version if version else None

    def beside(name: str) -> Path | None:
        return _there(folder / name) if folder else None

    return Files(
        version,
        beside("members.parquet"),
        beside("enterprises.parquet"),
        beside("quality.json"),
        beside("reach.parquet"),
        beside("eligible.parquet"),
        _there(home.applications / "live.parquet"),
        _there(home.applications / "history.parquet"),
        _there(home.ministry / "history.parquet"),
        _there(home.ministry / "live.json"),
    )


def taken_in(home: Home) -> tuple[Path, ...]:
    """The files of records standardised so far. A hidden name is a file that somebody still writes."""
    return tuple(sorted(home.standard.glob("*/[!.]*.parquet")))


def counted_version(home: Home) -> str | None:
    """The register version whose figures are all there, or None before the first."""
    pointer = home.register / _COUNTED
    return pointer.read_text(encoding="ascii").strip() if pointer.exists() else None


def point(home: Home, version: str) -> None:
    """Make a version the one that is shown, at one stroke."""
    with whole(home.register / _COUNTED) as fresh:
        fresh.write_text(version, encoding="ascii")


def kept(name: str, marks: tuple[object, ...], paths: tuple[Path | None, ...], make: Callable[[], T]) -> T:
    """What `make` gives, made once for each state of these files."""
    key = (name, *marks, *(_state(path) for path in paths))
    if key in _kept:
        return _kept[key]  # type: ignore[no-any-return]
    made = make()
    with _lock:
        while len(_kept) >= _KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = made
    return made


def applications(found: Files) -> pl.DataFrame | None:
    """Every application sent, of history and of today, with `is_history`; None where there is no snapshot at all."""
    import polars as pl

    parts = [pl.read_parquet(path) for path in (found.history, found.live) if path]
    if not parts:
        return None
    return pl.concat(parts, how="vertical_relaxed").filter(pl.col("sent_at").is_not_null())


def frame(path: Path | None) -> pl.DataFrame | None:
    """A Parquet file, or None where there is none."""
    import polars as pl

    return pl.read_parquet(path) if path else None


def facts(path: Path | None) -> dict[str, Any]:
    """A small JSON file, or nothing."""
    return json.loads(path.read_text(encoding="utf-8")) if path else {}


def row_count(path: Path) -> int:
    """How many rows a Parquet file says it has: its footer alone is read."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _there(path: Path) -> Path | None:
    return path if path.exists() else None


def _state(path: Path | None) -> tuple[str, int, int] | None:
    if path is None:
        return None
    try:
        seen = path.stat()
    except FileNotFoundError:
        return None
    return str(path), seen.st_size, seen.st_mtime_ns
