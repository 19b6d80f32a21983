"""Pure: AES-256-GCM of one value, wrapping of a person's key, and keyed tags (ASSURANCE section 9).

A sealed value is bound to its context (table and column) and its person: moved to another row it does not open. A plain
hash of a 13-digit id is no pseudonym, since the whole range can be tried: `tag` is an HMAC under a key per context.
Invariant: nonces are random 96-bit numbers, one a value; a key seals far fewer than 2^32 values.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
_NONCE = 12


def new_key() -> bytes:
    """A person's key: 32 random bytes."""
    return secrets.token_bytes(32)


def seal(key: bytes, value: str, *, binding: str) -> bytes:
    """Version, nonce, ciphertext and tag of a text, bound to `binding`."""
    nonce = secrets.token_bytes(_NONCE)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, value.encode(), binding.encode())


def unseal(key: bytes, blob: bytes, *, binding: str) -> str:
    """The text. Raises cryptography's InvalidTag for another key, another binding or a changed byte."""
    if blob[:1] != VERSION:
        raise ValueError("sealed under an unknown version")
    nonce, body = blob[1 : 1 + _NONCE], blob[1 + _NONCE :]
    return AESGCM(key).decrypt(nonce, body, binding.encode()).decode()


def wrap(master: bytes, key: bytes, *, person_tag: str) -> bytes:
    """A person's key under the master key."""
    nonce = secrets.token_bytes(_NONCE)
    return VERSION + nonce + AESGCM(derived(master, "wrap")).encrypt(nonce, key, person_tag.encode())


def unwrap(master: bytes, wrapped: bytes, *, person_tag: str) -> bytes:
    """A person's key. Raises InvalidTag where the row was moved to another person."""
    nonce, body = wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :]
    return AESGCM(derived(master, "wrap")).decrypt(nonce, body, person_tag.encode())


def derived(master: bytes, use: str) -> bytes:
    """A key for one use, so that no key serves two."""
    return hmac.digest(master, b"i-industry/vault/" + use.encode(), hashlib.sha256)


def tag(master: bytes, value: str, *, context: str) -> str:
    """64 hexadecimal signs, equal for equal values of one context and unrelated between contexts."""
    return hmac.new(derived(master, "tag/" + context), value.encode(), hashlib.sha256).hexdigest()
