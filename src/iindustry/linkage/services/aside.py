"""Frames that a run reads again only later, on the disk meanwhile: a nation's profiles are gigabytes that scoring does not read.

A room is a temporary folder of one run, gone with it. Invariant: a frame comes back as it was put, whole or by columns.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl


@dataclass(frozen=True, slots=True)
class Aside:
    """One frame on the disk."""

    path: Path

    def read(self, *columns: str) -> pl.DataFrame:
        """The frame, or some columns of it."""
        import polars as pl

        return pl.read_ipc(self.path, columns=list(columns) or None)

    def without(self, *columns: str) -> pl.DataFrame:
        """The frame but for some columns."""
        import polars as pl

        return self.read(*(name for name in pl.read_ipc_schema(self.path) if name not in columns))


@dataclass(frozen=True, slots=True)
class Room:
    """Where frames are put aside."""

    folder: Path

    def put(self, frame: pl.DataFrame) -> Aside:
        """Write a frame; whoever hands it over should hold it no longer."""
        path = self.folder / f"{new_id()}.arrow"
        frame.write_ipc(path, compression="lz4")
        return Aside(path)


@contextmanager
def room() -> Iterator[Room]:
    """A room that is emptied and taken away at the end, whatever happened."""
    with tempfile.TemporaryDirectory(prefix="i-industry-aside-") as folder:
        yield Room(Path(folder))
