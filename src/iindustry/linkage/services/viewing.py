"""One enterprise's cluster as a steward sees it: its records, and the edges that hold them together, the weakest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from iindustry.kernel.errors import Conflict, NotFound
from iindustry.kernel.home import current_version
from iindustry.linkage.comparisons import COMPARISONS
from iindustry.linkage.models import Redirect
from iindustry.linkage.outcome import PRIOR, Ground, Part, RecordId

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.home import Home

_MOST = 500


@dataclass(frozen=True, slots=True)
class MemberView:
    """One record of a cluster. probability: of the edge that joined it; None for numbers, judgements and single records."""

    source: str
    record_key: str
    ground: Ground
    probability: float | None


@dataclass(frozen=True, slots=True)
class EdgeView:
    """A pair of records that speaks for one enterprise. Units: bits. `parts`: what each comparison adds, and the prior."""

    left: RecordId
    right: RecordId
    weight: float
    probability: float
    ground: Ground
    levels: Mapping[str, str]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class ClusterView:
    """members by source and key; edges the weakest first; how many members there are, whether shown or not."""

    enterprise_id: str
    members: tuple[MemberView, ...]
    edges: tuple[EdgeView, ...]
    member_count: int


def cluster_of(enterprise_id: str, *, limit: int = _MOST, home: Home | None = None) -> ClusterView:
    """The cluster of one enterprise (redirects followed). A profile of many records shows its edges at its first one.

    Edges between records joined by an equal number are not scored and not listed; their members' ground says so.
    NotFound `enterprise-unknown`.
    """
    import polars as pl

    home = home or settings.HOME
    version = current_version(home)
    if version is None:
        raise Conflict("register-empty")
    turned = Redirect.objects.filter(old_id=enterprise_id).values_list("new_id", flat=True).first()
    wanted = turned or enterprise_id
    members = (
        pl.scan_parquet(home.register / version / "members.parquet")
        .filter(pl.col("enterprise_id") == wanted)
        .select("source", "record_key", "link_ground", "match_probability")
        .collect()
        .sort("source", "record_key")
    )
    if members.is_empty():
        raise NotFound("enterprise-unknown")
    shown = members.head(limit)
    return ClusterView(
        wanted,
        tuple(MemberView(source, key, Ground(ground), chance) for source, key, ground, chance in shown.iter_rows()),
        _edges(home.linkage / version, shown) if (home.linkage / version / "edges.parquet").exists() else (),
        members.height,
    )


def _edges(folder: Path, members: pl.DataFrame) -> tuple[EdgeView, ...]:
    import polars as pl

    keys = members.select("source", "record_key")
    held = (
        pl.scan_parquet(folder / "of_record.parquet")
        .select("source", "record_key", "uid")
        .join(keys.lazy(), on=["source", "record_key"], how="semi")
        .collect()
        .drop_nulls("uid")
        .sort("uid", "source", "record_key")
        .unique("uid", keep="first", maintain_order=True)
    )
    named = {uid: RecordId(source, key) for source, key, uid in held.iter_rows()}
    uids = held["uid"].implode()
    rows = (
        pl.scan_parquet(folder / "edges.parquet")
        .filter(pl.col("left").is_in(uids) & pl.col("right").is_in(uids))
        .collect()
        .sort("match_weight", "left", "right")
        .head(_MOST)
    )
    return tuple(_edge(row, named) for row in rows.iter_rows(named=True))


def _edge(row: Mapping[str, float | str | int], named: Mapping[int, RecordId]) -> EdgeView:
    names = [one.name for one in COMPARISONS if one.name in row]
    levels = {name: str(row[name]) for name in names}
    parts = [
        Part(name, levels.get(name, ""), float(row[f"bits_{name}"]))
        for name in (*names, PRIOR)
        if f"bits_{name}" in row
    ]
    return EdgeView(
        left=named[int(row["left"])],
        right=named[int(row["right"])],
        weight=float(row["match_weight"]),
        probability=float(row["match_probability"]),
        ground=Ground.MODEL,
        levels=levels,
        parts=tuple(parts),
    )
