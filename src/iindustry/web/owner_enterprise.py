"""What the registers say of the owner's business, each value with source and date; and saying that one is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.protection.service_fields import GROUPS
from iindustry.reference import fields as reference
from iindustry.register import services as register
from iindustry.register.enterprise import stale
from iindustry.web.access import access
from iindustry.web.language import pick
from iindustry.web.owner import OURS, unconfirmed
from iindustry.web.pressed import actor_of
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from iindustry.register.enterprise import Enterprise, Value

CLOCK = SystemClock()


@access(*OURS)
def enterprise(request: HttpRequest) -> HttpResponse:
    """What the registers say of the business, each value with source and date."""
    if actor_of(request).enterprise_id is None:
        return unconfirmed(request)
    found = _enterprise(request)
    sections = _sections(found)
    return render(request, "web/owner/enterprise.html", {"enterprise": found, "sections": sections})


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
            str(actor_of(request).enterprise_id), field, request.POST.get("proposed", ""), request.POST.get("reason", ""),
            actor=actor_of(request), clock=CLOCK, establishment_id=place,
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


def _enterprise(request: HttpRequest) -> Enterprise:
    enterprise_id = actor_of(request).enterprise_id
    if enterprise_id is None:
        raise NotFound("enterprise-unknown")
    return register.get_enterprise(enterprise_id)


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
