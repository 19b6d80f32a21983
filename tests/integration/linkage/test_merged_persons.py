"""What a steward merges stays one enterprise in the next run, though two citizen ids meet in it."""

from __future__ import annotations

import polars as pl
from country import make

from iindustry.linkage.outcome import Judgement, RecordId, Verdict
from iindustry.linkage.services import link

KEYS = ["source", "record_key"]


def records_of(members, enterprise_id):
    rows = members.filter(pl.col("enterprise_id") == enterprise_id).select(KEYS).sort(KEYS).iter_rows()
    return tuple(RecordId(*row) for row in rows)


def test_two_persons_merged_stay_merged():
    records = make(200, seed=8).records
    linked = link(records)
    tagged = linked.state.profiles.filter(pl.col("person_tag").is_not_null() & pl.col("jid").is_null())
    owners = (
        linked.state.of_record.join(tagged.select("uid", "person_tag"), on="uid", how="inner")
        .join(linked.members, on=KEYS, how="inner")
        .unique("enterprise_id")
        .sort("enterprise_id")
    )
    assert owners["person_tag"].n_unique() > 1
    one = owners["enterprise_id"][0]
    other = owners.filter(pl.col("person_tag") != owners["person_tag"][0])["enterprise_id"][0]
    (left, *more), (right, *others) = records_of(linked.members, one), records_of(linked.members, other)
    judged = Judgement(left, right, Verdict.MATCH, tuple(more), tuple(others))
    again = link(records, judgements=[judged]).members
    ids = {
        enterprise
        for *record, enterprise in again.select(*KEYS, "enterprise_id").iter_rows()
        if RecordId(*record) in {left, right, *more, *others}
    }
    assert len(ids) == 1
