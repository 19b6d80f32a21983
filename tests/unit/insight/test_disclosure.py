"""Whatever is counted, what is released gives no small cell away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iindustry.insight.disclosure import release, release_row
from iindustry.insight.tables import Cell, Mark, Row, Stamp, Table, cell

COLUMNS = ("eligible", "applied", "decided", "approved", "disbursed", "disbursed_satang", "median_days")
PROVINCES = ("10", "20", "49")
LENDERS = ("smed", "exim")


def _figures(eligible, applied, decided, approved, disbursed):
    disbursed_satang = disbursed * 1_000_000_00
    return dict(
        zip(
            COLUMNS,
            (eligible, applied, decided, approved, disbursed, disbursed_satang, 7 if decided else None),
            strict=True,
        )
    )


CELLS = st.tuples(*(st.integers(0, 40) for _ in range(5))).map(lambda parts: _figures(*sorted(parts, reverse=True)))


def _table(parts: dict[tuple[str, str], dict[str, int | None]]) -> Table:
    """One line with margins over province and over lender."""
    rows = []
    for province in (None, *PROVINCES):
        for lender in (None, *LENDERS):
            chosen = [
                one for (p, b), one in parts.items() if province in {None, p} and lender in {None, b}
            ]  # fmt: skip
            summed = {key: sum(one[key] or 0 for one in chosen) for key in COLUMNS}
            summed["median_days"] = 7 if summed["decided"] else None
            rows.append(Row("area", province, lender, {key: cell(summed[key]) for key in COLUMNS}))
    return Table(COLUMNS, tuple(rows), Stamp("v1", None))


TABLES = st.fixed_dictionaries({(p, b): CELLS for p in PROVINCES for b in LENDERS}).map(_table)


@given(TABLES, st.sampled_from(["public", "staff"]))
def test_no_count_from_one_to_nine_is_shown(table, audience):
    released = release(table, audience)
    for row, raw in zip(released.rows, table.rows, strict=True):
        for key in ("eligible", "applied", "decided", "approved", "disbursed"):
            if row.cells[key].is_shown:
                assert not 0 < raw.cells[key].value < 10
                assert not 0 < row.cells[key].value < 5


@given(TABLES)
def test_no_sum_or_median_of_too_few_is_shown(table):
    for row, raw in zip(release(table, "public").rows, table.rows, strict=True):
        if row.cells["disbursed_satang"].is_shown and raw.cells["disbursed"].value:
            assert raw.cells["disbursed"].value >= 10
        if row.cells["median_days"].is_shown:
            assert raw.cells["decided"].value >= 30


@given(TABLES)
def test_no_additive_cell_stands_hidden_alone_beside_shown_ones(table):
    rows = release(table, "public").rows
    groups = [
        *([row for row in rows if row.province_code == p and row.lender] for p in (None, *PROVINCES)),
        *([row for row in rows if row.lender == b and row.province_code] for b in (None, *LENDERS)),
    ]
    for key in ("applied", "decided", "approved", "disbursed"):
        for group in groups:
            hidden = [row for row in group if not row.cells[key].is_shown]
            others = [row for row in group if row.cells[key].is_shown and row.cells[key].value]
            assert len(hidden) != 1 or not others


@given(TABLES)
def test_public_counts_are_multiples_of_five_and_equal_numbers_round_equally(table):
    seen = {}
    for row, raw in zip(release(table, "public").rows, table.rows, strict=True):
        one, before = row.cells["eligible"], raw.cells["eligible"].value
        if one.is_shown:
            assert one.value % 5 == 0
            assert seen.setdefault(before, one.value) == one.value


def test_zero_is_shown_and_unknown_stays_unknown():
    row = Row("area", "10", None, {"applied": Cell(0), "eligible": cell(None)})
    shown = release_row(row, "public")
    assert shown.cells["applied"] == Cell(0)
    assert shown.cells["eligible"].mark is Mark.NONE


def test_hidden_cells_are_counted_and_the_audience_is_said():
    rows = (Row("area", None, None, {"applied": Cell(5)}), Row("area", "10", None, {"applied": Cell(5)}))
    released = release(Table(("applied",), rows, Stamp("v1", None)), "public")
    assert (released.hidden_count, released.audience) == (2, "public")
