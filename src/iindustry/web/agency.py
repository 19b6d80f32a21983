"""The agency data officer's home (`/agency`): her registers, templates, corrections, and her own register back.

She sees the registers that her own organisation answers for, and nothing of another's.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from iindustry.flows import services as flows
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import NotFound
from iindustry.kernel.home import current_version
from iindustry.register import services as register
from iindustry.register.enterprise import CorrectionStatus
from iindustry.register.masking import masked_name
from iindustry.sources import services as sources
from iindustry.sources.contracts import Contract, contract_of, owned_by
from iindustry.web.access import access
from iindustry.web.language import pick
from iindustry.web.steward_values import told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    from iindustry.kernel.actors import Actor
    from iindustry.register.enterprise import CorrectionRequest, EnterpriseName, RecordCard
    from iindustry.sources.reports import DeliveryReport

CLOCK = SystemClock()
DELIVERIES_ON_PAGE = 10
DELIVERIES_LOOKED_AT = 500
CORRECTIONS_MOST = 100
RECORDS_NAMED = 5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATUS_WORDS = {
    "accepted": ("รับแล้ว", "Accepted", "green"),
    "held": ("รอผู้ดูแลข้อมูล", "Held for a steward", "yellow"),
    "refused": ("ไม่รับ", "Not taken", "red"),
}


@access(Role.AGENCY_OFFICER)
def home(request: HttpRequest) -> HttpResponse:
    """Own registers: last delivery, accepted and waiting rows, open corrections, what others gained."""
    own = owned_by(acting(request).organisation)
    keys = [one.key for one in own]
    received = sources.list_deliveries(source=keys, first_sent=True, limit=DELIVERIES_LOOKED_AT)
    waiting = sources.quarantined_counts([one.delivery_id for one in received])
    asked = register.count_open(keys)
    cards = [_card(one, received, waiting, asked.get(one.key, 0)) for one in own]
    return render(request, "web/agency/home.html", {"cards": cards, "version": current_version(settings.HOME)})


@access(Role.AGENCY_OFFICER)
def template(request: HttpRequest, source: str) -> HttpResponse:
    """The layout of one of her own registers as an empty workbook."""
    if contract_of(source) not in owned_by(acting(request).organisation):
        raise NotFound("source-unknown", source=source)
    return attachment(sources.template_workbook(source), f"{source}-template.xlsx")


@access(Role.AGENCY_OFFICER)
def corrections(request: HttpRequest) -> HttpResponse:
    """Corrections that owners asked of her registers: the open ones first, the longest waiting on top; then the last answered."""
    own = {one.key: one for one in owned_by(acting(request).organisation)}
    waiting = register.list_corrections(
        source=list(own), status=CorrectionStatus.OPEN, oldest_first=True, limit=CORRECTIONS_MOST
    )
    last = register.list_corrections(source=list(own), limit=CORRECTIONS_MOST)
    asked = [*waiting, *(one for one in last if one.status is not CorrectionStatus.OPEN)]
    enterprises = sorted({one.enterprise_id for one in asked})
    names = register.names_of(enterprises)
    cards = register.list_cards(enterprises, sources=list(own))
    found = [
        SimpleNamespace(
            title={"th": own[one.source].title_th, "en": own[one.source].title_en},
            asked=one,
            records=_records(one, cards),
            name=_shown(names.get(one.enterprise_id)),
            current=told(one.field, one.current),
            proposed=told(one.field, one.proposed),
        )
        for one in asked
    ]
    return render(request, "web/agency/corrections.html", {"corrections": found, "open": CorrectionStatus.OPEN})


@require_POST
@access(Role.AGENCY_OFFICER)
def own_register(request: HttpRequest, source: str) -> FileResponse:
    """Her own register back with what linking found, as a file; each one handed out stands in the log."""
    if contract_of(source) not in owned_by(acting(request).organisation):
        raise NotFound("source-unknown", source=source)
    folder = TemporaryDirectory(prefix="returned-")
    made = flows.give_back(source, Path(folder.name), actor=acting(request), home=settings.HOME, clock=CLOCK)
    response = FileResponse(made.path.open("rb"), as_attachment=True, filename=made.path.name, content_type="text/csv")
    response["Content-Security-Policy"] = "sandbox"
    folder.cleanup()  # the open file outlives its name
    return response


@require_POST
@access(Role.AGENCY_OFFICER)
def answer(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Accept or refuse one correction, with the ground."""
    accept = request.POST.get("answer") == "accept"
    register.answer_correction(
        correction_id, accept, request.POST.get("ground", ""), actor=acting(request), clock=CLOCK
    )
    messages.success(request, pick(request, "ตอบคำขอแล้ว ผู้ขอเห็นคำตอบทันที", "Answered. The owner sees the answer now."))
    return redirect("agency_corrections")


def acting(request: HttpRequest) -> Actor:
    """Who asks, for which agency."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _card(
    contract: Contract, received: list[DeliveryReport], waiting: dict[str, int], asked: int
) -> dict[str, Any]:  # fmt: skip
    deliveries = [one for one in received if one.source == contract.key]
    last = deliveries[0] if deliveries else None
    version = current_version(settings.HOME)
    return {
        "contract": contract,
        "title": {"th": contract.title_th, "en": contract.title_en},
        "last": last,
        "deliveries": [(one, status_of(one)) for one in deliveries[:DELIVERIES_ON_PAGE]],
        "taken": last.rows - waiting.get(last.delivery_id, 0) if last else 0,  # mended rows count as taken
        "waiting": sum(waiting.get(one.delivery_id, 0) for one in deliveries),
        "mend_first": next((one.delivery_id for one in deliveries if waiting.get(one.delivery_id)), None),
        "corrections": asked,
        "gain": _gain(contract.key, settings.HOME.register / version) if version else None,
    }


@lru_cache(maxsize=64)  # a version never changes
def _gain(source: str, version: Path) -> dict[str, int] | None:
    """What others gained from a register: its records that met those of other registers, in a version."""
    import polars as pl

    if not (version / "members.parquet").exists():
        return None
    members = pl.scan_parquet(version / "members.parquet").select("source", "record_key", "enterprise_id")
    others = members.filter(pl.col("source") != source).select("enterprise_id").unique()
    own = members.filter(pl.col("source") == source)
    row = own.join(others, on="enterprise_id", how="semi").select(
        records=pl.len(), enterprises=pl.col("enterprise_id").n_unique()
    )
    counts = row.collect().row(0, named=True)
    return {"records": int(counts["records"]), "enterprises": int(counts["enterprises"])}


def status_of(report: DeliveryReport) -> dict[str, str]:
    """Words and colour of where a delivery stands."""
    th, en, colour = STATUS_WORDS[report.status]
    return {"th": th, "en": en, "colour": colour}


def kept(file: UploadedFile[Any], folder: Path) -> Path:
    """The upload as a file; its name is not used."""
    path = folder / "upload"
    with path.open("wb") as out:
        for piece in file.chunks():
            out.write(piece)
    return path


def _records(asked: CorrectionRequest, cards: Sequence[RecordCard]) -> list[str]:
    """Keys of her own records that the request is about: what she finds the row by, in her register."""
    keys = [
        one.ref.record_key
        for one in cards
        if (one.enterprise_id, one.ref.source) == (asked.enterprise_id, asked.source)
        and asked.establishment_id in {None, one.ref.establishment_id}
    ]
    return keys[:RECORDS_NAMED]


def _shown(name: EnterpriseName | None) -> str | None:
    """An enterprise's name; a natural person's may be known from another's register only, so it is masked."""
    if name is None:
        return None
    return masked_name(name.th) if name.is_person else name.th


def attachment(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep, which no browser opens as a page."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox"
    return response
