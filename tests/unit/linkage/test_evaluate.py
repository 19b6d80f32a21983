"""Quality: pairs counted by clusters equal pairs counted one by one."""

from __future__ import annotations

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.linkage.evaluate import hindrances, no_worse, pairs, wilson


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=12))
def test_pairs_by_clusters_are_pairs_one_by_one(labels):
    keys = [str(place) for place in range(len(labels))]
    members = pl.DataFrame(
        {"source": ["s"] * len(keys), "record_key": keys, "enterprise_id": [found for found, _ in labels]},
        schema=dict.fromkeys(("source", "record_key", "enterprise_id"), pl.Utf8),
    )
    truth = members.select("source", "record_key").with_columns(
        entity=pl.Series([true for _, true in labels], dtype=pl.Utf8)
    )
    both = list(combinations(labels, 2))
    found = sum(one[0] == other[0] for one, other in both)
    true = sum(one[1] == other[1] for one, other in both)
    right = sum(one == other for one, other in both)
    quality = pairs(members, truth)
    assert quality.pairs == true
    assert quality.precision == (pytest.approx(right / found, abs=1e-6) if found else None)
    assert quality.recall == (pytest.approx(right / true, abs=1e-6) if true else None)


def test_wilson_holds_the_share_and_narrows():
    assert wilson(0, 0) is None
    few, many = wilson(9, 10), wilson(900, 1000)
    assert few[0] < many[0] < 0.9 < many[1] < few[1]
    assert wilson(10, 10)[1] == 1


@pytest.mark.parametrize(
    ("quality", "before", "codes"),
    [
        ({"f1": 0.98, "two_numbers": 0, "largest_set": 9}, None, ()),
        ({"f1": 0.98, "two_numbers": 0, "largest_set": 9}, {"f1": 0.985}, ()),
        ({"f1": 0.97, "two_numbers": 0, "largest_set": 9}, {"f1": 0.98}, ("f1-fell",)),
        ({"f1": None, "two_numbers": 0, "largest_set": 9}, {"f1": 0.98}, ()),
        ({"f1": 0.98, "two_numbers": 1, "largest_set": 60}, {"f1": 0.98}, ("two-numbers", "set-too-large")),
        ({"f1": 0.98, "two_numbers": 0, "largest_set": 60}, {"f1": 0.98, "largest_set": 60}, ()),
    ],
)
def test_a_worse_version_is_held_back_by_name(quality, before, codes):
    assert hindrances(quality, before) == codes


def test_a_candidate_model_may_lose_no_precision_and_little_f1():
    now = {"precision": 0.99, "f1": 0.97}
    assert no_worse(now, {"precision": 0.99, "f1": 0.9685})
    assert not no_worse(now, {"precision": 0.9899, "f1": 0.99})
    assert not no_worse(now, {"precision": 0.995, "f1": 0.967})
    assert not no_worse(now, {"precision": None, "f1": None})
