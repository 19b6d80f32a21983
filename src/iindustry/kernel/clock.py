"""Time is handed in. Instants are aware UTC; days are days of Bangkok (UTC+7, no summer time)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")


class Clock(Protocol):
    """What a use case asks for the time."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def today(self) -> date:
        """The present day in Bangkok."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place

    def today(self) -> date:
        """The present day in Bangkok."""
        return self.now().astimezone(BANGKOK).date()


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: for tests, replays and seeded data."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at

    def today(self) -> date:
        """That instant's day in Bangkok."""
        return self.at.astimezone(BANGKOK).date()
