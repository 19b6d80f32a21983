"""What a bank's system tells of its own cases, taken through the same use cases as at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.funding import loan_events
from iindustry.funding.loan_events import Decided, Disbursed
from iindustry.funding.moves import may
from iindustry.funding.services import desk
from iindustry.funding.services.rows import Act, Announce, application_of, locked, moved, nobody, noted
from iindustry.kernel.actors import Role
from iindustry.kernel.errors import NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from iindustry.funding.application import Application
    from iindustry.funding.loan_events import LoanMessage, Progressed
    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock


@transaction.atomic
def record_event(message: LoanMessage, *, actor: Actor, clock: Clock, announce: Announce = nobody) -> Application:
    """Take one loan event of the actor's own lender: received, progressed, decided, contract signed, disbursed.

    The actor is the bank's system, its `organisation` the lender. Meant for the inbox's transaction; that one event is
    taken once is the inbox's to see to. NotFound: `application-unknown`, also for another bank's case. Rejected:
    `loan-event-…` and those of the use case. Conflict: `step-out-of-order`.
    """
    if actor.role is not Role.BANK_SYSTEM:
        raise NotFound("application-unknown")
    event = loan_events.read(message.name, message.data)
    if isinstance(event, Decided):
        return _decided(message.application_id, event, actor=actor, clock=clock, announce=announce)
    if isinstance(event, Disbursed):
        return desk.disburse(
            message.application_id, amount_satang=event.amount_satang, paid_on=event.disbursed_on, tranche=event.tranche,
            actor=actor, clock=clock, announce=announce,
        )  # fmt: skip
    return _progressed(message.application_id, event, Act(actor, clock, announce, facts={"stage": event.stage}))


def _decided(application_id: UUID, event: Decided, *, actor: Actor, clock: Clock, announce: Announce) -> Application:
    if not event.is_approved:
        return desk.decline(
            application_id, reason_codes=event.reason_codes, words=event.words, decided_at=event.decided_at,
            actor=actor, clock=clock, announce=announce,
        )  # fmt: skip
    return desk.approve(
        application_id, amount_satang=event.approved_satang or 0, tenor_months=event.tenor_months, words=event.words,
        decided_at=event.decided_at, actor=actor, clock=clock, announce=announce,
    )  # fmt: skip


def _progressed(application_id: UUID, event: Progressed, act: Act) -> Application:
    row, side = locked(application_id, act)
    row.expected_on = event.expected_on or row.expected_on
    if event.step is not None and may(application_of(row).status, event.step, by=side):
        moved(row, event.step, act, side)
    else:
        noted(row, "progressed", act, side)
    return application_of(row)
