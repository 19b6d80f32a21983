"""Pages for whoever builds a bank's side: how to connect, what events and refusals there are; and how services do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error as DatabaseFault
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from iindustry.config.words import words_of
from iindustry.exchange import events, rar
from iindustry.exchange import services as exchange
from iindustry.exchange.health import State
from iindustry.exchange.problems import PROBLEMS, Problem
from iindustry.kernel.clock import SystemClock
from iindustry.ledger import services as ledger
from iindustry.protection.service_fields import SERVICES
from iindustry.web.access import access

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.exchange.health import Health

GATES: tuple[tuple[int | None, str, str], ...] = (
    (1, "ผู้เรียก", "The caller"),
    (2, "โทเคน", "The token"),
    (3, "ลายเซ็นของคำขอ", "The call's signature"),
    (4, "ข้อตกลง", "The agreement"),
    (5, "ความยินยอม", "The consent"),
    (6, "ข้อมูลที่ขอ", "The fields"),
    (None, "หลังผ่านทุกด่าน", "After the gates"),
)
STATES: Mapping[State, tuple[str, str, str]] = {
    State.GOOD: ("ปกติ", "Good", "green"),
    State.BAD: ("ขัดข้อง", "Bad", "red"),
    State.UNSURE: ("ข้อมูลยังไม่พอ", "Too few calls to tell", "grey"),
}
_FACT = re.compile(r"\{[a-z]+\}")
_OTHERS = {
    rar.FEED: ("ข่าวถึงธนาคาร", "News for the bank"),
    rar.DELIVERIES: ("รับมอบทะเบียนจากหน่วยงาน", "Deliveries of agencies' registers"),
}


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One refusal as the page lists it."""

    row: Problem
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service's health as the page shows it: its names, the state's words and colour."""

    health: Health
    th: str
    en: str
    state_th: str
    state_en: str
    colour: str


@access()
def developers(request: HttpRequest) -> HttpResponse:
    """How to connect a bank's system."""
    gates = [(number, th, en, _problems_at(number)) for number, th, en in GATES]
    kinds = [(name, sorted(kind.needed), sorted(kind.welcome)) for name, kind in events.TYPES.items()]
    return render(
        request,
        "web/developers/developers.html",
        {"gates": gates, "kinds": kinds, "hub": exchange.hub_address(), "url": settings.PUBLIC_URL,
         "services": [_names(service) for service in rar.CONTRACTS]},
    )  # fmt: skip


@access()
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """One refusal: where the `type` of a problem document leads."""
    row = PROBLEMS.get(code)
    if row is None:
        raise Http404
    return render(request, "web/developers/problem.html", {"problem": _row(row)})


@access()
def health(request: HttpRequest) -> HttpResponse:
    """How the services do now. The page answers even where the database does not: then it says so."""
    clock = SystemClock()
    try:
        services = [_service(one) for one in exchange.health_of_services(clock=clock)]
        head, waiting = ledger.latest_checkpoint(), ledger.unsealed_count()
    except DatabaseFault:
        return render(request, "web/developers/health.html", {"is_down": True, "now": clock.now()}, status=503)
    context = {"services": services, "head": head, "waiting": waiting, "now": clock.now()}
    return render(request, "web/developers/health.html", context)


def _problems_at(gate: int | None) -> list[ProblemRow]:
    return [_row(row) for row in PROBLEMS.values() if row.gate == gate]


def _row(row: Problem) -> ProblemRow:
    words = words_of(row.code)
    return ProblemRow(row, _FACT.sub("…", words.th), _FACT.sub("…", words.en))


def _names(service: str) -> tuple[str, str, str]:
    known = SERVICES.get(service)
    th, en = (known.th, known.en) if known else _OTHERS[service]
    return service, th, en


def _service(one: Health) -> ServiceRow:
    _, th, en = _names(one.service)
    return ServiceRow(one, th, en, *STATES[one.state])
