"""Lasting ids: right to an old id, fresh ids, redirects."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from iindustry.kernel.ids import lasting_id_ok
from iindustry.linkage.lasting import Claim, draw, drawn, enterprise_ids, kept_ids, redirects, settle_claims

CLAIMS = st.lists(
    st.builds(Claim, st.integers(0, 4), st.sampled_from(["ENT-A", "ENT-B", "ENT-C"]), st.booleans(), st.integers(0, 5)),
    unique_by=lambda claim: (claim.cluster, claim.old_id), max_size=12,
)  # fmt: skip


@given(CLAIMS)
def test_each_id_once_and_each_cluster_once(claims):
    kept = settle_claims(claims)
    assert len(set(kept.values())) == len(kept)
    for claim in claims:
        assert claim.cluster in kept or claim.old_id in kept.values(), "a claim is let go only where another has taken"


def test_the_number_comes_before_records_and_records_before_age():
    assert settle_claims(
        [Claim(1, "ENT-A", same_number=False, shared=9), Claim(2, "ENT-A", same_number=True, shared=1)]
    ) == {2: "ENT-A"}
    assert settle_claims(
        [Claim(1, "ENT-A", same_number=False, shared=1), Claim(1, "ENT-B", same_number=False, shared=2)]
    ) == {1: "ENT-B"}
    assert settle_claims(
        [Claim(1, "ENT-B", same_number=False, shared=1), Claim(1, "ENT-A", same_number=False, shared=1)]
    ) == {1: "ENT-A"}


@given(st.integers(0, 9), st.text(min_size=1))
def test_a_drawn_id_is_good_and_never_taken(seed, key):
    taken: set[str] = set()
    first, second = draw("ENT", seed, key, taken), draw("ENT", seed, key, taken)
    assert first != second
    assert lasting_id_ok(first)
    assert lasting_id_ok(second)


@given(st.integers(0, 9), st.lists(st.text(max_size=8), unique=True, max_size=30), st.integers(0, 3))
def test_drawing_many_at_once_is_drawing_one_after_another(seed, keys, already):
    first: set[str] = set()
    for key in keys[:already]:
        draw("EST", seed, key, first)
    second = set(first)
    assert drawn("EST", seed, keys, first) == [draw("EST", seed, key, second) for key in keys]
    assert first == second


@given(CLAIMS)
def test_settling_as_a_set_is_settling_one_by_one(claims):
    rows = [(one.cluster, one.old_id, one.same_number, one.shared) for one in claims]
    schema = {"root": pl.Int64, "enterprise_id": pl.Utf8, "same": pl.Boolean, "len": pl.UInt32}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    assert dict(kept_ids(frame).iter_rows()) == settle_claims(claims)


def clusters(rows):
    return pl.DataFrame(
        rows, schema={"source": pl.Utf8, "record_key": pl.Utf8, "root": pl.Int64, "number": pl.Utf8}, orient="row"
    )


def earlier(rows):
    schema = dict.fromkeys(("source", "record_key", "enterprise_id", "juristic_id"), pl.Utf8)
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_in_a_split_the_id_stays_with_the_number():
    before = earlier([("dbd", "1", "ENT-A", "N1"), ("diw", "1", "ENT-A", "N1"), ("diw", "2", "ENT-A", "N1")])
    now = clusters([("dbd", "1", 0, "N1"), ("diw", "1", 1, None), ("diw", "2", 1, None)])
    ids = dict(enterprise_ids(now, before, 1).iter_rows())
    assert ids[0] == "ENT-A"
    assert ids[1] != "ENT-A"


def test_what_was_merged_away_leads_to_where_its_records_went():
    before = earlier([("dbd", "1", "ENT-A", "N1"), ("diw", "1", "ENT-B", None)])
    members = pl.DataFrame({"source": ["dbd", "diw"], "record_key": ["1", "1"], "enterprise_id": ["ENT-A", "ENT-A"]})
    assert redirects(members, before).rows() == [("ENT-B", "ENT-A", 1)]
