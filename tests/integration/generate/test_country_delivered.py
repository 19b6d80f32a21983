"""The made-up country is taken in by the same door as a real register: whole, with a few rows set aside, and joined again."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from iindustry.generate import cast
from iindustry.generate.delivering import SOURCES
from iindustry.generate.services import make_country
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.errors import Rejected
from iindustry.sources import services as sources
from iindustry.standardise import services as standardise

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)
BROKEN = {("dbd", "juristic"): 3, ("diw", "factories"): 3, ("dip", "participants"): 3, ("tisi", "licences"): 2,
          ("green", "certificates"): 1}  # fmt: skip


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    return make_country(tmp_path_factory.mktemp("country"), enterprises=900, seed=5, as_of=AS_OF)


def take_in(country, home, clock):
    reports = [
        sources.deliver(
            one.path, source=one.source, filename=one.path.name, period=one.period, scope=one.scope,
            actor=SYSTEM, home=home, clock=clock,
        )
        for one in country.deliveries
    ]  # fmt: skip
    files = standardise.standard_files(sources.in_force(home=home), home=home)
    records = standardise.identities(files).collect()
    by_source = {key[0]: frame for key, frame in records.group_by("source")}
    facts = {source: standardise.facts(files, source).collect() for source in by_source}
    return SimpleNamespace(reports=reports, records=records, by_source=by_source, facts=facts)


def keys(frame: pl.DataFrame) -> set[tuple[str, str]]:
    return set(frame.select("source", "record_key").iter_rows())


def test_every_register_is_taken_in_and_says_what_is_true(country, home, clock):
    taken = take_in(country, home, clock)
    assert {one.source for one in taken.reports} == set(SOURCES)
    for report in taken.reports:
        assert report.rows == report.accepted + report.quarantined
        assert report.quarantined == BROKEN.get((report.source, report.layout), 0)
    assert keys(taken.records) == keys(pl.read_parquet(country.truth))
    numbers_and_places_are_read_back(taken.by_source)
    new_registers_are_read_back(taken)
    the_cast_stands_as_the_story_says(taken)


def numbers_and_places_are_read_back(by_source):
    assert (by_source["dbd"]["id_state"] == "valid").all()
    assert by_source["dbd"]["subdistrict_codes"].list.len().ge(1).mean() > 0.97
    assert by_source["diw"]["factory_id"].null_count() == 0
    assert by_source["diw"]["subdistrict_codes"].list.len().ge(1).mean() > 0.97
    missing = (by_source["dip"]["id_state"] == "none").mean()
    assert 0.25 < missing < 0.55
    for source in ("green", "ieat", "oie", "orders"):
        assert by_source[source]["factory_id"].is_in(by_source["diw"]["factory_id"].implode()).all()
    for source in ("dbd_accounts", "dbd_directors", "exports", "i40", "smed", "exim"):
        assert by_source[source]["juristic_id"].is_in(by_source["dbd"]["juristic_id"].implode()).all()
    assert set(by_source["ieat"]["factory_id"].str.slice(0, 1)) <= {"7", "8"}


def new_registers_are_read_back(taken):
    """Nothing that was written is lost on the way in, and the latest accounts are those of the register."""
    accounts = taken.facts["dbd_accounts"].sort("accounts_year").group_by("juristic_id").last()
    both = taken.facts["dbd"].select("juristic_id", "revenue_satang", "accounts_year").drop_nulls()
    both = both.join(
        accounts.select("juristic_id", "accounts_year", said="revenue_satang"), on=["juristic_id", "accounts_year"]
    )
    assert both.height > 150
    assert (both["revenue_satang"] == both["said"]).all()
    for source, columns in {
        "exports": ["country", "export_satang", "hs_code"],
        "oie": ["sales_satang", "output", "capacity"],
        "smed": ["outstanding_satang", "debt_class"],
        "i40": ["i40_level"],
        "orders": ["order_kind", "order_status", "due_on"],
        "dbd_directors": ["signing_rule"],
    }.items():
        frame = taken.facts[source]
        assert frame.height
        assert [name for name in columns if frame[name].null_count()] == []


def the_cast_stands_as_the_story_says(taken):
    own = taken.facts["dbd"].filter(pl.col("juristic_id") == cast.RIMKHONG.juristic_id).row(0, named=True)
    assert own["capital_satang"] == 500_000_000
    assert own["revenue_satang"] == 4_200_000_000
    assert own["subdistrict_codes"] == ["490104"]
    factory = taken.facts["diw"].filter(pl.col("core").str.contains("ริมโขง")).row(0, named=True)
    assert factory["juristic_id"] is None
    assert factory["name_raw"] == "บริษัท ริมโขงเเปรรูปอาหารร จำกัด"
    assert factory["worker_count"] == 38
    assert (factory["factory_type"], factory["factory_class"]) == ("00802", "3")
    green = taken.facts["green"].filter(pl.col("factory_id") == factory["factory_id"]).row(0, named=True)
    assert green["green_level"] == 1


def test_what_is_in_force_after_some_months_is_what_the_truth_of_the_last_says(tmp_path, home, clock):
    country = make_country(
        tmp_path / "country", enterprises=1200, seed=3, as_of=AS_OF, periods=4, registers=["dbd", "diw", "dip"]
    )
    taken = take_in(country, home, clock)
    assert keys(taken.records) == keys(pl.read_parquet(country.truth))
    before, now = (pl.read_parquet(country.truth_at[month]) for month in ("2026-08", "2026-11"))
    both = before.join(now, on=["source", "record_key"], suffix="_now")
    handed = both.filter(pl.col("enterprise") != pl.col("enterprise_now"))
    assert set(handed["source"]) == {"diw"}  # a factory is handed on; a firm's number and a participation never
    assert now.height > before.height
    names = taken.facts["dbd"].group_by("juristic_id").agg(pl.col("core").n_unique())
    assert names["core"].max() == 1  # of the months' registers only the last is in force


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
