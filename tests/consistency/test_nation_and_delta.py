"""The nation and the daily delta are played whole on a tiny country, each by its one command, in homes of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from iindustry.config import database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def play(tmp_path):
    """Runs a bench in a home of its own; the JSON that it writes."""
    tmp_path.chmod(0o755)
    home = tmp_path / "home"

    def run(name, result, *arguments):
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("IINDUSTRY_", "DJANGO_"))}
        environ |= {"BENCH_FOLDER": str(tmp_path / "results")}
        done = subprocess.run(
            [sys.executable, str(ROOT / "bench" / f"{name}.py"), "--home", str(home), "--disk", "0.1", *arguments],
            env=environ, capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return json.loads((tmp_path / "results" / f"{result}.json").read_text(encoding="utf-8"))

    yield run
    cluster = database.cluster_of(home).data.parent
    if cluster.parent == database.OUTSIDE:
        shutil.rmtree(cluster, ignore_errors=True)


def test_the_nation_is_made_linked_published_evaluated_and_looked_up(play):
    told = play("nation", "nation-200", "--enterprises", "200")
    steps = [one["step"] for one in told["steps"]]
    assert "ended" not in told
    assert steps[0] == "generate" and steps[-1] == "look up" and {"link", "publish", "evaluate"} <= set(steps)
    assert told["records"] > 1_000
    assert told["quality"]["enterprises"] > 150
    assert told["quality"]["two_numbers"] == 0
    assert {row[0] for row in told["looked_up"]}, "something was looked up"


def test_a_delta_touches_its_records_and_no_other_id_goes_away(play):
    told = play("delta", "delta-300", "--enterprises", "300", "--records", "60")
    (once,) = told["tries"]
    ids = once["ids"]
    assert once["report"]["changed"] > 30 and once["report"]["touched"] > 30
    assert ids["untouched"] > 100 and ids["untouched_kept"] == ids["untouched"]
    assert ids["without_redirect"] == 0 and not ids["unexplained"]
    assert {"link 0/5", "publish 0/4"} <= {one["phase"] for one in once["phases"]}
