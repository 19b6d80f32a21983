"""Pages for everybody: the first page with the live strip, the doors of the demo country, the fixed pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from iindustry.accounts import services as accounts
from iindustry.accounts.doors import ROLE_WORDS
from iindustry.flows import services as flows
from iindustry.flows.phases import phase_label
from iindustry.generate.cast import ENTERPRISES, PEOPLE
from iindustry.insight import figures
from iindustry.insight import services as insight
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.home import current_version
from iindustry.programmes.describe import LINE_WORDS
from iindustry.protection import services as protection
from iindustry.reference import areas
from iindustry.web.access import CHOSEN, access, actor_of_request
from iindustry.web.language import is_thai

if TYPE_CHECKING:
    from typing import Any

    from django.http.response import HttpResponseBase

    from iindustry.accounts.doors import Door
    from iindustry.insight.tables import Cell, Choropleth, LineTotal

LEAST = 10  # smaller cells are never shown, so no class begins below
STEPS = {
    "eligible": {"th": "มีคุณสมบัติ", "en": "Eligible"},
    "applied": {"th": "ยื่นคำขอ", "en": "Applied"},
    "disbursed": {"th": "ได้รับเงิน", "en": "Disbursed"},
}
AGREEMENT_STATUS = {
    "draft": {"th": "ร่าง", "en": "Draft"},
    "signed": {"th": "ลงนามแล้ว", "en": "Signed"},
    "active": {"th": "มีผลบังคับ", "en": "In force"},
    "suspended": {"th": "ระงับชั่วคราว", "en": "Suspended"},
    "ended": {"th": "สิ้นสุดแล้ว", "en": "Ended"},
}
# What to try as each person of the story.
ACTS: dict[str, dict[str, str]] = {
    "malee": {"th": "มีสินเชื่อและมาตรการที่ตรงเงื่อนไข ลองยื่นขอ", "en": "Loans and measures fit. Apply for one."},
    "somchai": {"th": "ยื่นคำขอที่ ธสน. แล้ว ดูว่าเรื่องอยู่ที่ใคร", "en": "Has applied at EXIM Bank. See who holds the case."},
    "bua": {"th": "ยื่นคำขอที่ ธพว. แล้ว ดูว่าใครเปิดดูข้อมูล", "en": "Has applied at SME D Bank. See who looked at the data."},
    "anan": {"th": "รับคำขอ ขอเอกสาร อนุมัติ บันทึกการเบิกจ่าย", "en": "Takes up a case, asks for a paper, approves, pays."},
    "kanya": {"th": "เห็นเฉพาะคำขอของธนาคารตน", "en": "Sees only the cases of that bank."},
    "wipa": {"th": "ส่งไฟล์ทะเบียนที่มีจุดผิด แล้วแก้ในหน้าเว็บ", "en": "Delivers a faulty file and mends it in the page."},
    "chai": {"th": "ตัดสินว่าสองระเบียนเป็นกิจการเดียวกันหรือไม่", "en": "Judges whether two records are one enterprise."},
    "prasit": {"th": "ดูว่าสินเชื่อถึงใคร และธนาคารปฏิเสธเพราะอะไร", "en": "Sees whom loans reach and why banks decline."},
    "nida": {"th": "ตรวจว่าบัญชีเหตุการณ์ไม่ถูกแก้ไข", "en": "Checks that the log was not altered."},
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
    context = _live(request)
    response = render(request, "web/public/live.html", context)
    if not context["working"]:
        response["HX-Refresh"] = "true"  # the country is complete: the whole page, with its map and doors
    return response


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
def sample(request: HttpRequest, name: str) -> HttpResponseBase:  # noqa: ARG001 - a view
    """A file of the story (`dip-broken.csv` and its like), to try the clerk's page with. The demo country alone has them."""
    folder = settings.HOME.demo / "country" / "samples"
    known = {path.name: path for path in sorted(folder.glob("*.csv"))} if settings.DEMO else {}
    if name not in known:
        raise Http404
    return FileResponse(known[name].open("rb"), as_attachment=True, filename=name, content_type="text/csv")


@access()
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the pages claim of accessibility, and the gaps known."""
    return render(request, "web/public/accessibility.html")


@access()
def terms(request: HttpRequest) -> HttpResponse:
    """Terms of use."""
    return render(request, "web/public/terms.html")


def _live(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - one shape for the parts of the page
    work = flows.latest_work("make_country")
    card = protection.memorandum()
    return {
        "work": work,
        "working": work.is_open if work else _is_about_to_begin(),
        "phase": phase_label(work.phase if work else "waiting"),
        "finished": [{"label": phase_label(one.phase), "seconds": f"{one.seconds:.1f}"} for one in work.phases]
        if work
        else [],
        "strip": insight.strip(settings.HOME),
        "card": card,
        "card_status": AGREEMENT_STATUS.get(card.status) if card else None,
        "log_size": f"{card.log_size:,}" if card and card.log_size else "0",
    }


def _is_about_to_begin() -> bool:
    """Whether the demo country has been promised and its making has not been written down yet."""
    return settings.DEMO and current_version(settings.HOME) is None


def _map(request: HttpRequest) -> dict[str, Any]:
    line = request.GET.get("line", "area")
    line = line if line in figures.MAP_LINES else "area"
    step = request.GET.get("step", "eligible")
    step = step if step in STEPS else "eligible"
    chart = insight.map_of_lines(settings.HOME, line=line, step=step)
    smart = insight.smart_government(settings.HOME)
    return {
        "line": line,
        "step": step,
        "line_title": LINE_WORDS[line],
        "step_title": STEPS[step],
        "steps": STEPS.items(),
        "view_box": areas.province_view_box(),
        "shapes": _shapes(chart),
        "legend": _legend(chart),
        "map": {"totals": [_total(one) for one in chart.totals]},
        "smart": smart,
        "offices": [(one.office, one.days.sign) for one in smart.offices],
    }


def _total(total: LineTotal) -> dict[str, Any]:
    return {
        "line": total.line,
        "title": LINE_WORDS[total.line],
        "shown": [_number(total.cells[step]) for step in STEPS],
    }


def _shapes(chart: Choropleth) -> list[dict[str, str]]:
    paths = areas.province_paths()
    shapes = []
    for code, area in sorted(chart.provinces.items()):
        name, text = (area.th if is_thai() else area.en), _number(area.cell)
        shapes.append({"css": area.css, "d": paths[code], "name": name, "text": text, "title": f"{name}: {text}"})
    return shapes


def _legend(chart: Choropleth) -> list[tuple[str, str]]:
    lowest, legend = LEAST, []
    for number, bound in enumerate(chart.bounds, start=1):
        legend.append((f"c{number}", f"{lowest:,} – {bound:,}" if lowest < bound else f"{bound:,}"))
        lowest = int(bound) + 1
    thai = is_thai()
    return [
        *legend,
        ("small", "น้อยกว่า 10 หรือปกปิด" if thai else "fewer than 10, or withheld"),
        ("none", "ไม่มี" if thai else "none"),
    ]


def _number(cell: Cell) -> str:
    return f"{cell.value:,}" if cell.is_shown and cell.value is not None else cell.sign


def _doors() -> Any:
    """The people of the story in its order: who each is, of what, and what to try as that person."""
    if not settings.DEMO:
        return ()
    order = {one.username: place for place, one in enumerate(PEOPLE)}
    found = sorted(accounts.list_doors(), key=lambda one: order.get(one.username, len(order)))
    return [
        {"key": one.key, "name": {"th": one.name_th, "en": one.name_en}, "of": _of(one), "act": ACTS.get(one.username)}
        for one in found
    ]


def _of(door: Door) -> dict[str, str]:
    """Where this person stands: the owner's enterprise and its province, an officer's role and organisation."""
    key = next((one.enterprise for one in PEOPLE if one.username == door.username), None)
    business = next((one for one in ENTERPRISES if one.key == key), None)
    if business is None:
        if door.role is Role.AUDITOR:
            return dict(zip(("th", "en"), ROLE_WORDS[Role.AUDITOR], strict=True))
        return {"th": door.title_th, "en": door.title_en}
    province = areas.province(business.juristic_id[1:3])
    th, en = ROLE_WORDS[door.role]
    if province is None:
        return {"th": f"{th} {business.name_th}", "en": f"{en}, {business.name_en}"}
    return {"th": f"{th} {business.name_th} จ.{province.th}", "en": f"{en}, {business.name_en}, {province.en}"}
