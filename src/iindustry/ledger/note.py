"""Pure: signed notes of C2SP (`c2sp.org/signed-note`, `tlog-checkpoint`), Ed25519.

A checkpoint is three lines — origin, size, root in base 64 — then an empty line and `— origin signature`. A key is
known by four bytes of SHA-256 over its name, a line feed, the algorithm byte 0x01 and the key.
Invariant: a note that is not exactly in this form does not verify.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "i-industry/ledger"
_ED25519 = b"\x01"
_BODY = re.compile(r"(?P<origin>[^\s+]+)\n(?P<size>0|[1-9]\d{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n")
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<blob>[A-Za-z0-9+/]+={0,2})\n")
_MAX = 4096


@dataclass(frozen=True, slots=True)
class Head:
    """What a verified checkpoint says: the log's name, its size and the root over that many leaves."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and its name, written `name+id+key` as signed notes do."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes to find the right key by; no proof of anything."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def text(self) -> str:
        """`i-industry/ledger+0a1b2c3d+AQ…`: one line, for people to keep."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"


def verifier_key(text: str) -> VerifierKey:
    """The key in `name+id+key`. ValueError for any other text, and where id and key disagree."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:  # noqa: PLR2004 - name, id, key
        raise ValueError("a verifier key reads name+id+key")
    blob = _decode(parts[2])
    key = VerifierKey(parts[0], blob[1:])
    if blob[:1] != _ED25519 or len(blob) != 33 or key.key_id.hex() != parts[1]:  # noqa: PLR2004 - 1 + 32 bytes
        raise ValueError("this is no Ed25519 verifier key, or a sign of it is wrong")
    return key


def verifier_of(private: Ed25519PrivateKey, *, name: str = ORIGIN) -> VerifierKey:
    """The public half."""
    return VerifierKey(name, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def sign(size: int, root: bytes, private: Ed25519PrivateKey, *, origin: str = ORIGIN) -> str:
    """The checkpoint of a tree, signed."""
    body = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    key = verifier_of(private, name=origin)
    blob = base64.b64encode(key.key_id + private.sign(body.encode())).decode()
    return f"{body}\n— {origin} {blob}\n"


def open_note(text: str, key: VerifierKey) -> Head | None:
    """What a checkpoint says, where it bears a good signature of this key; else None. Other signatures are passed over."""
    body, gap, signatures = text.partition("\n\n")
    match = _BODY.fullmatch(body + "\n")
    lines = signatures.splitlines(keepends=True)
    if len(text) > _MAX or not gap or not match or match["origin"] != key.name or not lines:
        return None
    found = [_SIGNATURE.fullmatch(line) for line in lines]
    if not all(found):
        return None
    blobs = [_decode_quietly(one["blob"]) for one in found if one and one["name"] == key.name]
    if not any(blob and blob[:4] == key.key_id and _is_good(key, blob[4:], body + "\n") for blob in blobs):
        return None
    root = _decode_quietly(match["root"])
    return Head(match["origin"], int(match["size"]), root) if root else None


def _is_good(key: VerifierKey, signature: bytes, body: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signature, body.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _decode(text: str) -> bytes:
    """Base 64, strict: what does not encode back to the same text is refused, so no bit of it is free."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base 64") from error
    if base64.b64encode(raw).decode() != text:
        raise ValueError("not base 64 as it is written")
    return raw


def _decode_quietly(text: str) -> bytes | None:
    try:
        return _decode(text)
    except ValueError:
        return None
