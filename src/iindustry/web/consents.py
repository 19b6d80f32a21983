"""The owner's consents, who saw my data, and receipts (`/my/consents`, `/my/seen`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from iindustry.exchange.services import announce
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.ledger import services as ledger
from iindustry.protection import recipients, service_fields
from iindustry.protection import services as protection
from iindustry.protection.consent import FINAL, STATUS_WORDS, ConsentStatus
from iindustry.protection.purposes import PURPOSES
from iindustry.protection.service_fields import FieldWords
from iindustry.web.access import access
from iindustry.web.language import pick
from iindustry.web.owner import unconfirmed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iindustry.accounts.organisations import Organisation
    from iindustry.protection.consent import Consent, ServiceGrant
    from iindustry.protection.disclosed import DisclosureView
    from iindustry.protection.purposes import Purpose

CLOCK = SystemClock()
OURS = (Role.OWNER, Role.DELEGATE)
MOST_CONSENTS = 100
PAGE = 50
COLOURS = {
    ConsentStatus.ACTIVE: "green", ConsentStatus.PAUSED: "yellow", ConsentStatus.PENDING: "yellow",
    ConsentStatus.USED: "grey", ConsentStatus.REVOKED: "grey", ConsentStatus.EXPIRED: "grey",
}  # fmt: skip
ROLE_WORDS = {
    "bank_officer": FieldWords("เจ้าหน้าที่ธนาคาร", "Bank officer"),
    "bank_system": FieldWords("ระบบของธนาคาร", "The bank's system"),
    "agency_officer": FieldWords("เจ้าหน้าที่หน่วยงาน", "Agency officer"),
    "owner": FieldWords("ผู้ประกอบการ (ส่งคำขอ)", "The enterprise, sending its application"),
    "delegate": FieldWords("ผู้รับมอบอำนาจ (ส่งคำขอ)", "A delegate, sending the application"),
    "operator": FieldWords("ระบบ i-Industry", "i-Industry"),
    "steward": FieldWords("ผู้ดูแลข้อมูล", "Data steward"),
    "auditor": FieldWords("ผู้ตรวจสอบ", "Auditor"),
    "analyst": FieldWords("นักวิเคราะห์", "Analyst"),
    "anonymous": FieldWords("ไม่ได้เข้าสู่ระบบ", "Not signed in"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One consent as its page shows it."""

    consent: Consent
    recipient: Organisation | None
    purpose: Purpose
    status: FieldWords
    colour: str
    groups: list[tuple[FieldWords, list[FieldWords]]]
    back: list[tuple[FieldWords, list[FieldWords]]]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Look:
    """One disclosure as its page shows it."""

    seen: DisclosureView
    organisation: Organisation | None
    role: FieldWords
    purpose: Purpose | None
    groups: list[tuple[FieldWords, list[FieldWords]]]


@require_GET
@access(*OURS)
def consents(request: HttpRequest) -> HttpResponse:
    """One card a recipient and purpose: what, since, until, how often; withdraw beside it."""
    enterprise_id = _actor(request).enterprise_id
    if enterprise_id is None:
        return unconfirmed(request)
    mine = protection.list_consents(enterprise_id=enterprise_id, clock=CLOCK, limit=MOST_CONSENTS)
    cards = [card_of(one) for one in mine]
    context = {"live": [one for one in cards if one.is_open], "ended": [one for one in cards if not one.is_open]}
    return render(request, "web/consents/list.html", context)


@require_http_methods(["GET", "POST"])
@access(*OURS)
def withdraw(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Say what withdrawing does; on a press, do it. No reason is asked."""
    actor = _actor(request)
    if request.method == "POST":
        protection.withdraw_consent(consent_id, actor=actor, clock=CLOCK, announce=announce)
        told = pick(
            request,
            "ถอนความยินยอมแล้ว มีผลทันที ผู้รับเปิดดูข้อมูลใหม่ไม่ได้อีก",
            "The consent is withdrawn, with effect at once. The recipient can open nothing new.",
        )
        messages.success(request, told)
        return redirect("my_consents")
    return render(request, "web/consents/withdraw.html", {"card": card_of(_mine(consent_id, actor))})


@require_POST
@access(*OURS)
def pause(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Pause a consent, or let a paused one serve again."""
    actor = _actor(request)
    if request.POST.get("act") == "resume":
        protection.resume_consent(consent_id, actor=actor, clock=CLOCK, announce=announce)
        told = pick(request, "เปิดใช้ความยินยอมต่อแล้ว", "The consent serves again.")
    else:
        protection.pause_consent(consent_id, actor=actor, clock=CLOCK, announce=announce)
        told = pick(request, "พักความยินยอมแล้ว มีผลทันที", "The consent is paused, with effect at once.")
    messages.success(request, told)
    return redirect("my_consents")


@require_GET
@access(*OURS)
def consent_receipt(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The proof that the newest version of a consent stands in the log."""
    entry_id = _mine(consent_id, _actor(request)).entry_id
    if entry_id is None:
        raise Http404
    return receipt_file(entry_id)


@require_GET
@access(*OURS)
def seen(request: HttpRequest) -> HttpResponse:
    """Who saw my data: time, organisation, role, purpose, fields, ground, and the receipt of each look."""
    enterprise_id = _actor(request).enterprise_id
    if enterprise_id is None:
        return unconfirmed(request)
    before = _cursor(request)
    rows = protection.list_disclosures(enterprise_id, before=before, limit=PAGE + 1)
    context = {
        "looks": [look_of(one) for one in rows[:PAGE]],
        "next": rows[PAGE - 1].disclosure_id if len(rows) > PAGE else None,
        "is_first": before is None,
    }
    return render(request, "web/consents/seen.html", context)


@require_GET
@access(*OURS)
def seen_receipt(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """The proof that one look stands in the log."""
    return receipt_file(protection.get_disclosure(disclosure_id, actor=_actor(request)).entry_id)


def receipt_file(entry_id: UUID) -> HttpResponse:
    """A receipt as a download. Conflict `receipt-not-sealed` in its first second."""
    response = HttpResponse(ledger.receipt(entry_id), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{entry_id}.tlog-proof"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def card_of(consent: Consent) -> Card:
    """A consent in words."""
    standing = consent.standing(CLOCK.now())
    out = [one for one in consent.grants if one.consumer == consent.recipient]
    back = [one for one in consent.grants if one.consumer != consent.recipient]
    return Card(
        consent=consent,
        recipient=recipients.organisation_of(consent.recipient),
        purpose=PURPOSES[consent.purpose],
        status=FieldWords(*STATUS_WORDS[standing]),
        colour=COLOURS[standing],
        groups=service_fields.grouped(_fields(out)),
        back=service_fields.grouped(_fields(back)),
        is_open=standing not in FINAL,
    )


def look_of(one: DisclosureView) -> Look:
    """A disclosure in words."""
    return Look(
        seen=one,
        organisation=recipients.organisation_of(one.recipient),
        role=ROLE_WORDS.get(one.actor_role, FieldWords(one.actor_role, one.actor_role)),
        purpose=PURPOSES.get(one.purpose),
        groups=service_fields.grouped(one.fields),
    )


def _fields(grants: Iterable[ServiceGrant]) -> frozenset[str]:
    return frozenset().union(*(one.fields for one in grants))


def _mine(consent_id: UUID, actor: Actor) -> Consent:
    return protection.get_consent(consent_id, actor=actor, clock=CLOCK)


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)  # noqa: S101 - put there by `access`
    return actor


def _cursor(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("before", ""))
    except ValueError:
        return None
