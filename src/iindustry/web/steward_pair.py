"""One pair of records before a steward: side by side, blind until judged, answered by key or by button.

Asked for with `HX-Request` each view answers with the panel alone (`pair_panel.html`, the same file that the page includes),
so that the script swaps it without a new page. Everything works without the script.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.linkage import comparisons
from iindustry.linkage import services as linkage
from iindustry.linkage.outcome import REASON_WORDS, VERDICT_WORDS, Verdict
from iindustry.register import services as register
from iindustry.web.access import access
from iindustry.web.language import is_switched, keeps_typed, pick
from iindustry.web.refusals import sentence
from iindustry.web.steward_filters import Filters, filters_of
from iindustry.web.steward_reasons import WHYS, read, written
from iindustry.web.steward_values import lines
from iindustry.web.steward_waterfall import waterfall
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from iindustry.kernel.actors import Actor
    from iindustry.linkage.outcome import ReviewItem

CLOCK = SystemClock()
_DECIDED = frozenset({Verdict.MATCH, Verdict.NO_MATCH})
UNDONE_MOST = 50
_ANSWERED = "steward_judged"
"""Where a session keeps what it answered, the last at the end, as [pair, judgement]: `undo` takes back these and no other's."""


@access(Role.STEWARD)
@require_http_methods(["GET", "POST"])
@keeps_typed
def pair(request: HttpRequest, pair_id: str) -> HttpResponse:
    """Two records side by side, what agrees in words, three answers. The weight is not shown before the answer."""
    filters = filters_of(request.GET)
    if request.method == "GET":
        return _answer(request, linkage.find_pair(pair_id), filters)
    typed = SimpleNamespace(why=request.POST.get("why", ""), words=request.POST.get("reason", ""))
    if is_switched(request):
        return _answer(request, linkage.find_pair(pair_id), filters, typed=typed)
    try:
        verdict = _verdict(request.POST.get("verdict", ""))
        said = linkage.judge(pair_id, verdict, written(typed.why, typed.words), actor=_actor(request), clock=CLOCK)
    except (Rejected, Conflict) as error:
        errors = [(str(error.facts.get("field", "")), sentence(request, error))]
        return _answer(request, linkage.find_pair(pair_id), filters, errors=errors, typed=typed)
    _remember(request, pair_id, said)
    return _go_on(request, pair_id, filters, _told(request, verdict))


@access(Role.STEWARD)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last answer of this session back and show its pair again. Conflict `nothing-to-undo`."""
    filters = filters_of(request.GET)
    answered: list[list[str]] = request.session.get(_ANSWERED, [])
    while answered:
        pair_id, judgement_id = answered.pop()
        request.session[_ANSWERED] = answered
        try:
            linkage.withdraw_judgement(judgement_id, actor=_actor(request), clock=CLOCK)
        except NotFound:
            continue  # taken back on another page already, or another answer stands in its place
        return _undone(request, pair_id, filters)
    raise Conflict("nothing-to-undo")


def _undone(request: HttpRequest, pair_id: str, filters: Filters) -> HttpResponse:
    """The pair whose answer was taken back; one that a run has acted on since comes back with the next run."""
    try:
        item = linkage.find_pair(pair_id)
    except NotFound:
        told = pick(
            request,
            "ถอนคำตอบล่าสุดแล้ว การเชื่อมครั้งถัดไปจะไม่ใช้คำตอบนี้",
            "The last answer is taken back. The next linking will not use it.",
        )
        if request.htmx:  # type: ignore[attr-defined]
            return _shown(
                request, {"ended": True, "filters": filters, "queue": _queue_address(filters), "told": told}, 200
            )
        messages.success(request, told)
        return redirect(_queue_address(filters))
    told = pick(request, "ถอนคำตอบล่าสุดแล้ว คู่นี้กลับมารอตรวจ", "The last answer is taken back. This pair waits again.")
    return _answer(request, item, filters, told=told)


@access(Role.STEWARD)
@require_POST
def withdraw(request: HttpRequest, pair_id: str) -> HttpResponse:
    """Take the answer on this pair back."""
    linkage.withdraw_judgement(pair_id, actor=_actor(request), clock=CLOCK)
    told = pick(request, "ถอนคำวินิจฉัยแล้ว คู่นี้กลับมารอตรวจ", "Withdrawn. The pair waits again.")
    messages.success(request, told)
    return redirect("steward_pair", pair_id=pair_id)


def _go_on(request: HttpRequest, pair_id: str, filters: Filters, told: str) -> HttpResponse:
    if request.htmx and request.headers.get("X-Review-Shown"):  # type: ignore[attr-defined]
        return render(request, "web/steward/pair_told.html", {"told": told})
    following = linkage.neighbours(pair_id, **filters.asked).after or _first_but(pair_id, filters)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, told)
        return redirect(_address(following, filters) if following else _queue_address(filters))
    if following is None:
        return _shown(request, {"ended": True, "filters": filters, "queue": _queue_address(filters), "told": told}, 200)
    return _answer(request, linkage.find_pair(following), filters, told=told)


def _first_but(pair_id: str, filters: Filters) -> str | None:
    """At the end of the queue: what was passed over, from the first on. None where nothing but this pair waits."""
    waiting = linkage.list_review(limit=2, **filters.asked)
    return next((one.pair_id for one in waiting if one.pair_id != str(pair_id)), None)


def _answer(
    request: HttpRequest,
    item: ReviewItem,
    filters: Filters,
    *,
    errors: list[tuple[str, str]] | None = None,
    typed: SimpleNamespace | None = None,
    told: str = "",
) -> HttpResponse:
    left, right = register.record_card(*item.left), register.record_card(*item.right)
    beside = linkage.neighbours(item.pair_id, **filters.asked)
    judged = item.verdict in _DECIDED  # an unsure answer settles nothing: the pair waits on, and stays blind
    why, words = read(item.judged_reason)
    context = {
        "item": item,
        "reason": Both(*REASON_WORDS[item.reason]),
        "left": left,
        "right": right,
        "lines": lines(left, right),
        "hidden": left.is_person or right.is_person,
        "levels": [(Both(*name), Both(*level), code) for name, level, code in comparisons.words_of(item.comparison)],
        "whys": WHYS,
        "judged": judged,
        "answer": Both(*VERDICT_WORDS[item.verdict]) if item.verdict else None,
        "answer_why": why,
        "answer_words": words,
        "fall": waterfall(item.parts, item.match_weight) if judged else None,  # blind until judged
        "weight": f"{item.match_weight:.1f}" if judged else "",
        "errors": errors or [],
        "typed": typed or SimpleNamespace(why="", words=""),
        "told": told,
        "filters": filters,
        "beside": beside,
        "following": _address(beside.after, filters) if beside.after else "",
        "previous": _address(beside.before, filters) if beside.before else "",
        "here": _address(item.pair_id, filters),
        "queue": _queue_address(filters),
    }
    return _shown(request, context, 422 if errors else 200)


def _shown(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    name = "pair_panel" if request.htmx else "pair"  # type: ignore[attr-defined]
    response = render(request, f"web/steward/{name}.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _address(pair_id: str, filters: Filters) -> str:
    return reverse("steward_pair", kwargs={"pair_id": pair_id}) + filters.query


def _queue_address(filters: Filters) -> str:
    return reverse("steward") + filters.query


def _remember(request: HttpRequest, pair_id: str, judgement_id: UUID) -> None:
    kept = [one for one in request.session.get(_ANSWERED, []) if one[0] != str(pair_id)]
    request.session[_ANSWERED] = [*kept, [str(pair_id), str(judgement_id)]][-UNDONE_MOST:]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _verdict(text: str) -> Verdict:
    if text not in set(Verdict):
        raise Rejected("judgement-verdict-missing", field="verdict")
    return Verdict(text)


def _told(request: HttpRequest, verdict: Verdict) -> str:
    th, en = VERDICT_WORDS[verdict]
    if verdict is Verdict.UNSURE:  # decides nothing: the pair waits behind the others
        return pick(request, f"บันทึกแล้ว: {th} คู่นี้ไปรอท้ายคิว", f"Recorded: {en}. The pair waits at the end of the queue.")
    return pick(request, f"บันทึกแล้ว: {th} มีผลในการเชื่อมครั้งถัดไป", f"Recorded: {en}. It counts from the next linking.")
