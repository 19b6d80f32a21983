"""The use case of `generate`: one call writes a whole made-up country into a folder.

Invariant: the same enterprises, seed and `as_of` give the same bytes; nothing outside the folder is touched.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import broken, calibration, factories, files, past, places, registers, samples
from iindustry.generate.cast import ENTERPRISES
from iindustry.generate.chance import Chance
from iindustry.generate.country import Country, Delivery
from iindustry.generate.enterprises import enterprises as true_enterprises
from iindustry.kernel.progress import Progress, silent
from iindustry.kernel.thaidate import BE_OFFSET, MONTHS_TH

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 20)  # the country's day where the caller names none
_STEPS = 5


def make_country(
    folder: Path, *, enterprises: int, seed: int, as_of: date = AS_OF, progress: Progress = silent
) -> Country:
    """Writes deliveries, truth, past and samples of `enterprises` firms (200 or more) as they stand on `as_of`.

    Files of the same names are overwritten. Raises ValueError for fewer than 200 enterprises.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = Chance(seed)
    progress("enterprises", 0, _STEPS)
    firms = true_enterprises(enterprises, chance, as_of)
    progress("factories", 1, _STEPS)
    sites = factories.factories(firms, chance, as_of)
    progress("deliveries", 2, _STEPS)
    written = _registers(firms, sites, chance, as_of)
    deliveries = _deliver(folder / "deliveries", written, as_of)
    truth = pl.concat([one.about for one in written.values()]).sort("source", "record_key")
    progress("past", 3, _STEPS)
    history = past.applications(firms, sites, chance, as_of)
    made = Country(
        deliveries=deliveries,
        truth=_parquet(folder / "truth" / "records.parquet", truth),
        effects=_parquet(folder / "truth" / "effects.parquet", past.effects()),
        history=_parquet(folder / "past" / "history.parquet", history),
        outcomes=_parquet(folder / "past" / "outcomes.parquet", past.outcomes(firms, history, chance, as_of)),
        ministry=_parquet(folder / "past" / "ministry.parquet", past.ministry(enterprises, chance, as_of)),
        cast=ENTERPRISES,
        samples=_samples(folder / "samples", firms, sites, written["dip"], chance=chance, as_of=as_of),
    )
    progress("done", _STEPS, _STEPS)
    return made


def _samples(
    folder: Path, firms: pl.DataFrame, sites: pl.DataFrame, dip: registers.Written, *, chance: Chance, as_of: date
) -> dict[str, Path]:
    named = places.with_names(firms.with_columns(pl.lit(value=True).alias("clean")), chance, "samples")
    named = named.with_columns(firms["clean"])
    return dict(samples.write(folder, named, sites, dip, as_of))


def _registers(firms: pl.DataFrame, sites: pl.DataFrame, chance: Chance, as_of: date) -> dict[str, registers.Written]:
    """Every register's rows, by the name of its file."""
    juristic = registers.dbd(firms, chance)
    new = (pl.col("registered_on") >= _month_before(as_of)) & ~pl.col("clean")
    return {
        "dbd-register": registers.dbd_register(juristic.filter(~new), chance),
        "dbd-new": registers.dbd_month(juristic.filter(new)),
        "diw": registers.diw(sites, chance),
        "dip": registers.dip(firms, chance, as_of),
        "tisi": registers.tisi(sites, firms, chance, as_of),
        "green": registers.green(sites, chance, as_of),
    }


def _deliver(folder: Path, written: dict[str, registers.Written], as_of: date) -> tuple[Delivery, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    month = f"{MONTHS_TH[_month_before(as_of).month - 1]} - {MONTHS_TH[as_of.month - 1]}  {as_of.year + BE_OFFSET}"
    layouts: tuple[tuple[str, str, list[str], files.Encoding], ...] = (
        ("dbd-register", "dbd", [files.title("ทะเบียนนิติบุคคล")], "utf-8-sig"),
        ("dbd-new", "dbd", [f"นิติบุคคลจัดตั้งเดือน{month} ({calibration.mark()})", "ทั่วประเทศ"], "cp874"),
        ("diw", "diw", [files.title("ทะเบียนโรงงาน"), ""], "cp874"),
        ("dip", "dip", [files.title("ผู้เข้าร่วมโครงการส่งเสริมอุตสาหกรรม")], "utf-8-sig"),
        ("tisi", "tisi", [files.title("ใบอนุญาต มอก.")], "cp874"),
        ("green", "green", [files.title("ใบรับรองอุตสาหกรรมสีเขียว")], "utf-8-sig"),
    )
    period = f"{as_of:%Y-%m}"
    made = []
    for name, source, titles, encoding in layouts:
        cells = broken.with_broken(written[name].cells, name.removesuffix("-register"))
        path = files.write_table(folder / f"{name}-{period}.csv", cells, titles=titles, encoding=encoding)
        made.append(Delivery(source, path, period))
    return tuple(made)


def _month_before(as_of: date) -> date:
    """The first day of the month before."""
    return (as_of.replace(day=1) - timedelta(days=1)).replace(day=1)


def _parquet(path: Path, frame: pl.DataFrame) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path, metadata={"mark": calibration.mark()})
    return path
