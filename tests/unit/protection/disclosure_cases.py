"""An agreement, a consent and a request that together say yes; tests change one thing at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from iindustry.protection import agreement as agreements
from iindustry.protection.agreement import Agreement, AgreementLine, AgreementStatus
from iindustry.protection.consent import Consent, ConsentStatus, ServiceGrant
from iindustry.protection.decision import DisclosureRequest
from iindustry.protection.purposes import Lane, Usage
from iindustry.protection.service_fields import SERVICES

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HUB = "TH-TEST/GOV/0994000000014/iind"
SMED = "TH-TEST/BANK/0994000000022/loans"
EXIM = "TH-TEST/BANK/0994000000031/loans"
DIP = "TH-TEST/GOV/0994000000049/registry"
FIELDS = frozenset({"entity.name_th", "entity.size_class", "factory.name", "standard.green_level"})


def line(**change) -> AgreementLine:
    base = {
        "agreement_id": "agr", "version": 1, "line": "A1", "provider": HUB, "consumers": frozenset({SMED, EXIM}),
        "service": "enterprise-profile", "purposes": frozenset({"LOAN_UNDERWRITING", "LOAN_MONITORING"}), "lane": Lane.CONSENT,
        "fields": agreements.expand(("entity.*", "factory.*", "standard.*")), "optional_fields": frozenset({"obligation.open_orders"}),
        "contract_fields": SERVICES["enterprise-profile"].fields,
    }  # fmt: skip
    return AgreementLine(**(base | change))


def duty_line(**change) -> AgreementLine:
    base = {"line": "D1", "consumers": frozenset({DIP}), "service": "enterprise-register", "lane": Lane.DUTY,
            "purposes": frozenset({"PROGRAMME_ELIGIBILITY"}), "contract_fields": SERVICES["enterprise-register"].fields}  # fmt: skip
    return line(**(base | change))


def agreement(*lines, **change) -> Agreement:
    base = {
        "agreement_id": "agr", "version": 1, "status": AgreementStatus.ACTIVE, "title_th": "ก", "title_en": "a", "is_demo": True,
        "parties": (), "lines": lines or (line(), duty_line()), "from_on": date(2026, 1, 1), "to_on": date(2029, 12, 31),
        "document_sha256": None,
    }  # fmt: skip
    return Agreement(**(base | change))


def consent(**change) -> Consent:
    base = {
        "consent_id": UUID(int=1), "version": 1, "status": ConsentStatus.ACTIVE, "enterprise_id": "ENT-1", "recipient": SMED,
        "purpose": "LOAN_MONITORING", "grants": (ServiceGrant("enterprise-profile", HUB, SMED, FIELDS),),
        "usage": Usage.RECURRING, "given_at": NOW - timedelta(days=1), "expires_at": NOW + timedelta(days=30),
        "data_from": date(2026, 1, 1), "most_uses": 4, "per_days": 30,
    }  # fmt: skip
    return Consent(**(base | change))


def request(**change) -> DisclosureRequest:
    base = {
        "consumer": SMED, "provider": HUB, "service": "enterprise-profile", "purpose": "LOAN_MONITORING", "lane": Lane.CONSENT,
        "fields": FIELDS, "enterprise_id": "ENT-1",
    }  # fmt: skip
    return DisclosureRequest(**(base | change))


def duty_request(**change) -> DisclosureRequest:
    base = {"consumer": DIP, "service": "enterprise-register", "purpose": "PROGRAMME_ELIGIBILITY", "lane": Lane.DUTY}
    return request(**(base | change))
