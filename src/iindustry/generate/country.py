"""The demo country as files: what `make_country` hands back.

Invariant: paths and words only; reading them is the caller's affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iindustry.generate.cast import CastEnterprise


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file as an agency would hand it over. `period` is `YYYY-MM`; `scope` None is the whole register."""

    source: str
    path: Path
    period: str
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Country:
    """Everything made, by path.

    `truth`: Parquet source, record_key, enterprise, establishment: whom each good record is really about, on the country's
    day; `truth_at`: the same at the end of each month (`YYYY-MM`), empty where but one month is told of.
    `facts`, `sites`: Parquet of what is true of each firm and factory (columns: `generate.facts`).
    `effects`: Parquet outcome, effect_ln: what past loans truly changed. `history`: past applications by juristic id.
    `outcomes`: Parquet juristic_id, year, revenue_satang, worker_count. `ministry`: the ministry's own record of itself.
    `samples`: files for the story and for refusals, by name.
    """

    deliveries: tuple[Delivery, ...]
    truth: Path
    truth_at: Mapping[str, Path]
    facts: Path
    sites: Path
    effects: Path
    history: Path
    outcomes: Path
    ministry: Path
    cast: tuple[CastEnterprise, ...]
    samples: Mapping[str, Path]
