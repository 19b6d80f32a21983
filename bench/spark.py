"""Our linkage on Spark beside DuckDB: every pair's weight, the clusters, the standard files, seconds and memory.

`python bench/spark.py [--records 20000]`. One generated country (seed 202, the bench's mix of registers), untimed; then each
engine once in a process of its own, 2 threads or local[2]. Needs pyspark and Java 17. Asked: weights equal within 1e-6, equal
clusters. Memory is the most that the process and its children (Java, Python workers) held together, looked at four times a
second; shared pages count in each.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from report import ROOT, WORK, circumstances, table, write

RECORDS, SEED = 20_000, 202
_RECORDS_A_FIRM = 2.69
ENGINES = ("duckdb", "spark")
FRAMES = ("members", "review", "redirects", "journal")
WEIGHTS = ("match_weight", "alone_weight")
LOOK_EVERY = 0.25
_KIB = 1024


def main(arguments: list[str]) -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--records", type=int, default=RECORDS)
    records = asked.parse_args(arguments).records
    circumstance = circumstances()
    folder = WORK / f"linkage-{records}-{SEED}-default"
    if not (folder / "truth.parquet").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _child("make", folder, round(records / _RECORDS_A_FIRM), home=folder / "home")
    runs = {engine: _child("run", folder, engine, home=folder / "home") for engine in ENGINES}
    parity = _parity(*(pickle.loads((folder / f"{engine}.pickle").read_bytes()) for engine in ENGINES))  # noqa: S301
    rows = [
        (name, f"{one['records']:,}", *(f"{one[step]:.1f}" for step in ("open_s", "standardise_s", "link_s", "seconds")),
         f"{one['peak_mib']:,}")
        for name, one in runs.items()
    ]  # fmt: skip
    heads = ("engine", "records", "opened s", "standardise s", "link s", "all s", "peak MiB")
    table("DuckDB and Spark, one country", heads, rows)
    table("Parity", ("what", "found"), list(parity.items()))
    write("spark", {"records": runs["spark"]["records"], "runs": runs, "parity": parity}, circumstance)


def run(folder: Path, engine: str) -> dict[str, Any]:
    """One engine, from accepted rows to clusters; what it made is kept beside the country."""
    from linkage_data import deliveries

    from iindustry.config.spark import opened
    from iindustry.kernel.home import Home
    from iindustry.linkage.services import link, scoring
    from iindustry.linkage.services.on_spark import OnSpark
    from iindustry.standardise import services as standardise

    scored, score = [], scoring.score

    def kept(*given: Any, **by_name: Any) -> Any:
        scored.append(score(*given, **by_name))
        return scored[-1]

    scoring.score = kept
    given = deliveries(folder)
    peak = _Peak()
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        home, began = Home(Path(fresh)), time.perf_counter()
        times = [began]
        if engine == "spark":
            with opened("local[2]", folder=home.standard) as session:
                times.append(time.perf_counter())
                files = standardise.standard_files(given, home=home, spark=session)
                times.append(time.perf_counter())
                linked = link(standardise.identities(files), engine=OnSpark(session))
                times.append(time.perf_counter())
        else:
            times.append(time.perf_counter())
            files = standardise.standard_files(given, home=home, threads=2)
            times.append(time.perf_counter())
            linked = link(standardise.identities(files), threads=2)
            times.append(time.perf_counter())
        made = {
            "files": [one.path.read_bytes() for one in files], "pairs": scored[0].pairs, "rules": scored[0].rules,
            "frames": {name: getattr(linked, name) for name in FRAMES}, "quality": dict(linked.quality),
        }  # fmt: skip
    (folder / f"{engine}.pickle").write_bytes(pickle.dumps(made))
    steps = dict(zip(("open_s", "standardise_s", "link_s"), (round(b - a, 2) for a, b in pairwise(times)), strict=True))
    return steps | {
        "seconds": round(times[-1] - began, 2), "peak_mib": peak.end(), "records": linked.members.height,
    }  # fmt: skip


def _parity(here: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    ours, theirs = here["pairs"], there["pairs"]
    reached = [name for name in ours.columns if name not in WEIGHTS]
    is_same = theirs.select(reached).equals(ours.select(reached))
    apart = {f"{name}, most apart": (theirs[name] - ours[name]).abs().max() if is_same else None for name in WEIGHTS}
    return {
        "standard files": len(here["files"]),
        "of them the same bytes": sum(a == b for a, b in zip(here["files"], there["files"], strict=True)),
        "pairs scored": ours.height,
        "equal pairs and levels": is_same,
        **apart,
        "equal counts by rule": there["rules"].equals(here["rules"]),
        **{f"equal {name}": there["frames"][name].equals(here["frames"][name]) for name in FRAMES},
        "equal quality": there["quality"] == here["quality"],
    }


class _Peak:
    """The most memory that this process and all below it held together, MiB; from now to `end`."""

    def __init__(self) -> None:
        self._most, self._over = 0, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def end(self) -> int:
        self._over.set()
        self._watch.join()
        return self._most // _KIB

    def _look(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            done = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=False)
            rows = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
            mine = {os.getpid()}
            while more := {pid for pid, parent, _ in rows if parent in mine} - mine:
                mine |= more
            self._most = max(self._most, sum(rss for pid, _, rss in rows if pid in mine))


def _child(act: str, *arguments: object, home: Path) -> dict[str, Any]:
    environ = os.environ | {  # noqa: TID251 - a home of the bench's own
        "IINDUSTRY_HOME": str(home),
        "IINDUSTRY_DATABASE_ROLE": "worker",
        "DJANGO_SETTINGS_MODULE": "iindustry.config.settings",
        "POLARS_MAX_THREADS": "2",
    }
    command = [sys.executable, __file__, act, *map(str, arguments)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{act} {arguments} failed:\n{done.stderr[-4000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _act(arguments: list[str]) -> dict[str, Any]:
    import django

    django.setup()
    match arguments:
        case ["make", folder, firms]:
            from linkage_data import make

            return make(Path(folder), firms=int(firms), seed=SEED)
        case ["run", folder, engine]:
            return run(Path(folder), engine)
    raise SystemExit(f"no such act: {arguments}")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {"make", "run"}:
        print(json.dumps(_act(sys.argv[1:])))
    else:
        main(sys.argv[1:])
