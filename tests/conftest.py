"""Tests run on a real PostgreSQL: the embedded one in a folder of their own, or the one DATABASE_URL names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import django
import hypothesis
import pytest

if TYPE_CHECKING:
    from iindustry.config.database import Cluster

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("IINDUSTRY_HOME", str(ROOT / ".cache" / "test-home"))
os.environ.setdefault("IINDUSTRY_DATABASE_ROLE", "owner")
os.environ.setdefault("IINDUSTRY_DEMO", "1")
# Named here and not in pyproject: pytest-django would read the settings before the lines above stand.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")
# A deadline is a timing assertion: a busy machine is no fault of the code (speed is measured in bench/).
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
# At once, and not when pytest is configured: a folder named alone has its own conftest read before that.
django.setup()


def pytest_configure(config: pytest.Config) -> None:
    """Start the database before Django looks for it."""
    if not os.environ.get("DATABASE_URL"):
        from iindustry.config import database

        home = Path(os.environ["IINDUSTRY_HOME"])
        cluster = database.start(home)
        if not (home / "register").exists():  # nothing here that anybody could miss
            _spare_the_disk(cluster)


def _spare_the_disk(cluster: Cluster) -> None:
    """Let the server of tests trust the machine not to lose power; until its next start only: the file says nothing of it.

    What tests kill is a client, a worker or a server of their own. A drop of a database costs 14 ms instead of 0.1 to 3 s.
    """
    import psycopg

    def said(statement: str) -> object:
        """By a connection of its own: it begins with what the server itself has read by then."""
        with psycopg.connect(f"postgresql://postgres@/postgres?host={cluster.socket}", autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone() if cursor.description else None

    said("ALTER SYSTEM SET fsync = off")
    said("SELECT pg_reload_conf()")
    while said("SHOW fsync") != ("off",):
        os.sched_yield()
    said("ALTER SYSTEM RESET fsync")


@pytest.fixture
def clock():
    """A clock that stands at 22 November 2026, 10:00 in Bangkok."""
    from datetime import UTC, datetime

    from iindustry.kernel.clock import FixedClock

    return FixedClock(datetime(2026, 11, 22, 3, 0, tzinfo=UTC))


@pytest.fixture
def home(tmp_path):
    """An empty installation folder."""
    from iindustry.kernel.home import Home

    return Home(tmp_path)


@pytest.fixture(scope="session")
def stage():
    """The demo country, running: one for every whole-system test of a session, started by the first that asks."""
    from stage import open_stage

    yield from open_stage()
