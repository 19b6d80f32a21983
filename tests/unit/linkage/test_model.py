"""The model: every level has m and u, comparisons and file agree, and the prior moves weights by one amount a register."""

from __future__ import annotations

import polars as pl
import pytest

from iindustry.linkage import learning, model
from iindustry.linkage.comparisons import COMPARISONS, MISSING_WORDS, words_of
from iindustry.linkage.facets import COMPARED
from iindustry.linkage.outcome import GROUND_WORDS, REASON_WORDS, VERDICT_WORDS, Ground, Reason, Verdict


def test_the_file_has_every_level_and_no_other():
    shipped = model.shipped()["comparisons"]
    assert {one.name: [level.name for level in one.levels] for one in COMPARISONS} == {
        name: list(levels) for name, levels in shipped.items()
    }


@pytest.mark.parametrize("name", [one.name for one in COMPARISONS])
def test_m_adds_up_and_levels_grow_weaker(name):
    levels = model.shipped()["comparisons"][name]
    assert sum(rates["m"] for rates in levels.values()) == pytest.approx(1)
    assert all(0 < rates[side] < 1 for rates in levels.values() for side in "mu")
    ratios = [rates["m"] / rates["u"] for rates in levels.values()]
    assert ratios[0] > 1 > ratios[-1]


def test_tables_of_words_are_whole():
    assert set(GROUND_WORDS) == set(Ground)
    assert set(REASON_WORDS) == set(Reason)
    assert set(VERDICT_WORDS) == set(Verdict)


def test_a_comparison_is_told_in_words():
    told = words_of({"name": "skeleton"})
    assert told[0][1] == ("ชื่อออกเสียงเหมือนกัน สะกดต่างกัน", "names sound alike, spelt differently")
    assert told[1][1] == MISSING_WORDS


def profiles(count=200, **columns):
    blank = {name: [None] * count for name in (*COMPARED, "core_b", "skel_b", "named_b")}
    return pl.DataFrame(blank | columns, schema=dict.fromkeys(blank, pl.Utf8))


def test_a_name_of_one_enterprise_is_rarer_than_a_shared_one():
    frame = profiles(4, jid=["1", "2", "3", None], core_b=["x", "y", "y", "x"])
    share = dict(learning.frequencies(frame, "core_b").iter_rows())
    assert share["x"] < share["y"]


def test_learnt_m_is_held_near_the_shipped_by_few_pairs():
    few = learning.learn(profiles(), {"name": {"skeleton": 1}}, 1)
    many = learning.learn(profiles(), {"name": {"skeleton": 100_000}}, 100_000)
    assert few.m["name"]["whole"] == pytest.approx(model.shipped()["comparisons"]["name"]["whole"]["m"], rel=0.02)
    assert many.m["name"]["skeleton"] > 0.95
    assert sum(many.m["name"].values()) == pytest.approx(1)
