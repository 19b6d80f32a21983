"""The worker's pulse and a job of the same process write the snapshots in one moment: neither breaks, no reader meets a half."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from iindustry.flows import services as flows
from iindustry.funding.snapshot import SCHEMA
from iindustry.insight import services as insight


@pytest.mark.django_db
def test_two_snapshots_at_once(home, monkeypatch):
    plain_frame, plain_text, nested = pl.DataFrame.write_parquet, Path.write_text, []

    def begin_another(what):
        if what not in nested:
            nested.append(what)
            flows.snapshot_applications(home=home)

    def write_parquet(frame, path, *args, **kwargs):
        plain_frame(frame, path, *args, **kwargs)
        begin_another("applications")

    def write_text(path, *args, **kwargs):
        plain_text(path, *args, **kwargs)
        begin_another("ministry")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", write_parquet)
    monkeypatch.setattr(Path, "write_text", write_text)
    flows.snapshot_applications(home=home)
    assert nested == ["applications", "ministry"]
    assert pl.read_parquet(home.applications / "live.parquet").schema == pl.Schema(SCHEMA)
    assert json.loads((home.ministry / "live.json").read_text())["corrections_asked"] == 0
    left = sorted(path.name for folder in (home.applications, home.ministry) for path in folder.iterdir())
    assert left == ["live.json", "live.parquet"]


def test_the_strip_counts_only_files_that_are_whole(home):
    folder = home.standard / "dbd"
    folder.mkdir(parents=True)
    pl.DataFrame({"record_key": ["1", "2"]}).write_parquet(folder / "d1.n1.parquet")
    (folder / ".0190.parquet").write_bytes(b"PAR1 half a file")
    (folder / ".0190.part").write_bytes(b"PAR1 half a file")
    seen = insight.strip(home)
    assert (seen.registers, seen.records) == (1, 2)
