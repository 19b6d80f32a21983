"""Pure: one consent, given by an enterprise for one recipient and one purpose, with an end (EXCHANGE section 2).

Invariant: every consent ends. The last three states are final, and expiry is compared at each use, whatever the row says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Conflict
from iindustry.protection.purposes import Usage

if TYPE_CHECKING:
    from uuid import UUID

ENDED = "ended"  # why a consent ended, where its day came and nothing else
RETRY_WINDOW = timedelta(minutes=15)


class ConsentStatus(StrEnum):
    """Where a consent stands. `pending`: waits for a second signer."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ConsentStep(StrEnum):
    """What may be done to a consent."""

    COMPLETE = "complete"
    PAUSE = "pause"
    RESUME = "resume"
    USE_UP = "use_up"
    REVOKE = "revoke"
    END = "end"


S, T = ConsentStatus, ConsentStep
# (status now, step) -> status after. `end`: the case was closed, or the day came.
STEPS: dict[tuple[ConsentStatus, ConsentStep], ConsentStatus] = {
    (S.PENDING, T.COMPLETE): S.ACTIVE,
    (S.PENDING, T.REVOKE): S.REVOKED,
    (S.PENDING, T.END): S.EXPIRED,
    (S.ACTIVE, T.PAUSE): S.PAUSED,
    (S.ACTIVE, T.USE_UP): S.USED,
    (S.ACTIVE, T.REVOKE): S.REVOKED,
    (S.ACTIVE, T.END): S.EXPIRED,
    (S.PAUSED, T.RESUME): S.ACTIVE,
    (S.PAUSED, T.REVOKE): S.REVOKED,
    (S.PAUSED, T.END): S.EXPIRED,
}
FINAL = frozenset({S.USED, S.REVOKED, S.EXPIRED})
LIVE = tuple(status.value for status in ConsentStatus if status not in FINAL)
STATUS_WORDS: dict[ConsentStatus, tuple[str, str]] = {
    S.PENDING: ("รอผู้ลงนามอีกคน", "Waiting for a second signer"),
    S.ACTIVE: ("มีผลอยู่", "In force"),
    S.PAUSED: ("พักไว้", "Paused"),
    S.USED: ("ใช้ครบแล้ว", "Used up"),
    S.REVOKED: ("ถอนแล้ว", "Withdrawn"),
    S.EXPIRED: ("สิ้นสุดแล้ว", "Ended"),
}


def after(now: ConsentStatus, step: ConsentStep) -> ConsentStatus:
    """The status after a step. Conflict `consent-step`: it does not follow (a consent that has ended stays ended)."""
    if (now, step) not in STEPS:
        raise Conflict("consent-step", status=now.value, step=step.value)
    return STEPS[now, step]


@dataclass(frozen=True, slots=True)
class ServiceGrant:
    """What flows under a consent by one service, in one direction."""

    service: str
    provider: str
    consumer: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as it stands now, with all that the decision needs.

    `data_from`, `data_to`: the days of data it covers; `data_from` None covers present values only.
    `recent_uses`: uses inside `per_days` before now, counted by the loader. `bound_request_id`: the one read of a one-time
    consent, and when. `has_authority`: the signer may still act for the enterprise.
    """

    consent_id: UUID
    version: int
    status: ConsentStatus
    enterprise_id: str
    recipient: str
    purpose: str
    grants: tuple[ServiceGrant, ...]
    usage: Usage
    given_at: datetime
    expires_at: datetime
    application_id: UUID | None = None
    data_from: date | None = None
    data_to: date | None = None
    most_uses: int | None = None
    per_days: int | None = None
    recent_uses: int = 0
    uses: int = 0
    last_used_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    bound_request_id: UUID | None = None
    bound_at: datetime | None = None
    has_authority: bool = True
    entry_id: UUID | None = None

    def grant_of(self, service: str, *, provider: str, consumer: str) -> ServiceGrant | None:
        """What this consent lets one service carry in one direction, or None."""
        for grant in self.grants:
            if (grant.service, grant.provider, grant.consumer) == (service, provider, consumer):
                return grant
        return None

    def fields_of(self, service: str) -> frozenset[str]:
        """The fields ticked for a service."""
        return frozenset().union(*(grant.fields for grant in self.grants if grant.service == service))

    def is_retry(self, request_id: UUID | None, now: datetime) -> bool:
        """Whether a call repeats the one this consent is bound to, inside the window of a lost reply."""
        if request_id is None or self.bound_at is None or request_id != self.bound_request_id:
            return False
        return now - self.bound_at <= RETRY_WINDOW

    def until_closed(self, decided_at: datetime | None) -> Consent:
        """As it serves a case that was decided before its last day: until the case is closed (EXCHANGE section 2).

        What was withdrawn, paused or closed stays so.
        """
        by_the_clock = self.status is S.ACTIVE or (self.status is S.EXPIRED and self.reason == ENDED)
        if self.usage is not Usage.CASE or decided_at is None or decided_at >= self.expires_at or not by_the_clock:
            return self
        return replace(self, status=S.ACTIVE, expires_at=datetime.max.replace(tzinfo=UTC))

    def is_live(self, now: datetime) -> bool:
        """Whether it could be used at this instant at all."""
        return self.status is ConsentStatus.ACTIVE and self.given_at <= now < self.expires_at

    def standing(self, now: datetime) -> ConsentStatus:
        """The status a person should read: a consent past its end has ended, whatever its row says."""
        return S.EXPIRED if self.status not in FINAL and now >= self.expires_at else self.status
