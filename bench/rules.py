"""The rule language: a whole register against every open programme, and one enterprise with its reasons.

The register is the demo country laid end to end until it has 100,000 enterprises; the goals are for 3.2 million, and CPU
seconds are given for each million besides: a busy machine stretches wall time. Each round runs in a fresh process; the best
of three stands.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import ROOT, circumstances, percentile, table, write

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE = 100_000
ROUNDS = 3
FIRMS, REPEATS = 200, 5
AS_OF = date(2026, 11, 22)
_KIB, _MS, _MILLION = 1024, 1000, 1_000_000


def main() -> None:
    from countries import environ, running

    circumstance = circumstances()
    with tempfile.TemporaryDirectory(prefix="ii-bench-") as folder, running() as stage:
        _child("lay", dict(os.environ), stage.home, folder)  # noqa: TID251 - for a child
        rounds = [_child("all", dict(os.environ), folder) for _ in range(ROUNDS)]  # noqa: TID251
        one = _child("one", environ(stage, "app"))
    best = min(rounds, key=lambda found: found["seconds"])
    rows = [
        (f"{best['enterprises']:,} enterprises x {best['programmes']} programmes, every reason kept",
         f"{best['seconds']:.2f} s", f"{best['cpu_seconds']:.2f} s", f"{best['peak_mib']:,} MiB",
         f"{best['cpu_seconds'] * _MILLION / best['enterprises']:.1f} s", "5 s, 1 GB at 3.2 M"),
        (f"one enterprise x {one['programmes']} programmes, in words: median", None, f"{one['median_ms']:.2f} ms", None, None, "0.2 ms"),
        ("... the slowest in a hundred", None, f"{one['p99_ms']:.2f} ms", None, None, "1 ms"),
    ]  # fmt: skip
    table("Rules", ("what", "wall", "CPU", "peak", "CPU a million", "asked"), rows)
    write("rules", {"all": rounds, "one": one}, circumstance)


def _child(act: str, environ: Mapping[str, str], *arguments: object) -> dict[str, Any]:
    command = [sys.executable, __file__, act, *map(str, arguments)]
    done = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{act} failed:\n{done.stderr[-4000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def lay(country: Path, folder: Path) -> dict[str, Any]:
    """The frames of a country's register, again and again under other ids, as a register version of a home."""
    import polars as pl

    from iindustry.kernel.home import Home, current_version

    source, target = Home(country), Home(folder)
    version = current_version(source) or ""
    (target.register / version).mkdir(parents=True)
    times = -(-SIZE // pl.read_parquet(source.register / version / "enterprises.parquet").height)
    for name in ("enterprises", "establishments"):
        frame = pl.read_parquet(source.register / version / f"{name}.parquet")
        laid = pl.concat(
            frame.with_columns(pl.concat_str(pl.col("enterprise_id"), pl.lit(f"-{number}"))) for number in range(times)
        )
        laid.write_parquet(target.register / version / f"{name}.parquet")
    (target.register / "CURRENT").write_text(version, encoding="ascii")
    return {"times": times}


def everything(folder: Path) -> dict[str, Any]:
    """One evaluation of the whole register."""
    from iindustry.kernel.home import Home
    from iindustry.programmes.columns import evaluate  # noqa: F401 - engines load late; their loading is not the rules'
    from iindustry.programmes.services import evaluate_all

    began, cpu = time.perf_counter(), time.process_time()
    report = evaluate_all(home=Home(folder), as_of=AS_OF)
    return {
        "enterprises": report.enterprises,
        "programmes": len(report.programmes),
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_seconds": round(time.process_time() - cpu, 3),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB,
    }


def one_by_one() -> dict[str, Any]:
    """Many enterprises explained one at a time, each several times; the register's reading is not counted."""
    import django

    django.setup()
    from iindustry.programmes.services import explain
    from iindustry.register import services as register

    firms = [register.get_enterprise(one.enterprise_id) for one in register.list_enterprises(limit=FIRMS)]
    count = len(explain(firms[0], as_of=AS_OF))
    times = []
    for _ in range(REPEATS):
        for firm in firms:
            began = time.thread_time()
            explain(firm, as_of=AS_OF)
            times.append((time.thread_time() - began) * _MS)
    return {
        "enterprises": len(firms),
        "programmes": count,
        "median_ms": round(percentile(times, 0.5), 3),
        "p99_ms": round(percentile(times, 0.99), 3),
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["lay", country, folder]:
            print(json.dumps(lay(Path(country), Path(folder))))
        case ["all", folder]:
            print(json.dumps(everything(Path(folder))))
        case ["one"]:
            print(json.dumps(one_by_one()))
