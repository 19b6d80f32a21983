"""Days on which State offices are closed, and working days between two days (`data/holidays.yaml`).

Turnaround is counted in working days. A year whose list was not read has its fixed holidays only; `is_listed` tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from iindustry.reference import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holiday:
    """One closed day. `unverified`: our own reading, not the cabinet's list."""

    day: date
    th: str
    standing: Literal["known", "unverified"]


def _day(year: int, month_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_day}")


def _holidays_of(year: int) -> Iterator[Holiday]:
    table = tables.document("holidays.yaml")
    listed = table["years"].get(year, {})
    for month_day, th in table["fixed"].items():
        yield Holiday(_day(year, month_day), th, "known")
    for month_day, th in listed.get("known", {}).items():
        yield Holiday(_day(year, month_day), th, "known")
    for month_day, th in listed.get("unverified", {}).items():
        yield Holiday(_day(year, month_day), th, "unverified")


@cache
def holidays(year: int) -> tuple[Holiday, ...]:
    """Holidays of a year by day."""
    return tuple(sorted(_holidays_of(year), key=lambda holiday: holiday.day))


@cache
def _by_day(year: int) -> Mapping[date, Holiday]:
    return MappingProxyType({holiday.day: holiday for holiday in holidays(year)})


def is_listed(year: int) -> bool:
    """Whether the year's own list is in the table; else only fixed holidays are known."""
    return year in tables.document("holidays.yaml")["years"]


def is_working_day(day: date) -> bool:
    """Whether State offices are open: Monday to Friday and no holiday."""
    return day.weekday() < _SATURDAY and day not in _by_day(day.year)


def working_days(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; 0 on the same day, negative where `end` is earlier."""
    if end < start:
        return -working_days(end, start)
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def add_working_days(start: date, days: int) -> date:
    """The day that lies `days` working days after `start` (0 gives `start` itself)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day
