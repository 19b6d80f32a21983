"""Merge, split and un-merge, carried through to the register in one transaction (LINKAGE section 4.7).

The act, what it binds, ids, redirects, journal, ledger entries and the serving copy are written together or not at all;
the file CURRENT follows, and `register.settle` renames it after a crash. What is at stake (open applications) is looked
up here, because `linkage` knows no loans: above the risk line the act waits for a second person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.flows.deltas import publish_change
from iindustry.funding import services as funding
from iindustry.kernel.errors import Conflict
from iindustry.kernel.progress import Progress, silent
from iindustry.linkage import permissions
from iindustry.linkage import services as linkage
from iindustry.linkage.acts import ActKind, ActStatus
from iindustry.protection import services as protection
from iindustry.protection.consent import ConsentStatus
from iindustry.register import services as register
from iindustry.sources import services as sources
from iindustry.standardise import services as standardise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.linkage.acts import Plan
    from iindustry.linkage.outcome import RecordId

_MOST_ENTERPRISES = 10


@dataclass(frozen=True, slots=True)
class ActReport:
    """What became of an act. `version` is the register version in force afterwards; `enterprises` those that carry its records."""

    act_id: str
    status: ActStatus
    version: str
    enterprises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """What hangs on some enterprises: applications sent and not closed (running loans too), consents in force (at most 100 each)."""

    open_applications: int
    live_consents: int
    stakes: float


def merge(
    enterprise_ids: Sequence[str], *, reason: str, actor: Actor, home: Home, clock: Clock, progress: Progress = silent
) -> ActReport:
    """Join enterprises; refusals as `linkage.preview_merge` and `linkage.propose`."""
    permissions.check_reshapes(actor)
    with transaction.atomic():
        _begin(home)
        plan = plan_merge(enterprise_ids, home=home)
        return _done_or_waiting(plan, reason=reason, actor=actor, home=home, clock=clock, progress=progress)


def split(
    enterprise_id: str, records: Iterable[RecordId], *, reason: str, actor: Actor, home: Home, clock: Clock,
    progress: Progress = silent,
) -> ActReport:  # fmt: skip
    """Part records from their enterprise; refusals as `linkage.preview_split` and `linkage.propose`."""
    permissions.check_reshapes(actor)
    with transaction.atomic():
        _begin(home)
        plan = plan_split(enterprise_id, records, home=home)
        return _done_or_waiting(plan, reason=reason, actor=actor, home=home, clock=clock, progress=progress)


def undo(
    act_id: str | UUID, *, reason: str, actor: Actor, home: Home, clock: Clock, progress: Progress = silent
) -> ActReport:
    """Put back what an act changed. Conflict `act-stands-on`: a later act stands on it, named in the facts."""
    permissions.check_reshapes(actor)
    with transaction.atomic():
        _begin(home)
        plan = plan_undo(act_id, home=home)
        return _done_or_waiting(plan, reason=reason, actor=actor, home=home, clock=clock, progress=progress)


def approve(act_id: str | UUID, *, actor: Actor, home: Home, clock: Clock, progress: Progress = silent) -> ActReport:
    """The second person agrees: the act takes effect on today's register.

    Denied `act-own-approval`; Conflict `act-not-proposed`, `act-outdated`, `act-stands-on`.
    """
    permissions.check_reshapes(actor)
    with transaction.atomic():
        _begin(home)
        view = linkage.get_act(act_id)
        permissions.check_decides(actor, asked_by=view.asked_by, second_person=True)
        plan = linkage.replan(act_id, home=home)
        if plan.refused_by is not None:
            raise Conflict("act-stands-on", by=plan.refused_by)
        return _carried_out(view.act_id, plan, actor=actor, home=home, clock=clock, progress=progress)


def plan_merge(enterprise_ids: Sequence[str], *, home: Home) -> Plan:
    """The preview of a merge, with what is at stake."""
    return linkage.preview_merge(enterprise_ids, stakes=stakes_of(enterprise_ids, home=home), home=home)


def plan_split(enterprise_id: str, records: Iterable[RecordId], *, home: Home) -> Plan:
    """The preview of a split, with what is at stake."""
    return linkage.preview_split(enterprise_id, records, stakes=stakes_of([enterprise_id], home=home), home=home)


def plan_undo(act_id: str | UUID, *, home: Home) -> Plan:
    """The preview of an undoing, with what is at stake."""
    touched = linkage.get_act(act_id).enterprises
    return linkage.preview_undo(act_id, stakes=stakes_of(touched, home=home), home=home)


def preview_merge(enterprise_ids: Sequence[str], *, home: Home) -> tuple[Plan, Touched]:
    """What a merge would do, and what hangs on its enterprises."""
    plan = plan_merge(enterprise_ids, home=home)
    return plan, touched([one.enterprise_id for one in plan.before], home=home)


def preview_split(enterprise_id: str, records: Iterable[RecordId], *, home: Home) -> tuple[Plan, Touched]:
    """What a split would do, and what hangs on the enterprise."""
    plan = plan_split(enterprise_id, records, home=home)
    return plan, touched([one.enterprise_id for one in plan.before], home=home)


def preview_undo(act_id: str | UUID, *, home: Home) -> tuple[Plan, Touched]:
    """What an undoing would do, and what hangs on the enterprises."""
    plan = plan_undo(act_id, home=home)
    return plan, touched([one.enterprise_id for one in plan.before], home=home)


def touched(enterprise_ids: Sequence[str], *, home: Home) -> Touched:
    """What hangs on these enterprises: counts only, no content."""
    consents = sum(
        len(protection.list_consents(enterprise_id=one, status=ConsentStatus.ACTIVE, limit=100))
        for one in sorted(set(enterprise_ids))[:_MOST_ENTERPRISES]
    )
    stakes = stakes_of(enterprise_ids, home=home)
    return Touched(open_applications=int(stakes), live_consents=consents, stakes=stakes)


def stakes_of(enterprise_ids: Sequence[str], *, home: Home) -> float:
    """How many open applications and running loans these enterprises have, counted now: what a wrong act would hurt."""
    import polars as pl

    live = pl.scan_parquet(funding.write_snapshot(home=home))
    closed = pl.col("decision").is_in(["declined", "withdrawn"]).fill_null(value=False)
    return float(
        live.filter(pl.col("enterprise_id").is_in(list(enterprise_ids)) & pl.col("sent_at").is_not_null() & ~closed)
        .select(pl.len())
        .collect()
        .item()
    )


def _begin(home: Home) -> None:
    """One at a time, on the version that the serving copy holds."""
    linkage.lock_reshaping()
    register.settle(home)


def _done_or_waiting(
    plan: Plan, *, reason: str, actor: Actor, home: Home, clock: Clock, progress: Progress
) -> ActReport:
    act_id = linkage.propose(plan, reason=reason, actor=actor, clock=clock)
    if plan.needs_second_person:
        return ActReport(str(act_id), ActStatus.PROPOSED, plan.version, tuple(one.enterprise_id for one in plan.before))
    return _carried_out(str(act_id), plan, actor=actor, home=home, clock=clock, progress=progress)


def _carried_out(act_id: str, plan: Plan, *, actor: Actor, home: Home, clock: Clock, progress: Progress) -> ActReport:
    version = _published(plan, home=home, clock=clock, progress=progress)
    linkage.take_effect(act_id, plan, version=version, actor=actor, clock=clock)
    status = ActStatus.UNDONE if plan.kind is ActKind.UNDO else ActStatus.DONE
    return ActReport(act_id, status, version, tuple(one.enterprise_id for one in plan.after))


def _published(plan: Plan, *, home: Home, clock: Clock, progress: Progress) -> str:
    """The register version that holds the plan, put in force with this transaction. The last run's scores stay as they are."""
    files = standardise.standard_files(sources.in_force(home=home), home=home)
    change = linkage.change_of(plan, home=home)
    version = publish_change(change, files, home=home, clock=clock, progress=progress)
    linkage.carry_state(plan.version, version, home=home)
    return version
