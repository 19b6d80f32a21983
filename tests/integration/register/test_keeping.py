"""Old versions are taken away and what is needed stays; a worse version is kept and not published; unknown is no zero."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.home import current_version
from iindustry.kernel.progress import silent
from iindustry.linkage import services as linkage
from iindustry.register import services as register
from iindustry.register.models import Version
from iindustry.register.services import keeping, publication

from .conftest import JURISTIC, ROWS, frame

pytestmark = pytest.mark.django_db


def named(number):
    return frame([*ROWS[:1], {**ROWS[2], "record_key": f"L{number}"}, *ROWS[3:]])


@pytest.fixture
def five(publish):
    return [publish(named(number)).version for number in range(5)]


def folders(home):
    return {one.name for one in home.register.iterdir() if one.is_dir()}


def test_the_newest_stay_and_looking_back_goes_on(five, home, clock):
    (home.linkage / five[0]).mkdir(parents=True, exist_ok=True)
    done = register.prune(home=home, clock=clock, keep=2)
    assert (set(done.kept), done.gone) == (set(five[3:]), tuple(sorted(five[:3])))
    assert folders(home) == set(five[3:])
    assert not (home.linkage / five[0]).exists()
    assert done.freed > 0
    assert register.compare(five[0], five[4]).counts["records_added"] == 1
    assert register.prune(home=home, clock=clock, keep=2).gone == ()


def test_what_is_shown_or_named_stays_whatever_its_age(five, home, clock):
    (home.register / "COUNTED").write_text(five[1], encoding="ascii")
    register.prune(home=home, clock=clock, keep=1, named=[five[0]])
    assert folders(home) == {five[0], five[1], five[4]}


def test_a_version_that_came_back_is_as_new_as_its_last_publication(publish, home, clock):
    first = publish(named(1)).version
    second = publish(named(2)).version
    assert publish(named(1)).version == first
    register.prune(home=home, clock=clock, keep=1)
    assert folders(home) == {first}
    assert first != second


def test_what_was_never_put_in_force_waits_for_thirty_days(five, home, clock):
    for name, days in (("r-young", 29), ("r-old", 31)):
        folder = home.register / name
        folder.mkdir()
        then = (clock.now() - timedelta(days=days)).timestamp()
        os.utime(folder, (then, then))
    register.prune(home=home, clock=clock, keep=5)
    assert folders(home) == {*five, "r-young"}


def test_nothing_is_kept_of_none_and_no_name_is_guessed(five, home, clock):
    with pytest.raises(Rejected, match="versions-kept-none"):
        register.prune(home=home, clock=clock, keep=0)
    with pytest.raises(NotFound, match="version-absent"):
        register.prune(home=home, clock=clock, named=["r-unknown"])
    assert folders(home) == set(five)


def test_a_taking_away_that_broke_off_is_finished_by_the_next(five, home, clock, monkeypatch):
    taken = keeping.shutil.rmtree
    monkeypatch.setattr(keeping.shutil, "rmtree", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        register.prune(home=home, clock=clock, keep=1)
    monkeypatch.setattr(keeping.shutil, "rmtree", taken)
    register.prune(home=home, clock=clock, keep=1)
    assert folders(home) == {five[4]}
    assert current_version(home) == five[4]


def test_a_version_that_links_worse_is_kept_and_not_put_in_force(publish, home, clock, monkeypatch):
    before = publish(named(1)).version
    Version.objects.filter(version=before).update(quality={"f1": 0.99})
    linked = linkage.link(named(2), earlier=linkage.earlier_members(home), seed=1)
    worse = replace(linked, quality={**linked.quality, "f1": 0.5})

    def published(**said):
        return register.publish(worse, named(2), home=home, clock=clock, progress=silent, **said)

    Version.objects.update(record_count=publication.SURE_FROM)
    monkeypatch.setattr(publication, "SURE_FROM", 4)
    with pytest.raises(Conflict, match="register-worse") as refused:
        published()
    assert (home.register / refused.value.facts["version"]).is_dir()
    assert current_version(home) == before
    assert published(anyway=True).version == refused.value.facts["version"] == current_version(home)


def test_below_the_floor_the_measure_is_a_play_of_chance(publish, home, clock):
    before = publish(named(1)).version
    Version.objects.filter(version=before).update(quality={"f1": 0.99})
    linked = linkage.link(named(2), earlier=linkage.earlier_members(home), seed=1)
    worse = replace(linked, quality={**linked.quality, "f1": 0.5})
    Version.objects.update(record_count=publication.SURE_FROM)
    report = register.publish(worse, named(2), home=home, clock=clock, progress=silent)
    assert report.records < publication.SURE_FROM
    assert current_version(home) == report.version != before


def test_without_the_register_of_factories_sites_are_unknown_and_not_none(publish, home):
    publish(frame([ROWS[0], ROWS[2]]))
    assert register.find_by_juristic_id(JURISTIC).value_of("entity.establishment_count") is None
    assert [one.establishment_count for one in register.list_enterprises()] == [None]
    assert register.search("ริมโขงแปรรูป")[0].establishment_count is None
    wide = pl.read_parquet(home.register / current_version(home) / "enterprises.parquet")
    assert wide["entity__establishment_count"].to_list() == [None]
    publish(frame([ROWS[0], ROWS[2], ROWS[3]]))
    found = register.find_by_juristic_id(JURISTIC).value_of("entity.establishment_count")
    assert (found.value, found.basis) == (0, "count")
    assert sorted(one.establishment_count for one in register.list_enterprises()) == [0, 1]
