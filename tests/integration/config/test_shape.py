"""A database tells whose shape it has, so that a start with nothing to migrate loads nothing to find that out."""

from __future__ import annotations

import pytest
from django.db import connection

from iindustry.config import migrate, shape


def url():
    how = connection.get_connection_params()
    return f"postgresql://ii_app@/{how['dbname']}?host={how['host']}"


@pytest.mark.django_db(transaction=True)
def test_what_this_code_migrated_is_current_until_the_code_changes(monkeypatch):
    if not connection.settings_dict["HOST"].startswith("/"):
        pytest.skip("an outside server may let nobody in without a password")
    assert not shape.is_current(url())
    try:
        migrate.migrate()
        assert shape.is_current(url())
        monkeypatch.setattr(shape, "digest", lambda: "i-industry shape of tomorrow")
        assert not shape.is_current(url())
    finally:
        with connection.cursor() as cursor:
            cursor.execute("COMMENT ON SCHEMA public IS NULL")


def test_a_server_that_does_not_answer_is_not_current(tmp_path):
    assert not shape.is_current(f"postgresql://ii_app@/iindustry?host={tmp_path}")


def test_the_digest_follows_migrations_and_grants(tmp_path, monkeypatch):
    own = tmp_path / "ledger" / "migrations"
    own.mkdir(parents=True)
    monkeypatch.setattr(shape, "_ROOT", tmp_path)
    seen = set()
    for path, text in (
        (own / "0001_initial.py", "a"),
        (own / "0001_initial.py", "b"),
        (own / "0002_more.py", "b"),
        (tmp_path / "ledger" / "grants.py", "REVOKE"),
        (tmp_path / "ledger" / "models.py", "not part of it"),
    ):
        path.write_text(text, encoding="ascii")
        shape.digest.cache_clear()
        seen.add(shape.digest())
    shape.digest.cache_clear()
    assert len(seen) == 4
