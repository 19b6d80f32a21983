"""The demo country is the same every time, calibrated on what was measured, and about nobody."""

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from iindustry.funding.snapshot import SCHEMA
from iindustry.generate import cast, places, roles
from iindustry.generate.enterprises import Given, enterprises
from iindustry.generate.factories import factories
from iindustry.generate.noise import noise_of
from iindustry.generate.services import make_country
from iindustry.generate.setting import Setting
from iindustry.generate.words import vocabulary_of
from iindustry.kernel.errors import Rejected
from iindustry.kernel.ids import class_thirteen, factory_id, old_factory_id
from iindustry.reference import zones

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def setting():
    return Setting(11, AS_OF, noise_of("default"), vocabulary_of())


@pytest.fixture(scope="module")
def firms(setting):
    return enterprises(range(6000), setting, Given())


@pytest.fixture(scope="module")
def sites(firms, setting):
    return factories(firms, setting, Given().runs)


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    return make_country(tmp_path_factory.mktemp("country"), enterprises=1500, seed=11, as_of=AS_OF)


def contents(folder: Path):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_size_and_day_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        make_country(tmp_path / name, enterprises=200, seed=4, as_of=AS_OF)
    make_country(tmp_path / "three", enterprises=200, seed=5, as_of=AS_OF)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one") != contents(tmp_path / "three")


def test_too_small_a_country_is_refused(tmp_path):
    with pytest.raises(Rejected, match="country-size-out-of-range"):
        make_country(tmp_path, enterprises=199, seed=1)


def test_every_number_is_valid_unique_and_outside_the_real_ranges(firms, sites):
    juristic = firms["juristic_id"].drop_nulls()
    assert juristic.n_unique() == juristic.len()
    assert all(class_thirteen(number) == ("juristic", number) for number in juristic)
    assert all(number[7] == "9" for number in juristic)
    people = firms["citizen_id"].drop_nulls()
    assert all(class_thirteen(number) == ("citizen", number) and number[1:5] == "0000" for number in people)
    assert sites["factory_id"].n_unique() == sites.height
    assert all(factory_id(number) == number and number[4] == "9" for number in sites["factory_id"])
    for row in sites.filter(pl.col("old_factory_id").is_not_null()).iter_rows(named=True):
        old = old_factory_id(row["old_factory_id"])
        assert (old.factory_type, old.year_be) == (row["type"], row["licence_be"])


def test_the_spread_is_that_of_the_measured_registers(firms, sites):
    assert firms["person"].mean() == pytest.approx(0.16, abs=0.02)
    forms = firms.filter(~pl.col("person"))["form"]
    assert (forms == "co").mean() == pytest.approx(0.803, abs=0.02)
    juristic = sites.filter(~pl.col("person"))
    assert 20 <= juristic["site_workers"].median() <= 32  # measured 26
    assert 150 <= sites["horsepower"].median() <= 260  # national fit 202; Bangkok 160
    per_operator = sites.group_by("i").len()["len"]
    assert (per_operator > 1).mean() == pytest.approx(0.095, abs=0.02)
    assert (sites["factory_class"] == "3").mean() == pytest.approx(0.866, abs=0.04)
    assert firms["province"].n_unique() == 77


def test_the_cast_is_placed_as_the_story_needs(firms, sites):
    assert [member.member for member in roles.CAST] == list(cast.ENTERPRISES)
    rows = firms.head(3).to_dicts()
    assert [row["juristic_id"] for row in rows] == [one.juristic_id for one in cast.ENTERPRISES]
    assert [row["name_th"] for row in rows] == [one.name_th for one in cast.ENTERPRISES]
    assert zones.sez(rows[0]["subdistrict"]) is True
    assert zones.in_eec(rows[1]["province"])
    assert rows[2]["province"] == "50"
    own = sites.head(3)
    assert own["type"].to_list() == ["00802", "07702", "03700"]
    assert own["green_level"].to_list() == [1, 2, 3]
    assert own["site_workers"].to_list() == [38, 115, 52]


def first_line(path: Path) -> str:
    if path.suffix == ".xlsx":
        return str(openpyxl.load_workbook(path).worksheets[0]["A1"].value)
    first = path.read_bytes().split(b"\r\n")[0]
    return first.decode("utf-8-sig") if first.startswith(b"\xef\xbb\xbf") else first.decode("cp874")


def test_everything_says_that_it_is_made_up(country):
    for one in country.deliveries:
        assert "ข้อมูลสมมติ" in first_line(one.path)
    for path in (country.truth, country.facts, country.history, country.outcomes, country.ministry, country.effects):
        assert pl.read_parquet_metadata(path)["mark"] == "ข้อมูลสมมติ"


def test_the_past_follows_the_measured_funnel_and_leaves_the_cast_alone(country):
    past = pl.read_parquet(country.history)
    assert set(past.columns) == (set(SCHEMA) - {"enterprise_id"}) | {"juristic_id"}
    assert (past["decision"] == "approved").mean() == pytest.approx(0.28, abs=0.07)
    declined = past.filter(pl.col("decision") == "declined")
    assert (declined["reason_code"] == "R1").mean() == pytest.approx(0.8, abs=0.08)
    assert past.filter(pl.col("decision") != "declined")["reason_code"].null_count() == past.height - declined.height
    assert not past["juristic_id"].is_in([one.juristic_id for one in cast.ENTERPRISES]).any()
    assert (past["started_at"] < past["sent_at"]).all()
    assert (past["sent_at"] < past["decided_at"]).all()
    assert past["decided_at"].dt.date().max() <= AS_OF
    assert (past["disbursed_at"] > past["decided_at"]).drop_nulls().all()
    assert (past["approved_satang"] <= past["requested_satang"]).drop_nulls().all()
    assert (
        past.filter(pl.col("decision") != "approved")["approved_satang"].null_count()
        == (past["decision"] != "approved").sum()
    )


def test_past_loans_did_what_was_planted(tmp_path):
    """Growth of those paid in one year against those never paid, over the years before and after: the planted effect."""
    country = make_country(tmp_path, enterprises=30_000, seed=2, as_of=AS_OF, registers=["dbd"])
    paid = (
        pl.read_parquet(country.history)
        .filter(pl.col("disbursed_at").is_not_null())
        .group_by("juristic_id")
        .agg(pl.col("disbursed_at").min().dt.year().alias("paid"))
    )
    rows = (
        pl.read_parquet(country.outcomes)
        .join(paid, on="juristic_id", how="left")
        .with_columns(pl.col("revenue_satang").log().alias("ln"))
    )
    wide = (
        rows.filter(pl.col("year").is_in([2023, 2025]))
        .pivot("year", index=["juristic_id", "paid"], values="ln")
        .drop_nulls(["2023", "2025"])
    )
    growth = wide.with_columns((pl.col("2025") - pl.col("2023")).alias("growth"))
    treated = growth.filter(pl.col("paid") == 2024)["growth"].mean()
    never = growth.filter(pl.col("paid").is_null())["growth"].mean()
    truth = dict(pl.read_parquet(country.effects).iter_rows())
    assert treated - never == pytest.approx(truth["revenue"], abs=0.025)


def test_the_weights_of_provinces_cover_them_all():
    weights = places.province_weights()
    assert len(weights) == 77
    assert min(weights.values()) > 0
    assert max(weights, key=weights.get) == places.BANGKOK
