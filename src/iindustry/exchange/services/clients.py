"""Partners' systems: register, pause, revoke a key; each change is a ledger entry in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.accounts import services as accounts
from iindustry.exchange.gates import KeyStatus, Party, PartyStatus
from iindustry.exchange.models import Client, ClientKey
from iindustry.exchange.problems import refusal
from iindustry.exchange.registration import DPOP, SIGN, Registration, from_document
from iindustry.kernel.errors import NotFound
from iindustry.ledger import services as ledger

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class ClientCard:
    """A system as pages show it. `key_ids` are those in force."""

    client_id: UUID
    address: str
    organisation: str
    purposes: tuple[str, ...]
    status: str
    is_paused: bool
    calls_a_minute: int
    key_ids: tuple[str, ...]


@transaction.atomic
def register_client(
    document: Registration | Mapping[str, Any], *, actor: Actor, clock: Clock, calls_a_minute: int = 600
) -> ClientCard:
    """Take a system in, or add keys to the one that has the address; the same document twice changes nothing.

    `document`: a registration file's content, its own signature checked, or a `Registration` made from a JWKS.
    Raises: `registration-invalid` (422), `registration-taken` (409) where the address or a key is another's.
    """
    registration = document if isinstance(document, Registration) else from_document(document)
    try:
        organisation = accounts.organisation_at(registration.address)
    except NotFound as error:
        raise refusal("registration-invalid", member="address") from error
    if organisation.key != registration.organisation:
        raise refusal("registration-taken", address=registration.address)
    client, is_new = Client.objects.get_or_create(
        address=registration.address,
        defaults={
            "organisation": registration.organisation,
            "purposes": list(registration.purposes),
            "calls_a_minute": calls_a_minute,
            "registered_at": clock.now(),
        },
    )
    added = [_add_key(client, key.key_id, key.use, dict(key.jwk), clock) for key in registration.keys]
    fresh = [key_id for key_id in added if key_id]
    if is_new or fresh:
        ledger.append("key.changed", actor=actor, at=clock.now(), client=client.address, keys=fresh)
    return _card(client)


@transaction.atomic
def revoke_key(key_id: str, *, actor: Actor, clock: Clock) -> None:
    """End a key for good: the next call with it answers `key-revoked`. NotFound: `party-unknown`."""
    key = ClientKey.objects.select_for_update().filter(key_id=key_id).select_related("client").first()
    if key is None:
        raise refusal("party-unknown")
    key.status, key.revoked_at = KeyStatus.REVOKED.value, clock.now()
    key.save(update_fields=["status", "revoked_at"])
    ledger.append("key.changed", actor=actor, at=clock.now(), client=key.client.address, revoked=key_id)


@transaction.atomic
def pause_client(address: str, *, is_paused: bool, actor: Actor, clock: Clock) -> None:
    """Turn one system's calls off or on again: they answer `maintenance` meanwhile."""
    if not Client.objects.filter(address=address).update(is_paused=is_paused):
        raise refusal("party-unknown")
    ledger.append("key.changed", actor=actor, at=clock.now(), client=address, paused=int(is_paused))


def find_party(address: str) -> Party | None:
    """A system as the gates see it; None where nobody has that address."""
    client = Client.objects.filter(address=address).first()
    if client is None:
        return None
    keys = {key.key_id: KeyStatus(key.status) for key in client.keys.filter(use=SIGN).order_by("key_id")[:50]}
    return Party(client.address, client.organisation, PartyStatus(client.status), client.is_paused,
                 frozenset(client.purposes), keys, client.calls_a_minute)  # fmt: skip


def public_key(address: str, key_id: str) -> dict[str, Any] | None:
    """The JWK of one of a system's signing keys in force."""
    row = ClientKey.objects.filter(
        client__address=address, key_id=key_id, use=SIGN, status=KeyStatus.ACTIVE.value
    ).first()
    return dict(row.jwk) if row else None


def may_bind(address: str, thumbprint: str) -> bool:
    """Whether a token may be bound to a key: one in force of those a system bound itself to, any where it never did.

    A system whose last such key was revoked gets no token until it registers another: the revoked one is not "any".
    """
    own = dict(ClientKey.objects.filter(client__address=address, use=DPOP).values_list("key_id", "status"))
    return not own or own.get(thumbprint) == KeyStatus.ACTIVE.value


def list_clients(*, limit: int = 100) -> list[ClientCard]:
    """All systems, by address."""
    return [_card(client) for client in Client.objects.order_by("address")[:limit]]


def _card(client: Client) -> ClientCard:
    active = client.keys.filter(status=KeyStatus.ACTIVE.value).order_by("key_id").values_list("key_id", flat=True)
    return ClientCard(client.id, client.address, client.organisation, tuple(client.purposes), client.status,
                      client.is_paused, client.calls_a_minute, tuple(active[:50]))  # fmt: skip


def _add_key(client: Client, key_id: str, use: str, jwk: dict[str, Any], clock: Clock) -> str | None:
    row, is_new = ClientKey.objects.get_or_create(
        key_id=key_id, defaults={"client": client, "use": use, "jwk": jwk, "added_at": clock.now()}
    )
    if row.client_id != client.id or row.use != use or row.status != KeyStatus.ACTIVE.value:
        raise refusal("registration-taken", address=client.address)
    return key_id if is_new else None
