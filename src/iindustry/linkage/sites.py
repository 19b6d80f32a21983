"""Establishments: places of production by factory number, under the enterprise that runs them.

A record of the factory register is a place even where its number is doubtful; other registers' records belong to a place
only by its number and only under the same enterprise. Invariant: one establishment has one enterprise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.linkage.facets import SITE_SOURCES
from iindustry.linkage.lasting import draw

if TYPE_CHECKING:
    import polars as pl

FACTORY_REGISTER = "diw"


def establishment_ids(members: pl.DataFrame, earlier: pl.DataFrame | None, seed: int) -> pl.DataFrame:
    """source, record_key, establishment_id of the records that speak of a place.

    In: source, record_key, factory_id, enterprise_id of every record; members of the version before.
    """
    import polars as pl

    placed = (
        members.filter(pl.col("source").is_in(sorted(SITE_SOURCES)))
        .filter(pl.col("factory_id").is_not_null() | (pl.col("source") == FACTORY_REGISTER))
        .with_columns(
            place=pl.coalesce("factory_id", pl.concat_str("source", pl.lit("\x1f"), "record_key")),
            official=pl.col("source") != FACTORY_REGISTER,
        )
        .sort("place", "official", "source", "record_key")
    )
    owners = placed.unique("place", keep="first", maintain_order=True).select("place", "enterprise_id")
    own = placed.join(owners, on=["place", "enterprise_id"], how="semi").sort("place", "source", "record_key")
    ids = _ids(own, earlier, seed)
    return own.join(ids, on="place", how="left").select("source", "record_key", "establishment_id")


def _ids(own: pl.DataFrame, earlier: pl.DataFrame | None, seed: int) -> pl.DataFrame:
    """place, establishment_id: the id that the place's records had, or a fresh one."""
    import polars as pl

    kept: dict[str, str] = {}
    taken: set[str] = set()
    if earlier is not None:
        before = earlier.select("source", "record_key", "establishment_id").drop_nulls()
        taken = set(before["establishment_id"])
        old = own.join(before, on=["source", "record_key"], how="inner").sort("place", "establishment_id")
        given: set[str] = set()
        for place, old_id in old.select("place", "establishment_id").unique(maintain_order=True).iter_rows():
            if place not in kept and old_id not in given:
                kept[place] = old_id
                given.add(old_id)
    rows = [
        (place, kept[place] if place in kept else draw("EST", seed, place, taken))
        for place in own["place"].unique(maintain_order=True)
    ]
    return pl.DataFrame(rows, schema={"place": pl.Utf8, "establishment_id": pl.Utf8}, orient="row")
