"""`doctor`: looks at what the installation needs and prints, for each thing that is missing, how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from iindustry.cli.output import REFUSED, AsJson, pick, say, show
from iindustry.config import database
from iindustry.config.environment import UnknownSetting, environment, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LEAST_PYTHON = (3, 11)
_LEAST_FREE_GIB = 2
_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One look: whether it is well, what was found, and how to mend it."""

    name: str
    ok: bool
    found: str
    fix: str = ""


def doctor(*, as_json: AsJson = False) -> None:
    """Check Python, folder, disk, database, roles, keys, words; print the fix of what is wrong."""
    findings = list(_looked())
    text = "\n".join(_line(one) for one in findings)
    show({"ok": all(one.ok for one in findings), "findings": findings}, as_json=as_json, text=text)
    if not all(one.ok for one in findings):
        raise typer.Exit(REFUSED)
    if not as_json:
        say(pick("ทุกอย่างพร้อม", "All is well."))


def _looked() -> Iterator[Finding]:
    """Every look in turn; after a setting that nobody reads there is nothing to look with."""
    for look in _LOOKS:
        for one in look():
            yield one
            if one.name == "settings" and not one.ok:
                return


def _line(one: Finding) -> str:
    mark = pick("ดี", "ok") if one.ok else pick("ต้องแก้", "FIX")
    return f"{mark:6} {one.name}: {one.found}" + (f"\n       {one.fix}" if not one.ok and one.fix else "")


def _python() -> Iterator[Finding]:
    ok = sys.version_info[:2] >= _LEAST_PYTHON
    yield Finding("python", ok, platform.python_version(), "Install Python 3.11 or newer and run make setup again.")


def _settings() -> Iterator[Finding]:
    try:
        found = environment()
    except UnknownSetting as error:
        known = ", ".join(sorted(names()))
        yield Finding(
            "settings", ok=False, found=f"no such setting: {error}", fix=f"Correct the name; known are {known}."
        )
        return
    yield Finding("settings", ok=True, found=f"home {found.home}, {'demo' if found.is_demo else 'real'}")


def _folder() -> Iterator[Finding]:
    home = environment().home
    there = next(one for one in (home, *home.parents) if one.exists())
    found = str(home) if there == home else f"{home}, made at the first start"
    is_ours = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    yield Finding("folder", is_ours, found, "Set IINDUSTRY_HOME to a folder that this user may write to.")
    free = shutil.disk_usage(there).free // _GIB
    yield Finding("disk", free >= _LEAST_FREE_GIB, f"{free} GiB free", f"Free at least {_LEAST_FREE_GIB} GiB.")


def _reading() -> Iterator[Finding]:
    """Agencies' files are read in a process of its own; whether it can be kept from the network depends on the machine."""
    from iindustry.sources import limited

    cut = limited.is_cut_off()
    said = "files are read by a process without network" if cut else "limited, but not cut off from the network here"
    yield Finding("reading", ok=True, found=said)


def _database() -> Iterator[Finding]:
    if environment().database_url:
        yield from _roles(str(environment().database_url))
        return
    cluster = database.cluster_of(environment().home)
    running = database.is_running(cluster)
    yield Finding("database", ok=True, found=f"embedded, {'running' if running else 'starts with up'}, {cluster.data}")
    if running:
        yield from _roles(cluster.url("ii_app"))


def _roles(url: str) -> Iterator[Finding]:
    """What the application connects as may not be superuser, skip row policies, or own tables."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version_num')::int, rolsuper, rolbypassrls, rolname,"
                " (SELECT count(*) FROM pg_tables WHERE tableowner = rolname AND schemaname = 'public'),"
                " show_trgm('โรงงาน') <> '{}' FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        yield Finding(
            "database",
            ok=False,
            found=type(error).__name__,
            fix="Start it with i-industry up, or correct DATABASE_URL.",
        )
        return
    assert row is not None  # noqa: S101 - one row for the current user
    version, is_super, bypasses, name, owned, thai = row
    yield Finding("postgresql", version >= 150_000, str(version), "PostgreSQL 15 or newer is needed.")  # noqa: PLR2004
    rights_ok = not is_super and not bypasses and not owned
    yield Finding(
        "role", rights_ok, f"{name}, owns {owned} tables", "Connect as ii_app: no superuser, owner of nothing."
    )
    yield Finding("thai search", bool(thai), "trigrams of Thai words", "Make the database with a UTF-8 character type.")


def _keys() -> Iterator[Finding]:
    folder = environment().paths.keys
    if not folder.exists():
        yield Finding("keys", ok=True, found="made at the first start")
        return
    open_ones = [path.name for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_mode & 0o077]
    yield Finding("keys", not open_ones, f"{folder}", f"chmod 600: {', '.join(open_ones[:5])}")


def _words() -> Iterator[Finding]:
    from iindustry.config.words import all_words

    yield Finding(
        "words", bool(all_words()), f"{len(all_words())} codes in Thai and English", "Install the package again."
    )


_LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (_python, _settings, _folder, _reading, _database, _keys, _words)
