"""Publishing a version: statements, golden values, Parquet, one merge, CURRENT."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.linkage.outcome import Linked
    from iindustry.register.enterprise import VersionReport


def publish(linked: Linked, records: pl.DataFrame, *, home: Home, clock: Clock, progress: Progress) -> VersionReport:
    """Make the next version and put it in force."""
    raise NotImplementedError


def settle(home: Home) -> str | None:
    """Make CURRENT name the version that the serving copy holds; the version's name, None before the first."""
    raise NotImplementedError
