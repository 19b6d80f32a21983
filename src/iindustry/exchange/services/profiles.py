"""Direction A: one consented enterprise to the bank that it named.

The decision is `protection`'s. Invariant: the lock, the ledger entry and the row of who saw what are written before the
first byte of the answer leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DatabaseError, transaction

from iindustry.exchange import rar
from iindustry.exchange.problems import refusal
from iindustry.funding import dossier
from iindustry.funding.services.read import frozen_of, seen
from iindustry.kernel.errors import DomainError, NotFound
from iindustry.ledger import services as ledger
from iindustry.protection import service_fields
from iindustry.protection import services as protection
from iindustry.register import services as register
from iindustry.register.enterprise import Enterprise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iindustry.exchange.services.entrance import Caller
    from iindustry.kernel.clock import Clock
    from iindustry.protection.disclosed import Disclosed
    from iindustry.register.enterprise import Value


@dataclass(frozen=True, slots=True)
class ProfileAnswer:
    """The answer's body, and the hash of the ledger leaf that records it."""

    body: Mapping[str, Any]
    entry_hash: str


def profile(caller: Caller, consent_id: UUID, *, clock: Clock) -> ProfileAnswer:
    """The fields that contract, agreement, purpose, consent and request allow together, now.

    Raises a code of gates 4 to 6 with the fact `entry`, the leaf that records the refusal; `audit-unavailable` where the
    ledger cannot be written. A consent of another bank and one that never was give the same `consent-missing`.
    """
    if caller.details.consent_id != consent_id:
        raise refusal("token-scope", service=rar.PROFILE)
    asked = _asked(caller.details.fields)
    enterprise = _enterprise(caller, consent_id, clock)
    try:
        disclosed = protection.disclose(
            enterprise, recipient=caller.address, purpose=caller.details.purpose, service=rar.PROFILE,
            consent_id=consent_id, fields=asked, actor=caller.actor, clock=clock, request_id=UUID(caller.request_id),
        )  # fmt: skip
    except DatabaseError as error:
        raise refusal("audit-unavailable") from error
    return ProfileAnswer(_body(enterprise, consent_id, disclosed), disclosed.entry.leaf_hash)


@transaction.atomic
def record_refusal(caller: Caller, code: str, service: str, *, clock: Clock) -> str:
    """The ledger leaf of a refusal at gates 4 to 6; its hash."""
    entry = ledger.append(
        "exchange.refused", actor=caller.actor, at=clock.now(), consumer=caller.address, service=service,
        purpose=caller.details.purpose, request=caller.request_id, code=code,
    )  # fmt: skip
    return entry.leaf_hash


# What a consent that is not the caller's is about. The decision is asked all the same, so that it answers as for any other.
_NOBODY = Enterprise("none", "none", "", "", None, None)


def _enterprise(caller: Caller, consent_id: UUID, clock: Clock) -> Enterprise:
    """The enterprise a consent is about: as its case froze it, else as the register knows it now."""
    try:
        consent = protection.get_consent(consent_id, actor=caller.actor, clock=clock)
        if consent.application_id is not None:
            document = frozen_of(seen(consent.application_id, caller.actor))
            if document is not None:
                return dossier.enterprise_of(document)
        return register.get_enterprise(consent.enterprise_id)
    except NotFound:
        return _NOBODY


def _asked(fields: Sequence[str]) -> frozenset[str]:
    everything = service_fields.SERVICES[rar.PROFILE].fields
    if not fields:
        return everything
    try:
        return service_fields.expand(fields) & everything
    except DomainError as error:
        raise refusal("details-invalid", member="fields") from error


def _body(enterprise: Enterprise, consent_id: UUID, disclosed: Disclosed) -> dict[str, Any]:
    names = {one.establishment_id: one.factory_id or one.establishment_id for one in enterprise.establishments}
    shown = {
        name: [
            _value(value, names.get(place) if place else None)
            for value, place in zip(values, disclosed.places[name], strict=True)
        ]
        for name, values in disclosed.fields.items()
    }
    return {
        "consent_id": str(consent_id),
        "register_version": enterprise.version,
        "sources": dict.fromkeys(sorted({one["source"] for values in shown.values() for one in values}), "READY"),
        "fields": {name: _one_or_many(values) for name, values in sorted(shown.items())},
        "missing": [{"field": name, "why": "no-record"} for name in sorted(disclosed.unknown)],
    }


def _one_or_many(values: list[dict[str, Any]]) -> dict[str, Any] | list[dict[str, Any]]:
    """A value of the enterprise stands alone; values of its establishments are a list, even of one."""
    return values[0] if len(values) == 1 and "of" not in values[0] else values


def _value(value: Value, of: str | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"value": _plain(value.value), "source": value.source, "as_of": value.as_of.isoformat()}
    if of is not None:
        shown["of"] = of
    return shown


def _plain(value: object) -> str | int | bool | list[str]:
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list | set | frozenset):
        return sorted(str(one) for one in value)
    raise TypeError(f"a value of {type(value).__name__} has no form in a message")
