"""What a run records is written by the worker and the page alike: neither owns a table."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from iindustry.linkage import services as linkage
from iindustry.linkage.models import LinkKey
from iindustry.linkage.services import looking_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked():
    from country import make

    return linkage.link(make(60, seed=2).records)


@pytest.mark.parametrize("role", ["ii_worker", "ii_app"])
def test_a_run_is_recorded_by_a_role_that_owns_nothing(linked, role):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role)
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO " + role)
        cursor.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO " + role)
        cursor.execute("SET LOCAL ROLE " + role)
        linkage.record_run(linked, version="r1")
        linkage.record_run(linked, version="r2")
        looking_up.keep_rows(linked.state, linked.members)
        looking_up.keep_rows(linked.state, linked.members)
        looking_up.keep_model(linked.state, version="r2")
        cursor.execute("RESET ROLE")
    assert LinkKey.objects.count() > 60
    assert set(LinkKey.objects.values_list("enterprise_id", flat=True)) <= set(
        linked.members.get_column("enterprise_id").to_list()
    )
