"""Whether a database already has the shape of this code: a digest of what gives it, noted in the database by its migration.

A look costs a connection; the migration itself costs a process that loads everything, at every start of every command.
Invariant: the note is written last, by whoever migrated, so a note that fits means that nothing is to be done.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import psycopg

_ROOT = Path(__file__).resolve().parents[1]
_MADE_BY = ("*/migrations/*.py", "*/grants.py", "config/migrate.py")
_OTHERS = ("django", "django-allauth", "procrastinate")  # whose migrations run beside ours
NOTED = "SELECT obj_description('public'::regnamespace, 'pg_namespace')"
NOTE = "COMMENT ON SCHEMA public IS '{digest}'"


@cache
def digest() -> str:
    """A digest of every migration, of the grants, and of the packages that bring migrations of their own."""
    told = hashlib.sha256()
    for path in sorted({path for pattern in _MADE_BY for path in _ROOT.glob(pattern)}):
        told.update(f"{path.relative_to(_ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    for name in _OTHERS:
        told.update(f"{name} {version(name)}\n".encode())
    return f"i-industry shape {told.hexdigest()}"


def answers(url: str) -> bool:
    """Whether a database takes a connection at `url`."""
    try:
        with psycopg.connect(url, connect_timeout=5):
            return True
    except psycopg.Error:
        return False


def is_current(url: str) -> bool:
    """Whether the database at `url` was migrated by this very code. Not known is no."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(NOTED).fetchone()
    except psycopg.Error:
        return False
    return row == (digest(),)
