"""How a service does, judged over half an hour of its calls (EXCHANGE section 4, catalogue and health).

A refusal that is the caller's or the enterprise's is a success of the service: it answered. Invariant: below twenty calls
nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = timedelta(minutes=30)
FEWEST_CALLS = 20
_GOOD_SHARE = 0.95
_GOOD_MEDIAN_MS = 5_000


class State(StrEnum):
    """The one word for a service."""

    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Health:
    """Counts and times (milliseconds) of one service's calls; None where there is nothing to measure."""

    service: str
    calls: int
    success_ratio: float | None
    p50_ms: int | None
    p95_ms: int | None
    last_error: str | None
    state: State


def judge(service: str, calls: Sequence[tuple[int, bool]], last_error: str | None) -> Health:
    """The health of a service from its calls, each (milliseconds, whether the service answered as it should)."""
    if not calls:
        return Health(service, 0, None, None, None, last_error, State.UNSURE)
    times = sorted(milliseconds for milliseconds, _ in calls)
    cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else [float(times[0])] * 19
    share = sum(answered for _, answered in calls) / len(calls)
    p50, p95 = round(cuts[9]), round(cuts[18])
    good = share > _GOOD_SHARE and p50 < _GOOD_MEDIAN_MS
    state = State.UNSURE if len(calls) < FEWEST_CALLS else State.GOOD if good else State.BAD
    return Health(service, len(calls), share, p50, p95, last_error, state)
