"""The owner's first page, phone first (`/my`): the one next step, the businesses one acts for, and adding another.

The business itself, applying and following a case are rooms of their own (`owner_enterprise`, `owner_apply`, `owner_case`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.accounts import services as accounts
from iindustry.accounts.authority import KIND_WORDS, STATE_WORDS, AuthorityKind, ClaimState, holds
from iindustry.funding import services as funding
from iindustry.funding.moves import Status
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.ids import class_thirteen
from iindustry.register import services as register
from iindustry.register.enterprise import CorrectionStatus
from iindustry.web.access import CHOSEN, access
from iindustry.web.case_words import Words, case_line, paper_words, status_words
from iindustry.web.language import pick
from iindustry.web.pressed import actor_of
from iindustry.web.refusals import STATUS, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from iindustry.accounts.authority import Claim
    from iindustry.funding.application import Application, PaperRequest

CLOCK = SystemClock()
OURS = (Role.OWNER, Role.DELEGATE)
KINDS = (AuthorityKind.DIRECTOR, AuthorityKind.ATTORNEY)
"""By what right a business with a juristic number is acted for; a sole owner has none, a steward records theirs."""

_WITH_THE_LENDER = frozenset({Status.SENT, Status.SCREENING, Status.ANALYSIS, Status.APPROVED, Status.CONTRACTED})


@access(*OURS)
def home(request: HttpRequest) -> HttpResponse:
    """One next step, open tasks, applications, corrections under way."""
    actor = actor_of(request)
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
            "applications": [case_line(one) for one in applications],
            "asked": [(one, paper_words(paper.code), paper) for one, paper in asked],
            "corrections": register.list_corrections(actor.enterprise_id, status=CorrectionStatus.OPEN, limit=20),
        },
    )


@require_POST
@access(*OURS)
def choose(request: HttpRequest) -> HttpResponse:
    """Act for another of one's enterprises from now on."""
    actor = actor_of(request)
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
        "kinds": [(kind.value, Words(*KIND_WORDS[kind])) for kind in KINDS],
        "typed": {},
    }
    if request.method == "GET":
        return render(request, "web/owner/add.html", context)
    try:
        claim = _claimed(request)
    except (Rejected, Conflict) as error:
        faults: list[tuple[str, Rejected | Conflict]] = [*_faults(request)] or [("", error)]
        told = [(field, sentence(request, fault)) for field, fault in faults]
        context |= {"errors": told, "typed": request.POST, "wrong": faults[0][0]}
        return render(request, "web/owner/add.html", context, status=STATUS[type(error)])
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


def unconfirmed(request: HttpRequest) -> HttpResponse:
    """What stands at a page of the enterprise for an owner who acts for none: why it is empty, and what to do."""
    claims = accounts.list_claims(str(actor_of(request).person_id))
    context = {"step": _first_step(claims), "may_choose": _may_choose(claims)}
    return render(request, "web/owner/unconfirmed.html", context)


def _claimed(request: HttpRequest) -> Claim:
    """The claim that a form makes. Raises the first of its faults."""
    for _, fault in _faults(request):
        raise fault
    found = register.find_by_juristic_id(class_thirteen(request.POST.get("number", ""))[1])
    assert found is not None  # noqa: S101 - else it was a fault
    actor = actor_of(request)
    return accounts.claim_authority(
        str(actor.person_id), found.enterprise_id, request.POST["kind"], request.POST["evidence"], actor=actor, clock=CLOCK
    )  # fmt: skip


def _faults(request: HttpRequest) -> list[tuple[str, Rejected]]:
    """Everything that is to be put right in the form, in its order: (field, what)."""
    kind, number = class_thirteen(request.POST.get("number", ""))
    checks = (
        ("number", "juristic-number-wrong", kind != "juristic"),
        ("number", "juristic-number-absent", kind == "juristic" and register.find_by_juristic_id(number) is None),
        ("kind", "authority-kind-unknown", request.POST.get("kind") not in set(KINDS)),
        ("evidence", "authority-evidence-missing", not request.POST.get("evidence", "").strip()),
    )
    return [(field, Rejected(code, field=field)) for field, code, is_wrong in checks if is_wrong]


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
            "words": Words(f"ส่งเอกสาร: {paper_words(wanted.code).th}", f"Hand in: {paper_words(wanted.code).en}"),
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
