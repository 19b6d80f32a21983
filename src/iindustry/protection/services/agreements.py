"""Agreements: save a document, move it through its states, suspend one line, show the card.

Every change is a new signed row and one ledger entry. A line suspended stops the next disclosure: reads take a share lock
on the state of the agreement they rest on.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from django.conf import settings
from django.db import connection, transaction

from iindustry.accounts.organisations import ORGANISATIONS
from iindustry.kernel.clock import Clock, SystemClock
from iindustry.kernel.errors import Conflict, NotFound
from iindustry.ledger import services as ledger
from iindustry.protection import agreement as agreements
from iindustry.protection import permissions, signing
from iindustry.protection.agreement import (
    Agreement,
    AgreementCard,
    AgreementStatus,
    AgreementStep,
    ChangeView,
    PartyName,
)
from iindustry.protection.models import AgreementChange, AgreementState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.kernel.actors import Actor
    from iindustry.ledger.views import Checkpoint, LastCheck

MOST_AGREEMENTS = 100
MEMORANDUM = "agr-oie-smed-exim"


def memorandum_document() -> dict[str, Any]:
    """The memorandum of the demo country, as written in `data/memorandum.yaml`."""
    text = files("iindustry.protection").joinpath("data/memorandum.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


@transaction.atomic
def seed_agreement(document: Mapping[str, Any], *, actor: Actor, clock: Clock) -> Agreement:
    """Save a signed document and put it in force: draft, signed, active. A known agreement is left as it is.

    Rejected `agreement-invalid`; Conflict `agreement-unsigned`: a party's signature is missing.
    """
    permissions.check_keeps(actor)
    agreement_id = str(document["agreement_id"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", ["agreement " + agreement_id])
    known = AgreementState.objects.filter(agreement_id=agreement_id).first()
    if known is not None:
        return _parsed(_present(known).document)
    if agreements.missing_signatures(document):
        raise Conflict("agreement-unsigned", agreement=agreement_id)
    body = agreements.expanded(document)
    _record({**body, "status": AgreementStatus.DRAFT.value}, change=1, before=None, actor=actor, clock=clock)
    change_agreement(agreement_id, AgreementStep.SIGN, actor=actor, clock=clock)
    return change_agreement(agreement_id, AgreementStep.ACTIVATE, actor=actor, clock=clock)


@transaction.atomic
def change_agreement(agreement_id: str, step: AgreementStep, *, actor: Actor, clock: Clock) -> Agreement:
    """One step of an agreement. NotFound `agreement-unknown`; Conflict `agreement-step`; Denied `agreement-not-yours`."""
    permissions.check_keeps(actor)
    state = _locked(agreement_id)
    before = _present(state)
    status = agreements.after(AgreementStatus(state.status), step)
    document = {**json.loads(before.document), "status": status.value}
    return _record(document, change=state.change + 1, before=before, actor=actor, clock=clock)


@transaction.atomic
def suspend_line(agreement_id: str, line: str, *, actor: Actor, clock: Clock, resume: bool = False) -> Agreement:
    """The kill switch: stop one line alone, or let it flow again. NotFound `agreement-unknown`, also for a line."""
    permissions.check_keeps(actor)
    state = _locked(agreement_id)
    before = _present(state)
    document = json.loads(before.document)
    if line not in {one["line"] for one in document["lines"]}:
        raise NotFound("agreement-unknown")
    status = "active" if resume else "suspended"
    lines = [{**one, "status": status} if one["line"] == line else one for one in document["lines"]]
    return _record(
        {**document, "lines": lines}, change=state.change + 1, before=before, actor=actor, clock=clock, line=line
    )


def load_agreement(*, consumer: str, provider: str, service: str, lock: bool = False) -> Agreement | None:
    """The agreement with a line from this provider to this consumer for this service, whatever its state.

    `lock`: hold it (shared) until the transaction ends, so that a suspension waits for what is being sent, and no more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT_HELD if lock else _PRESENT, [MOST_AGREEMENTS])
        found = [_parsed(row[0]) for row in cursor.fetchall()]
    fitting = [
        one
        for one in found
        if any(
            line.service == service and line.provider == provider and consumer in line.consumers for line in one.lines
        )
    ]
    active = [one for one in fitting if one.status is AgreementStatus.ACTIVE]
    return next(iter([*active, *fitting]), None)


_PRESENT = """
SELECT change.document FROM protection_agreement_state state
JOIN protection_agreement_change change USING (agreement_id, change)
ORDER BY state.agreement_id LIMIT %s
"""
_PRESENT_HELD = _PRESENT + "FOR SHARE OF state"
_PRESENT_ONE = """
SELECT change.document FROM protection_agreement_state state
JOIN protection_agreement_change change USING (agreement_id, change)
WHERE state.agreement_id = %s
"""


def list_agreements(*, clock: Clock | None = None, limit: int = MOST_AGREEMENTS) -> list[AgreementCard]:
    """Every agreement, by id, as the public page shows it."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT, [min(limit, MOST_AGREEMENTS)])
        found = [_parsed(document) for (document,) in cursor.fetchall()]
    return _cards(found, clock or SystemClock())


def memorandum(*, clock: Clock | None = None) -> AgreementCard | None:
    """The card of the memorandum between the office and the two banks; None before it is set up."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT_ONE, [MEMORANDUM])
        found = [_parsed(document) for (document,) in cursor.fetchall()]
    return next(iter(_cards(found, clock or SystemClock())), None)


def agreement_changes(agreement_id: str) -> list[ChangeView]:
    """Every change of an agreement, the first first, at most 500."""
    key = signing.platform_key(settings.HOME.keys)
    rows = AgreementChange.objects.filter(agreement_id=agreement_id).order_by("change")[:500]
    return [
        ChangeView(
            row.change,
            row.version,
            AgreementStatus(row.status),
            row.at,
            row.sha256,
            row.entry_id,
            signing.is_signed(row.document, row.jws, key=key) and agreements.digest(row.document) == row.sha256,
        )
        for row in rows
    ]


def _cards(found: list[Agreement], clock: Clock) -> list[AgreementCard]:
    """Agreements as cards; what they count is asked once for all of them."""
    if not found:
        return []
    last, head = ledger.last_check(), ledger.latest_checkpoint()
    consents, looks = _counts(found, clock)
    return [_card(one, consents, looks, last, head) for one in found]


def _counts(found: list[Agreement], clock: Clock) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Live consents by recipient and disclosures by agreement, in one statement for any number of agreements."""
    addresses = sorted(frozenset[str]().union(*map(_addresses, found)))
    counted: dict[str, dict[str, int]] = {"consents": {}, "looks": {}}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [clock.now(), addresses, [one.agreement_id for one in found]])
        for what, key, count in cursor.fetchall():
            counted[what][key] = count
    return counted["consents"], counted["looks"]


_COUNTS = """
SELECT 'consents', recipient, count(*) FROM protection_consent_state
WHERE status = 'active' AND expires_at > %s AND recipient = ANY(%s) GROUP BY recipient
UNION ALL
SELECT 'looks', split_part(agreement, '#', 1), count(*) FROM protection_disclosure
WHERE split_part(agreement, '#', 1) = ANY(%s) GROUP BY 2
"""


def _addresses(agreement: Agreement) -> frozenset[str]:
    """The systems that its lines are between."""
    return frozenset(address for line in agreement.lines for address in (line.provider, *line.consumers))


def _card(
    agreement: Agreement,
    consents: Mapping[str, int],
    looks: Mapping[str, int],
    last: LastCheck | None,
    head: Checkpoint | None,
) -> AgreementCard:
    return AgreementCard(
        agreement_id=agreement.agreement_id,
        version=agreement.version,
        title_th=agreement.title_th,
        title_en=agreement.title_en,
        is_demo=agreement.is_demo,
        parties=tuple(_names(party.member) for party in agreement.parties),
        status=agreement.status,
        valid_from=agreement.from_on,
        valid_to=agreement.to_on,
        live_consents=sum(consents.get(address, 0) for address in _addresses(agreement)),
        disclosures=looks.get(agreement.agreement_id, 0),
        lines=agreement.lines,
        document_sha256=agreement.document_sha256,
        log_verified_at=last.at if last and last.fault_count == 0 else None,
        log_size=head.size if head else 0,
    )


def _names(member: str) -> PartyName:
    for one in ORGANISATIONS.values():
        if one.address == member:
            return PartyName(one.name_th, one.name_en)
    return PartyName(member, member)


def _locked(agreement_id: str) -> AgreementState:
    state = AgreementState.objects.select_for_update().filter(agreement_id=agreement_id).first()
    if state is None:
        raise NotFound("agreement-unknown")
    return state


def _present(state: AgreementState) -> AgreementChange:
    return AgreementChange.objects.get(agreement_id=state.agreement_id, change=state.change)


def _record(
    document: Mapping[str, Any],
    *,
    change: int,
    before: AgreementChange | None,
    actor: Actor,
    clock: Clock,
    line: str | None = None,
) -> Agreement:
    """Write the next row of an agreement, its signature, its ledger entry and its state."""
    prev_hash = before.sha256 if before else None
    text = agreements.canonical({**document, "prev_hash": prev_hash})
    agreement, sha256 = _parsed(text), agreements.digest(text)
    entry = ledger.append(
        "agreement.changed", actor=actor, at=clock.now(), subject=agreement.agreement_id,
        agreement=f"{agreement.agreement_id}#{agreement.version}", change=change, status=agreement.status.value,
        document_digest=sha256, line=line,
    )  # fmt: skip
    AgreementChange.objects.create(
        agreement_id=agreement.agreement_id, change=change, version=agreement.version, status=agreement.status.value,
        document=text, sha256=sha256, prev_hash=prev_hash, entry_id=entry.entry_id, at=clock.now(),
        jws=signing.sign(text, key=signing.platform_key(settings.HOME.keys)),
    )  # fmt: skip
    AgreementState.objects.update_or_create(
        agreement_id=agreement.agreement_id, defaults={"change": change, "status": agreement.status.value}
    )
    return agreement


@lru_cache(maxsize=64)
def _parsed(document: str) -> Agreement:
    return agreements.parse(json.loads(document))
