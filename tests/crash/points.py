"""The points of a process: before and after every SQL statement, COPY, commit, rename, link and fsync.

Hooks sit on psycopg itself, so that what goes round Django's wrappers (COPY, raw cursors) is seen as well.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg


@dataclass
class Points:
    """Counts points from 1, and kills its own process at one of them. `labels` says what stood at each."""

    kill_at: int | None = None
    labels: list[str] = field(default_factory=list)

    def pass_by(self, label):
        self.labels.append(label)
        if len(self.labels) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def around(self, label):
        self.pass_by(f"before {label}")
        yield
        self.pass_by(f"after {label}")

    def install(self):
        """Put the hooks in place, in a child that will end by `_exit` or by the kill."""
        self._wrap(psycopg.Cursor, "execute", lambda args: _words(args[1]))
        self._wrap(psycopg.Cursor, "executemany", lambda args: _words(args[1]))
        self._wrap(psycopg.Connection, "commit", lambda _: "COMMIT")
        for name in ("rename", "replace", "link"):
            self._wrap(os, name, lambda args, name=name: f"{name} {os.path.basename(args[1])}")  # noqa: PTH119
        self._wrap(os, "fsync", lambda _: "fsync")
        plain_copy = psycopg.Cursor.copy

        @contextmanager
        def copy(cursor, statement, *args, **kwargs):
            with self.around(_words(statement)), plain_copy(cursor, statement, *args, **kwargs) as opened:
                yield opened

        psycopg.Cursor.copy = copy

    def _wrap(self, owner, name, label_of):
        plain = getattr(owner, name)

        def wrapped(*args, **kwargs):
            with self.around(label_of(args)):
                return plain(*args, **kwargs)

        setattr(owner, name, wrapped)


def _words(statement):
    text = (
        statement
        if isinstance(statement, str)
        else statement.decode()
        if isinstance(statement, bytes)
        else str(statement)
    )
    return " ".join(text.split())[:60]
