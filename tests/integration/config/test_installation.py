"""One installation from start to stop: it answers, says where it is, heals a dead child, and leaves nothing running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "iindustry.cli.main"]
LONGEST = 60


@pytest.fixture
def environ(tmp_path):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("IINDUSTRY_", "DATABASE", "DJANGO"))
    }
    return kept | {"IINDUSTRY_HOME": str(tmp_path / "home"), "IINDUSTRY_DEMO": "1"}


@pytest.fixture
def running(environ):
    started = subprocess.Popen(
        [*COMMAND, "up", "--port", "18473"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    url = started.stdout.readline().split()[-1]
    yield started, url
    if started.poll() is None:
        started.kill()
    started.communicate()


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def _until(true, longest=LONGEST):
    end = time.monotonic() + longest
    while time.monotonic() < end:
        if found := true():
            return found
        os.sched_yield()
    raise AssertionError("it did not come about in time")


def _processes(home):
    """Ids of processes that belong to this installation, by environment or by argument."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
                arguments = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if f"IINDUSTRY_HOME={home}\0".encode() in environment or home in arguments:
                found[int(entry.name)] = arguments
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes through /proc")
def test_it_serves_heals_tells_where_and_leaves_nothing(environ, running):
    started, url = running
    home = environ["IINDUSTRY_HOME"]
    assert _answers(url + "/terms") == 200

    second = subprocess.run([*COMMAND, "up"], env=environ, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert second.returncode == 0
    assert url in second.stdout

    worker = next(pid for pid, line in _processes(home).items() if "iindustry.config.work" in line)
    os.kill(worker, signal.SIGKILL)
    _until(lambda: any("iindustry.config.work" in line and pid != worker for pid, line in _processes(home).items()))
    assert started.poll() is None

    started.send_signal(signal.SIGTERM)
    assert started.wait(LONGEST) == 0
    _until(lambda: not _processes(home))
    assert _answers(url + "/terms") is None
    assert not (Path(home) / "up.json").exists()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes through /proc")
def test_children_end_with_a_supervisor_that_is_killed_outright(environ, running):
    started, _ = running
    home = environ["IINDUSTRY_HOME"]
    started.kill()
    started.wait(LONGEST)
    _until(lambda: not any("iindustry.config" in line for line in _processes(home).values()))
    again = subprocess.Popen([*COMMAND, "up"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert _answers(again.stdout.readline().split()[-1] + "/terms") == 200
    finally:
        again.send_signal(signal.SIGINT)
        assert again.wait(LONGEST) == 0
        again.communicate()


def test_doctor_answers_for_a_fresh_home(environ):
    done = subprocess.run(
        [*COMMAND, "doctor", "--json"], env=environ, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["ok"]
    assert {one["name"] for one in report["findings"]} >= {"python", "folder", "disk", "database", "words"}
