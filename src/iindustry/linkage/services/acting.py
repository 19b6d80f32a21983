"""What stands of acts on whole enterprises: their rows read back, and what those in force say to a run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from iindustry.kernel.errors import NotFound
from iindustry.linkage import acts
from iindustry.linkage.acts import ActKind, ActStatus, ActView, MemberRow, Move
from iindustry.linkage.models import Judgement as JudgementRow
from iindustry.linkage.models import LinkAct, LinkActRecord
from iindustry.linkage.outcome import RecordId, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from django.db.models import QuerySet

    from iindustry.linkage.outcome import Judgement

STATE = ("enterprise", "establishment", "ground", "probability")


def list_acts(enterprise_id: str | None = None, *, status: ActStatus | None = None, limit: int = 50) -> list[ActView]:
    """Acts, the newest first; of one enterprise (its id before or after) where named."""
    from django.db.models import Q

    rows = LinkAct.objects.order_by("-asked_at", "-act_id")
    if enterprise_id is not None:
        touched = LinkActRecord.objects.filter(Q(before_enterprise=enterprise_id) | Q(after_enterprise=enterprise_id))
        rows = rows.filter(act_id__in=touched.values("act_id"))
    if status is not None:
        rows = rows.filter(status=status.value)
    return _views(rows[:limit])


def get_act(act_id: str | UUID) -> ActView:
    """One act. NotFound `act-unknown`."""
    return _views(LinkAct.objects.filter(act_id=act_of(act_id).act_id))[0]


def acts_in_force() -> list[Judgement]:
    """What the acts in force say to a run, in the order they were done; what a later split restates is left out."""
    return bindings(LinkAct.objects.filter(status=ActStatus.DONE.value))


def records_spoken_of() -> pl.DataFrame:
    """source, record_key of every record that a judgement or an act named, in force or not any more."""
    import polars as pl

    sides = [
        JudgementRow.objects.values_list(f"{side}_source", f"{side}_key").order_by(f"{side}_source", f"{side}_key")
        for side in ("left", "right")
    ]
    acted = LinkActRecord.objects.values_list("source", "record_key").order_by("source", "record_key")
    rows = {row for query in (*sides, acted) for row in query.distinct()}
    return pl.DataFrame(sorted(rows), schema={"source": pl.Utf8, "record_key": pl.Utf8}, orient="row")


def act_of(act_id: str | UUID, *, lock: bool = False) -> LinkAct:
    """The row of an act, locked where asked. NotFound `act-unknown`."""
    try:
        wanted = act_id if isinstance(act_id, UUID) else UUID(str(act_id))
    except ValueError as error:
        raise NotFound("act-unknown") from error
    rows = LinkAct.objects.select_for_update() if lock else LinkAct.objects.all()
    act = rows.filter(act_id=wanted).first()
    if act is None:
        raise NotFound("act-unknown")
    return act


def moves_of(act: LinkAct) -> list[Move]:
    """What an act moves, in the order of its records."""
    rows = sorted(act.records.all(), key=lambda one: (one.source, one.record_key))
    return [
        Move(*(MemberRow(one.source, one.record_key, *(getattr(one, f"{when}_{what}") for what in STATE))
               for when in ("before", "after")))
        for one in rows
    ]  # fmt: skip


def bindings(
    rows: QuerySet[LinkAct], *, split: frozenset[RecordId] = frozenset(), without: str = ""
) -> list[Judgement]:
    """What these acts say to a run. `split`: records of a split that is being planned: what joins them by earlier acts gives way to it."""
    found: list[Judgement] = []
    ordered = rows.select_related("undoes").prefetch_related("records", "undoes__records")
    for act in ordered.order_by("decided_at", "act_id"):
        if str(act.act_id) == without:
            continue
        moves = moves_of(act)
        if ActKind(act.kind) is ActKind.SPLIT:
            found = _given_way(found, frozenset(one.before.record for one in moves))
        target = ActKind(act.undoes.kind) if act.undoes else None
        own = touched(moves, moves_of(act.undoes)) if act.undoes else moves
        found += acts.binding(ActKind(act.kind), own, undoes=target, said_in=str(act.act_id))
    return _given_way(found, split) if split else found


def touched(moves: Sequence[Move], was: Sequence[Move]) -> list[Move]:
    """The moves of records that an act named: later arrivals are bound by nothing."""
    mine = {one.before.record for one in was}
    return [one for one in moves if one.before.record in mine]


def _given_way(said: list[Judgement], split: frozenset[RecordId]) -> list[Judgement]:
    return [
        one for one in said
        if one.verdict is not Verdict.MATCH or not any(record in split for side in one.sides for record in side)
    ]  # fmt: skip


def _views(rows: QuerySet[LinkAct]) -> list[ActView]:
    return [
        ActView(
            act_id=str(act.act_id), kind=ActKind(act.kind), status=ActStatus(act.status), reason=act.reason,
            asked_by=act.asked_by, asked_at=act.asked_at, decided_by=act.decided_by, decided_at=act.decided_at,
            version=act.version, record_count=len(records),
            enterprises=tuple(sorted({id_ for one in records for id_ in (one.before_enterprise, one.after_enterprise)})),
            undoes=str(act.undoes_id) if act.undoes_id else None,
            undone_by=str(act.undone_by) if act.undone_by else None,
        )
        for act in rows.prefetch_related("records")
        for records in [list(act.records.all())]
    ]  # fmt: skip
