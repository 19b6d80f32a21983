"""Frames put aside come back as they were, and their folder goes with the last of them."""

from __future__ import annotations

import gc
import subprocess
import sys
from dataclasses import replace

import polars as pl
import pytest
from country import make

from iindustry.linkage.aside import Aside, Held, Lap, Room
from iindustry.linkage.outcome import LinkState
from iindustry.linkage.services import link

FRAME = pl.DataFrame({"uid": [1, 2, 3], "name": ["ก", None, "ค"], "phones": [["02"], None, ["03", "04"]]})


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("kind", [Room, Lap])
def test_a_frame_comes_back_whole_by_columns_and_joined(temporary, kind):
    desk = kind()
    laid = desk.put(FRAME)
    assert laid.read().equals(FRAME)
    assert laid.read("phones", "uid").select("uid", "phones").equals(FRAME.select("uid", "phones"))
    assert laid.without("name").columns == ["uid", "phones"]
    both = desk.joined([laid, desk.put(FRAME.clear()), desk.put(FRAME)])
    assert both.read().equals(pl.concat([FRAME, FRAME]))
    both.write_parquet(temporary / "kept.parquet")
    assert pl.read_parquet(temporary / "kept.parquet").equals(pl.concat([FRAME, FRAME]))


def test_the_folder_goes_with_the_last_frame_and_a_forgotten_one_at_once(temporary):
    room = Room()
    one, other = room.put(FRAME), room.put(FRAME)
    one.forget()
    assert [path.exists() for path in (*one.paths, *other.paths)] == [False, True]
    del room, one
    gc.collect()
    assert other.read().equals(FRAME)
    del other
    gc.collect()
    assert not list(temporary.glob("i-industry-aside-*"))


def test_what_a_killed_run_left_is_taken_away(temporary):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = temporary / f"i-industry-aside-{dead.pid}-x"
    left.mkdir()
    mine = Room()
    assert not left.exists()
    assert mine.put(FRAME).paths[0].exists()


def test_a_run_leaves_its_state_on_the_disk_and_holds_nothing_else_there(temporary):
    state = link(make(60, seed=6).records).state
    assert isinstance(state, LinkState)
    assert isinstance(state.laid_profiles, Aside)
    held = replace(state, laid_profiles=Held(state.profiles))
    assert held.profiles.equals(state.profiles) and held.count_numbered() == state.count_numbered()
    kept = {path for laid in (state.laid_profiles, state.laid_records, state.laid_edges) for path in laid.paths}
    on_disk = set(temporary.rglob("*.arrow"))
    assert kept <= on_disk
    assert len(on_disk - kept) <= 6, "frequencies alone lie beside them"
    assert len(state.of_record) == state.of_record.select("source", "record_key").n_unique()
