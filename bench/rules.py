"""The rule language: a whole register against every open programme, and one enterprise with its reasons.

The register is the demo country laid end to end until it has 100,000 enterprises; the goals are for 3.2 million, and CPU
seconds are given for each million besides: a busy machine stretches wall time. Each round runs in a fresh process; the best
of three stands. Then the same twenty rules on the same facts beside OpenFisca and zen-engine, each in a process and an
environment of its own (`BENCH_PEERS`: its Python; else .cache/bench/peers), in alternation, five rounds: a time is
printed only where the yes-counts agree. A peer that is not installed says so in its row.
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
PEER_ROUNDS, PEER_SIZE, ZEN_SIZE = 5, 1_000_000, 10_000
PEERS = Path(os.environ.get("BENCH_PEERS", ROOT / ".cache/bench/peers/bin/python"))  # noqa: TID251 - a bench
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
    peers = beside()
    write("rules", {"all": rounds, "one": one, "beside": peers}, circumstance)


def beside() -> list[dict[str, Any]]:
    """The same rules on the same facts, an engine after the other, five times; printed and given back."""
    import rules_data

    engines = {"ours": PEER_SIZE, "openfisca": PEER_SIZE, "zen": ZEN_SIZE}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in engines}
    with tempfile.TemporaryDirectory(prefix="ii-bench-") as folder:
        rules_data.write(Path(folder), PEER_SIZE)
        few = _child("ours", dict(os.environ), folder, ZEN_SIZE)  # noqa: TID251 - for a child
        for _ in range(PEER_ROUNDS):
            for name, size in engines.items():
                found[name].append(_peer(name, folder, size))
    ours = found["ours"][0]
    rows, kept = [], []
    for name, each in found.items():
        if "not_installed" in each[0]:
            rows.append((name, f"{each[0]['not_installed']} is not installed", None, None, None, None))
            continue
        agrees = each[0]["yes"] == (few if name == "zen" else ours)["yes"]
        cpu = min(one["cpu"] for one in each) * _MILLION / each[0]["rows"]
        wall = percentile([one["wall"] for one in each], 0.5) * _MILLION / each[0]["rows"]
        base = min(one["cpu"] for one in found["ours"]) * _MILLION / PEER_SIZE
        kept.append({**each[0], "cpu_a_million": cpu, "wall_a_million": wall, "ratio": cpu / base, "agrees": agrees})
        rows.append(
            (f"{each[0]['engine']} {each[0]['version']}, {each[0]['rows']:,} rows", f"{cpu:.3f} s" if agrees else "counts differ",
             f"{wall:.2f} s" if agrees else None, f"{max(one['peak_mib'] for one in each):,} MiB",
             f"{cpu / base:.1f}" if agrees else None, f"{each[0].get('yes_on_missing', 0):,}")
        )  # fmt: skip
    table(
        f"Twenty rules of five conditions, yes or no a row (best of {PEER_ROUNDS} rounds)",
        ("engine", "CPU a million", "wall a million (median)", "peak", "CPU, ours = 1", "yes on missing data"), rows,
    )  # fmt: skip
    return kept


def _peer(name: str, folder: str, size: int) -> dict[str, Any]:
    if name == "ours":
        return _child("ours", dict(os.environ), folder, size)  # noqa: TID251 - for a child
    python = str(PEERS) if PEERS.exists() else sys.executable
    command = [python, str(ROOT / "bench/rules_peers.py"), name, folder, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-4000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def ours(folder: Path, size: int) -> dict[str, Any]:
    """The rules as trees over a facts table of the same facts; counted from the table being in memory to the yes-counts."""
    from importlib.metadata import version

    import django

    django.setup()
    import rules_ours

    table_of_facts, bundles = rules_ours.translated(folder, size)
    from iindustry.programmes import columns

    began, cpu = time.perf_counter(), time.process_time()
    found = columns.statuses(bundles, table_of_facts)
    wall, spent = time.perf_counter() - began, time.process_time() - cpu
    return {"engine": "i-Industry", "version": version("i-industry"), "rows": size, "wall": wall, "cpu": spent,
            "yes": {one.programme: one.yes for one in found},
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB}  # fmt: skip


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
    import django

    django.setup()
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


def in_words(found: list[Any]) -> str:
    """Every programme with every condition in Thai, as a page says it."""
    lines = []
    for one in found:
        lines += [one.programme.title_th, one.answer.value, *one.missing_facts]
        for condition in one.conditions:
            said = (condition.value_words, condition.threshold_words, condition.gap_words, condition.why_words)
            lines += [condition.label.th, condition.answer.value, *(words.th for words in said if words is not None)]
            lines.append(condition.question.th if condition.answer == "unknown" else condition.next_step.th)
        lines += [f"{change.kind.value} {change.months} {change.conditions}" for change in one.changes]
        lines += [f"{rate.first}-{rate.last} {rate.percent}" for rate in one.offer.rates]
    return "\n".join(lines)


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
            in_words(explain(firm, as_of=AS_OF))
            times.append((time.thread_time() - began) * _MS)
    return {
        "enterprises": len(firms),
        "programmes": count,
        "median_ms": round(percentile(times, 0.5), 3),
        "p99_ms": round(percentile(times, 0.99), 3),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251 - a bench
    match sys.argv[1:]:
        case []:
            main()
        case ["lay", country, folder]:
            print(json.dumps(lay(Path(country), Path(folder))))
        case ["all", folder]:
            print(json.dumps(everything(Path(folder))))
        case ["ours", folder, size]:
            print(json.dumps(ours(Path(folder), int(size))))
        case ["beside"]:
            beside()
        case ["one"]:
            print(json.dumps(one_by_one()))
