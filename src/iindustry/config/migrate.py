"""Bring the database to the shape of the code, as its owner, and hand the two working roles what they need, no more.

Run as `python -m iindustry.config.migrate`, in a process of its own, because a process connects in one role only.
Invariant: pages (`ii_app`) and jobs (`ii_worker`) own no table, and what `ledger` and `protection` withhold stays withheld.
"""

from __future__ import annotations

import contextlib
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from iindustry.config import shape

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_LOCK = 4_711_001
WORKING_ROLES = ("ii_app", "ii_worker")

# One statement each, in order; {role} is one of WORKING_ROLES.
GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
)

# Modules whose `sql()` takes back what their rows may not suffer (an append-only log, for one).
OWN_GRANTS = ("iindustry.ledger.grants", "iindustry.protection.grants")


def migrate() -> None:
    """Migrate, then grant. Two at once: the second waits, then finds nothing to do."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            grant(cursor)
            _note(cursor)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def grant(cursor: CursorWrapper) -> None:
    """Hand the working roles their rights. A role that an outside database does not have is passed over."""
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) ORDER BY rolname", [list(WORKING_ROLES)])
    present = [row[0] for row in cursor.fetchall()]
    for role in present:
        for statement in GRANTS:
            cursor.execute(statement.format(role=role))
    for name in OWN_GRANTS:
        if find_spec(name):
            cursor.execute(import_module(name).sql())


def _note(cursor: CursorWrapper) -> None:
    """Note whose shape the database has now; where its owner may not, it is migrated at every start."""
    from django.db import DatabaseError, transaction

    with contextlib.suppress(DatabaseError), transaction.atomic():
        cursor.execute(shape.NOTE.format(digest=shape.digest()))


def main() -> int:
    """The command of the child process."""
    os.environ["IINDUSTRY_DATABASE_ROLE"] = "owner"  # noqa: TID251 - before the settings are read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251
    import django

    django.setup()
    migrate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
