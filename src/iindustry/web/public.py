"""Pages for everybody: the first page with the live strip, the doors of the demo country, the fixed pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from iindustry.accounts import services as accounts
from iindustry.flows import services as flows
from iindustry.insight import services as insight
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.home import current_version
from iindustry.protection import services as protection
from iindustry.web.access import CHOSEN, access, actor_of_request

if TYPE_CHECKING:
    from typing import Any

LINES = {
    "s_curve": ("อุตสาหกรรมเป้าหมาย (S-curve)", "S-curve industries"),
    "sme_upgrade": ("ยกระดับ SME และสตาร์ทอัพ", "SMEs and start-ups"),
    "area": ("พัฒนาเชิงพื้นที่", "Areas"),
    "green": ("สังคมและสิ่งแวดล้อม", "Society and environment"),
    "smart_gov": ("ภาครัฐอัจฉริยะ", "Smart government"),
}
STEPS = {
    "eligible": ("มีคุณสมบัติ", "Eligible"),
    "applied": ("ยื่นคำขอ", "Applied"),
    "disbursed": ("ได้รับเงิน", "Disbursed"),
}
HOME_OF: dict[Role, str] = {
    Role.ANONYMOUS: "/",
    Role.OWNER: "/my",
    Role.DELEGATE: "/my",
    Role.BANK_OFFICER: "/bank",
    Role.BANK_SYSTEM: "/",
    Role.AGENCY_OFFICER: "/agency",
    Role.STEWARD: "/steward",
    Role.ANALYST: "/policy",
    Role.AUDITOR: "/audit",
    Role.OPERATOR: "/",
}


@access()
def first(request: HttpRequest) -> HttpResponse:
    """The first page: what this is, the live strip, the memorandum, the lines on the map, the doors."""
    return render(request, "web/public/first.html", _live(request) | _map(request) | {"doors": _doors()})


@access()
def live(request: HttpRequest) -> HttpResponse:
    """The strip alone, asked again each second while the country is being made."""
    return render(request, "web/public/live.html", _live(request))


@access()
def home(request: HttpRequest) -> HttpResponse:
    """Everybody's own first page."""
    return redirect(HOME_OF[actor_of_request(request).role])


@require_POST
@access()
def enter(request: HttpRequest, door: str) -> HttpResponse:
    """One press and one is somebody of the demo country. Outside the demo there are no doors."""
    if not settings.DEMO:
        raise Http404
    known = {one.key: one for one in accounts.list_doors()}
    if door not in known:
        raise Http404
    person = get_user_model()._default_manager.get_by_natural_key(known[door].username)  # noqa: SLF001 - Django's own name
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    theirs = accounts.enterprises_of(person.pk, clock=SystemClock())
    if theirs:
        request.session[CHOSEN] = theirs[0]
    return redirect("/home")


@access()
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the pages claim of accessibility, and the gaps known."""
    return render(request, "web/public/accessibility.html")


@access()
def terms(request: HttpRequest) -> HttpResponse:
    """Terms of use."""
    return render(request, "web/public/terms.html")


def _live(request: HttpRequest) -> dict[str, Any]:
    work = flows.latest_work("make_country")
    version = current_version(settings.HOME)
    return {
        "work": work,
        "working": bool(work and work.finished_at is None),
        "version": version,
        "strip": insight.strip(settings.HOME),
        "card": protection.memorandum(),
    }


def _map(request: HttpRequest) -> dict[str, Any]:
    from iindustry.reference import areas

    line = request.GET.get("line", "area")
    line = line if line in LINES and line != "smart_gov" else "area"
    step = request.GET.get("step", "eligible")
    step = step if step in STEPS else "eligible"
    return {
        "lines": LINES,
        "line": line,
        "steps": STEPS,
        "step": step,
        "shapes": areas.province_paths(),
        "map": insight.map_of_lines(settings.HOME, line=line, step=step),
        "smart": insight.smart_government(settings.HOME),
    }


def _doors() -> Any:
    return accounts.list_doors() if settings.DEMO else ()
