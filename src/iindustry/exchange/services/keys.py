"""This installation's own two keys: ES256 for tokens, Ed25519 for messages; files in `home.keys`, mode 0600.

Invariant: a key file appears whole or not at all, and the first process to make it wins; a key is never overwritten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey, OKPKey

from iindustry.kernel.keyfiles import kept

if TYPE_CHECKING:
    from pathlib import Path

    from iindustry.kernel.home import Home

_TOKEN_FILE = "exchange-token.jwk"  # noqa: S105 - a file's name
_MESSAGE_FILE = "exchange-message.jwk"


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The two keys, private halves included: they never leave the process that signs."""

    token: ECKey
    message: OKPKey

    @property
    def message_key(self) -> Ed25519PrivateKey:
        """The message key as the signer takes it."""
        key = self.message.private_key
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError("the message key is not Ed25519")
        return key


def server_keys(home: Home) -> ServerKeys:
    """The keys of this installation, made at the first use."""
    return _load(home.keys)


def public_jwks(home: Home) -> dict[str, list[dict[str, Any]]]:
    """The public halves, as `/oauth/jwks` shows them: key id = thumbprint, `iind_use` says what each is for."""
    keys = server_keys(home)
    return {
        "keys": [
            {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": algorithm, "iind_use": use}
            for key, algorithm, use in ((keys.token, "ES256", "token"), (keys.message, "Ed25519", "message"))
        ]
    }


@lru_cache(maxsize=8)
def _load(folder: Path) -> ServerKeys:
    return ServerKeys(
        ECKey.import_key(json.loads(kept(folder / _TOKEN_FILE, _new_token_key))),
        OKPKey.import_key(json.loads(kept(folder / _MESSAGE_FILE, _new_message_key))),
    )


def _new_token_key() -> bytes:
    return json.dumps(ECKey.generate_key("P-256").as_dict(private=True)).encode("ascii")


def _new_message_key() -> bytes:
    return json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)).encode("ascii")
