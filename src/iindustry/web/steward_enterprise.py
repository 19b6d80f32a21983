"""One enterprise before a steward: every value with all that competes, as it stands or as it stood; corrections answered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from iindustry.kernel import thaidate
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import NotFound
from iindustry.linkage.outcome import GROUND_WORDS, Ground
from iindustry.register import services as register
from iindustry.web.access import access
from iindustry.web.language import pick
from iindustry.web.steward_values import masked_correction, shown_name, told, value_rows
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from iindustry.kernel.actors import Actor

CLOCK = SystemClock()
CORRECTIONS_MOST = 20
_NO_DAY = (
    "โปรดกรอกวันที่ผ่านมาแล้วเป็นตัวเลข เช่น 22 11 2569",
    "Give a past day in figures, such as 22 11 2026.",
)
_NOT_YET = (
    "ณ วันนั้นทะเบียนยังไม่รู้จักกิจการนี้ แสดงข้อมูลปัจจุบันแทน",
    "On that day the register did not know this enterprise yet; the present is shown instead.",
)


@access(Role.STEWARD)
def enterprise(request: HttpRequest, enterprise_id: str) -> HttpResponse:
    """Every value with all that competes and the rule that chose, as it stands or as it stood on a day; members with grounds."""
    found = register.get_enterprise(enterprise_id)
    if found.enterprise_id != enterprise_id:
        return redirect("steward_enterprise", enterprise_id=found.enterprise_id)
    typed = [request.GET.get(part, "").strip() for part in ("day", "month", "year")]
    as_of, errors = _day(request, typed) if any(typed) else (None, [])
    if as_of:
        try:
            found = register.history(enterprise_id, as_of=as_of)
        except NotFound:
            as_of, errors = None, [("day", pick(request, *_NOT_YET))]
    is_person = found.is_person
    context = {
        "as_of": as_of,
        "typed": typed,
        "errors": errors,
        "enterprise": found,
        "name": shown_name(found.name_th, is_person=is_person),
        "values": value_rows(found.values, is_person=is_person),
        "establishments": [
            SimpleNamespace(
                site=one,
                name=shown_name(one.name, is_person=is_person),
                values=value_rows(one.values, is_person=is_person),
            )
            for one in found.establishments
        ],
        "records": [
            SimpleNamespace(ref=one, ground=Both(*GROUND_WORDS[Ground(one.link_ground)]), chance=one.match_probability)
            if len(found.records) > 1
            else SimpleNamespace(ref=one, ground=Both(*GROUND_WORDS[Ground.SINGLE]), chance=None)
            for one in found.records
        ],
        "corrections": [
            (hidden, told(hidden.field, hidden.proposed))
            for one in register.list_corrections(enterprise_id, limit=CORRECTIONS_MOST)
            for hidden in [masked_correction(one, is_person=is_person)]
        ],
    }
    return render(request, "web/steward/enterprise.html", context, status=422 if errors else 200)


def _day(request: HttpRequest, typed: list[str]) -> tuple[date | None, list[tuple[str, str]]]:
    """The day that was typed (either year), or what is wrong with it."""
    day = thaidate.parse("/".join(typed))
    if day is None or day > CLOCK.today():
        return None, [("day", pick(request, *_NO_DAY))]
    return day, []


@access(Role.STEWARD)
@require_POST
def answer(request: HttpRequest, correction_id: str) -> HttpResponse:
    """Accept or refuse a correction that an owner asked for."""
    accept = request.POST.get("answer") == "accept"
    actor: Actor = request.actor  # type: ignore[attr-defined]
    done = register.answer_correction(correction_id, accept, request.POST.get("ground", ""), actor=actor, clock=CLOCK)
    told = pick(request, "บันทึกคำตอบแล้ว และแจ้งผู้ขอในหน้ากิจการ", "The answer is recorded; the owner sees it.")
    messages.success(request, told)
    return redirect("steward_enterprise", enterprise_id=done.enterprise_id)
