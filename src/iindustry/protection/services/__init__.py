"""Use cases of `protection`: agreements, consents, disclosures."""

from iindustry.protection.purposes import PURPOSES
from iindustry.protection.services.agreements import (
    agreement_changes,
    change_agreement,
    list_agreements,
    load_agreement,
    memorandum,
    memorandum_document,
    seed_agreement,
    suspend_line,
)
from iindustry.protection.services.consents import (
    close_consents,
    consent_versions,
    expire_consents,
    get_consent,
    list_consents,
    pause_consent,
    resume_consent,
    withdraw_consent,
)
from iindustry.protection.services.disclosures import (
    decide_inbound,
    disclose,
    disclose_paper,
    get_disclosure,
    list_disclosures,
)
from iindustry.protection.services.giving import give_consent, offer

__all__ = [
    "PURPOSES",
    "agreement_changes",
    "change_agreement",
    "close_consents",
    "consent_versions",
    "decide_inbound",
    "disclose",
    "disclose_paper",
    "expire_consents",
    "get_consent",
    "get_disclosure",
    "give_consent",
    "list_agreements",
    "list_consents",
    "list_disclosures",
    "load_agreement",
    "memorandum",
    "memorandum_document",
    "offer",
    "pause_consent",
    "resume_consent",
    "seed_agreement",
    "suspend_line",
    "withdraw_consent",
]
