"""Records that carry only a number go with it; those of a number that nobody else holds are an enterprise of their own."""

from __future__ import annotations

import polars as pl
from country import make

from iindustry.linkage.services import link

COUNTRY = make(80, seed=2).records


def silent(source, key, *, number=None, factory=None):
    """A record of a register that names nothing but a number."""
    row = COUNTRY.head(1).with_columns(
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in COUNTRY.schema.items()
        if name not in {"delivery_id", "observed_on", "row"}
    )
    return row.with_columns(
        source=pl.lit(source), record_key=pl.lit(key), juristic_id=pl.lit(number, dtype=pl.Utf8),
        id_state=pl.lit("valid" if number else "none"), factory_id=pl.lit(factory, dtype=pl.Utf8),
        is_person=pl.lit(value=False),
    ).select(COUNTRY.columns)  # fmt: skip


def enterprises(*more):
    members = link(pl.concat([COUNTRY, *more])).members
    return {(source, key): (one, ground) for source, key, one, ground in
            members.select("source", "record_key", "enterprise_id", "link_ground").iter_rows()}  # fmt: skip


def test_accounts_follow_their_number():
    number = COUNTRY.filter(pl.col("source") == "dbd")["juristic_id"][0]
    held = enterprises(silent("dbd_accounts", "a1", number=number), silent("dbd_accounts", "a2", number=number))
    assert held["dbd_accounts", "a1"][0] == held["dbd_accounts", "a2"][0] == held["dbd", number][0]
    assert held["dbd_accounts", "a1"][1] == "id"


def test_a_number_that_nobody_else_holds_is_one_enterprise():
    held = enterprises(
        silent("smed", "s1", number="0105599999991"), silent("exim", "e1", number="0105599999991"),
        silent("smed", "s2", number="0105599999983"),
    )  # fmt: skip
    assert held["smed", "s1"][0] == held["exim", "e1"][0] != held["smed", "s2"][0]
    assert held["smed", "s2"][1] == "single"


def test_a_report_of_a_factory_follows_the_factory():
    factory = COUNTRY.filter(pl.col("source") == "diw")["factory_id"][0]
    held = enterprises(silent("oie", "o1", factory=factory), silent("oie", "o2", factory="99999999999999"))
    assert held["oie", "o1"][0] == held["diw", factory][0]
    assert held["oie", "o2"][1] == "single"


def test_scoring_never_sees_them():
    number = COUNTRY.filter(pl.col("source") == "dbd")["juristic_id"][0]
    plain = link(COUNTRY)
    more = link(pl.concat([COUNTRY, *(silent("exports", f"x{month}", number=number) for month in range(12))]))
    assert more.quality["profiles"] == plain.quality["profiles"]
    assert more.quality["scored_pairs"] == plain.quality["scored_pairs"]
