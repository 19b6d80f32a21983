"""The demo country, running: started once by whoever needs a whole system, with the command a newcomer would use."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iindustry.config.database import cluster_of

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = Path(sys.executable).with_name("i-industry")
PATIENCE_SECONDS = 240


@dataclass(frozen=True)
class Stage:
    """A running country: where it answers, where it lies, and how long it took to answer and to be complete."""

    base: str
    home: Path
    answered_after: float
    complete_after: float


def environment(home: Path) -> dict[str, str]:
    """A newcomer's environment: ours, less what tests have set."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("IINDUSTRY_", "DATABASE_", "DJANGO_"))
    }
    return kept | {"IINDUSTRY_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def open_stage(enterprises: int = 3000, seed: int = 1) -> Iterator[Stage]:
    """Start the demo in a folder of its own, wait until the country is complete, and leave nothing running."""
    with tempfile.TemporaryDirectory(prefix="ii-stage-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        began = time.monotonic()
        log = (home / "stage.log").open("w+")
        process = subprocess.Popen(
            [COMMAND, "demo", "--enterprises", str(enterprises), "--seed", str(seed), "--port", "8300"],
            env=environment(home), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            base = _address(home / "stage.log", process, began)
            answered = time.monotonic() - began
            _complete(base, process, home / "stage.log", began)
            yield Stage(base, home, answered, time.monotonic() - began)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            log.close()
            cluster = cluster_of(home).data  # under root it lies outside the home
            if home not in cluster.parents:
                shutil.rmtree(cluster.parent, ignore_errors=True)


def _address(log: Path, process: subprocess.Popen[bytes], began: float) -> str:
    while time.monotonic() - began < PATIENCE_SECONDS:
        if found := re.search(r"http://[\w.]+:\d+", log.read_text(encoding="utf-8")):
            base = found[0]
            if _status(base + "/health/live") == 200:
                return base
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the demo did not answer:\n{log.read_text(encoding='utf-8')[-3000:]}")


def _complete(base: str, process: subprocess.Popen[bytes], log: Path, began: float) -> None:
    while time.monotonic() - began < PATIENCE_SECONDS:
        page = urllib.request.urlopen(base + "/live", timeout=20).read().decode()
        if 'hx-trigger="every 1s"' not in page and 'role="alert"' not in page:
            return
        if 'role="alert"' in page or process.poll() is not None:
            break
        time.sleep(0.3)
    raise AssertionError(f"the country was not completed:\n{log.read_text(encoding='utf-8')[-4000:]}")


def _status(address: str) -> int:
    try:
        return int(urllib.request.urlopen(address, timeout=5).status)
    except OSError:
        return 0
