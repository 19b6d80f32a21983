"""One delivery of an agency: what was found, and the rows that wait, mended in the page or in a spreadsheet (`/agency/deliveries`)."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.config import jobs
from iindustry.flows import services as flows
from iindustry.flows.phases import phase_label
from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.home import current_version
from iindustry.sources import services as sources
from iindustry.sources.contracts import Layout, contract_of
from iindustry.sources.reasons import sentence as reason_sentence
from iindustry.web.access import access
from iindustry.web.agency import CLOCK, acting, attachment, kept, status_of
from iindustry.web.language import is_switched, is_thai, keeps_typed, pick
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from iindustry.sources.reports import DeliveryReport, QuarantinedRow

ROWS_ON_PAGE = 20
EXAMPLES = 3
_CELL = re.compile(r"r(\d{1,9})-([a-z0-9_]{1,40})")


@access(Role.AGENCY_OFFICER)
def delivery(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """One delivery: counts, findings, the rows that wait with their faulty cells marked."""
    return _delivery_page(request, delivery_id, errors=[], typed={}, status=200)


@require_http_methods(["GET", "POST"])
@access(Role.AGENCY_OFFICER)
@keeps_typed
def mend(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Send the mended rows: only rows with a changed cell go. Asked for again it is the delivery's page."""
    actor = acting(request)
    report = sources.get_delivery(delivery_id, actor=actor)
    if request.method == "GET":
        return redirect("agency_delivery", report.delivery_id)
    typed = _typed(request)
    if is_switched(request):
        return _delivery_page(request, delivery_id, errors=[], typed=typed, status=200)
    changed = sources.changed_cells(typed, sources.list_quarantined(report.delivery_id, limit=sources.MOST_MENDED))
    try:
        mended = sources.mend(report.delivery_id, changed, actor=actor, home=settings.HOME, clock=CLOCK)
    except (Rejected, Conflict) as error:
        return _delivery_page(request, delivery_id, errors=[("", sentence(request, error))], typed=typed, status=422)
    _tell_mended(request, mended)
    return redirect("agency_delivery", report.mends or report.delivery_id)


@require_POST
@access(Role.AGENCY_OFFICER)
def mend_by_workbook(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Send back the downloaded workbook of faulty rows."""
    actor = acting(request)
    report = sources.get_delivery(delivery_id, actor=actor)
    file = request.FILES.get("workbook")
    if file is None:
        errors = [("workbook", pick(request, "ยังไม่ได้เลือกไฟล์", "No file was chosen"))]
        return _delivery_page(request, delivery_id, errors=errors, typed={}, status=422)
    try:
        with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
            changed = sources.mends_from_workbook(report.delivery_id, kept(file, Path(folder)), actor=actor)
        mended = sources.mend(report.delivery_id, changed, actor=actor, home=settings.HOME, clock=CLOCK)
    except (Rejected, Conflict) as error:
        errors = [("workbook", sentence(request, error))]
        return _delivery_page(request, delivery_id, errors=errors, typed={}, status=422)
    _tell_mended(request, mended)
    return redirect("agency_delivery", report.mends or report.delivery_id)


@access(Role.AGENCY_OFFICER)
def faulty_rows(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """The rows that wait, as a workbook with a column of reasons."""
    content = sources.faulty_rows_workbook(delivery_id, actor=acting(request))
    return attachment(content, f"{delivery_id}-rows.xlsx")


def _typed(request: HttpRequest) -> dict[int, dict[str, str]]:
    """`r12-province=ตาก` as {12: {"province": "ตาก"}}."""
    typed: dict[int, dict[str, str]] = {}
    for name, text in request.POST.items():
        if found := _CELL.fullmatch(name):
            typed.setdefault(int(found[1]), {})[found[2]] = str(text)
    return typed


def _tell_mended(request: HttpRequest, report: DeliveryReport) -> None:
    if report.accepted:
        jobs.ask_register(actor=acting(request))
        said = pick(request, f"รับแถวที่แก้แล้ว {report.accepted:,} แถว", f"{report.accepted:,} mended rows were accepted.")
        messages.success(request, said)
    if report.quarantined:
        said = pick(
            request,
            f"ยังต้องแก้อีก {report.quarantined:,} แถวจากที่ส่ง",
            f"{report.quarantined:,} of the rows sent still need mending.",
        )
        messages.warning(request, said)


def _delivery_page(
    request: HttpRequest,
    delivery_id: str,
    *,
    errors: list[tuple[str, str]],
    typed: dict[int, dict[str, str]],
    status: int,
) -> HttpResponse:
    actor = acting(request)
    report = sources.get_delivery(delivery_id, actor=actor)
    contract = contract_of(report.source)
    layout = contract.layout(report.layout)
    waiting = sources.list_quarantined(report.delivery_id, limit=ROWS_ON_PAGE)
    mends = sources.list_deliveries(mends=report.delivery_id, limit=20)
    context = {
        "report": report,
        "title": {"th": contract.title_th, "en": contract.title_en},
        "status": status_of(report),
        "constants": [(_heading(layout, name), text) for name, text in report.constants],
        "findings": _findings(report, layout),
        "rows": [_row(request, one, layout, typed.get(one.row, {})) for one in waiting],
        "waiting_count": sources.quarantined_count(report.delivery_id),
        "mends": mends,
        "mended_count": sum(one.accepted for one in mends),
        "joined": [(one, sources.joined_count(one, home=settings.HOME)) for one in (report, *mends)],
        "version": current_version(settings.HOME),
        **_joining(),
        "errors": errors,
    }
    return render(request, "web/agency/delivery.html", context, status=status)


def _joining() -> dict[str, Any]:
    """The next register version while it is being built: its phase, in words."""
    work = flows.latest_work("rebuild_register")
    if work is None or not work.is_open:
        return {"work": None}
    return {"work": work, "phase": phase_label(work.phase)}


def _findings(report: DeliveryReport, layout: Layout) -> list[dict[str, Any]]:
    examples: dict[tuple[str, str], list[int]] = {}
    for one in sources.list_findings(report.delivery_id, limit=1000):
        examples.setdefault((one.code, one.column), []).append(one.row)
    return [
        {
            "words": reason_sentence(one.code, layout, one.column),
            "heading": _heading(layout, one.column),
            "count": one.count,
            "rows": examples.get((one.code, one.column), [])[:EXAMPLES],
        }
        for one in report.findings
    ]


def _heading(layout: Layout, column: str) -> str:
    return next((one.heading for one in layout.columns if one.name == column), column)


def _row(request: HttpRequest, row: QuarantinedRow, layout: Layout, typed: dict[str, str]) -> dict[str, Any]:
    """One waiting row for its form: faulty cells first, the others folded away."""
    faults: dict[str, list[str]] = {}
    whole: list[str] = []
    for reason in row.reasons:
        words = reason_sentence(reason.code, layout, reason.column)
        said = f"{words.th} – {words.do_th}" if is_thai(request) else f"{words.en}. {words.do_en}."
        (faults.setdefault(reason.column, []) if reason.column in row.cells else whole).append(said)
    cells = [
        {"id": f"r{row.row}-{name}", "heading": _heading(layout, name), "sent": sent, "text": typed.get(name, sent or ""), "faults": faults.get(name, [])}
        for name, sent in row.cells.items()
    ]  # fmt: skip
    return {
        "row": row.row,
        "whole": whole,
        "faulty": [one for one in cells if one["faults"]],
        "others": [one for one in cells if not one["faults"]],
    }
