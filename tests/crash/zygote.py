"""A warm process that forks one child for each run: everything is imported, no connection is open, Polars has not begun to work.

Reads one JSON line a run from stdin (`flow`, `case`, `kill_at`, `out`, `since_ns`, `database`, `home`) and answers one line (`status`: 0, or minus
the signal). What the child acknowledged lies in `out`, written after the act and before it ended: absent where it was killed.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import traceback
from pathlib import Path

SEED = 20261122
PACKAGES = ("flows", "linkage", "reference", "register", "sources", "standardise")
_ELSEWHERE = (".migrations", "spark")  # what no act touches, and what not every computer has


def main():
    import django

    django.setup()
    from crash.flows import FLOWS, KNOWN_BAD
    from crash.register_flows import REGISTER_FLOWS

    for flow in FLOWS.values():
        flow.warm()
    warm()
    if working := workers():
        raise RuntimeError(f"the zygote must fork before Polars starts its threads: {working}")
    print(json.dumps({"ready": sorted(FLOWS)}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            run({**FLOWS, **REGISTER_FLOWS, KNOWN_BAD.name: KNOWN_BAD}[order["flow"]], order)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)


def warm():
    """Import what acts would import one by one, in every child anew."""
    import duckdb  # noqa: F401
    import polars  # noqa: F401, ICN001

    for name in PACKAGES:
        package = importlib.import_module(f"iindustry.{name}")
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part in one.name for part in _ELSEWHERE):
                importlib.import_module(one.name)


def workers():
    """The threads of this process that work for Polars: a fork would leave them behind, and wait for them for ever."""
    names = [path.read_text().strip() for path in sorted(Path("/proc/self/task").glob("*/comm"))]
    return [name for name in names if name.startswith("polars-") and name.removeprefix("polars-").isdecimal()]


def run(flow, order):
    """The child: act under the hooks, acknowledge, end."""
    from django.conf import settings
    from django.db import connection

    from crash.points import Points
    from crash.standing_still import stand_still
    from iindustry.kernel.home import Home

    if order["since_ns"] is not None:
        stand_still(SEED, order["since_ns"])
    connection.settings_dict["NAME"] = order["database"]
    settings.HOME = Home(Path(order["home"]))
    try:
        flow.ready()
        connection.ensure_connection()
        points = Points(order["kill_at"])
        points.install()
        ack = flow.act(order["case"])
        said = {"ack": ack, "points": len(points.labels), "labels": points.labels}
    except BaseException:  # noqa: BLE001 - told to the parent, whatever it is
        said = {"error": traceback.format_exc()}
    with open(order["out"], "w", encoding="utf-8") as file:  # noqa: PTH123 - the child ends at once
        json.dump(said, file)
    os._exit(0 if "ack" in said else 3)


if __name__ == "__main__":
    main()
