"""Frames that a run reads again only later, on the disk meanwhile: a nation's profiles are gigabytes that scoring does not read.

A room is a folder where temporary files lie (`TMPDIR`: for a nation about ten gigabytes, so not memory); it goes with the last
frame that lies in it, and the next run takes away what a killed one left. Invariant: a frame comes back as it was put, whole
or by columns.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl


_NAME = "i-industry-aside-"


class Laid(Protocol):
    """A frame that lies somewhere."""

    def read(self, *columns: str) -> pl.DataFrame:
        """The frame, or some columns of it."""

    def without(self, *columns: str) -> pl.DataFrame:
        """The frame but for some columns."""

    def write_parquet(self, path: Path) -> None:
        """The frame as a Parquet file that keeps well."""

    def forget(self) -> None:
        """Nobody reads it again."""


class Desk(Protocol):
    """Where frames are laid."""

    def put(self, frame: pl.DataFrame) -> Laid:
        """Lay a frame down; whoever hands it over should hold it no longer."""

    def joined(self, parts: Iterable[Laid]) -> Laid:
        """Frames of equal columns as one, in this order."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A frame on the disk, in files one after another. It holds its room."""

    paths: tuple[Path, ...]
    room: Room = field(repr=False)

    def read(self, *columns: str) -> pl.DataFrame:
        """The frame, or some columns of it."""
        import polars as pl

        parts = [pl.read_ipc(path, columns=list(columns) or None) for path in self.paths]
        return parts[0] if len(parts) == 1 else pl.concat(parts)

    def without(self, *columns: str) -> pl.DataFrame:
        """The frame but for some columns."""
        import polars as pl

        return self.read(*(name for name in pl.read_ipc_schema(self.paths[0]) if name not in columns))

    def write_parquet(self, path: Path) -> None:
        """The frame as a Parquet file, a piece at a time: it is never whole in memory."""
        import polars as pl

        pl.scan_ipc(list(self.paths)).sink_parquet(path, compression="zstd", statistics=True)

    def forget(self) -> None:
        """Take its files away."""
        for path in self.paths:
            path.unlink(missing_ok=True)


class Room:
    """A folder of one run."""

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_NAME}{os.getpid()}-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def put(self, frame: pl.DataFrame) -> Aside:
        """Write a frame."""
        path = self._folder / f"{new_id()}.arrow"
        frame.write_ipc(path, compression="lz4")
        return Aside((path,), self)

    def joined(self, parts: Iterable[Laid]) -> Aside:
        """Files one after another."""
        return Aside(tuple(path for one in parts if isinstance(one, Aside) for path in one.paths), self)


@dataclass(frozen=True, slots=True)
class Held:
    """A frame in memory."""

    frame: pl.DataFrame

    def read(self, *columns: str) -> pl.DataFrame:
        """The frame, or some columns of it."""
        return self.frame.select(columns) if columns else self.frame

    def without(self, *columns: str) -> pl.DataFrame:
        """The frame but for some columns."""
        return self.frame.drop(columns)

    def write_parquet(self, path: Path) -> None:
        """The frame as a Parquet file."""
        self.frame.write_parquet(path, compression="zstd", statistics=True)

    def forget(self) -> None:
        """Nothing: it goes with its last reader."""


class Lap:
    """Where frames stay in memory: for few records."""

    def put(self, frame: pl.DataFrame) -> Held:
        """Hold a frame."""
        return Held(frame)

    def joined(self, parts: Iterable[Laid]) -> Held:
        """One frame of all."""
        import polars as pl

        return Held(pl.concat(one.read() for one in parts))


def _sweep(folder: Path) -> None:
    """Take away the rooms of processes that live no more."""
    for left in folder.glob(f"{_NAME}*"):
        process = left.name.removeprefix(_NAME).partition("-")[0]
        if process.isdigit() and not _lives(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
