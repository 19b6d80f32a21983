"""Standardising: rows a second of the DBD layout on one core, and a million mixed generated records on two.

`python bench/standardise.py [ENTERPRISES]`. The country is generated and delivered first, untimed. Each timed run is a
process of its own; the best of three stands. Asked: 50,000 rows/s on one core for the DBD layout (decode, contract and
landing take as long again, so that all together reach 25,000), and a million records in 8 s on two cores.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from report import ROOT, WORK, circumstances, table, write

if TYPE_CHECKING:
    from iindustry.kernel.home import Home
    from iindustry.sources.reports import DeliveryInForce

ENTERPRISES = 155_000  # about a million records of eighteen registers
SEED = 77
TIMES = 3
FOLDER = WORK / "standardise"
_KIB = 1024


def main(enterprises: int) -> None:
    circumstance = circumstances()
    made = _child("make", enterprises, cores=2)
    runs = {
        "dbd alone, 1 core": [_child("run", "dbd", cores=1) for _ in range(TIMES)],
        "all registers, 1 core": [_child("run", "all", cores=1)],
        "all registers, 2 cores": [_child("run", "all", cores=2) for _ in range(TIMES)],
    }
    best = {name: min(found, key=lambda one: one["seconds"]) for name, found in runs.items()}
    rows = [
        (name, f"{one['records']:,}", f"{one['seconds']:.2f}", f"{one['cpu_seconds']:.2f}",
         f"{round(one['records'] / one['seconds']):,}", f"{one['peak_mib']:,}")
        for name, one in best.items()
    ]  # fmt: skip
    table(
        f"Standardising, {enterprises:,} generated enterprises, seed {SEED}",
        ["run", "records", "wall s", "CPU s", "records/s", "peak MiB"],
        rows,
    )
    write("standardise", {"enterprises": enterprises, "made": made, "runs": runs}, circumstance)


def _child(act: str, *arguments: object, cores: int) -> dict[str, Any]:
    """An act of this file in a process of its own that may use so many cores; what it found."""
    environ = os.environ | {  # noqa: TID251 - a home of the bench's own
        "IINDUSTRY_HOME": str(FOLDER / "home"),
        "IINDUSTRY_DATABASE_ROLE": "worker",
        "DJANGO_SETTINGS_MODULE": "iindustry.config.settings",
        "POLARS_MAX_THREADS": str(cores),
        "BENCH_CORES": str(cores),
    }
    command = [sys.executable, __file__, act, *map(str, arguments)]
    if cores == 1:
        command = ["taskset", "-c", "0", *command]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{act} {arguments} failed:\n{done.stderr[-4000:]}")
    print("  " + " ".join([act, *map(str, arguments), f"on {cores}"]), flush=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def make(enterprises: int) -> dict[str, Any]:
    """Generate a country, hand its files over, and note where the accepted rows lie."""
    from iindustry.config.environment import environment
    from iindustry.config.supervisor import connected
    from iindustry.kernel.actors import SYSTEM
    from iindustry.kernel.clock import SystemClock

    home = environment().paths
    with connected("worker", makes_home=True):
        from iindustry.flows import services as flows
        from iindustry.flows.building import Handover
        from iindustry.generate.services import make_country
        from iindustry.sources import services as sources

        country = make_country(FOLDER / "country", enterprises=enterprises, seed=SEED)
        given = [Handover(one.source, one.path, one.path.name, one.period, one.scope) for one in country.deliveries]
        reports = flows.deliver_all(given, actor=SYSTEM, home=home, clock=SystemClock())
        ours = {one.delivery_id for one in reports}
        kept = [one for one in sources.in_force(home=home) if one.delivery_id in ours]
    inputs = [
        {
            "source": one.source,
            "layout": one.layout,
            "id": one.delivery_id,
            "on": one.effective_on.isoformat(),
            "path": str(one.accepted),
        }
        for one in kept
    ]
    (FOLDER / "inputs.json").write_text(json.dumps(inputs), encoding="utf-8")
    made: dict[str, int] = {}
    for one in reports:
        made[one.source] = made.get(one.source, 0) + one.accepted
    return made


def run(which: str) -> dict[str, Any]:
    """One timed run over the accepted rows of one source or of all, into an empty folder."""
    import shutil

    from iindustry.kernel.home import Home
    from iindustry.standardise import services

    deliveries = [one for one in _deliveries() if which in {"all", one.source}]
    home: Home = Home(FOLDER / "standard")
    shutil.rmtree(home.root, ignore_errors=True)
    cores = int(os.environ["BENCH_CORES"])  # noqa: TID251 - set by the parent of this process
    began, cpu = time.perf_counter(), time.process_time()
    files = services.standard_files(deliveries, home=home, threads=cores)
    took = {"seconds": round(time.perf_counter() - began, 2), "cpu_seconds": round(time.process_time() - cpu, 2)}
    import polars as pl

    found = services.identities(files).select(pl.len(), pl.col("subdistrict_codes").count()).collect().row(0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB
    return took | {"records": found[0], "with_subdistrict": found[1], "peak_mib": peak}


def _deliveries() -> list[DeliveryInForce]:
    from datetime import UTC, date, datetime
    from pathlib import Path

    from iindustry.sources.reports import DeliveryInForce

    at = datetime(2026, 11, 1, tzinfo=UTC)
    return [
        DeliveryInForce(
            one["id"],
            one["source"],
            one["layout"],
            "replace",
            "all",
            None,
            date.fromisoformat(one["on"]),
            at,
            Path(one["path"]),
        )
        for one in json.loads((FOLDER / "inputs.json").read_text(encoding="utf-8"))
    ]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", enterprises]:
            print(json.dumps(make(int(enterprises))))
        case ["run", which]:
            print(json.dumps(run(which)))
        case [enterprises]:
            main(int(enterprises))
        case _:
            main(ENTERPRISES)
