"""Whether the kept answers of the register are those of today: the same day, by the same rules.

Facts age by the day, and an edition or a base rate may begin or end by its date alone, so a number that rises with each
decision does not tell. Invariant: a note stands beside answers only after everything that is counted of them was written.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from iindustry.kernel.home import current_version
from iindustry.kernel.whole import whole
from iindustry.programmes import published
from iindustry.programmes.services.evaluating import ELIGIBILITY

if TYPE_CHECKING:
    from datetime import date

    from iindustry.kernel.home import Home

NOTE = "eligibility.json"


@dataclass(frozen=True, slots=True)
class Answering:
    """What answers rest on beside the register: the day (ISO 8601) and the hash of the rules that hold on it."""

    as_of: str
    rules: str


def answering(as_of: date) -> Answering:
    """What would answer on a day. To be asked before an evaluation: what is decided meanwhile is for the next one."""
    return Answering(as_of.isoformat(), published.rules_on(as_of))


def note_answered(home: Home, version: str, by: Answering) -> None:
    """Say beside a version by what it was answered, when all that is counted of the answers is written too."""
    with whole(home.register / version / NOTE) as fresh:
        fresh.write_text(json.dumps(asdict(by)), encoding="utf-8")


def is_behind(home: Home, *, today: date) -> bool:
    """Whether the answers of the version in force are another day's or other rules'; no answers at all are not behind.

    Whoever makes a version evaluates it. A note of an older release, or none, is behind.
    """
    version = current_version(home)
    if version is None or not (home.register / version / ELIGIBILITY).exists():
        return False
    try:
        noted = json.loads((home.register / version / NOTE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return True
    return bool(noted != asdict(answering(today)))
