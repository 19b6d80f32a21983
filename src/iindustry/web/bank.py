"""The bank officer's pages: the queue, one case, and what is done to it (`/bank`).

Everything of the enterprise on these pages comes through `funding.open_case`, which asks `protection`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.exchange.services import announce
from iindustry.funding import dossier, moves, papers, promise
from iindustry.funding import services as funding
from iindustry.funding.moves import Side, Status, Step
from iindustry.funding.reasons import MOST_CODES, REASONS, checked
from iindustry.kernel import money, thaidate
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, Denied, Rejected
from iindustry.kernel.ids import new_id
from iindustry.protection import services as protection
from iindustry.protection.consent import ConsentStatus
from iindustry.protection.service_fields import GROUPS
from iindustry.reference import areas
from iindustry.reference import fields as reference
from iindustry.register.enterprise import stale
from iindustry.web.access import access
from iindustry.web.case_words import (
    Words,
    attachment,
    product_title,
    reason_words,
    status_words,
    timeline_lines,
)
from iindustry.web.language import is_thai, pick
from iindustry.web.pressed import is_number, key_of, version_of
from iindustry.web.refusals import STATUS, sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from iindustry.funding.application import Application, Case
    from iindustry.kernel.actors import Actor

CLOCK = SystemClock()
DUE_DAYS = 7
STALE = "changed-meanwhile"
_PARTS = ("day", "month", "year")
_TURNS = {
    "lender": Words("รอธนาคาร", "Waiting for the bank"),
    "enterprise": Words("รอกิจการ", "Waiting for the business"),
}


@access(Role.BANK_OFFICER)
def queue(request: HttpRequest) -> HttpResponse:
    """The bank's own open cases, least time left first; filters by status, turn, product and province."""
    actor = _actor(request)
    chosen = {name: request.GET.get(name, "") for name in ("status", "turn", "product", "province")}
    status = Status(chosen["status"]) if chosen["status"] in set(Status) else None
    turn = Side(chosen["turn"]) if chosen["turn"] in set(Side) else None
    found = funding.list_for_lender(
        actor=actor, status=status, turn=turn, product_id=chosen["product"] or None,
        province_code=chosen["province"] or None, limit=200,
    )  # fmt: skip
    live = _with_live_consent(actor, found)
    if chosen["province"]:
        found = [one for one in found if one.id in live]
    rows = sorted(
        (_row(one, is_live=one.id in live) for one in found),
        key=lambda row: (row["left"], row["application"].reference),
    )
    counts = funding.count_for_lender(actor=actor)
    context = {
        "rows": rows,
        "chosen": chosen,
        "chips": _chips(chosen),
        "statuses": [(one.value, status_words(one), counts.get(one, 0)) for one in Status if one is not Status.DRAFT],
        "turns": _TURNS.items(),
        "open_count": sum(n for one, n in counts.items() if one not in moves.FINAL),
        "mine": str(actor.person_id),
    }
    return render(request, "web/bank/queue.html", context)


@access(Role.BANK_OFFICER)
def case(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One case: consent on top, the dossier, papers, timeline, and what may be done now."""
    return _case(request, application_id)


@require_POST
@access(Role.BANK_OFFICER)
def claim(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Take the case up."""
    funding.claim(application_id, actor=_actor(request), clock=CLOCK, key=key_of(request), version=version_of(request))
    messages.success(request, pick(request, "รับเรื่องแล้ว", "You have taken it up."))
    return redirect("bank_case", application_id)


@require_POST
@access(Role.BANK_OFFICER)
def ask(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Ask the owner for one paper of the standard list; the clock stops."""

    def act() -> None:
        due = _day(request, "due")
        if due is None:
            raise Rejected("paper-due-in-past", field="due_on")
        funding.ask_paper(
            application_id, request.POST.get("code", ""), words=request.POST.get("words", ""), due_on=due,
            **_how(request),
        )  # fmt: skip

    return _done(request, application_id, act, "ask", Words("ขอเอกสารแล้ว เวลาหยุดนับจนกว่ากิจการจะส่ง", "Asked. The clock stands still until it comes."))  # fmt: skip


@require_POST
@access(Role.BANK_OFFICER)
def approve(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Approve an amount, a tenor, a rate and conditions."""

    def act() -> None:
        funding.approve(
            application_id, amount_satang=_satang(request, "amount"), tenor_months=_months(request),
            rate_words=request.POST.get("rate", "").strip(), conditions=request.POST.get("conditions", "").strip(),
            **_how(request),
        )  # fmt: skip

    return _done(
        request, application_id, act, "approve", Words("อนุมัติแล้ว กิจการเห็นผลทันที", "Approved. The owner sees it at once.")
    )


@require_http_methods(["GET", "POST"])
@access(Role.BANK_OFFICER)
def decline(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Choose coded reasons, read what the owner will read, then decline."""
    one = funding.get_application(application_id, actor=_actor(request))
    asked = request.POST if request.method == "POST" else request.GET
    codes = [asked.get(f"reason_{n}", "") for n in range(1, MOST_CODES + 1)]
    context = _head(one) | {
        "reasons_known": [reason_words(code) for code in REASONS],
        "slots": [(n, codes[n - 1]) for n in range(1, MOST_CODES + 1)],
        "typed": request.POST,
        "key": request.POST.get("key") or new_id(),
    }
    if request.method == "GET":
        return render(request, "web/bank/decline.html", context)
    try:
        chosen = checked(codes)
        if request.POST.get("sure") != "yes":
            words = request.POST.get("words", "").strip()
            context["preview"] = SimpleNamespace(is_approved=False, words=words)
            context["reasons"] = [reason_words(code) for code in chosen]
            return render(request, "web/bank/decline.html", context)
        funding.decline(application_id, reason_codes=chosen, words=request.POST.get("words", ""), **_how(request))
    except (Rejected, Denied, Conflict) as error:
        if isinstance(error, Conflict) and error.code != STALE:
            raise
        context["errors"] = [("" if isinstance(error, Conflict) else "reason_1", sentence(request, error))]
        context["key"] = new_id()
        context.pop("preview", None)
        return render(request, "web/bank/decline.html", context, status=STATUS[type(error)])
    messages.success(
        request, pick(request, "บันทึกผลแล้ว กิจการเห็นเหตุผลทันที", "Declined. The owner reads the reason at once.")
    )
    return redirect("bank_case", application_id)


@require_POST
@access(Role.BANK_OFFICER)
def disburse(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Record a payment of an approved loan."""

    def act() -> None:
        paid_on = _day(request, "paid")
        if paid_on is None:
            raise Rejected("paid-on-wrong", field="paid_on")
        funding.disburse(application_id, amount_satang=_satang(request, "amount"), paid_on=paid_on, **_how(request))

    return _done(request, application_id, act, "disburse", Words("บันทึกการเบิกจ่ายแล้ว", "The payment is recorded."))


@access(Role.BANK_OFFICER)
def paper_file(request: HttpRequest, application_id: UUID, paper_id: UUID) -> HttpResponse:
    """A paper the owner handed in, as a download, under the case consent."""
    file = funding.open_paper(
        paper_id, application_id=application_id, actor=_actor(request), home=settings.HOME, clock=CLOCK
    )
    return attachment(file)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _case(request: HttpRequest, application_id: UUID, **more: Any) -> HttpResponse:
    actor = _actor(request)
    opened = funding.open_case(application_id, actor=actor, clock=CLOCK)
    found, one = opened.case, opened.case.application
    context: dict[str, Any] = _head(one) | _acts(found, actor, is_heard=_is_heard(opened)) | {
        "case": found,
        "timeline": timeline_lines(found),
        "papers": [(paper, Words(papers.ASKED[paper.code].th, papers.ASKED[paper.code].en)) for paper in found.papers],
        "decision": found.decision,
        "reasons": [reason_words(code) for code in found.decision.reason_codes] if found.decision else [],
        "key": new_id(),
        "errors": [],
        "return_to": reverse("bank_case", args=[application_id]),  # also where a press that failed shows the case again
    }  # fmt: skip
    status = 200
    if opened.dossier is not None:
        context |= _dossier(opened.dossier, one)
    elif opened.refusal is not None:
        context["closed"] = Words(*_CLOSED) if one.is_closed else None
        context["refusal"] = sentence(request, opened.refusal)
        status = 200 if one.is_closed else 403
    status = int(more.pop("status", status))  # of the answer; what the page calls status is the state of the case
    context |= more
    return render(request, "web/bank/case.html", context, status=status)


_CLOSED = (
    "คำขอนี้จบแล้ว ความยินยอมจึงสิ้นสุด และข้อมูลของกิจการไม่แสดงอีก",
    "The case is closed, so its consent has ended and the data of the business no longer shows.",
)


def _dossier(view: funding.DossierView, one: Application) -> dict[str, Any]:
    sections, today = [], CLOCK.today()
    sites = sorted({place for places in view.places.values() for place in places if place})
    for group, title in GROUPS.items():
        names = [one.name for one in reference.FIELDS if one.name in view.fields and one.name.split(".", 1)[0] == group]
        rows = [
            {"field": name, "value": value, "stale": stale(value, today), "site": _site(sites, place)}
            for name in names
            for value, place in zip(view.fields[name], view.places[name], strict=True)
        ]
        if rows:
            sections.append({"title": title, "rows": rows})
    name = view.fields.get("entity.name_th")
    return {
        "shown": True,
        "enterprise_name": name[0].value if name else one.reference,
        "sections": sections,
        "declared": [_declared(field, view.declared) for field in dossier.TYPED if field.name in view.declared],
        "days_left": (view.until - CLOCK.now()).days if view.until else None,
        "field_count": len(view.fields),
        "entry": view.entry,
    }  # fmt: skip


def _site(sites: list[str], place: str | None) -> int | None:
    """The number of a site among several, from 1; None where there is only one or the value is the enterprise's."""
    return sites.index(place) + 1 if place and len(sites) > 1 else None


def _declared(field: Any, answers: Any) -> dict[str, Any]:
    answer = answers[field.name]
    choice = next((one for one in field.choices if one.code == answer), None)
    return {"field": field, "answer": answer, "choice": choice, "is_money": field.type == "money"}


def _head(one: Application) -> dict[str, Any]:
    past = promise.elapsed(one, CLOCK.today())
    return {
        "application": one,
        "title": product_title(one.product_id),
        "status": status_words(one.status),
        "colour": moves.STATUS_COLOUR[one.status],
        "elapsed": past,
        "clock": Words(*promise.WORDS[past.code][:2]) if past else None,
        "clock_colour": promise.WORDS[past.code][2] if past else "grey",
        "turn": Words(*moves.SIDE_WORDS[one.turn]) if one.turn else None,
        "province": _province(one.province_code),
    }


def _with_live_consent(actor: Actor, shown: list[Application]) -> set[UUID]:
    """Those of the cases shown whose enterprise lets the bank see data now: of the others the queue tells nothing of it."""
    now = CLOCK.now()
    given = protection.list_consents(
        recipient=actor.organisation, application_ids=[one.id for one in shown], status=ConsentStatus.ACTIVE, limit=500
    )
    return {one.application_id for one in given if one.application_id is not None and one.is_live(now)}


def _row(one: Application, *, is_live: bool) -> dict[str, Any]:
    head = _head(one if is_live else replace(one, province_code=None, requested_satang=None))
    past = head["elapsed"]
    waiting = one.turn is Side.ENTERPRISE
    decided = past is not None and past.code == "answered"
    return head | {"left": 10_000 if decided else 1_000 + past.left if waiting and past else past.left if past else 0}


def _is_heard(opened: funding.OpenedCase) -> bool:
    """Whether anything may be recorded of the case now (decision 0009): what was decided in time goes on after day 90."""
    if opened.refusal is None:
        return True
    return opened.refusal.code == "consent-expired" and opened.case.decision is not None


def _acts(found: Case, actor: Actor, *, is_heard: bool) -> dict[str, Any]:
    """Which acts the table of moves allows now; the templates show no other. Without its consent a case can only be ended."""
    one = found.application
    due = CLOCK.today() + timedelta(days=DUE_DAYS)
    asked = {paper.code for paper in found.open_papers}
    return {
        "is_heard": is_heard,
        "may_claim": one.officer_id is None and not one.is_closed and is_heard,
        "is_mine": one.officer_id == actor.person_id,
        "may_ask": moves.may(one.status, Step.ASK_PAPER, by=Side.LENDER),
        "may_approve": moves.may(one.status, Step.APPROVE, by=Side.LENDER),
        "may_decline": moves.may(one.status, Step.DECLINE, by=Side.LENDER),
        "may_disburse": moves.may(one.status, Step.DISBURSE_ALL, by=Side.LENDER) and is_heard,
        "askable": [paper for code, paper in papers.ASKED.items() if code not in asked],
        "due": _date_parts(due),
        "today": _date_parts(CLOCK.today()),
        "ask_amount": money.baht_text(one.requested_satang) if one.requested_satang else "",
        "open_amount": money.baht_text(one.open_satang) if one.approved_satang else "",
    }


def _done(request: HttpRequest, application_id: UUID, act: Callable[[], None], form: str, told: Words) -> HttpResponse:
    """Do it, or show the case again with what is wrong and what was typed."""
    try:
        act()
    except (Rejected, Conflict) as error:
        if error.code in {"key-used-for-another", "step-out-of-order"}:
            raise
        is_stale = error.code == STALE
        target = "" if is_stale else f"{form}-{error.facts.get('field') or ''}"
        return _case(
            request, application_id, errors=[(target, sentence(request, error))], wrong=form, typed=request.POST,
            status=409 if is_stale else 422, **_typed_day(request, form),
        )  # fmt: skip
    messages.success(request, pick(request, told.th, told.en))
    return redirect("bank_case", application_id)


def _how(request: HttpRequest) -> dict[str, Any]:
    return {"actor": _actor(request), "clock": CLOCK, "announce": announce, "key": key_of(request), "version": version_of(request)}  # fmt: skip


def _chips(chosen: dict[str, str]) -> list[tuple[str, str]]:
    """Active filters, each with the query that drops it."""
    from urllib.parse import urlencode

    active = {name: value for name, value in chosen.items() if value}
    chips = []
    for name, value in active.items():
        rest = urlencode({other: text for other, text in active.items() if other != name})
        chips.append((_filter_words(name, value), f"/bank?{rest}" if rest else "/bank"))
    return chips


def _filter_words(name: str, value: str) -> str:
    if name == "status" and value in set(Status):
        words = status_words(Status(value))
    elif name == "turn":
        words = _TURNS.get(value, Words(value, value))
    elif name == "product":
        words = product_title(value)
    else:
        return _province(value) or value
    return words.th if is_thai() else words.en


def _province(code: str | None) -> str | None:
    found = areas.province(code) if code else None
    return None if found is None else found.th if is_thai() else found.en


def _date_parts(day: date) -> tuple[int, int, int]:
    """Day, month, year as this page's language writes years."""
    return day.day, day.month, day.year + (thaidate.BE_OFFSET if is_thai() else 0)


def _day(request: HttpRequest, prefix: str) -> date | None:
    parts = [request.POST.get(f"{prefix}_{part}", "").strip() for part in _PARTS]
    return thaidate.parse("/".join(parts)) if all(parts) else None


def _typed_day(request: HttpRequest, form: str) -> dict[str, tuple[str, ...]]:
    """The day as it was typed into a form that comes back, in the place of the day that the page suggests."""
    shown, prefix = {"ask": ("due", "due"), "disburse": ("today", "paid")}.get(form, ("", ""))
    return {shown: tuple(request.POST.get(f"{prefix}_{part}", "") for part in _PARTS)} if shown else {}


def _satang(request: HttpRequest, name: str) -> int:
    amount = dossier.read_baht(request.POST.get(name, ""))
    if amount is None:
        raise Rejected("answer-not-money", field="amount_satang")
    return amount


def _months(request: HttpRequest) -> int:
    text = request.POST.get("tenor", "").strip()
    if not is_number(text):
        raise Rejected("answer-not-a-number", field="tenor_months")
    return int(text)
