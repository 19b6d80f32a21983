"""Use cases of `insight`: the strip, the scoreboard, the map, the funnel, coverage, the ministry's own record.

Each reads snapshots, counts, and lets the result out by one door, `release`. Every answer carries a stamp: the register
version and the instant of the snapshot it rests on.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from iindustry.insight import figures, snapshots
from iindustry.insight.definitions import UNIT_WORDS, definition
from iindustry.insight.disclosure import RULES, release, release_parts, release_reasons, release_row, release_within
from iindustry.insight.tables import (
    Area,
    Cell,
    Choropleth,
    Coverage,
    Funnel,
    LineTotal,
    Mark,
    SmartGovernment,
    Strip,
    Table,
)
from iindustry.kernel.clock import BANGKOK
from iindustry.kernel.home import current_version
from iindustry.kernel.whole import whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from iindustry.insight.snapshots import Files
    from iindustry.insight.tables import Number
    from iindustry.kernel.home import Home

_CLASSES = 5


def prepare(home: Home) -> None:
    """Write what counts need beside the register version in force: reach by group, and who is eligible for a loan.

    Reads eligibility.parquet, programmes.parquet and enterprises.parquet of that version. Written under a temporary name and
    renamed: a reader sees the whole or nothing, and this version only from the end of this act on.
    """
    import polars as pl

    from iindustry.insight import counting

    version = current_version(home)
    if version is None:
        return
    folder = home.register / version
    programmes = pl.read_parquet(folder / "programmes.parquet")
    provinces = pl.read_parquet(folder / "enterprises.parquet", columns=["enterprise_id", "entity__province"]).rename(
        {"entity__province": "province_code"}
    )
    loans = programmes.filter(pl.col("kind") == "loan").select("programme", "lender", "policy_line").unique()
    answers = counting.answers_of_loans(pl.scan_parquet(folder / "eligibility.parquet"), loans, provinces)
    eligible = answers.filter(
        pl.any_horizontal(pl.lit(value=False), pl.col(loans["programme"].unique().to_list()) == counting.YES)
    )
    _write(folder / "eligible.parquet", eligible.select("enterprise_id", "province_code").sort("enterprise_id"))
    _write(folder / "reach.parquet", counting.reach(answers, loans))
    snapshots.point(home, version)


def strip(home: Home) -> Strip:
    """The live strip. Before the first register version its counts are of the records taken in so far."""
    found = snapshots.files(home)
    taken_in = () if found.members else snapshots.taken_in(home)
    paths = (found.members, found.quality, found.reach, found.live, found.history, *taken_in)
    return snapshots.kept("strip", (found.version,), paths, lambda: _strip(found, taken_in))


def scoreboard(home: Home, *, audience: str = "public", line: str | None = None) -> Table:
    """Policy line × province × lender, margins included, as this audience may see it; one line where named."""
    found = snapshots.files(home)
    paths = (found.reach, found.live, found.history)
    every = snapshots.kept("scoreboard", (audience,), paths, lambda: release(figures.scoreboard(found), audience))
    return every if line is None else replace(every, rows=tuple(row for row in every.rows if row.line == line))


def scoreboard_csv(home: Home, *, audience: str = "public") -> str:
    """The scoreboard as CSV: header rows give definitions, units, version and as-of date, then one row a group."""
    return as_csv(scoreboard(home, audience=audience), title="scoreboard/1")


def map_of_lines(home: Home, *, line: str, step: str = "eligible") -> Choropleth:
    """One line on the map of 77 provinces, in at most five classes (quantiles), with the totals of every line."""
    table = scoreboard(home)
    both = [row for row in table.rows if row.lender is None]
    cells = {row.province_code: row.cells[step] for row in both if row.line == line}
    bounds = _quantiles(sorted(one.value for code, one in cells.items() if code and one.is_shown and one.value))
    provinces = {
        code: Area(code, th, en, cells.get(code, Cell(None, Mark.NONE)), _class_of(cells.get(code), bounds))
        for code, th, en in figures.province_names()
    }
    totals = tuple(
        LineTotal(row.line, row.cells) for row in both if row.line in figures.MAP_LINES and row.province_code is None
    )
    return Choropleth(line, step, provinces, bounds, totals, table.stamp)


def funnel(home: Home, by: str = "line") -> Funnel:
    """Eligible to paid out for everybody and by one dimension (`line`, `lender`, `province`); reasons of declines.

    For named staff: nothing is rounded, and no count under 10 is shown or can be told by subtraction.
    """
    found = snapshots.files(home)
    paths = (found.reach, found.live, found.history)
    return snapshots.kept("funnel", (by,), paths, lambda: _released_funnel(figures.funnel(found, by)))


def coverage(home: Home) -> Coverage:
    """Reach by province: of the enterprises eligible now, who has applied and who was paid. For named staff."""
    found = snapshots.files(home)

    def made() -> Coverage:
        raw = figures.coverage(found)
        total, rows = release_parts(raw.total, raw.rows, "staff")
        return replace(raw, total=total, rows=rows)

    return snapshots.kept("coverage", (), (found.eligible, found.live, found.history), made)


def smart_government(home: Home) -> SmartGovernment:
    """The fifth line: what the ministry spared people, and how quickly its offices answer."""
    found = snapshots.files(home)
    paths = (found.ministry, found.work, found.live, found.history)
    return snapshots.kept("smart_government", (), paths, lambda: figures.smart_government(found))


def as_csv(table: Table, *, title: str) -> str:
    """A table as CSV with its header rows (`#`): definition, unit, version, as-of, what disclosure control did."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    as_of = table.stamp.as_of
    writer.writerow(["# table", title])
    writer.writerow(["# register_version", table.stamp.version or ""])
    writer.writerow(["# as_of", as_of.astimezone(BANGKOK).isoformat(timespec="seconds") if as_of else ""])
    if rule := RULES.get(table.audience):
        money = f"money to {rule.sum_digits} significant figures" if rule.sum_digits else "money whole"
        text = f"counts under {rule.minimum} shown as <10; · withheld; counts rounded to {rule.round_to}; {money}; – no data"
        writer.writerow(["# disclosure", text, f"hidden cells: {table.hidden_count}"])
    for key in table.columns:
        one = definition(key)
        unit = "satang" if one.unit == "satang" else UNIT_WORDS[one.unit][1]
        writer.writerow(["# definition", one.label, unit, one.means_en, one.means_th])
    writer.writerow(["policy_line", "province_code", "lender", *table.columns])
    for row in table.rows:
        group = [part or "all" for part in (row.line, row.province_code, row.lender)]
        writer.writerow([*group, *(row.cells[key].sign for key in table.columns)])
    return out.getvalue()


def _strip(found: Files, taken_in: Sequence[Path]) -> Strip:
    quality = snapshots.facts(found.quality)
    counted = figures.country(found)
    shown = release_row(counted, "public").cells
    small = frozenset(key for key, one in shown.items() if one.mark is Mark.SMALL)
    registers, records, enterprises = _size(found, taken_in)
    said = {key: None if one.value is None else int(one.value) for key, one in shown.items()}
    return Strip(
        registers, records, enterprises, quality.get("precision"), quality.get("recall"), said["eligible"],
        said["applied"], said["approved"], said["disbursed"], said["disbursed_satang"], said["median_days"],
        found.stamp, small,
    )  # fmt: skip


def _size(found: Files, taken_in: Sequence[Path]) -> tuple[int | None, int | None, int | None]:
    """Registers, records, enterprises; before the first version, registers and records standardised so far."""
    if found.members is None:
        if not taken_in:
            return None, None, None
        return len({path.parent.name for path in taken_in}), sum(map(snapshots.row_count, taken_in)), None
    import polars as pl

    counted = pl.scan_parquet(found.members).select(
        pl.col("source").n_unique(), pl.len().alias("records"), pl.col("enterprise_id").n_unique()
    )
    registers, records, enterprises = counted.collect().row(0)
    return registers, records, enterprises


def _released_funnel(raw: Funnel) -> Funnel:
    total, rows = release_parts(raw.total, raw.rows, "staff")
    return replace(
        raw,
        total=total,
        rows=rows,
        live=release_within(raw.total, raw.live, "staff"),
        reasons=release_reasons(raw.reasons, "staff"),
    )


def _quantiles(values: Sequence[Number]) -> tuple[Number, ...]:
    """Upper bounds of at most five classes that hold about as many values each."""
    if not values:
        return ()
    places = [max(0, -(-len(values) * part // _CLASSES) - 1) for part in range(1, _CLASSES + 1)]
    return tuple(sorted({values[place] for place in places}))


def _class_of(one: Cell | None, bounds: Sequence[Number]) -> int | None:
    if one is None or not one.is_shown or not one.value or not bounds:
        return None
    return next((at for at, bound in enumerate(bounds, start=1) if one.value <= bound), len(bounds))


def _write(path: Path, frame: pl.DataFrame) -> None:
    with whole(path) as fresh:
        frame.write_parquet(fresh)
