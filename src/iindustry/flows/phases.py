"""The kinds of long work and the phases they pass through, with their words. Everything that shows progress reads this.

Invariant: the phases that a use case reports are keys of PHASES; a new one gets its words here first (a test looks).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class WorkStatus(StrEnum):
    """Where a piece of work stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Label:
    """What people read, in both languages."""

    th: str
    en: str


KINDS: Mapping[str, Label] = {
    "make_country": Label("สร้างประเทศตัวอย่าง", "Making the demo country"),
    "rebuild_register": Label("สร้างทะเบียนรุ่นใหม่", "Building the next register"),
    "evaluate_register": Label("ตรวจสิทธิ์ใหม่ตามมาตรการที่เปลี่ยน", "Answering anew after a programme changed"),
    "deliver_file": Label("รับไฟล์ของหน่วยงาน", "Taking in an agency's file"),
}

# In the order in which the demo country passes through them.
PHASES: Mapping[str, Label] = {
    "waiting": Label("รอเริ่มงาน", "Waiting to begin"),
    "generate": Label("สร้างข้อมูลสมมติของหน่วยงาน", "Making the agencies' files"),
    "parties": Label("ตั้งหน่วยงาน คู่สัญญา และบัญชีทดลอง", "Setting up organisations, the agreement and people"),
    "deliver": Label("รับมอบข้อมูลจากหน่วยงาน", "Taking in the agencies' files"),
    "deliver.receive": Label("ตรวจชนิดไฟล์และเก็บต้นฉบับ", "Checking the file and keeping the original"),
    "deliver.read": Label("อ่านไฟล์และหาหัวตาราง", "Reading the file and finding its headings"),
    "deliver.sort": Label("ตรวจทีละแถว", "Checking the rows"),
    "deliver.record": Label("บันทึกผล", "Recording the outcome"),
    "standardise": Label("จัดข้อมูลให้เป็นมาตรฐานเดียวกัน", "Writing records in one standard"),
    "link": Label("เชื่อมรายการที่เป็นกิจการเดียวกัน", "Linking records of the same enterprise"),
    "publish": Label("ประกาศทะเบียนรุ่นใหม่", "Publishing the register"),
    "evaluate": Label("ตรวจสิทธิ์ทุกกิจการกับทุกมาตรการ", "Evaluating every enterprise against every programme"),
    "look_up": Label("เตรียมการค้นทีละรายการ", "Preparing look-ups of one record"),
    "measure": Label("วัดความถูกต้องของการเชื่อม", "Measuring how right the links are"),
    "people": Label("ผูกผู้มีอำนาจกับกิจการ", "Recording who acts for which enterprise"),
    "applications": Label("ยื่นคำขอที่รออยู่", "Filing the applications that wait"),
    "history": Label("นำเข้าประวัติคำขอสามปี", "Taking in three years of applications"),
    "snapshot": Label("เก็บภาพข้อมูลเพื่อการวิเคราะห์", "Writing the snapshots for analysis"),
    "seal": Label("ผนึกบัญชีเหตุการณ์", "Sealing the ledger"),
    "done": Label("เสร็จสมบูรณ์", "Complete"),
    "failed": Label("ทำไม่สำเร็จ", "Failed"),
}


def phase_label(phase: str) -> Label:
    """The words of a phase; a finer step such as `link.train` has the words of `link`. The code itself if unknown."""
    return PHASES.get(phase) or PHASES.get(phase.partition(".")[0]) or Label(phase, phase)
