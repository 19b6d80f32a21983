"""From snapshots to tables: the figures of every group, and the tables that pages show, before release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.accounts.organisations import ORGANISATIONS, OrganisationKind
from iindustry.insight import snapshots
from iindustry.insight.tables import Cell, Coverage, Funnel, Mark, OfficeDays, Reason, Row, SmartGovernment, Table, cell
from iindustry.programmes.terms import LINES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import polars as pl

    from iindustry.insight.counting import Group
    from iindustry.insight.snapshots import Files

MAP_LINES = LINES[:4]  # the fifth is first of all measured on the ministry itself
LENDERS = tuple(key for key, one in ORGANISATIONS.items() if one.kind is OrganisationKind.BANK)
SCOREBOARD = ("eligible", "applied", "decided", "approved", "disbursed", "disbursed_satang", "median_days")
FUNNEL = ("eligible", "applied", "decided", "approved", "disbursed", "declined", "disbursed_satang", "median_days")
COVERAGE = ("eligible", "applied", "disbursed", "take_up", "coverage")
BY: Mapping[str, tuple[str, ...]] = {"line": ("line",), "lender": ("lender",), "province": ("province_code",)}
EVERYTHING: Group = (None, None, None)
_FROM_REACH = frozenset({"eligible", "unknown"})
Figures = dict["Group", dict[str, int | None]]


def figures(found: Files, shapes: Sequence[Sequence[str]]) -> Figures:
    """Every figure of every group of these shapes, keyed by (line, province, lender), None for all."""
    made: Figures = {}
    for group, values in reach(found).items():
        made.setdefault(group, {}).update(values)
    rows = cases(found)
    if rows is None:
        return made
    from iindustry.insight import counting

    for by in shapes:
        for group, counts in counting.counted(rows, by).items():
            made.setdefault(group, {}).update(counts)
        for group, days in counting.medians(rows, by).items():
            made.setdefault(group, {})["median_days"] = days
    return made


def scoreboard(found: Files) -> Table:
    """Line × province × lender with margins, as counted."""
    shapes = (("line",), ("line", "lender"), ("line", "province_code"), ("line", "province_code", "lender"))
    made = figures(found, shapes)
    provinces = [None, *(one for one, _, _ in province_names())]
    groups: list[Group] = [(line, code, lender) for line in LINES for code in provinces for lender in (None, *LENDERS)]
    rows = tuple(Row(*group, cells=_cells(made.get(group), SCOREBOARD, found)) for group in groups)
    return Table(SCOREBOARD, rows, found.stamp)


def country(found: Files) -> Row:
    """The whole country in one row, as counted."""
    return Row(*EVERYTHING, cells=_cells(figures(found, ((),)).get(EVERYTHING), SCOREBOARD, found))


def funnel(found: Files, by: str) -> Funnel:
    """One group followed through, whole and by one dimension, as counted."""
    made = figures(found, ((), BY[by]))
    rows = cases(found)
    live = _live(rows)
    place = {"line": 0, "province": 1, "lender": 2}[by]
    keys = sorted({group[place] for group in made if _is_of(group, place)}, key=_order)
    parts = tuple(Row(*_group(place, key), cells=_cells(made.get(_group(place, key)), FUNNEL, found)) for key in keys)
    return Funnel(
        by,
        Row(*EVERYTHING, cells=_cells(made.get(EVERYTHING), FUNNEL, found)),
        Row(
            *EVERYTHING, cells={key: one for key, one in _cells(live, FUNNEL, found).items() if key not in _FROM_REACH}
        ),
        parts,
        _reasons(rows),
        FUNNEL,
        found.stamp,
    )


def coverage(found: Files) -> Coverage:
    """Of the enterprises eligible now: who has applied, who was paid, by province."""
    eligible = snapshots.frame(found.eligible)
    rows = cases(found)
    if eligible is None:
        nothing = {key: Cell(None, Mark.NONE) for key in COVERAGE}
        return Coverage((), Row(*EVERYTHING, cells=nothing), COVERAGE, found.stamp)
    import polars as pl

    nobody = pl.Series("enterprise_id", [], dtype=pl.String)
    applied = rows["enterprise_id"].unique() if rows is not None else nobody
    paid = rows.filter("is_disbursed")["enterprise_id"].unique() if rows is not None else nobody
    marked = eligible.with_columns(
        applied=pl.col("enterprise_id").is_in(applied.implode()), paid=pl.col("enterprise_id").is_in(paid.implode())
    )
    sums = (pl.len().alias("eligible"), pl.col("applied").sum(), pl.col("paid").sum().alias("disbursed"))
    by_code = {row["province_code"]: row for row in marked.group_by("province_code").agg(*sums).iter_rows(named=True)}
    whole = marked.select(*sums).row(0, named=True)
    parts = tuple(Row(None, code, None, _reached(by_code.get(code))) for code, _, _ in province_names())
    return Coverage(parts, Row(*EVERYTHING, cells=_reached(whole)), COVERAGE, found.stamp)


def smart_government(found: Files) -> SmartGovernment:
    """What the ministry spared people (from applications) and how it answers (from its own record)."""
    rows = cases(found)
    spared = _spared(rows)
    work = snapshots.facts(found.work)
    past = _past(found)
    return SmartGovernment(
        fields_spared=spared.fields,
        papers_spared=spared.papers,
        prefilled_share=spared.share,
        typed_median=spared.typed,
        corrections_answered=_plus(past.get("corrections_answered"), work.get("corrections_answered")),
        corrections_asked=_plus(past.get("corrections_asked"), work.get("corrections_asked")),
        late_deliveries=_plus(past.get("late_deliveries"), work.get("late_deliveries")),
        deliveries=_plus(past.get("deliveries"), work.get("deliveries")),
        offices=_offices(found),
        stamp=found.stamp,
    )


def reach(found: Files) -> Figures:
    """Eligible and unknown by group; empty where nothing was evaluated."""
    frame = snapshots.frame(found.reach)
    if frame is None:
        return {}
    return {
        (row["line"], row["province_code"], row["lender"]): {"eligible": row["eligible"], "unknown": row["unknown"]}
        for row in frame.iter_rows(named=True)
    }


def cases(found: Files) -> pl.DataFrame | None:
    """Prepared applications; None where there is no snapshot."""
    rows = snapshots.applications(found)
    if rows is None:
        return None
    from iindustry.insight import counting

    return counting.prepared(rows, _today(found))


def province_names() -> list[tuple[str, str, str]]:
    """Code, Thai and English name of the 77 provinces, by code."""
    from iindustry.reference.areas import PROVINCES

    return sorted((one.code, one.th, one.en) for one in PROVINCES)


def _today(found: Files) -> date:
    from iindustry.kernel.clock import BANGKOK

    as_of = found.stamp.as_of
    assert as_of is not None  # noqa: S101 - there are applications, so there is a snapshot
    return as_of.astimezone(BANGKOK).date()


def _cells(values: Mapping[str, int | None] | None, columns: Sequence[str], found: Files) -> dict[str, Cell]:
    """A group's figures as cells: a group without cases has zero of them, unless nothing was counted at all."""
    known = values or {}
    absent = {
        True: Cell(0) if found.reach else Cell(None, Mark.NONE),
        False: Cell(0) if found.live or found.history else Cell(None, Mark.NONE),
    }
    cells = {}
    for key in columns:
        if key in known:
            cells[key] = cell(known[key])
        else:
            cells[key] = Cell(None, Mark.NONE) if key == "median_days" else absent[key in _FROM_REACH]
    return cells


def _live(rows: pl.DataFrame | None) -> Mapping[str, int | None]:
    if rows is None:
        return {}
    import polars as pl

    from iindustry.insight import counting

    now = rows.filter(~pl.col("is_history"))
    return {**counting.counted(now, ()).get(EVERYTHING, {}), "median_days": counting.medians(now, ())[EVERYTHING]}


def _reasons(rows: pl.DataFrame | None) -> tuple[Reason, ...]:
    """Main reasons of declines: code, count, baht asked, share; most frequent first."""
    if rows is None:
        return ()
    import polars as pl

    declined = rows.filter("is_declined").with_columns(pl.col("reason_code").fill_null("R0"))
    frame = (
        declined.group_by("reason_code")
        .agg(pl.len().alias("count"), pl.col("requested_satang").sum())
        .sort("count", "reason_code", descending=[True, False])
    )
    return tuple(
        Reason(row["reason_code"], Cell(row["count"]), cell(row["requested_satang"]), row["count"] / len(declined))
        for row in frame.iter_rows(named=True)
    )


def _reached(counts: Mapping[str, int] | None) -> dict[str, Cell]:
    if counts is None:
        zero = Cell(0)
        nothing = Cell(None, Mark.NONE)
        return {"eligible": zero, "applied": zero, "disbursed": zero, "take_up": nothing, "coverage": nothing}
    eligible, applied, paid = counts["eligible"], counts["applied"], counts["disbursed"]
    return {
        "eligible": Cell(eligible),
        "applied": Cell(applied),
        "disbursed": Cell(paid),
        "take_up": cell(applied / eligible if eligible else None),
        "coverage": cell(paid / eligible if eligible else None),
    }


@dataclass(frozen=True, slots=True)
class _Spared:
    """What applications were spared: fields and papers in all, the share filled in, the median of fields typed."""

    fields: int | None = None
    papers: int | None = None
    share: float | None = None
    typed: int | None = None


def _spared(rows: pl.DataFrame | None) -> _Spared:
    if rows is None or rows.is_empty():
        return _Spared()
    import polars as pl

    prefilled, typed, papers, median = rows.select(
        pl.col("prefilled_count").sum().alias("prefilled"),
        pl.col("typed_count").sum().alias("typed"),
        pl.col("papers_spared_count").sum().alias("papers"),
        pl.col("typed_count").median().alias("median"),
    ).row(0)
    asked = (prefilled or 0) + (typed or 0)
    return _Spared(
        int(prefilled or 0),
        int(papers or 0),
        prefilled / asked if asked else None,
        int(median) if median is not None else None,
    )


def _past(found: Files) -> dict[str, int]:
    """Sums over the months of the ministry's own record: kind, office, month, count, of_count, days_median."""
    frame = snapshots.frame(found.ministry)
    if frame is None:
        return {}
    sums = {
        "corrections": ("corrections_answered", "corrections_asked"),
        "deliveries_late": ("late_deliveries", "deliveries"),
    }
    past: dict[str, int] = {}
    import polars as pl

    for kind, (part, whole) in sums.items():
        rows = frame.filter(pl.col("kind") == kind)
        past[part], past[whole] = int(rows["count"].sum()), int(rows["of_count"].sum())
    return past


def _offices(found: Files) -> tuple[OfficeDays, ...]:
    frame = snapshots.frame(found.ministry)
    if frame is None:
        return ()
    import polars as pl

    rows = (
        frame.filter(pl.col("kind") == "office_days")
        .group_by("office")
        .agg(pl.col("days_median").median().round().cast(pl.Int64), pl.col("count").sum())
        .sort("office")
    )
    return tuple(
        OfficeDays(row["office"], cell(row["days_median"]), Cell(row["count"])) for row in rows.iter_rows(named=True)
    )


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)


def _is_of(group: Group, place: int) -> bool:
    return group[place] is not None and all(part is None for at, part in enumerate(group) if at != place)


def _group(place: int, key: str | None) -> Group:
    line, province, lender = (key if at == place else None for at in range(3))
    return line, province, lender


def _order(key: str | None) -> tuple[int, str]:
    """Lines and lenders in their own order, provinces by code."""
    own = (*LINES, *LENDERS)
    return (own.index(key) if key in own else len(own), key or "")
