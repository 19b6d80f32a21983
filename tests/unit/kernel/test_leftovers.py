"""Hidden names that nobody writes to any more are taken away; what is whole, or being written now, stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from iindustry.kernel import leftovers

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
OLD, YOUNG = NOW - leftovers.KEPT - timedelta(seconds=1), NOW - leftovers.KEPT + timedelta(seconds=1)


def written(path, at):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="ascii")
    for one in (path, path.parent):
        os.utime(one, (at.timestamp(), at.timestamp()))
    return path


def test_only_what_is_hidden_and_old_goes(tmp_path):
    gone = [
        written(tmp_path / ".making-1" / "members.parquet", OLD),
        written(tmp_path / "r1" / ".reach.parquet.part", OLD),
    ]
    kept = [
        written(tmp_path / ".making-2" / "members.parquet", YOUNG),
        written(tmp_path / "r2" / "members.parquet", OLD),
        written(tmp_path / "r2" / ".reach.parquet.part", YOUNG),
        written(tmp_path / "CURRENT", OLD),
    ]
    assert leftovers.sweep(tmp_path, now=NOW) == 2
    assert [path.exists() for path in gone] == [False, False]
    assert all(path.exists() for path in kept)
    assert not (tmp_path / ".making-1").exists()
    assert leftovers.sweep(tmp_path, now=NOW) == 0


def test_a_folder_is_as_old_as_the_newest_thing_in_it(tmp_path):
    written(tmp_path / ".making-1" / "scratch" / "part", YOUNG)
    os.utime(tmp_path / ".making-1", (OLD.timestamp(), OLD.timestamp()))
    assert leftovers.sweep(tmp_path, now=NOW) == 0
    assert leftovers.sweep(tmp_path / "absent", now=NOW) == 0
