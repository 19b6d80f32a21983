"""Delivering a file by the page: choose it, see how its columns are understood, and wait while it is read (`/agency/upload`)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from iindustry.config import jobs
from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Rejected
from iindustry.sources import services as sources
from iindustry.sources.contracts import Contract, owned_by
from iindustry.web.access import access
from iindustry.web.agency import CLOCK, acting, kept
from iindustry.web.language import pick
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from iindustry.sources.reports import DeliveryReport


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
        jobs.ask_register(actor=acting(request))  # her rows join without anybody's asking
    if report.duplicate:
        messages.info(
            request,
            pick(request, "ไฟล์นี้ส่งแล้วก่อนหน้านี้ จึงไม่ได้ทำซ้ำ", "This file was delivered before; nothing was done twice."),
        )
    return redirect("agency_delivery", report.delivery_id)


def _upload_page(request: HttpRequest, errors: list[tuple[str, str]]) -> HttpResponse:
    own = [
        {"key": one.key, "title": {"th": one.title_th, "en": one.title_en}, "layouts": _headings(one)}
        for one in owned_by(acting(request).organisation)
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
            kept(file, Path(folder)), source=source, filename=Path(file.name or "file").name,
            period=request.POST.get("period") or None, actor=acting(request), home=settings.HOME, clock=CLOCK,
        )  # fmt: skip
