"""Access tokens of ours: a JWT after RFC 9068, ES256, five minutes, bound to the caller's DPoP key (`cnf.jkt`).

Invariant: pure; issuer and audience are the one address of this installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from joserfc import jwt
from joserfc.errors import JoseError

from iindustry.exchange import rar
from iindustry.exchange.problems import refusal

if TYPE_CHECKING:
    from datetime import datetime

    from joserfc.jwk import ECKey

LIFE = timedelta(minutes=5)
ALGORITHM = "ES256"
_TYPE = "at+jwt"
_AHEAD_SECONDS = 10


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a token of ours says: whose it is, which key it is bound to, and what it is for."""

    token_id: str
    subject: str
    thumbprint: str
    details: rar.Details


def issue(token: AccessToken, key: ECKey, *, issuer: str, now: datetime) -> str:
    """The signed token."""
    made = int(now.timestamp())
    claims = {
        "iss": issuer,
        "aud": issuer,
        "sub": token.subject,
        "client_id": token.subject,
        "jti": token.token_id,
        "iat": made,
        "exp": made + int(LIFE.total_seconds()),
        "cnf": {"jkt": token.thumbprint},
        "authorization_details": token.details.as_claim(),
    }
    if token.details.consent_id is not None:
        claims["consent_id"] = str(token.details.consent_id)
    return jwt.encode({"alg": ALGORITHM, "typ": _TYPE, "kid": key.thumbprint()}, claims, key, algorithms=[ALGORITHM])


def read(text: str, key: ECKey, *, issuer: str, now: datetime) -> AccessToken:
    """Check one of our tokens. Raises `token-invalid`, `token-audience`, `token-expired` (401)."""
    try:
        token = jwt.decode(text, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError) as error:
        raise refusal("token-invalid") from error
    claims = token.claims
    if token.header.get("typ") != _TYPE or claims.get("iss") != issuer:
        raise refusal("token-invalid")
    if claims.get("aud") != issuer:
        raise refusal("token-audience")
    made, ends = claims.get("iat"), claims.get("exp")
    instant = now.timestamp()
    if not isinstance(made, int) or not isinstance(ends, int) or made > instant + _AHEAD_SECONDS:
        raise refusal("token-invalid")
    if instant >= ends or instant - made > LIFE.total_seconds():
        raise refusal("token-expired")
    thumbprint = (claims.get("cnf") or {}).get("jkt")
    if not isinstance(thumbprint, str) or not isinstance(claims.get("sub"), str):
        raise refusal("token-invalid")
    return AccessToken(str(claims.get("jti")), claims["sub"], thumbprint, rar.of_token(claims))
