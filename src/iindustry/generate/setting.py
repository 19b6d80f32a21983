"""What every part of a country is made with: seed, day, noise, words and the months it tells of."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from iindustry.generate.chance import Chance

if TYPE_CHECKING:
    from iindustry.generate.noise import Noise
    from iindustry.generate.words import Vocabulary


@dataclass(frozen=True, slots=True)
class Month:
    """One month that deliveries speak of: its place from 0, its name `YYYY-MM`, its last day (the country's day for the last)."""

    place: int
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Setting:
    """The arguments of one country. `periods`: how many months, the last of which holds `as_of`."""

    seed: int
    as_of: date
    noise: Noise
    words: Vocabulary
    periods: int = 1

    def chance(self, row: str = "i") -> Chance:
        """Draws by the row numbers of column `row`."""
        return Chance(self.seed, row=row)

    def months(self) -> tuple[Month, ...]:
        """The months told of, oldest first."""
        return tuple(self._month(place) for place in range(self.periods))

    def _month(self, place: int) -> Month:
        first = month_before(self.as_of, self.periods - 1 - place)
        last = min(first.replace(day=monthrange(first.year, first.month)[1]), self.as_of)
        return Month(place, f"{first:%Y-%m}", first, last)


def month_before(day: date, back: int) -> date:
    """The first day of the month `back` months before that of `day`."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
