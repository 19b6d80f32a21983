"""Consents: give, pause, resume, withdraw, close with the case, look up.

Each change of status is a new signed version with a ledger entry, in one transaction with the state row that reads lock:
so a withdrawal holds from its commit, and no read that starts later can pass.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from iindustry.accounts import services as accounts
from iindustry.accounts.authority import Claim, holds
from iindustry.kernel.actors import SYSTEM, Actor
from iindustry.kernel.clock import BANGKOK
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.ids import new_id
from iindustry.ledger import services as ledger
from iindustry.ledger.leaf import instant
from iindustry.protection import agreement as agreements
from iindustry.protection import consent as consents
from iindustry.protection import permissions, recipients, signing
from iindustry.protection.announcing import Announce, silent
from iindustry.protection.consent import Consent, ConsentStatus, ConsentStep, ServiceGrant
from iindustry.protection.models import ConsentState, ConsentVersion, Disclosure
from iindustry.protection.purposes import PURPOSES, Lane, Purpose, Usage
from iindustry.protection.service_fields import CASE_LOAN_FIELDS, SERVICES
from iindustry.protection.services.agreements import load_agreement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from iindustry.kernel.clock import Clock
    from iindustry.protection.agreement import AgreementLine

MAX_LIMIT = 500
NOTICE_VERSION = "2026-11"
_LIVE = [ConsentStatus.PENDING.value, ConsentStatus.ACTIVE.value, ConsentStatus.PAUSED.value]
# Under which service the fields of a purpose travel.
_SERVICE = {"OUTCOME_REPORTING": "loan-events"}
_REASON = {ConsentStep.REVOKE: "withdrawn", ConsentStep.PAUSE: "paused-by-enterprise", ConsentStep.USE_UP: "used"}
_WORD = {
    ConsentStatus.ACTIVE: "consent.given", ConsentStatus.PAUSED: "consent.paused", ConsentStatus.REVOKED: "consent.revoked",
    ConsentStatus.EXPIRED: "consent.expired", ConsentStatus.USED: "consent.expired",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a consent, and whether the platform's signature over it is good."""

    version: int
    status: ConsentStatus
    reason: str | None
    at: datetime
    sha256: str
    entry_id: UUID
    is_signed: bool


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
    Denied `consent-not-yours`; Rejected `consent-fields` (fields), `consent-over-cap`, `recipient-unknown`, `purpose-unknown`,
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
    claim = _claim_of(actor, enterprise_id, clock.today())
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
    return _record(state, document, prev_hash=None, actor=actor, clock=clock, announce=announce)


@transaction.atomic
def withdraw_consent(consent_id: UUID, *, actor: Actor, clock: Clock, announce: Announce = silent) -> Consent:
    """Take a consent back, with no reason asked. It holds from the commit; a second press changes nothing.

    NotFound `consent-unknown`; Denied `consent-not-yours`; Conflict `consent-step`: it had ended before.
    """
    state = _locked(consent_id, actor)
    permissions.check_gives(actor, state.enterprise_id)
    if state.status == ConsentStatus.REVOKED.value:
        return _loaded(state, clock.now())
    return _step(state, ConsentStep.REVOKE, actor=actor, clock=clock, announce=announce)


@transaction.atomic
def pause_consent(consent_id: UUID, *, actor: Actor, clock: Clock, announce: Announce = silent) -> Consent:
    """Stop a consent for a while. Errors as `withdraw_consent`."""
    state = _locked(consent_id, actor)
    permissions.check_gives(actor, state.enterprise_id)
    return _step(state, ConsentStep.PAUSE, actor=actor, clock=clock, announce=announce)


@transaction.atomic
def resume_consent(consent_id: UUID, *, actor: Actor, clock: Clock, announce: Announce = silent) -> Consent:
    """Let a paused consent serve again, until the end it had. Errors as `withdraw_consent`."""
    state = _locked(consent_id, actor)
    permissions.check_gives(actor, state.enterprise_id)
    return _step(state, ConsentStep.RESUME, actor=actor, clock=clock, announce=announce)


@transaction.atomic
def close_consents(
    application_id: UUID, *, actor: Actor, clock: Clock, announce: Announce = silent, reason: str = "case-closed"
) -> int:
    """End the case consents of an application that was closed. How many ended: a second call ends none."""
    rows = ConsentState.objects.select_for_update().filter(application_id=application_id, status__in=_LIVE)
    of_case = [row for row in rows.order_by("consent_id")[:MAX_LIMIT] if PURPOSES[row.purpose].usage is Usage.CASE]
    for row in of_case:
        _step(row, ConsentStep.END, actor=actor, clock=clock, announce=announce, reason=reason)
    return len(of_case)


@transaction.atomic
def expire_consents(*, clock: Clock, announce: Announce = silent, limit: int = MAX_LIMIT) -> int:
    """Tidy the status of consents whose end has passed. Reads do not need it: they compare the end themselves."""
    rows = ConsentState.objects.select_for_update(skip_locked=True).filter(
        status__in=_LIVE, expires_at__lte=clock.now()
    )
    due = list(rows.order_by("expires_at", "consent_id")[: min(limit, MAX_LIMIT)])
    for row in due:
        _step(row, ConsentStep.END, actor=SYSTEM, clock=clock, announce=announce, reason="ended")
    return len(due)


def get_consent(consent_id: UUID, *, actor: Actor, clock: Clock) -> Consent:
    """One consent. NotFound `consent-unknown` for whoever may not see it."""
    state = ConsentState.objects.filter(consent_id=consent_id).first()
    if state is None:
        raise NotFound("consent-unknown")
    permissions.check_sees(actor, enterprise_id=state.enterprise_id, recipient=state.recipient)
    return _loaded(state, clock.now())


def consent_versions(consent_id: UUID, *, actor: Actor) -> list[VersionView]:
    """Every version of a consent, the first first. NotFound `consent-unknown` for whoever may not see it."""
    state = ConsentState.objects.filter(consent_id=consent_id).first()
    if state is None:
        raise NotFound("consent-unknown")
    permissions.check_sees(actor, enterprise_id=state.enterprise_id, recipient=state.recipient)
    key = signing.platform_key(settings.HOME.keys)
    rows = ConsentVersion.objects.filter(consent_id=consent_id).order_by("version")[:MAX_LIMIT]
    return [
        VersionView(
            row.version,
            ConsentStatus(row.status),
            json.loads(row.document)["status_reason"],
            row.at,
            row.sha256,
            row.entry_id,
            signing.is_signed(row.document, row.jws, key=key) and agreements.digest(row.document) == row.sha256,
        )
        for row in rows
    ]


def list_consents(
    *,
    enterprise_id: str | None = None,
    recipient: str | None = None,
    application_id: UUID | None = None,
    status: ConsentStatus | None = None,
    limit: int = 100,
) -> list[Consent]:
    """Consents of an enterprise, to a recipient (key or address), of an application; newest first.

    The caller shows them only to who may see them: the enterprise its own, the recipient its own, the auditor all.
    """
    rows = ConsentState.objects.order_by("-consent_id")
    if enterprise_id is not None:
        rows = rows.filter(enterprise_id=enterprise_id)
    if recipient is not None:
        rows = rows.filter(recipient=recipients.subsystem_of(recipient))
    if application_id is not None:
        rows = rows.filter(application_id=application_id)
    if status is not None:
        rows = rows.filter(status=status.value)
    states = list(rows[: min(limit, MAX_LIMIT)])
    versions = _versions(states)
    return [_consent(state, versions[state.consent_id], recent_uses=0, has_authority=True) for state in states]


def lock_consent(consent_id: UUID, now: datetime) -> tuple[ConsentState, Consent] | None:
    """The consent as a read must see it: its state row locked until the transaction ends, its uses and authority read.

    State and version come in one statement. Where it waited for a change, PostgreSQL gives the state as it is now and no
    version beside it, for that one came after the statement began: then the version is read again.
    """
    held: list[Any] = list(ConsentState.objects.raw(_STATE_HELD, [consent_id]))
    if not held:
        return None
    state = held[0]
    version = ConsentVersion(document=state.document, entry_id=state.entry_id) if state.document is not None else None
    return state, _loaded(state, now, version)


_STATE_HELD = """
SELECT state.*, signed.document, signed.entry_id
FROM protection_consent_state state LEFT JOIN protection_consent_version signed USING (consent_id, version)
WHERE consent_id = %s FOR UPDATE OF state
"""


def note_use(
    state: ConsentState, consent: Consent, request_id: UUID | None, look: Disclosure, *, actor: Actor, clock: Clock
) -> None:
    """Write a look, not saved yet, and count it as one use; bind and use up a one-time consent. A retry is no second use.

    In the transaction of the disclosure; `state` is locked.
    """
    now = clock.now()
    if consent.is_retry(request_id, now):
        look.save(force_insert=True)
        return
    state.uses += 1
    state.last_used_at = now
    if consent.usage is Usage.ONE_TIME:
        state.bound_request_id, state.bound_at = request_id or new_id(), now
    _write_use(state, look)
    if consent.usage is Usage.ONE_TIME:
        _step(state, ConsentStep.USE_UP, actor=actor, clock=clock, announce=silent)


def _write_use(state: ConsentState, look: Disclosure) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOK_AND_USE,
            [
                state.uses, state.last_used_at, state.bound_request_id, state.bound_at, state.consent_id,
                look.disclosure_id, look.enterprise_id, look.recipient, look.organisation, look.actor_role, look.purpose,
                look.service, json.dumps(look.fields), look.agreement, look.consent_id, look.consent_version,
                look.register_version, look.entry_id, look.at,
            ],
        )  # fmt: skip


# One statement, one round trip: the look and its use of the consent.
_LOOK_AND_USE = """
WITH used AS (
  UPDATE protection_consent_state SET uses = %s, last_used_at = %s, bound_request_id = %s, bound_at = %s WHERE consent_id = %s
)
INSERT INTO protection_disclosure (disclosure_id, enterprise_id, recipient, organisation, actor_role, purpose, service, fields,
  agreement, consent_id, consent_version, register_version, entry_id, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s)
"""


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
        application_id=application_id, recipient=address, purpose=purpose, status__in=_LIVE
    )
    state = rows.order_by("consent_id").first()
    if state is None:
        return None
    if state.expires_at <= clock.now():
        _step(state, ConsentStep.END, actor=SYSTEM, clock=clock, announce=announce, reason="ended")
        return None
    return _loaded(state, clock.now())


def _claim_of(actor: Actor, enterprise_id: str, today: date) -> Claim | None:
    """The live claim of authority that a signature rests on."""
    claims = accounts.people_acting_for(enterprise_id)
    return next((one for one in claims if one.person_id == actor.person_id and holds(one, today)), None)


def _locked(consent_id: UUID, actor: Actor) -> ConsentState:
    state = ConsentState.objects.select_for_update().filter(consent_id=consent_id).first()
    if state is None or not permissions.can_see(actor, enterprise_id=state.enterprise_id, recipient=state.recipient):
        raise NotFound("consent-unknown")
    return state


def _step(
    state: ConsentState,
    step: ConsentStep,
    *,
    actor: Actor,
    clock: Clock,
    announce: Announce,
    reason: str | None = None,
) -> Consent:
    """The next version of a locked consent."""
    status = consents.after(ConsentStatus(state.status), step)
    before = ConsentVersion.objects.get(consent_id=state.consent_id, version=state.version)
    why = reason or _REASON.get(step)
    document = {
        **json.loads(before.document), "version": state.version + 1, "prev_hash": before.sha256, "status": status.value,
        "status_reason": why, "created_at": instant(clock.now()),
    }  # fmt: skip
    state.status, state.reason = status.value, why
    if status in consents.FINAL:
        state.ended_at = clock.now()
    return _record(state, document, prev_hash=before.sha256, actor=actor, clock=clock, announce=announce)


def _record(
    state: ConsentState,
    document: dict[str, Any],
    *,
    prev_hash: str | None,
    actor: Actor,
    clock: Clock,
    announce: Announce,
) -> Consent:
    """Write the version, its ledger entry, the state row and the announcement."""
    now, text = clock.now(), agreements.canonical(document)
    sha256 = agreements.digest(text)
    status = ConsentStatus(state.status)
    entry = ledger.append(
        "consent.changed", actor=actor, at=now, subject=state.enterprise_id, consent=f"{state.consent_id}#{document['version']}",
        status=status.value, reason=state.reason, recipient=state.recipient, purpose=state.purpose,
        agreement=document["agreement"], document_digest=sha256,
        application_id=str(state.application_id) if state.application_id else None,
    )  # fmt: skip
    version = ConsentVersion(
        consent_id=state.consent_id, version=document["version"], status=status.value, document=text, sha256=sha256,
        prev_hash=prev_hash, jws=signing.sign(text, key=signing.platform_key(settings.HOME.keys)),
        entry_id=entry.entry_id, at=now,
    )  # fmt: skip
    version.save(force_insert=True)
    is_new, state.version = state.version == 0, document["version"]
    state.save(force_insert=is_new, force_update=not is_new)
    organisation = recipients.organisation_of(state.recipient)
    announce(
        "consent.resumed" if document["version"] > 1 and status is ConsentStatus.ACTIVE else _WORD[status],
        state.consent_id, recipient=organisation.key if organisation else None, clock=clock, version=state.version,
        purpose=state.purpose, reason=state.reason, at=instant(now),
    )  # fmt: skip
    return _consent(state, version, recent_uses=0, has_authority=True)


def _versions(states: list[ConsentState]) -> dict[UUID, ConsentVersion]:
    """The present version of each state."""
    wanted = {state.consent_id: state.version for state in states}
    rows = ConsentVersion.objects.filter(consent_id__in=list(wanted)).order_by("consent_id", "version")
    return {row.consent_id: row for row in rows if wanted[row.consent_id] == row.version}


def _loaded(state: ConsentState, now: datetime, version: ConsentVersion | None = None) -> Consent:
    version = version or ConsentVersion.objects.get(consent_id=state.consent_id, version=state.version)
    per_days = PURPOSES[state.purpose].per_days
    recent = 0
    if per_days is not None:
        since = now - timedelta(days=per_days)
        recent = Disclosure.objects.filter(consent_id=state.consent_id, at__gt=since).count()
    return _consent(state, version, recent_uses=recent, has_authority=_has_authority(state, now))


def _has_authority(state: ConsentState, now: datetime) -> bool:
    """Whether the claim that the signature rested on still holds. Where none was recorded there is none to lose."""
    if state.authority is None:
        return True
    today = now.astimezone(BANGKOK).date()
    claims = accounts.people_acting_for(state.enterprise_id)
    return any(one.person_id == state.signer_id and holds(one, today) for one in claims)


def _consent(state: ConsentState, version: ConsentVersion, *, recent_uses: int, has_authority: bool) -> Consent:
    said = json.loads(version.document)
    first, last = said["data_range"]["from"], said["data_range"]["to"]
    return Consent(
        consent_id=state.consent_id,
        version=state.version,
        status=ConsentStatus(state.status),
        enterprise_id=state.enterprise_id,
        recipient=state.recipient,
        purpose=state.purpose,
        grants=tuple(
            ServiceGrant(one["service"], one["provider"], one["consumer"], frozenset(one["fields"]))
            for one in said["services"]
        ),
        usage=Usage(said["usage"]),
        given_at=state.given_at,
        expires_at=state.expires_at,
        application_id=state.application_id,
        data_from=date.fromisoformat(first) if first else None,
        data_to=date.fromisoformat(last) if last else None,
        most_uses=said["frequency"]["max"],
        per_days=said["frequency"]["per_days"],
        recent_uses=recent_uses,
        uses=state.uses,
        last_used_at=state.last_used_at,
        ended_at=state.ended_at,
        reason=state.reason,
        bound_request_id=state.bound_request_id,
        bound_at=state.bound_at,
        has_authority=has_authority,
        entry_id=version.entry_id,
    )


def _line_text(line: AgreementLine) -> str:
    return f"{line.agreement_id}#{line.version}/{line.line}"
