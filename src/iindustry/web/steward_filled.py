"""How full and how valid the records of each register are, by what identifies an enterprise: one scan of the standard files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from iindustry.sources import services as sources
from iindustry.standardise.names import NORM_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iindustry.kernel.home import Home

MEASURES = (
    ("name", "มีชื่อ", "Named"),
    ("number", "เลข 13 หลักถูกต้อง", "Valid 13-digit id"),
    ("factory", "เลขโรงงานถูกต้อง", "Valid factory id"),
    ("place", "รู้ตำบล", "Subdistrict known"),
    ("phone", "มีโทรศัพท์", "Telephone"),
)
"""What is measured, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Records of one register, and the share of them that has each of `MEASURES`; None where the register has no such column."""

    records: int
    shares: Mapping[str, float | None]


def filled(home: Home) -> Mapping[str, Filled]:
    """By register, of the deliveries in force whose standard files are there."""
    paths: dict[str, list[Path]] = {}
    for one in sources.in_force(home=home):
        paths.setdefault(one.source, []).extend(
            sorted((home.standard / one.source).glob(f"{one.delivery_id}.n{NORM_VERSION}.*.parquet"))
        )
    return {source: _filled(tuple(found)) for source, found in sorted(paths.items()) if found}


@lru_cache(maxsize=64)
def _filled(paths: tuple[Path, ...]) -> Filled:
    """One register's files, read once in a process: a standard file never changes."""
    import polars as pl

    has = {
        "name": pl.col("name_raw").is_not_null(),
        "number": pl.col("id_state") == "valid",
        "factory": pl.col("factory_id").is_not_null(),
        "place": pl.col("subdistrict_code").is_not_null(),
        "phone": pl.col("phones").list.len().fill_null(0) > 0,
    }
    counted = (
        pl.scan_parquet(list(paths))
        .select(pl.len().alias("records"), *(says.sum().alias(name) for name, says in has.items()))
        .collect(engine="streaming")
        .row(0, named=True)
    )
    records = int(counted["records"])
    return Filled(records, {name: counted[name] / records if records and counted[name] else None for name in has})
