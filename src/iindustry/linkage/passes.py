"""Deterministic passes: equal valid numbers join, under a name guard (LINKAGE section 4.3).

A number that fails the guard joins nothing, yet still stands in the way of other numbers: its record is scored without
it and sent to a person. Invariant: a pass never joins two different valid juristic ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.linkage.facets import CERTIFICATES, FACTORIES, OFFICIAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

_RUN = 6
_LIKE = ("core", "skel", "phone", "sub")
"""Facets of which one in common is enough for the guard."""
_FREE = "person_tag"
_NAMES_OF_ONE = 4
"""A person's own name and his shops' names need not be alike; a number under more names than so many is held to the guard."""


@dataclass(frozen=True, slots=True)
class Face:
    """What the name guard looks at."""

    uid: int
    core: str | None
    skel: str | None
    phone: str | None
    sub: str | None


@dataclass(frozen=True, slots=True)
class IdPass:
    """joined: anchor, uid of pairs that an equal number joins. doubted: the same of pairs whose number failed the guard."""

    joined: pl.DataFrame
    doubted: pl.DataFrame


def by_number(profiles: pl.DataFrame, column: str) -> IdPass:
    """Join profiles of one number to its anchor: the official register's profile, or the first.

    `column` is `jid` or `person_tag`. Profiles of one number that share no likeness with the anchor, or with one that the
    guard let in, are doubted. Numbers whose every profile is like the anchor, nearly all, are settled as a set. A citizen
    id joins a few names of no legal form without any likeness: a person is called by his own name here, by his shop's there.
    """
    import polars as pl

    shared = profiles.filter(pl.col(column).is_not_null() & (pl.len().over(column) > 1))
    ordered = shared.sort(column, pl.col("source") != OFFICIAL, "source", "first_key").select(
        column, "uid", *_LIKE, free=_is_free() if column == _FREE else pl.lit(value=False)
    )
    anchors = ordered.unique(column, keep="first", maintain_order=True).rename(
        {name: f"anchor_{name}" for name in (*_LIKE, "free")} | {"uid": "anchor"}
    )
    rows = ordered.join(anchors, on=column, how="left", maintain_order="left").with_columns(
        like=pl.any_horizontal(
            pl.col("uid") == pl.col("anchor"),
            pl.col("core").is_null(),
            pl.col("anchor_core").is_null(),
            *(pl.col(name) == pl.col(f"anchor_{name}") for name in _LIKE),
            pl.col("free") & pl.col("anchor_free"),
        ).fill_null(value=False)
    )
    settled = pl.col("like").all().over(column)
    joined = rows.filter(settled & (pl.col("uid") != pl.col("anchor"))).select("anchor", "uid")
    more, doubted = _sorted_out(rows.filter(~settled), column)
    return IdPass(pl.concat([joined, more]).sort("anchor", "uid"), doubted.sort("anchor", "uid"))


def _sorted_out(rows: pl.DataFrame, column: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The numbers that need a closer look, one by one: joined and doubted."""
    import polars as pl

    joined: list[tuple[int, int]] = []
    doubted: list[tuple[int, int]] = []
    for group in rows.select(column, "uid", *_LIKE).partition_by(column, maintain_order=True, include_key=False):
        _sort_out([Face(*row) for row in group.iter_rows()], joined, doubted)
    schema = {"anchor": pl.Int64, "uid": pl.Int64}
    return pl.DataFrame(joined, schema=schema, orient="row"), pl.DataFrame(doubted, schema=schema, orient="row")


def _sort_out(faces: Sequence[Face], joined: list[tuple[int, int]], doubted: list[tuple[int, int]]) -> None:
    """Whoever is like one let in is let in, in whatever order they stand."""
    anchor, fresh, waiting = faces[0], [faces[0]], list(faces[1:])
    while fresh and waiting:
        let_in = [face for face in waiting if alike(face, fresh)]
        joined.extend((anchor.uid, face.uid) for face in let_in)
        kept = {face.uid for face in let_in}
        fresh, waiting = let_in, [face for face in waiting if face.uid not in kept]
    doubted.extend((anchor.uid, face.uid) for face in waiting)


def _is_free() -> pl.Expr:
    """Whether a profile of a citizen id says no legal form, and its number stands under few names."""
    import polars as pl

    formless = pl.col("form").is_null() | pl.col("form").is_in(["person"])
    return formless & (pl.col("core").n_unique().over(_FREE) <= _NAMES_OF_ONE)


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


def by_factory(of_record: pl.DataFrame, profiles: pl.DataFrame) -> IdPass:
    """Join records that name a factory to the profile of the factory's operator, by factory number, new or old.

    `of_record`: source, record_key, factory_id, old_factory_id, uid. The anchor is the factory register's profile; where it
    holds no such factory (estates keep their own), the first profile that names the factory's operator. A record with a
    name of its own must be like the operator, for a factory changes hands: else it is doubted; but a register of sites
    (certificates) names no operator, only what stands over the gate. The place says nothing here. Where nobody names the operator, records that name nothing else are one a number.
    """
    import polars as pl

    site_only = profiles.select("uid", "site_only")
    owner = operators(of_record, site_only)
    new = owner.drop_nulls("factory_id").unique("factory_id", keep="first", maintain_order=True)
    of_register = owner.filter(pl.col("source") == FACTORIES)
    old = of_register.drop_nulls("old_factory_id").filter(pl.len().over("old_factory_id") == 1)
    others = of_record.filter(
        (pl.col("source") != FACTORIES) & pl.coalesce("factory_id", "old_factory_id").is_not_null()
    )
    first = pl.col("uid").filter(pl.col("site_only")).min().over("factory_id")
    orphan = pl.when(pl.col("site_only") & pl.col("factory_id").is_not_null()).then(first)
    found = (
        others.join(site_only, on="uid", how="left")
        .join(new.select("factory_id", to="uid"), on="factory_id", how="left")
        .join(old.select("old_factory_id", to_old="uid"), on="old_factory_id", how="left")
        .select(
            anchor=pl.coalesce("to", "to_old", orphan), uid="uid", of_site=pl.col("source").is_in(sorted(CERTIFICATES))
        )
        .drop_nulls()
        .filter(pl.col("anchor") != pl.col("uid"))
        .unique(["anchor", "uid"])
        .sort("anchor", "uid")
    )
    like = _like_operator(found, profiles) | found["of_site"]
    found = found.drop("of_site")
    return IdPass(found.filter(like), found.filter(~like))


def operators(of_record: pl.DataFrame, site_only: pl.DataFrame) -> pl.DataFrame:
    """The records that say who runs a factory, those of the factory register first. `site_only`: uid, site_only."""
    import polars as pl

    is_register = pl.col("source") == FACTORIES
    named = of_record.filter(is_register | pl.coalesce("factory_id", "old_factory_id").is_not_null())
    by_name = named.join(site_only, on="uid", how="left").filter(
        is_register | ~pl.col("site_only").fill_null(value=True)
    )
    return by_name.drop("site_only").sort(
        ~is_register, pl.col("source").is_in(sorted(CERTIFICATES)), "source", "record_key"
    )


def _like_operator(pairs: pl.DataFrame, profiles: pl.DataFrame) -> pl.Series:
    """Whether the two profiles of each pair pass the guard, the place aside."""
    import polars as pl

    faces = profiles.select("uid", *_LIKE)
    both = pairs.join(faces, on="uid", how="left", maintain_order="left").join(
        faces, left_on="anchor", right_on="uid", how="left", maintain_order="left", suffix="_anchor"
    )
    looked = both.select(
        pl.any_horizontal(
            pl.col("core").is_null(), pl.col("core_anchor").is_null(),
            *(pl.col(name) == pl.col(f"{name}_anchor") for name in ("core", "skel", "phone")),
        ).fill_null(value=False).alias("like"),
        "core", "core_anchor",
    )  # fmt: skip
    rest = (
        [like or _common_run(one, other) for like, one, other in looked.iter_rows()] if not looked["like"].all() else []
    )
    return pl.Series(rest, dtype=pl.Boolean) if rest else looked["like"]
