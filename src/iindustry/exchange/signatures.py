"""Message signatures in both directions: RFC 9421 with RFC 9530 digests, Ed25519, label `sig1` (EXCHANGE section 4).

A request covers its method, address, caller, id, token and proof, and with a body its type and digest; the answer covers
its status, type, digest and the request's own signature, so a reply cannot be passed off as the answer to another call.
Invariant: time is handed in, the digest is recomputed over the bytes received, and `@target-uri` is built from our
configured address, never from a Host header.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import http_sf
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from iindustry.exchange.problems import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LABEL = "sig1"
REQUEST_TAG = "i-industry-req"
RESPONSE_TAG = "i-industry-res"
OLDEST = timedelta(seconds=60)
AHEAD = timedelta(seconds=10)
_NONCE_LENGTH = range(16, 129)

_REQUEST = ("@method", "@target-uri", "x-road-client", "x-road-id", "authorization", "dpop")
_REQUEST_BODY = ("content-type", "content-digest")
_IDEMPOTENCY = ("idempotency-key",)
_RESPONSE = ("@status", "content-type", "content-digest")
_OF_THE_REQUEST = ('"@method";req', '"@target-uri";req')
_REQUEST_SIGNATURE = f'"signature";req;key="{LABEL}"'


@dataclass(frozen=True, slots=True)
class Message:
    """A request as it came: `url` is the absolute address built from our public URL, `body` the bytes received."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """A header by any spelling of its name."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to be signed: its headers gain `Content-Digest`, `Signature-Input` and `Signature`."""

    status_code: int
    headers: MutableMapping[str, str]
    body: bytes
    request: Message


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verified request signature said: which key, the nonce to be spent, when it was made."""

    key_id: str
    nonce: str
    created_at: datetime


class _TimelessVerifier(HTTPMessageVerifier):
    """The library reads the computer's clock; we judge time ourselves, by the clock handed in."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Nothing: see `_check_time`."""


def required_of_request(*, method: str, has_body: bool) -> tuple[str, ...]:
    """The components that a request's signature must cover."""
    body = _REQUEST_BODY if has_body else ()
    return _REQUEST + body + (_IDEMPOTENCY if method == "POST" else ())


def key_id_of(message: Message) -> str | None:
    """The key id that a request claims, before anything is verified; None where there is no readable signature."""
    field = message.header("signature-input")
    if not field or not message.header("signature"):
        return None
    try:
        parsed: Any = http_sf.parse(field.encode(), tltype="dictionary")
        key_id = parsed[LABEL][1]["keyid"]
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return key_id if isinstance(key_id, str) else None


def verify_request(message: Message, key: Ed25519PublicKey, key_id: str, *, now: datetime) -> Proof:
    """Check one request's signature, age and digest. The caller spends the nonce.

    Raises: `signature-missing`, `signature-invalid`, `signature-stale` (401), `digest-mismatch` (400).
    """
    if not message.header("signature") or not message.header("signature-input"):
        raise refusal("signature-missing")
    verifier = _TimelessVerifier(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={key_id: key}, private_keys={}),
    )
    required = required_of_request(method=message.method, has_body=bool(message.body))
    try:
        results = verifier.verify(
            message, max_age=None, expect_tag=REQUEST_TAG, expect_label=LABEL, require_components=required
        )
        parameters = results[0].parameters
    except (HTTPMessageSignaturesException, IndexError) as error:
        raise refusal("signature-invalid", covers=list(required)) from error
    nonce = parameters.get("nonce")
    if not isinstance(nonce, str) or len(nonce) not in _NONCE_LENGTH:
        raise refusal("signature-invalid", covers=list(required))
    created_at = _check_time(parameters, now)
    _check_digest(message)
    return Proof(str(parameters["keyid"]), nonce, created_at)


def sign_reply(reply: Reply, key: Ed25519PrivateKey, key_id: str, *, now: datetime) -> None:
    """Sign an answer in place. What the answer or its request lacks (a ledger entry, a signature) is not covered."""
    headers = {name.lower() for name in reply.headers}
    covered = [*_RESPONSE, *(name for name in ("x-road-id", "i-industry-entry") if name in headers)]
    covered += _OF_THE_REQUEST
    if key_id_of(reply.request):
        covered.append(_REQUEST_SIGNATURE)
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: key}),
    )
    signer.sign(reply, key_id=key_id, created=now, label=LABEL, tag=RESPONSE_TAG,
                covered_component_ids=covered, body=reply.body)  # fmt: skip


def _check_time(parameters: Mapping[str, int | str], now: datetime) -> datetime:
    created, expires = parameters.get("created"), parameters.get("expires")
    if not isinstance(created, int) or not isinstance(expires, int):
        raise refusal("signature-stale", seconds=int(OLDEST.total_seconds()))
    try:
        made, ends = datetime.fromtimestamp(created, UTC), datetime.fromtimestamp(expires, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise refusal("signature-stale", seconds=int(OLDEST.total_seconds())) from error
    fresh = now - OLDEST <= made <= now + AHEAD
    if not fresh or ends < now or ends > made + OLDEST:
        raise refusal("signature-stale", seconds=int(OLDEST.total_seconds()))
    return made


def _check_digest(message: Message) -> None:
    stated = message.header("content-digest")
    if not message.body and stated is None:
        return
    try:
        ContentDigest.verify(stated or "", message.body)
    except (HTTPMessageSignaturesException, ValueError) as error:
        raise refusal("digest-mismatch") from error
