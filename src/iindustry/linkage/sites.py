"""Establishments: places of production by factory number, under the enterprise that runs them.

A record of the factory register is a place even where its number is doubtful; other registers' records belong to a place
only by its number and only under the same enterprise. Invariant: one establishment has one enterprise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.linkage.facets import SITE_SOURCES
from iindustry.linkage.lasting import drawn

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
    """place, establishment_id: the id that the place's records had, or a fresh one. A place takes its least old id that is free."""
    import polars as pl

    places = own.select("place").unique(maintain_order=True)
    taken: set[str] = set()
    kept = pl.DataFrame(schema={"place": pl.Utf8, "establishment_id": pl.Utf8})
    if earlier is not None:
        before = earlier.select("source", "record_key", "establishment_id").drop_nulls()
        taken = set(before["establishment_id"])
        old = own.join(before, on=["source", "record_key"], how="inner").select("place", "establishment_id").unique()
        alone = (pl.len().over("place") == 1) & (pl.len().over("establishment_id") == 1)
        marked = old.with_columns(alone=alone).sort("place", "establishment_id")
        settled = _in_order(list(marked.filter(~pl.col("alone")).select("place", "establishment_id").iter_rows()))
        kept = pl.concat(
            [marked.filter("alone").select("place", "establishment_id"),
             pl.DataFrame(sorted(settled.items()), schema=dict(kept.schema), orient="row")]
        )  # fmt: skip
    new = places.join(kept, on="place", how="anti", maintain_order="left")
    fresh = new.with_columns(
        pl.Series("establishment_id", drawn("EST", seed, new["place"].to_list(), taken), dtype=pl.Utf8)
    )
    return pl.concat([kept, fresh])


def _in_order(claims: list[tuple[str, str]]) -> dict[str, str]:
    """Place by place, the least old id that is free."""
    kept: dict[str, str] = {}
    given: set[str] = set()
    for place, old_id in claims:
        if place not in kept and old_id not in given:
            kept[place] = old_id
            given.add(old_id)
    return kept
