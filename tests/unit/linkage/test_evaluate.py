"""Quality: pairs counted by clusters equal pairs counted one by one."""

from __future__ import annotations

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.linkage.evaluate import pairs


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
