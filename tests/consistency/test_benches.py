"""Each bench can still be begun: what it imports is there, it makes an installation of its own, its acts run on a small country.

What a bench measures is not looked at here; a bench that broke unseen measures nothing. The whole nation and the delta have tests
of their own.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from iindustry.config import database

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"
MODULES = sorted(path.stem for path in BENCH.glob("*.py"))
BEGUN_BY_OTHERS = {"nation_steps", "rules_nation"}  # they connect to what `nation.py` began
NEED_PEERS = {"plain_splink", "rules_peers"}  # libraries that no test needs; `bench/rules_peers.in` names them
FIRMS = 240


def ran(work: Path, name: str, *arguments: object, home: Path | None = None, **more: str) -> str:
    """What a bench prints; its results and its scratch lie under `work`."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("IINDUSTRY_", "DJANGO_"))}
    environ |= {
        "BENCH_FOLDER": str(work),
        "POLARS_MAX_THREADS": "1",
        "DJANGO_SETTINGS_MODULE": "iindustry.config.settings",
    }
    if home:
        environ |= {"IINDUSTRY_HOME": str(home), "IINDUSTRY_DATABASE_ROLE": "worker"}
    command = [sys.executable, str(BENCH / f"{name}.py"), *map(str, arguments)]
    done = subprocess.run(command, env=environ | more, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def figures(told: str) -> dict[str, object]:
    return dict(json.loads(told.strip().splitlines()[-1]))


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    folder.chmod(0o755)
    yield folder
    data = database.cluster_of(folder / "home").data.parent
    if data.parent == database.OUTSIDE:
        import shutil

        shutil.rmtree(data, ignore_errors=True)


def test_every_module_of_every_bench_is_there_with_what_it_needs(tmp_path):
    names = [name for name in MODULES if name not in NEED_PEERS]
    begin = f"import sys, django; django.setup(); sys.path.insert(0, {str(BENCH)!r})"
    told = subprocess.run(
        [sys.executable, "-c", f"{begin}\nfor name in {names!r}: __import__(name)"],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env=os.environ | {"BENCH_FOLDER": str(tmp_path), "DJANGO_SETTINGS_MODULE": "iindustry.config.settings"},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-3000:]


@pytest.mark.parametrize("name", [name for name in MODULES if name not in BEGUN_BY_OTHERS])
def test_a_bench_that_connects_begins_an_installation(name):
    calls = [
        one for one in ast.walk(ast.parse((BENCH / f"{name}.py").read_text(encoding="utf-8")))
        if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "connected"
    ]  # fmt: skip
    begins = [one for one in calls if "makes_home" in {said.arg for said in one.keywords}]
    assert begins or not calls


def test_without_the_extracts_the_labelled_pairs_say_so(work):
    assert "NOT RUN" in ran(work, "labels")
    assert not (work / "labels.json").exists()


def test_linking_standardising_looking_up_and_reading_run_on_a_small_country(work):
    home = work / "home"
    made = figures(ran(work, "standardise", "make", FIRMS, home=home))
    assert set(made) >= {"dbd", "diw", "tisi"}
    told = figures(ran(work, "standardise", "run", "all", home=home, BENCH_CORES="1"))
    assert told["records"] == sum(made.values())
    country = work / "linkage"
    country.mkdir()
    records = figures(ran(work, "linkage", "make", country, FIRMS, 202, "default", home=home))["records"]
    linked = figures(ran(work, "linkage", "run", country, "B", 0, 0, home=home))
    assert linked["records"] == records
    small = work / "small.csv"
    ingest = f"import sys; sys.path.insert(0, {str(BENCH)!r}); import ingest, pathlib; ingest.make(pathlib.Path({str(small)!r}), rows=2000)"
    subprocess.run([sys.executable, "-c", ingest], check=True, cwd=ROOT)
    assert figures(ran(work, "ingest", "read", small, home=home))["rows"] == 2_000
