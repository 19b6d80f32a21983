"""An act on whole enterprises takes effect: it is proposed, taken back, or recorded with the version that shows it.

`flows` carries an act through to the register: it plans, publishes, and records here, in one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.ledger import services as ledger
from iindustry.linkage import permissions
from iindustry.linkage.acts import ActStatus, Move, Plan
from iindustry.linkage.models import LinkAct, LinkActRecord, LinkKey, Redirect
from iindustry.linkage.services.acting import STATE, act_of, moves_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

_LONGEST = 2000
_MOST_WAITING = 100
RESHAPING_LOCK = 0x1D6E


def lock() -> None:
    """One reshaping of the register at a time, until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RESHAPING_LOCK])


def propose(plan: Plan, *, reason: str, actor: Actor, clock: Clock) -> UUID:
    """Write an act down, before it takes effect, inside the caller's transaction. Its id.

    What the same person proposed already and still waits is not written down twice.
    Denied `reshaping-not-yours`; Rejected `act-reason-missing`; Conflict `act-stands-on` (a later act stands on it).
    """
    permissions.check_reshapes(actor)
    _inside()
    reason = reason.strip()[:_LONGEST]
    if not reason:
        raise Rejected("act-reason-missing", field="reason")
    if plan.refused_by is not None:
        raise Conflict("act-stands-on", by=plan.refused_by)
    waiting = _waiting(plan, actor)
    if waiting is not None:
        return waiting
    act = LinkAct.objects.create(
        kind=plan.kind.value, status=ActStatus.PROPOSED.value, reason=reason, asked_by=actor.tag,
        asked_at=clock.now(), base_version=plan.version, stakes=plan.stakes, redirects=[list(one) for one in plan.redirects],
        undoes_id=UUID(plan.undoes) if plan.undoes else None,
    )  # fmt: skip
    _write_records(act, plan.moves)
    ledger.append(
        "steward.acted", actor=actor, at=clock.now(), act=str(act.act_id), what=f"{plan.kind.value}.asked",
        records=len(plan.moves), enterprises=sorted({one.enterprise_id for one in (*plan.before, *plan.after)}),
    )  # fmt: skip
    return act.act_id


def take_effect(act_id: str | UUID, plan: Plan, *, version: str, actor: Actor, clock: Clock) -> None:
    """Record that an act is done by the register version that was just published, in the same transaction.

    Redirects first: publication adds those of the plan; an undo takes away what the act it undoes had added and puts back
    what that act had turned. Denied `act-own-approval`: a second person is needed and the asker is not one.
    """
    _inside()
    act = act_of(act_id, lock=True)
    permissions.check_decides(actor, asked_by=act.asked_by, second_person=plan.needs_second_person)
    LinkActRecord.objects.filter(act=act).delete()
    _write_records(act, plan.moves)
    act.redirects_before = _turn_redirects(act, plan, version)
    act.status, act.version, act.decided_by, act.decided_at = ActStatus.DONE.value, version, actor.tag, clock.now()
    act.base_version, act.redirects = plan.version, [list(one) for one in plan.redirects]
    act.save()
    if act.undoes_id:
        _turn_undone(act)
    for one in plan.moves:
        if one.before.enterprise_id != one.after.enterprise_id:
            LinkKey.objects.filter(
                enterprise_id=one.before.enterprise_id, source=one.before.source, record_key=one.before.record_key
            ).update(enterprise_id=one.after.enterprise_id)
    ledger.append(
        "steward.acted", actor=actor, at=clock.now(), act=str(act.act_id), what=f"{act.kind}.done", version=version,
        records=len(plan.moves), enterprises=sorted({one.enterprise_id for one in (*plan.before, *plan.after)}),
    )  # fmt: skip


def withdraw_act(act_id: str | UUID, *, actor: Actor, clock: Clock) -> None:
    """Take a proposed act back. NotFound `act-unknown`; Conflict `act-not-proposed`; Denied `reshaping-not-yours`."""
    permissions.check_reshapes(actor)
    with transaction.atomic():
        act = act_of(act_id, lock=True)
        if act.status != ActStatus.PROPOSED:
            raise Conflict("act-not-proposed", act=str(act.act_id), status=act.status)
        act.status, act.decided_by, act.decided_at = ActStatus.UNDONE.value, actor.tag, clock.now()
        act.save(update_fields=["status", "decided_by", "decided_at"])
        ledger.append("steward.acted", actor=actor, at=clock.now(), act=str(act.act_id), what=f"{act.kind}.withdrawn")


def _waiting(plan: Plan, actor: Actor) -> UUID | None:
    """The act that the same person proposed before, with the same moves on the same version, if it still waits."""
    same = LinkAct.objects.filter(
        status=ActStatus.PROPOSED.value, kind=plan.kind.value, asked_by=actor.tag, base_version=plan.version,
        undoes_id=UUID(plan.undoes) if plan.undoes else None,
    ).prefetch_related("records").order_by("act_id")  # fmt: skip
    wanted = sorted(plan.moves, key=lambda one: one.before.record)
    found: UUID | None = next((act.act_id for act in same[:_MOST_WAITING] if moves_of(act) == wanted), None)
    return found


def _turn_redirects(act: LinkAct, plan: Plan, version: str) -> list[list[str | None]]:
    """Bring the redirects to what the act makes of them; what they were before, for its own undoing."""
    touched = {old for old, _ in plan.redirects}
    restored: dict[str, str | None] = {}
    if act.undoes is not None:
        restored = dict(act.undoes.redirects_before)
        restored = {old: new for old, new in restored.items() if old not in touched}
    flattened = list(Redirect.objects.filter(new_id__in=touched).values_list("old_id", flat=True))
    names = {*touched, *restored, *flattened}
    now = dict(Redirect.objects.filter(old_id__in=names).values_list("old_id", "new_id"))
    before: list[list[str | None]] = [[old, now.get(old)] for old in sorted(names)]
    for old, new in restored.items():
        if new is None:
            Redirect.objects.filter(old_id=old).delete()
        else:
            Redirect.objects.update_or_create(old_id=old, defaults={"new_id": new, "version": version})
    to = dict(plan.redirects)
    for old, new in to.items():
        Redirect.objects.update_or_create(old_id=old, defaults={"new_id": new, "version": version})
    for old in flattened:
        if old not in restored and old not in to:
            Redirect.objects.filter(old_id=old).update(new_id=to[now[old]], version=version)
    return before


def _turn_undone(act: LinkAct) -> None:
    """What was undone is undone; and if that was an undoing itself, what it had undone is done again."""
    assert act.undoes_id is not None  # noqa: S101 - for the type checker
    target = LinkAct.objects.select_for_update().get(act_id=act.undoes_id)
    target.status, target.undone_by = ActStatus.UNDONE.value, act.act_id
    target.save(update_fields=["status", "undone_by"])
    if target.undoes_id:
        LinkAct.objects.filter(act_id=target.undoes_id).update(status=ActStatus.DONE.value, undone_by=None)


def _write_records(act: LinkAct, moves: Iterable[Move]) -> None:
    LinkActRecord.objects.bulk_create(
        [
            LinkActRecord(
                act=act, source=one.before.source, record_key=one.before.record_key,
                **{f"{when}_{what}": value for when, row in (("before", one.before), ("after", one.after))
                   for what, value in zip(STATE, row[2:], strict=True)},
            )
            for one in moves
        ]
    )  # fmt: skip


def _inside() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("an act belongs inside the publication's transaction")
