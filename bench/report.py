"""How every bench reports: one JSON file in bench/results with what it ran on, and one table on the screen."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
_ELSEWHERE = os.environ.get("BENCH_FOLDER", "")  # noqa: TID251 - where tests of the benches let them write
RESULTS = Path(_ELSEWHERE) if _ELSEWHERE else ROOT / "bench" / "results"
WORK = Path(_ELSEWHERE) if _ELSEWHERE else ROOT / ".cache" / "bench"
PACKAGES = ("django", "duckdb", "granian", "polars", "splink")
_GIB = 1024**3


def circumstances() -> dict[str, Any]:
    """Commit, versions, machine, load and date: without them a figure says nothing."""
    described = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    commit = subprocess.run(described, capture_output=True, text=True, check=False).stdout.strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "commit": commit or "unknown",
        "date": datetime.now(UTC).date().isoformat(),  # noqa: TID251 - the day of the bench, not of the platform
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
        "cores": os.cpu_count(),
        "memory_gib": round(memory / _GIB),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _version(name: str) -> str | None:
    """None where a bench does not need the package: the nation has no peer beside it."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def write(name: str, found: dict[str, Any], circumstance: dict[str, Any]) -> Path:
    """Keep a bench's figures; where they stand."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(circumstance | found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print one table: the first column to the left, figures to the right."""
    cells = [list(heads), *[["-" if one is None else str(one) for one in row] for row in rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]
    print(f"\n{title}")
    for row in cells:
        first, rest = row[0].ljust(widths[0]), [one.rjust(wide) for one, wide in zip(row[1:], widths[1:], strict=True)]
        print("  " + "  ".join([first, *rest]).rstrip())


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies: the nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, round(share * (len(ranked) - 1)))]
