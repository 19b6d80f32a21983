"""The platform's signature over consents and agreements: JWS, Ed25519 (RFC 9864 names the algorithm `Ed25519`).

The key lies in `home.keys/consents.key`, 0600. Invariant: what is signed is the canonical JSON, byte for byte.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from iindustry.ledger.keys import kept_ed25519

if TYPE_CHECKING:
    from pathlib import Path

_ALGORITHM = "Ed25519"


@lru_cache(maxsize=8)
def platform_key(folder: Path) -> OKPKey:
    """The platform's key, made at the first call; its id is the RFC 7638 thumbprint."""
    private = kept_ed25519(folder / "consents.key")
    key = OKPKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key.ensure_kid()
    return key


def sign(document: str, *, key: OKPKey) -> str:
    """A compact JWS over a canonical document."""
    header = {"alg": _ALGORITHM, "kid": key.kid, "typ": "i-industry-record+jws"}
    return jws.serialize_compact(header, document.encode(), key, algorithms=[_ALGORITHM])


def is_signed(document: str, signature: str, *, key: OKPKey) -> bool:
    """Whether a compact JWS is a good signature over exactly this document."""
    try:
        opened = jws.deserialize_compact(signature, key, algorithms=[_ALGORITHM])
    except (JoseError, ValueError):
        return False
    return opened.payload == document.encode()
