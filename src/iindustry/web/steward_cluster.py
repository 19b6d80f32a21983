"""The records that make one enterprise and what ties them: weak bridges first, a tie judged, records marked to be split off."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import NotFound, Rejected
from iindustry.linkage import services as linkage
from iindustry.linkage.comparisons import words_of
from iindustry.linkage.outcome import GROUND_WORDS, Ground, RecordId, Verdict, pair_of
from iindustry.register import services as register
from iindustry.web.access import access
from iindustry.web.language import keeps_typed, pick
from iindustry.web.steward_graph import DRAWN_MOST, Tie, picture, record_of, ties
from iindustry.web.steward_reasons import WHYS, written
from iindustry.web.steward_values import shown_name
from iindustry.web.steward_waterfall import waterfall
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from iindustry.kernel.actors import Actor
    from iindustry.linkage.services.viewing import ClusterView
    from iindustry.register.enterprise import Enterprise

CLOCK = SystemClock()
EDGES_MOST = 40
WORST_MOST = 20
_BETWEEN = "|"
_NAMES = ("entity.name_th", "factory.operator", "factory.name", "entity.name_en")


@dataclass(frozen=True, slots=True)
class Row:
    """One member in the table. `number` names it in the picture; `value` is what its tick box sends."""

    number: int
    value: str
    source: str
    name: str
    observed_on: object
    ground: Both
    probability: float | None


@access(Role.STEWARD)
@require_http_methods(["GET", "POST"])
@keeps_typed
def cluster(request: HttpRequest, enterprise_id: str) -> HttpResponse:
    """Members with source and date, edges with their weight, weak bridges first; a picture for a few, a summary for many.

    Posted, it shows itself with the records that were ticked: their keys may be numbers, which stand in no address.
    """
    found = register.get_enterprise(enterprise_id)
    if found.enterprise_id != enterprise_id:
        return redirect("steward_cluster", enterprise_id=found.enterprise_id)
    return cluster_page(request, found, ticked=frozenset(request.POST.getlist("record")))


def cluster_page(
    request: HttpRequest,
    found: Enterprise,
    *,
    ticked: frozenset[str] = frozenset(),
    errors: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """The page of one cluster, with the records that are ticked and what was refused of it."""
    view = linkage.cluster_of(found.enterprise_id)
    rows = member_rows(view, found)
    number_of = {record_of(one): row.number for one, row in zip(view.members, rows, strict=True)}
    is_large = view.member_count > DRAWN_MOST
    shown = ties(view.members, view.edges)[: WORST_MOST if is_large else EDGES_MOST]
    numbers = frozenset(request.GET.getlist("tick"))
    context = {
        "errors": list(errors),
        "enterprise": found,
        "name": shown_name(found.name_th, is_person=found.is_person),
        "view": view,
        "rows": rows,
        "ticked": ticked or {row.value for row in rows if str(row.number) in numbers},
        "by_source": Counter(row.source for row in rows).most_common() if is_large else [],
        "picture": None if is_large else picture(view.members, view.edges),
        "ties": [_tie(one, number_of) for one in shown],
        "edge_count": len(view.edges),
        "whys": WHYS,
    }
    return render(request, "web/steward/cluster.html", context, status=422 if errors else 200)


@access(Role.STEWARD)
@require_POST
def judge(request: HttpRequest, enterprise_id: str) -> HttpResponse:
    """Answer on two records of one enterprise: the same, or never together. It binds every later run.

    NotFound `enterprise-unknown`; NotFound `record-unknown`: one of the two is none of its records.
    """
    records = {RecordId(one.source, one.record_key) for one in register.get_enterprise(enterprise_id).records}
    left, right = (record_from(request.POST.get(side, "")) for side in ("left", "right"))
    verdict = {"match": Verdict.MATCH, "no-match": Verdict.NO_MATCH}.get(request.POST.get("verdict", ""))
    if verdict is None or left == right:
        raise Rejected("judgement-verdict-missing", field="verdict")
    if not {left, right} <= records:
        raise NotFound("record-unknown")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reason = written(request.POST.get("why", ""), request.POST.get("reason", ""))
    linkage.judge(pair_of(left, right), verdict, reason, actor=actor, clock=CLOCK)
    told = {
        Verdict.MATCH: ("บันทึกแล้วว่าเป็นกิจการเดียวกัน", "Recorded: the same enterprise."),
        Verdict.NO_MATCH: (
            "บันทึกแล้วว่าห้ามเชื่อมสองระเบียนนี้ มีผลในการเชื่อมครั้งถัดไป หากต้องการแยกทันที ให้ใช้การแยกกิจการ",
            "Recorded: never link these two. It counts from the next linking; to part them at once, split the enterprise.",
        ),
    }[verdict]
    messages.success(request, pick(request, *told))
    return redirect("steward_cluster", enterprise_id=enterprise_id)


def member_rows(view: ClusterView, enterprise: Enterprise) -> list[Row]:
    """The members as the table shows them, numbered from 1, with the name each record gives (masked where a person's)."""
    names = names_of_records([enterprise.enterprise_id])
    seen = {RecordId(one.source, one.record_key): one.observed_on for one in enterprise.records}
    return [
        Row(
            number=number,
            value=written_record(record_of(one)),
            source=one.source,
            name=names.get(record_of(one), ""),
            observed_on=seen.get(record_of(one)),
            ground=Both(*GROUND_WORDS[Ground.SINGLE if view.member_count == 1 else one.ground]),
            probability=None if view.member_count == 1 else one.probability,
        )
        for number, one in enumerate(view.members, start=1)
    ]


def names_of_records(enterprise_ids: Sequence[str]) -> dict[RecordId, str]:
    """What each record of some enterprises calls its enterprise, or its site where it says no more; a person's is masked.

    Read of the records themselves: of several that say the same, the golden record keeps one.
    """
    said: dict[RecordId, str] = {}
    for card in register.list_cards(enterprise_ids):
        words = {one.field: str(one.value) for one in card.statements}
        name = next((words[field] for field in _NAMES if field in words), "")
        if name:
            said[RecordId(card.ref.source, card.ref.record_key)] = shown_name(name, is_person=card.is_person)
    return said


def written_record(record: RecordId) -> str:
    """A record as a form sends it (never in an address: a key may be a number)."""
    return f"{record.source}{_BETWEEN}{record.record_key}"


def record_from(text: str) -> RecordId:
    """A record as a form sent it. Rejected `split-needs-both` where it is none."""
    source, between, key = text.partition(_BETWEEN)
    if not (source and between and key):
        raise Rejected("split-needs-both", field="records")
    return RecordId(source, key)


def _tie(tie: Tie, number_of: Mapping[RecordId, int]) -> SimpleNamespace:
    edge = tie.edge
    return SimpleNamespace(
        tie=tie,
        left=written_record(edge.left),
        right=written_record(edge.right),
        left_number=number_of.get(edge.left),
        right_number=number_of.get(edge.right),
        weight=f"{edge.weight:.1f}",
        probability=edge.probability,
        levels=[(Both(*name), Both(*level)) for name, level, code in words_of(edge.levels) if code != "missing"],
        fall=waterfall(edge.parts, edge.weight),
        far=sorted(number_of[one] for one in tie.far if one in number_of),
    )
