"""What a reader gets of an application: frozen values, never rows.

Invariant: money is whole satang; an instant is aware UTC; None says not yet, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iindustry.funding.moves import FINAL, Side, Status, turn_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

    from iindustry.funding.dossier import Prefilled, TypedField

Answer = str | int


@dataclass(frozen=True, slots=True)
class Application:
    """One request of one enterprise for one loan product. `version` goes up with every change."""

    id: UUID
    reference: str
    version: int
    enterprise_id: str
    product_id: str
    product_version: str
    lender: str
    policy_line: str
    province_code: str | None
    status: Status
    channel: str
    officer_id: str | None
    answers: Mapping[str, Answer]
    started_at: datetime
    sent_at: datetime | None
    papers_asked_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    stopped_since: date | None
    stopped_days: int
    expected_on: date | None
    requested_satang: int | None
    approved_satang: int | None
    disbursed_satang: int
    consent_id: UUID | None
    typed_count: int
    prefilled_count: int
    papers_spared_count: int
    dossier_sha256: str | None

    @property
    def turn(self) -> Side | None:
        """Whose turn it is; None when closed."""
        return turn_of(self.status)

    @property
    def is_closed(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in FINAL

    @property
    def open_satang(self) -> int:
        """Approved and not paid out yet."""
        return (self.approved_satang or 0) - self.disbursed_satang


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: the step, which side did it, in which organisation, with words for both sides to read."""

    sequence: int
    step: str
    side: Side
    organisation: str | None
    at: datetime
    status: Status
    words: str
    facts: Mapping[str, str | int]
    by_system: bool


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """One paper asked for. `due_on` is a day; supplied ones carry what the file is."""

    id: UUID
    code: str
    words: str
    asked_at: datetime
    due_on: date
    supplied_at: datetime | None
    media_type: str | None
    size_bytes: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A lender's answer. `reason_codes` (of a decline): the main one first."""

    is_approved: bool
    decided_at: datetime
    amount_satang: int | None
    tenor_months: int | None
    rate_words: str
    conditions: str
    reason_codes: tuple[str, ...]
    words: str
    by_system: bool


@dataclass(frozen=True, slots=True)
class Disbursement:
    """One payment, numbered from 1."""

    tranche: int
    amount_satang: int
    paid_on: date
    by_system: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What the owner sees: register values, locked; and the few fields to type, with what is typed so far."""

    application: Application
    prefilled: tuple[Prefilled, ...]
    typed: tuple[TypedField, ...]
    answers: Mapping[str, Answer]
    missing: tuple[str, ...]
    spared: tuple[str, ...]

    @property
    def prefilled_ratio(self) -> float:
        """Share of the form that registers filled: 0.85 is 85 %."""
        return len(self.prefilled) / (len(self.prefilled) + len(self.typed))


@dataclass(frozen=True, slots=True)
class Case:
    """One application with all that belongs to it, as either side reads it."""

    application: Application
    timeline: tuple[TimelineEntry, ...] = ()
    papers: tuple[PaperRequest, ...] = ()
    decision: Decision | None = None
    disbursements: tuple[Disbursement, ...] = ()
    declared: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def open_papers(self) -> tuple[PaperRequest, ...]:
        """Papers asked and not supplied yet."""
        return tuple(one for one in self.papers if one.supplied_at is None)
