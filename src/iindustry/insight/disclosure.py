"""Disclosure control: what a table may show to whom (INSIGHT section 7), on by default at one door.

Here stand steps 2 to 5: small counts, sums and medians of too few, margins as cells, rounding, and a partner for a cell that
could be worked out alone from its row or column. The audit by linear programmes and differencing (steps 6 and 7) are not
made yet, so free tables are not offered: what is released has fixed shapes.
Invariant: nothing released shows a count of 1 to 9, or a sum or median that rests on one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iindustry.insight.tables import Cell, Mark, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Rule:
    """What one audience is shown: counts from `minimum`, rounded to `round_to`, medians from `median_from` cases."""

    minimum: int
    round_to: int
    median_from: int


RULES: Mapping[str, Rule] = {
    "public": Rule(minimum=10, round_to=5, median_from=30),
    "staff": Rule(minimum=10, round_to=1, median_from=10),
}

# column -> the count it rests on; a column that is not here is a count itself.
RESTS_ON: Mapping[str, str] = {
    "disbursed_satang": "disbursed",
    "requested_satang": "applied",
    "median_days": "decided",
    "coverage": "eligible",
    "take_up": "eligible",
}
MEDIANS = frozenset({"median_days"})
# Parts of these add up to their margin over province and over lender, so that one hidden part could be worked out.
ADDITIVE = frozenset({"applied", "decided", "approved", "declined", "disbursed", "disbursed_satang"})
_ROUNDS = 20


def release(table: Table, audience: str) -> Table:
    """The table as this audience may see it. Shapes: same rows and columns. Errors: KeyError for no such audience."""
    rule = RULES[audience]
    rows = [replace(row, cells=_primary(row.cells, rule)) for row in table.rows]
    rows = _partnered(rows, table.columns)
    shown = tuple(replace(row, cells=_rounded(row.cells, rule)) for row in rows)
    hidden = sum(one.mark in {Mark.SMALL, Mark.HIDDEN} for row in shown for one in row.cells.values())
    return replace(table, rows=shown, audience=audience, hidden_count=hidden)


def release_row(row: Row, audience: str) -> Row:
    """One row as this audience may see it, without partners: for tables whose margins are not shown beside it."""
    rule = RULES[audience]
    return replace(row, cells=_rounded(_primary(row.cells, rule), rule))


def _primary(cells: Mapping[str, Cell], rule: Rule) -> dict[str, Cell]:
    return {key: _judged(key, one, cells, rule) for key, one in cells.items()}


def _judged(key: str, one: Cell, cells: Mapping[str, Cell], rule: Rule) -> Cell:
    if one.value is None:
        return one
    if key not in RESTS_ON:
        return Cell(None, Mark.SMALL) if 0 < one.value < rule.minimum else one
    base = cells.get(RESTS_ON[key])
    count = base.value if base is not None and base.value is not None else 0
    least = rule.median_from if key in MEDIANS else rule.minimum
    if count == 0:
        return one if one.value == 0 else Cell(None, Mark.NONE)
    return one if count >= least else Cell(None, Mark.HIDDEN)


def _rounded(cells: Mapping[str, Cell], rule: Rule) -> dict[str, Cell]:
    step = rule.round_to
    return {
        key: Cell(round(one.value / step) * step)
        if key not in RESTS_ON and one.is_shown and one.value is not None and step > 1
        else one
        for key, one in cells.items()
    }


def _partnered(rows: list[Row], columns: Iterable[str]) -> list[Row]:
    """Hide a partner beside every cell that would stand alone hidden in a group whose margin is shown."""
    now = list(rows)
    for _ in range(_ROUNDS):
        wanted = {found for key in columns if key in ADDITIVE for found in _lonely(now, key)}
        if not wanted:
            return now
        for place, key in sorted(wanted):
            cells = dict(now[place].cells)
            cells[key] = Cell(None, Mark.HIDDEN)
            now[place] = replace(now[place], cells=cells)
    return now


def _lonely(rows: list[Row], key: str) -> Iterable[tuple[int, str]]:
    """The cheapest partner of each cell that is the only hidden one of its group: (row's place, column)."""
    for places in _groups(rows):
        hidden = [place for place in places if not _open(rows[place].cells[key])]
        if len(hidden) != 1:
            continue
        others = [place for place in places if place not in hidden and (rows[place].cells[key].value or 0) > 0]
        if others:
            yield min(others, key=lambda place: (rows[place].cells[key].value or 0, place)), key


def _open(one: Cell) -> bool:
    return one.mark in {Mark.SHOWN, Mark.NONE}


def _groups(rows: list[Row]) -> Iterable[list[int]]:
    """Parts that add up to one margin: lenders of a province, provinces of a lender, each within a line."""
    groups: dict[tuple[str, str | None, str | None], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.lender is not None:
            groups["lenders", row.line, row.province_code].append(place)
        if row.province_code is not None:
            groups["provinces", row.line, row.lender].append(place)
    return groups.values()
