"""Where the records of a delivery lie: by their area columns, by their written address, or by both where they agree.

Invariant: an address in another province than its own column says is not trusted; what differs falls back to the column.
"""

from __future__ import annotations

import polars as pl

from iindustry.standardise import addresses
from iindustry.standardise.addresses import PLACE_SCHEMA
from iindustry.standardise.shapes import AREA_NAMES, PART_WORDS


def placed(taken: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """`taken` with codes of the place and parts of the address that the accepted rows (`frame`) say."""
    if "house_no" in frame.columns:
        return _by_columns(taken, frame)
    has_text = taken["address_raw"].null_count() < taken.height
    has_columns = any(name in frame.columns for name in AREA_NAMES)
    by_names = addresses.of_names(_areas(frame)) if has_columns else None
    if not has_text:
        return taken if by_names is None else taken.with_columns(by_names.get_columns())
    by_text = addresses.of_text(taken["address_raw"])
    postcode = pl.coalesce(taken["postcode"], by_text["postcode"]).alias("postcode")
    chosen = by_text.select(*PLACE_SCHEMA) if by_names is None else _chosen(by_text, by_names)
    more = by_text.select("address_parts", "house_no", "moo").hstack(taken.select(postcode))
    return taken.with_columns(*chosen.get_columns(), *more.get_columns())


def _chosen(by_text: pl.DataFrame, by_names: pl.DataFrame) -> pl.DataFrame:
    """The text's place where it says more than the columns and does not contradict them, else the columns'."""
    both = by_text.select(*PLACE_SCHEMA).hstack(by_names.rename({name: f"own_{name}" for name in PLACE_SCHEMA}))
    is_better = pl.col("subdistrict_codes").is_null() & pl.col("own_subdistrict_codes").is_not_null()
    is_nowhere = pl.col("province_code").is_null()
    differs = (pl.col("province_code") != pl.col("own_province_code")).fill_null(value=False)
    return both.select(
        pl.when(is_better | is_nowhere | differs).then(pl.col(f"own_{name}")).otherwise(pl.col(name)).alias(name)
        for name in PLACE_SCHEMA
    )


def _by_columns(taken: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Every part in a column of its own, as factories are registered."""
    areas = _areas(frame)
    moo = pl.col("moo") if "moo" in frame.columns else pl.lit(None, dtype=pl.Utf8)
    parts = frame.select(
        _parts(frame).alias("address_parts"),
        pl.col("house_no").str.extract(addresses.HOUSE, 1),
        moo.str.extract(addresses.MOO_COLUMN, 1).alias("moo"),
    )
    written = _written(parts["address_parts"], areas)
    return taken.with_columns(*addresses.of_names(areas).get_columns(), *parts.get_columns(), written)


def _areas(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.Utf8).alias(name) for name in AREA_NAMES
    )


def _parts(frame: pl.DataFrame) -> pl.Expr:
    """House, moo, soi and road as one text, as site matching compares them."""
    said = [pl.lit(word) + pl.col(name) for name, word in PART_WORDS.items() if name in frame.columns]
    text = pl.concat_str(said, separator=" ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _written(parts: pl.Series, areas: pl.DataFrame) -> pl.Series:
    """An address written from its columns, as a person would write it."""
    is_bangkok = pl.col("province").str.contains("กรุงเทพ|กทม").fill_null(value=False)
    area = [
        pl.when(is_bangkok).then(pl.lit(bangkok)).otherwise(pl.lit(other)) + pl.col(name)
        for name, bangkok, other in (("subdistrict", "แขวง", "ต."), ("district", "เขต", "อ."), ("province", "", "จ."))
    ]
    whole = pl.concat_str([parts.name, *area], separator=" ", ignore_nulls=True)
    return areas.hstack([parts]).select(whole.alias("address_raw")).to_series()
