"""A whole run on a made-up country: right, repeatable, obedient to judgements, and never two numbers in one cluster."""

from __future__ import annotations

import polars as pl
import pytest
from country import make

from iindustry.linkage import evaluate
from iindustry.linkage.outcome import Judgement, Reason, RecordId, Verdict
from iindustry.linkage.services import link


@pytest.fixture(scope="module")
def country():
    return make(400, seed=3)


@pytest.fixture(scope="module")
def linked(country):
    return link(country.records)


def test_it_is_right_and_says_so_without_the_truth(country, linked):
    found = evaluate.pairs(linked.members, country.truth)
    assert found.precision >= 0.99
    assert found.recall >= 0.93
    assert linked.quality["precision"] >= 0.95
    assert linked.quality["hidden_pairs"] > 0
    assert linked.quality["two_numbers"] == 0


def test_every_record_is_a_member_once(country, linked):
    keys = linked.members.select("source", "record_key")
    assert keys.height == keys.unique().height == country.records.height
    assert linked.members["enterprise_id"].null_count() == 0


def test_no_enterprise_holds_two_valid_numbers(country, linked):
    held = (
        country.records.filter(pl.col("id_state") == "valid")
        .join(linked.members, on=["source", "record_key"])
        .group_by("enterprise_id")
        .agg(pl.col("juristic_id").n_unique())
    )
    assert held["juristic_id"].max() == 1


def test_equal_input_gives_equal_bytes_whatever_order_and_threads(country, linked):
    again = link(country.records.sample(fraction=1, shuffle=True, seed=9), threads=1)
    for name in ("members", "review", "redirects", "journal"):
        assert getattr(again, name).equals(getattr(linked, name)), name
    assert again.quality == linked.quality


def test_ids_last_when_records_come_and_go(country, linked):
    numbers = country.records.filter(pl.col("id_state") == "valid").select("source", "record_key", "juristic_id")
    of_enterprise = (
        linked.members.join(numbers, on=["source", "record_key"])
        .select("enterprise_id", "juristic_id")
        .unique("enterprise_id")
    )
    earlier = linked.members.join(of_enterprise, on="enterprise_id", how="left")
    fewer = country.records.filter(pl.col("source") != "tisi")
    again = link(fewer, earlier=earlier, seed=2)
    both = again.members.join(linked.members, on=["source", "record_key"], suffix="_before")
    kept = both.filter(pl.col("source") == "dbd")
    assert (kept["enterprise_id"] == kept["enterprise_id_before"]).all()
    placed = both.filter(pl.col("source") == "diw")
    assert (placed["establishment_id"] == placed["establishment_id_before"]).all()
    gone = set(linked.members["enterprise_id"]) - set(again.members["enterprise_id"])
    assert set(again.redirects["old_id"]) <= gone
    assert set(again.redirects["new_id"]) <= set(again.members["enterprise_id"])


def test_a_judgement_binds_the_next_run(linked, country):
    owner = {
        (source, key): one
        for source, key, one in linked.members.select("source", "record_key", "enterprise_id").iter_rows()
    }
    asked = linked.review.filter(pl.col("reason") == Reason.MIDDLE_WEIGHT.value).row(0, named=True)
    left, right = RecordId(asked["left_source"], asked["left_key"]), RecordId(asked["right_source"], asked["right_key"])
    assert owner[left] != owner[right]
    joined = [Judgement(left, right, Verdict.MATCH)]
    after = {(source, key): (one, ground) for source, key, one, ground in
             link(country.records, judgements=joined).members.select("source", "record_key", "enterprise_id", "link_ground").iter_rows()}  # fmt: skip
    assert after[left][0] == after[right][0]
    assert "judgement" in {after[left][1], after[right][1]}


def test_a_never_link_keeps_two_apart_for_ever(linked, country):
    pair = linked.members.filter((pl.col("link_ground") == "model") & (pl.col("source") == "diw")).row(0, named=True)
    other = linked.members.filter(
        (pl.col("enterprise_id") == pair["enterprise_id"]) & (pl.col("record_key") != pair["record_key"])
    ).row(0, named=True)
    left, right = RecordId(pair["source"], pair["record_key"]), RecordId(other["source"], other["record_key"])
    again = link(country.records, judgements=[Judgement(*sorted((left, right)), Verdict.NO_MATCH)])
    owner = {
        (source, key): one
        for source, key, one in again.members.select("source", "record_key", "enterprise_id").iter_rows()
    }
    assert owner[left] != owner[right]
    asked = {
        ((row[0], row[1]), (row[2], row[3]))
        for row in again.review.select("left_source", "left_key", "right_source", "right_key").iter_rows()
    }
    assert tuple(sorted((left, right))) not in asked, "what was answered is asked no more"


@pytest.mark.parametrize("changes", [{"missing_ids": 1.0}, {"missing_ids": 0.0}, {"slips": 0.0}, {"slips": 0.4}])
def test_it_stays_right_when_the_country_changes(changes):
    country = make(200, seed=5, **changes)
    found = evaluate.pairs(link(country.records).members, country.truth)
    assert found.precision >= 0.99
    assert found.recall >= 0.85


def test_one_record_and_none(country):
    assert link(country.records.head(1)).members.height == 1
    assert link(country.records.head(0)).members.height == 0
