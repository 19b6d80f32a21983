"""A warm process that forks one child for each run: Django is loaded, no connection is open, Polars is not imported.

Reads one JSON line a run from stdin (`flow`, `case`, `kill_at`, `out`) and answers one line (`status`: 0, or minus the
signal). What the child acknowledged lies in `out`, written after the act and before it ended: absent where it was killed.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path


def main(database, home):
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from iindustry.kernel.home import Home

    settings.HOME = Home(Path(home))
    connections.settings["default"]["NAME"] = database
    connections["default"].settings_dict["NAME"] = database
    from crash.flows import FLOWS, KNOWN_BAD
    from crash.register_flows import REGISTER_FLOWS

    for flow in FLOWS.values():
        flow.warm()
    if "polars" in sys.modules:
        raise RuntimeError("the zygote must fork before Polars starts its threads")
    print(json.dumps({"ready": sorted(FLOWS)}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            run({**FLOWS, **REGISTER_FLOWS, KNOWN_BAD.name: KNOWN_BAD}[order["flow"]], order)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)


def run(flow, order):
    """The child: act under the hooks, acknowledge, end."""
    from django.db import connection

    from crash.points import Points

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
    main(*sys.argv[1:])
