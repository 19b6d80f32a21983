"""What a run measured of itself on hidden numbers, told by pair of registers and by region, as its version keeps it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.kernel.home import current_version
from iindustry.register.services.publication import LINK_REPORT
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from iindustry.kernel.home import Home

ROWS_MOST = 40
REGIONS = {
    "1": ("กรุงเทพฯ และภาคกลางตอนบน", "Bangkok and upper central"),
    "2": ("ภาคตะวันออก", "East"),
    "3": ("ภาคตะวันออกเฉียงเหนือตอนล่าง", "Lower north-east"),
    "4": ("ภาคตะวันออกเฉียงเหนือตอนบน", "Upper north-east"),
    "5": ("ภาคเหนือตอนบน", "Upper north"),
    "6": ("ภาคเหนือตอนล่าง", "Lower north"),
    "7": ("ภาคตะวันตกและภาคกลางตอนล่าง", "West and lower central"),
    "8": ("ภาคใต้ตอนบน", "Upper south"),
    "9": ("ภาคใต้ตอนล่าง", "Lower south"),
    "-": ("ไม่ทราบจังหวัด", "Province unknown"),
}
"""The first digit of a province's code, in words."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share and its 95 % interval; None where there was nothing to measure on."""

    value: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One row: a pair of registers (`sources`) or a region (`words`), pairs that are true, precision and recall."""

    sources: tuple[str, str] | None
    words: Both | None
    true: int
    precision: Share
    recall: Share


def measured(home: Home) -> dict[str, list[Measured]]:
    """Rows by `source_pair` and `region`, most pairs first; empty lists where the version keeps no report."""
    version = current_version(home)
    path = home.register / version / LINK_REPORT if version else None
    told = json.loads(path.read_text(encoding="utf-8")).get("hidden", []) if path and path.exists() else []
    found: dict[str, list[Measured]] = {"source_pair": [], "region": []}
    for row in sorted(told, key=lambda one: (-one["true"], one["value"])):
        if row["by"] not in found or len(found[row["by"]]) >= ROWS_MOST:
            continue
        left, _, right = row["value"].partition("|")
        found[row["by"]].append(
            Measured(
                sources=(left, right) if row["by"] == "source_pair" else None,
                words=Both(*REGIONS.get(row["value"], (row["value"], row["value"]))) if row["by"] == "region" else None,
                true=row["true"],
                precision=_share(row["precision"], row["precision_95"]),
                recall=_share(row["recall"], row["recall_95"]),
            )
        )
    return found


def _share(value: float | None, interval: list[float] | None) -> Share:
    return Share(value, (interval[0], interval[1]) if interval else None)
