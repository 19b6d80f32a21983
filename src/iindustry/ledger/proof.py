"""Pure: receipts in the form of C2SP `tlog-proof@v1`, checked offline with the public key alone.

A receipt is the leaf (as `extra`), its index, the path to the root, and the signed checkpoint. The leaf is not believed
because it is written there but because its hash leads to the signed root.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from iindustry.ledger import leaf as leaves
from iindustry.ledger import merkle, note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADING = "c2sp.org/tlog-proof@v1"
MAX_BYTES = 64 * 1024
_INDEX = re.compile(r"index (0|[1-9]\d{0,17})")
_HASH = re.compile(r"[A-Za-z0-9+/]{43}=")

Verdict = Literal["in-log", "not-a-receipt", "signature-wrong", "not-in-log"]

# code -> what a person reads, th and en
VERDICTS: dict[Verdict, tuple[str, str]] = {
    "in-log": ("ถูกต้อง: รายการนี้อยู่ในบัญชีเหตุการณ์ตามจุดรับรองที่ลงลายเซ็นไว้", "Good: this entry is in the log, under the signed checkpoint"),
    "not-a-receipt": ("ไฟล์นี้ไม่ใช่หลักฐานในรูปแบบ .tlog-proof", "This is no receipt in the form .tlog-proof"),
    "signature-wrong": ("ลายเซ็นของจุดรับรองไม่ใช่ของระบบนี้ หรือถูกแก้ไข", "The checkpoint is not signed by this log, or was changed"),
    "not-in-log": ("เนื้อหาหรือเส้นทางไม่นำไปสู่รากที่ลงลายเซ็นไว้ หลักฐานถูกแก้ไข", "The entry or its path does not lead to the signed root: the receipt was changed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReceiptReport:
    """The verdict on one receipt. `leaf`, `index` and `size` are given only where it is good."""

    ok: bool
    verdict: Verdict
    leaf: Mapping[str, Any] | None = None
    index: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class _Receipt:
    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    note: str


def receipt_text(leaf: str, index: int, path: Sequence[bytes], checkpoint: str) -> str:
    """A receipt."""
    lines = [HEADING, f"extra {_b64(leaf.encode())}", f"index {index}", *(_b64(step) for step in path)]
    return "\n".join(lines) + "\n\n" + checkpoint


def verify_receipt(text: str, public_key: str) -> ReceiptReport:
    """Check one receipt offline. `public_key` is the line `name+id+key` of `ledger.pub`; ValueError where it is not."""
    key = note.verifier_key(public_key)
    receipt = _read(text)
    if receipt is None:
        return ReceiptReport(ok=False, verdict="not-a-receipt")
    head = note.open_note(receipt.note, key)
    if head is None:
        return ReceiptReport(ok=False, verdict="signature-wrong")
    reached = merkle.root_by_path(receipt.index, head.size, merkle.leaf_hash(receipt.leaf), receipt.path)
    said = _leaf_of(receipt.leaf)
    if reached != head.root or said is None:
        return ReceiptReport(ok=False, verdict="not-in-log")
    return ReceiptReport(ok=True, verdict="in-log", leaf=said, index=receipt.index, size=head.size)


def _read(text: str) -> _Receipt | None:
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if len(text) > MAX_BYTES or not gap or len(lines) < 3 or lines[0] != HEADING or not lines[1].startswith("extra "):  # noqa: PLR2004 - heading, extra, index
        return None
    index = _INDEX.fullmatch(lines[2])
    if not index or not all(_HASH.fullmatch(line) for line in lines[3:]):
        return None
    decoded = [_unb64(line) for line in (lines[1].removeprefix("extra "), *lines[3:])]
    if any(one is None for one in decoded):
        return None
    leaf, *path = (one for one in decoded if one is not None)
    return _Receipt(leaf, int(index[1]), tuple(path), checkpoint)


def _leaf_of(raw: bytes) -> Mapping[str, Any] | None:
    try:
        said = json.loads(raw)
        return said if isinstance(said, dict) and leaves.canonical(said) == raw else None
    except (ValueError, TypeError):
        return None


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str) -> bytes | None:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if _b64(raw) == text else None
