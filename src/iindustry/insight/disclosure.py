"""Disclosure control: what a table may show to whom (INSIGHT section 7), on by default at one door.

Here stand steps 2 to 5: small counts, sums and medians of too few, margins as cells, rounding, and a partner for a cell that
could be worked out alone from its row or column. Of step 2 the share of the largest in a sum is not looked at yet; the audit by
linear programmes and differencing (steps 6 and 7) are not made yet, so free tables are not offered: what is released has fixed
shapes, and public sums are so coarse that the figure before and after one payment does not tell the payment.
Invariant: nothing released shows a count of 1 to 9, or a sum, median or share that rests on one, or lets it be told by subtraction
within the table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from math import floor, log10
from typing import TYPE_CHECKING

from iindustry.insight.tables import Cell, Mark, Reason, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iindustry.insight.tables import Number


@dataclass(frozen=True, slots=True)
class Rule:
    """What one audience is shown: counts from `minimum`, rounded to `round_to`, medians from `median_from` cases.

    sum_digits: the significant figures of a sum of money; None: all.
    """

    minimum: int
    round_to: int
    median_from: int
    sum_digits: int | None


RULES: Mapping[str, Rule] = {
    "public": Rule(minimum=10, round_to=5, median_from=30, sum_digits=2),
    "staff": Rule(minimum=10, round_to=1, median_from=10, sum_digits=None),
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
SUMS = frozenset({"disbursed_satang", "requested_satang"})
# share -> the counts it is made of: with the share and one of them the other is known.
SHARES: Mapping[str, tuple[str, str]] = {"take_up": ("applied", "eligible"), "coverage": ("disbursed", "eligible")}
# Parts of these add up to their margin over province and over lender, so that one hidden part could be worked out.
ADDITIVE = frozenset({"applied", "decided", "approved", "declined", "disbursed", "disbursed_satang"})
# An enterprise lies in one province, but may qualify with several lenders and for several lines.
ADDITIVE_OVER_PROVINCES = ADDITIVE | {"eligible"}
# Within a row the first is the sum of the others.
WITHIN_A_ROW: tuple[tuple[str, ...], ...] = (("decided", "approved", "declined"),)
_ROUNDS = 40

Group = tuple[frozenset[str], list[int]]


def release(table: Table, audience: str) -> Table:
    """The table as this audience may see it. Shapes: same rows and columns. Errors: KeyError for no such audience."""
    rule = RULES[audience]
    rows = [replace(row, cells=_primary(row.cells, rule)) for row in table.rows]
    shown = tuple(_finished(row, rule) for row in _partnered(rows, list(_groups(rows))))
    return replace(table, rows=shown, audience=audience, hidden_count=hidden_in(shown))


def hidden_in(rows: Iterable[Row]) -> int:
    """How many cells of released rows are withheld."""
    return sum(one.mark in {Mark.SMALL, Mark.HIDDEN} for row in rows for one in row.cells.values())


def release_parts(total: Row, parts: Sequence[Row], audience: str) -> tuple[Row, tuple[Row, ...]]:
    """A row and all the parts that add up to it (of one dimension), as this audience may see them side by side."""
    rule = RULES[audience]
    rows = [replace(row, cells=_primary(row.cells, rule)) for row in (total, *parts)]
    by_province = any(row.province_code is not None for row in parts)
    group = (ADDITIVE_OVER_PROVINCES if by_province else ADDITIVE, list(range(1, len(rows))))
    first, *others = (_finished(row, rule) for row in _partnered(rows, [group]))
    return first, tuple(others)


def release_within(total: Row, part: Row, audience: str) -> Row:
    """A part of a total that is shown beside it: what is left of the total without the part is protected like the part."""
    rest = {key: _less(total.cells.get(key), one) for key, one in part.cells.items()}
    return release_parts(total, (part, replace(part, cells=rest)), audience)[1][0]


def release_reasons(reasons: Sequence[Reason], audience: str) -> tuple[Reason, ...]:
    """Reasons whose counts add up to a total that is shown elsewhere. Where the count is hidden, its share and money are."""
    nobody = Row(None, None, None, {})
    rows = [replace(nobody, cells={"applied": one.count, "requested_satang": one.requested_satang}) for one in reasons]
    _, shown = release_parts(nobody, rows, audience)
    return tuple(
        replace(one, count=row.cells["applied"], requested_satang=row.cells["requested_satang"])
        if row.cells["applied"].is_shown
        else replace(one, count=row.cells["applied"], requested_satang=Cell(None, Mark.HIDDEN), share=None)
        for one, row in zip(reasons, shown, strict=True)
    )


def release_row(row: Row, audience: str) -> Row:
    """One row as this audience may see it, beside nothing that it is a part of."""
    return release_parts(row, (), audience)[0]


def _less(whole: Cell | None, part: Cell) -> Cell:
    if whole is None or whole.value is None or part.value is None:
        return Cell(None, Mark.NONE)
    return Cell(whole.value - part.value)


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


def _finished(row: Row, rule: Rule) -> Row:
    """Shares of what is hidden hidden too, and everything rounded."""
    cells = dict(row.cells)
    for key, of in SHARES.items():
        if key in cells and cells[key].is_shown and not all(_open(cells[one]) for one in of if one in cells):
            cells[key] = Cell(None, Mark.HIDDEN)
    return replace(row, cells={key: _rounded(key, one, rule) for key, one in cells.items()})


def _rounded(key: str, one: Cell, rule: Rule) -> Cell:
    if not one.is_shown or one.value is None:
        return one
    if key in SUMS:
        return Cell(coarse(one.value, rule.sum_digits))
    return Cell(round(one.value / rule.round_to) * rule.round_to) if key not in RESTS_ON and rule.round_to > 1 else one


def coarse(value: Number, digits: int | None) -> Number:
    """A sum with so many significant figures; whole where None."""
    if digits is None or value <= 0:
        return value
    step = int(10 ** max(floor(log10(value)) + 1 - digits, 0))
    return round(value / step) * step


def _partnered(rows: list[Row], groups: Sequence[Group]) -> list[Row]:
    """Hide a partner beside every cell that would stand alone hidden in a group or a row whose sum is shown."""
    now = list(rows)
    for _ in range(_ROUNDS):
        wanted = {*(found for group in groups for found in _lonely(now, group)), *_lonely_within(now)}
        if not wanted:
            return now
        for place, key in sorted(wanted):
            cells = dict(now[place].cells)
            cells[key] = Cell(None, Mark.HIDDEN)
            now[place] = replace(now[place], cells=cells)
    # Not settled in so many rounds: what could still be told by subtraction goes, rather than stays.
    return [replace(row, cells={key: _shut(key, one) for key, one in row.cells.items()}) for row in now]


def _shut(key: str, one: Cell) -> Cell:
    return Cell(None, Mark.HIDDEN) if key in ADDITIVE_OVER_PROVINCES and one.is_shown and one.value else one


def _lonely(rows: list[Row], group: Group) -> Iterable[tuple[int, str]]:
    """The cheapest partner of each cell that is the only hidden one of its group: (row's place, column)."""
    columns, places = group
    for key in sorted(columns):
        held = [place for place in places if key in rows[place].cells]
        hidden = [place for place in held if not _open(rows[place].cells[key])]
        if len(hidden) != 1:
            continue
        others = [place for place in held if place not in hidden and (rows[place].cells[key].value or 0) > 0]
        if others:
            yield min(others, key=lambda place: (rows[place].cells[key].value or 0, place)), key


def _lonely_within(rows: list[Row]) -> Iterable[tuple[int, str]]:
    """The same within a row: of a sum and its parts one alone is hidden."""
    for place, row in enumerate(rows):
        for together in WITHIN_A_ROW:
            held = [key for key in together if key in row.cells]
            hidden = [key for key in held if not _open(row.cells[key])]
            others = [key for key in held if key not in hidden and (row.cells[key].value or 0) > 0]
            if len(held) == len(together) and len(hidden) == 1 and others:
                yield place, min(others, key=lambda key: (row.cells[key].value or 0, key))


def _open(one: Cell) -> bool:
    return one.mark in {Mark.SHOWN, Mark.NONE}


def _groups(rows: list[Row]) -> Iterable[Group]:
    """Parts that add up to one margin: lenders of a province, provinces of a lender, each within a line."""
    groups: dict[tuple[str, str | None, str | None], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.lender is not None:
            groups["lenders", row.line, row.province_code].append(place)
        if row.province_code is not None:
            groups["provinces", row.line, row.lender].append(place)
    for (kind, _, _), places in groups.items():
        yield (ADDITIVE_OVER_PROVINCES if kind == "provinces" else ADDITIVE), places
