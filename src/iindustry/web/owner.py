"""The owner's pages, phone first: home, my enterprise, apply, follow (`/my`).

Opportunities, consents and who-saw-my-data are areas of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.accounts import services as accounts
from iindustry.accounts.authority import KIND_WORDS, STATE_WORDS, ClaimState, holds
from iindustry.exchange.services import announce
from iindustry.funding import moves, papers, promise
from iindustry.funding import services as funding
from iindustry.funding.moves import Side, Status, Step
from iindustry.funding.reasons import REASONS
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.ids import class_thirteen, new_id
from iindustry.protection.service_fields import GROUPS
from iindustry.reference import fields as reference
from iindustry.register import services as register
from iindustry.register.enterprise import CorrectionStatus, stale
from iindustry.web.access import CHOSEN, access
from iindustry.web.language import pick
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iindustry.accounts.authority import Claim
    from iindustry.funding.application import Application, Case, Form, PaperRequest
    from iindustry.kernel.actors import Actor
    from iindustry.register.enterprise import Enterprise, Value

CLOCK = SystemClock()
OURS = (Role.OWNER, Role.DELEGATE)
_MOST_DIGITS = 9
_WITH_THE_LENDER = frozenset({Status.SENT, Status.SCREENING, Status.ANALYSIS, Status.APPROVED, Status.CONTRACTED})


@dataclass(frozen=True, slots=True)
class Words:
    """A label or sentence in both languages."""

    th: str
    en: str


@access(*OURS)
def home(request: HttpRequest) -> HttpResponse:
    """One next step, open tasks, applications, corrections under way."""
    actor = _actor(request)
    claims = accounts.list_claims(str(actor.person_id))
    if actor.enterprise_id is None:
        return render(request, "web/owner/home.html", {"claims": _claims(claims), "step": _first_step(claims)})
    applications = funding.list_for_enterprise(actor=actor)
    asked = funding.list_open_papers(actor=actor)
    return render(
        request,
        "web/owner/home.html",
        {
            "claims": _claims(claims),
            "step": _next_step(applications, asked),
            "applications": [_line(one) for one in applications],
            "asked": [(one, _paper_words(paper.code), paper) for one, paper in asked],
            "corrections": register.list_corrections(actor.enterprise_id, status=CorrectionStatus.OPEN, limit=20),
        },
    )


@require_POST
@access(*OURS)
def choose(request: HttpRequest) -> HttpResponse:
    """Act for another of one's enterprises from now on."""
    actor = _actor(request)
    wanted = request.POST.get("enterprise", "")
    if wanted not in accounts.enterprises_of(str(actor.person_id), clock=CLOCK):
        raise NotFound("enterprise-unknown")
    request.session[CHOSEN] = wanted
    return redirect("/my")


@require_http_methods(["GET", "POST"])
@access(*OURS)
def add_enterprise(request: HttpRequest) -> HttpResponse:
    """Add a business one acts for: its number, by what right, with what evidence. The claim waits to be checked."""
    context: dict[str, Any] = {
        "kinds": [(kind.value, Words(*words)) for kind, words in KIND_WORDS.items()],
        "typed": {},
    }
    if request.method == "GET":
        return render(request, "web/owner/add.html", context)
    try:
        claim = _claimed(request)
    except Rejected as error:
        field = str(error.facts.get("field") or "number")
        context |= {"errors": [(field, sentence(request, error))], "typed": request.POST, "wrong": field}
        return render(request, "web/owner/add.html", context, status=422)
    live = claim.state is ClaimState.LIVE
    messages.success(
        request,
        pick(request, "เพิ่มกิจการแล้ว", "The business was added.")
        if live
        else pick(
            request,
            "รับคำขอแล้ว ผู้ดูแลข้อมูลกลางจะตรวจหลักฐาน โดยปกติภายใน 3 วันทำการ ระหว่างนี้ยังเปิดข้อมูลของกิจการไม่ได้",
            "Your claim was received. A data steward checks the evidence, usually within 3 working days. Until then the "
            "data of the business stays closed.",
        ),
    )
    return redirect("/my")


@access(*OURS)
def enterprise(request: HttpRequest) -> HttpResponse:
    """What the registers say of the business, each value with source and date."""
    if _actor(request).enterprise_id is None:
        return unconfirmed(request)
    found = _enterprise(request)
    sections = _sections(found)
    return render(request, "web/owner/enterprise.html", {"enterprise": found, "sections": sections})


def unconfirmed(request: HttpRequest) -> HttpResponse:
    """What stands at a page of the enterprise for an owner who acts for none: why it is empty, and what to do."""
    claims = accounts.list_claims(str(_actor(request).person_id))
    context = {"step": _first_step(claims), "may_choose": _may_choose(claims)}
    return render(request, "web/owner/unconfirmed.html", context)


@require_http_methods(["GET", "POST"])
@access(*OURS)
def correct(request: HttpRequest, field: str) -> HttpResponse:
    """Say that one value is wrong; the agency whose register it is answers."""
    found = _enterprise(request)
    place = request.GET.get("of") or request.POST.get("of") or None
    value = _value(found, field, place)
    context: dict[str, Any] = {"enterprise": found, "value": value, "field": field, "of": place, "typed": request.POST}
    if request.method == "GET":
        return render(request, "web/owner/correct.html", context)
    try:
        register.request_correction(
            str(_actor(request).enterprise_id), field, request.POST.get("proposed", ""), request.POST.get("reason", ""),
            actor=_actor(request), clock=CLOCK, establishment_id=place,
        )  # fmt: skip
    except (Rejected, Conflict) as error:
        context["errors"] = [("proposed", sentence(request, error))]
        return render(request, "web/owner/correct.html", context, status=422)
    messages.success(
        request,
        pick(
            request,
            "ส่งคำขอแก้ไขแล้ว หน่วยงานเจ้าของทะเบียนจะตอบ ระหว่างนี้ธนาคารจะเห็นว่าค่านี้อยู่ระหว่างขอแก้ไข",
            "Your request was sent. The agency that keeps the register answers; until then banks see the value as disputed.",
        ),
    )
    return redirect("/my/enterprise")


@require_http_methods(["GET", "POST"])
@access(*OURS)
def apply(request: HttpRequest, product_id: str) -> HttpResponse:
    """Before the start: which loan, which bank, what will be asked. POST begins, or opens the one begun already."""
    actor = _actor(request)
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


@access(*OURS)
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """A draft's list of tasks; or, once sent, where the case stands."""
    actor = _actor(request)
    case = funding.get_case(application_id, actor=actor)
    if case.application.status is Status.DRAFT:
        form = funding.form_of(application_id, actor=actor)
        return render(request, "web/owner/tasks.html", _common(case.application) | _tasks(form))
    return render(request, "web/owner/track.html", _common(case.application) | _track(case))


@require_http_methods(["GET", "POST"])
@access(*OURS)
def form(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The few fields to type, and what the registers fill. Saving keeps all that is right, at every press."""
    actor = _actor(request)
    if request.method == "POST":
        return _saved(request, application_id)
    shown = funding.form_of(application_id, actor=actor)
    return render(request, "web/owner/form.html", _form(shown, {}, {}))


@access(*OURS)
def check(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Every answer with its source, and a way back to change the typed ones."""
    shown = funding.form_of(application_id, actor=_actor(request))
    if shown.application.status is not Status.DRAFT:
        return redirect("my_application", application_id)
    return render(request, "web/owner/check.html", _form(shown, {}, {}))


@require_http_methods(["GET", "POST"])
@access(*OURS)
def consent(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Who gets which fields, why, until when; agreeing sends the application."""
    actor = _actor(request)
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
            key=_key(request), version=_version(request),
        )  # fmt: skip
    except Rejected as error:
        target = {"consent-fields-none": "agree"}.get(error.code, "")
        context["errors"] = [(target, sentence(request, error))]
        return render(request, "web/owner/consent.html", context, status=422)
    return redirect("my_sent", application_id)


@access(*OURS)
def sent(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The reference number, and what happens next."""
    one = funding.get_application(application_id, actor=_actor(request))
    if one.sent_at is None:
        return redirect("my_application", application_id)
    context = _common(one) | {"promised": promise.PROMISED_WORKING_DAYS}
    return render(request, "web/owner/sent.html", context)


@require_http_methods(["GET", "POST"])
@access(*OURS)
def paper(request: HttpRequest, application_id: UUID, paper_id: UUID) -> HttpResponse:
    """One paper the lender asked for: why, until when, and the place to hand it in."""
    actor = _actor(request)
    case = funding.get_case(application_id, actor=actor)
    asked = next((one for one in case.papers if one.id == paper_id), None)
    if asked is None:
        raise NotFound("paper-not-asked")
    context = _common(case.application) | {
        "paper": asked,
        "words": _paper_words(asked.code),
        "why": _paper_why(asked.code),
    }
    if request.method == "GET":
        return render(request, "web/owner/paper.html", context)
    file = request.FILES.get("file")
    try:
        if file is None or file.size is None:
            return _paper_again(request, context, Rejected("paper-empty", field="file"))
        funding.supply_paper(
            paper_id, file, filename=file.name or "", size_bytes=file.size, actor=actor, home=settings.HOME, clock=CLOCK,
            announce=announce,
        )  # fmt: skip
    except (Rejected, Conflict) as error:
        return _paper_again(request, context, error)
    messages.success(request, pick(request, "ส่งเอกสารแล้ว", "The paper was handed in."))
    return redirect("my_application", application_id)


def _paper_again(request: HttpRequest, context: dict[str, Any], error: Rejected | Conflict) -> HttpResponse:
    context["errors"] = [("file", sentence(request, error))]
    return render(request, "web/owner/paper.html", context, status=422)


@access(*OURS)
def paper_file(request: HttpRequest, application_id: UUID, paper_id: UUID) -> HttpResponse:
    """A paper that was handed in, as a download."""
    file = funding.open_paper(
        paper_id, application_id=application_id, actor=_actor(request), home=settings.HOME, clock=CLOCK
    )
    return attachment(file)


@require_http_methods(["GET", "POST"])
@access(*OURS)
def withdraw(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Take an application back, after one question."""
    actor = _actor(request)
    one = funding.get_application(application_id, actor=actor)
    if request.method == "GET":
        return render(request, "web/owner/withdraw.html", _common(one) | {"key": new_id()})
    funding.withdraw(
        application_id, actor=actor, clock=CLOCK, announce=announce, key=_key(request), version=_version(request)
    )
    messages.success(request, pick(request, "ถอนคำขอแล้ว", "The application was withdrawn."))
    return redirect("my_application", application_id)


def attachment(file: funding.PaperFile) -> HttpResponse:
    """A paper as a download that no browser opens in our pages (ASSURANCE section 7, rule 6)."""
    response = FileResponse(
        file.path.open("rb"), as_attachment=True, filename=file.download_name, content_type=file.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response  # type: ignore[return-value]


def product_title(product_id: str) -> Words:
    """A product's name; its id where the catalogue no longer has it."""
    try:
        product = funding.product_of(product_id)
    except NotFound:
        return Words(product_id, product_id)
    return Words(product.name_th, product.name_en)


def status_words(status: Status) -> Words:
    """A status in words."""
    return Words(*moves.STATUS_WORDS[status])


def timeline_lines(case: Case) -> list[dict[str, Any]]:
    """A timeline as pages show it: what happened, when, by whom, with the words for both sides."""
    lines = []
    for entry in case.timeline:
        by = _short(entry.organisation) if entry.organisation else Words(*moves.SIDE_WORDS[entry.side])
        lines.append({"what": _event_words(entry.step), "at": entry.at, "by": by, "entry": entry})
    return lines


def _short(organisation: str) -> Words:
    one = accounts.organisation(organisation)
    return Words(one.short_th, one.short_en)


def _event_words(step: str) -> Words:
    if step in set(Step):
        return Words(*moves.STEP_WORDS[Step(step)])
    return _OTHER_EVENTS.get(step, Words(step, step))


_OTHER_EVENTS = {
    "start": Words("เริ่มคำขอ", "Application begun"),
    "progressed": Words("ธนาคารแจ้งความคืบหน้า", "The bank told of progress"),
}


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _enterprise(request: HttpRequest) -> Enterprise:
    enterprise_id = _actor(request).enterprise_id
    if enterprise_id is None:
        raise NotFound("enterprise-unknown")
    return register.get_enterprise(enterprise_id)


def _claimed(request: HttpRequest) -> Any:
    kind, number = class_thirteen(request.POST.get("number", ""))
    if kind != "juristic":
        raise Rejected("juristic-number-wrong", field="number")
    found = register.find_by_juristic_id(number)
    if found is None:
        raise Rejected("juristic-number-absent", field="number")
    actor = _actor(request)
    return accounts.claim_authority(
        str(actor.person_id), found.enterprise_id, request.POST.get("kind", ""), request.POST.get("evidence", ""),
        actor=actor, clock=CLOCK,
    )  # fmt: skip


def _claims(claims: list[Claim]) -> list[dict[str, Any]]:
    names = register.names_of([one.enterprise_id for one in claims if one.state is ClaimState.LIVE])
    return [
        {
            "claim": one,
            "name": names.get(one.enterprise_id),
            "state": Words(*STATE_WORDS[one.state]),
            "kind": Words(*KIND_WORDS[one.kind]),
        }
        for one in claims
    ]


def _may_choose(claims: Iterable[Claim]) -> bool:
    return any(holds(one, CLOCK.today()) for one in claims)


def _first_step(claims: list[Claim]) -> dict[str, Any]:
    if _may_choose(claims):
        return {
            "words": Words("เลือกกิจการที่จะทำการแทน", "Choose the business to act for"),
            "then": Words("ท่านทำการแทนได้มากกว่าหนึ่งกิจการ", "You may act for more than one."),
            "href": "/my#businesses",
            "button": Words("เลือกกิจการ", "Choose"),
        }
    if any(one.state is ClaimState.PENDING for one in claims):
        return {
            "words": Words("รอผู้ดูแลข้อมูลกลางตรวจหลักฐาน", "A data steward is checking your evidence"),
            "then": Words("โดยปกติภายใน 3 วันทำการ แล้วหน้านี้จะแสดงข้อมูลของกิจการ", "Usually within 3 working days; then this page shows the business."),
        }  # fmt: skip
    return {
        "words": Words("เพิ่มกิจการที่ท่านกระทำการแทน", "Add the business you act for"),
        "then": Words("ใช้เลขทะเบียนนิติบุคคล 13 หลัก ใช้เวลาประมาณ 2 นาที", "With its 13-digit number; about 2 minutes."),
        "href": "/my/enterprises/add",
        "button": Words("เพิ่มกิจการ", "Add a business"),
    }


def _next_step(applications: list[Application], asked: list[tuple[Application, PaperRequest]]) -> dict[str, Any]:
    """The one thing to do next: a paper asked for, a draft to finish, else look for what fits."""
    if asked:
        one, wanted = asked[0]
        return {
            "words": Words(f"ส่งเอกสาร: {_paper_words(wanted.code).th}", f"Hand in: {_paper_words(wanted.code).en}"),
            "then": Words(f"คำขอ {one.reference} หยุดรออยู่ ส่งแล้วธนาคารจะพิจารณาต่อทันที", f"Application {one.reference} is waiting for it; the bank goes on at once."),
            "href": f"/my/applications/{one.id}/papers/{wanted.id}",
            "button": Words("ส่งเอกสาร", "Hand it in"),
        }  # fmt: skip
    draft = next((one for one in applications if one.status is Status.DRAFT), None)
    if draft:
        return {
            "words": Words("ทำคำขอสินเชื่อที่เริ่มไว้ให้เสร็จ", "Finish the application you began"),
            "then": Words(f"คำขอ {draft.reference} ยังไม่ได้ส่ง", f"Application {draft.reference} is not sent yet."),
            "href": f"/my/applications/{draft.id}",
            "button": Words("ทำต่อ", "Go on"),
        }
    sent = next((one for one in applications if one.status in _WITH_THE_LENDER), None)
    if sent:
        lender, status = accounts.organisation(sent.lender), status_words(sent.status)
        return {
            "words": Words(f"คำขอ {sent.reference}: {status.th}", f"Application {sent.reference}: {status.en}"),
            "then": Words(f"เรื่องอยู่ที่ {lender.short_th} ท่านยังไม่ต้องทำอะไร", f"{lender.short_en} has it. Nothing for you to do now."),
            "href": f"/my/applications/{sent.id}",
            "button": Words("ดูว่าถึงขั้นไหน", "See where it stands"),
        }  # fmt: skip
    return {
        "words": Words("ดูสินเชื่อและมาตรการที่ตรงกับกิจการ", "See the loans and measures that fit"),
        "then": Words(
            "ข้อมูลที่รัฐมีอยู่แล้วกรอกลงแบบคำขอให้เอง กว่า 80 %", "What the State already holds fills more than 80 % of the form."
        ),
        "href": "/my/opportunities",
        "button": Words("ดูโอกาสของฉัน", "See my opportunities"),
    }


def _line(one: Application) -> dict[str, Any]:
    lender = accounts.organisation(one.lender)
    return {
        "application": one,
        "title": product_title(one.product_id),
        "lender": lender,
        "lender_short": Words(lender.short_th, lender.short_en),
        "status": status_words(one.status),
        "colour": moves.STATUS_COLOUR[one.status],
        "elapsed": promise.elapsed(one, CLOCK.today()),
    }


def _common(one: Application) -> dict[str, Any]:
    return _line(one)


def _sections(found: Enterprise) -> list[dict[str, Any]]:
    """Sections of my enterprise: a row a field and place; fields nobody fills are named with who could."""
    sections, today = [], CLOCK.today()
    for group, title in GROUPS.items():
        rows, absent = [], []
        for field in reference.FIELDS:
            if field.name.split(".", 1)[0] != group:
                continue
            values = _values(found, field.name)
            rows += [
                {"field": field, "value": value, "place": place, "stale": stale(value, today)}
                for place, value in values
            ]
            if not values:
                absent.append({"field": field, "source": field.sources[0]})
        if rows or absent:
            sections.append({"group": group, "title": title, "rows": rows, "absent": absent})
    return sections


def _values(found: Enterprise, name: str) -> list[tuple[Any, Value]]:
    own = found.value_of(name)
    values: list[tuple[Any, Value]] = [(None, own)] if own else []
    for place in found.establishments:
        there = place.value_of(name)
        if there:
            values.append((place, there))
    return values


def _value(found: Enterprise, field: str, place: str | None) -> Value:
    for where, value in _values(found, field):
        if (where.establishment_id if where else None) == place:
            return value
    raise NotFound("value-unknown", field=field)


def _groups(names: Iterable[str]) -> list[tuple[Any, list[Any]]]:
    wanted = list(names)
    rows = [
        (words, [reference.field_of(one) for one in wanted if one.split(".", 1)[0] == group])
        for group, words in GROUPS.items()
    ]
    return [(words, fields) for words, fields in rows if fields]  # fmt: skip


def _tasks(shown: Form) -> dict[str, Any]:
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


def _form(shown: Form, typed: dict[str, str], faults: dict[str, Any]) -> dict[str, Any]:
    fields = [_field(one, shown, typed, faults) for one in shown.typed]
    sections = []
    for group, title in GROUPS.items():
        rows = [one for one in shown.prefilled if one.field.split(".", 1)[0] == group]
        if rows:
            sections.append({"title": title, "rows": rows})
    errors = [(f"f-{one['field'].name}", one["error"]) for one in fields if one["error"]]
    return _common(shown.application) | _tasks(shown) | {"fields": fields, "sections": sections, "errors": errors}


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


def _text(one: Any, answer: Any) -> str:
    if answer is None:
        return ""
    if one.type == "money":
        whole, rest = divmod(int(answer), 100)
        return f"{whole:,}" if not rest else f"{whole:,}.{rest:02d}"
    return str(answer)


def _saved(request: HttpRequest, application_id: UUID) -> HttpResponse:
    actor = _actor(request)
    shown = funding.form_of(application_id, actor=actor)
    typed = {one.name: request.POST.get(one.name, "") for one in shown.typed}
    try:
        funding.save_answers(application_id, typed, actor=actor, clock=CLOCK, version=_version(request))
    except Rejected as error:
        faults = error.facts.get("fields")
        codes = faults if isinstance(faults, dict) else {}
        sentences = {name: sentence(request, Rejected(str(code))) for name, code in codes.items()}
        return render(request, "web/owner/form.html", _form(shown, typed, sentences), status=422)
    at = CLOCK.now()
    from iindustry.kernel.thaidate import time_th

    messages.success(request, pick(request, f"บันทึกแล้ว {time_th(at)}", f"Saved {time_th(at).split()[0]}"))
    return redirect("my_application", application_id)


def _track(case: Case) -> dict[str, Any]:
    one = case.application
    turn = one.turn
    return {
        "case": case,
        "turn": Words(*moves.SIDE_WORDS[turn]) if turn else None,
        "is_our_turn": turn is Side.ENTERPRISE,
        "clock": Words(*promise.WORDS[elapsed.code][:2]) if (elapsed := promise.elapsed(one, CLOCK.today())) else None,
        "clock_colour": promise.WORDS[elapsed.code][2] if elapsed else "grey",
        "usual": funding.usual_days(one.product_id),
        "promised": promise.PROMISED_WORKING_DAYS,
        "timeline": timeline_lines(case),
        "papers": [(paper, _paper_words(paper.code)) for paper in case.papers],
        "open_papers": [(paper, _paper_words(paper.code), _paper_why(paper.code)) for paper in case.open_papers]
        if one.status is Status.PAPERS_ASKED
        else [],
        "decision": case.decision,
        "reasons": [reason_words(code) for code in case.decision.reason_codes] if case.decision else [],
        "may_withdraw": moves.may(one.status, Step.WITHDRAW, by=Side.ENTERPRISE),
    }


def reason_words(code: str) -> dict[str, Any]:
    """What the owner reads for one coded reason, and what would change it."""
    reason = REASONS[code]
    return {"code": code, "words": Words(reason.th, reason.en), "cure": Words(reason.cure_th, reason.cure_en),
            "short": Words(reason.short_th, reason.short_en)}  # fmt: skip


def _paper_words(code: str) -> Words:
    wanted = papers.ASKED[code]
    return Words(wanted.th, wanted.en)


def _paper_why(code: str) -> Words:
    wanted = papers.ASKED[code]
    return Words(wanted.why_th, wanted.why_en)


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if is_number(text) else None


def is_number(text: str) -> bool:
    """Whether a text is a whole number of a size that pages use; `isdigit` alone also takes `²`."""
    return text.isdecimal() and len(text) <= _MOST_DIGITS
