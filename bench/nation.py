"""The whole country by one command: generated, delivered, standardised, linked, published, evaluated, explored (`make nation`).

Prints minutes and GiB a step, as each ends. 3.2 million enterprises by default, the number that the Office of SMEs Promotion
counts; `--enterprises 100000` is a rehearsal. The peak is of this process (its high-water mark is reset at each step);
PostgreSQL's own processes are told apart, as the most that their private memory came to (looked at every two seconds). What
all of it takes on the disk is told at the end. Everything lies in a home of its own, which is taken away at the end unless
`--keep` is given; a run that breaks leaves the steps it finished in the results.
"""

from __future__ import annotations

import argparse
import os
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import WORK, circumstances, percentile, table, write

if TYPE_CHECKING:
    from collections.abc import Callable

NATION = 3_200_000
SEED = 77
LOOKS = 200
_LOOK_EVERY = 2.0
_MIB = 1024  # /proc speaks KiB


@dataclass(slots=True)
class Stopwatch:
    """Seconds and peak memory of each step; a step begins when the first word of its phase is heard."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    began: float = 0.0
    database_mib: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def watch_database(self) -> None:
        """Keep the most memory that the database's processes came to in the step under way, until `over`."""
        while not self.over.wait(_LOOK_EVERY):
            self.database_mib = max(self.database_mib, _of_database())

    def __call__(self, phase: str, done: int = 0, total: int = 0) -> None:
        del done, total
        name = phase.split(".", maxsplit=1)[0]
        if self.steps and self.steps[-1]["step"] == name:
            return
        self.stop()
        self.steps.append({"step": name})
        self.began, self.database_mib = time.perf_counter(), 0
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        print(f"  {name} …", flush=True)

    def stop(self) -> None:
        """End the step under way."""
        if self.steps and "seconds" not in self.steps[-1]:
            self.steps[-1] |= {
                "seconds": round(time.perf_counter() - self.began, 1),
                "peak_mib": _status("self", "VmHWM") // _MIB,
                "database_mib": max(self.database_mib, _of_database()),
            }
            print(f"    {_told(self.steps[-1])}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--enterprises", type=int, default=NATION)
    asked.add_argument("--keep", action="store_true", help="leave the country where it is made")
    given = asked.parse_args()
    circumstance = circumstances()
    home = WORK / "nation-home"
    shutil.rmtree(home, ignore_errors=True)
    os.environ |= {"IINDUSTRY_HOME": str(home), "IINDUSTRY_DATABASE_ROLE": "worker"}  # noqa: TID251 - a home of its own
    watch = Stopwatch()
    threading.Thread(target=watch.watch_database, daemon=True).start()
    found: dict[str, Any] = {}
    try:
        found = _nation(given.enterprises, watch)
        found["disk_gib"] = round(sum(_disk_bytes(one) for one in _folders(home)) / 1024**3, 1)
    finally:
        watch.over.set()
        name = "nation" if given.enterprises == NATION else f"nation-{given.enterprises}"
        write(name, {"enterprises_asked": given.enterprises, "steps": watch.steps} | found, circumstance)
        if not given.keep:
            for folder in _folders(home):
                shutil.rmtree(folder, ignore_errors=True)
    rows = [
        (
            one["step"],
            *(f"{value:.2f}" for value in (one["seconds"] / 60, one["peak_mib"] / 1024, one["database_mib"] / 1024)),
        )
        for one in watch.steps
    ]
    table(
        f"The nation, {given.enterprises:,} enterprises, {found['records']:,} records, {found['disk_gib']} GiB on the disk",
        ["step", "minutes", "peak GiB", "database GiB"],
        rows,
    )
    table("Looked up", ["what", "p50 ms", "p95 ms", "of"], found["looked_up"])


def _told(step: dict[str, Any]) -> str:
    return f"{step['seconds'] / 60:.1f} min, {step['peak_mib'] / 1024:.2f} GiB, {step['database_mib'] / 1024:.2f} GiB"


def _nation(enterprises: int, watch: Stopwatch) -> dict[str, Any]:
    from iindustry.config.environment import environment
    from iindustry.config.supervisor import connected
    from iindustry.kernel.actors import SYSTEM
    from iindustry.kernel.clock import SystemClock

    home = environment().paths
    watch("database")
    with connected("worker"):
        from iindustry.flows import services as flows
        from iindustry.generate.services import make_country
        from iindustry.insight import services as insight

        watch("generate")
        made = make_country(home.demo / "country", enterprises=enterprises, seed=SEED)
        given = [flows.Handover(one.source, one.path, one.path.name, one.period, one.scope) for one in made.deliveries]
        reports = flows.deliver_all(given, actor=SYSTEM, home=home, clock=SystemClock(), progress=watch)
        report = flows.build_register(
            actor=SYSTEM, home=home, clock=SystemClock(), progress=watch, threads=os.cpu_count(), truth=made.truth
        )
        watch("explore")
        insight.scoreboard(home)
        for line in ("s_curve", "sme_upgrade", "area", "green", "smart_gov"):
            insight.map_of_lines(home, line=line, step="eligible")
        watch("look up")
        looked_up = _looked_up()
        watch.stop()
    return {
        "records": sum(one.rows for one in reports),
        "enterprises": report.enterprises,
        "establishments": report.establishments,
        "quality": dict(report.quality),
        "looked_up": looked_up,
    }


def _looked_up() -> list[tuple[str, float, float, int]]:
    from iindustry.register import services as register

    hits = register.list_enterprises(limit=LOOKS)
    firms = [register.get_enterprise(one.enterprise_id) for one in hits]
    numbers = [one.juristic_id for one in firms if one.juristic_id]
    halves = [one.name_th.split()[-2][:7] for one in firms if len(one.name_th.split()) > 2]  # noqa: PLR2004 - form, name, form
    return [
        ("by lasting id, full profile", *_times(register.get_enterprise, [one.enterprise_id for one in hits])),
        ("by juristic id, full profile", *_times(register.find_by_juristic_id, numbers)),
        ("half a name, first 20", *_times(register.search, [one for one in halves if len(one) >= 5])),  # noqa: PLR2004 - as asked
    ]


def _times(look: Callable[[str], Any], asked: list[str]) -> tuple[float, float, int]:
    took = []
    for one in asked:
        began = time.perf_counter()
        look(one)
        took.append((time.perf_counter() - began) * 1000)
    return (round(percentile(took, 0.5), 2), round(percentile(took, 0.95), 2), len(took)) if took else (0.0, 0.0, 0)


def _status(process: str, name: str) -> int:
    """A line of /proc/<process>/status, KiB; 0 where it is not."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
    return 0


def _of_database() -> int:
    """Memory of the database's processes without what they share, MiB."""
    found = 0
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                if (process / "comm").read_text(encoding="ascii", errors="replace").startswith("postgres"):
                    found += _status(process.name, "RssAnon")
    return found // _MIB


def _folders(home: Path) -> list[Path]:
    """The home, and the folder of its database where that lies outside."""
    from iindustry.config import database

    cluster = database.cluster_of(home).data.parent
    return [home, cluster] if cluster.parent == database.OUTSIDE else [home]


def _disk_bytes(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


if __name__ == "__main__":
    main()
