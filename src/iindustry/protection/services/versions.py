"""The versions of a consent: each change of status is a new signed one with its ledger entry, beside the state row that reads lock.

So a withdrawal holds from its commit, and no read that starts later can pass. All of it inside the caller's transaction.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from iindustry.accounts import services as accounts
from iindustry.kernel.clock import FixedClock
from iindustry.ledger import services as ledger
from iindustry.ledger.leaf import instant
from iindustry.protection import agreement as agreements
from iindustry.protection import consent as consents
from iindustry.protection import recipients, signing
from iindustry.protection.consent import Consent, ConsentStatus, ConsentStep, ServiceGrant
from iindustry.protection.models import ConsentState, ConsentVersion, Disclosure
from iindustry.protection.purposes import PURPOSES, Usage

if TYPE_CHECKING:
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.protection.announcing import Announce

_REASON = {ConsentStep.REVOKE: "withdrawn", ConsentStep.PAUSE: "paused-by-enterprise", ConsentStep.USE_UP: "used"}
_WORD = {
    ConsentStatus.ACTIVE: "consent.given", ConsentStatus.PAUSED: "consent.paused", ConsentStatus.REVOKED: "consent.revoked",
    ConsentStatus.EXPIRED: "consent.expired", ConsentStatus.USED: "consent.expired",
}  # fmt: skip


def step_on(
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
    return record(state, document, prev_hash=before.sha256, actor=actor, clock=clock, announce=announce)


def record(
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
    return consent_of(state, version, recent_uses=0, has_authority=True)


def present_versions(states: list[ConsentState]) -> dict[UUID, ConsentVersion]:
    """The present version of each state."""
    wanted = {state.consent_id: state.version for state in states}
    rows = ConsentVersion.objects.filter(consent_id__in=list(wanted)).order_by("consent_id", "version")
    return {row.consent_id: row for row in rows if wanted[row.consent_id] == row.version}


def loaded(state: ConsentState, now: datetime, version: ConsentVersion | None = None) -> Consent:
    """A consent with what its limits are measured by: uses inside its days, and whether its signer may still act."""
    version = version or ConsentVersion.objects.get(consent_id=state.consent_id, version=state.version)
    per_days = PURPOSES[state.purpose].per_days
    recent = 0
    if per_days is not None:
        since = now - timedelta(days=per_days)
        recent = Disclosure.objects.filter(consent_id=state.consent_id, at__gt=since).count()
    return consent_of(state, version, recent_uses=recent, has_authority=_has_authority(state, now))


def consent_of(state: ConsentState, version: ConsentVersion, *, recent_uses: int, has_authority: bool) -> Consent:
    """A state row and its version, as the value that decisions read."""
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


def _has_authority(state: ConsentState, now: datetime) -> bool:
    """Whether the claim that the signature rested on still holds. Where none was recorded there is none to lose."""
    if state.authority is None:
        return True
    return accounts.live_claim(state.signer_id, state.enterprise_id, clock=FixedClock(now)) is not None
