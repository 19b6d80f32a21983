"""One table of what the real registers showed; without them, one line that says so in capitals."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

FOUND = pytest.StashKey["Found"]()
HOW = "name their folder: IINDUSTRY_REAL_DATA=... make real"


@dataclass
class Found:
    """Rows of the table (what, figure), and tests that had nothing to read."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)


@pytest.fixture
def found(request):
    """`found("rows handed over", 97_076)` puts a row into the table at the end of the run."""
    rows = request.config.stash.setdefault(FOUND, Found()).rows

    def put(what: str, figure: object) -> None:
        rows.append((what, f"{figure:,}" if isinstance(figure, int) else str(figure)))

    return put


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.skipped and item.get_closest_marker("real"):
        item.config.stash.setdefault(FOUND, Found()).not_run.append(item.name)


def pytest_terminal_summary(terminalreporter, config):
    kept = config.stash.get(FOUND, Found())
    if kept.rows:
        wide = max(len(what) for what, _ in kept.rows)
        terminalreporter.section("real registers")
        for what, figure in kept.rows:
            terminalreporter.line(f"  {what.ljust(wide)}  {figure}")
    if kept.not_run:
        terminalreporter.section("real registers", red=True)
        terminalreporter.line(
            f"  NOT RUN: {len(kept.not_run)} tests of real registers, which are not here; {HOW}", red=True
        )
