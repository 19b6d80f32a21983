"""The database server's own log says that a statement failed, and nothing of what stood in it."""

from __future__ import annotations

import psycopg
import pytest

from iindustry.config import database


@pytest.fixture
def cluster(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    made = database.start(home)
    (home / "database").write_text(str(made.data), encoding="utf-8")
    yield made
    database.stop(home)


def test_a_refused_row_leaves_no_value_in_the_servers_log(cluster):
    with psycopg.connect(cluster.url("ii_owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE planted (name text PRIMARY KEY)")
        connection.execute("INSERT INTO planted VALUES ('Somchai 3101700987601')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO planted VALUES ('Somchai 3101700987601')")
    said = (cluster.data / "server.log").read_text(encoding="utf-8")
    assert "planted_pkey" in said
    assert "Somchai" not in said
    assert "3101700987601" not in said
