"""The world that flows act in: one database, one folder, one instant; and the process that runs the children."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    """`runs` are the cases so far: (flow, case, what was acknowledged at last)."""

    home: Home
    process: subprocess.Popen[str]
    runs: list[tuple[Any, dict[str, Any], Any]] = field(default_factory=list)

    def run(self, flow, case, *, kill_at=None) -> Run:
        """Run a flow in a child. An exception in the child is raised here: only a kill may end it."""
        out = self.home.root / "out.json"
        out.unlink(missing_ok=True)
        order = {"flow": flow.name, "case": case, "kill_at": kill_at, "out": str(out)}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        status = self._answer()["status"]
        said = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
        if "error" in said:
            raise AssertionError(f"{flow.name}: {said['error']}")
        return Run(status, said.get("ack"), said.get("points", 0), said.get("labels", []))

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(20)

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("the process that forks has ended: see its words above")
        return json.loads(line)


def begin(home: Home, database: str) -> World:
    """Start the process that forks. The database must be there, and its rows committed."""
    tests = Path(__file__).resolve().parents[1]
    environ = {**os.environ, "PYTHONPATH": str(tests)}
    process = subprocess.Popen(
        [sys.executable, "-m", "crash.zygote", database, str(home.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ, text=True,
    )  # fmt: skip
    world = World(home, process)
    world._answer()
    return world
