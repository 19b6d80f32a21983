"""What happens from month to month: firms founded, closed, renamed, moved, factories handed on, rows put right.

The truth is that of the country's day; an earlier month is the same country with what came later taken back. So one month
or twelve, the last is the same but for its events.
Invariant: at each month a firm has one name, one seat and one status, and a factory one operator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import calibration, places, spelling

if TYPE_CHECKING:
    from iindustry.generate.chance import Chance
    from iindustry.generate.setting import Month, Setting

_SEAT = ("subdistrict", "house_no", "moo", "soi", "road")
_OF_FIRM = ("clean", "person", "form", "core", "name_th", "title", "given", "family", "phone", "enterprise", "juristic_id",
            "citizen_id", "status", "true_revenue_baht", "tsic", "export_ratio")  # fmt: skip
ACTIVE, DESERTED, CLOSED = "ยังดำเนินกิจการอยู่", "ร้าง", "เลิก"


def _month_of(chance: Chance, name: str, periods: int) -> pl.Expr:
    """The month (1 and on) in which an event of this rate falls; null for most."""
    rate = float(calibration.numbers()["monthly"][name])
    place = (chance.uniform(f"month of {name}") / rate).floor().cast(pl.Int64) + 1
    return pl.when((place < periods) & ~pl.col("cast")).then(place)


def with_events(firms: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """Adds the month of each event (`closed_at`, `renamed_at`, `moved_at`, `corrected_at`), and what stood before it."""
    chance, periods = setting.chance(), setting.periods
    frame = firms.with_columns(
        _month_of(chance, name, periods).alias(f"{name}_at") for name in ("closed", "renamed", "moved", "corrected")
    )
    frame = frame.with_columns(
        pl.when("person").then(None).otherwise("closed_at").alias("closed_at"),
        pl.when("person").then(None).otherwise("renamed_at").alias("renamed_at"),
    ).with_columns(pl.when(pl.col("closed_at").is_not_null()).then(pl.lit(CLOSED)).otherwise("status").alias("status"))
    words = [word[0] for word in setting.words.general]
    before = pl.col("brand_th") + pl.lit(" ") + chance.pick("name before", words)
    frame = frame.with_columns(pl.when(pl.col("renamed_at").is_not_null()).then(before).alias("core_before"))
    if periods == 1:
        return frame
    old = places.with_subdistrict(frame.select("i", "province"), chance, "seat before")
    old = places.with_street(old, chance, "seat before", setting.words.roads)
    return frame.with_columns(old[name].alias(f"{name}_before") for name in _SEAT)


def with_transfers(sites: pl.DataFrame, firms: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """Adds `transferred_at` and `i_before`, the firm above in the list: a factory is handed from neighbour to neighbour."""
    month = _month_of(setting.chance("j"), "transferred", setting.periods)
    known = firms.filter(~pl.col("cast")).select(pl.col("i").alias("i_before"))
    frame = sites.with_columns((pl.col("i") - 1).alias("i_before"), month.alias("transferred_at"))
    there = frame.join(
        known.with_columns(pl.lit(value=True).alias("_there")), on="i_before", how="left", maintain_order="left"
    )
    return there.with_columns(pl.when("_there").then("transferred_at").alias("transferred_at")).drop("_there")


def firms_at(firms: pl.DataFrame, month: Month, setting: Setting) -> pl.DataFrame:
    """The firms as they stood at the end of a month. Adds `clean`: rows that registers write without a slip."""
    later = {
        name: (pl.col(f"{name}_at") > month.place).fill_null(value=False) for name in ("closed", "renamed", "moved")
    }
    frame = firms.filter(pl.col("registered_on") <= month.last)
    frame = frame.with_columns(
        (pl.col("cast") | (pl.col("corrected_at") <= month.place).fill_null(value=False)).alias("clean"),
        pl.when(later["closed"]).then(pl.lit(ACTIVE)).otherwise("status").alias("status"),
        pl.when(later["renamed"]).then("core_before").otherwise("core").alias("core"),
        pl.when(later["renamed"]).then(None).otherwise("name_en").alias("name_en"),
    )
    if setting.periods > 1:
        frame = frame.with_columns(
            pl.when(later["moved"]).then(f"{name}_before").otherwise(name).alias(name) for name in _SEAT
        )
    return frame.with_columns(
        pl.when("person").then("name_th").otherwise(spelling.full_name("core", "form")).alias("name_th")
    )


def sites_at(sites: pl.DataFrame, firms: pl.DataFrame, month: Month) -> pl.DataFrame:
    """The factories with whoever ran them at the end of a month; `firms` as `firms_at` gives them."""
    before = (pl.col("transferred_at") > month.place).fill_null(value=False)
    owned = sites.drop("person").with_columns(pl.when(before).then("i_before").otherwise("i").alias("i"))
    return owned.join(firms.select("i", *_OF_FIRM), on="i", how="inner", maintain_order="left")


def with_exporting(firms: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Adds `export_ratio` (Float64, of revenue; null for those who do not export): larger makers more often."""
    rate = float(calibration.numbers()["coverage"]["exports"])
    likely = rate * (pl.col("workers").cast(pl.Float64) / 26).clip(0.3, 4.0)
    exporting = (
        (chance.uniform("exports") < likely) & (pl.col("factory_count") > 0) & ~pl.col("person") & ~pl.col("cast")
    )
    return firms.with_columns(
        pl.when(exporting).then(0.05 + 0.75 * chance.uniform("export ratio") ** 2).alias("export_ratio")
    )
