"""Of which day a delivery speaks: the last day of its period, or the day it came, whichever is earlier.

A file that arrives late does not replace a newer one: deliveries are ordered by this day, then by arrival.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from iindustry.kernel.errors import Rejected
from iindustry.kernel.thaidate import BE_OFFSET

_BE_FROM = 2400
_FIRST_YEAR = (
    1887  # B.E. 2430, as `days`: an earlier one is a slip of the hand, and would put the file behind every other
)


def normalised(period: str | None) -> str | None:
    """`2026-10` from `2026-10`, `2569-10` or `2569/10`. Raises Rejected `period-unreadable`."""
    if period is None or not period.strip():
        return None
    match = re.fullmatch(r"\s*(\d{4})[-/](\d{1,2})\s*", period)
    if not match or not 1 <= int(match[2]) <= 12:  # noqa: PLR2004 - months
        raise Rejected("period-unreadable", period=period[:20])
    year = int(match[1]) - (BE_OFFSET if int(match[1]) > _BE_FROM else 0)
    if year < _FIRST_YEAR:
        raise Rejected("period-unreadable", period=period[:20])
    return f"{year:04d}-{int(match[2]):02d}"


def effective_on(period: str | None, received_on: date) -> date:
    """The day a delivery speaks of. `period` is as `normalised` gives it."""
    if period is None:
        return received_on
    year, month = (int(part) for part in period.split("-"))
    return min(date(year, month, monthrange(year, month)[1]), received_on)
