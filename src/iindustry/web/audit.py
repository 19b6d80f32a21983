"""The auditor's pages: the log, agreements, consents, and the check of the whole (`/audit`).

The auditor sees the trail, never the business content; nothing here gives, withdraws or changes anything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from iindustry.accounts.doors import ROLE_WORDS as PERSON_WORDS
from iindustry.funding.moves import STATUS_WORDS as APPLICATION_WORDS
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import NotFound, Rejected
from iindustry.ledger import kinds, note
from iindustry.ledger import services as ledger
from iindustry.ledger.views import FAULTS
from iindustry.programmes import services as programmes
from iindustry.programmes.services import Verdict
from iindustry.protection import recipients
from iindustry.protection import services as protection
from iindustry.protection.agreement import STATUS_WORDS as AGREEMENT_WORDS
from iindustry.protection.consent import STATUS_WORDS, ConsentStatus
from iindustry.protection.service_fields import FieldWords
from iindustry.web.access import access
from iindustry.web.consents import COLOURS, ROLE_WORDS, card_of, look_of, receipt_file
from iindustry.web.refusals import sentence
from iindustry.web.trust import lines_of, receipt_text, verdict_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from iindustry.ledger.kinds import KindWords
    from iindustry.ledger.views import Entry, VerifyReport

CLOCK = SystemClock()
PAGE = 50
MOST_CONSENTS = 200
ANSWERED = "programme.answered"
VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.SAME: (
        "ตรงกัน คำตอบที่เก็บไว้ตรงกับค่าแฮชในบัญชี และเมื่อให้คำตอบอีกครั้งจากข้อมูลและกฎชุดเดิมก็ได้เหมือนเดิมทุกตัวอักษร",
        "The same: it has the hash that the log holds, and given again from its inputs and rules it is the same to the letter.",
    ),
    Verdict.ALTERED: (
        "ถูกแก้ไข คำตอบที่เก็บไว้ไม่ตรงกับค่าแฮชในบัญชี ใช้เป็นหลักฐานไม่ได้ โปรดแจ้งสำนักงานและเทียบกับสำเนาสำรอง",
        "Altered: it does not have the hash that the log holds and proves nothing. Tell the office; compare it with a backup.",
    ),
    Verdict.DIFFERS: (
        "คำตอบต่างไป คำตอบที่เก็บไว้ตรงกับบัญชี แต่เมื่อให้คำตอบอีกครั้งกลับได้ไม่เหมือนเดิม โปรดแจ้งสำนักงานให้ตรวจโปรแกรม",
        "Different: it is what the log holds, but given again the answer is another. Tell the office to look at the program.",
    ),
    Verdict.NO_PATH: (
        "ให้คำตอบอีกครั้งที่นี่ไม่ได้ คำตอบที่เก็บไว้ตรงกับบัญชี แต่โปรแกรมรุ่นนี้อ่านกฎรุ่นนั้นไม่ได้ หรือไม่มีเอกสารกฎแล้ว",
        "Not to be given again here: it is what the log holds, but its rules are of another kind or their documents are gone.",
    ),
    Verdict.GONE: (
        "ไม่พบคำตอบที่เก็บไว้ บัญชีบอกว่าเคยมี โปรดแจ้งสำนักงานและหาในสำเนาสำรอง",
        "What was kept is not there, though the log says that it was. Tell the office and look for it in a backup.",
    ),
}
"""What the auditor reads of a kept answer that was checked."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the log in words."""

    entry: Entry
    kind: KindWords
    role: FieldWords
    outcome: FieldWords | None


@require_GET
@access(Role.AUDITOR)
def log(request: HttpRequest) -> HttpResponse:
    """The log, newest first, by kind and by subject."""
    kind, subject = request.GET.get("kind") or None, request.GET.get("subject", "").strip() or None
    entries = ledger.list_entries(kind=kind, subject=subject, before=_cursor(request), limit=PAGE + 1)
    kept = {name: value for name, value in (("kind", kind), ("subject", subject)) if value}
    context = {
        "rows": [_row(one) for one in entries[:PAGE]],
        "more": f"?{urlencode({**kept, 'before': str(entries[PAGE - 1].entry_id)})}" if len(entries) > PAGE else None,
        "kinds": [(code, kinds.words_of(code)) for code in ledger.list_kinds()],
        "kind": kind,
        "subject": subject,
        "head": ledger.latest_checkpoint(),
        "unsealed": ledger.unsealed_count(),
        "last": ledger.last_check(),
    }
    return render(request, "web/audit/log.html", context)


@require_http_methods(["GET", "POST"])
@access(Role.AUDITOR)
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry: its leaf as the hash covers it, its place, its receipt.

    A press checks the answer that it records: its bytes against the entry's hash, then given again. No value is shown.
    """
    found = ledger.get_entry(entry_id)
    text = json.dumps(dict(found.leaf), ensure_ascii=False, indent=1, sort_keys=True)
    context: dict[str, object] = {"row": _row(found), "text": text, "is_answer": found.kind == ANSWERED}
    if request.method == "POST":
        if found.kind != ANSWERED:
            raise NotFound("entry-unknown")
        verdict = programmes.check_answer(UUID(str(found.leaf["record"])), str(found.leaf["sha256"]))
        context |= {"verdict": FieldWords(*VERDICTS[verdict]), "is_good": verdict is Verdict.SAME}
    return render(request, "web/audit/entry.html", context)


@require_GET
@access(Role.AUDITOR)
def entry_receipt(request: HttpRequest, entry_id: UUID) -> HttpResponse:  # noqa: ARG001 - Django's shape
    """The receipt of any entry."""
    return receipt_file(entry_id)


@require_GET
@access(Role.AUDITOR)
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement, its lines, every change of it with its signature and entry, and days left."""
    today = CLOCK.today()
    cards = []
    for card in protection.list_agreements(clock=CLOCK):
        changes = [
            (one, FieldWords(*AGREEMENT_WORDS[one.status])) for one in protection.agreement_changes(card.agreement_id)
        ]
        cards.append((card, FieldWords(*card.status_words), lines_of(card), changes, (card.valid_to - today).days))
    return render(request, "web/audit/agreements.html", {"cards": cards})


@require_GET
@access(Role.AUDITOR)
def consents(request: HttpRequest) -> HttpResponse:
    """Consents by enterprise, recipient and state."""
    wanted = {name: request.GET.get(name, "").strip() or None for name in ("enterprise", "recipient", "status")}
    status = ConsentStatus(wanted["status"]) if wanted["status"] in set(ConsentStatus) else None
    known = wanted["recipient"] if wanted["recipient"] in _RECIPIENTS else None
    found = protection.list_consents(
        enterprise_id=wanted["enterprise"], recipient=known, status=status, clock=CLOCK, limit=MOST_CONSENTS
    )
    context = {
        "cards": [card_of(one) for one in found],
        "wanted": wanted,
        "most": MOST_CONSENTS,
        "recipients": [(key, recipients.organisation_of(recipients.subsystem_of(key))) for key in _RECIPIENTS],
        "statuses": [(one.value, FieldWords(*words)) for one, words in STATUS_WORDS.items()],
    }
    return render(request, "web/audit/consents.html", context)


_RECIPIENTS = ("smed", "exim")


@require_GET
@access(Role.AUDITOR)
def consent(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """One consent: every version with its signature, and every look that rested on it. No values."""
    actor = _actor(request)
    given = protection.get_consent(consent_id, actor=actor, clock=CLOCK)
    versions = protection.consent_versions(consent_id, actor=actor)
    context = {
        "card": card_of(given),
        "versions": [(one, FieldWords(*STATUS_WORDS[one.status]), COLOURS[one.status]) for one in versions],
        "looks": [look_of(one) for one in protection.list_disclosures(consent_id=consent_id, limit=PAGE)],
    }
    return render(request, "web/audit/consent.html", context)


@require_http_methods(["GET", "POST"])
@access(Role.AUDITOR)
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole log, a receipt, or that the log continues a head kept from before."""
    context: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        act = request.POST.get("act")
        try:
            if act == "log":
                context["report"] = _in_words(ledger.check(clock=CLOCK))
            elif act == "head":
                context["report"] = _in_words(ledger.verify(known=(_head_text(request),)))
                context["compared"] = True
            else:
                context["verdict"] = verdict_of(receipt_text(request))
        except Rejected as error:
            context["errors"], status = [("head" if act == "head" else "receipt", sentence(request, error))], 422
    head = ledger.latest_checkpoint()
    context |= {
        "head": head,
        "unsealed": ledger.unsealed_count(),
        "last": ledger.last_check(),
        "key": ledger.public_key(),
    }
    return render(request, "web/audit/verify.html", context, status=status)


def _head_text(request: HttpRequest) -> str:
    text = request.POST.get("head", "").strip().replace("\r\n", "\n") + "\n"
    if not text.startswith(note.ORIGIN):
        raise Rejected("head-malformed")
    return text


def _in_words(report: VerifyReport) -> tuple[VerifyReport, list[tuple[FieldWords, str]]]:
    return report, [(FieldWords(*FAULTS[one.code]), one.where) for one in report.faults]


def _row(one: Entry) -> Row:
    role = _PERSONS.get(one.actor_role) or ROLE_WORDS.get(one.actor_role, FieldWords(one.actor_role, one.actor_role))
    return Row(one, kinds.words_of(one.kind), role, _outcome(one))


def _outcome(one: Entry) -> FieldWords | None:
    """How it ended, in the words of what it happened to; a code of refusal that has no words stays a code."""
    code = one.leaf.get("result") or one.leaf.get("status")
    if not code:
        return None
    family = one.kind.split(".", 1)[0]
    words: tuple[str, str] | None = OUTCOMES.get(family, {}).get(str(code)) or ANY_OUTCOME.get(str(code))
    return FieldWords(*(words or (str(code), str(code))))


_PERSONS = {role.value: FieldWords(*words) for role, words in PERSON_WORDS.items()}
# Status words by the first part of an entry's kind.
OUTCOMES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "agreement": {one.value: words for one, words in AGREEMENT_WORDS.items()},
    "consent": {one.value: words for one, words in STATUS_WORDS.items()},
    "application": {one.value: words for one, words in APPLICATION_WORDS.items()},
}
ANY_OUTCOME: Mapping[str, tuple[str, str]] = {
    "allowed": ("เปิดเผย", "Disclosed"),
    "accepted": ("รับแล้ว", "Accepted"),
    "quarantined": ("กักไว้", "Set aside"),
    "returned": ("ส่งคืน", "Sent back"),
    "refused": ("ปฏิเสธ", "Refused"),
}


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)  # noqa: S101 - put there by `access`
    return actor


def _cursor(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("before", ""))
    except ValueError:
        return None
