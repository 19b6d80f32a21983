"""A change of the version in force touches what it names and nothing else; what stood before can be asked for."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import polars as pl
import pytest
from django.db import connection

from iindustry.kernel.clock import FixedClock
from iindustry.kernel.errors import Conflict, NotFound
from iindustry.kernel.home import current_version
from iindustry.kernel.progress import silent
from iindustry.linkage import services as linkage
from iindustry.register import lake
from iindustry.register import services as register
from iindustry.register.enterprise import Cause
from iindustry.register.models import Enterprise, Member, PastEnterprise, PastMember, Publication

from .conftest import JURISTIC, ROWS, frame

pytestmark = pytest.mark.django_db

LATER = date(2026, 11, 1)
RENAMED = ROWS[0] | {"delivery_id": "d2", "observed_on": LATER, "name_raw": "บริษัท ริมโขงใหม่ จำกัด"}


@pytest.fixture
def later(clock):
    return FixedClock(clock.now() + timedelta(days=3))


def change_of(before, linked, records):
    """What linking would hand on: the members of every enterprise that differs."""
    key = ["source", "record_key"]
    said = records.group_by(key).agg(pl.len()).select(key)
    both = before.join(linked.members, on=key, how="full", suffix="_new", coalesce=True)
    differs = both.filter(pl.col("enterprise_id").ne_missing(pl.col("enterprise_id_new")))
    newest = records.filter(pl.col("observed_on") == LATER).select(key)
    touched = pl.concat([
        differs["enterprise_id"].drop_nulls(), differs["enterprise_id_new"].drop_nulls(),
        linked.members.join(newest, on=key, how="semi")["enterprise_id"],
    ]).unique().sort()  # fmt: skip
    members = linked.members.filter(pl.col("enterprise_id").is_in(touched.implode()))
    return SimpleNamespace(
        members=members, touched=touched, gone=before.join(said, on=key, how="anti").select(key),
        review_added=linked.review.clear(), review_gone=linked.review.clear().select(
            "left_source", "left_key", "right_source", "right_key"),
        redirects=linked.redirects, journal=linked.journal, quality=linked.quality, state=None, base=None,
    )  # fmt: skip


@pytest.fixture
def change(home, later):
    def run(records):
        before = linkage.earlier_members(home)
        linked = linkage.link(records, earlier=before)
        change = change_of(before.drop("juristic_id"), linked, records)
        return register.publish_change(change, records, home=home, clock=later, progress=silent), linked

    return run


def test_a_changed_version_has_the_bytes_of_a_whole_one(publish, records, change, home, later):
    publish(records)
    whole = pl.concat([records, frame([RENAMED])])
    amended, linked = change(whole)
    files = {name: (home.register / amended.version / f"{name}.parquet").read_bytes() for name in lake.FILES}
    rows = (
        list(Enterprise.objects.order_by("enterprise_id").values()),
        list(Member.objects.order_by("source", "record_key").values()),
    )
    made = register.publish(linked, whole, home=home, clock=later, progress=silent)
    assert {name: (home.register / made.version / f"{name}.parquet").read_bytes() for name in lake.FILES} == files
    again = (
        list(Enterprise.objects.order_by("enterprise_id").values()),
        list(Member.objects.order_by("source", "record_key").values()),
    )
    assert again == rows
    assert (amended.enterprises, amended.records) == (made.enterprises, made.records)
    assert current_version(home) == made.version


def test_only_touched_rows_are_made_anew(publish, records, change):
    publish(records)
    ours = register.find_by_juristic_id(JURISTIC).enterprise_id
    change(pl.concat([records, frame([RENAMED])]))
    assert register.get_enterprise(ours).name_th == "บริษัท ริมโขงใหม่ จำกัด"
    assert set(Enterprise.objects.filter(since=2).values_list("enterprise_id", flat=True)) == {ours}
    assert set(PastEnterprise.objects.values_list("enterprise_id", "since", "until")) == {(ours, 1, 2)}
    assert list(PastMember.objects.values_list("source", "delivery_id", "since", "until")) == [("dbd", "d1", 1, 2)]


def test_a_record_that_is_gone_takes_its_enterprise_along(publish, records, change):
    publish(records)
    gone = register.search("อื่นไกล")[0].enterprise_id
    change(frame(ROWS[:4]))
    with pytest.raises(NotFound, match="enterprise-unknown"):
        register.get_enterprise(gone)
    assert Enterprise.objects.count() == 2


def test_no_change_before_the_first_version(home, clock, records):
    with pytest.raises(Conflict, match="register-absent"):
        register.publish_change(SimpleNamespace(), records, home=home, clock=clock, progress=silent)


@pytest.mark.django_db(transaction=True)
def test_broken_off_at_any_statement_a_change_leaves_the_old_version(publish, records, change, home):
    first = publish(records)
    whole = pl.concat([records, frame([RENAMED])])
    at = 0
    while True:
        at += 1
        try:
            with connection.execute_wrapper(_break_at(at)):
                change(whole)
        except _BrokenOffError:
            assert current_version(home) == first.version
            assert Publication.objects.count() == 1
            assert PastMember.objects.count() == 0
            assert register.find_by_juristic_id(JURISTIC).name_th == "บริษัท ริมโขงแปรรูปอาหาร จำกัด"
            continue
        break
    assert at > 15
    assert register.find_by_juristic_id(JURISTIC).name_th == "บริษัท ริมโขงใหม่ จำกัด"


def test_the_register_as_it_stood_on_a_day(publish, records, change, clock):
    publish(records)
    ours = register.find_by_juristic_id(JURISTIC)
    change(pl.concat([records, frame([RENAMED])]))
    then = register.history(ours.enterprise_id, as_of=clock.today())
    assert then == ours
    now = register.history(ours.enterprise_id, as_of=clock.today() + timedelta(days=3))
    assert now == register.get_enterprise(ours.enterprise_id)
    assert now.name_th != then.name_th
    with pytest.raises(NotFound, match="version-absent"):
        register.history(ours.enterprise_id, as_of=clock.today() - timedelta(days=1))
    with pytest.raises(NotFound, match="enterprise-unknown"):
        register.history("ENT-0000000000A", as_of=clock.today())


def test_two_versions_compared_say_what_changed_and_why(publish, records, change):
    first = publish(records)
    ours = register.find_by_juristic_id(JURISTIC).enterprise_id
    gone = register.search("อื่นไกล")[0].enterprise_id
    second, _ = change(pl.concat([frame(ROWS[:4]), frame([RENAMED])]))
    found = register.compare(first.version, second.version)
    assert found == register.compare(second.version, first.version)
    assert (found.added, found.gone) == ((), (gone,))
    assert found.counts == {"enterprises_added": 0, "enterprises_gone": 1, "enterprises_changed": 1,
                            "records_moved": 0, "records_added": 0, "records_gone": 1}  # fmt: skip
    assert found.moved == (), "a record that went has not moved"
    assert gone in found.gone
    [name] = [one for one in found.changed if one.field == "entity.name_th"]
    assert (name.enterprise_id, name.before, name.after) == (
        ours, "บริษัท ริมโขงแปรรูปอาหาร จำกัด", "บริษัท ริมโขงใหม่ จำกัด")  # fmt: skip
    assert (name.cause, name.source, name.record_key, name.delivery_id) == (Cause.DELIVERY, "dbd", JURISTIC, "d2")
    assert register.compare(first.version, first.version).counts["enterprises_changed"] == 0
    with pytest.raises(NotFound, match="version-absent"):
        register.compare(first.version, "r0")


class _BrokenOffError(Exception):
    """The process is gone."""


def _break_at(number):
    count = 0

    def wrapper(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == number:
            raise _BrokenOffError
        return execute(sql, params, many, context)

    return wrapper
