"""Pure: the values that `ledger` hands to its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class EntryRef:
    """An entry just written. `leaf_hash` (base 64) is the promise to seal it."""

    entry_id: UUID
    leaf_hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is read. `index` is None until it is sealed; `leaf` is what the hash covers."""

    entry_id: UUID
    kind: str
    at: datetime
    actor_role: str
    leaf: Mapping[str, Any]
    leaf_hash: str
    index: int | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed head: `note` is the text that anybody may keep and compare."""

    size: int
    root: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the log: a stable code and where (`leaf 12`, `checkpoint 40`, an entry id)."""

    code: str
    where: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a verification found. At most 100 faults are listed; `fault_count` counts all."""

    leaves: int
    checkpoints: int
    unsealed: int
    ok: bool
    faults: tuple[Fault, ...]
    fault_count: int


@dataclass(frozen=True, slots=True)
class LastCheck:
    """When the whole log was last verified, how long it was, and how many faults were found."""

    at: datetime
    size: int
    fault_count: int


# code -> what a person reads, th and en
FAULTS: dict[str, tuple[str, str]] = {
    "checkpoint-missing": ("มีรายการที่ผนึกแล้วแต่ไม่มีจุดรับรองครอบคลุม", "sealed leaves that no checkpoint covers"),
    "checkpoint-order": ("จุดรับรองไม่เรียงตามขนาด", "checkpoints are not in order of size"),
    "checkpoint-root": ("รากของต้นไม้ไม่ตรงกับจุดรับรอง", "the root rebuilt differs from the checkpoint"),
    "checkpoint-signature": ("ลายเซ็นของจุดรับรองไม่ถูกต้อง", "the checkpoint's signature does not verify"),
    "checkpoint-size": ("จุดรับรองกล่าวถึงรายการมากกว่าที่มีอยู่", "the checkpoint covers more leaves than there are"),
    "entry-changed": ("เนื้อหาของรายการถูกแก้ไข", "the entry differs from its leaf hash"),
    "entry-columns": ("ข้อมูลกำกับของรายการไม่ตรงกับเนื้อหา", "the entry's columns disagree with its leaf"),
    "entry-form": ("เนื้อหาของรายการอ่านไม่ได้", "the entry is no canonical JSON"),
    "entry-lost": ("รายการไม่อยู่ทั้งในคิวและในต้นไม้", "the entry is neither sealed nor waiting"),
    "entry-mac": ("รหัสยืนยันของรายการไม่ถูกต้อง", "the entry's HMAC does not verify"),
    "entry-missing": ("มีตำแหน่งในต้นไม้แต่ไม่มีรายการ", "a leaf whose entry is gone"),
    "export-line": ("บรรทัดในไฟล์อ่านไม่ได้", "a line of the file cannot be read"),
    "head-older": ("บันทึกสั้นกว่าจุดรับรองที่เคยเห็น", "the log is shorter than a checkpoint seen before"),
    "head-forked": ("บันทึกไม่ต่อเนื่องจากจุดรับรองที่เคยเห็น", "the log does not continue a checkpoint seen before"),
    "head-unknown": ("จุดรับรองที่นำมาเทียบอ่านไม่ได้หรือลายเซ็นไม่ถูกต้อง", "the checkpoint to compare with does not verify"),
    "leaf-doubled": ("รายการเดียวกันอยู่ในต้นไม้สองแห่ง", "one entry stands in the tree twice"),
    "leaf-gap": ("ลำดับในต้นไม้ขาดหรือสลับ", "an index is missing or out of order"),
    "queue-sealed": ("รายการที่ผนึกแล้วยังอยู่ในคิว", "a sealed entry still waits in the queue"),
    "queue-stray": ("ในคิวมีรายการที่ไม่มีอยู่", "the queue names an entry that is not there"),
}  # fmt: skip
