"""What came since the version in force, linked and published without linking all anew (LINKAGE section 4.8).

A delta holds every record that is new, says something else, or is gone. The rest of the register is not read again but
copied. Invariant: members come out as in a run of the whole with the same model; a full run each week closes the drift of
frequencies. Figures of analysis stay those of the last version counted until the next evaluation.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.flows.building import SEED, within
from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.kernel.progress import Progress, silent
from iindustry.linkage import services as linkage
from iindustry.register import services as register
from iindustry.sources import services as sources
from iindustry.standardise import services as standardise

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.linkage.delta import Change
    from iindustry.standardise.services import StandardFile

_KEYS = ["source", "record_key"]
_OF_THE_DELIVERY = ("delivery_id", "observed_on", "row")


@dataclass(frozen=True, slots=True)
class DeltaReport:
    """What a delta did. Units: seconds. `changed`: records new or other than before; `touched`: enterprises."""

    version: str
    changed: int
    gone: int
    touched: int
    enterprises: int
    find_seconds: float
    link_seconds: float
    publish_seconds: float


def apply_deliveries(
    *, home: Home, clock: Clock, progress: Progress = silent, threads: int | None = None
) -> DeltaReport:
    """Link and publish what deliveries brought since the version in force.

    Conflict `nothing-delivered`; `delta-needs-a-run` where no full run kept what a delta builds on. Nothing new: the same
    version again.
    """
    deliveries = sources.in_force(home=home)
    if not deliveries:
        raise Conflict("nothing-delivered")
    files = standardise.standard_files(deliveries, home=home, progress=progress)
    with transaction.atomic():
        linkage.lock_reshaping()
        register.settle(home)
        started = time.perf_counter()
        version = current_version(home)
        before = linkage.deliveries_of(version, home=home) if version else None
        if version is None or before is None:
            raise Conflict("delta-needs-a-run")
        new, gone = found(files, before, home=home)
        at_linking = time.perf_counter()
        change = linkage.link_delta(
            new,
            gone=gone,
            home=home,
            judgements=linkage.judgements_in_force(),
            judged_before=linkage.records_spoken_of(),
            seed=SEED,
            threads=threads or os.cpu_count() or 1,
            progress=within("link", progress),
        )
        at_publishing = time.perf_counter()
        made = publish_change(change, files, home=home, clock=clock, progress=within("publish", progress))
        linkage.keep_deliveries([one.delivery_id for one in files], version=made, home=home)
    ended = time.perf_counter()
    register.settle(home)
    linkage.refresh_look_ups(home=home)
    return DeltaReport(
        version=made,
        changed=new.select(_KEYS).n_unique(),
        gone=gone.height,
        touched=len(change.touched),
        enterprises=int(change.quality["enterprises"] or 0),
        find_seconds=round(at_linking - started, 2),
        link_seconds=round(at_publishing - at_linking, 2),
        publish_seconds=round(ended - at_publishing, 2),
    )


def publish_change(
    change: Change, files: Sequence[StandardFile], *, home: Home, clock: Clock, progress: Progress = silent
) -> str:
    """Put a change in force inside the caller's transaction; the version's name."""
    if change.touched.is_empty() and change.gone.is_empty():
        return current_version(home) or ""
    report = register.publish_change(change, files, home=home, clock=clock, progress=progress, within=True)
    return report.version


def found(files: Sequence[StandardFile], before: Collection[str], *, home: Home) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(every IDENTITY row in force of records that are new or say something else, keys of records that are gone)."""
    import polars as pl

    from iindustry.standardise.shapes import IDENTITY

    now = {one.delivery_id for one in files}
    added = [one for one in files if one.delivery_id not in before]
    dropped = _dropped(set(before) - now, home)
    changed, gone = [], []
    for source in sorted({one.source for one in added} | set(dropped)):
        own = [one for one in files if one.source == source]
        fresh = _said([one.path for one in added if one.source == source])
        stale = _said(dropped.get(source, []))
        keys = pl.concat([_other(fresh, stale), _other(stale, fresh)]).unique()
        there = _there(own, keys)
        gone.append(keys.join(there, on="record_key", how="anti").with_columns(source=pl.lit(source)).select(_KEYS))
        changed.append(standardise.identities(own).join(there.lazy(), on="record_key", how="semi").collect())
    empty = pl.DataFrame(schema=IDENTITY)
    no_keys = pl.DataFrame(schema=dict.fromkeys(_KEYS, pl.Utf8))
    return pl.concat([empty, *changed]), pl.concat([no_keys, *gone]).sort(_KEYS)


def _said(paths: Sequence[Path]) -> pl.DataFrame:
    """record_key and a digest of all that each row of some files says, wherever it was delivered."""
    import polars as pl

    frames = []
    for path in paths:
        rows = pl.scan_parquet(path)
        names = sorted(name for name in rows.collect_schema().names() if name not in _OF_THE_DELIVERY)
        frames.append(rows.select("record_key", said=pl.struct(names).hash(seed=1)).collect())
    return pl.concat([pl.DataFrame(schema={"record_key": pl.Utf8, "said": pl.UInt64}), *frames])


def _other(these: pl.DataFrame, those: pl.DataFrame) -> pl.DataFrame:
    """Keys of rows that stand here and not there."""
    return these.join(those, on=["record_key", "said"], how="anti").select("record_key").unique()


def _there(files: Sequence[StandardFile], keys: pl.DataFrame) -> pl.DataFrame:
    """Those of the keys that some file in force still has."""
    import polars as pl

    held = [
        pl.scan_parquet(one.path).select("record_key").join(keys.lazy(), on="record_key", how="semi").collect()
        for one in files
    ]
    return pl.concat([keys.clear(), *held]).unique()


def _dropped(deliveries: Collection[str], home: Home) -> dict[str, list[Path]]:
    """The newest standard file of each delivery that is no longer in force, by source."""
    kept: dict[str, list[Path]] = {}
    for delivery in sorted(deliveries):
        paths = sorted(home.standard.glob(f"*/{delivery}.n*.parquet"), key=lambda path: path.stat().st_mtime_ns)
        if not paths:
            raise Conflict("delta-needs-a-run")
        kept.setdefault(paths[-1].parent.name, []).append(paths[-1])
    return kept
