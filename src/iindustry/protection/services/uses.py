"""A consent as a read must see it, and the count of its uses: both in the transaction of the disclosure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection

from iindustry.kernel.ids import new_id
from iindustry.protection.announcing import silent
from iindustry.protection.consent import Consent, ConsentStep
from iindustry.protection.models import ConsentState, ConsentVersion, Disclosure
from iindustry.protection.purposes import Usage
from iindustry.protection.services.versions import loaded, step_on

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

_STATE_HELD = """
SELECT state.*, signed.document, signed.entry_id
FROM protection_consent_state state LEFT JOIN protection_consent_version signed USING (consent_id, version)
WHERE consent_id = %s FOR UPDATE OF state
"""
# One statement, one round trip: the look and its use of the consent.
_LOOK_AND_USE = """
WITH used AS (
  UPDATE protection_consent_state SET uses = %s, last_used_at = %s, bound_request_id = %s, bound_at = %s WHERE consent_id = %s
)
INSERT INTO protection_disclosure (disclosure_id, enterprise_id, recipient, organisation, actor_role, purpose, service, fields,
  agreement, consent_id, consent_version, register_version, entry_id, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s)
"""


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
    return state, loaded(state, now, version)


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
        step_on(state, ConsentStep.USE_UP, actor=actor, clock=clock, announce=silent)


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
