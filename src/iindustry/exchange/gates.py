"""Gate 1, the party; and the two rules of gate 2 that join token and caller (EXCHANGE section 3).

The message itself (gate 3) is `signatures`; agreement, consent and fields (4 to 6) are `protection.decision`.
Invariant: pure; default deny; the order of the checks is the order of the codes in the design.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from iindustry.exchange.problems import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.exchange.access_tokens import AccessToken


class KeyStatus(StrEnum):
    """Whether a key may still be used."""

    ACTIVE = "active"
    REVOKED = "revoked"


class PartyStatus(StrEnum):
    """Where a member's system stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Party:
    """A registered system as the gates see it. `keys`: status by key id. `calls_a_minute` is its budget."""

    address: str
    organisation: str
    status: PartyStatus
    is_paused: bool
    purposes: frozenset[str]
    keys: Mapping[str, KeyStatus]
    calls_a_minute: int


def check_party(party: Party | None, key_id: str | None, *, calls_this_minute: int) -> Party:
    """Gate 1. Raises `party-unknown`, `key-revoked`, `party-suspended`, `rate-limited`, `maintenance`.

    A key id that is not the party's own answers like an unknown party: keys of others cannot be probed. No key id at
    all passes: gate 3 has its own word for a missing signature.
    """
    if party is None or (key_id is not None and key_id not in party.keys):
        raise refusal("party-unknown")
    if key_id is not None and party.keys[key_id] is not KeyStatus.ACTIVE:
        raise refusal("key-revoked")
    if party.status is not PartyStatus.ACTIVE:
        raise refusal("party-suspended")
    if calls_this_minute >= party.calls_a_minute:
        raise refusal("rate-limited", calls=party.calls_a_minute)
    if party.is_paused:
        raise refusal("maintenance")
    return party


def check_holder(token: AccessToken, *, client: str, thumbprint: str, service: str) -> None:
    """Gate 2, its last part: the token is this caller's, bound to the proof's key, and for this service.

    Raises `token-invalid`, `dpop-invalid` (401), `token-scope` (403).
    """
    if token.subject != client:
        raise refusal("token-invalid")
    if token.thumbprint != thumbprint:
        raise refusal("dpop-invalid")
    if token.details.service != service:
        raise refusal("token-scope", service=service)
