"""Giving a consent: what a screen may ask for, and the first signed version of what was ticked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from iindustry.accounts import services as accounts
from iindustry.kernel.actors import SYSTEM, Actor
from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.ids import new_id
from iindustry.ledger.leaf import instant
from iindustry.protection import permissions, recipients
from iindustry.protection.announcing import Announce, silent
from iindustry.protection.consent import ENDED, LIVE, Consent, ConsentStatus, ConsentStep, ServiceGrant
from iindustry.protection.models import ConsentState
from iindustry.protection.purposes import PURPOSES, Lane, Purpose, Usage
from iindustry.protection.service_fields import CASE_LOAN_FIELDS, SERVICES
from iindustry.protection.services.agreements import load_agreement
from iindustry.protection.services.versions import loaded, record, step_on

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from iindustry.kernel.clock import Clock
    from iindustry.protection.agreement import AgreementLine

NOTICE_VERSION = "2026-11"
# Under which service the fields of a purpose travel.
_SERVICE = {"OUTCOME_REPORTING": "loan-events"}


@dataclass(frozen=True, slots=True)
class ConsentOffer:
    """What a consent screen asks for: fields that come together, fields that each need their own tick, and the end."""

    recipient: str
    purpose: Purpose
    fields: frozenset[str]
    optional_fields: frozenset[str]
    agreement: str
    expires_at: datetime


def offer(recipient: str, purpose: str, *, clock: Clock) -> ConsentOffer:
    """What may be asked of an enterprise for a recipient (key or address) and a purpose.

    Rejected `recipient-unknown`, `purpose-unknown`; Conflict `agreement-not-active`.
    """
    address, why = recipients.subsystem_of(recipient), _purpose(purpose)
    line = _line(address, why, clock.now())
    at_most = line.purpose_fields(purpose) & line.contract_fields
    assert why.usual is not None  # noqa: S101 - consent lane
    return ConsentOffer(
        address, why, line.fields & at_most, line.optional_fields & at_most, _line_text(line), clock.now() + why.usual
    )


@transaction.atomic
def give_consent(
    enterprise_id: str,
    *,
    recipient: str,
    purpose: str,
    fields: Iterable[str],
    application_id: UUID | None,
    actor: Actor,
    clock: Clock,
    announce: Announce = silent,
    lasts: timedelta | None = None,
    data_from: date | None = None,
) -> Consent:
    """Record the consent of an enterprise, given by a person who acts for it, to one recipient for one purpose.

    `fields` are those shown and ticked; `lasts` the purpose's usual life unless given, never above its cap. A case consent
    also carries the bank's news of that case back. Giving the same again for the same application returns the first.
    Denied `consent-not-yours`, `delegate-gives-no-consent`; Rejected `consent-fields` (fields), `consent-over-cap`, `recipient-unknown`, `purpose-unknown`,
    `consent-needs-case`; Conflict `agreement-not-active`, `consent-already-given`.
    """
    permissions.check_gives(actor, enterprise_id)
    address, why, now = recipients.subsystem_of(recipient), _purpose(purpose), clock.now()
    line, wanted = _line(address, why, now), frozenset(fields)
    _check_wish(why, line, wanted, lasts, application_id)
    known = _live_of_case(application_id, address, purpose, clock=clock, announce=announce)
    if known is not None:
        if known.fields_of(line.service) != wanted or known.enterprise_id != enterprise_id:
            raise Conflict("consent-already-given", consent=str(known.consent_id))
        return known
    claim = accounts.live_claim(actor.person_id, enterprise_id, clock=clock) if actor.person_id else None
    consent_id, life = new_id(), lasts or why.usual
    assert life is not None  # noqa: S101 - consent lane
    document = {
        "consent_id": str(consent_id), "version": 1, "prev_hash": None, "status": ConsentStatus.ACTIVE.value,
        "status_reason": None, "created_at": instant(now), "subject": {"enterprise_id": enterprise_id},
        "actor": {"person_pseudonym": actor.person_id, "role": actor.role.value},
        "recipient": address, "controller": "/".join(address.split("/")[:3]), "agreement": _line_text(line),
        "authority": {"kind": claim.kind.value if claim else None, "claim_id": str(claim.claim_id) if claim else None},
        "services": [_service(grant) for grant in _grants(line, address, why, wanted)],
        "data_range": {"from": data_from.isoformat() if data_from else None, "to": None},
        "purpose": {"code": why.code, "text_th": why.th, "text_en": why.en}, "legal_basis": "consent",
        "notice": {"version": NOTICE_VERSION}, "usage": why.usage.value, "starts_at": instant(now),
        "expires_at": instant(now + life), "frequency": {"max": why.most_uses, "per_days": why.per_days},
        "retention": why.retention, "channel": "portal",
        "application_id": str(application_id) if application_id else None,
    }  # fmt: skip
    state = ConsentState(
        consent_id=consent_id, version=0, status=ConsentStatus.ACTIVE.value, enterprise_id=enterprise_id,
        recipient=address, purpose=purpose, application_id=application_id, signer_id=actor.person_id or "",
        authority=claim.kind.value if claim else None, given_at=now, expires_at=now + life,
    )  # fmt: skip
    return record(state, document, prev_hash=None, actor=actor, clock=clock, announce=announce)


def _purpose(code: str) -> Purpose:
    why = PURPOSES.get(code)
    if why is None or why.lane is not Lane.CONSENT:
        raise Rejected("purpose-unknown", purpose=code)
    return why


def _line(address: str, why: Purpose, now: datetime) -> AgreementLine:
    """The line under which a purpose's own data flows: to the bank, or back from it. Conflict `agreement-not-active`."""
    service = _SERVICE.get(why.code, "enterprise-profile")
    provider, consumer = (address, recipients.hub()) if service == "loan-events" else (recipients.hub(), address)
    line = _line_between(service, provider, consumer, now)
    if line is None or why.code not in line.purposes:
        raise Conflict("agreement-not-active", purpose=why.code)
    return line


def _line_between(service: str, provider: str, consumer: str, now: datetime) -> AgreementLine | None:
    found = load_agreement(consumer=consumer, provider=provider, service=service)
    if found is None or not found.is_in_force(now):
        return None
    return next(
        (
            one
            for one in found.lines
            if one.is_active and one.service == service and one.provider == provider and consumer in one.consumers
        ),
        None,
    )


def _check_wish(
    why: Purpose, line: AgreementLine, wanted: frozenset[str], lasts: timedelta | None, application_id: UUID | None
) -> None:
    outside = wanted - (line.allowed_fields() & line.purpose_fields(why.code) & line.contract_fields)
    if outside or not wanted:
        raise Rejected("consent-fields", fields=sorted(outside))
    if why.usage is Usage.CASE and application_id is None:
        raise Rejected("consent-needs-case", purpose=why.code)
    if lasts is not None and why.longest is not None and not timedelta() < lasts <= why.longest:
        raise Rejected("consent-over-cap", purpose=why.code, days=why.longest.days)


def _grants(line: AgreementLine, address: str, why: Purpose, wanted: frozenset[str]) -> list[ServiceGrant]:
    """What flows: the fields wanted; for a case also the bank's news of that case, back to the hub."""
    own = ServiceGrant(line.service, line.provider, address if line.provider != address else recipients.hub(), wanted)
    back = ServiceGrant("loan-events", address, recipients.hub(), CASE_LOAN_FIELDS)
    return [own, back] if why.usage is Usage.CASE else [own]


def _service(grant: ServiceGrant) -> dict[str, Any]:
    version = SERVICES[grant.service].version
    return {"service": grant.service, "contract_version": version, "provider": grant.provider, "consumer": grant.consumer,
            "fields": sorted(grant.fields)}  # fmt: skip


def _live_of_case(
    application_id: UUID | None, address: str, purpose: str, *, clock: Clock, announce: Announce
) -> Consent | None:
    """The live consent of this case, locked; one whose end has passed is ended here, so that a new one may begin."""
    if application_id is None:
        return None
    rows = ConsentState.objects.select_for_update().filter(
        application_id=application_id, recipient=address, purpose=purpose, status__in=LIVE
    )
    state = rows.order_by("consent_id").first()
    if state is None:
        return None
    if state.expires_at <= clock.now():
        step_on(state, ConsentStep.END, actor=SYSTEM, clock=clock, announce=announce, reason=ENDED)
        return None
    return loaded(state, clock.now())


def _line_text(line: AgreementLine) -> str:
    return f"{line.agreement_id}#{line.version}/{line.line}"
