"""How long a case takes: the lender's promise in working days, with the clock stopped while the owner is asked for papers.

Source of the promise: an answer in 7 days on record at ธพว. since 2561 (DOMAIN section 10), read as working days.
Invariant: a day on which the owner is asked for a paper is never counted against the lender.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.funding.moves import UNDECIDED, Status
from iindustry.kernel.clock import BANGKOK
from iindustry.reference.holidays import working_days

if TYPE_CHECKING:
    from datetime import date

    from iindustry.funding.application import Application

PROMISED_WORKING_DAYS = 7
_SOON = 2


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Where a case stands against the promise, in working days. `code` is stable; `words` has its sentence."""

    day: int
    promised: int
    code: str

    @property
    def left(self) -> int:
        """Working days left; negative when late."""
        return self.promised - self.day


# code -> (Thai, English, colour of the tag)
WORDS: dict[str, tuple[str, str, str]] = {
    "in_time": ("ทันกำหนด", "In time", "green"),
    "soon": ("ใกล้ครบกำหนด", "Due soon", "yellow"),
    "late": ("เกินกำหนด", "Late", "red"),
    "stopped": ("หยุดนับ รอเอกสารจากกิจการ", "Clock stopped, waiting for papers", "grey"),
    "answered": ("ตอบแล้ว", "Answered", "grey"),
}


def elapsed(application: Application, today: date) -> Elapsed | None:
    """Working days since sending, less those the owner was asked for papers; None before sending."""
    if application.sent_at is None:
        return None
    end = application.decided_at or application.closed_at
    until = end.astimezone(BANGKOK).date() if end else today
    stopped = application.stopped_days
    if application.stopped_since is not None and end is None:
        stopped += working_days(application.stopped_since, today)
    day = max(0, working_days(application.sent_at.astimezone(BANGKOK).date(), until) - stopped)
    return Elapsed(day, PROMISED_WORKING_DAYS, _code(application.status, day))


def _code(status: Status, day: int) -> str:
    if status not in UNDECIDED:
        return "answered"
    if status is Status.PAPERS_ASKED:
        return "stopped"
    if day > PROMISED_WORKING_DAYS:
        return "late"
    return "soon" if PROMISED_WORKING_DAYS - day <= _SOON else "in_time"
