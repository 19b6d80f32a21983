"""A key file is made once, whatever comes at once or goes wrong."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from iindustry.kernel.keyfiles import kept


def test_everybody_who_starts_at_once_gets_one_key(tmp_path):
    path, together = tmp_path / "keys" / "one.key", Barrier(8)

    def make():
        together.wait()  # all have seen that there is none
        return secrets.token_bytes(32)

    with ThreadPoolExecutor(8) as pool:
        found = {pool.submit(kept, path, make) for _ in range(8)}
        keys = {one.result() for one in found}
    assert len(keys) == 1
    assert keys == {path.read_bytes()}
    assert [one.name for one in path.parent.iterdir()] == ["one.key"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_key_is_never_made_twice(tmp_path):
    first = kept(tmp_path / "a", lambda: b"first")
    assert kept(tmp_path / "a", lambda: b"second") == first == b"first"


def test_a_maker_that_fails_leaves_nothing(tmp_path):
    def broken():
        raise OSError("no entropy")

    with pytest.raises(OSError, match="no entropy"):
        kept(tmp_path / "a", broken)
    assert list(tmp_path.iterdir()) == []
