"""Where the demo country's firms sit: provinces by their real weights, subdistricts by name, written as registers write.

Some places are written under a name that was abolished (trap T27): only where the official list names the successor.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl
from geothai.abolished import abolished_areas

from iindustry.generate import calibration
from iindustry.reference import areas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iindustry.generate.chance import Chance

_CAPITAL_SHARE = 0.35  # of a province's firms in its capital district; assumed
BANGKOK = areas.BANGKOK


@cache
def province_weights() -> dict[str, float]:
    """Half the spread of target-industry factories, half that of new juristic persons."""
    rows = calibration.province_mix()
    factories = {row["province_code"]: _factories(row) for row in rows}
    new = {row["province_code"]: float(row["new_juristic"]) for row in rows}
    all_factories, all_new = sum(factories.values()), sum(new.values())
    return {code: factories[code] / all_factories + new[code] / all_new for code in factories}


def _factories(row: dict[str, str]) -> float:
    return float(sum(int(count) for name, count in row.items() if name not in {"province_code", "new_juristic"}))


@cache
def _subdistricts() -> pl.DataFrame:
    """One row a province: `all_subs` and `capital_subs`, lists of six-digit codes."""
    rows = []
    for province in areas.PROVINCES:
        codes = list(areas.list_codes([province.code]))
        capital = codes if province.code == BANGKOK else [code for code in codes if code[2:4] == "01"]
        rows.append({"province": province.code, "all_subs": codes, "capital_subs": capital})
    return pl.DataFrame(rows)


def with_subdistrict(frame: pl.DataFrame, chance: Chance, tag: str) -> pl.DataFrame:
    """Adds `subdistrict` (six digits) to a frame with `province`."""
    joined = frame.join(_subdistricts(), on="province", how="left", maintain_order="left")
    capital = chance.of_list(f"{tag}/capital", "capital_subs")
    anywhere = chance.of_list(f"{tag}/anywhere", "all_subs")
    chosen = pl.when(chance.happens(f"{tag}/in capital", _CAPITAL_SHARE)).then(capital).otherwise(anywhere)
    return joined.with_columns(chosen.alias("subdistrict")).drop("all_subs", "capital_subs")


@cache
def _names() -> pl.DataFrame:
    """Written names by code, and where there is one the abolished name of the same place."""
    old = {
        successor: (area.name_th, area.code[:4])
        for area in reversed(abolished_areas())
        if area.level == "subdistrict" and areas.district(area.code[:4]) is not None
        for successor in area.successors
    }
    rows = []
    for province in areas.PROVINCES:
        for code in areas.list_codes([province.code]):
            now, district = areas.subdistrict(code), areas.district(code[:4])
            if now is None or district is None:  # pragma: no cover - codes come from the same table
                continue
            old_name, old_district = old.get(code, (now.th, code[:4]))
            before = areas.district(old_district) or district
            changed = areas.area_key(old_name) != areas.area_key(now.th)
            rows.append(
                {
                    "subdistrict": code,
                    "tambon": now.th,
                    "amphoe": district.th.removeprefix("เขต"),
                    "changwat": province.th,
                    "postcode": now.postcodes[0],
                    "old_tambon": old_name if changed else None,
                    "old_amphoe": before.th.removeprefix("เขต") if changed else None,
                }
            )
    return pl.DataFrame(rows, schema_overrides={"old_tambon": pl.Utf8, "old_amphoe": pl.Utf8})


def with_place_name(frame: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Adds `place_name`: what a firm is called after, its own subdistrict, district or province."""
    named = frame.join(_names(), on="subdistrict", how="left", maintain_order="left")
    draw = chance.uniform("place name")
    own = (
        pl.when(draw < 0.55)  # noqa: PLR2004 - shares
        .then("tambon")
        .when(draw < 0.90)  # noqa: PLR2004
        .then("amphoe")
        .otherwise("changwat")
    )
    return frame.with_columns(named.select(own.alias("place_name"))["place_name"])


def with_names(frame: pl.DataFrame, chance: Chance, tag: str, share: float) -> pl.DataFrame:
    """Adds `tambon`, `amphoe`, `changwat`, `postcode` to a frame with `subdistrict` and `clean`.

    `share`: of the places that had another name, how many are still written under it.
    """
    by_old_name = pl.col("old_tambon").is_not_null() & chance.happens(f"{tag}/old name", share) & ~pl.col("clean")
    return (
        frame.join(_names(), on="subdistrict", how="left", maintain_order="left")
        .with_columns(
            pl.when(by_old_name).then("old_tambon").otherwise("tambon").alias("tambon"),
            pl.when(by_old_name).then("old_amphoe").otherwise("amphoe").alias("amphoe"),
        )
        .drop("old_tambon", "old_amphoe")
    )


def with_street(frame: pl.DataFrame, chance: Chance, tag: str, roads: Sequence[str]) -> pl.DataFrame:
    """Adds `house_no`, `moo`, `soi`, `road` (Utf8; null is not said)."""
    number = chance.whole(f"{tag}/house", 1, 999).cast(pl.Utf8)
    split = number + "/" + chance.whole(f"{tag}/house part", 1, 60).cast(pl.Utf8)
    town = (pl.col("province") == BANGKOK) | chance.happens(f"{tag}/town", 0.3)
    return frame.with_columns(
        pl.when(chance.happens(f"{tag}/split", 0.45)).then(split).otherwise(number).alias("house_no"),
        pl.when(~town).then(chance.whole(f"{tag}/moo", 1, 14).cast(pl.Utf8)).alias("moo"),
        pl.when(town & chance.happens(f"{tag}/soi?", 0.5))
        .then(chance.pick(f"{tag}/soi", roads) + " " + chance.whole(f"{tag}/soi no", 1, 80).cast(pl.Utf8))
        .alias("soi"),
        pl.when(town | chance.happens(f"{tag}/road?", 0.35)).then(chance.pick(f"{tag}/road", roads)).alias("road"),
    )


def _part(label: str, column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_not_null()).then(pl.lit(label) + pl.col(column) + " ").otherwise(pl.lit(""))


def one_line(chance: Chance, tag: str) -> pl.Expr:
    """The whole address in one cell, as seats are written: `99/1 หมู่ 4 ถนน… ต.… อ.… จ.…`, Bangkok with แขวง and เขต."""
    bangkok = pl.col("province") == BANGKOK
    long = chance.happens(f"{tag}/long words", 0.35)
    spaces = (
        pl.when(chance.happens(f"{tag}/two spaces", 0.1) & ~pl.col("clean")).then(pl.lit("  ")).otherwise(pl.lit(" "))
    )
    capital = (
        pl.when(chance.happens(f"{tag}/short Bangkok", 0.3)).then(pl.lit("กทม.")).otherwise(pl.lit("กรุงเทพมหานคร"))
    )
    tail = (
        pl.when(bangkok)
        .then("แขวง" + pl.col("tambon") + spaces + "เขต" + pl.col("amphoe") + " " + capital)
        .when(long)
        .then("ตำบล" + pl.col("tambon") + spaces + "อำเภอ" + pl.col("amphoe") + " จังหวัด" + pl.col("changwat"))
        .otherwise("ต." + pl.col("tambon") + spaces + "อ." + pl.col("amphoe") + " จ." + pl.col("changwat"))
    )
    return pl.col("house_no") + " " + _part("หมู่ ", "moo") + _part("ซอย", "soi") + _part("ถนน", "road") + tail
