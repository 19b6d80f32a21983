"""The world that flows act in: one database, one folder, one instant; and the process that runs the children."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from iindustry.kernel.clock import FixedClock

if TYPE_CHECKING:
    from iindustry.kernel.home import Home

CLOCK = FixedClock(datetime(2026, 11, 22, 3, 0, tzinfo=UTC))


@dataclass
class Run:
    """How one run ended: `ack` is what the child acknowledged, None where it was killed before."""

    status: int
    ack: Any
    points: int
    labels: list[str]


@dataclass
class World:
    """The folder that flows act in, and the process that forks."""

    home: Home
    zygote: subprocess.Popen[str]

    def run(self, flow, case, *, kill_at=None, since_ns=None) -> Run:
        """Run a flow in a child. An exception in the child is raised here: only a kill may end it.

        `since_ns`: draw what is drawn by chance as every run with this number does (`standing_still`); None: by chance.
        """
        out = self.home.root / "out.json"
        out.unlink(missing_ok=True)
        order = {
            "flow": flow.name,
            "case": case,
            "kill_at": kill_at,
            "out": str(out),
            "since_ns": since_ns,
            "database": connection.settings_dict["NAME"],
            "home": str(self.home.root),
        }
        self.zygote.stdin.write(json.dumps(order) + "\n")
        self.zygote.stdin.flush()
        status = answer(self.zygote)["status"]
        said = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
        if "error" in said:
            raise AssertionError(f"{flow.name}: {said['error']}")
        return Run(status, said.get("ack"), said.get("points", 0), said.get("labels", []))


def answer(zygote):
    """The next line that the process that forks says."""
    line = zygote.stdout.readline()
    if not line:
        raise AssertionError("the process that forks has ended: see its words above")
    return json.loads(line)


def begin() -> subprocess.Popen[str]:
    """Start the process that forks: one for all tests, it costs seconds. What it is told says in which database and folder."""
    tests = Path(__file__).resolve().parents[1]
    places = [str(tests), *filter(None, [os.environ.get("PYTHONPATH")])]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    zygote = subprocess.Popen(
        [sys.executable, "-m", "crash.zygote"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ, text=True
    )
    answer(zygote)
    return zygote


def end(zygote: subprocess.Popen[str]) -> None:
    """Let it end."""
    zygote.stdin.close()
    zygote.stdout.close()
    zygote.wait(20)
