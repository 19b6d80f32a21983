"""How long cases take, open ones counted (INSIGHT section 3): the Kaplan–Meier median.

A mean or a median over closed cases alone would look best where most cases still lie, so neither is offered.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HALF = 0.5 + 1e-9  # a product of floats that ought to be one half may be a hair above


def median(cases: Iterable[tuple[int, bool]]) -> int | None:
    """The least number of days by which half of the cases are decided.

    Shapes: (days, decided) for each case; an open case gives its days so far and False. Units: days as given.
    Missing: None where fewer than half are decided by the longest time seen, or there is no case.
    """
    ended: Counter[int] = Counter()
    left: Counter[int] = Counter()
    for days, decided in cases:
        (ended if decided else left)[days] += 1
    at_risk = sum(ended.values()) + sum(left.values())
    waiting = 1.0
    for days in sorted(ended.keys() | left.keys()):
        waiting *= 1 - ended[days] / at_risk
        if waiting <= _HALF and ended[days]:
            return days
        at_risk -= ended[days] + left[days]
    return None
