"""The wire profile, from a bank's side: login and DPoP proofs, request signatures, verified answers.

RFC 7523 login with the hub's address as audience, RFC 9449 proofs, RFC 9421 signatures with RFC 9530 digests, label `sig1`.
Invariant: an answer is bound to the request it answers, by the request's own signature among the covered parts.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from joserfc import jwt

from iindustry_connector.faults import Unverified

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from iindustry_connector.keys import Keys

LABEL = "sig1"
REQUEST_TAG = "i-industry-req"
RESPONSE_TAG = "i-industry-res"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFE = timedelta(seconds=60)
_REQUEST = ("@method", "@target-uri", "x-road-client", "x-road-id", "authorization", "dpop")
_ANSWER = ("@status", "content-type", "content-digest", '"@method";req', '"@target-uri";req',
           f'"signature";req;key="{LABEL}"', "x-road-id")  # fmt: skip


def new_id() -> str:
    """A fresh id for a request or a proof."""
    return str(uuid.uuid4())  # noqa: TID251 - this distribution stands alone and has no kernel


def assertion(keys: Keys, *, address: str, issuer: str, now: datetime) -> str:
    """The login of one token request: signed, for this hub alone, one minute."""
    made = int(now.timestamp())
    claims = {"iss": address, "sub": address, "aud": issuer, "iat": made, "exp": made + 60, "jti": new_id()}
    return jwt.encode({"alg": "Ed25519", "kid": keys.sig_id}, claims, keys.sig, algorithms=["Ed25519"])


def dpop(keys: Keys, *, method: str, url: str, now: datetime, access_token: str | None = None) -> str:
    """A proof of the token's key for one call."""
    claims: dict[str, Any] = {
        "htm": method,
        "htu": url.split("?", maxsplit=1)[0],
        "iat": int(now.timestamp()),
        "jti": new_id(),
    }
    if access_token is not None:
        digest = hashlib.sha256(access_token.encode("ascii")).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": keys.dpop.as_dict(private=False)}
    return jwt.encode(header, claims, keys.dpop, algorithms=["ES256"])


def registration_proof(keys: Keys, stated: dict[str, Any]) -> str:
    """The registration signed with the key it registers: shows that the sender holds it."""
    header = {"alg": "Ed25519", "typ": "i-industry-registration+jwt", "kid": keys.sig_id}
    return jwt.encode(header, stated, keys.sig, algorithms=["Ed25519"])


def sign_request(request: httpx.Request, keys: Keys, *, now: datetime) -> None:
    """Sign a request in place, its body's digest included."""
    covered = list(_REQUEST)
    body = request.read()
    if body:
        covered += ["content-type", "content-digest"]
    if request.method == "POST":
        covered.append("idempotency-key")
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={keys.sig_id: keys.signing_key}),
    )
    signer.sign(
        request,
        key_id=keys.sig_id,
        created=now,
        expires=now + _LIFE,
        nonce=secrets.token_urlsafe(24),
        label=LABEL,
        tag=REQUEST_TAG,
        covered_component_ids=covered,
        body=body or None,
    )


def verify_answer(response: httpx.Response, hub_keys: Mapping[str, Ed25519PublicKey], *, now: datetime) -> None:
    """Check an answer's signature, age and digest. Unverified: `answer-unsigned`, `answer-wrong`.

    An answer with a ledger entry must have it under the signature: it is a promise.
    """
    if "signature" not in response.headers:
        raise Unverified("answer-unsigned", status=response.status_code)
    needed = [*_ANSWER, *(["i-industry-entry"] if "i-industry-entry" in response.headers else [])]
    verifier = _TimelessVerifier(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys=hub_keys, private_keys={}),
    )
    try:
        results = verifier.verify(
            response, max_age=None, expect_tag=RESPONSE_TAG, expect_label=LABEL, require_components=needed,
            body=response.content,
        )  # fmt: skip
        made = datetime.fromtimestamp(int(results[0].parameters["created"]), UTC)
    except (HTTPMessageSignaturesException, InvalidSignature, ValueError, KeyError, IndexError) as error:
        raise Unverified("answer-wrong") from error
    if abs(now - made) > _LIFE:  # the request's own signature, covered above, is what binds the answer to this call
        raise Unverified("answer-wrong")


class _TimelessVerifier(HTTPMessageVerifier):
    """The library reads the computer's clock; age is judged above, by the clock handed in."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Nothing."""
