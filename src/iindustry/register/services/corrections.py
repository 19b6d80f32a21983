"""An owner says that a value is wrong; the agency whose register it is, or a steward, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count

from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.ledger import services as ledger
from iindustry.register import permissions, proposals
from iindustry.register.enterprise import DERIVED, CorrectionRequest, CorrectionStatus, Value
from iindustry.register.models import Correction
from iindustry.register.profile import encode
from iindustry.register.services.reading import get_enterprise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

_LONGEST = 2000


def request_correction(
    enterprise_id: str,
    field: str,
    proposed: str,
    reason: str,
    *,
    actor: Actor,
    clock: Clock,
    establishment_id: str | None = None,
) -> CorrectionRequest:
    """Dispute one value of an enterprise (or of one of its establishments).

    `proposed` is what a person typed, money in baht (`proposals`).
    NotFound `enterprise-unknown`, `value-unknown`; Denied `correction-not-yours`; Rejected `correction-empty`,
    `correction-unreadable`, `correction-same`, `correction-derived`; Conflict `correction-open-already` (one open a field).
    """
    permissions.check_may_correct(actor, enterprise_id)
    value = _value(enterprise_id, establishment_id, field)
    proposed, reason = proposed.strip()[:_LONGEST], reason.strip()[:_LONGEST]
    if not proposed:
        raise Rejected("correction-empty", field="proposed")
    proposed = proposals.proposed(field, proposed)
    current = encode(value.value)
    if proposed == current:
        raise Rejected("correction-same", field="proposed")
    if value.source == DERIVED:
        raise Rejected("correction-derived", field=field)
    try:
        with transaction.atomic():
            row = Correction.objects.create(
                enterprise_id=enterprise_id,
                establishment_id=establishment_id or "",
                field=field,
                source=value.source,
                current=current,
                proposed=proposed,
                reason=reason,
                asked_by=actor.tag,
                asked_at=clock.now(),
            )
            ledger.append(
                "correction.requested", actor=actor, at=clock.now(), subject=enterprise_id,
                correction=str(row.correction_id), field=field, source=value.source,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("correction-open-already", field=field) from error
    return _view(row)


def list_corrections(
    enterprise_id: str | None = None,
    source: str | Sequence[str] | None = None,
    *,
    status: CorrectionStatus | None = None,
    oldest_first: bool = False,
    limit: int = 50,
) -> list[CorrectionRequest]:
    """Correction requests, newest first unless asked otherwise, of one enterprise or of one source or several where named."""
    rows = Correction.objects.order_by("asked_at" if oldest_first else "-asked_at", "correction_id")
    if enterprise_id is not None:
        rows = rows.filter(enterprise_id=enterprise_id)
    if source is not None:
        rows = rows.filter(source__in=[source] if isinstance(source, str) else list(source))
    if status is not None:
        rows = rows.filter(status=status.value)
    return [_view(row) for row in rows[:limit]]


def count_open(sources: Sequence[str]) -> dict[str, int]:
    """How many requests of each source wait for an answer; a source without any is left out."""
    waiting = Correction.objects.filter(status=CorrectionStatus.OPEN.value, source__in=list(sources)).order_by()
    return dict(waiting.values("source").annotate(count=Count("correction_id")).values_list("source", "count"))


@transaction.atomic
def answer_correction(
    correction_id: UUID | str,
    accept: bool,
    ground: str,
    *,
    actor: Actor,
    clock: Clock,
) -> CorrectionRequest:
    """Accept or refuse a correction, with the ground. The value itself changes when its register delivers anew.

    NotFound `correction-unknown`, also for another agency's; Denied `correction-not-for-you`; Conflict
    `correction-answered`; Rejected `ground-missing`.
    """
    row = Correction.objects.select_for_update().filter(correction_id=_uuid(correction_id)).first()
    if row is None:
        raise NotFound("correction-unknown")
    permissions.check_may_answer(actor, row.source)
    if row.status != CorrectionStatus.OPEN.value:
        raise Conflict("correction-answered", status=row.status)
    if not ground.strip():
        raise Rejected("ground-missing", field="ground")
    row.status = (CorrectionStatus.ACCEPTED if accept else CorrectionStatus.REFUSED).value
    row.ground, row.answered_by, row.answered_at = ground.strip()[:_LONGEST], actor.tag, clock.now()
    row.save(update_fields=["status", "ground", "answered_by", "answered_at"])
    ledger.append(
        "correction.answered", actor=actor, at=clock.now(), subject=row.enterprise_id,
        correction=str(row.correction_id), status=row.status,
    )  # fmt: skip
    return _view(row)


def _value(enterprise_id: str, establishment_id: str | None, field: str) -> Value:
    enterprise = get_enterprise(enterprise_id)
    if establishment_id is None:
        value = enterprise.value_of(field)
    else:
        site = next((one for one in enterprise.establishments if one.establishment_id == establishment_id), None)
        value = site.value_of(field) if site else None
    if value is None:
        raise NotFound("value-unknown", field=field)
    return value


def _uuid(text: UUID | str) -> UUID:
    try:
        return text if isinstance(text, UUID) else UUID(text)
    except ValueError as error:
        raise NotFound("correction-unknown") from error


def _view(row: Correction) -> CorrectionRequest:
    return CorrectionRequest(
        correction_id=row.correction_id,
        enterprise_id=row.enterprise_id,
        establishment_id=row.establishment_id or None,
        field=row.field,
        source=row.source,
        current=row.current,
        proposed=row.proposed,
        reason=row.reason,
        status=CorrectionStatus(row.status),
        asked_at=row.asked_at,
        ground=row.ground,
        answered_at=row.answered_at,
    )
