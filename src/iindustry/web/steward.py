"""The data steward's pages: the queue of pairs, one pair, the register's versions, look-up, one enterprise (`/steward`).

Names of natural persons are masked here, and so is what would lead to them.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Rejected
from iindustry.kernel.ids import lasting_id_ok
from iindustry.linkage import comparisons
from iindustry.linkage import services as linkage
from iindustry.linkage.outcome import GROUND_WORDS, REASON_WORDS, VERDICT_WORDS, Ground, Reason, Verdict
from iindustry.reference import areas
from iindustry.register import masking, searching
from iindustry.register import services as register
from iindustry.register.enterprise import RULE_WORDS, CorrectionStatus
from iindustry.web.access import access
from iindustry.web.language import pick
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest, HttpResponse

    from iindustry.kernel.actors import Actor
    from iindustry.linkage.outcome import ReviewItem
    from iindustry.register.enterprise import (
        CorrectionRequest,
        EnterpriseHit,
        RecordCard,
        Statement,
        Value,
        VersionView,
    )

CLOCK = SystemClock()
PAGE = 50
_QUALITY = (
    ("precision", "ความแม่นยำ", "Precision"),
    ("recall", "ความครบถ้วน", "Recall"),
    ("hidden_pairs", "คู่ที่ใช้วัด", "Pairs measured"),
    ("review_pairs", "คู่ที่รอตรวจ", "Pairs to review"),
    ("two_numbers", "กลุ่มที่มีสองเลขทะเบียน", "Clusters with two numbers"),
)
_RATIOS = frozenset({"precision", "recall"})
_TAGS = {Reason.NAME_GUARD: "red", Reason.SAME_NAME: "yellow", Reason.PERSON: "blue"}


class Both(NamedTuple):
    """A word in both languages, as the filter `say` reads it."""

    th: str
    en: str


@access(Role.STEWARD)
def queue(request: HttpRequest) -> HttpResponse:
    """Pairs that wait, most valuable first; counts by reason; versions with their quality; corrections that wait."""
    asked = request.GET.get("reason", "")
    reason = Reason(asked) if asked in set(Reason) else None
    judged = request.GET.get("judged") == "1"
    items = linkage.list_review(limit=PAGE, reason=reason, judged=judged)
    counts = linkage.count_review()
    context = {
        "rows": _pair_rows(items),
        "reasons": [(one, Both(*REASON_WORDS[one]), counts[one]) for one in Reason if one in counts],
        "waiting": sum(counts.values()),
        "chosen": reason,
        "judged": judged,
        "page": PAGE,
        "versions": [_version(one) for one in register.list_versions(limit=10)],
        "headings": [Both(th, en) for _, th, en in _QUALITY],
        "corrections": register.list_corrections(status=CorrectionStatus.OPEN, limit=20),
    }
    return render(request, "web/steward/queue.html", context)


@access(Role.STEWARD)
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, pair_id: str) -> HttpResponse:
    """Two records side by side, what agrees in words, and three answers. The score is not shown before the answer."""
    item = linkage.find_pair(pair_id)
    errors: list[tuple[str, str]] = []
    typed = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            verdict = _verdict(request.POST.get("verdict", ""))
            linkage.judge(pair_id, verdict, typed, actor=_actor(request), clock=CLOCK)
        except Rejected as error:
            errors = [(str(error.facts.get("field", "")), sentence(request, error))]
        else:
            messages.success(request, pick(request, *_told(verdict)))
            return redirect(_next_address(pair_id))
    left, right = register.record_card(*item.left), register.record_card(*item.right)
    context = {
        "item": item,
        "reason": Both(*REASON_WORDS[item.reason]),
        "left": _side(left),
        "right": _side(right),
        "lines": _lines(left, right),
        "levels": [(Both(*name), Both(*level), code) for name, level, code in comparisons.words_of(item.comparison)],
        "verdicts": [(one.value, Both(*VERDICT_WORDS[one])) for one in Verdict],
        "answer": Both(*VERDICT_WORDS[item.verdict]) if item.verdict else None,
        "errors": errors,
        "typed": typed,
    }
    return render(request, "web/steward/pair.html", context, status=422 if errors else 200)


@access(Role.STEWARD)
@require_POST
def withdraw(request: HttpRequest, pair_id: str) -> HttpResponse:
    """Take the answer on a pair back."""
    linkage.withdraw_judgement(pair_id, actor=_actor(request), clock=CLOCK)
    messages.success(request, pick(request, "ถอนคำวินิจฉัยแล้ว คู่นี้กลับมารอตรวจ", "Withdrawn. The pair waits again."))
    return redirect("steward_pair", pair_id=pair_id)


@access(Role.STEWARD)
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Look-up by name (in the address) or by number (posted: a number never stands in an address); else page by page."""
    typed = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()
    plan = searching.plan(typed) if typed else None
    hits: list[EnterpriseHit] = []
    if plan is not None and request.method == "POST":
        if not plan.number:
            from django.urls import reverse
            from django.utils.http import urlencode

            return redirect(f"{reverse('steward_search')}?{urlencode({'q': typed})}")
        hits = register.search(typed, limit=1)
        if hits:
            return redirect("steward_enterprise", enterprise_id=hits[0].enterprise_id)
    elif plan is not None and not plan.number:
        hits = register.search(typed, limit=20)
    context = {
        "typed": "" if plan and plan.number else typed,
        "asked": bool(typed),
        "hits": [_hit(one) for one in hits],
        **({} if typed else _page_of(request)),
    }
    return render(request, "web/steward/search.html", context)


def _page_of(request: HttpRequest) -> dict[str, Any]:
    """One page of the whole register by id, of one province where named; an unknown province or id is the first page."""
    province = request.GET.get("province", "")
    province = province if areas.province(province) else ""
    after = request.GET.get("after", "")
    after = after if lasting_id_ok(after) else ""
    found = register.list_enterprises(province=province or None, after=after or None, limit=PAGE + 1)
    return {
        "browsed": [_hit(one) for one in found[:PAGE]],
        "next_after": found[PAGE - 1].enterprise_id if len(found) > PAGE else "",
        "province": province,
        "provinces": areas.PROVINCES,
        "is_first": not after,
    }


@access(Role.STEWARD)
def enterprise(request: HttpRequest, enterprise_id: str) -> HttpResponse:
    """Every value with all that competes and the rule that chose; members with the ground that joined them."""
    found = register.get_enterprise(enterprise_id)
    if found.enterprise_id != enterprise_id:
        return redirect("steward_enterprise", enterprise_id=found.enterprise_id)
    context = {
        "enterprise": found,
        "name": _name(found.name_th, is_person=found.is_person),
        "values": _value_rows(found.values, is_person=found.is_person),
        "establishments": [
            SimpleNamespace(
                site=one,
                name=_name(one.name, is_person=found.is_person),
                values=_value_rows(one.values, is_person=found.is_person),
            )
            for one in found.establishments
        ],
        "records": [
            SimpleNamespace(ref=one, ground=Both(*GROUND_WORDS[Ground(one.link_ground)])) for one in found.records
        ],
        "corrections": [
            _masked_correction(one, is_person=found.is_person)
            for one in register.list_corrections(enterprise_id, limit=20)
        ],
    }
    return render(request, "web/steward/enterprise.html", context)


@access(Role.STEWARD)
@require_POST
def answer(request: HttpRequest, correction_id: str) -> HttpResponse:
    """Accept or refuse a correction that an owner asked for."""
    accept = request.POST.get("answer") == "accept"
    ground = request.POST.get("ground", "")
    done = register.answer_correction(correction_id, accept, ground, actor=_actor(request), clock=CLOCK)
    messages.success(
        request, pick(request, "บันทึกคำตอบแล้ว และแจ้งผู้ขอในหน้ากิจการ", "The answer is recorded; the owner sees it.")
    )
    return redirect("steward_enterprise", enterprise_id=done.enterprise_id)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _verdict(text: str) -> Verdict:
    if text not in set(Verdict):
        raise Rejected("judgement-verdict-missing", field="verdict")
    return Verdict(text)


def _told(verdict: Verdict) -> tuple[str, str]:
    th, en = VERDICT_WORDS[verdict]
    return f"บันทึกแล้ว: {th} มีผลในการเชื่อมครั้งถัดไป", f"Recorded: {en}. It counts from the next linking."


def _next_address(pair_id: str) -> str:
    from django.urls import reverse

    waiting = linkage.list_review(limit=1)
    following = waiting[0].pair_id if waiting and waiting[0].pair_id != pair_id else None
    return reverse("steward_pair", kwargs={"pair_id": following}) if following else reverse("steward")


def _pair_rows(items: list[ReviewItem]) -> list[SimpleNamespace]:
    holders = register.holders([side for item in items for side in (item.left, item.right)])
    return [
        SimpleNamespace(
            item=item,
            left=_held(item.left.source, holders.get(item.left)),
            right=_held(item.right.source, holders.get(item.right)),
            reason=Both(*REASON_WORDS[item.reason]),
            colour=_TAGS.get(item.reason, "grey"),
            verdict=Both(*VERDICT_WORDS[item.verdict]) if item.verdict else None,
        )
        for item in items
    ]


def _held(source: str, hit: EnterpriseHit | None) -> SimpleNamespace:
    return SimpleNamespace(source=source, name=_name(hit.name_th, is_person=hit.is_person) if hit else "")


def _name(name: str, *, is_person: bool) -> str:
    return masking.masked_name(name) if is_person and name else name


def _hit(hit: EnterpriseHit) -> SimpleNamespace:
    return SimpleNamespace(hit=hit, name=_name(hit.name_th, is_person=hit.is_person))


def _version(one: VersionView) -> SimpleNamespace:
    cells = [(key in _RATIOS, one.quality.get(key)) for key, _, _ in _QUALITY]
    return SimpleNamespace(view=one, cells=cells)


def _side(card: RecordCard) -> SimpleNamespace:
    return SimpleNamespace(ref=card.ref, enterprise_id=card.enterprise_id)


def _lines(left: RecordCard, right: RecordCard) -> list[SimpleNamespace]:
    """One line a field that either record speaks of, in the order of `fields.yaml`, facing fields of a seat and a factory."""
    sides = [{_facing(one.field): one for one in card.statements} for card in (left, right)]
    order = {facing: place for place, facing in enumerate(dict.fromkeys(map(_facing, masking.ORDER)))}
    lines = []
    for facing in sorted({*sides[0], *sides[1]}, key=lambda name: order[name]):
        one, other = sides[0].get(facing), sides[1].get(facing)
        lines.append(
            SimpleNamespace(
                field=facing,
                left=_shown(one, is_person=left.is_person),
                right=_shown(other, is_person=right.is_person),
                agrees=bool(one and other and one.value == other.value),
                both=bool(one and other),
            )
        )
    return lines


_FACING = {
    "factory.operator": "entity.name_th",
    "factory.province": "entity.province",
    "factory.subdistrict": "entity.seat",
    "factory.address": "entity.seat_address",
}


def _facing(field: str) -> str:
    return _FACING.get(field, field)


def _shown(one: Statement | Value | None, *, is_person: bool) -> SimpleNamespace | None:
    """A statement as a page may show it: masked where it is a natural person's."""
    if one is None:
        return None
    hidden = masking.masked(one.field, one.value, is_person=is_person)
    return SimpleNamespace(
        field=one.field, value=hidden, masked=hidden != one.value, source=one.source, as_of=one.as_of
    )


def _masked_correction(one: CorrectionRequest, *, is_person: bool) -> CorrectionRequest:
    """A request as a steward may read it: the new name or telephone of a natural person is the agency's to see."""

    def hidden(text: str) -> str:
        return str(masking.masked(one.field, text, is_person=is_person))

    return replace(one, current=hidden(one.current), proposed=hidden(one.proposed))


def _value_rows(values: Mapping[str, Value], *, is_person: bool) -> Iterable[SimpleNamespace]:
    order = {name: place for place, name in enumerate(masking.ORDER)}
    return [
        SimpleNamespace(
            field=name,
            value=value,
            shown=_shown(value, is_person=is_person),
            rule=Both(*RULE_WORDS[value.rule]),
            competing=[_shown(one, is_person=is_person) for one in value.competing],
        )
        for name, value in sorted(values.items(), key=lambda pair: order[pair[0]])
    ]
