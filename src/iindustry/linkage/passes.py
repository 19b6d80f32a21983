"""Deterministic passes: equal valid numbers join, under a name guard (LINKAGE section 4.3).

A number that fails the guard joins nothing, yet still stands in the way of other numbers: its record is scored without
it and sent to a person. Invariant: a pass never joins two different valid juristic ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

OFFICIAL = "dbd"
_RUN = 6
_NAMED = ("uid", "source", "core", "skel", "phone", "sub", "first_key")


@dataclass(frozen=True, slots=True)
class Face:
    """What the name guard looks at."""

    uid: int
    source: str
    core: str | None
    skel: str | None
    phone: str | None
    sub: str | None


@dataclass(frozen=True, slots=True)
class IdPass:
    """joined: pairs (anchor, profile) that an equal number joins. doubted: pairs whose number failed the guard."""

    joined: tuple[tuple[int, int], ...]
    doubted: tuple[tuple[int, int], ...]


def by_number(profiles: pl.DataFrame, column: str) -> IdPass:
    """Join profiles of one number to its anchor: the official register's profile, or the first.

    `column` is `jid` or `person_tag`. Profiles of one number that share no likeness with the anchor are doubted.
    """
    import polars as pl

    shared = profiles.filter(pl.col(column).is_not_null() & (pl.len().over(column) > 1))
    ordered = shared.sort(column, pl.col("source") != OFFICIAL, "source", "first_key")
    joined: list[tuple[int, int]] = []
    doubted: list[tuple[int, int]] = []
    for rows in ordered.select(column, *_NAMED[:-1]).partition_by(column, maintain_order=True, include_key=False):
        faces = [Face(*row) for row in rows.iter_rows()]
        _sort_out(faces, joined, doubted)
    return IdPass(tuple(joined), tuple(doubted))


def _sort_out(faces: Sequence[Face], joined: list[tuple[int, int]], doubted: list[tuple[int, int]]) -> None:
    anchor, accepted = faces[0], [faces[0]]
    for face in faces[1:]:
        if alike(face, accepted):
            joined.append((anchor.uid, face.uid))
            accepted.append(face)
        else:
            doubted.append((anchor.uid, face.uid))


def alike(face: Face, others: Iterable[Face]) -> bool:
    """The name guard: core, skeleton, a run of six signs, phone or subdistrict in common; or no name to compare."""
    return any(_alike(face, other) for other in others)


def _alike(one: Face, other: Face) -> bool:
    if not one.core or not other.core:
        return True
    return (
        one.core == other.core
        or (bool(one.skel) and one.skel == other.skel)
        or (one.phone is not None and one.phone == other.phone)
        or (one.sub is not None and one.sub == other.sub)
        or _common_run(one.core, other.core)
    )


def _common_run(one: str, other: str) -> bool:
    runs = {one[place : place + _RUN] for place in range(len(one) - _RUN + 1)}
    return any(other[place : place + _RUN] in runs for place in range(len(other) - _RUN + 1))


def by_factory(of_record: pl.DataFrame, profiles: pl.DataFrame) -> tuple[tuple[int, int], ...]:
    """Join a record that names only a site to the profile of the factory's operator, by factory number, new or old.

    `of_record`: source, record_key, factory_id, old_factory_id, uid. The operator's side is the factory register.
    """
    import polars as pl

    owner = of_record.filter(pl.col("source") == "diw").sort("record_key")
    known = owner.drop_nulls("factory_id").unique("factory_id", keep="first", maintain_order=True)
    old = owner.drop_nulls("old_factory_id").filter(pl.len().over("old_factory_id") == 1)
    sites = of_record.join(profiles.filter("site_only").select("uid"), on="uid", how="semi").filter(
        pl.col("source") != "diw"
    )
    new_way = sites.join(known.select("factory_id", pl.col("uid").alias("to")), on="factory_id", how="left")
    both = new_way.join(old.select("old_factory_id", pl.col("uid").alias("to_old")), on="old_factory_id", how="left")
    found = both.select(pl.coalesce("to", "to_old").alias("to"), "uid").drop_nulls().unique().sort("to", "uid")
    return tuple(found.iter_rows())
