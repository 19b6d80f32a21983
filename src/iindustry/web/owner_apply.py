"""Applying for a loan: which one, the few fields to type, the check, the consent, and that it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from iindustry.accounts import services as accounts
from iindustry.exchange.services import announce
from iindustry.funding import promise
from iindustry.funding import services as funding
from iindustry.funding.moves import Status
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.ids import new_id
from iindustry.kernel.thaidate import time_th
from iindustry.protection.service_fields import GROUPS
from iindustry.reference import fields as reference
from iindustry.web.access import access
from iindustry.web.case_words import Words, case_line
from iindustry.web.language import is_thai, pick
from iindustry.web.owner import OURS
from iindustry.web.pressed import actor_of, key_of, version_of
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from iindustry.funding.application import Form
    from iindustry.funding.dossier import TypedField

CLOCK = SystemClock()


@require_http_methods(["GET", "POST"])
@access(*OURS)
def apply(request: HttpRequest, product_id: str) -> HttpResponse:
    """Before the start: which loan, which bank, what will be asked. POST begins, or opens the one begun already."""
    actor = actor_of(request)
    product = funding.product_of(product_id)
    if request.method == "POST":
        application = funding.start(product_id, actor=actor, clock=CLOCK)
        return redirect("my_application", application.id)
    mine = funding.list_for_enterprise(actor=actor) if actor.enterprise_id else []
    running = next((one for one in mine if one.product_id == product_id and not one.is_closed), None)
    return render(
        request,
        "web/owner/apply.html",
        {
            "product": product,
            "title": Words(product.name_th, product.name_en),
            "summary": Words(product.summary_th, product.summary_en),
            "lender": accounts.organisation(product.lender),
            "running": running,
            "is_open": product.is_open(CLOCK.today()),
            "promised": promise.PROMISED_WORKING_DAYS,
        },
    )


@require_http_methods(["GET", "POST"])
@access(*OURS)
def form(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The few fields to type, and what the registers fill. Saving keeps all that is right, at every press."""
    actor = actor_of(request)
    if request.method == "POST":
        return _saved(request, application_id)
    shown = funding.form_of(application_id, actor=actor)
    return render(request, "web/owner/form.html", _form(shown, {}, {}))


@access(*OURS)
def check(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Every answer with its source, and a way back to change the typed ones."""
    shown = funding.form_of(application_id, actor=actor_of(request))
    if shown.application.status is not Status.DRAFT:
        return redirect("my_application", application_id)
    return render(request, "web/owner/check.html", _form(shown, {}, {}))


@require_http_methods(["GET", "POST"])
@access(*OURS)
def consent(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Who gets which fields, why, until when; agreeing sends the application."""
    actor = actor_of(request)
    shown = funding.form_of(application_id, actor=actor)
    if shown.application.status is not Status.DRAFT:
        return redirect("my_application", application_id)
    base, own = funding.consent_offer(shown.application.lender, clock=CLOCK)
    context = _form(shown, {}, {}) | {
        "groups": _groups(base),
        "own": [reference.field_of(name) for name in own],
        "base_count": len(base),
        "key": new_id(),
    }
    if request.method == "GET":
        return render(request, "web/owner/consent.html", context)
    agreed = frozenset(base) if request.POST.get("agree") == "yes" else frozenset[str]()
    agreed |= frozenset(request.POST.getlist("own")) & frozenset(own) if agreed else frozenset()
    try:
        funding.send(
            application_id, consent_fields=agreed, actor=actor, clock=CLOCK, announce=announce,
            key=key_of(request), version=version_of(request),
        )  # fmt: skip
    except Rejected as error:
        target = {"consent-fields-none": "agree"}.get(error.code, "")
        context["errors"] = [(target, sentence(request, error))]
        context["own_ticked"] = set(request.POST.getlist("own"))
        return render(request, "web/owner/consent.html", context, status=422)
    return redirect("my_sent", application_id)


@access(*OURS)
def sent(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The reference number, and what happens next."""
    one = funding.get_application(application_id, actor=actor_of(request))
    if one.sent_at is None:
        return redirect("my_application", application_id)
    context = case_line(one) | {"promised": promise.PROMISED_WORKING_DAYS}
    return render(request, "web/owner/sent.html", context)


def tasks(shown: Form) -> dict[str, Any]:
    """What is filled already, what is left to type, and what nobody asked for."""
    filled = len(shown.typed) - len(shown.missing)
    optional = sum(1 for one in shown.typed if not one.required)
    return {
        "form": shown,
        "known": len(shown.prefilled),
        "to_type": len(shown.typed) - optional,
        "is_complete": not shown.missing,
        "is_begun": bool(shown.answers),
        "left": len(shown.missing),
        "filled": filled,
        "ratio": shown.prefilled_ratio,
        "spared": len(shown.spared),
    }


def _groups(names: Iterable[str]) -> list[tuple[Any, list[Any]]]:
    wanted = list(names)
    rows = [
        (words, [reference.field_of(one) for one in wanted if one.split(".", 1)[0] == group])
        for group, words in GROUPS.items()
    ]
    return [(words, fields) for words, fields in rows if fields]  # fmt: skip


def _form(shown: Form, typed: dict[str, str], faults: dict[str, Any]) -> dict[str, Any]:
    fields = [_field(one, shown, typed, faults) for one in shown.typed]
    sections = []
    for group, title in GROUPS.items():
        rows = [one for one in shown.prefilled if one.field.split(".", 1)[0] == group]
        if rows:
            sections.append({"title": title, "rows": rows})
    # Two fields may lack the same thing: the summary says of which field each sentence is.
    errors = [(f"f-{one['field'].name}", f"{_label(one['field'])}: {one['error']}") for one in fields if one["error"]]
    return case_line(shown.application) | tasks(shown) | {"fields": fields, "sections": sections, "errors": errors}


def _field(one: Any, shown: Form, typed: dict[str, str], faults: dict[str, Any]) -> dict[str, Any]:
    answer = shown.answers.get(one.name)
    text = typed.get(one.name) if one.name in typed else _text(one, answer)
    choice = next((choice for choice in one.choices if choice.code == answer), None)
    return {
        "field": one,
        "hint": Words(one.hint_th, one.hint_en) if one.hint_th else None,
        "text": text or "",
        "answer": answer,
        "choice": choice,
        "error": faults.get(one.name),
    }


def _label(field: TypedField) -> str:
    return field.th if is_thai() else field.en


def _text(one: Any, answer: Any) -> str:
    if answer is None:
        return ""
    if one.type == "money":
        whole, rest = divmod(int(answer), 100)
        return f"{whole:,}" if not rest else f"{whole:,}.{rest:02d}"
    return str(answer)


def _saved(request: HttpRequest, application_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = funding.form_of(application_id, actor=actor)
    typed = {one.name: request.POST.get(one.name, "") for one in shown.typed}
    try:
        funding.save_answers(application_id, typed, actor=actor, clock=CLOCK, version=version_of(request))
    except Rejected as error:
        faults = error.facts.get("fields")
        codes = faults if isinstance(faults, dict) else {}
        sentences = {name: sentence(request, Rejected(str(code))) for name, code in codes.items()}
        return render(request, "web/owner/form.html", _form(shown, typed, sentences), status=422)
    except Conflict as error:
        if error.code != "changed-meanwhile":
            raise
        # What was typed stays on the page, with the version of now: it is kept at the next press if it is still wanted.
        context = _form(shown, typed, {}) | {"errors": [("", sentence(request, error))]}
        return render(request, "web/owner/form.html", context, status=409)
    at = CLOCK.now()
    messages.success(request, pick(request, f"บันทึกแล้ว {time_th(at)}", f"Saved {time_th(at).split()[0]}"))
    return redirect("my_application", application_id)
