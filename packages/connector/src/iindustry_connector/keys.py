"""A system's own keys: Ed25519 `sig` for messages and logins, ES256 `dpop` that binds tokens.

Invariant: private halves lie in files of mode 0600 and are never printed; a key's id is its thumbprint (RFC 7638).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey, OKPKey

from iindustry_connector.faults import ConnectorError

if TYPE_CHECKING:
    from pathlib import Path

_SIG_FILE = "sig.jwk"
_DPOP_FILE = "dpop.jwk"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The two keys of one system."""

    sig: OKPKey
    dpop: ECKey

    @classmethod
    def make(cls) -> Keys:
        """Two new keys."""
        return cls(OKPKey.generate_key("Ed25519"), ECKey.generate_key("P-256"))

    @classmethod
    def load(cls, folder: Path) -> Keys:
        """The keys in a folder. ConnectorError: `keys-missing`, `keys-open`."""
        return cls(OKPKey.import_key(_read(folder / _SIG_FILE)), ECKey.import_key(_read(folder / _DPOP_FILE)))

    def save(self, folder: Path) -> None:
        """Write both private halves, mode 0600; an existing file is never overwritten (FileExistsError)."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, key in ((_SIG_FILE, self.sig), (_DPOP_FILE, self.dpop)):
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump(key.as_dict(private=True), file)

    @property
    def sig_id(self) -> str:
        """The id of the signing key."""
        return self.sig.thumbprint()

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """The signing key as the signer takes it."""
        key = self.sig.private_key
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError("the signing key is not Ed25519")
        return key

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """The public halves, marked by use: what is registered at the hub."""
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "iind_use": use}
                for key, use in ((self.sig, "sig"), (self.dpop, "dpop"))
            ]
        }


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise ConnectorError("keys-missing", file=path.name)
    if path.stat().st_mode & 0o077:
        raise ConnectorError("keys-open", file=path.name)
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    return loaded
