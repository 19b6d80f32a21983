"""Tests on Apache Spark; without pyspark or Java, one line that says so in capitals."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

NOT_RUN = pytest.StashKey[list]()
HOW = "install pyspark (pip install 'i-industry[spark]') and Java 17"

sys.path.insert(0, str(Path(__file__).parents[1] / "integration" / "linkage"))  # its made-up country


def _missing():
    return [name for name, found in (("pyspark", find_spec("pyspark")), ("Java", shutil.which("java"))) if not found]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if item.get_closest_marker("spark") and (missing := _missing()):
        item.config.stash.setdefault(NOT_RUN, []).append(item.name)
        pytest.skip(f"not here: {', '.join(missing)}")


def pytest_terminal_summary(terminalreporter, config):
    if names := config.stash.get(NOT_RUN, []):
        terminalreporter.section("Spark", red=True)
        terminalreporter.line(
            f"  NOT RUN: {len(names)} tests of parity with Spark: {', '.join(_missing())} not here; {HOW}", red=True
        )
