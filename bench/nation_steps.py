"""One step of the nation in a process of its own: `python bench/nation_steps.py STEP` (bench/nation.py calls it).

What a step leaves for the next lies in the home: files of the platform itself and, between linking and publication, what
linking found under `nation/linked`. So a step that broke is begun again alone, and no step holds the memory of another.
The last line printed is JSON: what the step found. Phases are told on lines of their own before it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import percentile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iindustry.generate.country import Country
    from iindustry.kernel.home import Home
    from iindustry.linkage.outcome import Linked

SEED = 77
LOOKS = 300
LEAST_SIGNS = 5
PENDING = ".nation"
"""The name under which linking's state lies until its version has one."""
_FRAMES = ("members", "review", "redirects", "journal")


def made(home: Home, enterprises: int) -> dict[str, Any]:
    """The country's files. A country begun before is made anew."""
    from iindustry.generate.services import make_country

    shutil.rmtree(home.demo, ignore_errors=True)
    country = make_country(home.demo / "country", enterprises=enterprises, seed=SEED)
    _keep(home, country)
    return {"files": len(country.deliveries)}


def delivered(home: Home, enterprises: int) -> dict[str, Any]:
    """Every file handed over; a file that was before is passed by. The country's own copies go: the landing holds them."""
    del enterprises
    from iindustry.flows import services as flows
    from iindustry.kernel.actors import SYSTEM
    from iindustry.kernel.clock import SystemClock

    kept = json.loads((home.root / "nation" / "country.json").read_text(encoding="utf-8"))
    given = [
        flows.Handover(one["source"], Path(one["path"]), Path(one["path"]).name, one["period"], one["scope"])
        for one in kept["deliveries"]
    ]
    reports = flows.deliver_all(given, actor=SYSTEM, home=home, clock=SystemClock(), progress=_told)
    for one in given:
        one.file.unlink(missing_ok=True)
    return {"records": sum(one.rows for one in reports)}


def standardised(home: Home, enterprises: int) -> dict[str, Any]:
    """Standard files of every delivery in force."""
    del enterprises
    return {"files": len(_files(home))}


def linked(home: Home, enterprises: int) -> dict[str, Any]:
    """What linking finds, kept for the publication; its state where the version will take it from."""
    del enterprises
    from iindustry.flows.building import SEED as SEED_OF_RUNS
    from iindustry.linkage import services as linkage
    from iindustry.standardise import services as standardise

    found = linkage.link(
        standardise.identities(_files(home)),
        earlier=linkage.earlier_members(home),
        judgements=linkage.judgements_in_force(),
        seed=SEED_OF_RUNS,
        threads=os.cpu_count() or 1,
        document=linkage.model_in_force(home=home),
        progress=_told,
    )
    shutil.rmtree(home.linkage / PENDING, ignore_errors=True)
    linkage.save_state(found, home=home, version=PENDING)
    folder = home.root / "nation" / "linked"
    folder.mkdir(parents=True, exist_ok=True)
    for name in _FRAMES:
        getattr(found, name).write_parquet(folder / f"{name}.parquet")
    (folder / "told.json").write_text(
        json.dumps({"quality": dict(found.quality), "report": dict(found.report)}), encoding="utf-8"
    )
    return {"quality": dict(found.quality)}


def published(home: Home, enterprises: int) -> dict[str, Any]:
    """The version made and put in force."""
    del enterprises
    from iindustry.kernel.clock import SystemClock
    from iindustry.register import services as register

    report = register.publish(
        _linked(home), _files(home), home=home, clock=SystemClock(), progress=_told, state_of=PENDING
    )
    shutil.rmtree(home.linkage / PENDING, ignore_errors=True)
    shutil.rmtree(home.root / "nation" / "linked", ignore_errors=True)
    return asdict(report)


def evaluated(home: Home, enterprises: int) -> dict[str, Any]:
    """Every enterprise against every programme."""
    del enterprises
    from iindustry.flows import building
    from iindustry.kernel.clock import SystemClock
    from iindustry.programmes import services as programmes

    report = programmes.evaluate_all(home=home, as_of=SystemClock().today(), progress=_told)
    building.write_programmes(home)
    return {"programmes": len(report.programmes), "evaluated": report.enterprises}


def measured(home: Home, enterprises: int) -> dict[str, Any]:
    """Precision and recall against what the country knows of itself."""
    del enterprises
    from iindustry.flows.measuring import measure

    kept = json.loads((home.root / "nation" / "country.json").read_text(encoding="utf-8"))
    quality = measure(home=home, truth=Path(kept["truth"]))
    return {"truth": asdict(quality) if quality else None}


def counted(home: Home, enterprises: int) -> dict[str, Any]:
    """What the pages of figures need beside the version."""
    del enterprises
    from iindustry.insight import services as insight

    insight.prepare(home)
    return {}


def prepared_for_look_ups(home: Home, enterprises: int) -> dict[str, Any]:
    """The rows that one record is looked up by."""
    del enterprises
    from iindustry.linkage import services as linkage

    return {"rows_made": linkage.refresh_look_ups(home=home)}


def explored(home: Home, enterprises: int) -> dict[str, Any]:
    """The scoreboard and the map of every line."""
    del enterprises
    from iindustry.insight import services as insight

    insight.scoreboard(home)
    for line in ("s_curve", "sme_upgrade", "area", "green", "smart_gov"):
        insight.map_of_lines(home, line=line, step="eligible")
    return {}


def looked_up(home: Home, enterprises: int) -> dict[str, Any]:
    """Enterprises by number and by name, and one record to its explained candidates: milliseconds, each asked once before."""
    del enterprises
    import polars as pl

    from iindustry.kernel.errors import Rejected
    from iindustry.kernel.home import current_version
    from iindustry.linkage import services as linkage
    from iindustry.linkage.lookup import LookUp
    from iindustry.register import services as register

    folder = home.register / (current_version(home) or "")
    rows = (
        pl.scan_parquet(folder / "enterprises.parquet")
        .select("enterprise_id", "juristic_id", "name_th", "province_code")
        .filter(pl.col("enterprise_id").hash(SEED) % 1000 == 0)
        .collect()
    )
    rows = rows.sample(min(LOOKS, rows.height), seed=SEED)
    numbers = rows["juristic_id"].drop_nulls().to_list()
    named = rows.drop_nulls("juristic_id")
    cores = [name.removeprefix("บริษัท ").removesuffix(" จำกัด") for name in named["name_th"]]
    long = ["".join(core.split()) for core in cores]
    starts = [one[: max(LEAST_SIGNS, len(one) // 2)] for one in long if len(one) >= LEAST_SIGNS]
    middles = [one[len(one) // 3 :][: max(LEAST_SIGNS, len(one) // 2)] for one in long if len(one) >= 2 * LEAST_SIGNS]
    asked = [
        LookUp(name_th=name, province_code=code) for name, code in named.select("name_th", "province_code").iter_rows()
    ]
    acts: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "by lasting id, full profile": (register.get_enterprise, rows["enterprise_id"].to_list()),
        "by juristic id, full profile": (register.find_by_juristic_id, numbers),
        "half a name, from its beginning": (register.search, starts),
        "half a name, from its middle": (register.search, middles),
        "one record to explained candidates": (linkage.look_up, asked),
    }
    found = []
    for name, (call, things) in acts.items():
        for times in ("first", "again"):
            took, given_up = [], 0
            for one in things:
                began = time.perf_counter()
                try:
                    call(one)
                except Rejected:
                    given_up += 1
                took.append((time.perf_counter() - began) * 1000)
            if took:
                found.append(
                    (
                        f"{name}, {times}",
                        *(round(percentile(took, share), 2) for share in (0.5, 0.95)),
                        len(took),
                        given_up,
                    )
                )
    return {"looked_up": found}


STEPS: Mapping[str, Callable[[Home, int], dict[str, Any]]] = {
    "generate": made, "deliver": delivered, "standardise": standardised, "link": linked, "publish": published,
    "evaluate": evaluated, "measure": measured, "count": counted, "rows of look-ups": prepared_for_look_ups,
    "explore": explored, "look up": looked_up,
}  # fmt: skip
"""Every step in its order."""


def _told(phase: str, done: int = 0, total: int = 0) -> None:
    print(f"    {phase} {done}/{total}", flush=True)


def _files(home: Home) -> Any:
    from iindustry.sources import services as sources
    from iindustry.standardise import services as standardise

    return standardise.standard_files(sources.in_force(home=home), home=home, progress=_told)


def _linked(home: Home) -> Linked:
    import polars as pl

    from iindustry.linkage.outcome import Linked

    folder = home.root / "nation" / "linked"
    told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    return Linked(**{name: pl.read_parquet(folder / f"{name}.parquet") for name in _FRAMES}, **told)


def _keep(home: Home, country: Country) -> None:
    """Where the country's files lie, for the steps after."""
    folder = home.root / "nation"
    folder.mkdir(parents=True, exist_ok=True)
    deliveries = [
        {"source": one.source, "path": str(one.path), "period": one.period, "scope": one.scope}
        for one in country.deliveries
    ]
    (folder / "country.json").write_text(
        json.dumps({"deliveries": deliveries, "truth": str(country.truth)}), encoding="utf-8"
    )


def main(step: str, number: int, steps: Mapping[str, Callable[[Home, int], dict[str, Any]]] = STEPS) -> None:
    """Do one step in the home that the environment names, and tell what it found. `number`: enterprises, or what a step counts."""
    from iindustry.config.environment import environment
    from iindustry.config.supervisor import connected

    with connected("worker"):
        print(json.dumps(steps[step](environment().paths, number)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
