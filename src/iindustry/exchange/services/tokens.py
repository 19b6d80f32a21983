"""The token endpoint: a registered system proves itself with its key and gets a token bound to its DPoP key.

Route (b) of EXCHANGE section 4: client credentials with `consent_id`, service and purpose. No refresh token, no bearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from joserfc.jwk import import_key

from iindustry.exchange import access_tokens, proofs, rar
from iindustry.exchange.gates import check_party
from iindustry.exchange.problems import refusal
from iindustry.exchange.services.clients import find_party, may_bind, public_key
from iindustry.exchange.services.entrance import hub_address
from iindustry.exchange.services.keys import server_keys
from iindustry.exchange.services.once import spend
from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from iindustry.exchange.gates import Party
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home

_MARGIN = timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What arrived: the form's fields, the `DPoP` header, and the absolute address it was sent to."""

    form: Mapping[str, str]
    dpop: str | None
    url: str


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """The answer of the token endpoint. `seconds` is how long the token lives."""

    access_token: str
    seconds: int
    details: rar.Details
    client: str


def issue_token(request: TokenRequest, *, issuer: str, home: Home, clock: Clock) -> IssuedToken:
    """Give a token for one service and one purpose, and for one consent where the service asks for it.

    Raises a code of gate 1, 2 or 4 (`purpose-not-agreed`: not a purpose this system is registered for).
    """
    now = clock.now()
    if request.form.get("grant_type") != "client_credentials":
        raise refusal("grant-unsupported", grant=request.form.get("grant_type", "")[:40])
    party, thumbprint = _prove_client(request, issuer=issuer, now=now)
    details = rar.read(
        request.form.get("authorization_details", ""), request.form.get("consent_id"), provider=hub_address()
    )
    if details.purpose not in party.purposes:
        raise refusal("purpose-not-agreed", purpose=details.purpose)
    token = access_tokens.AccessToken(str(new_id()), party.address, thumbprint, details)
    text = access_tokens.issue(token, server_keys(home).token, issuer=issuer, now=now)
    return IssuedToken(text, int(access_tokens.LIFE.total_seconds()), details, party.address)


def _prove_client(request: TokenRequest, *, issuer: str, now: datetime) -> tuple[Party, str]:
    if request.form.get("client_assertion_type") != proofs.ASSERTION_TYPE:
        raise refusal("assertion-invalid")
    text = request.form.get("client_assertion", "")
    subject, key_id = proofs.subject_of(text)
    party = check_party(find_party(subject), key_id, calls_this_minute=0)
    jwk = public_key(subject, key_id)
    if jwk is None or request.form.get("client_id", subject) != subject:
        raise refusal("assertion-invalid")
    assertion = proofs.check_assertion(text, import_key(jwk), issuer=issuer, now=now)
    proof = proofs.check_dpop(request.dpop or "", method="POST", url=request.url, now=now)
    if not may_bind(subject, proof.thumbprint):
        raise refusal("dpop-invalid")
    if not spend("assertion", subject, assertion.jti, until=now + _MARGIN):
        raise refusal("assertion-replayed")
    if not spend("dpop", proof.thumbprint, proof.jti, until=now + _MARGIN):
        raise refusal("dpop-replayed")
    return party, proof.thumbprint
