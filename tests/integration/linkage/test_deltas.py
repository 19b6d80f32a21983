"""A delta equals a run of the whole with the same model: members, ids, redirects, and the state it leaves."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import polars as pl
import pytest
from country import make

from iindustry.kernel.errors import Conflict
from iindustry.linkage import services as linkage
from iindustry.linkage.outcome import Judgement, RecordId, Verdict

pytestmark = pytest.mark.django_db
KEYS = ["source", "record_key"]


@pytest.fixture(scope="module")
def country():
    """With records that hold a number and no name: of firms, of factories, and of firms that nobody else holds."""
    made = make(350, seed=21)
    official = made.records.filter(pl.col("source") == "dbd").sort("record_key")
    factories = made.records.filter(pl.col("source") == "diw").drop_nulls("factory_id").sort("record_key")
    strange = official.head(6).with_columns(juristic_id=pl.lit("0999") + pl.col("juristic_id").str.slice(4))
    more = [
        silent(official.gather_every(3), "dbd_accounts", "juristic_id"),
        silent(official.gather_every(5), "exports", "juristic_id"),
        silent(strange, "exports", "juristic_id"),
        silent(strange, "dbd_accounts", "juristic_id"),
        silent(factories.gather_every(4), "green", "factory_id"),
    ]
    return replace(made, records=pl.concat([made.records, *more]))


def silent(rows, source, number):
    """Records of another register that say this number and nothing else."""
    kept = {"delivery_id", "observed_on", "row", number, *(("id_state",) if number == "juristic_id" else ())}
    return rows.with_columns(
        pl.lit(None, dtype=kind).alias(name) for name, kind in rows.schema.items() if name not in {*kept, "record_key"}
    ).with_columns(
        source=pl.lit(source),
        record_key=pl.lit(f"{source}-") + pl.col(number),
        id_state=pl.col("id_state").fill_null("none"),
    )


def same(found, expected):
    """Equal members; probabilities to the fifth place, as a taught model rounds once and a frozen one not at all."""
    plain = [name for name in found.columns if name != "match_probability"]
    differ = (found["match_probability"] - expected["match_probability"]).abs().max() or 0.0
    return found.select(plain).equals(expected.select(plain)) and differ < 1e-5


def put_in_force(linked, records, home, version="r1"):
    """The files that a version leaves, as far as linking reads them."""
    folder = home.register / version
    folder.mkdir(parents=True)
    linked.members.write_parquet(folder / "members.parquet")
    numbers = (
        records.filter(pl.col("id_state") == "valid")
        .join(linked.members, on=KEYS)
        .sort("enterprise_id", pl.col("source") != "dbd", "juristic_id")
        .unique("enterprise_id", keep="first", maintain_order=True)
        .select("enterprise_id", "juristic_id")
        .unique("juristic_id", keep="first", maintain_order=True)
    )
    whole = linked.members.select("enterprise_id").unique().join(numbers, on="enterprise_id", how="left")
    whole.sort("enterprise_id").write_parquet(folder / "enterprises.parquet")
    (folder / "version.json").write_text(json.dumps({"quality": {}}))
    (home.register / "CURRENT").write_text(version)
    linkage.save_state(linked, home=home, version=version)


def applied(before, change):
    """Members after the delta."""
    left = before.filter(~pl.col("enterprise_id").is_in(change.touched.implode()))
    return pl.concat([left, change.members]).sort(KEYS)


def changes(records, seed):
    """(records before, after, keys that are new or say something else, keys that are gone)."""
    chance = random.Random(seed)
    keys = list(records.select(KEYS).unique().sort(KEYS).iter_rows())
    drawn = chance.sample(keys, 60)
    new, gone, other = drawn[:25], drawn[25:40], drawn[40:]
    frames = {
        name: pl.DataFrame(rows, schema=dict.fromkeys(KEYS, pl.Utf8), orient="row")
        for name, rows in (("new", new), ("gone", gone), ("other", other))
    }
    before = records.join(frames["new"], on=KEYS, how="anti")
    after = records.join(frames["gone"], on=KEYS, how="anti")
    told = after.join(frames["other"], on=KEYS, how="semi").with_columns(
        subdistrict_code=pl.lit("100101"),
        district_code=pl.lit("1001"),
        province_code=pl.lit("10"),
        phones=pl.lit(None, dtype=pl.List(pl.Utf8)),
    )
    after = pl.concat([after.join(frames["other"], on=KEYS, how="anti"), told])
    return before, after, pl.concat([frames["new"], frames["other"]]), frames["gone"]


@pytest.mark.parametrize("seed", range(4))
def test_a_delta_equals_a_run_of_the_whole_with_the_same_model(country, home, seed):
    before, after, new, gone = changes(country.records, seed)
    base = linkage.link(before, seed=1)
    put_in_force(base, before, home)
    change = linkage.link_delta(after.join(new, on=KEYS, how="semi"), gone=gone, home=home, seed=2)
    earlier = linkage.earlier_members(home)
    frozen = linkage.load_state(home=home, version="r1")
    whole = linkage.link(after, earlier=earlier, seed=2, frozen=frozen)
    found = applied(base.members, change)
    assert found.select(KEYS).equals(whole.members.select(KEYS))
    assert same(found, whole.members)
    assert change.redirects.sort("old_id").equals(whole.redirects.sort("old_id"))
    assert change.quality["enterprises"] == whole.quality["enterprises"]
    untouched = base.members.filter(~pl.col("enterprise_id").is_in(change.touched.implode()))
    assert untouched.height > base.members.height / 3
    weights = [one.state.edges["match_weight"].sort() for one in (change, whole)]
    assert weights[0].len() == weights[1].len() and (weights[0] - weights[1]).abs().max() < 1e-5
    assert change.state.profiles.height == whole.state.profiles.height
    assert change.state.of_record.select(KEYS).equals(whole.state.of_record.select(KEYS))


def test_deltas_follow_each_other(country, home):
    before, after, new, gone = changes(country.records, 9)
    base = linkage.link(before, seed=1)
    put_in_force(base, before, home)
    first = linkage.link_delta(after.join(new, on=KEYS, how="semi"), home=home, seed=2)
    members = applied(base.members, first)
    middle = pl.concat([after, before.join(gone, on=KEYS, how="semi")])
    put_in_force(_Kept(members, first.state), middle, home, "r2")
    second = linkage.link_delta(after.head(0), gone=gone, home=home, seed=3)
    found = applied(members, second)
    earlier = linkage.earlier_members(home)
    frozen = linkage.load_state(home=home, version="r2")
    assert same(found, linkage.link(after, earlier=earlier, seed=3, frozen=frozen).members)


class _Kept:
    def __init__(self, members, state):
        self.members, self.state = members, state


def test_nothing_new_changes_nothing(country, home):
    base = linkage.link(country.records)
    put_in_force(base, country.records, home)
    change = linkage.link_delta(country.records.head(0), home=home)
    assert change.touched.is_empty()
    assert change.state.edges.equals(base.state.edges)


def test_what_stewards_say_is_heard_by_a_delta(country, home):
    base = linkage.link(country.records)
    put_in_force(base, country.records, home)
    sizes = base.members.group_by("enterprise_id").len().sort("len", "enterprise_id", descending=[True, False])
    rows = base.members.filter(pl.col("enterprise_id") == sizes["enterprise_id"][0]).sort(KEYS)
    one, other = RecordId(*rows.row(0)[:2]), RecordId(*rows.row(-1)[:2])
    never = [Judgement(one, other, Verdict.NO_MATCH)]
    change = linkage.link_delta(country.records.head(0), home=home, judgements=never)
    found = applied(base.members, change)
    earlier = linkage.earlier_members(home)
    held = dict(zip(found.select(KEYS).rows(), found["enterprise_id"], strict=True))
    assert held[one] != held[other]
    frozen = linkage.load_state(home=home, version="r1")
    again = linkage.link(country.records, earlier=earlier, judgements=never, frozen=frozen)
    assert same(found, again.members)


def test_without_a_state_a_run_is_asked_for(country, home):
    with pytest.raises(Conflict, match="delta-needs-a-run"):
        linkage.link_delta(country.records, home=home)
