"""Consents that were given: withdraw, pause, resume, close with the case, let end, look up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from iindustry.accounts import services as accounts
from iindustry.kernel.actors import SYSTEM, Actor
from iindustry.kernel.errors import NotFound
from iindustry.protection import agreement as agreements
from iindustry.protection import permissions, recipients, signing
from iindustry.protection.announcing import Announce, silent
from iindustry.protection.consent import ENDED, LIVE, Consent, ConsentStatus, ConsentStep
from iindustry.protection.models import ConsentState, ConsentVersion
from iindustry.protection.purposes import PURPOSES, Usage
from iindustry.protection.services.versions import consent_of, loaded, present_versions, step_on

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from iindustry.kernel.clock import Clock

MAX_LIMIT = 500


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


@transaction.atomic
def withdraw_consent(consent_id: UUID, *, actor: Actor, clock: Clock, announce: Announce = silent) -> Consent:
    """Take a consent back, with no reason asked. It holds from the commit; a second press changes nothing.

    NotFound `consent-unknown`; Denied `consent-not-yours`; Conflict `consent-step`: it had ended before.
    """
    state = _locked(consent_id, actor)
    permissions.check_stops(actor, state.enterprise_id)
    if state.status == ConsentStatus.REVOKED.value:
        return loaded(state, clock.now())
    return step_on(state, ConsentStep.REVOKE, actor=actor, clock=clock, announce=announce)


@transaction.atomic
def pause_consent(consent_id: UUID, *, actor: Actor, clock: Clock, announce: Announce = silent) -> Consent:
    """Stop a consent for a while. Errors as `withdraw_consent`."""
    state = _locked(consent_id, actor)
    permissions.check_stops(actor, state.enterprise_id)
    return step_on(state, ConsentStep.PAUSE, actor=actor, clock=clock, announce=announce)


@transaction.atomic
def resume_consent(consent_id: UUID, *, actor: Actor, clock: Clock, announce: Announce = silent) -> Consent:
    """Let a paused consent serve again, until the end it had. Errors as `withdraw_consent`; Denied `delegate-gives-no-consent`."""
    state = _locked(consent_id, actor)
    permissions.check_gives(actor, state.enterprise_id)
    return step_on(state, ConsentStep.RESUME, actor=actor, clock=clock, announce=announce)


@transaction.atomic
def close_consents(
    application_id: UUID, *, actor: Actor, clock: Clock, announce: Announce = silent, reason: str = "case-closed"
) -> int:
    """End the case consents of an application that was closed. How many ended: a second call ends none."""
    rows = ConsentState.objects.select_for_update().filter(application_id=application_id, status__in=LIVE)
    of_case = [row for row in rows.order_by("consent_id")[:MAX_LIMIT] if PURPOSES[row.purpose].usage is Usage.CASE]
    for row in of_case:
        step_on(row, ConsentStep.END, actor=actor, clock=clock, announce=announce, reason=reason)
    return len(of_case)


@transaction.atomic
def expire_consents(*, clock: Clock, announce: Announce = silent, limit: int = MAX_LIMIT) -> int:
    """Tidy the status of consents whose end has passed. Reads do not need it: they compare the end themselves."""
    rows = ConsentState.objects.select_for_update(skip_locked=True).filter(status__in=LIVE, expires_at__lte=clock.now())
    due = list(rows.order_by("expires_at", "consent_id")[: min(limit, MAX_LIMIT)])
    for row in due:
        step_on(row, ConsentStep.END, actor=SYSTEM, clock=clock, announce=announce, reason=ENDED)
    return len(due)


def get_consent(consent_id: UUID, *, actor: Actor, clock: Clock) -> Consent:
    """One consent. NotFound `consent-unknown` for whoever may not see it."""
    state = ConsentState.objects.filter(consent_id=consent_id).first()
    if state is None:
        raise NotFound("consent-unknown")
    permissions.check_sees(actor, enterprise_id=state.enterprise_id, recipient=state.recipient)
    return loaded(state, clock.now())


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
    application_ids: Collection[UUID] | None = None,
    status: ConsentStatus | None = None,
    clock: Clock | None = None,
    limit: int = 100,
) -> list[Consent]:
    """Consents of an enterprise, to a recipient (key or address), of one application or of several; newest first.

    The caller shows them only to who may see them: the enterprise its own, the recipient its own, the auditor all.
    `clock`: whose day says whether each signer may still act; without one `has_authority` is not asked and stays true.
    """
    rows = ConsentState.objects.order_by("-consent_id")
    if enterprise_id is not None:
        rows = rows.filter(enterprise_id=enterprise_id)
    if recipient is not None:
        rows = rows.filter(recipient=recipients.subsystem_of(recipient))
    if application_id is not None:
        rows = rows.filter(application_id=application_id)
    if application_ids is not None:
        rows = rows.filter(application_id__in=application_ids)
    if status is not None:
        rows = rows.filter(status=status.value)
    states = list(rows[: min(limit, MAX_LIMIT)])
    versions = present_versions(states)
    acting = None if clock is None else accounts.list_acting({one.enterprise_id for one in states}, clock=clock)
    return [
        consent_of(
            state, versions[state.consent_id], recent_uses=0,
            has_authority=acting is None or state.authority is None or (state.signer_id, state.enterprise_id) in acting,
        )
        for state in states
    ]  # fmt: skip


def _locked(consent_id: UUID, actor: Actor) -> ConsentState:
    state = ConsentState.objects.select_for_update().filter(consent_id=consent_id).first()
    if state is None or not permissions.can_see(actor, enterprise_id=state.enterprise_id, recipient=state.recipient):
        raise NotFound("consent-unknown")
    return state
