"""Candidates of one record: what each takes from the others, and what coverage says."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from iindustry.linkage import learning, model, priors

SIDES = pl.DataFrame({
    "uid": list(range(6)), "source": ["dbd"] * 4 + ["diw"] * 2, "number": ["1", "2", "3", "4", None, None], "named": [True] * 6,
})  # fmt: skip


@pytest.fixture
def given():
    base = learning.learn(_blank(), {}, 0)
    return replace(base, prior=1e-4, coverage={"diw/form": 0.8}, shifts={"diw|diw": -1.0})


def _blank():
    from iindustry.linkage.facets import COMPARED

    names = (*COMPARED, "core_b", "skel_b", "named_b", "any_b")
    return pl.DataFrame({name: [None] * 60 for name in names}, schema=dict.fromkeys(names, pl.Utf8))


def pairs(*rows):
    told = pl.DataFrame(
        [(left, right, float(weight), float(weight)) for left, right, weight in rows],
        schema=["left", "right", "match_weight", "alone_weight"], orient="row",
    )  # fmt: skip
    for side in ("left", "right"):
        renamed = SIDES.rename({name: f"{name}_{side}" for name in ("source", "number", "named")} | {"uid": side})
        told = told.join(renamed, on=side, how="left", maintain_order="left")
    return told


def chances(settled):
    return {
        (left, right): chance
        for left, right, chance in settled.select("left", "right", "match_probability").iter_rows()
    }


def test_two_equal_candidates_share_what_one_would_have(given):
    alone = chances(priors.settled(pairs((0, 4, 10)), SIDES, given))
    both = chances(priors.settled(pairs((0, 4, 10), (1, 4, 10)), SIDES, given))
    assert alone[0, 4] > 0.99
    assert both[0, 4] == both[1, 4]
    assert both[0, 4] == pytest.approx(0.5, abs=0.01)


def test_chances_of_a_record_never_add_up_to_more_than_one(given):
    found = chances(priors.settled(pairs((0, 4, 9), (1, 4, 12), (2, 4, 3), (3, 4, 11)), SIDES, given))
    assert sum(found.values()) <= 1 + 1e-6
    assert max(found, key=found.get) == (1, 4)


def test_profiles_of_one_number_are_no_rivals(given):
    same = SIDES.with_columns(number=pl.Series(["1", "1", "3", "4", None, None]))
    told = pairs((0, 4, 10), (1, 4, 10)).with_columns(number_left=pl.lit("1"))
    found = priors.settled(told, same, given)
    assert found["rivals"].to_list() == [0.0, 0.0]


def test_a_covered_register_adds_what_an_extract_does_not(given):
    extract = replace(given, coverage={"diw/form": 0.05})
    whole = chances(priors.settled(pairs((0, 4, 5)), SIDES, given))[0, 4]
    assert whole > chances(priors.settled(pairs((0, 4, 5)), SIDES, extract))[0, 4]


def test_pairs_without_numbers_move_by_their_registers(given):
    found = priors.settled(pairs((4, 5, 6)), SIDES, given)
    assert found["match_weight"].to_list() == [5.0]


def test_coverage_is_learnt_from_the_candidates(given):
    found = priors.learnt(pairs((0, 4, 14), (1, 5, 14)), SIDES, given)
    none = priors.learnt(pairs((0, 4, -20)), SIDES, given)
    assert found.coverage["diw/form"] > none.coverage["diw/form"]
    assert set(found.coverage) == {"diw/form"}


def test_more_matches_than_the_prior_expects_add_bits_and_fewer_take_them():
    many = priors.shift(pl.Series([8.0] * 500), 1_000_000, 1e-5)
    none = priors.shift(pl.Series([-8.0] * 5), 100_000_000, 1e-5)
    assert 0 < many <= priors.MOST_BITS
    assert -priors.MOST_BITS <= none < 0


def test_the_shipped_file_is_sealed_and_a_change_is_noticed():
    from iindustry.kernel.errors import Conflict

    document = model.shipped()
    assert document["sha256"] == model.digest_of(document)
    for change, code in (
        ({"smoothing_pairs": 1}, "model-file-changed"),
        ({"norm_version": 0}, "model-of-other-normaliser"),
        ({"comparisons": {}}, "model-of-other-comparisons"),
    ):
        changed = document | change
        if code != "model-file-changed":
            changed |= {"sha256": model.digest_of(changed)}
        with pytest.raises(Conflict, match=code):
            model.checked(changed)
