"""Where two registers cannot both be up to date: how many, whose, and the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from iindustry.kernel.home import current_version
from iindustry.register import conflicts
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from pathlib import Path

    from iindustry.kernel.home import Home

SHOWN_MOST = 5
_STATUS = ("enterprise_id", "entity__status")
_SITE = ("enterprise_id", "establishment_id", "factory__factory_id", "factory__factory_class")


@dataclass(frozen=True, slots=True)
class Conflicting:
    """One kind of conflict in the version in force. `owners`: the sources whose agencies are told; `first`: enterprise ids."""

    words: Both
    owners: tuple[str, str]
    count: int
    first: tuple[str, ...]


def conflicting(home: Home) -> tuple[Conflicting, ...]:
    """Every kind of conflict with its count, those without any included; empty where there is no version yet."""
    version = current_version(home)
    return _of(home.register / version) if version else ()


@lru_cache(maxsize=4)
def _of(folder: Path) -> tuple[Conflicting, ...]:
    """Read once a version: a version never changes."""
    import polars as pl

    found = conflicts.of_version(
        pl.scan_parquet(folder / "enterprises.parquet").select(_STATUS).collect(),
        pl.scan_parquet(folder / "establishments.parquet").select(_SITE).collect(),
    )
    return tuple(
        Conflicting(
            Both(*words),
            conflicts.OWNERS[code],
            (held := found.filter(code=code)).height,
            tuple(held["enterprise_id"].unique().sort()[:SHOWN_MOST]),
        )
        for code, words in conflicts.WORDS.items()
    )
