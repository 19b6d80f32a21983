"""Activity codes: Thailand Standard Industrial Classification (TSIC), B.E. 2552 (`data/activities.csv`).

A section is a letter; divisions, groups, classes and activities have two to five digits. The first four digits are those
of ISIC Rev.4 but for national splits. A four-digit code of unknown version is never read as TSIC (trap T23).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from iindustry.reference import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

Sector = Literal["manufacturing", "service_trade"]

# first division of each section; ISIC Rev.4 structure
_SECTION_FROM = (
    ("A", 1), ("B", 5), ("C", 10), ("D", 35), ("E", 36), ("F", 41), ("G", 45), ("H", 49), ("I", 55), ("J", 58), ("K", 64),
    ("L", 68), ("M", 69), ("N", 77), ("O", 84), ("P", 85), ("Q", 86), ("R", 90), ("S", 94), ("T", 97), ("U", 99),
)  # fmt: skip
_LEVELS = ("section", "division", "group", "class", "activity")


@dataclass(frozen=True, slots=True)
class Activity:
    """One code and its words. Where TSIC splits a class of ISIC, `en` is the parent's."""

    code: str
    th: str
    en: str
    level: str
    section: str


def section_of(code: str) -> str | None:
    """The section letter of a code of two digits or more, or None where no division begins so."""
    division = code[:2]
    if division not in _words():
        return None
    return [letter for letter, first in _SECTION_FROM if first <= int(division)][-1]


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    return MappingProxyType({row["code"]: (row["name_th"], row["name_en"]) for row in tables.rows("activities.csv")})


def activity(code: str) -> Activity | None:
    """The activity of a code of one to five signs, or None."""
    found = _words().get(code)
    if found is None:
        return None
    english, shorter = found[1], code
    while not english and len(shorter) > 1:
        shorter = shorter[:-1]
        english = _words().get(shorter, ("", ""))[1]
    section = code if code.isalpha() else section_of(code) or ""
    return Activity(code, found[0], english, _LEVELS[len(code) - 1], section)


def list_codes(level: int) -> tuple[str, ...]:
    """All codes of one level, 1 (section) to 5 (activity), by code."""
    return tuple(sorted(code for code in _words() if len(code) == level))


def sector(tsic: str | None) -> Sector | None:
    """`manufacturing` for divisions 10 to 33, `service_trade` for every other; None where the code is unknown.

    The size rule of B.E. 2562 knows these two columns only; agriculture and mining are read as service and trade (U).
    """
    if tsic is None:
        return None
    section = tsic if tsic in {letter for letter, _ in _SECTION_FROM} else section_of(tsic)
    if section is None:
        return None
    return "manufacturing" if section == "C" else "service_trade"
