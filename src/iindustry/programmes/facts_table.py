"""The facts of every enterprise on one day, in the engine's types, kept beside a register version.

Invariant: a column is what rules read, a value or null; a null has its reason; no cell is read as zero because it is absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.kernel.progress import silent

if TYPE_CHECKING:
    from datetime import date

    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress


@dataclass(frozen=True, slots=True)
class FactsTable:
    """Facts of one register version on one day: a row an enterprise, and a row an establishment."""

    version: str
    as_of: date
    enterprises: pl.DataFrame
    establishments: pl.DataFrame

    @property
    def height(self) -> int:
        """Enterprises in it."""
        return self.enterprises.height


def make(
    *, home: Home, as_of: date, version: str | None = None, progress: Progress = silent, threads: int | None = None
) -> FactsTable:
    """The facts table of a version, the one in force where none is named; made once, found afterwards.

    Raises Conflict `register-absent` before the first version.
    """
    del threads
    named = version or current_version(home)
    if named is None:
        raise Conflict("register-absent")
    folder = home.register / named
    progress("facts", 0, 1)
    found = FactsTable(
        named,
        as_of,
        pl.read_parquet(folder / "enterprises.parquet"),
        pl.read_parquet(folder / "establishments.parquet"),
    )
    progress("facts", 1, 1)
    return found
