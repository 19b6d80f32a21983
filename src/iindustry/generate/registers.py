"""What a register's file is made of: cells under its headings, and whom each row is really about.

Invariant: flaws are drawn a row and a source at a time, so two registers err apart; `clean` rows do not err.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import calibration
from iindustry.kernel.thaidate import BE_OFFSET, MONTHS_TH_SHORT

if TYPE_CHECKING:
    from datetime import date

    from iindustry.generate.chance import Chance
    from iindustry.generate.setting import Month, Setting

MOST_ROWS = 8  # of one firm in one register: row numbers leave room for so many
MONTH_ROWS = 4096  # a row of one month has the number `row * MONTH_ROWS + month of the era`


@dataclass(frozen=True, slots=True)
class Written:
    """One register's rows. `cells`: Utf8 columns under its headings. `about`: source, record_key, enterprise, establishment."""

    cells: pl.DataFrame
    about: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Scene:
    """One part of the country at the end of one month: what registers write from.

    `loans`: applications paid so far (`past.applications`, with enterprise). `first`: whether it is the first part.
    """

    setting: Setting
    month: Month
    firms: pl.DataFrame
    sites: pl.DataFrame
    loans: pl.DataFrame
    first: bool

    def rate(self, name: str, source: str = "rate") -> float:
        """A rate of the noise."""
        return self.setting.noise.rate(name, source)

    def hit(self, chance: Chance, tag: str, name: str, source: str = "rate") -> pl.Expr:
        """True where this flaw falls; never on a clean row."""
        return chance.happens(tag, self.rate(name, source)) & ~pl.col("clean")

    def share(self, source: str) -> float:
        """How many of those who could be are in a register."""
        return float(calibration.numbers()["coverage"][source])


def be_date(day: pl.Expr) -> pl.Expr:
    """`14/1/2559`."""
    year = (day.dt.year() + BE_OFFSET).cast(pl.Utf8)
    return pl.concat_str(day.dt.day().cast(pl.Utf8), day.dt.month().cast(pl.Utf8), year, separator="/")


def be_date_words(day: pl.Expr) -> pl.Expr:
    """`14 ม.ค. 2559`."""
    months = dict(enumerate(MONTHS_TH_SHORT, start=1))
    month = day.dt.month().cast(pl.Int64).replace_strict(months, default=None)
    return pl.concat_str(day.dt.day().cast(pl.Utf8), month, (day.dt.year() + BE_OFFSET).cast(pl.Utf8), separator=" ")


def be_month(day: pl.Expr) -> pl.Expr:
    """`256910`: B.E. year and month."""
    return (day.dt.year() + BE_OFFSET).cast(pl.Utf8) + day.dt.month().cast(pl.Utf8).str.zfill(2)


def month_key(day: pl.Expr) -> pl.Expr:
    """`2026-10`: a month as a record key has it."""
    return day.dt.strftime("%Y-%m")


def about(frame: pl.DataFrame, source: str, key: str | pl.Expr, establishment: str | None = None) -> pl.DataFrame:
    """Whom the rows are about. `key`: the record key, a column or an expression (parts of a key are joined by `:`)."""
    site = pl.lit(None, dtype=pl.Utf8) if establishment is None else pl.col(establishment)
    own = pl.col(key) if isinstance(key, str) else key
    return frame.select(
        pl.lit(source).alias("source"), own.alias("record_key"), pl.col("enterprise"), site.alias("establishment")
    )


def joined_key(*parts: pl.Expr) -> pl.Expr:
    """A record key of several columns, as `sources` joins them."""
    return pl.concat_str(*(part.cast(pl.Utf8) for part in parts), separator=":")


def grouped(number: pl.Expr) -> pl.Expr:
    """`1,035.79` of a text number: commas by threes."""
    whole = number.str.split(".").list.get(0)
    rest = number.str.split(".").list.get(1, null_on_oob=True)
    backwards = whole.str.reverse().str.replace_all(r"(\d{3})", "${1},").str.reverse().str.strip_chars_start(",")
    return pl.when(rest.is_null()).then(backwards).otherwise(backwards + pl.lit(".") + rest)


def monthly(frame: pl.DataFrame, row: str, months: list[date]) -> pl.DataFrame:
    """Every row once a month: adds `period` (first of the month) and `m`, its own row number for draws."""
    table = pl.DataFrame({"period": months}, schema={"period": pl.Date})
    laid = frame.join(table, how="cross", maintain_order="left_right")
    era = pl.col("period").dt.year().cast(pl.Int64) * 12 + pl.col("period").dt.month().cast(pl.Int64)
    return laid.with_columns((pl.col(row) * MONTH_ROWS + era % MONTH_ROWS).alias("m"))
