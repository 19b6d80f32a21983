"""Whatever is counted, what is released gives no small cell away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iindustry.insight.disclosure import (
    ADDITIVE_OVER_PROVINCES,
    SHARES,
    WITHIN_A_ROW,
    coarse,
    release,
    release_parts,
    release_reasons,
    release_row,
    release_within,
)
from iindustry.insight.tables import Cell, Mark, Reason, Row, Stamp, Table, cell

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


STEPS = ("eligible", "applied", "decided", "approved", "declined", "disbursed", "disbursed_satang")
COUNTED = tuple(key for key in STEPS if key != "disbursed_satang")


def _steps(counts):
    """A group's row: approved and declined make up what is decided."""
    eligible, applied, approved, declined, disbursed = counts
    disbursed = min(disbursed, approved)
    values = (eligible + applied, applied + approved + declined, approved + declined, approved, declined, disbursed)
    return dict(zip(STEPS, (*values, disbursed * 1_234_567_00), strict=True))


ROWS = st.lists(st.tuples(*(st.integers(0, 30) for _ in range(5))).map(_steps), min_size=1, max_size=7)


def _with_total(parts):
    total = {key: sum(one[key] for one in parts) for key in STEPS}
    named = [
        Row(None, f"{at:02}", None, {key: cell(one[key]) for key in STEPS}) for at, one in enumerate(parts, start=10)
    ]
    return Row(None, None, None, {key: cell(total[key]) for key in STEPS}), named


def _told(total, rows):
    """What subtraction tells somebody who knows all that is shown: (row's place, column), until nothing new is told."""
    known = {(at, key) for at, row in enumerate((total, *rows)) for key in STEPS if row.cells[key].is_shown}
    sums = [[(at, key) for at in range(len(rows) + 1)] for key in ADDITIVE_OVER_PROVINCES if key in STEPS]
    sums += [[(at, key) for key in together] for at in range(len(rows) + 1) for together in WITHIN_A_ROW]
    while True:
        new = {open_ for one in sums for open_ in one if {*one} - known == {open_}} - known
        if not new:
            return known
        known |= new


@given(ROWS)
def test_subtraction_within_a_funnel_tells_no_small_count(parts):
    total, rows = _with_total(parts)
    shown, released = release_parts(total, rows, "staff")
    for at, key in _told(shown, released):
        if key in COUNTED:
            raw = (total, *rows)[at].cells[key].value
            assert not 0 < raw < 10, f"{key} of row {at} is {raw}"


@given(ROWS)
def test_a_sum_of_money_that_subtraction_tells_rests_on_ten(parts):
    total, rows = _with_total(parts)
    for at, key in _told(*release_parts(total, rows, "staff")):
        if key == "disbursed_satang":
            assert not 0 < (total, *rows)[at].cells["disbursed"].value < 10


@given(ROWS)
def test_a_part_beside_its_total_and_what_is_left_are_both_protected(parts):
    total, rows = _with_total(parts)
    live = release_within(total, rows[0], "staff")
    for key in COUNTED:
        if live.cells[key].is_shown and release_row(total, "staff").cells[key].is_shown:
            rest = total.cells[key].value - rows[0].cells[key].value
            assert not 0 < rest < 10
            assert not 0 < rows[0].cells[key].value < 10


def test_a_share_does_not_tell_the_count_that_is_hidden():
    cells = {
        "eligible": Cell(200),
        "applied": Cell(4),
        "disbursed": Cell(20),
        "take_up": Cell(0.02),
        "coverage": Cell(0.1),
    }
    shown = release_row(Row(None, "10", None, cells), "staff").cells
    assert {key: shown[key].mark for key in SHARES} == {"take_up": Mark.HIDDEN, "coverage": Mark.SHOWN}


def test_a_reason_of_few_declines_tells_neither_money_nor_share():
    reasons = [
        Reason("R2", Cell(30), Cell(90), 0.7),
        Reason("R4", Cell(12), Cell(40), 0.27),
        Reason("R7", Cell(1), Cell(5), 0.02),
    ]
    first, second, third = release_reasons(reasons, "staff")
    assert first == reasons[0]
    assert (second.count.mark, second.requested_satang.mark, second.share) == (Mark.HIDDEN, Mark.HIDDEN, None)
    assert (third.count.mark, third.requested_satang.mark, third.share) == (Mark.SMALL, Mark.HIDDEN, None)


@given(st.integers(10**9, 10**15), st.integers(10**6, 10**8))
def test_public_money_before_and_after_one_payment_does_not_tell_the_payment(paid, payment):
    before, after = coarse(paid, 2), coarse(paid + payment, 2)
    assert len(str(before).rstrip("0")) <= 2
    assert after - before != payment or payment % 10**7 == 0
