"""What pages and jobs may do to the database: all they need, nothing that only the owner may."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from iindustry.config.migrate import WORKING_ROLES, grant

pytestmark = pytest.mark.django_db


@pytest.fixture(params=WORKING_ROLES)
def as_role(request):
    with connection.cursor() as cursor:
        grant(cursor)
        cursor.execute(f"SET LOCAL ROLE {request.param}")
        yield cursor


def test_a_working_role_reads_and_writes_rows(as_role):
    as_role.execute("SELECT count(*) FROM flows_work")
    as_role.execute("SELECT count(*) FROM procrastinate_jobs")
    assert as_role.fetchone() is not None


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE sneaked (id int)",
        "ALTER TABLE flows_work ADD COLUMN sneaked int",
        "DROP TABLE flows_work",
        "TRUNCATE ledger_entry",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_leaf SET index = 0",
        "DELETE FROM django_migrations",
        "CREATE ROLE sneaked",
    ],
)
def test_a_working_role_may_not(as_role, statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        as_role.execute(statement)


def test_no_working_role_is_superuser_or_owns_a_table():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolcreaterole)"
            " ORDER BY rolname",
            [list(WORKING_ROLES)],
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = ANY(%s)", [list(WORKING_ROLES)])
        assert cursor.fetchone() == (0,)
