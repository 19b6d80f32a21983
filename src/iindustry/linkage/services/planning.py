"""What an act on whole enterprises would do: merge, split, undo, before anything is written.

A plan stands against the register in force, the judgements and the acts: what contradicts them is refused here.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.home import current_version
from iindustry.linkage import acts, judged, lasting
from iindustry.linkage.acts import ActKind, ActStatus, MemberRow, Move, Plan
from iindustry.linkage.models import LinkAct, LinkActRecord, Redirect
from iindustry.linkage.outcome import RecordId
from iindustry.linkage.services.acting import act_of, bindings, moves_of, touched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from iindustry.kernel.home import Home
    from iindustry.linkage.outcome import Judgement

_MOST_ENTERPRISES = 10
_MOST_RECORDS = 5000
_ROW = ("source", "record_key", "enterprise_id", "establishment_id", "link_ground", "match_probability")


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
    act = act_of(act_id)
    if act.status != ActStatus.DONE:
        raise Conflict("act-not-done", act=str(act.act_id), status=act.status)
    was = moves_of(act)
    later = _standing_on(act)
    ids = {one.after.enterprise_id for one in was}
    redirected = dict(Redirect.objects.filter(old_id__in=ids).values_list("old_id", "new_id"))
    rows, _ = _rows(home, sorted(set(_living(sorted(ids)))), known=True)
    moves = acts.restored(was, rows, redirected)
    if later is None and ActKind(act.kind) is ActKind.MERGE:
        said = acts.binding(ActKind.UNDO, touched(moves, was), undoes=ActKind.MERGE)
        later = _in_the_way(said, without=str(act.act_id))
    return _plan(ActKind.UNDO, moves, stakes, home, refused_by=later, undoes=str(act.act_id))


def replan(act_id: str | UUID, *, home: Home | None = None) -> Plan:
    """A proposed act against today's register, for the person who agrees to it.

    NotFound `act-unknown`; Conflict `act-not-proposed`, `act-outdated` (the register moved on: propose it again).
    """
    act = act_of(act_id)
    if act.status != ActStatus.PROPOSED:
        raise Conflict("act-not-proposed", act=str(act.act_id), status=act.status)
    was = moves_of(act)
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
    standing = [*pair_judgements(), *bindings(done, split=split, without=without)]
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
