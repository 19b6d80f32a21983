"""The review queue and what stewards answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.ledger import services as ledger
from iindustry.linkage import judged as answers
from iindustry.linkage import permissions
from iindustry.linkage.models import Judgement as JudgementRow
from iindustry.linkage.models import ReviewPair
from iindustry.linkage.outcome import SIDES, Judgement, Pair, Reason, RecordId, ReviewItem, Verdict, pair_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

_LONGEST = 2000
_JUDGING_LOCK = 0x1D6E


def judge(pair: Pair | str, verdict: Verdict, reason: str, *, actor: Actor, clock: Clock) -> UUID:
    """Record an answer on a pair (two records, or a queue item's id); a later answer withdraws the earlier one.

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
        standing.update(withdrawn_at=clock.now())
        row = JudgementRow.objects.create(
            **_columns(sides), verdict=verdict.value, reason=reason, judged_by=actor.tag, judged_at=clock.now()
        )
        ledger.append(
            "pair.judged", actor=actor, at=clock.now(), judgement=str(row.judgement_id), verdict=verdict.value,
            sources=[sides.left.source, sides.right.source],
        )  # fmt: skip
    return row.judgement_id


def withdraw_judgement(pair: Pair | str, *, actor: Actor, clock: Clock) -> None:
    """Take the standing answer on a pair back. NotFound `judgement-unknown`; Denied `judging-not-yours`."""
    permissions.check_judges(actor)
    with transaction.atomic():
        row = (
            JudgementRow.objects.select_for_update()
            .filter(withdrawn_at=None, **_columns(_pair(pair)))
            .order_by("judgement_id")
            .first()
        )
        if row is None:
            raise NotFound("judgement-unknown")
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        ledger.append("judgement.withdrawn", actor=actor, at=clock.now(), judgement=str(row.judgement_id))


def judgements_in_force() -> list[Judgement]:
    """Every standing answer that binds a run, in the order of its pair."""
    rows = JudgementRow.objects.filter(withdrawn_at=None).exclude(verdict=Verdict.UNSURE.value).order_by(*SIDES)
    return [Judgement(*_sides_of(row), Verdict(row.verdict)) for row in rows]


def list_review(*, limit: int, reason: Reason | None = None, judged: bool = False) -> list[ReviewItem]:
    """Pairs that wait for an answer (or that have one), most valuable first."""
    rows = _queue(judged=judged)
    if reason is not None:
        rows = rows.filter(reason=reason.value)
    return _items(list(rows.order_by("-value", "pair_id")[:limit]))


def count_review() -> dict[Reason, int]:
    """How many pairs wait, by reason; reasons without any are absent."""
    from django.db.models import Count

    rows = _queue(judged=False).order_by("reason").values_list("reason").annotate(count=Count("pair_id"))
    return {Reason(reason): count for reason, count in rows}


def find_pair(pair_id: str | UUID) -> ReviewItem:
    """One pair of the queue, judged or not. NotFound `pair-unknown`."""
    row = ReviewPair.objects.filter(pair_id=_uuid(pair_id)).first()
    if row is None:
        raise NotFound("pair-unknown")
    return _items([row])[0]


def _queue(*, judged: bool) -> QuerySet[ReviewPair]:
    answer = JudgementRow.objects.filter(withdrawn_at=None, **{name: OuterRef(name) for name in SIDES})
    return ReviewPair.objects.filter(Exists(answer) if judged else ~Exists(answer))


def _items(rows: list[ReviewPair]) -> list[ReviewItem]:
    answers: dict[Pair, JudgementRow] = {}
    if rows:
        found = JudgementRow.objects.filter(withdrawn_at=None, left_key__in=[row.left_key for row in rows])
        answers = {Pair(*_sides_of(one)): one for one in found.order_by("judgement_id")}
    return [_item(row, answers.get(Pair(*_sides_of(row)))) for row in rows]


def _item(row: ReviewPair, answer: JudgementRow | None) -> ReviewItem:
    left, right = _sides_of(row)
    return ReviewItem(
        pair_id=str(row.pair_id),
        left=left,
        right=right,
        match_weight=row.match_weight,
        match_probability=row.match_probability,
        reason=Reason(row.reason),
        comparison=row.comparison,
        version=row.version,
        verdict=Verdict(answer.verdict) if answer else None,
        judged_at=answer.judged_at if answer else None,
        judged_reason=answer.reason if answer else "",
    )


def _check_no_contradiction(said: Judgement) -> None:
    """Against every standing answer. One steward at a time: two answers given at once could each miss the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_JUDGING_LOCK])
    found = answers.contradiction(said, judgements_in_force())
    if found is None:
        return
    if found.by is None:
        raise Conflict("judgement-contradicts", verdict=found.verdict.value)
    row = JudgementRow.objects.get(withdrawn_at=None, **_columns(found.by))
    raise Conflict("judgement-contradicts", verdict=row.verdict, judgement=str(row.judgement_id))


def _pair(pair: Pair | str) -> Pair:
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


def _sides_of(row: ReviewPair | JudgementRow) -> tuple[RecordId, RecordId]:
    return RecordId(row.left_source, row.left_key), RecordId(row.right_source, row.right_key)


def _uuid(text: str | UUID) -> UUID:
    try:
        return text if isinstance(text, UUID) else UUID(text)
    except ValueError as error:
        raise NotFound("pair-unknown") from error
