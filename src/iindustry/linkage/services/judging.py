"""What stewards answer on pairs: recorded, binding, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.ledger import services as ledger
from iindustry.linkage import judged as answers
from iindustry.linkage import permissions
from iindustry.linkage.models import Judgement as JudgementRow
from iindustry.linkage.outcome import SIDES, Judgement, Pair, Verdict, pair_of
from iindustry.linkage.services.reviewing import find_pair, pair_uuid, sides_of

if TYPE_CHECKING:
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

_LONGEST = 2000
_JUDGING_LOCK = 0x1D6E


def judge(pair: Pair | str, verdict: Verdict, reason: str, *, actor: Actor, clock: Clock) -> UUID:
    """Record an answer on a pair (two records, or a queue item's id); a later answer withdraws the earlier one.

    The same person's same answer once more, because its reply was lost, is the answer that stands.
    It binds the next run; nothing merges at once. Denied `judging-not-yours`; NotFound `pair-unknown`; Rejected
    `judgement-reason-missing` (a `no-match` needs one); Conflict `judgement-contradicts` (other answers already join
    the two through further records, or keep apart what this would join: facts name that judgement).
    """
    permissions.check_judges(actor)
    sides = _pair(pair)
    reason = reason.strip()[:_LONGEST]
    if verdict is Verdict.NO_MATCH and not reason:
        raise Rejected("judgement-reason-missing", field="reason")
    with transaction.atomic():
        _check_no_contradiction(Judgement(*sides, verdict))
        standing = JudgementRow.objects.select_for_update().filter(withdrawn_at=None, **_columns(sides))
        same = (
            standing.filter(verdict=verdict.value, reason=reason, judged_by=actor.tag).order_by("judgement_id").first()
        )
        if same is not None:
            return same.judgement_id
        now = clock.now()
        earlier = standing.order_by("judgement_id").first()
        standing.update(withdrawn_at=now)
        row = JudgementRow.objects.create(
            **_columns(sides), verdict=verdict.value, reason=reason, judged_by=actor.tag, judged_at=now
        )
        if earlier is not None:
            earlier.replaced_by = row
            earlier.save(update_fields=["replaced_by"])
        ledger.append(
            "pair.judged", actor=actor, at=clock.now(), judgement=str(row.judgement_id), verdict=verdict.value,
            sources=[sides.left.source, sides.right.source],
        )  # fmt: skip
    return row.judgement_id


def withdraw_judgement(pair: Pair | str | UUID, *, actor: Actor, clock: Clock) -> None:
    """Take a standing answer back: by its own id (what `judge` returned), a queue item's id or the pair itself.

    The answer that it replaced, if any, stands again: who pressed a wrong key on an answered pair has lost nothing.
    NotFound `judgement-unknown`, `pair-unknown`; Denied `judging-not-yours`; Conflict `judgement-contradicts` where the
    earlier answer no longer goes with what was said of other pairs since.
    """
    permissions.check_judges(actor)
    with transaction.atomic():
        standing = JudgementRow.objects.select_for_update().filter(withdrawn_at=None)
        row = None
        if not isinstance(pair, Pair):
            row = standing.filter(judgement_id=pair_uuid(pair)).order_by("judgement_id").first()
        if row is None:
            row = standing.filter(**_columns(_pair(pair))).order_by("judgement_id").first()
        if row is None:
            raise NotFound("judgement-unknown")
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        again = JudgementRow.objects.select_for_update().filter(replaced_by=row).order_by("judgement_id").first()
        if again is not None:
            _check_no_contradiction(Judgement(*sides_of(again), Verdict(again.verdict)))
            again.withdrawn_at = again.replaced_by = None
            again.save(update_fields=["withdrawn_at", "replaced_by"])
        stands = {"stands_again": str(again.judgement_id)} if again else {}
        ledger.append("judgement.withdrawn", actor=actor, at=clock.now(), judgement=str(row.judgement_id), **stands)


def judgements_in_force() -> list[Judgement]:
    """Every standing answer that binds a run: on pairs in their order, then of acts in the order they were done."""
    from iindustry.linkage.services.acting import acts_in_force

    return [*pair_judgements(), *acts_in_force()]


def pair_judgements() -> list[Judgement]:
    """Every standing answer on two records that binds a run, in the order of its pair."""
    rows = JudgementRow.objects.filter(withdrawn_at=None).exclude(verdict=Verdict.UNSURE.value).order_by(*SIDES)
    return [Judgement(*sides_of(row), Verdict(row.verdict), said_in=str(row.judgement_id)) for row in rows]


def _check_no_contradiction(said: Judgement) -> None:
    """Against every standing answer. One steward at a time: two answers given at once could each miss the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_JUDGING_LOCK])
    found = answers.contradiction(said, judgements_in_force())
    if found is not None:
        raise Conflict("judgement-contradicts", verdict=found.verdict.value, judgement=found.by.said_in)


def _pair(pair: Pair | str | UUID) -> Pair:
    if isinstance(pair, Pair):
        return pair_of(pair.left, pair.right)
    item = find_pair(pair)
    return Pair(item.left, item.right)


def _columns(sides: Pair) -> dict[str, str]:
    return {
        "left_source": sides.left.source,
        "left_key": sides.left.record_key,
        "right_source": sides.right.source,
        "right_key": sides.right.record_key,
    }
