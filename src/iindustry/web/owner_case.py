"""Following one application: the tasks of a draft, where the case stands, papers asked for, taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from iindustry.exchange.services import announce
from iindustry.funding import moves, promise
from iindustry.funding import services as funding
from iindustry.funding.moves import Side, Status, Step
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.ids import new_id
from iindustry.web.access import access
from iindustry.web.case_words import (
    Words,
    attachment,
    case_line,
    paper_why,
    paper_words,
    reason_words,
    timeline_lines,
)
from iindustry.web.language import pick
from iindustry.web.owner import OURS
from iindustry.web.owner_apply import tasks
from iindustry.web.pressed import actor_of, key_of, version_of
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from iindustry.funding.application import Case

CLOCK = SystemClock()


@access(*OURS)
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """A draft's list of tasks; or, once sent, where the case stands."""
    actor = actor_of(request)
    case = funding.get_case(application_id, actor=actor)
    if case.application.status is Status.DRAFT:
        form = funding.form_of(application_id, actor=actor)
        return render(request, "web/owner/tasks.html", case_line(case.application) | tasks(form))
    return render(request, "web/owner/track.html", case_line(case.application) | _track(case))


@require_http_methods(["GET", "POST"])
@access(*OURS)
def paper(request: HttpRequest, application_id: UUID, paper_id: UUID) -> HttpResponse:
    """One paper the lender asked for: why, until when, and the place to hand it in."""
    actor = actor_of(request)
    case = funding.get_case(application_id, actor=actor)
    asked = next((one for one in case.papers if one.id == paper_id), None)
    if asked is None:
        raise NotFound("paper-not-asked")
    context = case_line(case.application) | {
        "paper": asked,
        "words": paper_words(asked.code),
        "why": paper_why(asked.code),
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


@access(*OURS)
def paper_file(request: HttpRequest, application_id: UUID, paper_id: UUID) -> HttpResponse:
    """A paper that was handed in, as a download."""
    file = funding.open_paper(
        paper_id, application_id=application_id, actor=actor_of(request), home=settings.HOME, clock=CLOCK
    )
    return attachment(file)


@require_http_methods(["GET", "POST"])
@access(*OURS)
def withdraw(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Take an application back, after one question."""
    actor = actor_of(request)
    one = funding.get_application(application_id, actor=actor)
    if request.method == "GET":
        return render(request, "web/owner/withdraw.html", case_line(one) | {"key": new_id()})
    funding.withdraw(
        application_id, actor=actor, clock=CLOCK, announce=announce, key=key_of(request), version=version_of(request)
    )
    messages.success(request, pick(request, "ถอนคำขอแล้ว", "The application was withdrawn."))
    return redirect("my_application", application_id)


def _paper_again(request: HttpRequest, context: dict[str, Any], error: Rejected | Conflict) -> HttpResponse:
    context["errors"] = [("file", sentence(request, error))]
    return render(request, "web/owner/paper.html", context, status=422)


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
        "papers": [(paper, paper_words(paper.code)) for paper in case.papers],
        "open_papers": [(paper, paper_words(paper.code), paper_why(paper.code)) for paper in case.open_papers]
        if one.status is Status.PAPERS_ASKED
        else [],
        "decision": case.decision,
        "reasons": [reason_words(code) for code in case.decision.reason_codes] if case.decision else [],
        "may_withdraw": moves.may(one.status, Step.WITHDRAW, by=Side.ENTERPRISE),
    }
