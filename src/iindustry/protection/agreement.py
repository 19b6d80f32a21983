"""Pure: agreements between members, as versioned data (EXCHANGE section 1).

A signed paper says which data may flow from whom to whom, for what. Invariant: addresses are compared exactly, no wildcards;
a line lets data flow only while its agreement is active, in its period, and it is itself not suspended.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import rfc8785

from iindustry.kernel.clock import BANGKOK
from iindustry.kernel.errors import Conflict, Rejected
from iindustry.protection.purposes import PURPOSES, Lane
from iindustry.protection.service_fields import SERVICES, expand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from iindustry.protection.decision import DisclosureRequest


class AgreementStatus(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class AgreementStep(StrEnum):
    """What may be done to an agreement."""

    SIGN = "sign"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


# (status now, step) -> status after
STEPS: dict[tuple[AgreementStatus, AgreementStep], AgreementStatus] = {
    (AgreementStatus.DRAFT, AgreementStep.SIGN): AgreementStatus.SIGNED,
    (AgreementStatus.SIGNED, AgreementStep.ACTIVATE): AgreementStatus.ACTIVE,
    (AgreementStatus.SIGNED, AgreementStep.END): AgreementStatus.ENDED,
    (AgreementStatus.ACTIVE, AgreementStep.SUSPEND): AgreementStatus.SUSPENDED,
    (AgreementStatus.ACTIVE, AgreementStep.END): AgreementStatus.ENDED,
    (AgreementStatus.SUSPENDED, AgreementStep.RESUME): AgreementStatus.ACTIVE,
    (AgreementStatus.SUSPENDED, AgreementStep.END): AgreementStatus.ENDED,
}
STATUS_WORDS: dict[AgreementStatus, tuple[str, str]] = {
    AgreementStatus.DRAFT: ("ร่าง", "Draft"),
    AgreementStatus.SIGNED: ("ลงนามแล้ว รอเริ่มใช้", "Signed, not yet in force"),
    AgreementStatus.ACTIVE: ("มีผลบังคับใช้", "In force"),
    AgreementStatus.SUSPENDED: ("ระงับชั่วคราว", "Suspended"),
    AgreementStatus.ENDED: ("สิ้นสุดแล้ว", "Ended"),
}


def after(now: AgreementStatus, step: AgreementStep) -> AgreementStatus:
    """The status after a step. Conflict `agreement-step`: it does not follow."""
    if (now, step) not in STEPS:
        raise Conflict("agreement-step", status=now.value, step=step.value)
    return STEPS[now, step]


@dataclass(frozen=True, slots=True)
class AgreementParty:
    """A member that signs, by its address, in its part."""

    member: str
    role: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One line: data of one service from one provider to named consumers, for named purposes.

    `fields` need no tick each; `optional_fields` each need their own. `contract_fields` is what the service's contract
    lists. `look_back_months` lowers the caps of purposes, by code.
    """

    agreement_id: str
    version: int
    line: str
    provider: str
    consumers: frozenset[str]
    service: str
    purposes: frozenset[str]
    lane: Lane
    fields: frozenset[str]
    optional_fields: frozenset[str]
    contract_fields: frozenset[str]
    is_active: bool = True
    look_back_months: tuple[tuple[str, int], ...] = ()

    def allowed_fields(self) -> frozenset[str]:
        """What the line lets through at most: in the consent lane also what the enterprise ticked one by one."""
        return self.fields | self.optional_fields if self.lane is Lane.CONSENT else self.fields

    def purpose_fields(self, code: str) -> frozenset[str]:
        """What a purpose opens at most."""
        return PURPOSES[code].fields if code in PURPOSES else frozenset()

    def look_back(self, code: str) -> int | None:
        """The cap on looking back, in months: the purpose's own, or this line's where that is lower."""
        caps = [
            cap for cap in (PURPOSES[code].look_back_months, dict(self.look_back_months).get(code)) if cap is not None
        ]
        return min(caps, default=None)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement as it stands, loaded with all that the decision needs."""

    agreement_id: str
    version: int
    status: AgreementStatus
    title_th: str
    title_en: str
    is_demo: bool
    parties: tuple[AgreementParty, ...]
    lines: tuple[AgreementLine, ...]
    from_on: date
    to_on: date
    document_sha256: str | None

    def is_in_force(self, now: datetime) -> bool:
        """Active, and in its period by the days of Bangkok, both ends included."""
        return self.status is AgreementStatus.ACTIVE and self.from_on <= now.astimezone(BANGKOK).date() <= self.to_on

    def find_line(self, request: DisclosureRequest, now: datetime) -> AgreementLine | None:
        """The line that a request falls under, whatever its purpose, or None."""
        if not self.is_in_force(now):
            return None
        return next((line for line in self.lines if _fits(line, request)), None)


def _fits(line: AgreementLine, request: DisclosureRequest) -> bool:
    return (
        line.is_active
        and request.consumer in line.consumers
        and request.provider == line.provider
        and request.service == line.service
        and request.contract_version.split(".")[0] == SERVICES[line.service].version.split(".")[0]
        and request.lane is line.lane
    )


def expanded(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with every `.*` written out and lists in order: the form that is signed and saved.

    Rejected `agreement-invalid` (member): a service, purpose or lane that does not exist.
    """
    lines = []
    for line in document["lines"]:
        if line["service"] not in SERVICES:
            raise Rejected("agreement-invalid", member="service")
        if not line["purposes"] or any(PURPOSES.get(code) is None for code in line["purposes"]):
            raise Rejected("agreement-invalid", member="purposes")
        if any(PURPOSES[code].lane is not Lane(line["lane"]) for code in line["purposes"]):
            raise Rejected("agreement-invalid", member="lane")
        names = {key: sorted(expand(line.get(key) or ())) for key in ("fields", "optional_fields")}
        lines.append({**line, **names, "consumers": sorted(line["consumers"]), "purposes": sorted(line["purposes"])})
    return {**document, "lines": lines}


def canonical(document: Mapping[str, Any]) -> str:
    """Canonical JSON (RFC 8785)."""
    return rfc8785.dumps(dict(document)).decode()


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse(document: Mapping[str, Any]) -> Agreement:
    """The agreement that a saved document says."""
    agreement_id, version = str(document["agreement_id"]), int(document["version"])
    return Agreement(
        agreement_id=agreement_id,
        version=version,
        status=AgreementStatus(document["status"]),
        title_th=document["title_th"],
        title_en=document["title_en"],
        is_demo=bool(document.get("demo")),
        parties=tuple(AgreementParty(one["member"], one["role"]) for one in document["parties"]),
        lines=tuple(_line(agreement_id, version, line) for line in document["lines"]),
        from_on=date.fromisoformat(document["period"]["from"]),
        to_on=date.fromisoformat(document["period"]["to"]),
        document_sha256=(document.get("document") or {}).get("sha256"),
    )


def _line(agreement_id: str, version: int, line: Mapping[str, Any]) -> AgreementLine:
    return AgreementLine(
        agreement_id=agreement_id,
        version=version,
        line=line["line"],
        provider=line["provider"],
        consumers=frozenset(line["consumers"]),
        service=line["service"],
        purposes=frozenset(line["purposes"]),
        lane=Lane(line["lane"]),
        fields=frozenset(line["fields"]),
        optional_fields=frozenset(line["optional_fields"]),
        contract_fields=SERVICES[line["service"]].fields,
        is_active=line["status"] == "active",
        look_back_months=tuple(sorted((line.get("look_back_months") or {}).items())),
    )


def missing_signatures(document: Mapping[str, Any]) -> list[str]:
    """Addresses of parties whose signature the document lacks."""
    signed = {one["member"] for one in document.get("signatories") or ()}
    return [one["member"] for one in document["parties"] if one["member"] not in signed]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of an agreement, and whether the platform's signature over it is good."""

    change: int
    version: int
    status: AgreementStatus
    at: datetime
    sha256: str
    entry_id: UUID
    is_signed: bool


@dataclass(frozen=True, slots=True)
class PartyName:
    """A party's name for people."""

    th: str
    en: str


@dataclass(frozen=True, slots=True)
class AgreementCard:
    """What the first page and the public page say of an agreement."""

    agreement_id: str
    version: int
    title_th: str
    title_en: str
    is_demo: bool
    parties: tuple[PartyName, ...]
    status: AgreementStatus
    valid_from: date
    valid_to: date
    live_consents: int
    disclosures: int
    lines: tuple[AgreementLine, ...]
    document_sha256: str | None
    log_verified_at: datetime | None
    log_size: int

    @property
    def status_words(self) -> tuple[str, str]:
        """The status, th and en."""
        return STATUS_WORDS[self.status]
