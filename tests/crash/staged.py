"""Worlds that stand still: a small country at some points of its life, each a database and a folder, entered as a fresh copy.

A case begins from the same bytes as every other one of its flow, so that what it leaves is compared with what the flow
leaves when nobody kills it. The database of a test is copied, never written to.
"""

from __future__ import annotations

import itertools
import os
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection

from crash import world
from iindustry.kernel.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REGISTERS = ("dbd", "diw", "dip", "tisi")
_WORN = 25
FIRST, SECOND = "2026-10", "2026-11"


class Stages:
    """`folder/<name>` and the database `crash_<pid>_<name>` of each stage kept; `work` is the copy that is acted on.

    Each copy is a database of its own, and old ones go away many at once: a server stops to write out all it holds at every
    drop, and after the first of many there is nothing left to write.
    """

    def __init__(self, folder: Path, settings: Any) -> None:
        self.folder, self.settings = folder, settings
        self.test_database = connection.settings_dict["NAME"]
        self.cases: dict[str, Any] = {}
        self._kept: list[str] = []
        self._copies = itertools.count(1)
        self._worn: list[str] = []
        self.database = self._copy_of(self.test_database)
        self.home.root.mkdir()
        settings.HOME = self.home

    @property
    def home(self) -> Home:
        """The folder that is acted on: always the same place, so that no path tells one case from another."""
        return Home(self.folder / "work")

    def keep(self, name: str) -> None:
        """Keep the world as it stands now."""
        connection.close()
        self._copy_database(self.database, name)
        shutil.copytree(self.home.root, self.folder / name)
        self._kept.append(name)

    def enter(self, name: str, *, rows: bool = True, files: bool = True) -> None:
        """Stand in a fresh copy of a kept world; of its `rows` or its `files` alone where the other half is untouched."""
        if rows:
            self._worn.append(self.database)
            if len(self._worn) >= _WORN:
                self._drop_worn()
            self.database = self._copy_of(self._database(name))
        if files:
            shutil.rmtree(self.home.root)
            shutil.copytree(self.folder / name, self.home.root)

    def close(self) -> None:
        """Back to the test's own database, and every copy away."""
        self._worn += [self.database, *(self._database(name) for name in self._kept)]
        self._drop_worn()
        self._use(self.test_database)

    def _database(self, name: str) -> str:
        return f"crash_{os.getpid()}_{name}"

    def _use(self, database: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = database

    def _copy_of(self, source: str) -> str:
        """A copy to act on, and every connection to it from now on."""
        name = f"work{next(self._copies)}"
        self._copy_database(source, name)
        self._use(self._database(name))
        return self._database(name)

    def _copy_database(self, source: str, name: str) -> None:
        connection.close()
        _administer(f'CREATE DATABASE "{self._database(name)}" TEMPLATE "{source}"')

    def _drop_worn(self) -> None:
        connection.close()
        while self._worn:
            _drop(self._worn.pop())


def _drop(database: str) -> None:
    """Drop it, whoever is left in it of a killed child.

    The server's own cleaner may stand in it too, whom only a superuser may end: a drop without force asks it to leave, and waits.
    """
    try:
        _administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    except psycopg.errors.InsufficientPrivilege:
        _administer(f'DROP DATABASE IF EXISTS "{database}"')


def _administer(statement: str) -> None:
    how = {name: value for name, value in connection.get_connection_params().items() if name in _PLACE}
    with psycopg.connect(**{**how, "dbname": "postgres"}, autocommit=True) as link:
        link.execute(statement)


_PLACE = ("user", "password", "host", "port")


def build(stages: Stages, made: Path) -> None:
    """The life of the country: two months delivered, one linked, then what stewards do to it. `stages.cases` says on what."""
    from crash import register_flows as flows
    from iindustry.generate.services import make_country
    from iindustry.kernel.actors import SYSTEM
    from iindustry.ledger import services as ledger
    from iindustry.protection import services as protection
    from iindustry.sources import services as sources

    country = make_country(
        made, enterprises=200, seed=6, as_of=date(2026, 11, 20), periods=2, registers=REGISTERS
    )  # fmt: skip

    def deliver(period: str) -> None:
        for one in country.deliveries:
            if one.period == period:
                sources.deliver(
                    one.path, source=one.source, filename=one.path.name, period=one.period, scope=one.scope,
                    actor=SYSTEM, home=stages.home, clock=world.CLOCK,
                )  # fmt: skip

    def staged(start: str, name: str, change: Callable[[], dict[str, Any]]) -> None:
        stages.enter(start)
        stages.cases[name] = change()
        stages.keep(name)

    protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=world.CLOCK)
    ledger.seal(clock=world.CLOCK)
    deliver(FIRST)
    stages.keep("delivered")
    flows.build()
    stages.cases["published"] = flows.chosen()
    stages.keep("published")
    chosen = stages.cases["published"]
    deliver(SECOND)
    stages.keep("second")
    staged("published", "judged", lambda: chosen | flows.judge(chosen))
    staged("published", "merged", lambda: chosen | flows.merge(chosen))
    staged("published", "split", lambda: chosen | flows.split(chosen))
    staged("published", "staked", lambda: chosen | flows.apply_for(chosen))
    staged("staked", "proposed", lambda: chosen | flows.merge(chosen))
