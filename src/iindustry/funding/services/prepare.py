"""Use cases of the enterprise's side: start, fill, send, withdraw.

Invariant: one open application for one product; sending freezes the dossier and gives the case consent in one
transaction, or does neither.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from iindustry.funding import dossier, papers, permissions
from iindustry.funding.application import Form
from iindustry.funding.models import ApplicationRow
from iindustry.funding.moves import FINAL, Status, Step
from iindustry.funding.services.eligibility import keep_answer
from iindustry.funding.services.products import product_of
from iindustry.funding.services.rows import Act, Announce, application_of, is_done, locked, moved, nobody, noted
from iindustry.funding.told import PURPOSE
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.ids import new_id
from iindustry.protection import services as protection
from iindustry.reference import fields as reference
from iindustry.register import services as register

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from iindustry.funding.application import Answer, Application
    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.register.enterprise import Enterprise

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_DRAWS = 8


def start(product_id: str, *, actor: Actor, clock: Clock, channel: str = "portal") -> Application:
    """Begin an application of the actor's enterprise for a loan product, or return the open one for it unchanged.

    NotFound: no such product. Conflict: `product-closed`. Denied: `no-enterprise-chosen`.
    """
    enterprise_id = permissions.check_acts_for(actor)
    open_one = _open_one(enterprise_id, product_id)
    if open_one is not None:
        return application_of(open_one)
    product = product_of(product_id)
    if not product.is_open(clock.today()):
        raise Conflict("product-closed", product=product_id)
    enterprise = register.get_enterprise(enterprise_id)
    try:
        return _begun(enterprise_id, enterprise, product_id, actor=actor, clock=clock, channel=channel)
    except IntegrityError:
        open_one = _open_one(enterprise_id, product_id)
        if open_one is None:
            raise
        return application_of(open_one)


def save_answers(
    application_id: UUID, raw: Mapping[str, str], *, actor: Actor, clock: Clock, version: int | None = None
) -> Application:
    """Keep what the owner typed, field by field; a blank takes an answer away. What is not named stays.

    Rejected: `answers-invalid` with `fields` (field -> code); nothing is kept then. Conflict: `already-sent`.
    """
    with transaction.atomic():
        act = Act(actor, clock, version=version)
        row, _ = locked(application_id, act)
        is_done(act, "save", row)
        if row.status != Status.DRAFT:
            raise Conflict("already-sent", reference=row.reference)
        answers, faults = dossier.read_answers(raw)
        if faults:
            raise Rejected("answers-invalid", fields=faults)
        kept = {name: value for name, value in row.answers.items() if name not in raw}
        row.answers = kept | answers
        row.requested_satang = _whole(row.answers.get("amount_satang"))
        row.version += 1
        row.save(update_fields=["answers", "requested_satang", "version"])
    return application_of(row)


def form_of(application_id: UUID, *, actor: Actor) -> Form:
    """The form: register values (locked) and the fields to type. For a sent one, as it was sent."""
    from iindustry.funding.services.read import frozen_of, seen

    row = seen(application_id, actor)
    application = application_of(row)
    document = frozen_of(row)
    enterprise = dossier.enterprise_of(document) if document else register.get_enterprise(row.enterprise_id)
    values = dossier.prefilled(enterprise, dossier.fields_of(document) if document else None)
    return Form(
        application=application,
        prefilled=values,
        typed=_typed_for(row.product_id),
        answers=application.answers,
        missing=dossier.missing(application.answers),
        spared=papers.spared(dossier.names(values)),
    )


@transaction.atomic
def send(
    application_id: UUID,
    *,
    consent_fields: frozenset[str],
    actor: Actor,
    clock: Clock,
    announce: Announce = nobody,
    key: UUID | None = None,
    version: int | None = None,
) -> Application:
    """Freeze the dossier, give the lender the consent of this case, and send: together or not at all.

    `consent_fields` are the register fields that the owner ticked. Sent already: returned unchanged.
    Denied: `delegate-may-not-consent`. Rejected: `answers-missing` (fields), `consent-fields-none`.
    Conflict: `product-closed`, `not-eligible`, `changed-meanwhile`.
    """
    act = Act(actor, clock, announce, key=key, version=version)
    row, side = locked(application_id, act)
    permissions.check_consents(actor)
    if row.status in {Status.SENT, Status.SCREENING} or is_done(act, "send", row, sorted(consent_fields)):
        return application_of(row)
    _check_complete(row, consent_fields, clock)
    enterprise = register.get_enterprise(row.enterprise_id)
    keep_answer(row, enterprise, purpose=PURPOSE, actor=actor, clock=clock)
    frozen = dossier.freeze(application_of(row), enterprise, row.answers, consent_fields, clock.now())
    consent = protection.give_consent(
        row.enterprise_id, recipient=row.lender, purpose=PURPOSE, fields=consent_fields, application_id=row.id,
        actor=actor, clock=clock, announce=announce,
    )  # fmt: skip
    _freeze(row, enterprise, consent_fields, frozen)
    row.consent_id = consent.consent_id
    row.sent_at = clock.now()
    act = replace(act, facts={"consent": str(consent.consent_id), "dossier": frozen.sha256})
    moved(row, Step.SEND, act, side)
    announce(
        "application.submitted", str(row.id), recipient=row.lender, application_id=str(row.id), product_id=row.product_id,
        product_version=row.product_version, consent_id=str(row.consent_id), dossier_sha256=frozen.sha256,
    )  # fmt: skip
    return application_of(row)


@transaction.atomic
def withdraw(
    application_id: UUID,
    *,
    actor: Actor,
    clock: Clock,
    announce: Announce = nobody,
    key: UUID | None = None,
    version: int | None = None,
) -> Application:
    """Take an application back; the case consent ends with it. Withdrawn already: returned unchanged."""
    act = Act(actor, clock, announce, key=key, version=version)
    row, side = locked(application_id, act)
    if row.status == Status.WITHDRAWN or is_done(act, "withdraw", row):
        return application_of(row)
    was_sent = row.sent_at is not None
    moved(row, Step.WITHDRAW, act, side)
    if was_sent:
        announce("application.withdrawn", str(row.id), recipient=row.lender, application_id=str(row.id), by="applicant")
    return application_of(row)


def consent_offer(lender: str, *, clock: Clock) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fields asked for as one, and fields that each need their own tick, in the order of `fields.yaml`.

    Conflict `agreement-not-active`: no agreement in force lets this lender have anything.
    """
    offer = protection.offer(lender, PURPOSE, clock=clock)
    order = [one.name for one in reference.FIELDS]
    return (
        tuple(name for name in order if name in offer.fields),
        tuple(name for name in order if name in offer.optional_fields),
    )


@transaction.atomic
def _begun(
    enterprise_id: str, enterprise: Enterprise, product_id: str, *, actor: Actor, clock: Clock, channel: str
) -> Application:
    product = product_of(product_id)
    row = ApplicationRow(
        id=new_id(), reference=_reference(), version=0, enterprise_id=enterprise_id, product_id=product_id,
        product_version=product.version, lender=product.lender, policy_line=product.policy_line,
        province_code=enterprise.province_code, status=Status.DRAFT, channel=channel, started_by=str(actor.person_id),
        started_at=clock.now(),
    )  # fmt: skip
    row.save(force_insert=True)
    noted(row, "start", Act(actor, clock, facts={"product": product_id}), permissions.SIDE_OF[actor.role])
    return application_of(row)


def _open_one(enterprise_id: str, product_id: str) -> ApplicationRow | None:
    return (
        ApplicationRow.objects.filter(enterprise_id=enterprise_id, product_id=product_id)
        .exclude(status__in=FINAL)
        .order_by("-started_at", "-id")
        .first()
    )


def _reference() -> str:
    """A short opaque reference such as `I-7KQ2-93`, not used yet."""
    for _ in range(_DRAWS):
        signs = "".join(secrets.choice(_SIGNS) for _ in range(6))
        text = f"I-{signs[:4]}-{signs[4:]}"
        if not ApplicationRow.objects.filter(reference=text).exists():
            return text
    raise RuntimeError("no free reference number was drawn")


def _check_complete(row: ApplicationRow, consent_fields: frozenset[str], clock: Clock) -> None:
    if row.status != Status.DRAFT:
        raise Conflict("already-sent", reference=row.reference)
    absent = dossier.missing(row.answers)
    if absent:
        raise Rejected("answers-missing", fields=list(absent))
    if not consent_fields:
        raise Rejected("consent-fields-none", field="consent_fields")
    product = product_of(row.product_id)
    if not product.is_open(clock.today()):
        raise Conflict("product-closed", product=row.product_id)
    answers = row.answers
    product.check_fits(int(answers["amount_satang"]), int(answers["tenor_months"]), str(answers["use_code"]))


def _freeze(row: ApplicationRow, enterprise: Enterprise, fields: frozenset[str], frozen: dossier.Dossier) -> None:
    values = dossier.prefilled(enterprise, fields)
    row.dossier = frozen.canonical
    row.dossier_sha256 = frozen.sha256
    row.typed_count = len(row.answers)
    row.prefilled_count = len(values)
    row.papers_spared_count = len(papers.spared(dossier.names(values)))


def _typed_for(product_id: str) -> tuple[dossier.TypedField, ...]:
    """The fields to type; without the product's own limits where the catalogue no longer has it."""
    try:
        product = product_of(product_id)
    except NotFound:
        return dossier.TYPED
    return dossier.typed_for(product.uses, product.most_satang, product.most_months)


def _whole(value: Answer | None) -> int | None:
    return value if isinstance(value, int) else None
