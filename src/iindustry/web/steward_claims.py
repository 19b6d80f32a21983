"""Claims to act for an enterprise (`/steward/claims`): who says so, by what right, with what evidence; answered by a steward.

The steward sees the name that the claimant signed in with and the enterprise's public name and number: what a paper is compared by.
Nobody answers a claim of their own.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from iindustry.accounts import services as accounts
from iindustry.accounts.authority import KIND_WORDS
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Rejected
from iindustry.register import services as register
from iindustry.web.access import access
from iindustry.web.language import pick
from iindustry.web.steward_values import shown_name
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from iindustry.kernel.actors import Actor
    from iindustry.register.enterprise import EnterpriseName

CLOCK = SystemClock()
SHOWN_MOST = 50


@access(Role.STEWARD)
def claims(request: HttpRequest) -> HttpResponse:
    """Claims that wait, the longest waiting first."""
    waiting = accounts.list_pending(limit=SHOWN_MOST)
    people = accounts.names_of([one.person_id for one in waiting])
    enterprises = register.names_of([one.enterprise_id for one in waiting])
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [
        SimpleNamespace(
            claim=one,
            person=Both(*people[one.person_id]) if one.person_id in people else None,
            enterprise=_shown(enterprises.get(one.enterprise_id)),
            kind=Both(*KIND_WORDS[one.kind]),
            is_own=one.person_id == str(actor.person_id),
        )
        for one in waiting
    ]
    return render(request, "web/steward/claims.html", {"rows": rows, "most": SHOWN_MOST})


def _shown(name: EnterpriseName | None) -> Both | None:
    """The enterprise's name; a natural person's is masked here as on every page of the steward's."""
    if name is None:
        return None
    return Both(*(shown_name(one, is_person=name.is_person) for one in (name.th, name.en)))


@access(Role.STEWARD)
@require_POST
def answer(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Confirm or refuse. NotFound `authority-unknown`; Conflict `authority-answered`; Denied for a claim of one's own."""
    accept = {"accept": True, "refuse": False}.get(request.POST.get("answer", ""))
    if accept is None:
        raise Rejected("authority-answer-missing", field="answer")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    accounts.answer_claim(claim_id, accept=accept, actor=actor, clock=CLOCK)
    told = {
        True: ("รับแล้ว ผู้แจ้งทำการแทนกิจการนี้ได้ทันที", "Accepted: the claimant may act for the business at once."),
        False: ("ไม่รับ ผู้แจ้งเห็นผลในหน้าแรกของตน", "Not accepted: the claimant sees it on the first page."),
    }[accept]
    messages.success(request, pick(request, *told))
    return redirect("steward_claims")
