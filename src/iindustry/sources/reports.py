"""What `sources` tells its neighbours: values, not rows.

Invariant: `rows == accepted + quarantined` in every report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How often one fault was found in one column (our name, or the file's heading for an unknown column)."""

    code: str
    column: str
    count: int


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of a delivery. `duplicate`: the same bytes were here before, and nothing was done.

    `status` is `accepted` or `held` (a large fall within its scope waits for a person) or `refused`. `constants`: the texts that a
    mapping put in every row, as (column, text).
    """

    delivery_id: str
    source: str
    layout: str
    mode: str
    scope: str
    period: str | None
    filename: str
    encoding: str
    rows: int
    accepted: int
    quarantined: int
    findings: tuple[FindingCount, ...]
    duplicate: bool
    mends: str | None
    status: str
    received_at: datetime
    constants: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was set aside: code, column (our name), the cell as sent (masked where it may be a citizen id)."""

    code: str
    column: str
    value: str | None


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """One row that waits to be mended. `cells` holds every column of ours as sent."""

    delivery_id: str
    row: int
    cells: dict[str, str | None]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DeliveryInForce:
    """A delivery whose accepted rows count now. `accepted` is its Parquet file; `effective_on` the day it speaks of."""

    delivery_id: str
    source: str
    layout: str
    mode: str
    scope: str
    period: str | None
    effective_on: date
    received_at: datetime
    accepted: Path

    @property
    def is_whole(self) -> bool:
        """Whether it is handed over as the whole of its register: only then does it mean something that a record is not in it."""
        return self.mode != "upsert" and self.scope == "all"
