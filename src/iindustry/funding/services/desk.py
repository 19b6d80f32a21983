"""Use cases of the lender's side: claim, decide, pay; the officer's view of the dossier.

Invariant: what an officer sees of the enterprise comes from `protection.disclose` and from nowhere else; what is recorded of
it rests on the same consent (`rows.hear`): without one a case can only be ended, with nothing said (decision 0009).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from iindustry.funding import dossier, permissions, told
from iindustry.funding.models import DecisionRow, DisbursementRow
from iindustry.funding.moves import Status, Step
from iindustry.funding.reasons import checked
from iindustry.funding.services.read import case_of, frozen_of, seen
from iindustry.funding.services.rows import (
    Act,
    Announce,
    application_of,
    desk_act,
    hear,
    is_done,
    locked,
    moved,
    nobody,
    noted,
)
from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.protection import services as protection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from iindustry.funding.application import Answer, Application, Case
    from iindustry.funding.models import ApplicationRow
    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.ledger.views import EntryRef
    from iindustry.register.enterprise import Value

SERVICE = "enterprise-profile"
_LONGEST_WORDS = 1000
_TENORS = range(1, 361)
_CLOCKS_DIFFER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class DossierView:
    """What an officer may see now: fields by name (a field not granted is absent), and what the owner declared.

    `until`: when the consent that it rests on ends.
    """

    fields: Mapping[str, list[Value]]
    places: Mapping[str, list[str | None]]
    declared: Mapping[str, Answer]
    consent_id: UUID
    until: datetime | None
    ground: object
    entry: EntryRef


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case as an officer's desk shows it: all that belongs to it, and its dossier or why that stays closed."""

    case: Case
    dossier: DossierView | None
    refusal: Denied | None


def open_case(application_id: UUID, *, actor: Actor, clock: Clock) -> OpenedCase:
    """One case of the officer's own bank with its dossier, read once; the look, or its refusal, leaves a ledger entry.

    NotFound: another lender's case. What `view_dossier` raises as Denied stands in `refusal`.
    """
    row = seen(application_id, actor)
    permissions.check_lender(actor)
    case = case_of(row)
    try:
        return OpenedCase(case, _dossier_of(row, actor, clock), None)
    except Denied as error:
        return OpenedCase(case, None, error)


def view_dossier(application_id: UUID, *, actor: Actor, clock: Clock) -> DossierView:
    """The dossier of one case of the officer's own bank, as it was sent; every look leaves a ledger entry.

    NotFound: another lender's case. Denied: the reason of `protection` (`consent-revoked`, `consent-expired` …).
    """
    row = seen(application_id, actor)
    permissions.check_lender(actor)
    return _dossier_of(row, actor, clock)


def _dossier_of(row: ApplicationRow, actor: Actor, clock: Clock) -> DossierView:
    document = frozen_of(row)
    if document is None or row.consent_id is None:
        raise NotFound("application-unknown")
    disclosed = protection.disclose(
        dossier.enterprise_of(document), recipient=row.lender, purpose=told.PURPOSE, service=SERVICE, consent_id=row.consent_id,
        fields=dossier.fields_of(document), actor=actor, clock=clock,
    )  # fmt: skip
    return DossierView(
        disclosed.fields,
        disclosed.places,
        document["declared"],
        row.consent_id,
        disclosed.until,
        disclosed.ground,
        disclosed.entry,
    )


@desk_act
def claim(
    application_id: UUID, *, actor: Actor, clock: Clock, key: UUID | None = None, version: int | None = None
) -> Application:
    """Take up a case. The officer who has it already gets it unchanged. Conflict: `claimed-by-another`.

    Denied, here and below: the reason of `protection` where the consent of the case does not stand (`consent-revoked` …).
    """
    act = Act(actor, clock, key=key, version=version)
    row, side = locked(application_id, act)
    permissions.check_lender(actor)
    if row.officer_id is not None and row.officer_id == act.person_id:
        return application_of(row)
    if is_done(act, "claim", row):
        return application_of(row)
    if row.officer_id is not None:
        raise Conflict("claimed-by-another", reference=row.reference)
    hear(row, Step.CLAIM, act)
    row.officer_id = act.person_id
    if row.status == Status.SENT:
        moved(row, Step.CLAIM, act, side)
    else:
        noted(row, Step.CLAIM.value, act, side)
    return application_of(row)


@desk_act
def analyse(application_id: UUID, *, actor: Actor, clock: Clock, version: int | None = None) -> Application:
    """Say that the analysis has begun."""
    act = Act(actor, clock, version=version)
    row, side = locked(application_id, act)
    is_done(act, "analyse", row)
    hear(row, Step.ANALYSE, act)
    moved(row, Step.ANALYSE, act, side)
    return application_of(row)


@desk_act
def approve(
    application_id: UUID,
    *,
    amount_satang: int,
    tenor_months: int | None,
    rate_words: str = "",
    conditions: str = "",
    actor: Actor,
    clock: Clock,
    announce: Announce = nobody,
    key: UUID | None = None,
    version: int | None = None,
    decided_at: datetime | None = None,
    words: str = "",
) -> Application:
    """Approve an amount (satang, more than 0, at most what was asked) for some months.

    Rejected: `amount-not-positive`, `amount-above-asked`, `tenor-out-of-range`, `decided-at-wrong`.
    """
    act = Act(actor, clock, announce, key=key, version=version, words=words[:_LONGEST_WORDS])
    row, side = locked(application_id, act)
    if is_done(act, "approve", row, amount_satang, tenor_months, rate_words, conditions, act.words):
        return application_of(row)
    hear(row, Step.APPROVE, act)
    _check_offer(row, amount_satang, tenor_months)
    row.approved_satang = amount_satang
    row.decided_at = _decided_at(row, decided_at, clock)
    moved(row, Step.APPROVE, act, side, at=row.decided_at)
    DecisionRow.objects.create(
        application=row, is_approved=True, decided_at=row.decided_at, recorded_at=clock.now(), decided_by=act.person_id,
        by_system=act.by_system, amount_satang=amount_satang, tenor_months=tenor_months, rate_words=rate_words[:200],
        conditions=conditions[:_LONGEST_WORDS], words=act.words,
    )  # fmt: skip
    return application_of(row)


@desk_act
def decline(
    application_id: UUID,
    *,
    reason_codes: Sequence[str],
    words: str = "",
    actor: Actor,
    clock: Clock,
    announce: Announce = nobody,
    key: UUID | None = None,
    version: int | None = None,
    decided_at: datetime | None = None,
) -> Application:
    """Decline for one to three coded reasons, the main one first; the case consent ends. `R0` without words needs no consent.

    Rejected: `reason-missing`, `reason-too-many`, `reason-unknown`, `decided-at-wrong`.
    """
    codes = checked(reason_codes)
    act = Act(
        actor, clock, announce, key=key, version=version, words=words.strip()[:_LONGEST_WORDS], facts={"reasons": " ".join(codes)}
    )  # fmt: skip
    row, side = locked(application_id, act)
    if is_done(act, "decline", row, codes, act.words):
        return application_of(row)
    if not told.says_nothing(codes, act.words):
        hear(row, Step.DECLINE, act)
    row.decided_at = _decided_at(row, decided_at, clock)
    moved(row, Step.DECLINE, act, side, at=row.decided_at)
    DecisionRow.objects.create(
        application=row, is_approved=False, decided_at=row.decided_at, recorded_at=clock.now(), decided_by=act.person_id,
        by_system=act.by_system, reason_codes=list(codes), words=act.words,
    )  # fmt: skip
    return application_of(row)


@desk_act
def disburse(
    application_id: UUID,
    *,
    amount_satang: int,
    paid_on: date,
    actor: Actor,
    clock: Clock,
    announce: Announce = nobody,
    key: UUID | None = None,
    version: int | None = None,
    tranche: int | None = None,
) -> Application:
    """Record a payment. When all that was approved is paid, the case closes and its consent ends.

    Rejected: `amount-not-positive`, `amount-above-approved`, `paid-on-wrong`, `tranche-out-of-order`.
    """
    act = Act(actor, clock, announce, key=key, version=version)
    row, side = locked(application_id, act)
    if is_done(act, "disburse", row, amount_satang, paid_on, tranche):
        return application_of(row)
    hear(row, Step.DISBURSE_PART, act)
    _check_payment(row, amount_satang, paid_on, clock)
    number = DisbursementRow.objects.filter(application=row).count() + 1
    if tranche is not None and tranche != number:
        raise Rejected("tranche-out-of-order", expected=number)
    row.disbursed_satang += amount_satang
    is_all = row.disbursed_satang == row.approved_satang
    act = replace(act, facts={"tranche": number})
    moved(row, Step.DISBURSE_ALL if is_all else Step.DISBURSE_PART, act, side)
    DisbursementRow.objects.create(
        application=row, tranche=number, amount_satang=amount_satang, paid_on=paid_on, recorded_at=clock.now(),
        recorded_by=act.person_id, by_system=act.by_system,
    )  # fmt: skip
    return application_of(row)


def _check_offer(row: ApplicationRow, amount_satang: int, tenor_months: int | None) -> None:
    if amount_satang <= 0:
        raise Rejected("amount-not-positive", field="amount_satang")
    if row.requested_satang is not None and amount_satang > row.requested_satang:
        raise Rejected("amount-above-asked", field="amount_satang")
    if tenor_months is not None and tenor_months not in _TENORS:
        raise Rejected("tenor-out-of-range", field="tenor_months", most=_TENORS[-1])


def _check_payment(row: ApplicationRow, amount_satang: int, paid_on: date, clock: Clock) -> None:
    if row.approved_satang is None:
        raise Conflict("step-out-of-order", now=row.status, step=Step.DISBURSE_PART.value)
    if amount_satang <= 0:
        raise Rejected("amount-not-positive", field="amount_satang")
    if row.disbursed_satang + amount_satang > row.approved_satang:
        raise Rejected("amount-above-approved", field="amount_satang")
    earliest = row.decided_at.date() - timedelta(days=1) if row.decided_at else paid_on
    if not earliest <= paid_on <= clock.today():
        raise Rejected("paid-on-wrong", field="paid_on")


def _decided_at(row: ApplicationRow, told: datetime | None, clock: Clock) -> datetime:
    """When the lender decided: now at the desk; what its system says, between sending and now (a minute apart at most)."""
    if told is None:
        return clock.now()
    sent = row.sent_at or told
    if not sent - _CLOCKS_DIFFER <= told <= clock.now() + _CLOCKS_DIFFER:
        raise Rejected("decided-at-wrong", field="decided_at")
    return max(told, sent)
