"""Reading applications: one, an enterprise's, a lender's queue. Lenders are kept apart here.

Invariant: every list has an order that ends in a unique key, and a limit.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from iindustry.funding import permissions
from iindustry.funding.application import Case
from iindustry.funding.models import ApplicationRow, PaperRow
from iindustry.funding.moves import FINAL, OPEN, Side, Status, turn_of
from iindustry.funding.services.rows import (
    application_of,
    decision_of,
    disbursements_of,
    paper_of,
    papers_of,
    timeline_of,
)
from iindustry.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from iindustry.funding.application import Application, PaperRequest, TimelineEntry
    from iindustry.kernel.actors import Actor

LIMIT = 100
_LEAST_CASES = 5


def seen(application_id: UUID, actor: Actor) -> ApplicationRow:
    """The row with its decision, where the actor may know of it. NotFound: `application-unknown`."""
    row = ApplicationRow.objects.select_related("decision").filter(id=application_id).first()
    if row is None:
        raise NotFound("application-unknown")
    permissions.check_sees(actor, application_of(row))
    return row


def get_application(application_id: UUID, *, actor: Actor) -> Application:
    """One application. NotFound: `application-unknown`, also for another enterprise's or another lender's."""
    return application_of(seen(application_id, actor))


def hold_application(application_id: UUID, *, actor: Actor) -> Application:
    """One application, locked until the caller's transaction ends. NotFound as `get_application`.

    Who needs both locks takes the application's first and the consent's after it, as every act on a case does.
    """
    row = ApplicationRow.objects.select_for_update().filter(id=application_id).first()
    if row is None:
        raise NotFound("application-unknown")
    permissions.check_sees(actor, application_of(row))
    return application_of(row)


def get_case(application_id: UUID, *, actor: Actor) -> Case:
    """One application with its timeline, papers, decision and payments."""
    return case_of(seen(application_id, actor))


def timeline(application_id: UUID, *, actor: Actor) -> tuple[TimelineEntry, ...]:
    """What happened to an application, the first first."""
    return timeline_of(seen(application_id, actor))


def list_for_enterprise(*, actor: Actor, limit: int = LIMIT) -> list[Application]:
    """The applications of the enterprise the actor acts for, the newest first."""
    enterprise_id = permissions.check_acts_for(actor)
    rows = ApplicationRow.objects.filter(enterprise_id=enterprise_id).order_by("-started_at", "-id")[:limit]
    return [application_of(row) for row in rows]


def list_open_papers(*, actor: Actor, limit: int = LIMIT) -> list[tuple[Application, PaperRequest]]:
    """Papers that the actor's enterprise was asked for and has not supplied, the soonest due first."""
    enterprise_id = permissions.check_acts_for(actor)
    asked = (
        PaperRow.objects.select_related("application")
        .filter(application__enterprise_id=enterprise_id, application__status=Status.PAPERS_ASKED, supplied_at=None)
        .order_by("due_on", "id")[:limit]
    )
    return [(application_of(one.application), paper_of(one)) for one in asked]


def list_for_lender(
    *, actor: Actor, status: Status | None = None, turn: Side | None = None, product_id: str | None = None,
    province_code: str | None = None, include_closed: bool = False, limit: int = LIMIT,
) -> list[Application]:  # fmt: skip
    """A lender's own queue, the longest waiting first: open cases, or one status, or all with `include_closed`."""
    lender = permissions.check_lender(actor)
    rows = ApplicationRow.objects.filter(lender=lender, sent_at__isnull=False)
    if status is not None:
        rows = rows.filter(status=status)
    elif not include_closed:
        rows = rows.exclude(status__in=FINAL)
    if turn is not None:
        rows = rows.filter(status__in=[one for one in OPEN if turn_of(one) is turn])
    if product_id:
        rows = rows.filter(product_id=product_id)
    if province_code:
        rows = rows.filter(province_code=province_code)
    return [application_of(row) for row in rows.order_by("sent_at", "id")[:limit]]


def count_for_lender(*, actor: Actor) -> dict[Status, int]:
    """How many of a lender's cases stand in each status."""
    from django.db.models import Count

    lender = permissions.check_lender(actor)
    rows = ApplicationRow.objects.filter(lender=lender, sent_at__isnull=False)
    counted = rows.values("status").annotate(n=Count("id")).order_by("status").values_list("status", "n")
    return {Status(status): n for status, n in counted}


def usual_days(product_id: str) -> int | None:
    """Median calendar days from sending to a decision, of this product's cases; None below five of them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_USUAL, [product_id])
        count, median = cursor.fetchone() or (0, None)
    return round(median) if median is not None and count >= _LEAST_CASES else None


def case_of(row: ApplicationRow) -> Case:
    """A row with all that belongs to it."""
    return Case(
        application=application_of(row),
        timeline=timeline_of(row),
        papers=papers_of(row),
        decision=decision_of(row),
        disbursements=disbursements_of(row),
        declared=dict(row.answers),
    )


def frozen_of(row: ApplicationRow) -> Mapping[str, Any] | None:
    """The frozen dossier as a document; None before sending."""
    return json.loads(bytes(row.dossier)) if row.dossier is not None else None


_USUAL = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - sent_at) / 86400)
FROM funding_applicationrow
WHERE product_id = %s AND decided_at IS NOT NULL AND sent_at IS NOT NULL
"""
