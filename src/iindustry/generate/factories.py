"""The factories of the demo country: what is true of each site, and how the factory register numbers it.

Invariant: one row a factory, `j` from 0 in order of (enterprise, its factories); a factory has exactly one operator.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from iindustry.generate import calibration, numbering, places, roles
from iindustry.generate.chance import between
from iindustry.kernel.thaidate import BE_OFFSET
from iindustry.reference import areas, factory_types

if TYPE_CHECKING:
    from datetime import date

    from iindustry.generate.chance import Chance
    from iindustry.generate.setting import Setting

MOST_FACTORIES = 8  # of one enterprise: `j` leaves room for so many
_CLASS2_HORSEPOWER = 75
_PREFIX = {"2": "จ", "5": "ก", "6": "อ", "0": "ศ", "1": ""}


@cache
def estates() -> pl.DataFrame:
    """One row an estate: province, estate_code, estate (its name), letters (null where not known)."""
    rows = calibration.document("estates.yaml")["estates"]
    return pl.DataFrame(
        [
            {
                "province": row["province"],
                "estate_code": row["code"],
                "estate": row["name"],
                "letters": row.get("letters"),
            }
            for row in rows
        ],
        schema_overrides={"letters": pl.Utf8},
    )


def _numbers() -> dict[str, Any]:
    found: dict[str, Any] = calibration.numbers()["factories"]
    return found


def _sites(enterprises: pl.DataFrame, chance: Chance, setting: Setting) -> pl.DataFrame:
    """One row a factory with its place: the seat's for most first factories, else somewhere near."""
    kept = ["i", "cast", "person", "province", "subdistrict", "house_no", "moo", "soi", "road", "types", "makes",
            "z_workers", "workers", "registered_be", "factory_count", "trade"]  # fmt: skip
    several = (
        enterprises.filter(pl.col("factory_count") > 0)
        .select(kept)
        .with_columns(pl.int_ranges(0, "factory_count").alias("k"))
        .explode("k")
        .with_columns((pl.col("i") * MOST_FACTORIES + pl.col("k")).alias("j"))
    )
    away = chance.happens("away", float(_numbers()["away_from_seat"]["rate"])) | (pl.col("k") > 0)
    moved = several.with_columns((away & ~pl.col("cast")).alias("away"))
    far = chance.happens("far", 0.25) & pl.col("away")
    moved = moved.with_columns(
        pl.when(far)
        .then(chance.weighted("far province", places.province_weights()))
        .otherwise("province")
        .alias("province")
    )
    other = places.with_street(
        places.with_subdistrict(moved.select("j", "province"), chance, "site"), chance, "site", setting.words.roads
    )
    columns = ("subdistrict", "house_no", "moo", "soi", "road")
    joined = moved.join(other.select("j", *columns), on="j", how="left", suffix="_new", maintain_order="left")
    return joined.with_columns(
        pl.when("away").then(f"{column}_new").otherwise(column).alias(column) for column in columns
    ).drop([f"{column}_new" for column in columns])


def _with_measure(frame: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Adds `site_workers`, `horsepower`, `capital_mb`: logs correlated as measured."""
    correlation = _numbers()["correlation"]
    rho_wh, rho_wc = correlation["workers_horsepower"], correlation["workers_capital"]
    z = pl.col("z_workers")
    z_power = rho_wh * z + (1 - rho_wh**2) ** 0.5 * chance.normal("horsepower")
    z_capital = rho_wc * z + (1 - rho_wc**2) ** 0.5 * chance.normal("site capital")
    mean_power, sd_power = _numbers()["ln_horsepower"]
    mean_capital, sd_capital = _numbers()["ln_capital_baht"]
    shift = pl.when("person").then(float(_numbers()["person_shift"])).otherwise(0.0)
    share = pl.when(pl.col("factory_count") == 1).then(1.0).otherwise(1.3 / pl.col("factory_count"))
    return frame.with_columns(
        (pl.col("workers") * share * (0.9 + 0.2 * chance.uniform("site share")))
        .round()
        .clip(1)
        .cast(pl.Int64)
        .alias("site_workers"),
        (mean_power + sd_power * z_power).exp().clip(1, 90_000).round(2).alias("horsepower"),
        ((mean_capital + shift + sd_capital * z_capital).exp() / 1_000_000)
        .clip(0.02, 50_000)
        .round(2)
        .alias("capital_mb"),
    )


def _with_licence(frame: pl.DataFrame, chance: Chance, as_of: date) -> pl.DataFrame:
    """Adds `type`, `factory_class`, `licence_be`, and the parts of its number `issuer`, `inside`, `area_code`."""
    two = {item.code for item in factory_types.list_types() if item.class2}
    newest = as_of.year + BE_OFFSET
    quantiles = {float(share): float(year) for share, year in _numbers()["licence_year_be_quantiles"].items()}
    drawn = between(chance.uniform("licence"), quantiles).floor().cast(pl.Int64)
    after = pl.col("registered_be") + chance.whole("licence after", 0, 3)
    older = chance.happens(
        "licence older", 0.28
    )  # a licence may be transferred: 27 of 62 are older than the company (T17)
    year = pl.when(older).then(drawn).otherwise(after).clip(2512, newest)
    frame = frame.with_columns(
        chance.of_list("type", "types").alias("type"),
        year.alias("licence_be"),
        chance.of_list("makes", "makes").alias("activity"),
    )
    small = (pl.col("horsepower") <= _CLASS2_HORSEPOWER) & pl.col("type").is_in(sorted(two))
    second = small & chance.happens("class 2", float(_numbers()["class2_where_possible"]["rate"]))
    in_bangkok = pl.col("province") == places.BANGKOK
    inside = (
        pl.when(in_bangkok)
        .then(float(_numbers()["estate_bangkok"]["rate"]))
        .otherwise(float(_numbers()["estate_elsewhere"]["rate"]))
    )
    estate = (chance.uniform("estate") < inside) & pl.col("estate_codes").is_not_null() & ~pl.col("cast")
    frame = frame.join(_estates_of(), on="province", how="left", maintain_order="left")
    shares = _numbers()["issuers"]
    usual = (
        pl.when(in_bangkok)
        .then(chance.weighted("issuer", shares["bangkok"]))
        .otherwise(chance.weighted("issuer", shares["elsewhere"]))
    )
    eight = chance.happens("issuer 8", 0.12)  # the sign's meaning is not known (DOMAIN section 17)
    issuer = pl.when(estate).then(pl.when(eight).then(pl.lit("8")).otherwise(pl.lit("7"))).otherwise(usual)
    return frame.with_columns(
        pl.when(second).then(pl.lit("2")).otherwise(pl.lit("3")).alias("factory_class"),
        issuer.alias("issuer"),
        pl.when(estate).then(pl.lit("2")).otherwise(pl.lit("0")).alias("inside"),
        pl.when(estate).then(chance.of_list("which estate", "estate_codes")).otherwise("province").alias("area_code"),
    ).drop("estate_codes")


@cache
def _estates_of() -> pl.DataFrame:
    return estates().group_by("province", maintain_order=True).agg(pl.col("estate_code").alias("estate_codes"))


def _old_number() -> pl.Expr:
    """`จ3-8-90001/61มห`, or an estate's `น.53-90001/2561-ญนช.`; licences of 2565 and later have none."""
    abbreviation = {province.code: province.abbreviation for province in areas.PROVINCES} | {places.BANGKOK: "กท"}
    kind = pl.col("type").str.slice(0, 3).cast(pl.Int64).cast(pl.Utf8)
    sub = pl.col("type").str.slice(3, 2).cast(pl.Int64)
    kind = pl.when(sub > 0).then(pl.concat_str(kind, pl.lit("("), sub.cast(pl.Utf8), pl.lit(")"))).otherwise(kind)
    run = pl.col("factory_id").str.slice(4, 5)
    year = pl.col("licence_be").cast(pl.Utf8)
    usual = pl.concat_str(
        pl.col("issuer").replace_strict(_PREFIX, default=""), pl.col("factory_class"), pl.lit("-"), kind, pl.lit("-"), run,
        pl.lit("/"), year.str.slice(2, 2), pl.col("province").replace_strict(abbreviation, default=""),
    )  # fmt: skip
    first = pl.when(pl.col("issuer") == "8").then(pl.lit("น")).otherwise(pl.lit("ญ"))
    letters = first + pl.col("letters")
    estate = pl.concat_str(pl.lit("น."), kind, pl.lit("-"), run, pl.lit("/"), year, pl.lit("-"), letters, pl.lit("."))
    return pl.when(pl.col("issuer").is_in(["7", "8"])).then(estate).when(pl.col("licence_be") < 2565).then(usual)  # noqa: PLR2004


def _with_green(frame: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Adds `green_level`, null for most; better known to larger factories."""
    levels = {str(level): float(count) for level, count in enumerate(calibration.numbers()["green_levels"], start=1)}
    share = float(calibration.numbers()["coverage"]["green"])
    likely = share * (pl.col("site_workers").cast(pl.Float64) / 26).clip(0.3, 2.2)
    level = chance.weighted("green level", levels).cast(pl.Int64)
    return frame.with_columns(
        pl.when((chance.uniform("green") < likely) & ~pl.col("cast")).then(level).alias("green_level")
    )


def _with_cast(frame: pl.DataFrame) -> pl.DataFrame:
    expressions = []
    for name in roles.FACTORY_COLUMNS:
        if name not in frame.columns:
            continue
        value = pl.col(name)
        for row, member in enumerate(roles.CAST):
            if name in member.factory:
                value = (
                    pl.when(pl.col("i") == row)
                    .then(pl.lit(member.factory[name], dtype=frame.schema[name]))
                    .otherwise(value)
                )
        expressions.append(value.alias(name))
    for row, member in enumerate(roles.CAST):
        level = (
            pl.when(pl.col("i") == row).then(pl.lit(member.green.get("level"), dtype=pl.Int64)).otherwise("green_level")
        )
        frame = frame.with_columns(level.alias("green_level"))
    workers = pl.when(pl.col("cast")).then("workers").otherwise("site_workers")
    return frame.with_columns(*expressions, workers.alias("site_workers"))


def factories(enterprises: pl.DataFrame, setting: Setting, runs: numbering.Runs) -> pl.DataFrame:
    """The true factories of these enterprises, one row each; who runs them is `i`."""
    here, as_of = setting.chance("j"), setting.as_of
    frame = _with_licence(_with_measure(_sites(enterprises, here, setting), here), here, as_of)
    frame = _with_cast(_with_green(frame, here)).with_columns(
        (pl.lit("F") + pl.col("j").cast(pl.Utf8).str.zfill(8)).alias("establishment")
    )
    frame = numbering.with_factory_id(frame, runs)
    in_estate = pl.col("issuer").is_in(["7", "8"])
    frame = frame.with_columns(pl.when(in_estate).then("area_code").alias("estate_code")).join(
        estates().drop("province"), on="estate_code", how="left", maintain_order="left"
    )
    return frame.with_columns(_old_number().alias("old_factory_id")).drop("types", "z_workers", "letters")
