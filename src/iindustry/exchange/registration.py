"""How a bank's system introduces itself: its address, public keys and purposes, signed with its own key.

Key ids are thumbprints (RFC 7638), so nobody can register a key under another key's name. Keys are marked by `iind_use`:
`sig` signs messages and logins (Ed25519), `dpop` binds tokens. Invariant: no private part of a key is ever accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, import_key

from iindustry.exchange import addresses
from iindustry.exchange.problems import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SIGN = "sig"
DPOP = "dpop"
USES = (SIGN, DPOP)
PROOF_TYPE = "i-industry-registration+jwt"
_MOST_KEYS = 10
_PRIVATE_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class RegisteredKey:
    """One public key: its id, what it is for, and the JWK."""

    key_id: str
    use: str
    jwk: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Registration:
    """What a system asks to be registered as. `organisation` is the key in `accounts` (`exim`)."""

    address: str
    organisation: str
    purposes: tuple[str, ...]
    keys: tuple[RegisteredKey, ...]


def from_jwks(address: str, organisation: str, purposes: Sequence[str], jwks: Mapping[str, Any]) -> Registration:
    """A registration from its parts. Raises `registration-invalid` with the member at fault."""
    if addresses.parse(address) is None:
        raise refusal("registration-invalid", member="address")
    listed = jwks.get("keys")
    if not isinstance(listed, list) or not 1 <= len(listed) <= _MOST_KEYS:
        raise refusal("registration-invalid", member="jwks")
    keys = tuple(_key(jwk) for jwk in listed)
    if len({key.key_id for key in keys}) != len(keys) or SIGN not in {key.use for key in keys}:
        raise refusal("registration-invalid", member="jwks")
    if not purposes or not organisation:
        raise refusal("registration-invalid", member="purposes" if organisation else "organisation")
    return Registration(address, organisation, tuple(sorted(set(purposes))), keys)


def from_document(document: Mapping[str, Any]) -> Registration:
    """The registration in a file that `i-industry-connector register` wrote, its signature checked.

    The signature shows that whoever sent the keys holds them. Raises `registration-invalid`.
    """
    stated, proof = document.get("registration"), document.get("proof")
    if not isinstance(stated, dict) or not isinstance(proof, str):
        raise refusal("registration-invalid", member="registration")
    purposes, jwks = stated.get("purposes"), stated.get("jwks")
    registration = from_jwks(
        str(stated.get("address")),
        str(stated.get("organisation") or ""),
        purposes if isinstance(purposes, list) and all(isinstance(one, str) for one in purposes) else (),
        jwks if isinstance(jwks, dict) else {},
    )
    if not any(_signed_by(key, proof, stated) for key in registration.keys if key.use == SIGN):
        raise refusal("registration-invalid", member="proof")
    return registration


def _signed_by(key: RegisteredKey, proof: str, stated: Mapping[str, Any]) -> bool:
    try:
        token = jwt.decode(proof, import_key(dict(key.jwk)), algorithms=["Ed25519"])
    except (JoseError, ValueError):
        return False
    return token.header.get("typ") == PROOF_TYPE and token.claims == stated


def _key(jwk: object) -> RegisteredKey:
    if not isinstance(jwk, dict) or _PRIVATE_PARTS & set(jwk):
        raise refusal("registration-invalid", member="jwks")
    use = jwk.get("iind_use", SIGN)
    public = {name: value for name, value in jwk.items() if name in {"kty", "crv", "x", "y"}}
    try:
        key: Key = import_key(public)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise refusal("registration-invalid", member="jwks") from error
    fits = isinstance(key, OKPKey) and key.curve_name == "Ed25519" if use == SIGN else isinstance(key, ECKey | OKPKey)
    if use not in USES or not fits or jwk.get("kid", key.thumbprint()) != key.thumbprint():
        raise refusal("registration-invalid", member="jwks")
    return RegisteredKey(key.thumbprint(), use, public)
