"""The review queue as stewards read it: what waits, in which order, and how far they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When

from iindustry.kernel.errors import NotFound
from iindustry.linkage.acts import ActStatus
from iindustry.linkage.comparisons import COMPARISONS
from iindustry.linkage.models import Judgement as JudgementRow
from iindustry.linkage.models import LinkActRecord, LinkModel, ReviewPair
from iindustry.linkage.outcome import PRIOR, SIDES, Pair, Part, Reason, RecordId, ReviewItem, Verdict

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import Manager, QuerySet

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

_HALF = 0.5
_ORDER = ("doubtful", "-value", "pair_id")
_BANGKOK = timezone(timedelta(hours=7))
SourcePair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ids of the waiting pairs beside one, its place in the queue (from 1) and how many there are."""

    before: str | None
    after: str | None
    place: int
    of: int


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """Counts of the queue, one steward's own answers, and the model the run was scored with."""

    waiting: int
    judged: int
    mine_today: int
    mine_week: int
    model_name: str
    model_learnt_on: date | None


@dataclass(frozen=True, slots=True)
class QualityRow:
    """The queue of one pair of sources (`by` source_pair, key of two) or one province (key of one)."""

    by: str
    key: tuple[str, ...]
    waiting: int
    match: int
    no_match: int
    unsure: int
    agreed: float | None


def list_review(
    *,
    limit: int,
    reason: Reason | None = None,
    judged: bool = False,
    source_pair: SourcePair | None = None,
    province: str | None = None,
) -> list[ReviewItem]:
    """Pairs that wait for an answer (or that have one), most valuable first; those answered `unsure` at the end.

    `source_pair`: (left source, right source) in the pair's order. `province`: the two-digit code of either side.
    """
    rows = _chosen(_queue(judged=judged), reason, source_pair, province)
    return _items(list(rows.order_by(*_ORDER)[:limit]))


def count_review(*, source_pair: SourcePair | None = None, province: str | None = None) -> dict[Reason, int]:
    """How many pairs wait, by reason; reasons without any are absent."""
    rows = _chosen(_queue(judged=False), None, source_pair, province)
    counted = rows.order_by("reason").values_list("reason").annotate(count=Count("pair_id"))
    return {Reason(reason): count for reason, count in counted}


def count_review_by(what: Literal["source_pair", "province"]) -> dict[tuple[str, ...], int]:
    """How many pairs wait, by pair of sources, or by province (a pair of two provinces counts in both); sorted by key."""
    rows = _queue(judged=False)
    if what == "source_pair":
        sides = ("left_source", "right_source")
        return {
            (left, right): count
            for left, right, count in rows.order_by(*sides).values_list(*sides).annotate(count=Count("pair_id"))
        }
    found: dict[tuple[str, ...], int] = {}
    for left, right, count in (
        rows.order_by("left_province", "right_province")
        .values_list("left_province", "right_province")
        .annotate(count=Count("pair_id"))
    ):
        for code in {left, right} - {""}:
            found[(code,)] = found.get((code,), 0) + count
    return dict(sorted(found.items()))


def neighbours(
    pair_id: str | UUID,
    *,
    reason: Reason | None = None,
    source_pair: SourcePair | None = None,
    province: str | None = None,
) -> Neighbours:
    """The waiting pairs before and after one (which may have its answer already), its place (from 1) and how many wait."""
    here = _in_doubt(ReviewPair.objects).filter(pair_id=pair_uuid(pair_id)).first()
    if here is None:
        raise NotFound("pair-unknown")
    waiting = _chosen(_queue(judged=False), reason, source_pair, province)
    others = waiting.exclude(pair_id=here.pair_id)
    doubt = here.doubtful
    higher = Q(value__gt=here.value) | Q(value=here.value, pair_id__lt=here.pair_id)
    lower = Q(value__lt=here.value) | Q(value=here.value, pair_id__gt=here.pair_id)
    ahead = Q(doubtful__lt=doubt) | (Q(doubtful=doubt) & higher)
    behind = Q(doubtful__gt=doubt) | (Q(doubtful=doubt) & lower)
    counts = waiting.aggregate(of=Count("pair_id"), before=Count("pair_id", filter=ahead & ~Q(pair_id=here.pair_id)))
    beside = (
        others.filter(ahead).order_by("-doubtful", "value", "-pair_id").values_list("pair_id")[:1],
        others.filter(behind).order_by(*_ORDER).values_list("pair_id")[:1],
    )
    row = ReviewPair.objects.filter(pair_id=here.pair_id).values_list(*(Subquery(one) for one in beside)).first()
    before, after = row or (None, None)
    return Neighbours(
        str(before) if before else None, str(after) if after else None, counts["before"] + 1, counts["of"]
    )


def review_progress(*, actor: Actor, clock: Clock) -> ReviewProgress:
    """What waits, what has its answer, what this steward answered today and in seven days, and the model in use."""
    start = datetime.combine(clock.today(), time.min, tzinfo=_BANGKOK)
    mine = JudgementRow.objects.filter(judged_by=actor.tag).aggregate(
        today=Count("judgement_id", filter=Q(judged_at__gte=start)),
        week=Count("judgement_id", filter=Q(judged_at__gte=start - timedelta(days=6))),
    )
    answer = JudgementRow.objects.filter(withdrawn_at=None, **{name: OuterRef(name) for name in SIDES})
    queue = ReviewPair.objects.annotate(
        answered=Exists(answer),
        settled=Exists(_settled_by_an_act()) | Exists(answer.exclude(verdict=Verdict.UNSURE.value)),
    ).aggregate(judged=Count("pair_id", filter=Q(answered=True)), waiting=Count("pair_id", filter=Q(settled=False)))
    model = LinkModel.objects.order_by("version").first()
    return ReviewProgress(
        waiting=queue["waiting"],
        judged=queue["judged"],
        mine_today=mine["today"],
        mine_week=mine["week"],
        model_name=str(model.model.get("name", "")) if model else "",
        model_learnt_on=model.made_at.date() if model and model.made_at else None,
    )


def review_quality(*, limit: int = 200) -> list[QualityRow]:
    """Waiting and answered pairs, and how the answers fell, by pair of sources and by province; sorted by kind and key.

    `agreed`: share of answered pairs whose answer is the side of one half that the model stood on; None without answers.
    """
    answer = JudgementRow.objects.filter(withdrawn_at=None, **{name: OuterRef(name) for name in SIDES})
    rows = ReviewPair.objects.annotate(verdict=Subquery(answer.order_by("judgement_id").values("verdict")[:1]))
    counted: dict[tuple[str, tuple[str, ...]], Counter[str]] = {}
    wanted = rows.values_list(
        "left_source", "right_source", "left_province", "right_province", "verdict", "match_probability"
    )
    for left, right, one, other, verdict, chance in wanted.order_by("pair_id").iterator(chunk_size=5000):
        said = Verdict(verdict) if verdict else None
        agrees = said is not None and (said is Verdict.MATCH) == (chance >= _HALF)
        for key in (("source_pair", (left, right)), *(("province", (code,)) for code in {one, other} - {""})):
            count = counted.setdefault(key, Counter())
            count[said.value if said else "waiting"] += 1
            count["agreed"] += agrees and said is not Verdict.UNSURE
    return [_quality_row(kind, key, count) for (kind, key), count in sorted(counted.items())][:limit]


def _quality_row(kind: str, key: tuple[str, ...], count: Counter[str]) -> QualityRow:
    decided = count[Verdict.MATCH.value] + count[Verdict.NO_MATCH.value]
    return QualityRow(
        by=kind, key=key, waiting=count["waiting"], match=count[Verdict.MATCH.value],
        no_match=count[Verdict.NO_MATCH.value], unsure=count[Verdict.UNSURE.value],
        agreed=round(count["agreed"] / decided, 4) if decided else None,
    )  # fmt: skip


def find_pair(pair_id: str | UUID) -> ReviewItem:
    """One pair of the queue, judged or not. NotFound `pair-unknown`."""
    row = ReviewPair.objects.filter(pair_id=pair_uuid(pair_id)).first()
    if row is None:
        raise NotFound("pair-unknown")
    return _items([row])[0]


def _queue(*, judged: bool) -> QuerySet[Any]:
    """Pairs with an answer, or those that wait: `unsure` settles nothing, so such a pair waits on, after all others."""
    answer = JudgementRow.objects.filter(withdrawn_at=None, **{name: OuterRef(name) for name in SIDES})
    rows = _in_doubt(ReviewPair.objects.filter(~Exists(_settled_by_an_act())))
    return rows.filter(Exists(answer)) if judged else rows.filter(~Exists(answer.exclude(verdict=Verdict.UNSURE.value)))


def _in_doubt(rows: QuerySet[ReviewPair] | Manager[ReviewPair]) -> QuerySet[Any]:
    """With `doubtful`: 1 for the pairs that somebody was unsure of, which come after all others."""
    unsure = JudgementRow.objects.filter(
        withdrawn_at=None, verdict=Verdict.UNSURE.value, **{name: OuterRef(name) for name in SIDES}
    )
    return rows.annotate(doubtful=Case(When(Exists(unsure), then=Value(1)), default=Value(0)))


def _settled_by_an_act() -> QuerySet[LinkActRecord]:
    """Acts in force that name both records: a merge made them one, a split or an undone merge keeps them apart."""
    return LinkActRecord.objects.filter(
        source=OuterRef("left_source"), record_key=OuterRef("left_key"), act__status=ActStatus.DONE.value,
        act__records__source=OuterRef("right_source"), act__records__record_key=OuterRef("right_key"),
    )  # fmt: skip


def _chosen(
    rows: QuerySet[Any], reason: Reason | None, source_pair: SourcePair | None, province: str | None
) -> QuerySet[Any]:
    if reason is not None:
        rows = rows.filter(reason=reason.value)
    if source_pair is not None:
        rows = rows.filter(left_source=source_pair[0], right_source=source_pair[1])
    if province is not None:
        rows = rows.filter(Q(left_province=province) | Q(right_province=province))
    return rows


def _items(rows: list[ReviewPair]) -> list[ReviewItem]:
    answers: dict[Pair, JudgementRow] = {}
    if rows:
        found = JudgementRow.objects.filter(withdrawn_at=None, left_key__in=[row.left_key for row in rows])
        answers = {Pair(*sides_of(one)): one for one in found.order_by("judgement_id")}
    return [_item(row, answers.get(Pair(*sides_of(row)))) for row in rows]


def _item(row: ReviewPair, answer: JudgementRow | None) -> ReviewItem:
    left, right = sides_of(row)
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
        parts=_parts(row),
        stakes=row.stakes,
    )


def _parts(row: ReviewPair) -> tuple[Part, ...]:
    """What each comparison adds, in the order of the table, and last the prior."""
    names = [name for name in (*(one.name for one in COMPARISONS), PRIOR) if name in row.parts]
    return tuple(Part(name, str(row.comparison.get(name, "")), row.parts[name]) for name in names)


def sides_of(row: ReviewPair | JudgementRow) -> tuple[RecordId, RecordId]:
    """Both records of a row."""
    return RecordId(row.left_source, row.left_key), RecordId(row.right_source, row.right_key)


def pair_uuid(text: str | UUID) -> UUID:
    """The id of a pair or judgement. NotFound `pair-unknown` for what is none."""
    try:
        return text if isinstance(text, UUID) else UUID(text)
    except ValueError as error:
        raise NotFound("pair-unknown") from error
