"""What `insight` reads: applications of today and of the past, and the ministry's own record. Parquet and small JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.funding import services as funding
from iindustry.kernel.home import current_version
from iindustry.kernel.whole import whole
from iindustry.register import services as register
from iindustry.register.enterprise import CorrectionStatus

if TYPE_CHECKING:
    from pathlib import Path

    from iindustry.kernel.home import Home

_MOST_CORRECTIONS = 100_000


@dataclass(frozen=True, slots=True)
class Imported:
    """Past applications taken in, and those whose enterprise the register does not hold."""

    taken: int
    left_out: int


def snapshot_applications(*, home: Home) -> Path:
    """Write today's applications and the ministry's own record of today."""
    path = funding.write_snapshot(home=home)
    snapshot_ministry(home=home)
    return path


def snapshot_ministry(*, home: Home) -> None:
    """Corrections asked and answered: counts of today.

    Deliveries are not counted: no contract says yet when one is due, and a late one that nobody can see is not a
    delivery in time.
    """
    corrections = register.list_corrections(limit=_MOST_CORRECTIONS)
    facts = {
        "corrections_asked": len(corrections),
        "corrections_answered": sum(one.status is not CorrectionStatus.OPEN for one in corrections),
    }
    with whole(home.ministry / "live.json") as fresh:
        fresh.write_text(json.dumps(facts), encoding="utf-8")


def import_history(*, home: Home, history: Path, ministry: Path | None = None) -> Imported:
    """Take in past applications: the juristic id becomes the lasting id, and leaves.

    `history`: columns of `funding.snapshot.SCHEMA` with juristic_id for enterprise_id. Repeating it gives the same file.
    """
    import polars as pl

    from iindustry.funding.snapshot import SCHEMA

    version = current_version(home)
    assert version is not None  # noqa: S101 - the register is built first
    holders = pl.read_parquet(
        home.register / version / "enterprises.parquet", columns=["enterprise_id", "juristic_id"]
    ).filter(pl.col("juristic_id").is_not_null())
    past = pl.read_parquet(history).drop("enterprise_id", strict=False)
    joined = past.join(holders.unique("juristic_id", keep="first", maintain_order=True), on="juristic_id")
    rows = joined.select([pl.col(name).cast(kind) for name, kind in SCHEMA.items()]).sort("sent_at", "application_id")
    with whole(home.applications / "history.parquet") as fresh:
        rows.write_parquet(fresh)
    if ministry is not None:
        with whole(home.ministry / "history.parquet") as fresh:
            pl.read_parquet(ministry).write_parquet(fresh)
    return Imported(rows.height, past.height - rows.height)
