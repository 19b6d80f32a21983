"""The size of an enterprise under the ministerial regulation of B.E. 2562 (`data/sme_size.yaml`, DOMAIN section 5).

Two tests, yearly revenue and workers; limits are inclusive. Where they differ, rule `2562-revenue` (ours, as SME D Bank
reads it) lets revenue decide, `2562-higher` takes the higher class. The result says what each test gave.
Invariant: a missing number is unknown; it is never read as nought.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from iindustry.reference import tables

if TYPE_CHECKING:
    from iindustry.reference.activities import Sector

SizeClass = Literal["micro", "small", "medium", "large"]
Rule = Literal["2562-revenue", "2562-higher"]
CLASSES: tuple[SizeClass, ...] = ("micro", "small", "medium", "large")
SME: frozenset[SizeClass] = frozenset({"micro", "small", "medium"})


@dataclass(frozen=True, slots=True)
class Size:
    """A size class and what it rests on.

    `provisional`: only workers were known. `differs`: the two tests give different classes. `size_class` None: neither
    number is known, or the sector is not.
    """

    size_class: SizeClass | None
    by_revenue: SizeClass | None
    by_workers: SizeClass | None
    rule: Rule
    provisional: bool
    differs: bool


def document() -> dict[str, Any]:
    """The definition document, in the schema of programmes (`i-industry/definition/1`)."""
    return tables.document("sme_size.yaml")


def _band(fact: str, sector: Sector | None, value: int | None) -> SizeClass | None:
    if sector is None or value is None:
        return None
    limits = document()["gives"][fact]["ladder"]["upto"][sector]
    for name in CLASSES[:3]:
        if value <= limits[name]:
            return name
    return "large"


def size_class(
    sector: Sector | None, revenue_satang: int | None, worker_count: int | None, rule: Rule = "2562-revenue"
) -> Size:
    """The size class by one rule. Units: satang a year, people. Either number may be None: unknown."""
    by_revenue = _band("enterprise.size_class", sector, revenue_satang)
    by_workers = _band("enterprise.size_class_by_workers", sector, worker_count)
    both = [band for band in (by_revenue, by_workers) if band is not None]
    highest = max(both, key=CLASSES.index, default=None)
    decided = highest if rule == "2562-higher" else by_revenue or by_workers
    return Size(
        size_class=decided,
        by_revenue=by_revenue,
        by_workers=by_workers,
        rule=rule,
        provisional=by_revenue is None and by_workers is not None,
        differs=by_revenue is not None and by_workers is not None and by_revenue != by_workers,
    )


def words(name: SizeClass) -> tuple[str, str]:
    """Thai and English words of a size class."""
    row = tables.document("size_words.yaml")[name]
    return row["th"], row["en"]
