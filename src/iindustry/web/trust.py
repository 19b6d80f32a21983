"""Pages of trust for everybody: agreements, checking a receipt, the signed head of the log, privacy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import NotFound, Rejected
from iindustry.ledger import kinds, proof
from iindustry.ledger import services as ledger
from iindustry.protection import recipients, service_fields
from iindustry.protection import services as protection
from iindustry.protection.purposes import PURPOSES, Lane
from iindustry.protection.service_fields import SERVICES, FieldWords
from iindustry.web.access import access
from iindustry.web.refusals import sentence

if TYPE_CHECKING:
    from iindustry.accounts.organisations import Organisation
    from iindustry.ledger.kinds import KindWords
    from iindustry.ledger.proof import ReceiptReport
    from iindustry.protection.agreement import AgreementCard, AgreementLine
    from iindustry.protection.purposes import Purpose
    from iindustry.protection.service_fields import Service

CLOCK = SystemClock()
LANES = {
    Lane.CONSENT: FieldWords("ส่งได้เมื่อกิจการยินยอมเท่านั้น", "Flows only with the enterprise's consent"),
    Lane.DUTY: FieldWords("ระหว่างหน่วยงานรัฐตามกฎหมาย", "Between agencies, by law"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an agreement in words."""

    line: AgreementLine
    service: Service
    provider: Organisation | None
    consumers: list[Organisation]
    purposes: list[Purpose]
    lane: FieldWords
    groups: list[tuple[FieldWords, list[FieldWords]]]
    optional: list[tuple[FieldWords, list[FieldWords]]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of one receipt found, in words."""

    report: ReceiptReport
    words: FieldWords
    kind: KindWords | None


@require_GET
@access()
def agreements(request: HttpRequest) -> HttpResponse:
    """Which data may flow, from whom to whom, for what, until when."""
    cards = [(card, FieldWords(*card.status_words), lines_of(card)) for card in protection.list_agreements(clock=CLOCK)]
    return render(request, "web/trust/agreements.html", {"cards": cards, "head": ledger.latest_checkpoint()})


@require_http_methods(["GET", "POST"])
@access()
def verify(request: HttpRequest) -> HttpResponse:
    """Drop a receipt; say whether it is good. Whatever is not good gets one answer: nobody can probe the log by it."""
    context: dict[str, object] = {"key": ledger.public_key()}
    status = 200
    if request.method == "POST":
        try:
            context["verdict"] = verdict_of(receipt_text(request))
        except Rejected as error:
            context["errors"], status = [("receipt", sentence(request, error))], 422
    return render(request, "web/trust/verify.html", context, status=status)


@require_GET
@access()
def checkpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's shape
    """The newest signed head as C2SP text, for witnesses and for anybody. NotFound before the first seal."""
    head = ledger.latest_checkpoint()
    if head is None:
        raise NotFound("entry-unknown")
    response = HttpResponse(head.note, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@access()
def public_key(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The public key of the log, one line: keep it, and check receipts without us."""
    return HttpResponse(ledger.public_key() + "\n", content_type="text/plain; charset=utf-8")


@require_GET
@access()
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice: which purpose uses what, on which ground, for how long."""
    rows = [(one, LANES[one.lane], service_fields.grouped(one.fields)) for one in PURPOSES.values()]
    return render(request, "web/trust/privacy.html", {"purposes": rows})


def receipt_text(request: HttpRequest) -> str:
    """The receipt that a form sent, as text or as a file. Rejected `receipt-malformed`: neither, or too large."""
    file = request.FILES.get("receipt_file")
    if file is not None:
        if file.size is None or file.size > proof.MAX_BYTES:
            raise Rejected("receipt-malformed")
        raw: bytes = file.read()
        return raw.decode(errors="replace")
    text = request.POST.get("receipt", "").strip().replace("\r\n", "\n")
    if not text or len(text) > proof.MAX_BYTES:
        raise Rejected("receipt-malformed")
    return text + "\n"


def verdict_of(text: str) -> Verdict:
    """Check one receipt against this log's key."""
    report = proof.verify_receipt(text, ledger.public_key())
    kind = kinds.words_of(str(report.leaf.get("kind"))) if report.leaf else None
    return Verdict(report, FieldWords(*proof.VERDICTS[report.verdict]), kind)


def lines_of(card: AgreementCard) -> list[Line]:
    """The lines of an agreement in words."""
    return [
        Line(
            line=one,
            service=SERVICES[one.service],
            provider=recipients.organisation_of(one.provider),
            consumers=[found for address in sorted(one.consumers) if (found := recipients.organisation_of(address))],
            purposes=[PURPOSES[code] for code in sorted(one.purposes)],
            lane=LANES[one.lane],
            groups=service_fields.grouped(one.fields),
            optional=service_fields.grouped(one.optional_fields),
        )
        for one in card.lines
    ]
