"""Files for the story and for its refusals: a DIP file broken in three places, the same mended, and two wrong files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import files, trades
from iindustry.kernel.thaidate import fiscal_year_be
from iindustry.kernel.whole import whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

_ROWS = 12
# row in the file (from 0), column, what is wrong with it
_BREAKS = (
    (2, "จังหวัด", pl.lit("ภาคอีสาน")),  # a region written where the province belongs
    (5, "ชื่อสถานประกอบการ", pl.lit("")),  # name empty
    (9, "ปีงบประมาณ", pl.lit("3569")),  # no such fiscal year
)


def _newcomers(enterprises: pl.DataFrame, factories: pl.DataFrame, met: pl.Series, as_of: date) -> pl.DataFrame:
    """Twelve enterprises with a factory that the department has never met, as it would write them down."""
    year = fiscal_year_be(as_of)
    first = factories.filter(pl.col("k") == 0).select("i", pl.lit(value=True).alias("has_factory"))
    chosen = (
        enterprises.filter(~pl.col("person") & ~pl.col("cast") & ~pl.col("enterprise").is_in(met.implode()))
        .filter((pl.col("status") == "ยังดำเนินกิจการอยู่") & (pl.col("name_th") == pl.col("name_th").str.strip_chars()))
        .join(first, on="i", how="inner", maintain_order="left")
        .filter(pl.col("core").is_unique() & pl.col("phone").is_unique())
        .head(_ROWS)
        .with_row_index("r")
    )
    return chosen.select(
        pl.concat_str(pl.lit(f"DIP-{year}-"), (980001 + pl.col("r")).cast(pl.Utf8)).alias("รหัสผู้เข้าร่วม"),
        pl.lit(trades.programmes()[0]).alias("โครงการ"),
        pl.lit(str(year)).alias("ปีงบประมาณ"),
        pl.col("name_th").alias("ชื่อสถานประกอบการ"),
        pl.col("name_en").alias("ชื่อภาษาอังกฤษ"),
        pl.when(pl.col("r") % 2 == 0).then("juristic_id").alias("เลขประจำตัวผู้เสียภาษี"),
        (pl.col("title") + pl.col("given") + pl.lit(" ") + pl.col("family")).alias("ชื่อผู้ติดต่อ"),
        pl.col("phone").alias("โทรศัพท์"),
        pl.lit("", dtype=pl.Utf8).alias("อีเมล"),
        pl.col("changwat").alias("จังหวัด"),
        pl.col("amphoe").alias("อำเภอ"),
        pl.col("tambon").alias("ตำบล"),
        pl.lit("ผ่าน").alias("ผลลัพธ์"),
    )


def _broken(good: pl.DataFrame) -> pl.DataFrame:
    broken = good
    for place, column, value in _BREAKS:
        at = pl.int_range(pl.len()) == place
        broken = broken.with_columns(pl.when(at).then(value).otherwise(column).alias(column))
    return broken


def write(
    folder: Path, enterprises: pl.DataFrame, factories: pl.DataFrame, met: pl.Series, as_of: date
) -> Mapping[str, Path]:
    """Writes the samples; `enterprises` must carry tambon, amphoe and changwat. By name of the file."""
    folder.mkdir(parents=True, exist_ok=True)
    good = _newcomers(enterprises, factories, met, as_of)
    titles = [files.title("รายชื่อผู้เข้าร่วมโครงการเพิ่มเติม")]
    made = [
        files.write_table(folder / "dip-broken.csv", _broken(good), titles=titles, encoding="utf-8-sig"),
        files.write_table(folder / "dip-mended.csv", good, titles=titles, encoding="utf-8-sig"),
    ]
    pdf = folder / "not-a-table.csv"
    with whole(pdf) as fresh:
        fresh.write_bytes(
            b"%PDF-1.4\n% made-up sample: a PDF that was renamed\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        )
    unknown = pl.DataFrame({"หมายเลข": ["1", "2"], "ยี่ห้อ": ["ก", "ข"], "สี": ["แดง", "เขียว"]})
    made += [pdf, files.write_table(folder / "unknown-layout.csv", unknown, titles=titles, encoding="utf-8-sig")]
    return {path.name: path for path in made}
