"""Delivering a file by the page: choose it, see how its columns are understood, wait while it is read (`/agency/upload`).

A file whose headings are an agreed layout's, or were confirmed before, is read at once; a large one by the worker, with its progress.
Any other file waits until the columns have been checked: nothing is guessed behind the clerk's back.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from iindustry.config import jobs
from iindustry.flows import services as flows
from iindustry.flows.phases import WorkStatus, phase_label
from iindustry.kernel.actors import Role
from iindustry.kernel.errors import NotFound, Rejected
from iindustry.sources import services as sources
from iindustry.sources.contracts import Contract, contract_of, owned_by
from iindustry.sources.mappings import SPLITS, UNITS, is_of_one_file
from iindustry.web.access import access
from iindustry.web.agency import CLOCK, acting
from iindustry.web.language import is_switched, keeps_typed, pick
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from iindustry.kernel.actors import Actor
    from iindustry.sources.contracts import Layout
    from iindustry.sources.services import Look
    from iindustry.sources.suggesting import GuessedColumn

READ_AT_ONCE = 4 * 1024 * 1024  # bytes; a larger file is the worker's
_GUESSES = frozenset({"near", "content", "split"})
_PROBLEM_OF = {"period-unreadable": "period"}


@require_http_methods(["GET", "POST"])
@access(Role.AGENCY_OFFICER)
@keeps_typed
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a register and a file. What cannot be read at all is refused here, with what to do."""
    if request.method == "GET" or is_switched(request):
        return _upload_page(request, [])
    file = request.FILES.get("file")
    if file is None:
        return _upload_page(request, [("file", pick(request, "ยังไม่ได้เลือกไฟล์", "No file was chosen"))])
    actor, name, period = acting(request), Path(file.name or "file").name, request.POST.get("period") or None
    incoming = ""
    try:
        incoming = sources.receive(
            file.chunks(), filename=name, source=request.POST.get("source", ""), period=period, actor=actor,
            home=settings.HOME, clock=CLOCK,
        )  # fmt: skip
        look = sources.look_at(incoming, actor=actor, home=settings.HOME, clock=CLOCK)
        if look.layout is None:
            return redirect("agency_columns", incoming)
        return _read(request, look, mapping=None)
    except Rejected as error:
        if incoming:
            sources.forget_incoming(incoming, actor=actor, home=settings.HOME)
        return _upload_page(request, [(_PROBLEM_OF.get(error.code, "file"), sentence(request, error))])


@require_http_methods(["GET", "POST"])
@access(Role.AGENCY_OFFICER)
@keeps_typed
def columns(request: HttpRequest, incoming: str) -> HttpResponse:
    """Columns found beside columns expected, the nearest guess chosen, and the first rows as understood."""
    actor = acting(request)
    look = sources.look_at(incoming, actor=actor, home=settings.HOME, clock=CLOCK)
    if request.method == "GET":
        return _columns_page(request, look, [])
    mapping = _mapping(request, look)
    if is_switched(request):
        return _columns_page(request, _sampled(look, mapping, actor), [], chosen=mapping)
    if missing := _missing(look, mapping):
        words = pick(
            request,
            "เลือกคอลัมน์ของไฟล์ที่ตรงกับ “{0}” หรือกรอกค่าที่เหมือนกันทุกแถว",
            "Choose the column that holds “{0}”, or write the one value of every row",
        )
        errors = [(f"column-{one.name}", words.format(one.title)) for one in missing]
        return _columns_page(request, look, errors, chosen=mapping)
    try:
        tried = sources.look_at(incoming, mapping=mapping, actor=actor, home=settings.HOME, clock=CLOCK)
        if request.POST.get("act") != "read":
            return _columns_page(request, tried, [], chosen=mapping)
        return _read(request, look, mapping=mapping)
    except Rejected as error:
        return _columns_page(request, look, [("", sentence(request, error))], chosen=mapping)


def _sampled(look: Look, mapping: dict[str, Any], actor: Actor) -> Look:
    """The same look, its sample as what was chosen reads it, where it reads anything."""
    try:
        tried = sources.look_at(look.incoming_id, mapping=mapping, actor=actor, home=settings.HOME, clock=CLOCK)
    except Rejected:
        return look
    return replace(look, mapping=replace(look.mapping, sample=tried.sample))


@access(Role.AGENCY_OFFICER)
def reading(request: HttpRequest, incoming: str) -> HttpResponse:
    """Where the reading of a large file is, phase by phase; at its end the delivery's own page."""
    work = flows.latest_work("deliver_file", subject=incoming)
    if work is None or work.asked_by != acting(request).tag:
        raise NotFound("incoming-unknown")
    if work.status is WorkStatus.DONE:
        delivery = sources.get_delivery(str(work.result["delivery_id"]), actor=acting(request))
        return _arrived(request, "agency_delivery", delivery.delivery_id)
    context = {
        "work": work,
        "incoming": incoming,
        "phase": phase_label(work.phase),
        "finished": [(phase_label(one.phase), one.seconds) for one in work.phases],
        "refused": sentence(request, Rejected(work.error_code, **work.error_facts)) if work.error_code else "",
    }
    return render(request, "web/agency/reading.html", context)


def _arrived(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """A redirect that also takes a fragment's page along."""
    answer = redirect(name, key)
    if request.headers.get("HX-Request"):
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = answer.url
        return moved
    return answer


def _read(request: HttpRequest, look: Look, *, mapping: dict[str, Any] | None) -> HttpResponse:
    """Read it now, or ask the worker."""
    actor, incoming = acting(request), look.incoming_id
    if look.size_bytes > READ_AT_ONCE:
        jobs.ask_delivery(incoming, mapping=mapping, actor=actor)
        return redirect("agency_reading", incoming)
    report = sources.deliver_incoming(incoming, mapping=mapping, actor=actor, home=settings.HOME, clock=CLOCK)
    if report.duplicate:
        said = "ไฟล์นี้ส่งแล้วก่อนหน้านี้ จึงไม่ได้ทำซ้ำ", "This file was delivered before; nothing was done twice."
        messages.info(request, pick(request, *said))
    elif report.accepted:
        jobs.ask_register(actor=actor)  # her rows join without anybody's asking
    return redirect("agency_delivery", report.delivery_id)


def _mapping(request: HttpRequest, look: Look) -> dict[str, Any]:
    """What the form chose, as a mapping's document; only headings that the file has."""
    chosen: dict[str, dict[str, str]] = {}
    for one in look.mapping.columns:
        heading = request.POST.get(f"column-{one.name}", "")
        same = request.POST.get(f"const-{one.name}", "").strip()
        if same and not heading:
            chosen[one.name] = {"const": same}
        if heading not in look.mapping.headings or not heading:
            continue
        chosen[one.name] = {"column": heading}
        if one.name in SPLITS and request.POST.get(f"split-{one.name}"):
            chosen[one.name]["split"] = one.name
        if request.POST.get(f"unit-{one.name}") in UNITS:
            chosen[one.name]["unit"] = request.POST[f"unit-{one.name}"]
    return {"source": look.source, "layout": look.mapping.layout, "columns": chosen}


def _missing(look: Look, mapping: dict[str, Any]) -> list[GuessedColumn]:
    return [one for one in look.mapping.columns if one.is_required and one.name not in mapping["columns"]]


def _columns_page(
    request: HttpRequest, look: Look, errors: Sequence[tuple[str, str]], *, chosen: dict[str, Any] | None = None
) -> HttpResponse:
    contract = contract_of(look.source)
    layout = contract.layout(look.mapping.layout)
    rows = [_column(one, layout, dict(errors), chosen) for one in look.mapping.columns]
    optional = [one for one in rows if not one["required"]]
    shown = [one for one in rows if one["heading"] or one["const"]]
    context = {
        "incoming": look.incoming_id,
        "source": look.source,
        "title": {"th": contract.title_th, "en": contract.title_en},
        "filename": look.filename,
        "remembered": look.remembered,
        "headings": [one for one in dict.fromkeys(look.mapping.headings) if one],
        "required": [one for one in rows if one["required"]],
        "optional": optional,
        "optional_chosen": sum(bool(one["heading"]) for one in optional),
        "unknown": look.unknown,
        "sample_headings": [one["label"] for one in shown],
        "sample": [[row.get(one["name"]) for one in shown] for row in look.mapping.sample],
        "errors": list(errors),
    }
    return render(request, "web/agency/columns.html", context, status=422 if errors else 200)


def _column(
    one: GuessedColumn, layout: Layout, errors: dict[str, str], chosen: dict[str, Any] | None
) -> dict[str, Any]:
    picked = None if chosen is None else chosen["columns"].get(one.name, {})
    return {
        "name": one.name,
        "label": layout.column(one.name).heading,
        "required": one.is_required,
        "heading": one.heading if picked is None else picked.get("column"),
        **_same(one, layout, picked),
        "examples": one.examples,
        "is_sure": one.is_sure,
        "is_guess": one.how in _GUESSES and (picked is None or picked.get("column") == one.heading),
        "can_split": one.name in SPLITS,
        "is_split": bool(one.split if picked is None else picked.get("split")),
        "is_money": layout.column(one.name).reads == "money",
        "unit": (picked or {}).get("unit") or (one.unit if picked is None else None) or layout.column(one.name).unit,
        "error": errors.get(f"column-{one.name}"),
    }


def _same(one: GuessedColumn, layout: Layout, picked: dict[str, Any] | None) -> dict[str, Any]:
    """The one value of every row, where the file has no such column; a period that was last file's is shown and asked again."""
    was = one.const if picked is None else picked.get("const")
    asks = picked is None and one.const is not None and is_of_one_file(layout.column(one.name))
    return {
        "const": "" if asks or was is None else was,
        "last_time": one.const if asks else "",
        "can_be_same": was is not None
        or (one.is_required and not (one.heading if picked is None else picked.get("column"))),
    }


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
