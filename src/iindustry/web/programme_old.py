"""Pages: the catalogue, one programme, the open check, and the owner's opportunities.

The check takes no id and keeps nothing: answers travel by POST and come back as hidden fields of the next form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from iindustry.accounts.organisations import ORGANISATIONS, OrganisationKind
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.programmes import describe, quick, services
from iindustry.programmes.facts import Words
from iindustry.programmes.offer import EXAMPLE_SATANG, offer, repayment
from iindustry.programmes.opportunities import Wish
from iindustry.programmes.shape import Kind
from iindustry.programmes.terms import LINES, USES
from iindustry.register import services as register
from iindustry.web.access import access
from iindustry.web.language import is_thai, pick
from iindustry.web.owner import unconfirmed

if TYPE_CHECKING:
    from datetime import date

    from iindustry.kernel.actors import Actor
    from iindustry.programmes.explain import ConditionResult, Explanation
    from iindustry.programmes.shape import Programme

CLOCK = SystemClock()
OWNERS = ("smed", "exim", "fund", "tcg", "diw", "dip")
LIMIT = 100
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789", ", ")
_MOST_DIGITS = 15
_BAHT = 100


@require_safe
@access()
def catalogue(request: HttpRequest) -> HttpResponse:
    """Open editions first, then real products as sourced cards; filtered by line, owner and kind."""
    today = CLOCK.today()
    chosen = {key: request.GET.get(key, "") for key in ("line", "owner", "kind")}
    found = [one for one in services.list_programmes(limit=LIMIT) if _matches(one, chosen)]
    context = {
        "open": [_row(one, today) for one in found if not one.is_archive and one.is_open(today)],
        "real_open": [_row(one, today) for one in found if one.is_archive and one.is_open(today)],
        "closed": [_row(one, today) for one in found if not one.is_open(today)],
        "chosen": chosen,
        "total": len(services.catalogue()),
        "lines": [(line, describe.LINE_WORDS[line]) for line in LINES],
        "owners": [(owner, describe.OWNER_WORDS[owner]) for owner in OWNERS],
        "kinds": [(kind.value, describe.KIND_WORDS[kind.value]) for kind in Kind],
    }
    return render(request, "web/programmes/catalogue.html", context)


@require_safe
@access()
def programme(request: HttpRequest, programme_id: str) -> HttpResponse:
    """One programme in plain words, made from its document, with the rate of each year and a repayment example."""
    one = services.get_programme(programme_id)
    today = CLOCK.today()
    row = _row(one, today)
    if one.is_archive:
        return render(request, "web/programmes/card.html", row)
    terms = row["terms"]
    ceiling = terms.amount_max_satang
    asked = _whole(request.GET.get("amount", ""))
    sum_satang = asked * _BAHT if asked else EXAMPLE_SATANG
    if ceiling is not None:
        sum_satang = min(sum_satang, ceiling)
    context = {
        **row,
        "clauses": describe.clauses(one, today),
        "rates": [(describe.years_words(rate), describe.rate_words(rate)) for rate in terms.rates],
        "papers": [_paper(need) for need in one.requires if need.document is not None],
        "steps": [(step.title, describe.HOLDER_WORDS[step.holder], step.working_days) for step in one.process],
        "guarantees": [describe.GUARANTEE_WORDS[name] for name in one.benefit.guarantees],
        "uses": [USES[use] for use in one.benefit.use_of_funds],
        "example_satang": sum_satang,
        "example_baht": sum_satang // _BAHT,
        "years": repayment(terms, sum_satang),
        "is_owner": _actor(request).role in {Role.OWNER, Role.DELEGATE},
    }
    return render(request, "web/programmes/programme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access()
def check(request: HttpRequest) -> HttpResponse:
    """Five questions by POST, nothing looked up, nothing kept; then at most two more."""
    if request.method != "POST":
        return render(request, "web/programmes/check.html", _questions(request, {}, []))
    typed = {key: request.POST.get(key, "") for key in ("activity", "province", "workers", "revenue", "use")}
    answers, errors = _quick_answers(request, typed)
    if errors or answers is None:
        return render(request, "web/programmes/check.html", _questions(request, typed, errors), status=422)
    today = CLOCK.today()
    found = services.check(answers, as_of=today)
    context = {
        **_grouped(found, today),
        "typed": typed,
        "more": answers.more,
        "follow_ups": quick.follow_ups(found, answers.more),
        "granted": quick.granted(),
        "is_check": True,
    }
    return render(request, "web/programmes/result.html", context)


@require_safe
@access(Role.OWNER, Role.DELEGATE)
def opportunities(request: HttpRequest) -> HttpResponse:
    """What fits the enterprise now, what is one step away, what one more datum would settle, what does not fit."""
    actor = _actor(request)
    if actor.enterprise_id is None:
        return unconfirmed(request)
    enterprise = register.get_enterprise(actor.enterprise_id)
    today = CLOCK.today()
    use = request.GET.get("use", "")
    wish = Wish(use=use if use in quick.PURPOSES else None)
    context = {
        **_grouped(services.opportunities(enterprise, as_of=today, wish=wish), today),
        "enterprise": enterprise,
        "use": wish.use or "",
        "purposes": list(quick.PURPOSES.items()),
    }
    return render(request, "web/programmes/opportunities.html", context)


@require_safe
@access(Role.OWNER, Role.DELEGATE)
def opportunity(request: HttpRequest, programme_id: str) -> HttpResponse:
    """One programme for the enterprise: every condition with its value, source and day, and what to do next."""
    actor = _actor(request)
    if actor.enterprise_id is None or services.get_programme(programme_id).is_archive:
        raise Http404
    enterprise = register.get_enterprise(actor.enterprise_id)
    today = CLOCK.today()
    explanation = services.explain(enterprise, as_of=today, programme=programme_id)[0]
    terms = explanation.offer
    context = {
        **_opportunity(explanation, today),
        "enterprise": enterprise,
        "rates": [(describe.years_words(rate), describe.rate_words(rate)) for rate in terms.rates],
    }
    return render(request, "web/programmes/opportunity.html", context)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _matches(one: Programme, chosen: dict[str, str]) -> bool:
    return (
        (not chosen["line"] or chosen["line"] in one.policy_lines)
        and (not chosen["owner"] or chosen["owner"] == one.owner)
        and (not chosen["kind"] or chosen["kind"] == one.kind)
    )


def _row(one: Programme, today: date) -> dict[str, Any]:
    terms = offer(one, today)
    return {
        "programme": one,
        "owner": describe.OWNER_WORDS[one.owner],
        "owner_short": _owner_short(one.owner),
        "kind": describe.KIND_WORDS[one.kind.value],
        "lines": [describe.LINE_WORDS[line] for line in one.policy_lines],
        "limit": describe.amount_words(terms.amount_max_satang),
        "terms": terms,
        "is_open": one.is_open(today),
        "tenor_years": None if not terms.tenor_months else terms.tenor_months // 12,
    }


def _owner_short(owner: str) -> Words:
    """The name people use: a bank by its two short names, everybody else in full."""
    bank = ORGANISATIONS.get(owner)
    if bank is None or bank.kind is not OrganisationKind.BANK:
        return describe.OWNER_WORDS[owner]
    return Words(f"{bank.short_th} ({bank.short_en})", bank.short_en)


def _paper(need: Any) -> tuple[Any, list[Any]]:
    return need.title, [describe.VIA_WORDS[way] for way in need.via]


def _grouped(found: Any, today: date) -> dict[str, Any]:
    return {
        "yes": [_opportunity(one, today) for one in found.yes],
        "one_step": [_opportunity(one, today) for one in found.one_step],
        "one_more": [_opportunity(one, today) for one in found.one_more],
        "later": [_opportunity(one, today) for one in found.later],
        "today": today,
    }


def _opportunity(one: Explanation, today: date) -> dict[str, Any]:
    return {
        **_row(one.programme, today),
        "terms": one.offer,
        "limit": describe.amount_words(one.offer.amount_max_satang),
        "explained": one,
        "first_years": describe.years_words(one.offer.rates[0]) if one.offer.rates else None,
        "first_rate": describe.rate_words(one.offer.rates[0]) if one.offer.rates else None,
        "why": _deciding(one),
        "waits": [(change.months, change) for change in one.changes if change.months],
        "can_apply": one.answer == "yes" and one.programme.kind is Kind.LOAN_PRODUCT,
    }


def _deciding(one: Explanation) -> list[ConditionResult]:
    """The conditions that make the answer what it is: those met for a yes, else those not met, or not known."""
    return [
        condition
        for reason in one.reasons
        if reason.answer is one.answer
        for condition in reason.conditions
        if condition.answer is one.answer
    ]


def _questions(request: HttpRequest, typed: dict[str, str], errors: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "typed": typed,
        "errors": errors,
        "wrong": dict(errors),
        "activities": list(quick.activities().items()),
        "provinces": quick.province_choices(in_thai=is_thai(request)),
        "purposes": list(quick.PURPOSES.items()),
    }


def _whole(text: str) -> int | None:
    """A whole number as people type it: commas, spaces and Thai digits allowed. None for anything else."""
    cleaned = text.translate(_THAI_DIGITS)
    return int(cleaned) if cleaned.isascii() and cleaned.isdigit() and len(cleaned) <= _MOST_DIGITS else None


def _quick_answers(
    request: HttpRequest, typed: dict[str, str]
) -> tuple[quick.QuickAnswers | None, list[tuple[str, str]]]:
    workers, revenue = _whole(typed["workers"]), _whole(typed["revenue"])
    wrong = (
        ("activity", typed["activity"] not in quick.activities(),
         pick(request, "เลือกว่ากิจการทำอะไร", "Choose what the business makes or does")),
        ("province", typed["province"] not in dict(quick.province_choices()),
         pick(request, "เลือกจังหวัดที่กิจการอยู่", "Choose the province of the business")),
        ("workers", workers is None, pick(request, "กรอกจำนวนคนงานเป็นตัวเลข เช่น 12", "Give the number of workers in figures, such as 12")),
        ("revenue", revenue is None,
         pick(request, "กรอกรายได้ปีที่แล้วเป็นบาท เช่น 5,000,000", "Give last year's sales in baht, such as 5,000,000")),
        ("use", typed["use"] not in quick.PURPOSES,
         pick(request, "เลือกว่าต้องการเงินหรือความช่วยเหลือเพื่ออะไร", "Choose what the money or help is for")),
    )  # fmt: skip
    errors = [(field, words) for field, is_wrong, words in wrong if is_wrong]
    if errors:
        return None, errors
    answers = quick.QuickAnswers(
        activity=typed["activity"],
        province_code=typed["province"],
        worker_count=workers,
        revenue_satang=None if revenue is None else revenue * _BAHT,
        use=typed["use"],
        more=quick.chosen_answers(
            {key.removeprefix("more-"): str(text) for key, text in request.POST.items() if key.startswith("more-")}
        ),
    )
    return answers, []
