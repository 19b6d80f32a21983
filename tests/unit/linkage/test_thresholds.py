"""The automatic weight: as low as the pairs and hidden numbers allow, never outside its bounds."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.linkage.thresholds import STEP, automatic

LEAST, GIVEN, MOST = 1.5, 5.0, 7.5
NONE = pl.DataFrame(schema={"match_weight": pl.Float64, "true": pl.Boolean})


def frame(pairs):
    weights = [float(weight) for weight, _ in pairs]
    return pl.DataFrame({"match_weight": weights, "match_probability": [chance for _, chance in pairs]},
                        schema={"match_weight": pl.Float64, "match_probability": pl.Float64})  # fmt: skip


def witnesses(pairs):
    return pl.DataFrame({"match_weight": [float(one) for one, _ in pairs], "true": [true for _, true in pairs]},
                        schema=NONE.schema)  # fmt: skip


SURE = [(9, True)] * 60


def test_sure_pairs_allow_the_least_weight():
    assert automatic(frame([(9, 0.9999)] * 50), witnesses(SURE), least=LEAST, given=GIVEN, most=MOST) == LEAST


def test_without_witnesses_the_files_own_weight_is_the_least():
    assert automatic(frame([(9, 0.9999)] * 50), NONE, least=LEAST, given=GIVEN, most=MOST) == GIVEN


def test_doubtful_pairs_raise_it_above_them():
    mixed = frame([(9, 0.9999)] * 50 + [(3.2, 0.8)] * 50)
    assert automatic(mixed, witnesses(SURE), least=LEAST, given=GIVEN, most=MOST) == 3.5


def test_hidden_numbers_raise_it_and_a_single_slip_does_not():
    sure = frame([(9, 0.9999)] * 50)
    one_wrong = witnesses([(4.2, True)] * 99 + [(4.2, False)])
    assert automatic(sure, one_wrong, least=LEAST, given=GIVEN, most=MOST) == LEAST
    many_wrong = witnesses([(9, True)] * 900 + [(4.2, False)] * 60)
    assert automatic(sure, many_wrong, least=LEAST, given=GIVEN, most=MOST) == pytest.approx(4.5)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-5, 20), st.floats(0.5, 1)), max_size=30),
    st.lists(st.tuples(st.floats(-5, 20), st.booleans()), max_size=30),
)
def test_it_stays_inside_its_bounds_on_its_grid(pairs, hidden):
    found = automatic(frame(pairs), witnesses(hidden), least=LEAST, given=GIVEN, most=MOST)
    assert LEAST <= found <= MOST
    assert (found - LEAST) % STEP == 0
