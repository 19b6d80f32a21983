"""Deliveries before a steward (`/steward/deliveries`): those held after a large fall, to be released or refused, and the last that came.

A held delivery would replace one with many more rows; whoever sent it by mistake is not the one who lets it through.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from iindustry.config import jobs
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Rejected
from iindustry.sources import services as sources
from iindustry.sources.contracts import contract_of
from iindustry.web.access import access
from iindustry.web.agency import status_of
from iindustry.web.language import pick
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from iindustry.kernel.actors import Actor
    from iindustry.sources.reports import DeliveryReport

CLOCK = SystemClock()
HELD_MOST = 50
SHOWN_MOST = 20
LOOKED_AT = 500


@access(Role.STEWARD)
def deliveries(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, with the delivery that it would replace; then the last deliveries."""
    held = sources.list_deliveries(status="held", first_sent=True, limit=HELD_MOST)
    in_force = sources.list_deliveries(status="accepted", first_sent=True, limit=LOOKED_AT)
    last = sources.list_deliveries(limit=SHOWN_MOST)
    context = {
        "held": [_held(one, in_force) for one in held],
        "last": [SimpleNamespace(report=one, status=status_of(one), title=title_of(one)) for one in last],
        "most": SHOWN_MOST,
    }
    return render(request, "web/steward/deliveries.html", context)


@access(Role.STEWARD)
@require_POST
def decide(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Let a held delivery come into force, or refuse it. NotFound `delivery-unknown`; Conflict `delivery-not-held`."""
    answer = {"release": True, "refuse": False}.get(request.POST.get("answer", ""))
    if answer is None:
        raise Rejected("delivery-answer-missing", field="answer")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    report = sources.release(delivery_id, accept=answer, actor=actor, clock=CLOCK)
    if answer:
        jobs.ask_register(actor=actor)  # its rows join without anybody's asking
        said = pick(
            request,
            f"ใช้ไฟล์ {report.filename} แล้ว กำลังสร้างทะเบียนกลางรุ่นถัดไป",
            f"{report.filename} is in force; the next register version is being built.",
        )
    else:
        said = pick(
            request,
            f"ไม่ใช้ไฟล์ {report.filename} ชุดก่อนยังมีผลอยู่ หน่วยงานเห็นผลในหน้าของตน",
            f"{report.filename} is not taken; the earlier one stays in force, and the agency sees it on its page.",
        )
    messages.success(request, said)
    return redirect("steward_deliveries")


def title_of(report: DeliveryReport) -> Both:
    """The register's name."""
    contract = contract_of(report.source)
    return Both(contract.title_th, contract.title_en)


def _held(one: DeliveryReport, accepted: Sequence[DeliveryReport]) -> SimpleNamespace:
    """A held delivery beside the one it would replace: of the same register, layout and scope."""
    kind = one.source, one.layout, one.scope
    before = next((each for each in accepted if (each.source, each.layout, each.scope) == kind), None)
    fell = 1 - one.accepted / before.accepted if before and before.accepted else None
    return SimpleNamespace(report=one, title=title_of(one), before=before, fell=fell)
