"""A month's deliveries on top of a register: only what they touch changes, every record in force has its enterprise, ids stay."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.conf import settings

from iindustry.flows import building, deltas, reshaping
from iindustry.generate.services import make_country
from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.kernel.progress import silent
from iindustry.linkage import services as linkage
from iindustry.linkage.models import LinkKey, LinkModel
from iindustry.register import services as register
from iindustry.sources import services as sources
from iindustry.standardise import services as standardise

pytestmark = pytest.mark.django_db
KEYS = ["source", "record_key"]
FIRST, SECOND = "2026-10", "2026-11"
REGISTERS = ("dbd", "diw", "dip", "tisi", "green")
STEWARD = Actor(Role.STEWARD, person_id="maker", organisation="oie")


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    folder = tmp_path_factory.mktemp("country")
    return make_country(folder, enterprises=300, seed=6, as_of=date(2026, 11, 20), periods=2, registers=REGISTERS)


@pytest.fixture
def deliver(country, home, clock, monkeypatch):
    monkeypatch.setattr(settings, "HOME", home)

    def run(chosen):
        for one in country.deliveries:
            if chosen(one):
                sources.deliver(
                    one.path, source=one.source, filename=one.path.name, period=one.period, scope=one.scope,
                    actor=SYSTEM, home=home, clock=clock,
                )  # fmt: skip

    return run


def full_run(home, clock):
    files = standardise.standard_files(sources.in_force(home=home), home=home)
    linked = linkage.link(
        standardise.identities(files).collect(), judgements=linkage.judgements_in_force(), seed=deltas.SEED
    )
    report = register.publish(linked, files, home=home, clock=clock, progress=silent)
    linkage.keep_deliveries([one.delivery_id for one in files], version=report.version, home=home)
    assert linkage.refresh_look_ups(home=home)
    assert not linkage.refresh_look_ups(home=home), "rows of the version in force are not made twice"


def members(home):
    return pl.read_parquet(home.register / current_version(home) / "members.parquet")


def in_force(home):
    files = standardise.standard_files(sources.in_force(home=home), home=home)
    return standardise.identities(files).select(KEYS).unique().sort(KEYS).collect()


def test_what_a_month_brings_is_linked_on_top(deliver, home, clock, django_capture_on_commit_callbacks):
    deliver(lambda one: one.period <= FIRST)
    full_run(home, clock)
    before = members(home)
    deliver(lambda one: one.period > FIRST)
    with django_capture_on_commit_callbacks(execute=True):
        report = deltas.apply_deliveries(home=home, clock=clock)
    after = members(home)
    assert current_version(home) == report.version
    assert after.select(KEYS).sort(KEYS).equals(in_force(home)), "every record in force, once, and no other"
    assert report.changed > 0 and report.touched > 0
    assert report.enterprises == after["enterprise_id"].n_unique()
    both = before.join(after, on=KEYS, suffix="_now")
    kept = both.filter(pl.col("enterprise_id") == pl.col("enterprise_id_now")).height / both.height
    assert kept > 0.95
    looked_up = set(LinkKey.objects.values_list("enterprise_id", flat=True))
    assert looked_up <= set(after["enterprise_id"])
    assert len(looked_up) > 100
    assert LinkModel.objects.get().version == report.version
    for enterprise_id in after["enterprise_id"].unique().sort().head(20):
        assert register.get_enterprise(enterprise_id).enterprise_id == enterprise_id
    with django_capture_on_commit_callbacks(execute=True):
        again = deltas.apply_deliveries(home=home, clock=clock)
    assert (again.version, again.changed, again.gone, again.touched) == (report.version, 0, 0, 0)


def test_a_delta_needs_a_run_before_it(deliver, home, clock):
    with pytest.raises(Conflict, match="nothing-delivered"):
        deltas.apply_deliveries(home=home, clock=clock)
    deliver(lambda one: one.source == "green")
    with pytest.raises(Conflict, match="delta-needs-a-run"):
        deltas.apply_deliveries(home=home, clock=clock)


def test_nothing_is_published_over_an_act_that_came_while_linking(deliver, home, clock, monkeypatch):
    """The build looks again, begins its linking anew once, and what the steward joined stays joined."""
    deliver(lambda one: one.period <= FIRST)
    full_run(home, clock)
    version, numbered = current_version(home), register_numbers(home)
    linked_on, link = [], linkage.link

    def slow(records, **given):
        made = link(records, **given)
        linked_on.append(current_version(home))
        if len(linked_on) == 1:
            reshaping.merge(chosen, reason="เห็นเอกสารแล้ว", actor=STEWARD, home=home, clock=clock)
        return made

    bare = numbered.filter(pl.col("juristic_id").is_null())["enterprise_id"].sort()
    chosen = [numbered.drop_nulls("juristic_id")["enterprise_id"].min(), bare[0]]
    records = members(home).filter(pl.col("enterprise_id").is_in(chosen)).select(KEYS)
    monkeypatch.setattr(linkage, "link", slow)
    monkeypatch.setattr(building, "evaluate", lambda **_: None)
    building.build_register(actor=SYSTEM, home=home, clock=clock, threads=1)
    assert len(linked_on) == 2 and linked_on[0] == version != linked_on[1]
    assert members(home).join(records, on=KEYS, how="semi")["enterprise_id"].n_unique() == 1
    assert LinkModel.objects.get().version == current_version(home)


def test_a_register_that_never_rests_is_refused(deliver, home, clock, monkeypatch):
    deliver(lambda one: one.source == "green" and one.period <= FIRST)
    stands = iter(range(10))
    monkeypatch.setattr(linkage, "basis", lambda _: linkage.Basis(str(next(stands)), None))
    with pytest.raises(Conflict, match="register-moved-on"):
        building.build_register(actor=SYSTEM, home=home, clock=clock, threads=1)
    assert current_version(home) is None and next(stands) == 2


def register_numbers(home):
    return pl.read_parquet(home.register / current_version(home) / "enterprises.parquet").select(
        "enterprise_id", "juristic_id"
    )
