"""The demo country is taken in by the same door as a real register: whole, with a few rows set aside, and joined again."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from iindustry.generate import cast
from iindustry.generate.services import make_country
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.errors import Rejected
from iindustry.sources import services as sources
from iindustry.standardise import services as standardise

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    return make_country(tmp_path_factory.mktemp("country"), enterprises=400, seed=5, as_of=date(2026, 11, 20))


@pytest.fixture
def taken_in(country, home, clock):
    reports = [
        sources.deliver(
            one.path, source=one.source, filename=one.path.name, period=one.period, scope=one.scope,
            actor=SYSTEM, home=home, clock=clock,
        )
        for one in country.deliveries
    ]  # fmt: skip
    frames = [standardise.standardise_delivery(one, home=home) for one in sources.in_force(home=home)]
    return SimpleNamespace(reports=reports, records=pl.concat([pl.read_parquet(path) for path in frames]))


def test_every_row_is_accepted_or_set_aside_and_only_the_broken_ones_are(taken_in):
    for report in taken_in.reports:
        assert report.rows == report.accepted + report.quarantined
    held = {(one.source, one.layout): one.quarantined for one in taken_in.reports}
    assert held == {
        ("dbd", "juristic"): 3, ("dbd", "monthly"): 0, ("diw", "factories"): 3, ("dip", "participants"): 3,
        ("tisi", "licences"): 2, ("green", "certificates"): 1,
    }  # fmt: skip


def test_the_truth_knows_exactly_the_records_that_were_accepted(taken_in, country):
    told = pl.read_parquet(country.truth).select("source", "record_key").sort("source", "record_key")
    accepted = taken_in.records.select("source", "record_key").sort("source", "record_key")
    assert accepted.rows() == told.rows()


def test_the_numbers_and_places_of_the_registers_are_read_back(taken_in):
    by_source = {key[0]: frame for key, frame in taken_in.records.group_by("source")}
    assert (by_source["dbd"]["id_state"] == "valid").all()
    assert by_source["dbd"]["subdistrict_codes"].list.len().ge(1).mean() > 0.97
    assert by_source["diw"]["factory_id"].null_count() == 0
    assert by_source["diw"]["subdistrict_codes"].list.len().ge(1).mean() > 0.97
    missing = (by_source["dip"]["id_state"] == "none").mean()
    assert 0.25 < missing < 0.55
    assert (by_source["green"]["factory_id"].is_in(by_source["diw"]["factory_id"].implode())).all()


def test_the_cast_stands_in_the_registers_as_the_story_says(taken_in):
    records = taken_in.records
    own = records.filter((pl.col("source") == "dbd") & (pl.col("juristic_id") == cast.RIMKHONG.juristic_id)).to_dicts()[
        0
    ]
    assert own["capital_satang"] == 500_000_000
    assert own["revenue_satang"] == 4_200_000_000
    assert own["subdistrict_codes"] == ["490104"]
    factory = records.filter((pl.col("source") == "diw") & pl.col("core").str.contains("ริมโขง")).to_dicts()[0]
    assert factory["juristic_id"] is None
    assert factory["name_raw"] == "บริษัท ริมโขงเเปรรูปอาหารร จำกัด"
    assert factory["worker_count"] == 38
    assert (factory["factory_type"], factory["factory_class"]) == ("00802", "3")
    green = records.filter((pl.col("source") == "green") & (pl.col("factory_id") == factory["factory_id"])).to_dicts()[
        0
    ]
    assert green["green_level"] == 1


def test_the_broken_file_of_the_story_holds_three_rows_and_the_mended_one_none(country, home, clock):
    def deliver(name):
        path = country.samples[name]
        return sources.deliver(path, source="dip", filename=name, period=None, actor=SYSTEM, home=home, clock=clock)

    report = deliver("dip-broken.csv")
    assert (report.rows, report.quarantined) == (12, 3)
    assert [one.reasons[0].code for one in sources.list_quarantined(report.delivery_id, limit=9)] == [
        "province-unknown",
        "value-missing",
        "fiscal-year-impossible",
    ]
    assert deliver("dip-mended.csv").quarantined == 0
    for name, code in (("not-a-table.csv", "file-type-unknown"), ("unknown-layout.csv", "layout-unknown")):
        with pytest.raises(Rejected) as refused:
            deliver(name)
        assert refused.value.code == code
