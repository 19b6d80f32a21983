"""Conditions read in plain Python say what SQL says: DuckDB itself is asked, over random pairs with gaps in them."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.linkage import comparisons
from iindustry.linkage.reaching import levels_of, read

NAMES = st.one_of(st.none(), st.text("ab", max_size=6))
CODES = st.one_of(st.none(), st.sampled_from(["10", "11"]))
ROWS = st.fixed_dictionaries(
    {
        name: st.lists(st.sampled_from(["10", "11"]), max_size=2) if name == "phones"
        else st.sampled_from(["seat", "site"]) if name == "kind"
        else CODES if name in {"prov", "dist", "sub", "house", "moo", "phone", "form"}
        else NAMES
        for name in comparisons.compared_columns()
    }
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(ROWS, ROWS), min_size=1, max_size=20))
def test_levels_are_those_of_the_engine(pairs):
    columns = comparisons.compared_columns()
    kinds = {f"{name}_{side}": pl.List(pl.Utf8) if name == "phones" else pl.Utf8 for name in columns for side in "lr"}
    rows = [
        {f"{name}_{side}": row[name] for side, row in zip("lr", pair, strict=True) for name in columns}
        for pair in pairs
    ]
    frame = pl.DataFrame(rows, schema=kinds).with_row_index("nth").to_arrow()
    cases = ", ".join(f'{comparisons.level_case(one)} AS "{one.name}"' for one in comparisons.COMPARISONS)
    with duckdb.connect(":memory:") as engine:
        engine.register("pairs", frame)
        said = engine.execute(f"SELECT {cases} FROM pairs ORDER BY nth").fetchall()  # noqa: S608 - our own table
    for (left, right), numbers in zip(pairs, said, strict=True):
        expected = {
            one.name: one.levels[number].name if number >= 0 else comparisons.MISSING
            for one, number in zip(comparisons.COMPARISONS, numbers, strict=True)
        }
        assert levels_of(left, right) == expected


@pytest.mark.parametrize("text", ["a_l = ", "upper(a_l) = a_r", "(a_l = a_r", "a = b", "a_l = a_r ? 1"])
def test_what_it_cannot_read_is_told_when_it_is_read(text):
    with pytest.raises((ValueError, IndexError)):
        read(text)
