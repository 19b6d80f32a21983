"""The agency data officer's pages (`/agency`): deliver, see what was found, mend, answer corrections.

She sees the registers that her own organisation answers for, and nothing of another's.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.config import jobs
from iindustry.flows import services as flows
from iindustry.flows.phases import phase_label
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.home import current_version
from iindustry.register import services as register
from iindustry.register.enterprise import CorrectionStatus
from iindustry.sources import services as sources
from iindustry.sources.contracts import Contract, Layout, contract_of, owned_by
from iindustry.sources.reasons import sentence as reason_sentence
from iindustry.web.access import access
from iindustry.web.language import is_thai, pick
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    from iindustry.kernel.actors import Actor
    from iindustry.sources.reports import DeliveryReport, QuarantinedRow

CLOCK = SystemClock()
ROWS_ON_PAGE = 20
DELIVERIES_ON_PAGE = 10
EXAMPLES = 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELL = re.compile(r"r(\d{1,9})-([a-z_]{1,40})")
STATUS_WORDS = {
    "accepted": ("รับแล้ว", "Accepted", "green"),
    "held": ("รอผู้ดูแลข้อมูล", "Held for a steward", "yellow"),
    "refused": ("ไม่รับ", "Not taken", "red"),
}


@access(Role.AGENCY_OFFICER)
def home(request: HttpRequest) -> HttpResponse:
    """Own registers: last delivery, accepted and waiting rows, open corrections, what others gained."""
    cards = [_card(contract) for contract in owned_by(_actor(request).organisation)]
    return render(request, "web/agency/home.html", {"cards": cards, "version": current_version(settings.HOME)})


@require_http_methods(["GET", "POST"])
@access(Role.AGENCY_OFFICER)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a register and a file; the file is read at once and its page shows what was found."""
    if request.method == "GET":
        return _upload_page(request, [])
    file = request.FILES.get("file")
    source = request.POST.get("source", "")
    if file is None:
        return _upload_page(request, [("file", pick(request, "ยังไม่ได้เลือกไฟล์", "No file was chosen"))])
    try:
        report = _deliver(request, source, file)
    except Rejected as error:
        field = {"period-unreadable": "period"}.get(error.code, "file")
        return _upload_page(request, [(field, sentence(request, error))])
    if report.accepted and not report.duplicate:
        jobs.ask_register(actor=_actor(request))  # her rows join without anybody's asking
    if report.duplicate:
        messages.info(
            request,
            pick(request, "ไฟล์นี้ส่งแล้วก่อนหน้านี้ จึงไม่ได้ทำซ้ำ", "This file was delivered before; nothing was done twice."),
        )
    return redirect("agency_delivery", report.delivery_id)


@access(Role.AGENCY_OFFICER)
def delivery(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """One delivery: counts, findings, the rows that wait with their faulty cells marked."""
    return _delivery_page(request, delivery_id, errors=[], typed={}, status=200)


@require_POST
@access(Role.AGENCY_OFFICER)
def mend(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Send the mended rows: only rows with a changed cell go."""
    actor = _actor(request)
    report = sources.get_delivery(delivery_id, actor=actor)
    typed = _typed(request)
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
    actor = _actor(request)
    report = sources.get_delivery(delivery_id, actor=actor)
    file = request.FILES.get("workbook")
    if file is None:
        errors = [("workbook", pick(request, "ยังไม่ได้เลือกไฟล์", "No file was chosen"))]
        return _delivery_page(request, delivery_id, errors=errors, typed={}, status=422)
    try:
        with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
            changed = sources.mends_from_workbook(report.delivery_id, _kept(file, Path(folder)), actor=actor)
        mended = sources.mend(report.delivery_id, changed, actor=actor, home=settings.HOME, clock=CLOCK)
    except (Rejected, Conflict) as error:
        errors = [("workbook", sentence(request, error))]
        return _delivery_page(request, delivery_id, errors=errors, typed={}, status=422)
    _tell_mended(request, mended)
    return redirect("agency_delivery", report.mends or report.delivery_id)


@access(Role.AGENCY_OFFICER)
def faulty_rows(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """The rows that wait, as a workbook with a column of reasons."""
    content = sources.faulty_rows_workbook(delivery_id, actor=_actor(request))
    return _attachment(content, f"{delivery_id}-rows.xlsx")


@access(Role.AGENCY_OFFICER)
def template(request: HttpRequest, source: str) -> HttpResponse:
    """The layout of one of her own registers as an empty workbook."""
    if contract_of(source) not in owned_by(_actor(request).organisation):
        raise NotFound("source-unknown", source=source)
    return _attachment(sources.template_workbook(source), f"{source}-template.xlsx")


@access(Role.AGENCY_OFFICER)
def corrections(request: HttpRequest) -> HttpResponse:
    """Corrections that owners asked of her registers, open ones first."""
    found = [
        (contract, one, _name_of(one.enterprise_id))
        for contract in owned_by(_actor(request).organisation)
        for one in register.list_corrections(source=contract.key, limit=50)
    ]
    found.sort(
        key=lambda item: (item[1].status is not CorrectionStatus.OPEN, item[1].asked_at, str(item[1].correction_id))
    )
    return render(request, "web/agency/corrections.html", {"corrections": found, "open": CorrectionStatus.OPEN})


@require_POST
@access(Role.AGENCY_OFFICER)
def answer(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Accept or refuse one correction, with the ground."""
    accept = request.POST.get("answer") == "accept"
    register.answer_correction(
        correction_id, accept, request.POST.get("ground", ""), actor=_actor(request), clock=CLOCK
    )
    messages.success(request, pick(request, "ตอบคำขอแล้ว ผู้ขอเห็นคำตอบทันที", "Answered. The owner sees the answer now."))
    return redirect("agency_corrections")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _card(contract: Contract) -> dict[str, Any]:
    deliveries = [one for one in sources.list_deliveries(source=contract.key, limit=50) if one.mends is None]
    last = deliveries[0] if deliveries else None
    open_requests = register.list_corrections(source=contract.key, status=CorrectionStatus.OPEN, limit=50)
    return {
        "contract": contract,
        "title": {"th": contract.title_th, "en": contract.title_en},
        "last": last,
        "deliveries": [(one, _status(one)) for one in deliveries[:DELIVERIES_ON_PAGE]],
        "waiting": sources.quarantined_count(last.delivery_id) if last else 0,
        "corrections": len(open_requests),
        "gain": _gain(contract.key),
    }


def _gain(source: str) -> dict[str, int] | None:
    """What others gained from a register: its records that met those of other registers, in the version in force."""
    version = current_version(settings.HOME)
    path = settings.HOME.register / (version or "") / "members.parquet"
    if version is None or not path.exists():
        return None
    import polars as pl

    members = pl.scan_parquet(path).select("source", "record_key", "enterprise_id")
    others = members.filter(pl.col("source") != source).select("enterprise_id").unique()
    own = members.filter(pl.col("source") == source)
    row = own.join(others, on="enterprise_id", how="semi").select(
        records=pl.len(), enterprises=pl.col("enterprise_id").n_unique()
    )
    counts = row.collect().row(0, named=True)
    return {"records": int(counts["records"]), "enterprises": int(counts["enterprises"])}


def _status(report: DeliveryReport) -> dict[str, str]:
    th, en, colour = STATUS_WORDS[report.status]
    return {"th": th, "en": en, "colour": colour}


def _upload_page(request: HttpRequest, errors: list[tuple[str, str]]) -> HttpResponse:
    own = [
        {"key": one.key, "title": {"th": one.title_th, "en": one.title_en}, "layouts": _headings(one)}
        for one in owned_by(_actor(request).organisation)
    ]
    context = {
        "own": own,
        "errors": errors,
        "chosen": request.POST.get("source", ""),
        "period": request.POST.get("period", ""),
    }
    return render(request, "web/agency/upload.html", context, status=422 if errors else 200)


def _headings(contract: Contract) -> list[str]:
    return [column.heading for column in contract.layouts[0].columns if column.required]


def _deliver(request: HttpRequest, source: str, file: UploadedFile[Any]) -> DeliveryReport:
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        return sources.deliver(
            _kept(file, Path(folder)), source=source, filename=Path(file.name or "file").name,
            period=request.POST.get("period") or None, actor=_actor(request), home=settings.HOME, clock=CLOCK,
        )  # fmt: skip


def _kept(file: UploadedFile[Any], folder: Path) -> Path:
    """The upload as a file; its name is not used."""
    path = folder / "upload"
    with path.open("wb") as out:
        for piece in file.chunks():
            out.write(piece)
    return path


def _typed(request: HttpRequest) -> dict[int, dict[str, str]]:
    """`r12-province=ตาก` as {12: {"province": "ตาก"}}."""
    typed: dict[int, dict[str, str]] = {}
    for name, text in request.POST.items():
        if found := _CELL.fullmatch(name):
            typed.setdefault(int(found[1]), {})[found[2]] = str(text)
    return typed


def _tell_mended(request: HttpRequest, report: DeliveryReport) -> None:
    if report.accepted:
        jobs.ask_register(actor=_actor(request))
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
    actor = _actor(request)
    report = sources.get_delivery(delivery_id, actor=actor)
    contract = contract_of(report.source)
    layout = contract.layout(report.layout)
    waiting = sources.list_quarantined(report.delivery_id, limit=ROWS_ON_PAGE)
    mends = sources.list_deliveries(mends=report.delivery_id, limit=20)
    context = {
        "report": report,
        "title": {"th": contract.title_th, "en": contract.title_en},
        "status": _status(report),
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


def _name_of(enterprise_id: str) -> str | None:
    try:
        return register.get_enterprise(enterprise_id).name_th
    except NotFound:
        return None


def _attachment(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox"
    return response
