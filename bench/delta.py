"""The daily delta: some thousand records on top of a whole country, linked and published; seconds, memory, and what became of ids.

    python bench/delta.py                       10,000 records on about a million (155,000 enterprises), made first
    python bench/delta.py --enterprises 5000 --records 200 --keep

The country is made, linked and published once (steps of bench/nation.py, in a home of its own) and stays there with `--keep`: the
same command again tries another delta on top of what the last one left (`--tries` several at once), each with other records.
Of the records a tenth come, a tenth go, and the others say something else (`delta_steps`).
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path
from typing import Any

from nation import Given, Stopped, all_steps, done_before, folders, note, one_step
from report import WORK, circumstances, table, write

ENTERPRISES, RECORDS = 155_000, 10_000
PREPARED = ("generate", "withhold", "deliver", "link", "publish", "rows of look-ups")


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--enterprises", type=int, default=ENTERPRISES)
    asked.add_argument("--records", type=int, default=RECORDS, help="in a delta")
    asked.add_argument("--tries", type=int, default=1)
    asked.add_argument("--home", type=Path, default=WORK / "delta-home", help="where it is made")
    asked.add_argument("--memory", type=float, default=8.0, help="GiB that a step and the database may hold")
    asked.add_argument("--disk", type=float, default=4.0, help="GiB that must stay free")
    asked.add_argument("--fresh", action="store_true", help="make the country anew")
    asked.add_argument("--keep", action="store_true", help="leave the country for the next delta")
    asked.add_argument("--only-prepare", action="store_true", help="make the country and try no delta")
    told = asked.parse_args()
    circumstance = circumstances()
    given = Given(told.home, told.enterprises, told.memory, told.disk)
    os.environ |= {"IINDUSTRY_HOME": str(told.home), "IINDUSTRY_DATABASE_ROLE": "worker"}  # noqa: TID251 - a home of its own
    done = done_before(given, fresh=told.fresh)
    from iindustry.config.supervisor import connected

    tries: list[dict[str, Any]] = []
    try:
        with connected("worker", makes_home=True):
            withheld = {"withhold": ("delta_steps.py", told.records)}
            all_steps(given, done, PREPARED, withheld)
            for _ in range(0 if told.only_prepare else told.tries):
                load = os.getloadavg()[0]
                found, watched = one_step("change", given, "delta_steps.py", told.records)
                tries.append(found | {"load": round((load + os.getloadavg()[0]) / 2, 1), "peak_gib": round(watched.own, 2),
                                      "database_gib": round(watched.database, 2)})  # fmt: skip
                note(given, done)
    except Stopped as why:
        print(f"\n{why}", flush=True)
        raise SystemExit(1) from None
    _tell(told, done, tries, circumstance)
    if not told.keep:
        for folder in folders(told.home):
            shutil.rmtree(folder, ignore_errors=True)


def _tell(
    given: argparse.Namespace, done: dict[str, Any], tries: list[dict[str, Any]], circumstance: dict[str, Any]
) -> None:
    name = "delta" if given.enterprises == ENTERPRISES else f"delta-{given.enterprises}"
    if not tries:
        return
    write(name, {"enterprises_asked": given.enterprises, "records": done.get("records"), "tries": tries}, circumstance)
    for one in tries:
        report, ids = one["report"], one["ids"]
        cpu = round(sum(phase["cpu_seconds"] for phase in one["phases"]), 1)
        wall = round(sum(phase["seconds"] for phase in one["phases"]), 1)
        table(
            f"Try {one['try']}: {report['changed']:,} changed, {report['gone']:,} gone, {report['touched']:,} enterprises touched of "
            f"{report['enterprises']:,}; {wall} s, {cpu} CPU s, {one['peak_gib']} GiB, load {one['load']}",
            ("phase", "s", "CPU s"),
            [(phase["phase"], phase["seconds"], phase["cpu_seconds"]) for phase in one["phases"]],
        )
        table(
            f"Ids: {ids['untouched_kept']:,} of {ids['untouched']:,} untouched enterprises kept theirs; {ids['gone']:,} went away, "
            f"{ids['without_redirect']} without a redirect",
            ("why", "ids"),
            sorted(ids["why"].items()),
        )


if __name__ == "__main__":
    main()
