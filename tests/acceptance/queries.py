"""Counts the SQL statements of pages: Django's own client in the running country's environment, on its rows.

Reads a list of (sign-in name or null, address) as JSON, prints a list of (status, statements) as JSON. Each page is asked for
twice and the second is counted: what a process keeps for good is kept in the web process too.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - Django must stand first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOUSEKEEPING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")


OFTEN = 3


def counted(asked: list[tuple[str | None, str]]) -> list[dict[str, object]]:
    """Status and statements of each page; `often` are those of one shape that came more than three times."""
    clients: dict[str | None, Client] = {}
    found = []
    for login, path in asked:
        client = clients.setdefault(login, _client(login))
        client.get(path).close()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        answer.close()
        done = [one["sql"] for one in captured.captured_queries if not one["sql"].startswith(HOUSEKEEPING)]
        often = {sql[:160]: count for sql, count in Counter(map(_shape, done)).items() if count > OFTEN}
        found.append({"status": answer.status_code, "count": len(done), "often": often})
    return found


def _client(login: str | None) -> Client:
    client = Client(raise_request_exception=False)
    if login is not None:
        client.force_login(get_user_model().objects.get(username=login), backend=BACKEND)
    return client


def _shape(sql: str) -> str:
    """A statement without its values, near enough to see the same one again and again."""
    return " ".join("?" if any(sign in word for sign in "'0123456789") else word for word in sql.split())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(counted(json.loads(sys.stdin.read())), ensure_ascii=False))
