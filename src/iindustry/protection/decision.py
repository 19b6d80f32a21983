"""Pure: the one place that says whether data may go to a recipient, now (EXCHANGE section 3, gates 4 to 6).

Pages, API, events and files all ask here, per record and at the moment of sending: a queued permission is worthless.
Invariant: every way to a yes names an active line, a purpose inside it and, in the consent lane, a live consent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from iindustry.kernel.clock import BANGKOK
from iindustry.protection.consent import Consent, ConsentStatus
from iindustry.protection.purposes import PURPOSES, Lane, Usage

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from iindustry.protection.agreement import Agreement, AgreementLine

Reason = Literal[
    "allowed",
    "agreement-missing", "purpose-not-agreed", "over-cap",
    "consent-missing", "consent-paused", "consent-revoked", "consent-expired", "consent-used", "consent-range",
    "consent-frequency", "consent-authority",
    "fields-none",
]  # fmt: skip
GATE: dict[str, int] = {
    "agreement-missing": 4, "purpose-not-agreed": 4, "over-cap": 4,
    "consent-missing": 5, "consent-paused": 5, "consent-revoked": 5, "consent-expired": 5, "consent-used": 5,
    "consent-range": 5, "consent-frequency": 5, "consent-authority": 5,
    "fields-none": 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DisclosureRequest:
    """What is asked. Addresses are of subsystems. `data_from` None asks for present values only."""

    consumer: str
    provider: str
    service: str
    purpose: str
    lane: Lane
    fields: frozenset[str]
    enterprise_id: str | None = None
    contract_version: str = "1.0"
    data_from: date | None = None
    data_to: date | None = None
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a disclosure rests on."""

    lane: Lane
    agreement_id: str
    agreement_version: int
    line: str
    consent_id: UUID | None = None
    consent_version: int | None = None

    @property
    def agreement(self) -> str:
        """`agr-oie-smed-exim#1/A1`."""
        return f"{self.agreement_id}#{self.agreement_version}/{self.line}"

    @property
    def consent(self) -> str | None:
        """`0190…c1#1`, None in the duty lane."""
        return None if self.consent_id is None else f"{self.consent_id}#{self.consent_version}"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. `fields` is empty and `ground` None where `reason` is not `allowed`."""

    fields: frozenset[str]
    ground: Ground | None
    reason: Reason

    @property
    def is_allowed(self) -> bool:
        """Whether anything may go."""
        return self.reason == "allowed"


def decide(request: DisclosureRequest, agreement: Agreement | None, consent: Consent | None, now: datetime) -> Decision:
    """Which fields may go to the consumer at this instant, on what ground, or why none."""
    line = agreement.find_line(request, now) if agreement else None
    why = _gate4(request, line, now)
    if line is None or why:
        return _refused(why or "agreement-missing")
    granted: frozenset[str] | None = None
    if line.lane is Lane.CONSENT:
        why = _gate5(request, consent, now)
        if consent is None or why:
            return _refused(why or "consent-missing")
        granted = consent.fields_of(request.service)
    fields = request.fields & line.allowed_fields() & line.purpose_fields(request.purpose) & line.contract_fields
    if granted is not None:
        fields &= granted
    if not fields:
        return _refused("fields-none")
    return Decision(fields, _ground(line, consent if granted is not None else None), "allowed")


def _gate4(request: DisclosureRequest, line: AgreementLine | None, now: datetime) -> Reason | None:
    """Agreement, purpose, caps."""
    if line is None:
        return "agreement-missing"
    purpose = PURPOSES.get(request.purpose)
    if purpose is None or request.purpose not in line.purposes or purpose.lane is not line.lane:
        return "purpose-not-agreed"
    cap = line.look_back(request.purpose)
    if request.data_from is not None and cap is not None and request.data_from < _months_before(now, cap):
        return "over-cap"
    return None


# What a state that is not `active` answers.
_NOT_ACTIVE: dict[ConsentStatus, Reason] = {
    ConsentStatus.PENDING: "consent-missing",
    ConsentStatus.PAUSED: "consent-paused",
    ConsentStatus.REVOKED: "consent-revoked",
    ConsentStatus.EXPIRED: "consent-expired",
}


def _gate5(request: DisclosureRequest, consent: Consent | None, now: datetime) -> Reason | None:
    """The consent: of this enterprise, for this recipient and purpose, alive now, inside its own limits."""
    if consent is None or not _is_about(request, consent) or now < consent.given_at:
        return "consent-missing"
    if consent.status in _NOT_ACTIVE:
        return _NOT_ACTIVE[consent.status]
    return next((code for code, fails in _LIMITS if fails(request, consent, now)), None)


def _is_about(request: DisclosureRequest, consent: Consent) -> bool:
    grant = consent.grant_of(request.service, provider=request.provider, consumer=request.consumer)
    return (
        grant is not None
        and request.enterprise_id == consent.enterprise_id
        and request.purpose == consent.purpose
        and consent.recipient in {request.consumer, request.provider}
    )


def _is_in_range(request: DisclosureRequest, consent: Consent) -> bool:
    if request.data_from is not None and (consent.data_from is None or request.data_from < consent.data_from):
        return False
    return request.data_to is None or consent.data_to is None or request.data_to <= consent.data_to


def _is_used(request: DisclosureRequest, consent: Consent, now: datetime) -> bool:
    """Used up, unless this is the same call again after a lost reply."""
    is_bound = consent.usage is Usage.ONE_TIME and consent.bound_at is not None
    return (is_bound or consent.status is ConsentStatus.USED) and not consent.is_retry(request.request_id, now)


def _is_too_often(request: DisclosureRequest, consent: Consent, now: datetime) -> bool:
    is_full = consent.most_uses is not None and consent.recent_uses >= consent.most_uses
    return is_full and not consent.is_retry(request.request_id, now)


# The limits of a live consent, in the order in which they answer: code, and whether the limit is broken.
_LIMITS: tuple[tuple[Reason, Callable[[DisclosureRequest, Consent, datetime], bool]], ...] = (
    ("consent-expired", lambda _, consent, now: now >= consent.expires_at),
    ("consent-used", _is_used),
    ("consent-range", lambda request, consent, _now: not _is_in_range(request, consent)),
    ("consent-frequency", _is_too_often),
    ("consent-authority", lambda _request, consent, _now: not consent.has_authority),
)


def _months_before(now: datetime, months: int) -> date:
    """The day that many months ago in Bangkok; the last day of a shorter month."""
    day = now.astimezone(BANGKOK).date()
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _ground(line: AgreementLine, consent: Consent | None) -> Ground:
    ids = (consent.consent_id, consent.version) if consent else (None, None)
    return Ground(line.lane, line.agreement_id, line.version, line.line, *ids)


def _refused(reason: Reason) -> Decision:
    return Decision(frozenset(), None, reason)
