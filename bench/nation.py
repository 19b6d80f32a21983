"""The whole country by one command: generated, delivered, standardised, linked, published, evaluated, explored (`make nation`).

Prints minutes and GiB a step, as each ends. 3.2 million enterprises by default, the number that the Office of SMEs Promotion
counts; `--enterprises 100000` is a rehearsal. Each step is a process of its own (bench/nation_steps.py) over one home. What is
done stays done: the same command after a step that broke begins at that step (`--fresh` begins at the first). While a step runs
it is watched: memory of its processes and of the database's own beyond `--memory`, or less than `--disk` free, ends it with a
sentence instead of the machine. Memory of the database is what its processes hold each for itself.
The home is taken away after the last step unless `--keep` is given.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import ROOT, WORK, circumstances, table, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NATION = 3_200_000
STEPS_OF_NATION = "nation_steps.py"
_GIB = 1024**3
_KIB_A_GIB = 1024**2  # /proc speaks KiB
_LOOK_EVERY = 1.0
_MALLOC = "dirty_decay_ms:0,muzzy_decay_ms:0"
"""Polars' allocator gives back what is free at once: a third of what linking would hold otherwise."""
_LEAST_LEFT = 0.7
"""GiB of the whole machine below which a step is ended, whoever holds the rest."""
_STEPS = (
    "generate", "deliver", "standardise", "link", "publish", "evaluate", "measure", "count", "rows of look-ups",
    "explore", "look up",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """Where a country is made, of how many enterprises, and what a step may take. Units: GiB."""

    home: Path
    enterprises: int
    memory: float
    disk: float


class Stopped(Exception):  # noqa: N818 - a sentence for a person
    """A step was ended, or broke."""


@dataclass(slots=True)
class Watched:
    """The most that a step came to. Units: GiB."""

    own: float = 0.0
    database: float = 0.0
    least_disk: float = float("inf")
    left: float = float("inf")

    def look(self, process: int, postmaster: int, folder: Path) -> None:
        """Look at a process with all below it, the database's processes, and the disk."""
        family = _families()
        self.own = max(self.own, sum(_status(one, "VmRSS") for one in _below(process, family)) / _KIB_A_GIB)
        held = sum(_status(one, "RssAnon") for one in _below(postmaster, family)) / _KIB_A_GIB if postmaster else 0.0
        self.database = max(self.database, held)
        self.left = _available() / _KIB_A_GIB
        self.least_disk = min(self.least_disk, shutil.disk_usage(folder).free / _GIB)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--enterprises", type=int, default=NATION)
    asked.add_argument("--home", type=Path, default=WORK / "nation-home", help="where it is made")
    asked.add_argument("--memory", type=float, default=18.0, help="GiB that a step and the database may hold")
    asked.add_argument("--disk", type=float, default=6.0, help="GiB that must stay free")
    asked.add_argument("--until", choices=_STEPS, default=_STEPS[-1], help="the last step to be done")
    asked.add_argument("--fresh", action="store_true", help="begin at the first step, whatever is there")
    asked.add_argument("--keep", action="store_true", help="leave the country where it is made")
    told = asked.parse_args()
    circumstance = circumstances()
    given = Given(told.home, told.enterprises, told.memory, told.disk)
    done = done_before(given, fresh=told.fresh)
    os.environ |= {"IINDUSTRY_HOME": str(given.home), "IINDUSTRY_DATABASE_ROLE": "worker"}  # noqa: TID251 - a home of its own
    from iindustry.config.supervisor import connected

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended from outside; the steps that were done are kept."))
    try:
        with connected("worker", makes_home=True):
            all_steps(given, done, _STEPS[: _STEPS.index(told.until) + 1])
            done["disk_gib"] = round(sum(_disk_bytes(one) for one in folders(given.home)) / _GIB, 1)
    except Stopped as why:
        print(f"\n{why}", flush=True)
        _tell(given, done | {"ended": str(why)}, circumstance)
        raise SystemExit(1) from None
    _tell(given, done, circumstance)
    if told.until == _STEPS[-1] and not told.keep:
        for folder in folders(given.home):
            shutil.rmtree(folder, ignore_errors=True)


def done_before(given: Given, *, fresh: bool) -> dict[str, Any]:
    """What an earlier run of the same size left; a home of another size is emptied."""
    given.home.mkdir(parents=True, exist_ok=True)
    path = given.home / "steps.json"
    if path.exists() and not fresh:
        before = dict(json.loads(path.read_text(encoding="utf-8")))
        if before["enterprises_asked"] == given.enterprises:
            return before
    for folder in folders(given.home):
        shutil.rmtree(folder, ignore_errors=True)
    given.home.mkdir(parents=True, exist_ok=True)
    return {"enterprises_asked": given.enterprises, "steps": []}


def all_steps(
    given: Given, done: dict[str, Any], steps: Sequence[str], elsewhere: Mapping[str, tuple[str, int]] | None = None
) -> None:
    """Do the steps that are not done yet. `elsewhere`: steps of another script: its name and its number."""
    for step in steps:
        if any(one["step"] == step for one in done["steps"]):
            print(f"  {step}: done before", flush=True)
            continue
        print(f"  {step} …", flush=True)
        began, load = time.perf_counter(), os.getloadavg()[0]
        found, watched = one_step(step, given, *(elsewhere or {}).get(step, (STEPS_OF_NATION, given.enterprises)))
        took = {
            "step": step,
            "minutes": round((time.perf_counter() - began) / 60, 2),
            "peak_gib": round(watched.own, 2),
            "database_gib": round(watched.database, 2),
            "load": round((load + os.getloadavg()[0]) / 2, 1),
            "disk_free_least_gib": round(watched.least_disk, 1),
        }
        done["steps"].append(took)
        done |= found
        note(given, done)
        print(f"    {took['minutes']} min, {took['peak_gib']} GiB, database {took['database_gib']} GiB", flush=True)


def note(given: Given, done: dict[str, Any]) -> None:
    """Keep what is done, for the same command after a step that broke."""
    (given.home / "steps.json").write_text(json.dumps(done, ensure_ascii=False), encoding="utf-8")


def one_step(step: str, given: Given, script: str, number: int) -> tuple[dict[str, Any], Watched]:
    """Run a step of a script and watch it. Stopped where it broke or took too much."""
    command = [sys.executable, str(ROOT / "bench" / script), step, str(number)]
    environ = os.environ | {"POLARS_MAX_THREADS": str(os.cpu_count() or 1), "_RJEM_MALLOC_CONF": _MALLOC}  # noqa: TID251 - for it
    place = f"{_STEPS.index(step) + 1:02d}" if step in _STEPS else step
    told = given.home / f"step-{place}.log"
    watched = Watched()
    with told.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environ, start_new_session=True, cwd=ROOT)
        try:
            while process.poll() is None:
                watched.look(process.pid, _postmaster(given.home), given.home)
                _guard(step, watched, given)
                time.sleep(_LOOK_EVERY)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    lines = told.read_text(encoding="utf-8").strip().splitlines()
    if process.returncode:
        raise Stopped(f"{step} broke; the same command begins at it again. Its last words:\n" + "\n".join(lines[-25:]))
    return dict(json.loads(lines[-1])), watched


def _guard(step: str, watched: Watched, given: Given) -> None:
    held = watched.own + watched.database
    if held > given.memory:
        raise Stopped(
            f"{step} was ended: it and the database held {held:.1f} GiB, and {given.memory:.0f} are allowed (--memory). "
            "The steps before it are kept: the same command begins at it again, with more memory or a smaller --enterprises."
        )
    if watched.left < _LEAST_LEFT:
        raise Stopped(
            f"{step} was ended: it and the database held {held:.1f} GiB, and others so much that {watched.left:.1f} GiB were "
            "left of this machine. The steps before it are kept: the same command begins at it again."
        )
    if watched.least_disk < given.disk:
        raise Stopped(
            f"{step} was ended: {watched.least_disk:.1f} GiB of the disk are free, and {given.disk:.0f} must stay (--disk). "
            "The steps before it are kept: make room, and the same command begins at it again."
        )


def _tell(given: Given, done: dict[str, Any], circumstance: dict[str, Any]) -> None:
    name = "nation" if given.enterprises == NATION else f"nation-{given.enterprises}"
    write(name, done, circumstance)
    rows = [tuple(one.values()) for one in done["steps"]]
    table(
        f"The nation, {given.enterprises:,} enterprises, {done.get('records', 0):,} records, {done.get('disk_gib', '?')} GiB on the disk",
        ["step", "minutes", "peak GiB", "database GiB", "load", "disk free GiB"],
        rows,
    )
    table("Looked up", ["what", "p50 ms", "p95 ms", "of", "given up"], done.get("looked_up", []))


def _families() -> dict[int, list[int]]:
    """Every process of this machine, by its parent."""
    found: dict[int, list[int]] = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                parent = (process / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1]
                found.setdefault(int(parent), []).append(int(process.name))
    return found


def _below(process: int, family: dict[int, list[int]]) -> list[int]:
    found = [process]
    for one in found:
        found.extend(family.get(one, ()))
    return found


def _status(process: int, name: str) -> int:
    """A line of /proc/<process>/status, KiB; 0 where it is not."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
    return 0


def _available() -> int:
    """Memory that this machine can still give, KiB."""
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1])
    return 1 << 40


def _postmaster(home: Path) -> int:
    """The embedded server's process; 0 where the database is somewhere else."""
    from iindustry.config import database

    with suppress(OSError, ValueError, IndexError):
        return int((database.cluster_of(home).data / "postmaster.pid").read_text(encoding="ascii").split()[0])
    return 0


def folders(home: Path) -> list[Path]:
    """The home, and the folder of its database where that lies outside."""
    from iindustry.config import database

    cluster = database.cluster_of(home).data.parent
    return [home, cluster] if cluster.parent == database.OUTSIDE else [home]


def _disk_bytes(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


if __name__ == "__main__":
    main()
