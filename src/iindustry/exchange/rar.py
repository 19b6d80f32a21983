"""What a caller asks a token for: one `authorization_details` object (RFC 9396), read strictly.

Invariant: an unknown member is refused, never ignored: a caller must not believe that a limit it wrote was heard.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from iindustry.exchange.problems import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "th.go.industry.enterprise-data"
PROFILE = "enterprise-profile"
EVENTS = "loan-events"
FEED = "event-feed"
DELIVERIES = "register-deliveries"
CONTRACTS: Mapping[str, str] = {PROFILE: "1.0", EVENTS: "1.0", FEED: "1.0", DELIVERIES: "1.0"}
NEEDS_CONSENT = frozenset({PROFILE})

_MEMBERS = frozenset({"type", "service", "contract_version", "purpose", "fields", "usage", "locations"})
_PURPOSE = re.compile(r"[A-Z][A-Z_]{1,39}")
_FIELD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*(\.\*)?")
_MOST_FIELDS = 200
_LONGEST = 16_000


@dataclass(frozen=True, slots=True)
class Details:
    """What a token is for. `fields` empty: all that the contract, agreement and consent allow together."""

    service: str
    contract_version: str
    purpose: str
    fields: tuple[str, ...]
    consent_id: UUID | None

    def as_claim(self) -> list[dict[str, Any]]:
        """The same, as the token carries it."""
        one: dict[str, Any] = {
            "type": TYPE,
            "service": self.service,
            "contract_version": self.contract_version,
            "purpose": self.purpose,
        }
        if self.fields:
            one["fields"] = list(self.fields)
        return [one]


def read(text: str, consent_id: str | None, *, provider: str | None = None) -> Details:
    """The details in a token request's form fields.

    `provider` is our own address: `locations`, where given, must name it alone. Raises `details-invalid` with the
    member at fault.
    """
    try:
        listed = json.loads(text) if len(text) <= _LONGEST else None
    except ValueError:
        listed = None
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        raise refusal("details-invalid", member="authorization_details")
    details = _of_claim(listed[0], consent_id)
    locations = listed[0].get("locations")
    if locations is not None and provider is not None and locations != [provider]:
        raise refusal("details-invalid", member="locations")
    return details


def of_token(claims: Mapping[str, Any]) -> Details:
    """The details in a token of ours. Raises `token-invalid` where they are none."""
    listed = claims.get("authorization_details")
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        raise refusal("token-invalid")
    return _of_claim(listed[0], claims.get("consent_id"))


def _of_claim(one: Mapping[str, Any], consent_id: str | None) -> Details:
    unknown = sorted(set(one) - _MEMBERS)
    service, purpose, fields = one.get("service"), one.get("purpose"), one.get("fields", [])
    faults = (
        (unknown[0] if unknown else "", not unknown),
        ("type", one.get("type") == TYPE),
        ("service", isinstance(service, str) and service in CONTRACTS),
        ("contract_version", one.get("contract_version") == CONTRACTS.get(str(service))),
        ("purpose", isinstance(purpose, str) and bool(_PURPOSE.fullmatch(purpose))),
        ("fields", _are_fields(fields)),
        ("consent_id", (consent_id is not None) == (str(service) in NEEDS_CONSENT)),
    )
    fault = next((name for name, holds in faults if not holds), None)
    if fault is not None:
        raise refusal("details-invalid", member=fault[:40])
    return Details(str(service), str(one["contract_version"]), str(purpose), tuple(fields), _uuid(consent_id))


def _are_fields(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= _MOST_FIELDS
        and all(isinstance(name, str) and _FIELD.fullmatch(name) for name in value)
    )


def _uuid(text: object) -> UUID | None:
    if text is None:
        return None
    try:
        return UUID(str(text))
    except ValueError as error:
        raise refusal("details-invalid", member="consent_id") from error
