"""Our linkage beside plain Splink 5, in one run on one generated file: precision, recall, F1, seconds, memory.

Contestants (design, LINKAGE section 7): A plain Splink, A+ the same with factory numbers, B the platform. Each runs in a
fresh process, from opening the file to clusters written, in the order A A+ B B A+ A; the best of two stands. Time is
compared in CPU seconds, which a busy machine does not stretch as it stretches wall time. The thresholds of A and A+ are chosen for best F1 on one country, knowing its truth, and applied unchanged to another; B's is
its own. What is generated is easier than life: the ratio says more than the figures.
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
    from pathlib import Path

    import polars as pl

FIRMS = 7_660  # about 20,000 records
CHOSEN_ON, APPLIED_TO = 101, 202
ORDER = ("A", "A+", "B", "B", "A+", "A")
GRID = (-3, *range(-2, 31, 2))  # from the least weight that A predicts at all
_KIB = 1024
NAMES = {"A": "A  plain Splink 5", "A+": "A+ with factory numbers", "B": "B  i-Industry"}


def main() -> None:
    circumstance = circumstances()
    for seed in (CHOSEN_ON, APPLIED_TO):
        _child("make", seed)
    weights = {name: _child("choose", CHOSEN_ON, name)["weight"] for name in ("A", "A+")}
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    for name in ORDER:
        runs[name].append(_child("run", APPLIED_TO, name, weights.get(name, 0)))
    best = {name: min(found, key=lambda one: one["cpu_seconds"]) for name, found in runs.items()}
    ours = best["B"]["cpu_seconds"]
    rows = [
        (NAMES[name], one["records"], one["precision"], one["recall"], one["f1"], f"{one['seconds']:.1f}", f"{one['cpu_seconds']:.1f}",
         f"{one['peak_mib']:,}", f"{one['cpu_seconds'] / ours:.2f}", weights.get(name, "own"), one.get("review_pairs"))
        for name, one in best.items()
    ]  # fmt: skip
    heads = [
        "contestant",
        "records",
        "P",
        "R",
        "F1",
        "wall s",
        "CPU s",
        "peak MiB",
        "CPU / ours",
        "threshold",
        "to review",
    ]
    table(f"Linkage, {FIRMS:,} generated enterprises, seed {APPLIED_TO}, 2 threads", heads, rows)
    ratio = round(ours / best["A"]["cpu_seconds"], 2)
    print(f"  ours takes {ratio} of the CPU time of plain Splink (asked, at 1 M records: 0.8)")
    write("linkage", {"firms": FIRMS, "thresholds": weights, "runs": runs, "time_against_plain": ratio}, circumstance)


def _child(act: str, *arguments: object) -> dict[str, Any]:
    """An act of this file in a process of its own; what it found."""
    environ = os.environ | {  # noqa: TID251 - a home of the bench's own
        "IINDUSTRY_HOME": str(WORK / "linkage-home"),
        "IINDUSTRY_DATABASE_ROLE": "worker",
        "DJANGO_SETTINGS_MODULE": "iindustry.config.settings",
    }
    command = [sys.executable, __file__, act, *map(str, arguments)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{act} {arguments} failed:\n{done.stderr[-4000:]}")
    print("  " + " ".join([act, *map(str, arguments)]), flush=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def make(seed: int) -> dict[str, Any]:
    """Generate a country, hand its files over, and lay out what both contestants read."""
    import polars as pl

    from iindustry.config.environment import environment
    from iindustry.config.supervisor import connected
    from iindustry.kernel.actors import SYSTEM
    from iindustry.kernel.clock import SystemClock

    folder, home = _folder(seed), environment().paths
    with connected("worker"):
        from iindustry.flows import services as flows
        from iindustry.flows.building import Handover
        from iindustry.generate.services import make_country
        from iindustry.sources import services as sources

        made = make_country(folder / "country", enterprises=FIRMS, seed=seed)
        given = [Handover(one.source, one.path, one.path.name, one.period, one.scope) for one in made.deliveries]
        reports = flows.deliver_all(given, actor=SYSTEM, home=home, clock=SystemClock())
        of_seed = {one.delivery_id for one in reports}
        kept = [one for one in sources.in_force(home=home) if one.delivery_id in of_seed]
    inputs = []
    for number, one in enumerate(kept):
        path = folder / f"{number}-{one.source}.parquet"
        pl.read_parquet(one.accepted).write_parquet(path)
        inputs.append(
            {"path": str(path), "source": one.source, "layout": one.layout, "on": one.effective_on.isoformat()}
        )
    (folder / "inputs.json").write_text(json.dumps(inputs), encoding="utf-8")
    pl.read_parquet(made.truth).write_parquet(folder / "truth.parquet")
    flat = pl.concat([_flat(pl.read_parquet(one["path"]), one["source"]) for one in inputs])
    flat.write_parquet(folder / "flat.parquet")
    return {"records": flat.height}


def _flat(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """The raw columns of one register for A. Parts of an address are cut at their usual marks, which is kind to A."""
    import polars as pl
    from plain_splink import TEXTS

    def column(*names: str) -> pl.Expr:
        there = [pl.col(name).cast(pl.Utf8) for name in names if name in frame.columns]
        return pl.coalesce(there) if there else pl.lit(None, pl.Utf8)

    def part(name: str, marks: str) -> pl.Expr:
        return pl.coalesce(column(name), column("address").str.extract(rf"(?:{marks})\s*([^\s]+)"))

    values = {
        "jid": column("juristic_id").str.replace_all(r"\D", ""), "phone": column("phone").str.replace_all(r"\D", ""),
        "name_th": column("name", "operator", "site_name"), "name_en": column("name_en").str.to_lowercase(),
        "province": part("province", "จ\\.|จังหวัด"), "district": part("district", "อ\\.|อำเภอ|เขต"),
        "subdistrict": part("subdistrict", "ต\\.|ตำบล|แขวง"), "date": column("registered_on"), "tsic": column("tsic"),
        "factory": column("factory_id"),
    }  # fmt: skip
    blank = [pl.when(values[name].str.len_chars() > 0).then(values[name]).alias(name) for name in TEXTS]
    return frame.select(pl.concat_str(pl.lit(source + "|"), "record_key").alias("unique_id"), *blank).unique(
        "unique_id", keep="first", maintain_order=True
    )


def choose(seed: int, name: str) -> dict[str, Any]:
    """The weight of the grid at which this contestant does best on a country whose truth is known."""
    from plain_splink import clusters, predicted

    linker, predictions = predicted(_folder(seed) / "flat.parquet", with_factory=name == "A+")
    quality = {weight: _quality(_members(clusters(linker, predictions, weight)), seed)["f1"] or 0 for weight in GRID}
    return {"weight": max(GRID, key=lambda weight: quality[weight]), "f1": quality}


def run(seed: int, name: str, weight: float) -> dict[str, Any]:
    """One timed run of a contestant, from opening the file to clusters written."""
    began, cpu, folder = time.perf_counter(), time.process_time(), _folder(seed)
    more: dict[str, Any] = {}
    if name == "B":
        members, more = _ours(folder)
    else:
        from plain_splink import clusters, predicted

        linker, predictions = predicted(folder / "flat.parquet", with_factory=name == "A+")
        members = _members(clusters(linker, predictions, weight))
    members.write_parquet(folder / f"found-{name}.parquet")
    took = {"seconds": round(time.perf_counter() - began, 2), "cpu_seconds": round(time.process_time() - cpu, 2)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB
    return took | {"peak_mib": peak, "records": members.height} | _quality(members, seed) | more


def _ours(folder: Path) -> tuple[pl.DataFrame, dict[str, Any]]:
    import django

    django.setup()
    from datetime import date

    import polars as pl

    from iindustry.linkage import services as linkage
    from iindustry.standardise import records

    frames = [
        records.standard(
            pl.read_parquet(one["path"]), source=one["source"], layout=one["layout"],
            observed_on=date.fromisoformat(one["on"]), delivery_id=f"bench-{one['source']}",
        )
        for one in json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    ]  # fmt: skip
    linked = linkage.link(pl.concat(frames), threads=2)
    members = linked.members.select("source", "record_key", "enterprise_id")
    return members, {"review_pairs": linked.quality["review_pairs"], "own_estimate": linked.quality["f1"]}


def _members(found: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    key = pl.col("unique_id").str.split_exact("|", 1)
    return found.select(
        key.struct[0].alias("source"),
        key.struct[1].alias("record_key"),
        enterprise_id=pl.col("cluster_id").cast(pl.Utf8),
    )


def _quality(members: pl.DataFrame, seed: int) -> dict[str, Any]:
    import polars as pl

    from iindustry.linkage.evaluate import pairs

    truth = pl.read_parquet(_folder(seed) / "truth.parquet").select("source", "record_key", "enterprise")
    found = pairs(members, truth)
    return {"precision": found.precision, "recall": found.recall, "f1": found.f1, "true_pairs": found.pairs}


def _folder(seed: int) -> Path:
    folder = WORK / f"linkage-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["make", seed]:
            print(json.dumps(make(int(seed))))
        case ["choose", seed, name]:
            print(json.dumps(choose(int(seed), name)))
        case ["run", seed, name, weight]:
            print(json.dumps(run(int(seed), name, float(weight))))
