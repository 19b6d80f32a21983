"""Acts on whole enterprises: what they would do, their rows, and what stands of them.

`flows` carries an act through to the register: it plans here, publishes, and records here, in one transaction.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.home import current_version
from iindustry.ledger import services as ledger
from iindustry.linkage import acts, judged, lasting, permissions
from iindustry.linkage.acts import ActKind, ActStatus, ActView, MemberRow, Move, Plan
from iindustry.linkage.models import Judgement as JudgementRow
from iindustry.linkage.models import LinkAct, LinkActRecord, LinkKey, Redirect
from iindustry.linkage.outcome import RecordId, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl
    from django.db.models import QuerySet

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.linkage.outcome import Judgement

_LONGEST = 2000
_MOST_ENTERPRISES = 10
_MOST_RECORDS = 5000
_MOST_WAITING = 100
RESHAPING_LOCK = 0x1D6E
_ROW = ("source", "record_key", "enterprise_id", "establishment_id", "link_ground", "match_probability")
_STATE = ("enterprise", "establishment", "ground", "probability")


def preview_merge(enterprise_ids: Sequence[str], *, stakes: float = 0.0, home: Home | None = None) -> Plan:
    """What joining these enterprises would do; the first of them needs not be the one whose id stays.

    NotFound `enterprise-unknown`; Rejected `merge-needs-two`, `merge-too-many`; Conflict `merge-two-numbers`,
    `act-contradicts` (facts name the judgement or act).
    """
    home = home or settings.HOME
    wanted = _living(enterprise_ids)
    if len(wanted) < 2:  # noqa: PLR2004 - two
        raise Rejected("merge-needs-two", field="enterprises")
    if len(wanted) > _MOST_ENTERPRISES:
        raise Rejected("merge-too-many", field="enterprises", most=_MOST_ENTERPRISES)
    rows, numbers = _rows(home, wanted)
    if len(set(numbers.values())) > 1:
        raise Conflict("merge-two-numbers", enterprises=", ".join(sorted(numbers)))
    moves = acts.merged(rows, acts.kept_id(rows, numbers))
    return _planned(ActKind.MERGE, moves, stakes, home)


def preview_split(
    enterprise_id: str, records: Iterable[RecordId], *, stakes: float = 0.0, home: Home | None = None
) -> Plan:
    """What parting these records from their enterprise would do.

    NotFound `enterprise-unknown`; Rejected `split-needs-both` (none named, all named, or one that is not there);
    Conflict `act-contradicts`.
    """
    home = home or settings.HOME
    wanted = _living([enterprise_id])
    rows, numbers = _rows(home, wanted)
    leaving = frozenset(RecordId(*one) for one in records)
    here = {row.record for row in rows}
    if not leaving or not leaving <= here or leaving == here:
        raise Rejected("split-needs-both", field="records")
    (kept,) = wanted
    moves = acts.parted(rows, leaving, kept=kept, fresh=_fresh_id(home, leaving), number=numbers.get(kept))
    return _planned(ActKind.SPLIT, moves, stakes, home)


def preview_undo(act_id: str | UUID, *, stakes: float = 0.0, home: Home | None = None) -> Plan:
    """What undoing an act would do; `refused_by` names the later act or judgement that stands on it.

    NotFound `act-unknown`; Conflict `act-not-done` (proposed, or undone already).
    """
    home = home or settings.HOME
    act = _act(act_id)
    if act.status != ActStatus.DONE:
        raise Conflict("act-not-done", act=str(act.act_id), status=act.status)
    was = _moves(act)
    later = _standing_on(act)
    ids = {one.after.enterprise_id for one in was}
    redirected = dict(Redirect.objects.filter(old_id__in=ids).values_list("old_id", "new_id"))
    rows, _ = _rows(home, sorted(set(_living(sorted(ids)))), known=True)
    moves = acts.restored(was, rows, redirected)
    if later is None and ActKind(act.kind) is ActKind.MERGE:
        said = acts.binding(ActKind.UNDO, _touched(moves, was), undoes=ActKind.MERGE)
        later = _in_the_way(said, without=str(act.act_id))
    return _plan(ActKind.UNDO, moves, stakes, home, refused_by=later, undoes=str(act.act_id))


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


def replan(act_id: str | UUID, *, home: Home | None = None) -> Plan:
    """A proposed act against today's register, for the person who agrees to it.

    NotFound `act-unknown`; Conflict `act-not-proposed`, `act-outdated` (the register moved on: propose it again).
    """
    act = _act(act_id)
    if act.status != ActStatus.PROPOSED:
        raise Conflict("act-not-proposed", act=str(act.act_id), status=act.status)
    was = _moves(act)
    match ActKind(act.kind):
        case ActKind.MERGE:
            plan = preview_merge(
                [one.enterprise_id for one in acts.groups(m.before for m in was)], stakes=act.stakes, home=home
            )
        case ActKind.SPLIT:
            kept = was[0].before.enterprise_id
            going = [m.before.record for m in was if m.after.enterprise_id != kept]
            plan = preview_split(kept, going, stakes=act.stakes, home=home)
        case ActKind.UNDO:
            plan = preview_undo(str(act.undoes_id), stakes=act.stakes, home=home)
    if {one.before.record for one in plan.moves} != {one.before.record for one in was}:
        raise Conflict("act-outdated", act=str(act.act_id))
    return plan


def take_effect(act_id: str | UUID, plan: Plan, *, version: str, actor: Actor, clock: Clock) -> None:
    """Record that an act is done by the register version that was just published, in the same transaction.

    Redirects first: publication adds those of the plan; an undo takes away what the act it undoes had added and puts back
    what that act had turned. Denied `act-own-approval`: a second person is needed and the asker is not one.
    """
    _inside()
    act = _act(act_id, lock=True)
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
        act = _act(act_id, lock=True)
        if act.status != ActStatus.PROPOSED:
            raise Conflict("act-not-proposed", act=str(act.act_id), status=act.status)
        act.status, act.decided_by, act.decided_at = ActStatus.UNDONE.value, actor.tag, clock.now()
        act.save(update_fields=["status", "decided_by", "decided_at"])
        ledger.append("steward.acted", actor=actor, at=clock.now(), act=str(act.act_id), what=f"{act.kind}.withdrawn")


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
    return _views(LinkAct.objects.filter(act_id=_act(act_id).act_id))[0]


def acts_in_force() -> list[Judgement]:
    """What the acts in force say to a run, in the order they were done; what a later split restates is left out."""
    return _bindings(LinkAct.objects.filter(status=ActStatus.DONE.value))


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


def lock() -> None:
    """One reshaping of the register at a time, until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RESHAPING_LOCK])


def _bindings(
    rows: QuerySet[LinkAct], *, split: frozenset[RecordId] = frozenset(), without: str = ""
) -> list[Judgement]:
    """`split`: records of a split that is being planned: what joins them by earlier acts gives way to it."""
    found: list[Judgement] = []
    ordered = rows.select_related("undoes").prefetch_related("records", "undoes__records")
    for act in ordered.order_by("decided_at", "act_id"):
        if str(act.act_id) == without:
            continue
        moves = _moves(act)
        if ActKind(act.kind) is ActKind.SPLIT:
            found = _given_way(found, frozenset(one.before.record for one in moves))
        target = ActKind(act.undoes.kind) if act.undoes else None
        own = _touched(moves, _moves(act.undoes)) if act.undoes else moves
        found += acts.binding(ActKind(act.kind), own, undoes=target, said_in=str(act.act_id))
    return _given_way(found, split) if split else found


def _given_way(said: list[Judgement], split: frozenset[RecordId]) -> list[Judgement]:
    return [
        one for one in said
        if one.verdict is not Verdict.MATCH or not any(record in split for side in one.sides for record in side)
    ]  # fmt: skip


def _planned(kind: ActKind, moves: tuple[Move, ...], stakes: float, home: Home) -> Plan:
    """The plan, unless standing answers contradict what it would say to later runs."""
    said = acts.binding(kind, moves)
    split = frozenset(one.before.record for one in moves) if kind is ActKind.SPLIT else frozenset()
    by = _in_the_way(said, split=split)
    if by is not None:
        raise Conflict("act-contradicts", by=by)
    return _plan(kind, moves, stakes, home)


def _plan(
    kind: ActKind, moves: tuple[Move, ...], stakes: float, home: Home, *, refused_by: str | None = None, undoes: str | None = None
) -> Plan:  # fmt: skip
    return Plan(
        kind=kind,
        before=acts.groups(one.before for one in moves),
        after=acts.groups(one.after for one in moves),
        redirects=acts.redirects(moves),
        needs_second_person=acts.needs_second_person(moves, stakes),
        refused_by=refused_by,
        moves=moves,
        stakes=stakes,
        version=current_version(home) or "",
        undoes=undoes,
    )


def _in_the_way(
    said: Iterable[Judgement], *, split: frozenset[RecordId] = frozenset(), without: str = ""
) -> str | None:
    """The judgement or act that contradicts what an act would say; None where none does."""
    from iindustry.linkage.services.judging import pair_judgements

    done = LinkAct.objects.filter(status=ActStatus.DONE.value)
    standing = [*pair_judgements(), *_bindings(done, split=split, without=without)]
    for one in said:
        found = judged.contradiction(one, standing)
        if found is not None:
            return found.by.said_in or "?"
    return None


def _standing_on(act: LinkAct) -> str | None:
    """The latest act that touches a record of this one and was done after it. A later act and its undoing cancel out."""
    later = (
        LinkAct.objects.filter(status=ActStatus.DONE.value, decided_at__gte=act.decided_at)
        .exclude(act_id=act.act_id)
        .filter(act_id__gt=act.act_id)
        .exclude(undoes__gt=act.act_id)
        .order_by("-decided_at", "-act_id")
    )
    mine = {(one.source, one.record_key) for one in act.records.all()}
    for other in later[:1000]:
        if any((one.source, one.record_key) in mine for one in other.records.all()):
            return str(other.act_id)
    return None


def _waiting(plan: Plan, actor: Actor) -> UUID | None:
    """The act that the same person proposed before, with the same moves on the same version, if it still waits."""
    same = LinkAct.objects.filter(
        status=ActStatus.PROPOSED.value, kind=plan.kind.value, asked_by=actor.tag, base_version=plan.version,
        undoes_id=UUID(plan.undoes) if plan.undoes else None,
    ).prefetch_related("records").order_by("act_id")  # fmt: skip
    wanted = sorted(plan.moves, key=lambda one: one.before.record)
    found: UUID | None = next((act.act_id for act in same[:_MOST_WAITING] if _moves(act) == wanted), None)
    return found


def _touched(moves: Sequence[Move], was: Sequence[Move]) -> list[Move]:
    """The moves of records that an act named: later arrivals are bound by nothing."""
    mine = {one.before.record for one in was}
    return [one for one in moves if one.before.record in mine]


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


def _living(enterprise_ids: Sequence[str]) -> list[str]:
    """The ids with redirects followed, each once, in order."""
    turned = dict(Redirect.objects.filter(old_id__in=list(enterprise_ids)).values_list("old_id", "new_id"))
    return list(dict.fromkeys(turned.get(one, one) for one in enterprise_ids))


def _rows(home: Home, enterprise_ids: Sequence[str], *, known: bool = False) -> tuple[list[MemberRow], dict[str, str]]:
    """Members of these enterprises in the version in force, by record; the juristic id of those that have one."""
    import polars as pl

    version = current_version(home)
    if version is None:
        raise Conflict("register-empty")
    folder = home.register / version
    members = (
        pl.scan_parquet(folder / "members.parquet")
        .filter(pl.col("enterprise_id").is_in(list(enterprise_ids)))
        .select(_ROW)
        .collect()
        .sort("source", "record_key")
    )
    absent = set(enterprise_ids) - set(members["enterprise_id"])
    if absent and not known:
        raise NotFound("enterprise-unknown")
    if members.height > _MOST_RECORDS:
        raise Rejected("act-too-large", records=members.height, most=_MOST_RECORDS)
    numbers = (
        pl.scan_parquet(folder / "enterprises.parquet")
        .filter(pl.col("enterprise_id").is_in(list(enterprise_ids)) & pl.col("juristic_id").is_not_null())
        .select("enterprise_id", "juristic_id")
        .collect()
    )
    return [MemberRow(*row) for row in members.iter_rows()], dict(numbers.iter_rows())


def _fresh_id(home: Home, records: frozenset[RecordId]) -> str:
    """An id that no enterprise has or had, the same for the same records of the same version."""
    import polars as pl

    version = current_version(home) or ""
    seed = int.from_bytes(hashlib.sha256(version.encode()).digest()[:6], "big")
    path = home.register / version / "enterprises.parquet"
    taken: set[str] = set()
    while True:
        found = lasting.draw("ENT", seed, "\x1f".join(min(records)), taken)
        used = pl.scan_parquet(path).filter(pl.col("enterprise_id") == found).select(pl.len()).collect().item()
        known = LinkActRecord.objects.filter(after_enterprise=found, act__status__in=[ActStatus.DONE, ActStatus.UNDONE])
        if not used and not Redirect.objects.filter(old_id=found).exists() and not known.exists():
            return found


def _act(act_id: str | UUID, *, lock: bool = False) -> LinkAct:
    try:
        wanted = act_id if isinstance(act_id, UUID) else UUID(str(act_id))
    except ValueError as error:
        raise NotFound("act-unknown") from error
    rows = LinkAct.objects.select_for_update() if lock else LinkAct.objects.all()
    act = rows.filter(act_id=wanted).first()
    if act is None:
        raise NotFound("act-unknown")
    return act


def _moves(act: LinkAct) -> list[Move]:
    rows = sorted(act.records.all(), key=lambda one: (one.source, one.record_key))
    return [
        Move(*(MemberRow(one.source, one.record_key, *(getattr(one, f"{when}_{what}") for what in _STATE))
               for when in ("before", "after")))
        for one in rows
    ]  # fmt: skip


def _write_records(act: LinkAct, moves: Iterable[Move]) -> None:
    LinkActRecord.objects.bulk_create(
        [
            LinkActRecord(
                act=act, source=one.before.source, record_key=one.before.record_key,
                **{f"{when}_{what}": value for when, row in (("before", one.before), ("after", one.after))
                   for what, value in zip(_STATE, row[2:], strict=True)},
            )
            for one in moves
        ]
    )  # fmt: skip


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


def _inside() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("an act belongs inside the publication's transaction")
