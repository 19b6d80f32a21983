"""Noise, words and months are as declared; every name of a rate that the code asks for stands in the table."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from iindustry.generate import calibration, likeness, months, noise
from iindustry.generate import factories as factories_module
from iindustry.generate.delivering import LINKAGE_MIX, REGISTERS, SOURCES, chosen
from iindustry.generate.enterprises import Given, enterprises
from iindustry.generate.factories import factories
from iindustry.generate.numbering import Runs, with_juristic_id
from iindustry.generate.services import make_country
from iindustry.generate.setting import Setting
from iindustry.generate.words import vocabulary_of
from iindustry.kernel.errors import Rejected
from iindustry.kernel.ids import class_thirteen
from iindustry.reference import estates

AS_OF = date(2026, 11, 20)
PACKAGE = Path(noise.__file__).parent


def test_every_rate_is_marked_and_every_rate_that_is_asked_for_is_declared():
    table = calibration.document("noise.yaml")["rates"]
    assert all(row["standing"] in {"measured", "assumed"} for row in table.values())
    text = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))
    asked = set(re.findall(r'\brate\("(\w+)"', text)) | set(
        re.findall(r'hit\((?:here|chance), f?"[^"]+", "(\w+)"', text)
    )
    assert asked - {"people", "names"} <= set(table)  # those two are of calibration.yaml


@pytest.mark.parametrize(("preset", "factor"), [("half", 0.5), ("default", 1.0), ("double", 2.0)])
def test_a_preset_multiplies_every_rate(preset, factor):
    plain, scaled = noise.noise_of("default"), noise.noise_of(preset)
    for name, row in plain.rates.items():
        for source, rate in row.items():
            assert scaled.rate(name, source) == pytest.approx(min(rate * factor, 0.95))


def test_a_file_replaces_what_it_names_and_nothing_else(tmp_path):
    own = tmp_path / "mine.yaml"
    own.write_text("rates: {slip: {dip: 0.5}}\ndrop: {diw: [โทรศัพท์]}\n", encoding="utf-8")
    mine, plain = noise.noise_of(own), noise.noise_of("default")
    assert (mine.rate("slip", "dip"), mine.rate("slip", "diw")) == (0.5, plain.rate("slip", "diw"))
    assert mine.drop == {"diw": ("โทรศัพท์",)}
    own.write_text("rates: {slipp: {dip: 0.5}}", encoding="utf-8")
    with pytest.raises(Rejected, match="noise-rate-unknown"):
        noise.noise_of(own)
    with pytest.raises(Rejected, match="noise-unknown"):
        noise.noise_of("loud")


def headings(country, name):
    path = next(one.path for one in country.deliveries if one.path.name.startswith(name))
    lines = path.read_bytes().decode("utf-8-sig" if name.startswith("dbd") else "cp874").splitlines()
    return next(line for line in lines if line.count(",") > 5).split(",")


def test_columns_ids_and_registers_can_be_left_out(tmp_path):
    fewer = make_country(tmp_path / "a", enterprises=300, seed=1, noise="fewer-columns", registers=["dbd", "diw"])
    assert {one.source for one in fewer.deliveries} == {"dbd", "diw"}
    assert "ผู้ประกอบการ" not in headings(fewer, "diw")
    assert "ชื่อนิติบุคคล" in headings(fewer, "dbd-register")
    assert "ชื่อภาษาอังกฤษ" not in headings(fewer, "dbd-register")
    without = make_country(tmp_path / "b", enterprises=6000, seed=1, noise="no-ids", registers=["tisi"])
    cells = pl.read_csv(without.deliveries[0].path, skip_rows=1, encoding="cp874", infer_schema_length=0)
    assert cells["เลขทะเบียนนิติบุคคล"].drop_nulls().len() == 3  # but for the cast, who never err
    with pytest.raises(Rejected, match="registers-not-generated"):
        chosen(["customs"])
    assert set(LINKAGE_MIX) <= set(SOURCES)
    assert len(LINKAGE_MIX) == 9


def test_the_second_list_of_words_shares_none_with_the_first_but_letters():
    first, other = vocabulary_of("default"), vocabulary_of("other")
    for name in ("first", "second", "modern", "general", "tails"):
        assert not {word for word, _ in getattr(first, name)} & {word for word, _ in getattr(other, name)}
    assert not set(first.roads) & set(other.roads)
    assert len(set(first.families) & set(other.families)) < len(set(other.families)) / 20
    with pytest.raises(Rejected, match="vocabulary-unknown"):
        vocabulary_of("latin")


def setting(periods=1, vocabulary=None, seed=4):
    return Setting(seed, AS_OF, noise.noise_of("default"), vocabulary_of(vocabulary), periods)


def test_a_country_in_parts_is_the_country_in_one_piece_and_no_number_or_name_comes_twice():
    given, whole = Given(), Given()
    parts = pl.concat([enterprises(range(a, a + 2000), setting(), given) for a in (0, 2000, 4000)])
    one = enterprises(range(6000), setting(), whole)
    assert parts.filter(~pl.col("sibling"))["province"].to_list() == one.filter(~parts["sibling"])["province"].to_list()
    juristic = parts.filter(~pl.col("person"))
    assert juristic["juristic_id"].n_unique() == juristic.height
    free = juristic.filter(~pl.col("sibling"))
    assert free["name_th"].is_duplicated().mean() < 0.002


def test_numbers_run_on_past_the_unused_end_and_stop_before_they_repeat():
    runs = Runs()
    frame = pl.DataFrame({"province": ["10"] * 60_000, "form": ["co"] * 60_000, "year": [2560] * 60_000})
    made = [with_juristic_id(frame.head(size), runs, "province", "form", "year") for size in (60_000, 40_000)]
    numbers = pl.concat([part["juristic_id"] for part in made])
    assert numbers.n_unique() == 100_000
    assert all(class_thirteen(number)[0] == "juristic" for number in numbers.sample(200, seed=1))
    with pytest.raises(OverflowError):
        with_juristic_id(frame.head(1), runs, "province", "form", "year")


def test_months_take_back_what_came_later():
    here = setting(periods=12)
    given = Given()
    firms = months.with_exporting(enterprises(range(20_000), here, given), here.chance())
    sites = factories(firms, here, given.runs)
    firms = months.with_events(firms, here)
    sites = months.with_transfers(sites, firms, here)
    first, *_, last = here.months()
    assert (first.name, last.name, last.last) == ("2025-12", "2026-11", AS_OF)
    then, now = months.firms_at(firms, first, here), months.firms_at(firms, last, here)
    assert then.height < now.height == firms.height
    both = then.join(now, on="i", suffix="_now")
    rates = calibration.numbers()["monthly"]
    renamed = both.filter(pl.col("core") != pl.col("core_now"))
    moved = both.filter(pl.col("subdistrict") != pl.col("subdistrict_now"))
    assert renamed.height / both.height == pytest.approx(11 * rates["renamed"] * 0.857, rel=0.3)
    assert moved.height / both.height == pytest.approx(11 * rates["moved"], rel=0.3)
    closed = both.filter((pl.col("status") != months.CLOSED) & (pl.col("status_now") == months.CLOSED))
    assert closed.height
    assert both.filter("cast").select((pl.col("core") == pl.col("core_now")).all()).item()
    one, other = months.sites_at(sites, then, first), months.sites_at(sites, now, last)
    handed = one.join(other, on="establishment", suffix="_now").filter(pl.col("i") != pl.col("i_now"))
    assert handed.height
    assert other["establishment"].n_unique() == sites.height


def test_facts_are_one_row_a_firm_and_say_what_the_registers_were_told(tmp_path):
    country = make_country(tmp_path, enterprises=3000, seed=2, registers=["orders", "tisi"])
    facts, truth = pl.read_parquet(country.facts), pl.read_parquet(country.truth)
    assert facts["enterprise"].n_unique() == facts.height == 3000
    assert facts["revenue_satang"].null_count() == 0
    open_orders = facts.filter(pl.col("open_order_count") > 0)
    assert 0 < open_orders.height < truth.filter(pl.col("source") == "orders").height
    assert open_orders["enterprise"].is_in(truth.filter(pl.col("source") == "orders")["enterprise"].implode()).all()
    assert facts.filter("is_person")["juristic_id"].null_count() == facts["is_person"].sum()
    assert facts.filter(pl.col("factory_count") == 0)["is_s_curve"].sum() == 0
    sites = pl.read_parquet(country.sites)
    assert sites["establishment"].n_unique() == sites.height == facts["factory_count"].sum()
    assert sites["open_order_kinds"].drop_nulls().list.len().sum() == facts["open_order_count"].sum()


@pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.name)
def test_every_register_has_words_and_a_place_in_the_list(register):
    assert register.source in SOURCES
    assert register.title or register.name == "dbd-new"


def test_estates_bear_the_names_and_digits_of_the_authoritys_list():
    for row in factories_module.estates().iter_rows(named=True):
        code = estates.find(row["estate"])
        assert code is not None
        assert estates.by_digits().get(row["estate_code"], code) == code
        assert (row["letters"] is not None) == (row["estate_code"] in estates.by_digits())


def test_names_and_firms_are_like_those_counted():
    enterprise, site = likeness.country(30_000)
    lines = likeness.beside(likeness.firms(enterprise, site), "firms")
    named = likeness.names(enterprise.filter(~pl.col("person"))["name_th"])
    lines += [
        one for one in likeness.beside(named, "names") if not one.what.startswith("same_")
    ]  # those grow with size
    assert [one for one in lines if not one.passes] == []
    assert named["same_name_and_form"] < 0.12
    assert 1.5 < named["same_skeleton_and_number"] < 4.35  # that of three times as many names of the real register
