"""Gates 1 to 3 for one call, in order: party, token, message. What passes is a `Caller`; nobody else makes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from joserfc.jwk import OKPKey

from iindustry.exchange import access_tokens, proofs, signatures
from iindustry.exchange.gates import check_holder, check_party
from iindustry.exchange.models import Call, Client, MinuteBudget
from iindustry.exchange.problems import refusal
from iindustry.exchange.services.clients import find_party, may_bind, public_key
from iindustry.exchange.services.keys import server_keys
from iindustry.exchange.services.once import spend
from iindustry.kernel.actors import Actor, Role
from iindustry.protection import recipients

if TYPE_CHECKING:
    from datetime import datetime

    from iindustry.exchange.rar import Details
    from iindustry.exchange.signatures import Message
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home

_SCHEME = "DPoP "
_MARGIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Caller:
    """A proven call: who, through which token, with which request id."""

    address: str
    organisation: str
    actor: Actor
    details: Details
    request_id: str


def hub_address() -> str:
    """The address of this platform's own system: `TH-TEST/GOV/…/iind`."""
    return recipients.hub()


def admit(message: Message, *, service: str, issuer: str, home: Home, clock: Clock) -> Caller:
    """Let one call through gates 1, 2 and 3. Raises the code of the first gate it fails.

    The nonce and the proof's id are spent here, each in its own statement: a refusal further on does not give them back.
    """
    now = clock.now()
    address = message.header("x-road-client") or ""
    key_id = signatures.key_id_of(message)
    party = check_party(find_party(address), key_id, calls_this_minute=_calls(address, now))
    token = _check_token(message, address, service=service, issuer=issuer, home=home, now=now)
    request_id = _request_id(message)
    _check_message(message, address, key_id, now=now)
    _count(address, now)
    actor = Actor(Role.BANK_SYSTEM, organisation=party.organisation, subsystem=address)
    return Caller(address, party.organisation, actor, token.details, request_id)


def note_call(caller: Caller, *, service: str, code: str, status: int, milliseconds: int, clock: Clock) -> None:
    """Keep how one proven call ended, for `/health`."""
    Call.objects.create(at=clock.now(), client=caller.address, service=service, code=code, status=status,
                        milliseconds=milliseconds)  # fmt: skip


def note_refusal(code: str, *, clock: Clock) -> None:
    """Count one refusal at gates 1 to 3; the hourly summary leaf records the counts."""
    hour = clock.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_REFUSAL, [hour, code])


def _check_token(
    message: Message, address: str, *, service: str, issuer: str, home: Home, now: datetime
) -> access_tokens.AccessToken:
    credentials = message.header("authorization") or ""
    if not credentials.startswith(_SCHEME):
        raise refusal("token-missing")
    text = credentials.removeprefix(_SCHEME).strip()
    token = access_tokens.read(text, server_keys(home).token, issuer=issuer, now=now)
    proof = proofs.check_dpop(
        message.header("dpop") or "", method=message.method, url=message.url, now=now, access_token=text
    )
    check_holder(token, client=address, thumbprint=proof.thumbprint, service=service)
    if not may_bind(address, proof.thumbprint):  # revoked since the token was given
        raise refusal("dpop-invalid")
    if not spend("dpop", proof.thumbprint, proof.jti, until=now + _MARGIN):
        raise refusal("dpop-replayed")
    return token


def _check_message(message: Message, address: str, key_id: str | None, *, now: datetime) -> None:
    if key_id is None:
        raise refusal("signature-missing" if not message.header("signature") else "signature-invalid")
    jwk = public_key(address, key_id)
    if jwk is None:
        raise refusal("signature-invalid")
    key = OKPKey.import_key(jwk).public_key
    if not isinstance(key, Ed25519PublicKey):
        raise refusal("signature-invalid")
    proof = signatures.verify_request(message, key, key_id, now=now)
    if not spend("nonce", address, proof.nonce, until=now + _MARGIN):
        raise refusal("signature-replayed")


def _request_id(message: Message) -> str:
    try:
        return str(UUID(message.header("x-road-id") or ""))
    except ValueError as error:
        raise refusal("header-missing", header="X-Road-Id") from error


def _minute(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(second=0, microsecond=0)


def _calls(address: str, now: datetime) -> int:
    """Proven calls of this minute. Unproven ones are not counted here, or anybody could spend a bank's budget."""
    row = MinuteBudget.objects.filter(client__address=address, minute=_minute(now)).values_list("calls").first()
    return row[0] if row else 0


def _count(address: str, now: datetime) -> None:
    client = Client.objects.only("id").get(address=address)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_CALL, [client.id, _minute(now)])


# Upserts in SQL, because two workers count in the same minute.
_COUNT_CALL = (
    'INSERT INTO "exchange_minutebudget" ("client_id", "minute", "calls") VALUES (%s, %s, 1) '
    'ON CONFLICT ("client_id", "minute") DO UPDATE SET "calls" = "exchange_minutebudget"."calls" + 1'
)
_COUNT_REFUSAL = (
    'INSERT INTO "exchange_refusedcount" ("hour", "code", "count", "summarised") VALUES (%s, %s, 1, false) '
    'ON CONFLICT ("hour", "code") DO UPDATE SET "count" = "exchange_refusedcount"."count" + 1'
)
