"""Look-up: half a name, slips, numbers, redirects; lists are ordered and limited."""

from __future__ import annotations

import pytest
from django.db import connection

from iindustry.kernel.errors import NotFound
from iindustry.linkage.models import Redirect
from iindustry.register import bulk, searching
from iindustry.register import services as register

from .conftest import JURISTIC

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(publish, records):
    return publish(records)


@pytest.mark.parametrize("typed", ["ริมโขงแปรรูปอาหาร", "บริษัท ริมโขงแปรรูปอาหาร จำกัด", "บจก.ริมโขงแปร", "แปรรูปอาหาร",
                                   "ริม โขงแปร", "ริมโขงแปรรูบอาหาร", JURISTIC, "0-4955-60900-01-6", "20499000125617"])  # fmt: skip
def test_an_enterprise_is_found_by(typed):
    assert [hit.juristic_id for hit in register.search(typed)] == [JURISTIC]


@pytest.mark.parametrize("typed", ["", " ", "ก", "%", "_", "\\", "ไม่มีกิจการชื่อเช่นนี้เลย", "9999999999999"])
def test_nothing_is_found_by(typed):
    assert register.search(typed) == []


def test_an_old_id_leads_to_the_new(published):
    hit = register.search(JURISTIC)[0]
    Redirect.objects.create(old_id="ENT-0000000000A", new_id=hit.enterprise_id, version=published.version)
    assert register.get_enterprise("ENT-0000000000A").enterprise_id == hit.enterprise_id


def test_a_name_is_asked_alone_and_follows_merging(published, django_assert_num_queries):
    hit = register.search(JURISTIC)[0]
    with django_assert_num_queries(1):
        name = register.name_of(hit.enterprise_id)
    assert (name.th, name.en) == (hit.name_th, hit.name_en or hit.name_th)
    Redirect.objects.create(old_id="ENT-0000000000A", new_id=hit.enterprise_id, version=published.version)
    assert register.name_of("ENT-0000000000A") == name
    everybody = register.list_enterprises(limit=10)
    with django_assert_num_queries(1):
        names = register.names_of([one.enterprise_id for one in everybody])
    assert {one: words.th for one, words in names.items()} == {one.enterprise_id: one.name_th for one in everybody}
    assert register.names_of(["ENT-0000000000B"]) == {}
    with pytest.raises(NotFound, match="enterprise-unknown"):
        register.name_of("ENT-0000000000B")


@pytest.mark.parametrize("statement", [searching.SQL_SUBSTRING, searching.SQL_SIMILAR])
def test_search_uses_the_trigram_index_of_every_shard(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + statement, searching.parameters("ริมโขง", None, 20))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert [name for name in (f"register_search_text_{n}" for n in range(len(bulk.SHARDS))) if name not in plan] == []


def test_every_id_is_in_one_shard():
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    values = ", ".join(f"('ENT-A{sign}AAAAAAAAA')" for sign in signs)
    held = " + ".join(f"({shard})::int" for shard in bulk.SHARDS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {held} FROM (VALUES {values}) AS one(enterprise_id)")  # noqa: S608 - constants
        assert cursor.fetchall() == [(1,)]
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT count(*) FROM (VALUES {values}) AS one(enterprise_id) WHERE {shard}"  # noqa: S608 - constants
                for shard in bulk.SHARDS
            )
        )
        assert [row[0] for row in cursor.fetchall()] == [4] * 8


def test_lists_are_ordered_and_limited():
    first = register.list_enterprises(limit=1)
    rest = register.list_enterprises(after=first[0].enterprise_id, limit=10)
    assert len(rest) == 2
    assert [one.enterprise_id for one in first + rest] == sorted(one.enterprise_id for one in first + rest)
    assert register.list_enterprises(province="10", limit=5)[0].name_th == "ห้างหุ้นส่วนจำกัด อื่นไกล"


def test_a_natural_person_is_marked():
    hit = next(one for one in register.list_enterprises(limit=10) if one.is_person)
    assert register.get_enterprise(hit.enterprise_id).is_person
