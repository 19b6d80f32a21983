"""Drafts as people write them: kept, read, handed back with a reason, withdrawn.

One transaction a decision: the row and the entry of the ledger stand together or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.kernel.errors import NotFound
from iindustry.programmes import checking, lifecycle
from iindustry.programmes.lifecycle import Draft, Status, Step
from iindustry.programmes.models import DraftRow
from iindustry.programmes.services import entries, kept, standing

if TYPE_CHECKING:
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

MOST_LISTED = 200


@transaction.atomic
def save_draft(
    text: str, *, actor: Actor, clock: Clock, draft_id: UUID | None = None, row_version: int | None = None
) -> Draft:
    """Keep a draft, faults and all: a new one, or the text of one that stands. One document a draft.

    Raises Rejected `rule-…` where a new text does not say what it is, `draft-one-document`, `draft-other-document`,
    `draft-name-taken`; Denied `draft-not-yours`, also where the document is another owner's already; Conflict `draft-step-out-of-order`, `draft-changed-meanwhile`.
    """
    if draft_id is None:
        identity = checking.identity_of(text)
        lifecycle.check_writes(identity, actor)
        standing.check_owner(identity)
        row = DraftRow(
            schema=identity.schema, name=identity.name, owner=identity.owner, maker=str(actor.person_id),
            base_version=standing.base(identity), status=Status.DRAFT, made_at=clock.now(), row_version=0,
        )  # fmt: skip
    else:
        row = standing.locked(draft_id, actor, row_version)
        identity = standing.identity_of(row, text)
        lifecycle.check_writes(identity, actor)
        standing.check_owner(identity)
        row.signatures.all().delete()
    row.status = lifecycle.after(Status(row.status), Step.SAVE)
    row.text, row.subject = text, identity.subject.value
    row.text_version, row.dry_run, row.dry_run_register, row.dry_run_on, row.reason = "", None, "", None, ""
    row.makers = sorted({*row.makers, str(actor.person_id)})
    entries.record(row, "programme.drafted", actor, clock, text=entries.digest(text))
    return kept.draft_of(row)


def get_draft(draft_id: UUID, *, actor: Actor) -> Draft:
    """One draft. NotFound `draft-absent`, also for one that this actor may not read."""
    row = DraftRow.objects.filter(id=draft_id).prefetch_related("signatures").first()
    if row is None or not lifecycle.may_read(row.owner, actor):
        raise NotFound("draft-absent")
    return kept.draft_of(row, standing.identity_or_said(row))


def list_drafts(*, actor: Actor, status: Status | str | None = None, limit: int = 50) -> list[Draft]:
    """Drafts that an actor may read, the one changed last first."""
    rows = DraftRow.objects.prefetch_related("signatures").order_by("-changed_at", "-id")
    if not lifecycle.reads_all(actor):
        if not lifecycle.may_read(actor.organisation or "", actor):
            return []
        rows = rows.filter(owner=actor.organisation)
    if status is not None:
        rows = rows.filter(status=str(status))
    return [kept.draft_of(row, standing.identity_or_said(row)) for row in rows[: min(limit, MOST_LISTED)]]


@transaction.atomic
def reject(draft_id: UUID, *, reason: str, actor: Actor, clock: Clock, row_version: int | None = None) -> Draft:
    """Hand a submitted draft back with a reason: whoever may sign it may reject it, its makers may not.

    Raises Rejected `reason-needed`; Denied as `publish`.
    """
    row = standing.locked(draft_id, actor, row_version)
    identity = standing.identity_of(row, row.text)
    status = lifecycle.after(Status(row.status), Step.REJECT)
    lifecycle.check_signs(identity, actor, makers=frozenset(row.makers))
    row.status, row.reason = status, entries.reason(reason)
    row.signatures.all().delete()
    entries.record(row, "programme.rejected", actor, clock, reason=entries.digest(row.reason))
    return kept.draft_of(row, identity)


@transaction.atomic
def withdraw_draft(draft_id: UUID, *, actor: Actor, clock: Clock, row_version: int | None = None) -> Draft:
    """Take a draft back for good. Whoever may write it may."""
    row = standing.locked(draft_id, actor, row_version)
    identity = standing.said_identity(row)
    lifecycle.check_writes(identity, actor)
    row.status = lifecycle.after(Status(row.status), Step.WITHDRAW)
    entries.record(row, "programme.withdrawn", actor, clock)
    return kept.draft_of(row)
