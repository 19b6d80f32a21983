"""Every indicator that is shown: what it counts, in which unit, and the version of that definition.

A number without its definition is not shown. When the way of counting changes, the version grows and the old text goes to
the change log. The scoreboard, the funnel, CSV headers and the page of definitions are printed from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal[
    "enterprises",
    "applications",
    "satang",
    "working days",
    "share",
    "records",
    "registers",
    "fields",
    "papers",
    "requests",
]

UNIT_WORDS: dict[Unit, tuple[str, str]] = {
    "enterprises": ("กิจการ", "enterprises"),
    "applications": ("คำขอ", "applications"),
    "satang": ("บาท", "baht"),
    "working days": ("วันทำการ", "working days"),
    "share": ("ร้อยละ", "per cent"),
    "records": ("ระเบียน", "records"),
    "registers": ("ทะเบียน", "registers"),
    "fields": ("ช่อง", "fields"),
    "papers": ("ฉบับ", "papers"),
    "requests": ("คำขอแก้ไข", "requests"),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator. `version` grows when the way of counting changes."""

    key: str
    version: int
    unit: Unit
    th: str
    en: str
    means_th: str
    means_en: str

    @property
    def label(self) -> str:
        """`applied/1`: how files name it."""
        return f"{self.key}/{self.version}"


_ALL = (
    Definition("registers", 1, "registers", "ทะเบียน", "Registers",
               "แหล่งข้อมูลที่มีการส่งมอบซึ่งใช้อยู่", "Sources with a delivery in force."),
    Definition("records", 1, "records", "ระเบียน", "Records",
               "ระเบียนที่รับไว้จากทุกแหล่งในทะเบียนรุ่นนี้", "Records accepted from all sources in this register version."),
    Definition("enterprises", 1, "enterprises", "กิจการ", "Enterprises",
               "กิจการหลังเชื่อมระเบียนแล้ว นับกิจการละหนึ่ง", "Enterprises after linking, each once."),
    Definition("precision", 1, "share", "ความแม่นยำ", "Precision",
               "ในคู่ระเบียนที่ระบบเชื่อม ส่วนที่เป็นกิจการเดียวกันจริง (วัดกับเฉลยของประเทศสมมติ)",
               "Of the record pairs that were joined, the share that truly is one enterprise (against the demo country's truth)."),
    Definition("recall", 1, "share", "ความครบถ้วน", "Recall",
               "ในคู่ระเบียนที่เป็นกิจการเดียวกันจริง ส่วนที่ระบบเชื่อมได้ (วัดกับเฉลยของประเทศสมมติ)",
               "Of the record pairs that truly are one enterprise, the share that was joined (against the demo country's truth)."),
    Definition("eligible", 1, "enterprises", "มีคุณสมบัติ", "Eligible",
               "กิจการที่คำตอบเป็น ใช่ สำหรับสินเชื่ออย่างน้อยหนึ่งรายการในกลุ่ม ณ ทะเบียนรุ่นนี้ ยังไม่ทราบ ไม่นับเป็นใช่",
               "Enterprises answered yes for at least one loan product of the group, on this register version. Unknown is not yes."),
    Definition("unknown", 1, "enterprises", "ยังไม่ทราบ", "Unknown",
               "กิจการที่ไม่มีคำตอบ ใช่ แต่มีสินเชื่ออย่างน้อยหนึ่งรายการที่ยังขาดข้อมูล",
               "Enterprises without a yes for which at least one loan product lacks a datum."),
    Definition("applied", 1, "applications", "ยื่นคำขอ", "Applied",
               "คำขอที่ส่งถึงธนาคารแล้ว รวมประวัติสามปีและคำขอปัจจุบัน", "Applications sent to a bank: three years of history and those of today."),
    Definition("decided", 1, "applications", "พิจารณาแล้ว", "Decided",
               "คำขอที่ธนาคารอนุมัติหรือปฏิเสธแล้ว", "Applications that a bank approved or declined."),
    Definition("approved", 1, "applications", "อนุมัติ", "Approved", "คำขอที่ธนาคารอนุมัติ", "Applications that a bank approved."),
    Definition("declined", 1, "applications", "ปฏิเสธ", "Declined", "คำขอที่ธนาคารปฏิเสธ", "Applications that a bank declined."),
    Definition("disbursed", 1, "applications", "ได้รับเงิน", "Disbursed",
               "คำขอที่จ่ายเงินแล้วอย่างน้อยหนึ่งครั้ง", "Applications of which money was paid out at least once."),
    Definition("disbursed_satang", 1, "satang", "เงินที่จ่าย", "Paid out", "เงินกู้ที่จ่ายแล้วรวม", "Loan money paid out, in all."),
    Definition("median_days", 1, "working days", "วันจนมีผล (มัธยฐาน)", "Days to a decision (median)",
               "มัธยฐานของวันทำการตั้งแต่ส่งคำขอถึงวันพิจารณา นับคำขอที่ยังค้างด้วย (Kaplan–Meier)",
               "Median working days from sending to decision; open cases count too (Kaplan–Meier)."),
    Definition("coverage", 1, "share", "ความครอบคลุม", "Coverage",
               "กิจการที่มีคุณสมบัติตามทะเบียนรุ่นนี้และได้รับเงินแล้ว ต่อกิจการที่มีคุณสมบัติทั้งหมด",
               "Enterprises eligible on this register version that were paid, over all that are eligible."),
    Definition("take_up", 1, "share", "การยื่นคำขอ", "Take-up",
               "กิจการที่มีคุณสมบัติตามทะเบียนรุ่นนี้และเคยยื่นคำขอ ต่อกิจการที่มีคุณสมบัติทั้งหมด",
               "Enterprises eligible on this register version that have applied, over all that are eligible."),
    Definition("fields_spared", 1, "fields", "ช่องที่ไม่ต้องกรอกซ้ำ", "Fields not asked again",
               "ช่องของแบบคำขอที่ระบบกรอกให้จากทะเบียน", "Fields of applications that were filled from the registers."),
    Definition("prefilled_share", 1, "share", "สัดส่วนที่กรอกให้", "Share filled in",
               "ช่องที่กรอกจากทะเบียน ต่อช่องทั้งหมดของคำขอที่ส่งแล้ว", "Fields filled from registers over all fields, of applications sent."),
    Definition("papers_spared", 1, "papers", "เอกสารที่ไม่ต้องแนบ", "Papers not asked",
               "เอกสารที่ไม่ขอเพราะรัฐมีข้อมูลอยู่แล้ว", "Papers that were not asked because the State holds the datum already."),
    Definition("office_days", 1, "working days", "วันที่เรื่องอยู่ที่หน่วยงาน", "Days a case lies at an office",
               "มัธยฐานของวันทำการที่เรื่องอยู่ที่หน่วยงานนั้น", "Median working days a case lies at that office."),
    Definition("corrections_answered", 1, "share", "คำขอแก้ไขที่ตอบแล้ว", "Corrections answered",
               "คำขอแก้ไขข้อมูลที่หน่วยงานตอบแล้ว ต่อคำขอทั้งหมด", "Requests to correct a value that the agency has answered, over all."),
    Definition("late_deliveries", 1, "share", "การส่งมอบที่ล่าช้า", "Late deliveries",
               "การส่งมอบทะเบียนหลังกำหนด ต่อการส่งมอบทั้งหมด", "Registers delivered after they were due, over all deliveries."),
)  # fmt: skip

DEFINITIONS: dict[str, Definition] = {one.key: one for one in _ALL}


def definition(key: str) -> Definition:
    """The definition of an indicator. KeyError for one that is not defined: it may not be shown."""
    return DEFINITIONS[key]
