"""A second verifier of ledger receipts, written apart from the platform's own, from the public texts alone.

A receipt (`c2sp.org/tlog-proof@v1`) holds a leaf, its index, the path to the root of the tree (RFC 6962) and a signed
checkpoint (`c2sp.org/signed-note`). Only the standard library and `cryptography` are used, and less than 300 lines.
Invariant: a receipt is good only if the leaf's hash leads to a root that the log's own key has signed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_TITLE = "c2sp.org/tlog-proof@v1"
_MOST_BYTES = 65_536
_HASH_BYTES = 32
_ID_BYTES = 4
_ED25519 = 1
_MOST_STEPS = 63

# verdict -> (Thai, English)
VERDICTS: dict[str, tuple[str, str]] = {
    "good": ("หลักฐานถูกต้อง: รายการอยู่ในบัญชีเหตุการณ์ที่ลงลายเซ็นแล้ว", "The receipt is good: the entry is in the signed log."),
    "form": ("ไฟล์นี้ไม่ใช่หลักฐาน .tlog-proof หรือถูกตัดทอน", "This file is no .tlog-proof receipt, or was cut short."),
    "key": ("กุญแจสาธารณะที่ให้มาอ่านไม่ได้ ต้องเป็นบรรทัด ชื่อ+รหัส+กุญแจ", "The public key cannot be read: it is a line name+id+key."),
    "signature": ("จุดรับรองไม่ได้ลงลายเซ็นด้วยกุญแจนี้ หรือถูกแก้ไข", "The checkpoint is not signed by this key, or was changed."),
    "path": ("เนื้อหาหรือเส้นทางไม่นำไปสู่รากที่ลงลายเซ็นไว้: หลักฐานถูกแก้ไข", "The entry or its path does not lead to the signed root: it was changed."),
}  # fmt: skip


class _Bad(Exception):  # noqa: N818 - inside this module only
    def __init__(self, verdict: str) -> None:
        super().__init__(verdict)
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict (a key of `VERDICTS`) and, where the receipt is good, the leaf and its place."""

    verdict: str
    leaf: dict[str, Any] | None = None
    index: int | None = None
    size: int | None = None
    leaf_hash: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether the entry is proven to be in the log."""
        return self.verdict == "good"


def verify_receipt(text: str, key_line: str, *, entry: str | None = None) -> Report:
    """Check a receipt offline. `key_line` is the log's public key, `name+id+key`.

    `entry` is the `I-Industry-Entry` of an answer: then the receipt must be that entry's.
    """
    try:
        return _verify(text, key_line, entry)
    except _Bad as bad:
        return Report(bad.verdict)


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962: a leaf hashes with 0x00 before it."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def root_from(index: int, size: int, node: bytes, path: list[bytes]) -> bytes | None:
    """The root that a path leads to, by walking down to the leaf's place and back up; None where it does not fit.

    Written from RFC 6962 section 2.1.1: at each level the tree splits at the largest power of two below its size.
    """
    sides = _sides(index, size)
    if len(sides) != len(path):
        return None
    for is_left, sibling in zip(reversed(sides), path, strict=True):
        node = hashlib.sha256(b"\x01" + (node + sibling if is_left else sibling + node)).digest()
    return node


def _sides(index: int, size: int) -> list[bool]:
    """From the root down, whether the leaf lies in the left part at each split."""
    sides = []
    while size > 1:
        split = 1 << (size - 1).bit_length() - 1
        is_left = index < split
        sides.append(is_left)
        index, size = (index, split) if is_left else (index - split, size - split)
    return sides


def _verify(text: str, key_line: str, entry: str | None) -> Report:
    name, key_id, key = _public_key(key_line)
    leaf, index, path, note = _parts(text)
    size, root = _open(note, name, key_id, key)
    hashed = leaf_hash(leaf)
    stated = base64.b64encode(hashed).decode("ascii")
    if index >= size or root_from(index, size, hashed, path) != root or (entry is not None and entry != stated):
        raise _Bad("path")
    return Report("good", _json(leaf), index, size, stated)


def _public_key(line: str) -> tuple[str, bytes, Ed25519PublicKey]:
    parts = line.strip().split("+", 2)
    try:
        name, key_id, blob = parts[0], bytes.fromhex(parts[1]), _bytes(parts[2])
        public = Ed25519PublicKey.from_public_bytes(blob[1:])
    except (IndexError, ValueError, _Bad) as error:
        raise _Bad("key") from error
    expected = hashlib.sha256(name.encode() + b"\n" + blob).digest()[:_ID_BYTES]
    if not name or blob[0] != _ED25519 or key_id != expected:
        raise _Bad("key")
    return name, key_id, public


def _parts(text: str) -> tuple[bytes, int, list[bytes], str]:
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(text) > _MOST_BYTES or not gap or lines[0] != _TITLE or len(lines) < 3:  # noqa: PLR2004 - title, extra, index
        raise _Bad("form")
    extra, place, steps = lines[1], lines[2], lines[3:]
    if not extra.startswith("extra ") or not place.startswith("index ") or len(steps) > _MOST_STEPS:
        raise _Bad("form")
    path = [_bytes(step) for step in steps]
    if any(len(step) != _HASH_BYTES for step in path):
        raise _Bad("form")
    return _bytes(extra.removeprefix("extra ")), _number(place.removeprefix("index ")), path, note


def _open(note: str, name: str, key_id: bytes, key: Ed25519PublicKey) -> tuple[int, bytes]:
    """Size and root of a checkpoint, where one of its signatures is the key's."""
    body, gap, signatures = note.partition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) < 3 or lines[0] != name:  # noqa: PLR2004 - origin, size, root
        raise _Bad("signature")
    signed = (body + "\n").encode()
    if not any(_is_signature(line, name, key_id, key, signed) for line in signatures.split("\n")):
        raise _Bad("signature")
    root = _bytes(lines[2])
    if len(root) != _HASH_BYTES:
        raise _Bad("form")
    return _number(lines[1]), root


def _is_signature(line: str, name: str, key_id: bytes, key: Ed25519PublicKey, signed: bytes) -> bool:
    mark = f"— {name} "
    if not line.startswith(mark):
        return False
    try:
        blob = _bytes(line.removeprefix(mark))
        key.verify(blob[_ID_BYTES:], signed)
    except (InvalidSignature, _Bad, ValueError):
        return False
    return blob[:_ID_BYTES] == key_id


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or (text != "0" and text[0] == "0") or len(text) > 18:  # noqa: PLR2004 - fits 64 bits
        raise _Bad("form")
    return int(text)


def _bytes(text: str) -> bytes:
    """Base 64, only as it is written: another spelling of the same bytes is refused."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise _Bad("form") from error
    if base64.b64encode(raw).decode("ascii") != text:
        raise _Bad("form")
    return raw


def _json(leaf: bytes) -> dict[str, Any]:
    try:
        said = json.loads(leaf)
    except ValueError as error:
        raise _Bad("form") from error
    if not isinstance(said, dict):
        raise _Bad("form")
    return said
