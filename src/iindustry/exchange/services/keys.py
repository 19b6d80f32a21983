"""This installation's own two keys: ES256 for tokens, Ed25519 for messages; files in `home.keys`, mode 0600.

Invariant: a key file appears whole or not at all, and the first process to make it wins; a key is never overwritten.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey, OKPKey

from iindustry.kernel.ids import new_id

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
        ECKey.import_key(_read_or_make(folder / _TOKEN_FILE, _new_token_key)),
        OKPKey.import_key(_read_or_make(folder / _MESSAGE_FILE, _new_message_key)),
    )


def _new_token_key() -> dict[str, Any]:
    return dict(ECKey.generate_key("P-256").as_dict(private=True))


def _new_message_key() -> dict[str, Any]:
    return dict(OKPKey.generate_key("Ed25519").as_dict(private=True))


def _read_or_make(path: Path, make: Any) -> dict[str, Any]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f".{path.name}.{new_id()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            json.dump(make(), file)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # fails where another process was first: then its key is ours too
        fresh.unlink()
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    return loaded
