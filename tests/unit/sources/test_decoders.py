"""Columns are read as the one-value functions of the kernel read one cell; rows are never lost."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.kernel import ids, thaidate
from iindustry.sources import decoders, rows
from iindustry.sources.contracts import contract_of, contracts
from iindustry.sources.decoders import all_decoders

DIW = contract_of("diw").layout("factories")
DBD = contract_of("dbd").layout("juristic")
TODAY = date(2026, 11, 22)
_NUMBERS = st.text("0123456789๐๙ -.", max_size=16) | st.from_regex(r"[0-9]{12,14}", fullmatch=True)


def read(column, cells):
    frame = pl.DataFrame({column.name: cells}, schema={column.name: pl.Utf8})
    decoded = decoders.decode(column, today=TODAY)
    return decoders.prepared(frame, [column]).select(**decoded.values)


@given(st.lists(_NUMBERS, min_size=1, max_size=20))
@settings(max_examples=150, deadline=None)
def test_thirteen_digits_are_classed_as_the_kernel_classes_them(cells):
    frame = read(DBD.column("juristic_id"), cells)
    for cell, row in zip(cells, frame.iter_rows(named=True), strict=True):
        kind, number = ids.class_thirteen(cell)
        assert (row["juristic_id"] if row["juristic_id_state"] == "valid" else None) == (
            number if kind == "juristic" else None
        )
        assert row["citizen_id"] == (number if kind == "citizen" else None)


@given(
    st.lists(
        _NUMBERS
        | st.builds(lambda n: n + ids.luhn_check_digit(n), st.from_regex(r"2050000[0-9]{2}25[0-9]{2}", fullmatch=True)),
        min_size=1,
        max_size=20,
    )
)
@settings(max_examples=150, deadline=None)
def test_factory_numbers_are_read_as_the_kernel_reads_them(cells):
    found = read(DIW.column("factory_id"), cells)["factory_id"].to_list()
    assert found == [ids.factory_id(cell) for cell in cells]


_DATES = st.from_regex(r"[0-3]?[0-9][/\-.][01]?[0-9][/\-.](25|20)[0-9]{2}", fullmatch=True) | st.from_regex(
    r"(25|20)[0-9]{2}-?[01][0-9]-?[0-3][0-9](T00:00:00)?", fullmatch=True
)


@given(st.lists(_DATES, min_size=1, max_size=20))
@settings(max_examples=150, deadline=None)
def test_days_are_read_as_the_kernel_reads_them(cells):
    assert read(DBD.column("registered_on"), cells)["registered_on"].to_list() == [
        thaidate.parse(cell) for cell in cells
    ]


_CELLS = (
    st.none()
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
    | _NUMBERS
    | st.sampled_from(["-", "ตาก", "nan", "1234567890121"])
)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_rows_are_accepted_or_set_aside_whatever_they_hold(data):
    contract = data.draw(st.sampled_from(list(contracts().values())))
    layout = data.draw(st.sampled_from(contract.layouts))
    names = [column.name for column in layout.columns]
    table = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(names, _CELLS)), min_size=1, max_size=6))
    schema = {"row": pl.Int64, "is_ragged": pl.Boolean, **dict.fromkeys(names, pl.Utf8)}
    frame = pl.DataFrame(
        [{"row": number, "is_ragged": False, **cells} for number, cells in enumerate(table, 2)], schema=schema
    )
    result = rows.sort_out(
        frame, layout, today=TODAY, tag=lambda number: "tag", seal=lambda pairs: [b"sealed"] * len(pairs)
    )
    assert result.accepted.height + result.quarantined.height == frame.height
    assert sorted([*result.accepted["row"], *(one.row for one in result.held_back)]) == frame["row"].to_list()
    assert all(one.reasons for one in result.held_back)
    if layout.key.unique:
        assert result.accepted["record_key"].drop_nulls().is_unique().all()
    assert "1234567890121" not in str([(one.cells, one.reasons) for one in result.held_back]) + str(result.examples)


def test_every_column_of_every_contract_has_a_decoder():
    kinds = {
        column.reads for contract in contracts().values() for layout in contract.layouts for column in layout.columns
    }
    assert kinds <= set(all_decoders())
