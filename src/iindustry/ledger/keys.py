"""The ledger's keys, in `home.keys`, readable by their owner alone.

`ledger.key` signs checkpoints (Ed25519, PEM); `ledger.pub` is its public half as one line `name+id+key`, for anybody;
`ledger-mac.key` guards an entry in the second before it is sealed and makes the tags of subjects and actors.
Invariant: a key file is written whole or not at all and never replaced.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from iindustry.kernel.keyfiles import kept
from iindustry.ledger import note

if TYPE_CHECKING:
    from pathlib import Path


def kept_ed25519(path: Path) -> Ed25519PrivateKey:
    """The Ed25519 key of a PEM file, made at the first call (mode 0600)."""
    key = load_pem_private_key(kept(path, _new_pem), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path.name} is no Ed25519 key: restore it from the backup of keys")
    return key


@lru_cache(maxsize=8)
def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key that signs checkpoints, made at the first call."""
    key = kept_ed25519(folder / "ledger.key")
    public = folder / "ledger.pub"
    if not public.exists():
        line = note.verifier_of(key).text() + "\n"
        kept(public, line.encode)
    return key


def verifier_text(folder: Path) -> str:
    """The public key that receipts are checked against, as one line. Reads `ledger.pub`; makes the pair at first."""
    public = folder / "ledger.pub"
    if not public.exists():
        signing_key(folder)
    return public.read_text(encoding="ascii").strip()


@lru_cache(maxsize=8)
def application_key(folder: Path) -> bytes:
    """32 bytes that only the application holds, not the database's administrator."""
    return kept(folder / "ledger-mac.key", lambda: secrets.token_bytes(32))


def mac(folder: Path, leaf: bytes) -> bytes:
    """The HMAC over one leaf."""
    return hmac.digest(_derived(folder, "entry"), leaf, hashlib.sha256)


def tag(folder: Path, what: str, value: str) -> str:
    """The keyed tag of a subject or an actor (`what`): 43 signs of base 64 url, equal for equal values."""
    import base64

    digest = hmac.digest(_derived(folder, "tag/" + what), value.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _derived(folder: Path, use: str) -> bytes:
    return hmac.digest(application_key(folder), use.encode(), hashlib.sha256)


def _new_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
