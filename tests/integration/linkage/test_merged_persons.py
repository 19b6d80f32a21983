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
    plain = make(200, seed=8).records
    formless = pl.col("jid").is_null() & pl.col("form").is_null() & ~pl.col("site_only")
    state = link(plain).state
    chosen = state.profiles.filter(formless).sort("uid").unique("core", keep="first", maintain_order=True).head(2)
    persons = chosen.select("source", record_key="first_key").with_columns(tag=pl.Series(["first", "second"]))
    records = (
        plain.join(persons, on=KEYS, how="left", maintain_order="left")
        .with_columns(person_tag=pl.coalesce("tag", "person_tag"))
        .drop("tag")
    )
    members = link(records).members
    one, other = members.join(persons, on=KEYS, how="inner").sort("tag")["enterprise_id"]
    assert one != other
    (left, *more), (right, *others) = records_of(members, one), records_of(members, other)
    judged = Judgement(left, right, Verdict.MATCH, tuple(more), tuple(others))
    again = link(records, judgements=[judged]).members
    assert again.join(persons, on=KEYS, how="inner")["enterprise_id"].n_unique() == 1
