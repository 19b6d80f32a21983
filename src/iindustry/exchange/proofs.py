"""Proofs a caller makes with its own keys: the client assertion (RFC 7523) and the DPoP proof (RFC 9449).

Invariant: pure; a caller's `jti` is returned for the caller of these functions to spend, once, in the database.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from iindustry.exchange.problems import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHMS = ("ES256", "Ed25519", "EdDSA", "PS256")  # EdDSA is the older name of Ed25519 (RFC 9864)
OLDEST = timedelta(seconds=60)
AHEAD = timedelta(seconds=10)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST = 4096
_JTI_LENGTH = range(8, 129)
_ASSERTION_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Assertion:
    """A client's verified login: its `jti` is to be spent until `ends_at`."""

    subject: str
    jti: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DpopProof:
    """A verified DPoP proof: `thumbprint` of its key (RFC 7638), and the `jti` to be spent."""

    thumbprint: str
    jti: str


def subject_of(assertion: str) -> tuple[str, str]:
    """Who an assertion says it is, and its key id, before anything is verified. Raises `assertion-invalid`."""
    header, claims = _peek(assertion, "assertion-invalid")
    subject, kid = claims.get("sub"), header.get("kid")
    if not isinstance(subject, str) or not isinstance(kid, str) or not (subject + kid).isprintable():
        raise refusal("assertion-invalid")
    return subject, kid


def check_assertion(assertion: str, key: Key, *, issuer: str, now: datetime) -> Assertion:
    """Check a client's login. The audience is our issuer and nothing else; it lives five minutes at most.

    Raises: `assertion-invalid`, `assertion-audience`, `assertion-stale` (401).
    """
    try:
        token = jwt.decode(assertion, key, algorithms=ALGORITHMS)
    except (JoseError, ValueError) as error:
        raise refusal("assertion-invalid") from error
    claims = token.claims
    subject = claims.get("sub")
    if not isinstance(subject, str) or claims.get("iss") != subject:
        raise refusal("assertion-invalid")
    if claims.get("aud") not in (issuer, [issuer]):
        raise refusal("assertion-audience", issuer=issuer)
    made, ends = _instant(claims.get("iat")), _instant(claims.get("exp"))
    if made is None or ends is None or not _fresh(made, now) or not now <= ends <= made + _ASSERTION_LIFE:
        raise refusal("assertion-stale", seconds=int(OLDEST.total_seconds()))
    return Assertion(subject, _jti(claims, "assertion-invalid"), ends)


def check_dpop(proof: str, *, method: str, url: str, now: datetime, access_token: str | None = None) -> DpopProof:
    """Check a DPoP proof for one call. With an access token its hash `ath` must be the token's.

    Raises: `dpop-invalid` (401), whatever is wrong: the proof's maker learns no more than that.
    """
    header, _ = _peek(proof, "dpop-invalid")
    key = _public_key(header.get("jwk"))
    try:
        token = jwt.decode(proof, key, algorithms=ALGORITHMS)
    except (JoseError, ValueError) as error:
        raise refusal("dpop-invalid") from error
    claims = token.claims
    made = _instant(claims.get("iat"))
    holds = (
        token.header.get("typ") == "dpop+jwt"
        and claims.get("htm") == method
        and _same_place(claims.get("htu"), url)
        and made is not None
        and _fresh(made, now)
        and (access_token is None or claims.get("ath") == token_hash(access_token))
    )
    if not holds:
        raise refusal("dpop-invalid")
    return DpopProof(key.thumbprint(), _jti(claims, "dpop-invalid"))


def token_hash(access_token: str) -> str:
    """The `ath` of an access token: SHA-256, base64url without padding."""
    digest = hashlib.sha256(access_token.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _public_key(jwk: object) -> Key:
    """A proof's own key: public, asymmetric, of a kind we take."""
    if not isinstance(jwk, dict) or "d" in jwk or "k" in jwk:
        raise refusal("dpop-invalid")
    try:
        key = import_key(jwk)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise refusal("dpop-invalid") from error
    if not isinstance(key, ECKey | OKPKey | RSAKey) or key.is_private:
        raise refusal("dpop-invalid")
    return key


def _peek(token: str, code: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    if not token or len(token) > _LONGEST or not token.isascii():
        raise refusal(code)
    try:
        extracted = jws.extract_compact(token.encode("ascii"))
        claims = json.loads(extracted.payload)
    except (JoseError, ValueError) as error:
        raise refusal(code) from error
    if not isinstance(claims, dict):
        raise refusal(code)
    return extracted.headers(), claims


def _jti(claims: Mapping[str, Any], code: str) -> str:
    jti = claims.get("jti")
    if not isinstance(jti, str) or len(jti) not in _JTI_LENGTH:
        raise refusal(code)
    return jti


def _instant(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _fresh(made: datetime, now: datetime) -> bool:
    return now - OLDEST <= made <= now + AHEAD


def _same_place(stated: object, url: str) -> bool:
    """Whether two addresses are one, query and fragment aside (RFC 9449 section 4.3)."""
    if not isinstance(stated, str):
        return False
    a, b = urlsplit(stated), urlsplit(url)
    return (a.scheme.lower(), a.netloc.lower(), a.path or "/") == (b.scheme.lower(), b.netloc.lower(), b.path or "/")
