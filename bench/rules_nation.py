"""The rules on a register that stands, as large as it is: the facts table, every answer, every reason, a change in the studio.

    python bench/rules_nation.py HOME           the home that `make nation NATION_OPTIONS=--keep` left: 3.2 million enterprises

Each part runs in a fresh process, three times, and the best stands; what a page waits for is told by its 95th percentile. The
facts table is made for a day that has none yet. A change in the studio is one number of one open rule made a tenth larger or
smaller, tried with everything its page shows: counts, groups, near misses and data that would settle.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import ROOT, circumstances, percentile, table, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from iindustry.kernel.home import Home
    from iindustry.programmes.shape import Programme
    from iindustry.programmes.tree import Node

ROUNDS = 3
CHANGES = 40
_KIB, _MIB, _MS = 1024, 1024**2, 1000


def main(home: Path) -> None:
    circumstance = circumstances()
    found = {act: [_child(act, home) for _ in range(ROUNDS)] for act in ACTS}
    best = {act: min(each, key=lambda one: one["seconds"]) for act, each in found.items()}
    rows = [
        (what, one["enterprises"], f"{one['seconds']:.2f} s", f"{one['cpu_seconds']:.2f} s", f"{one['peak_mib']:,} MiB", asked)
        for act, what, asked in (
            ("laid", "the facts table made", "60 s"), ("answered", "all answers", "1 s"), ("reasoned", "all answers with every reason", "5 s"),
        )
        for one in (best[act],)
    ]  # fmt: skip
    table("Rules on the register that stands", ("what", "enterprises", "wall", "CPU", "peak", "asked"), rows)
    changed = best["changed"]
    table(
        f"A change in the studio, {changed['changes']} changes",
        ("p50 ms", "p95 ms", "max ms", "CPU ms each", "peak MiB", "asked"),
        [
            (
                changed["p50_ms"],
                changed["p95_ms"],
                changed["max_ms"],
                changed["cpu_ms"],
                changed["peak_mib"],
                "p95 1,000 ms",
            )
        ],
    )
    write("rules-nation", found, circumstance)


def laid(home: Home, day: date) -> dict[str, Any]:
    """The facts table of a day that has none: as the worker makes it when the day turns."""
    from iindustry.kernel.home import current_version
    from iindustry.programmes import facts_table

    folder = home.register / str(current_version(home))
    for one in folder.glob(f"facts-{day + timedelta(days=1)}*"):
        shutil.rmtree(one)
    found = _timed(lambda: facts_table.make(home=home, as_of=day + timedelta(days=1)))
    made = facts_table.make(home=home, as_of=day + timedelta(days=1))
    return found | {"enterprises": made.height}


def answered(home: Home, day: date) -> dict[str, Any]:
    """Yes, no and unknown of every open programme, from the opened table on."""
    from iindustry.programmes import columns, facts_table

    held, bundles = facts_table.make(home=home, as_of=day), _bundles(day)
    found = _timed(lambda: columns.statuses(bundles, held))
    return found | {"enterprises": held.height, "programmes": len(bundles)}


def reasoned(home: Home, day: date) -> dict[str, Any]:
    """The same with the answer of every condition kept."""
    from iindustry.programmes import columns, facts_table

    held, bundles = facts_table.make(home=home, as_of=day), _bundles(day)
    found = _timed(lambda: columns.matrix(bundles, held))
    return found | {"enterprises": held.height, "programmes": len(bundles)}


def changed(home: Home, day: date) -> dict[str, Any]:
    """One number after the other of the open rules, each tried as the studio tries it; the first look of the page is not counted."""
    from iindustry.programmes.services import open_rules
    from iindustry.programmes.simulate import dry_run

    rules = open_rules(day)
    first = dry_run(rules[0], home=home, as_of=day)
    drafts = [draft for rule in rules for draft in _drafts(rule)]
    took, cpu = [], time.process_time()
    for draft in drafts[:: max(1, len(drafts) // CHANGES)][:CHANGES]:
        began = time.perf_counter()
        dry_run(draft, home=home, as_of=day)
        took.append((time.perf_counter() - began) * _MS)
    return {
        "changes": len(took), "enterprises": first.enterprises, "seconds": round(sum(took) / _MS, 3),
        "p50_ms": round(percentile(took, 0.5)), "p95_ms": round(percentile(took, 0.95)), "max_ms": round(max(took)),
        "cpu_ms": round((time.process_time() - cpu) * _MS / len(took)), "peak_mib": _peak(),
    }  # fmt: skip


ACTS: dict[str, Callable[[Home, date], dict[str, Any]]] = {
    "laid": laid, "answered": answered, "reasoned": reasoned, "changed": changed,
}  # fmt: skip


def _drafts(rule: Programme) -> Iterator[Programme]:
    assert rule.conditions is not None  # noqa: S101 - an open rule
    for place in range(_numbers(rule.conditions)):
        for tenths in (9, 11):
            yield replace(rule, conditions=_with(rule.conditions, place, tenths))


def _numbers(node: Node) -> int:
    from iindustry.programmes.tree import Condition, Group, Literal

    if isinstance(node, Condition):
        return int(isinstance(node.value, Literal) and type(node.value.value) is int)
    return sum(_numbers(one) for one in (node.of if isinstance(node, Group) else (node.of,)))


def _with(node: Any, place: int, tenths: int) -> Any:
    """The tree with its so manieth number changed."""
    from iindustry.programmes.tree import Condition, Group, Literal

    if isinstance(node, Condition):
        assert isinstance(node.value, Literal)  # noqa: S101 - `_numbers` counted it
        return replace(node, value=Literal(int(node.value.value) * tenths // 10))  # type: ignore[arg-type]
    if not isinstance(node, Group):
        return replace(node, of=_with(node.of, place, tenths))
    parts, before = [], 0
    for one in node.of:
        held = _numbers(one)
        parts.append(_with(one, place - before, tenths) if before <= place < before + held else one)
        before += held
    return replace(node, of=tuple(parts))


def _bundles(day: date) -> list[Any]:
    from iindustry.programmes import columns  # noqa: F401 - engines load late; their loading is not the rules'
    from iindustry.programmes.published import bundle_of
    from iindustry.programmes.services import open_rules

    return [bundle_of(one) for one in open_rules(day)]


def _timed(act: Callable[[], object]) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    act()
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    return {"seconds": round(seconds, 3), "cpu_seconds": round(spent, 3), "peak_mib": _peak()}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB


def _child(act: str, home: Path) -> dict[str, Any]:
    environ = os.environ | {  # noqa: TID251 - for a child
        "IINDUSTRY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "iindustry.config.settings", "POLARS_MAX_THREADS": "2",
        "IINDUSTRY_DATABASE_ROLE": "worker",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, __file__, str(home), act], env=environ, capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode:
        raise SystemExit(f"{act} failed:\n{done.stderr[-4000:]}")
    print(f"  {act}", flush=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


if __name__ == "__main__":
    match sys.argv[1:]:
        case [place]:
            main(Path(place).resolve())
        case [place, act]:
            from iindustry.config.environment import environment
            from iindustry.config.supervisor import connected
            from iindustry.kernel.clock import SystemClock

            with connected("worker"):
                print(json.dumps(ACTS[act](environment().paths, SystemClock().today())))
        case _:
            raise SystemExit(__doc__)
