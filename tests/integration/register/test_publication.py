"""Publishing: one whole version in force, the same again changes nothing, killed at any statement the old one stays."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.db import connection

from iindustry.kernel.errors import NotFound
from iindustry.kernel.home import current_version
from iindustry.kernel.progress import silent
from iindustry.ledger import services as ledger
from iindustry.linkage import services as linkage
from iindustry.register import services as register
from iindustry.register.enterprise import Rule, stale
from iindustry.register.models import Enterprise, Version

from .conftest import JURISTIC, ROWS, frame

pytestmark = pytest.mark.django_db


def test_values_say_who_says_what_and_why_it_is_believed(publish, records):
    publish(records)
    found = register.find_by_juristic_id(JURISTIC)
    assert found is not None
    name = found.value_of("entity.name_th")
    assert (name.value, name.source, name.rule, name.as_of) == (
        "บริษัท ริมโขงแปรรูปอาหาร จำกัด", "dbd", Rule.SOURCE, date(2026, 10, 1))  # fmt: skip
    assert ("diw", "บริษัท ริมโขงเปรรูปอาหารร จำกัด") in [(one.source, one.value) for one in name.competing]
    assert {one.source: one.link_ground for one in found.records} == {"dbd": "id", "diw": "model", "tisi": "id"}
    assert found.value_of("entity.size_class").value == "small"
    assert found.value_of("entity.size_class").basis == "2562-revenue/revenue"
    assert found.value_of("entity.worker_count").value == 38
    assert found.value_of("standard.licences").value == ("มอก. 919",)
    assert found.value_of("participation.joined").value == ()
    assert found.value_of("participation.joined").rule is Rule.NO_ROW
    assert found.value_of("person.phone") is None
    [site] = found.establishments
    assert site.value_of("area.sez").value is True
    assert site.value_of("standard.green_level") is None, "green was never delivered: unknown, not none"
    assert site.factory_id == "20499000125617"
    assert stale(found.value_of("entity.status"), date(2026, 12, 1))
    assert not stale(found.value_of("entity.registered_on"), date(2090, 1, 1))


def test_the_same_input_is_the_same_version_and_bytes(publish, records, home):
    first = publish(records)
    files = {path.name: path.read_bytes() for path in (home.register / first.version).iterdir()}
    seen = ledger.list_entries(kind="register.published", limit=10)
    again = publish(records.reverse())
    assert again.version == first.version == current_version(home)
    assert {path.name: path.read_bytes() for path in (home.register / first.version).iterdir()} == files
    assert len(ledger.list_entries(kind="register.published", limit=10)) == len(seen) == 1


def test_lake_and_serving_copy_agree(publish, records, home):
    report = publish(records)
    wide = pl.read_parquet(home.register / report.version / "enterprises.parquet")
    row = wide.filter(pl.col("juristic_id") == JURISTIC).row(0, named=True)
    found = register.find_by_juristic_id(JURISTIC)
    assert row["enterprise_id"] == found.enterprise_id
    assert row["entity__revenue_satang"] == found.value_of("entity.revenue_satang").value
    assert row["entity__revenue_satang__as_of"] == date(2026, 10, 1)
    assert row["standard__licences"] == ["มอก. 919"]
    assert not [name for name in wide.columns if "phone" in name], "wide frames go to analysis, which knows no person"
    assert report.enterprises == wide.height == Enterprise.objects.count()


def test_a_later_delivery_keeps_the_id_and_the_old_word(publish, records):
    publish(records)
    before = register.find_by_juristic_id(JURISTIC).enterprise_id
    renamed = ROWS[0] | {"delivery_id": "d2", "observed_on": date(2026, 11, 1), "name_raw": "บริษัท ริมโขงใหม่ จำกัด"}
    publish(pl.concat([records, frame([renamed])]))
    found = register.find_by_juristic_id(JURISTIC)
    assert found.enterprise_id == before
    assert found.name_th == "บริษัท ริมโขงใหม่ จำกัด"


def test_an_enterprise_that_is_gone_is_not_found(publish, records):
    publish(records)
    gone = register.search("อื่นไกล")[0].enterprise_id
    publish(frame(ROWS[:4]))
    with pytest.raises(NotFound, match="enterprise-unknown"):
        register.get_enterprise(gone)


@pytest.mark.django_db(transaction=True)
def test_broken_off_at_any_statement_the_old_version_stays_and_a_repeat_completes(publish, records, home, clock):
    first = publish(records)
    smaller = frame(ROWS[:3])
    linked = linkage.link(smaller, earlier=linkage.earlier_members(home))
    at = 0
    while True:
        at += 1
        broken = _break_at(at)
        try:
            with connection.execute_wrapper(broken):
                register.publish(linked, smaller, home=home, clock=clock, progress=silent)
        except _BrokenOffError:
            assert current_version(home) == first.version
            assert Version.objects.get(is_current=True).version == first.version
            assert register.search("อื่นไกล"), f"statement {at} left a mixture"
            continue
        break
    assert at > 10
    assert current_version(home) != first.version
    assert not register.search("อื่นไกล")
    assert ledger.verify().ok


def test_current_is_mended_when_the_process_died_after_the_commit(publish, records, home):
    report = publish(records)
    (home.register / "CURRENT").write_text("r0000000000000000", encoding="ascii")
    assert register.settle(home) == report.version == current_version(home)


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
