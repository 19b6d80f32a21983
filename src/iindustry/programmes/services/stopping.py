"""A programme in force stopped for now, let go on by two, or ended on a day.

One transaction a decision, as with publication. One officer may stop or end: it only takes away; two let it go on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.programmes import lifecycle
from iindustry.programmes.amounts import LAST_DAY
from iindustry.programmes.models import SuspensionRow
from iindustry.programmes.services import editions, entries, kept, standing
from iindustry.programmes.shape import Suspension

if TYPE_CHECKING:
    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.programmes.keeping import Edition


@transaction.atomic
def suspend(programme_id: str, *, reason: str, actor: Actor, clock: Clock) -> Suspension:
    """Stop a programme for now: no applications, no yes. One officer may.

    Raises NotFound `programme-absent`; Denied `draft-not-yours`; Conflict `programme-suspended-already`.
    """
    number = kept.next_number()
    identity = standing.identity_in_force(programme_id)
    lifecycle.check_suspends(identity, actor)
    if SuspensionRow.objects.filter(programme_id=programme_id, ended_at=None).exists():
        raise Conflict("programme-suspended-already", programme=programme_id)
    row = SuspensionRow.objects.create(
        programme_id=programme_id, reason=entries.reason(reason), by=str(actor.person_id),
        organisation=str(actor.organisation), since_at=clock.now(),
    )  # fmt: skip
    entries.tell("programme.suspended", programme_id, actor, clock, number=number, reason=entries.digest(row.reason))
    return Suspension(programme_id, row.reason, row.since_at)


@transaction.atomic
def resume(programme_id: str, *, reason: str, actor: Actor, clock: Clock) -> Suspension:
    """Let a suspended programme go on: the first call asks, a second person's call ends it (`until`).

    One of the two is of the organisation that stopped it. Raises Conflict `programme-not-suspended`; Denied
    `draft-not-yours`, `resume-needs-another` for the one who asked, `resume-needs-their-side`.
    """
    number = kept.next_number()
    identity = standing.identity_in_force(programme_id)
    lifecycle.check_suspends(identity, actor)
    row = SuspensionRow.objects.select_for_update().filter(programme_id=programme_id, ended_at=None).first()
    if row is None:
        raise Conflict("programme-not-suspended", programme=programme_id)
    if not row.resume_by:
        row.resume_by, row.resume_organisation = str(actor.person_id), str(actor.organisation)
        row.resume_reason, row.resume_at = entries.reason(reason), clock.now()
        row.save(update_fields=["resume_by", "resume_organisation", "resume_reason", "resume_at"])
        entries.tell("programme.resume-asked", programme_id, actor, clock, reason=entries.digest(row.resume_reason))
        return Suspension(programme_id, row.reason, row.since_at)
    sides = frozenset({row.resume_organisation, str(actor.organisation)})
    lifecycle.check_second(row.resume_by, actor, stopped_by=row.organisation, sides=sides)
    row.ended_by, row.ended_at = str(actor.person_id), clock.now()
    row.save(update_fields=["ended_by", "ended_at"])
    entries.tell(
        "programme.resumed", programme_id, actor, clock, number=number, reason=entries.digest(entries.reason(reason))
    )
    return Suspension(programme_id, row.reason, row.since_at, row.ended_at)


@transaction.atomic
def end_programme(programme_id: str, *, last_day: date, reason: str, actor: Actor, clock: Clock) -> Edition:
    """Let a programme end on a day, today at the earliest; what was known before stays known as it was.

    Editions to come after the day fall away with it. One officer may, as with a suspension: it only takes away. The edition
    that is the last one then. Raises Rejected `last-day-past`, `last-day-late` where nothing would end earlier than it does;
    Conflict `programme-not-begun` where all begin later.
    """
    number = kept.next_number()
    identity = standing.identity_in_force(programme_id)
    lifecycle.check_suspends(identity, actor)
    if last_day < clock.today():
        raise Rejected("last-day-past", field="last_day", day=last_day.isoformat())
    known = standing.known(identity)
    if not any(lifecycle.until(one, last_day) != [(one.valid_from, one.valid_to)] for one in known):
        raise Rejected("last-day-late", field="last_day", day=last_day.isoformat())
    begun = [one for one in known if one.valid_from is None or one.valid_from <= last_day]
    if not begun:
        first = min(one.valid_from for one in known if one.valid_from is not None)
        raise Conflict("programme-not-begun", programme=programme_id, day=first.isoformat())
    if last_day > LAST_DAY:
        raise Rejected("last-day-late", field="last_day", day=last_day.isoformat())
    last = max(begun, key=lambda one: one.valid_from or date.min)
    document = editions.document(identity.schema, programme_id)
    editions.supersede(document, number, clock, lambda one: lifecycle.until(one, last_day))
    entries.tell(
        "programme.ended", programme_id, actor, clock, number=number, last_day=last_day.isoformat(),
        reason=entries.digest(entries.reason(reason)), version=last.version,
    )  # fmt: skip
    return replace(last, valid_to=min(last_day, last.valid_to or last_day))
