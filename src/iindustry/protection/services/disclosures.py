"""Disclosures: lock the consent, decide, write the entry and the row, then cut the values.

Everything is committed before anything is returned. A refusal of gates 4 to 6 leaves its ledger entry too: the transaction
that wrote it ends well, and the error is raised after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.kernel.errors import Denied, NotFound
from iindustry.ledger import services as ledger
from iindustry.protection import decision as decisions
from iindustry.protection import disclosed, permissions, recipients
from iindustry.protection.agreement import digest
from iindustry.protection.decision import Decision, DisclosureRequest
from iindustry.protection.disclosed import Disclosed, DisclosureView
from iindustry.protection.models import ConsentState, Disclosure
from iindustry.protection.purposes import Lane
from iindustry.protection.service_fields import ENTERPRISE_FIELDS, PAPER
from iindustry.protection.services.agreements import load_agreement
from iindustry.protection.services.uses import lock_consent, note_use

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.ledger.views import EntryRef
    from iindustry.protection.consent import Consent
    from iindustry.register.enterprise import Enterprise

MAX_LIMIT = 500


@dataclass(frozen=True, slots=True)
class _Outcome:
    decision: Decision
    entry: EntryRef
    until: datetime | None = None


def disclose(
    enterprise: Enterprise,
    *,
    recipient: str,
    purpose: str,
    service: str,
    consent_id: UUID | None,
    fields: frozenset[str],
    actor: Actor,
    clock: Clock,
    request_id: UUID | None = None,
    data_from: date | None = None,
    lane: Lane = Lane.CONSENT,
) -> Disclosed:
    """Decide, record and cut: the values of an enterprise that may go to a recipient (key or address) at this instant.

    Raises Denied with a code of gates 4 to 6 and the facts `entry` (leaf hash) and `entry_id`; its ledger entry stands.
    Inside a caller's own transaction that entry stands if the transaction does: catch Denied before leaving it.
    Rejected `recipient-unknown`.
    """
    request = DisclosureRequest(
        consumer=recipients.subsystem_of(recipient), provider=recipients.hub(), service=service, purpose=purpose,
        lane=lane, fields=frozenset(fields), enterprise_id=enterprise.enterprise_id, data_from=data_from, request_id=request_id,
    )  # fmt: skip
    with transaction.atomic():
        outcome = _decide_and_record(request, consent_id, actor=actor, clock=clock, version=enterprise.version)
    entry, ground = outcome.entry, outcome.decision.ground
    if ground is None:
        raise Denied(outcome.decision.reason, entry=entry.leaf_hash, entry_id=str(entry.entry_id))
    values, places = disclosed.cut(enterprise, outcome.decision.fields)
    return Disclosed(values, places, outcome.decision.fields - values.keys(), ground, entry, outcome.until)


def disclose_paper(
    enterprise_id: str,
    *,
    recipient: str,
    consent_id: UUID,
    application_id: UUID,
    paper_id: UUID,
    actor: Actor,
    clock: Clock,
) -> EntryRef:
    """Decide and record that one paper of a case is opened by its lender: the same gates as for the data it goes with.

    So a line that was suspended stops papers too, a withdrawal waits for no look and precedes every later one, and the
    enterprise finds the look in its list. Raises Denied as `disclose` does.
    """
    request = DisclosureRequest(
        consumer=recipients.subsystem_of(recipient), provider=recipients.hub(), service="enterprise-profile",
        purpose="LOAN_UNDERWRITING", lane=Lane.CONSENT, fields=ENTERPRISE_FIELDS, enterprise_id=enterprise_id,
    )  # fmt: skip
    with transaction.atomic():
        decision, state, consent = _decided(request, consent_id, actor=actor, clock=clock)
        ground = decision.ground
        if ground is None or state is None or consent is None:
            entry = _append("exchange.refused", request, decision, actor=actor, clock=clock, version=None)
        else:
            entry = ledger.append(
                "paper.read", actor=actor, at=clock.now(), subject=enterprise_id, application=str(application_id),
                paper=str(paper_id), consumer=request.consumer, agreement=ground.agreement, consent=ground.consent,
            )  # fmt: skip
            only_the_paper = replace(decision, fields=frozenset({PAPER}))
            look = _look(request, only_the_paper, entry, actor=actor, clock=clock, version="")
            note_use(state, consent, None, look, actor=actor, clock=clock)
    if ground is None:
        raise Denied(decision.reason, entry=entry.leaf_hash, entry_id=str(entry.entry_id))
    return entry


@transaction.atomic
def decide_inbound(
    enterprise_id: str,
    *,
    sender: str,
    purpose: str,
    consent_id: UUID | None,
    fields: frozenset[str],
    actor: Actor,
    clock: Clock,
    service: str = "loan-events",
    decided_at: datetime | None = None,
) -> Decision:
    """Whether data that comes from a bank, by message or by its officer's hand, may be held here, under the same gates.

    `decided_at`: when the bank decided on the case, where it did (`Consent.until_closed`).
    Call it in the inbox's transaction, and store no field outside `Decision.fields`. A refusal leaves its ledger entry;
    nothing is raised but Rejected `recipient-unknown`.
    """
    request = DisclosureRequest(
        consumer=recipients.hub(), provider=recipients.subsystem_of(sender), service=service, purpose=purpose,
        lane=Lane.CONSENT, fields=frozenset(fields), enterprise_id=enterprise_id,
    )  # fmt: skip
    decision, _, _ = _decided(request, consent_id, actor=actor, clock=clock, decided_at=decided_at)
    if not decision.is_allowed:
        _append("exchange.refused", request, decision, actor=actor, clock=clock, version=None)
    return decision


def list_disclosures(
    enterprise_id: str | None = None, *, recipient: str | None = None, consent_id: UUID | None = None,
    before: UUID | None = None, limit: int = 100,
) -> list[DisclosureView]:  # fmt: skip
    """Who saw an enterprise's data, newest first; `before` is the last id of a page. The caller asks for its own only."""
    rows = Disclosure.objects.order_by("-disclosure_id")
    if enterprise_id is not None:
        rows = rows.filter(enterprise_id=enterprise_id)
    if recipient is not None:
        rows = rows.filter(recipient=recipients.subsystem_of(recipient))
    if consent_id is not None:
        rows = rows.filter(consent_id=consent_id)
    if before is not None:
        rows = rows.filter(disclosure_id__lt=before)
    return [_view(row) for row in rows[: min(limit, MAX_LIMIT)]]


def get_disclosure(disclosure_id: UUID, *, actor: Actor) -> DisclosureView:
    """One look. NotFound `disclosure-unknown` for whoever is neither the enterprise, its recipient nor the auditor."""
    row = Disclosure.objects.filter(disclosure_id=disclosure_id).first()
    if row is None or not permissions.can_see(actor, enterprise_id=row.enterprise_id, recipient=row.recipient):
        raise NotFound("disclosure-unknown")
    return _view(row)


def _decide_and_record(
    request: DisclosureRequest, consent_id: UUID | None, *, actor: Actor, clock: Clock, version: str
) -> _Outcome:
    decision, state, consent = _decided(request, consent_id, actor=actor, clock=clock)
    if decision.ground is None:
        return _Outcome(
            decision, _append("exchange.refused", request, decision, actor=actor, clock=clock, version=version)
        )
    entry = _append("exchange.answer", request, decision, actor=actor, clock=clock, version=version)
    look = _look(request, decision, entry, actor=actor, clock=clock, version=version)
    if state is None or consent is None or decision.ground.lane is not Lane.CONSENT:
        look.save(force_insert=True)
        return _Outcome(decision, entry)
    note_use(state, consent, request.request_id, look, actor=actor, clock=clock)
    return _Outcome(decision, entry, consent.expires_at)


def _look(
    request: DisclosureRequest, decision: Decision, entry: EntryRef, *, actor: Actor, clock: Clock, version: str
) -> Disclosure:
    """The row, not written yet, that `list_disclosures` shows: who saw what, on what ground."""
    organisation, ground = recipients.organisation_of(request.consumer), decision.ground
    return Disclosure(
        enterprise_id=request.enterprise_id or "", recipient=request.consumer,
        organisation=organisation.key if organisation else "", actor_role=actor.role.value, purpose=request.purpose,
        service=request.service, fields=sorted(decision.fields), agreement=ground.agreement if ground else "",
        consent_id=ground.consent_id if ground else None, consent_version=ground.consent_version if ground else None,
        register_version=version, entry_id=entry.entry_id, at=clock.now(),
    )  # fmt: skip


def _decided(
    request: DisclosureRequest,
    consent_id: UUID | None,
    *,
    actor: Actor,
    clock: Clock,
    decided_at: datetime | None = None,
) -> tuple[Decision, ConsentState | None, Consent | None]:
    """Load under locks (consent first, then agreement: always in this order), and ask the pure decision."""
    now = clock.now()
    locked = lock_consent(consent_id, now) if consent_id is not None and request.lane is Lane.CONSENT else None
    agreement = load_agreement(consumer=request.consumer, provider=request.provider, service=request.service, lock=True)
    state, consent = locked or (None, None)
    counterpart = request.provider if request.consumer == recipients.hub() else request.consumer
    if not permissions.asks_for_own(actor, counterpart):
        state = consent = None  # another's consent is as good as none, and answers the same
    lasting = consent.until_closed(decided_at) if consent is not None else None
    return decisions.decide(request, agreement, lasting, now), state, consent


def _append(
    kind: str, request: DisclosureRequest, decision: Decision, *, actor: Actor, clock: Clock, version: str | None
) -> EntryRef:
    ground = decision.ground
    return ledger.append(
        kind, actor=actor, at=clock.now(), subject=request.enterprise_id, consumer=request.consumer,
        provider=request.provider, service=request.service, contract=request.contract_version, purpose=request.purpose,
        lane=request.lane.value, agreement=ground.agreement if ground else None, consent=ground.consent if ground else None,
        fields_hash=digest("\n".join(sorted(decision.fields))), rows=1 if ground else 0, register_version=version,
        request_id=str(request.request_id) if request.request_id else None, result=decision.reason,
    )  # fmt: skip


def _view(row: Disclosure) -> DisclosureView:
    return DisclosureView(
        disclosure_id=row.disclosure_id,
        at=row.at,
        recipient=row.recipient,
        organisation=row.organisation,
        actor_role=row.actor_role,
        purpose=row.purpose,
        service=row.service,
        fields=tuple(row.fields),
        agreement=row.agreement,
        consent_id=row.consent_id,
        consent_version=row.consent_version,
        entry_id=row.entry_id,
    )
