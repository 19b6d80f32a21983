"""What the pages ship is what the lock names, and what is compressed is what lies beside it."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src" / "iindustry" / "web" / "static"
LOCK = json.loads((STATIC / "vendor" / "lock.json").read_text(encoding="utf-8"))
COMPRESSED = sorted(STATIC.rglob("*.gz"))


@pytest.mark.parametrize("entry", LOCK, ids=lambda one: Path(one["file"]).name)
def test_each_file_is_the_one_the_lock_names(entry):
    assert hashlib.sha256((ROOT / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_the_two_heavy_files_are_compressed():
    assert {path.name for path in COMPRESSED} == {"theme.css.gz", "htmx.min.js.gz"}


@pytest.mark.parametrize("path", COMPRESSED, ids=lambda one: one.name)
def test_the_compressed_file_is_its_neighbour(path):
    assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()
