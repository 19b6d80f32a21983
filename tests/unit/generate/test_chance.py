"""Draws are functions of seed, name and row, and of nothing else."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.generate.chance import Chance, between, by_weight


@given(st.integers(0, 2**31), st.integers(0, 10**7), st.text(min_size=1, max_size=12))
def test_the_column_and_the_plain_number_are_one(seed, row, name):
    chance = Chance(seed)
    column = pl.DataFrame({"i": [row]}).select(chance.uniform(name)).item()
    assert column == chance.uniform_of(name, row)
    assert 0.0 <= column < 1.0


def test_a_draw_does_not_depend_on_the_other_rows():
    chance = Chance(3)
    whole = pl.DataFrame({"i": range(1000)}).select(u=chance.uniform("x"))["u"]
    part = pl.DataFrame({"i": [7, 999, 20]}).select(u=chance.uniform("x"))["u"]
    assert part.to_list() == [whole[7], whole[999], whole[20]]


def test_draws_are_spread_and_not_bound_to_each_other():
    frame = pl.DataFrame({"i": range(100_000)}).select(
        u=Chance(1).uniform("a"),
        v=Chance(1).uniform("b"),
        z=Chance(1).normal("c"),
        k=Chance(1).weighted("d", {"x": 3, "y": 1}),
    )
    assert frame["u"].mean() == pytest.approx(0.5, abs=0.005)
    assert frame["u"].std() == pytest.approx(0.2887, abs=0.003)
    assert frame.select(pl.corr("u", "v")).item() == pytest.approx(0, abs=0.01)
    assert frame["z"].std() == pytest.approx(1, abs=0.01)
    assert (frame["k"] == "x").mean() == pytest.approx(0.75, abs=0.01)


def test_weights_and_quantiles_are_read_at_their_edges():
    frame = pl.DataFrame({"u": [0.0, 0.24, 0.26, 0.999]})
    assert frame.select(by_weight(pl.col("u"), {"a": 1, "b": 3})).to_series().to_list() == ["a", "a", "b", "b"]
    assert frame.select(between(pl.col("u"), {0.0: 0.0, 1.0: 100.0})).to_series().to_list() == pytest.approx(
        [0, 24, 26, 99.9]
    )
