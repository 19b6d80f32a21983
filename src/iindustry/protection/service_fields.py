"""The fields that each service of the exchange may carry: its data contract, as names.

Fields of an enterprise come from `reference`; fields of a loan, which flow back from a bank, stand here (EXCHANGE section 5).
Invariant: `.*` is written out to names when an agreement is saved, so a field added later is never allowed by accident.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.reference.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What a person reads for a field."""

    th: str
    en: str


# Members of loan events, by the group that an agreement names.
_LOAN: dict[str, tuple[str, str]] = {
    "application.stage": ("ขั้นตอนของคำขอ", "Stage of the application"),
    "application.expected_on": ("วันที่คาดว่าจะเสร็จ", "Expected on"),
    "application.bank_ref": ("เลขอ้างอิงของธนาคาร", "The bank's reference"),
    "application.due_at": ("กำหนดตอบ", "Due at"),
    "application.missing_items": ("เอกสารที่ขาด", "Papers missing"),
    "application.due_on": ("กำหนดส่งเอกสาร", "Papers due on"),
    "application.note_code": ("รหัสหมายเหตุ", "Note"),
    "application.by": ("ผู้ถอนคำขอ", "Withdrawn by"),
    "application.reason_code": ("เหตุที่ถอนคำขอ", "Why it was withdrawn"),
    "decision.decision": ("ผลการพิจารณา", "Decision"),
    "decision.approved_satang": ("วงเงินอนุมัติ", "Amount approved"),
    "decision.tenor_months": ("ระยะเวลาผ่อน", "Tenor"),
    "decision.rate_bands": ("อัตราดอกเบี้ย", "Interest"),
    "decision.collateral": ("หลักประกัน", "Collateral"),
    "decision.reason_codes": ("เหตุผลของผลการพิจารณา", "Reasons"),
    "decision.reason_words": ("คำอธิบายเหตุผล", "Reasons in words"),
    "decision.is_curable": ("แก้ไขได้หรือไม่", "Can it be mended"),
    "decision.cure_hint_codes": ("สิ่งที่แก้ไขได้", "What would mend it"),
    "decision.decided_at": ("วันที่พิจารณา", "Decided at"),
    "disbursement.loan_ref": ("เลขอ้างอิงสินเชื่อ", "Loan reference"),
    "disbursement.contract_satang": ("วงเงินตามสัญญา", "Amount of the loan contract"),
    "disbursement.signed_on": ("วันที่ลงนาม", "Signed on"),
    "disbursement.tranche": ("งวดที่เบิก", "Tranche"),
    "disbursement.amount_satang": ("จำนวนเงินที่เบิก", "Amount disbursed"),
    "disbursement.disbursed_on": ("วันที่เบิก", "Disbursed on"),
    "disbursement.policy_line": ("แนวนโยบาย", "Policy line"),
    "position.as_of": ("ข้อมูล ณ วันที่", "As of"),
    "position.account_status_code": ("สถานะบัญชี", "Status of the account"),
    "position.outstanding_band": ("ช่วงยอดคงค้าง", "Band of the amount outstanding"),
    "position.days_past_due_band": ("ช่วงวันค้างชำระ", "Band of days past due"),
    "position.closed_on": ("วันที่ปิดบัญชี", "Closed on"),
    "position.how_closed": ("ปิดบัญชีด้วยเหตุใด", "How it was closed"),
}
LOAN_FIELDS: frozenset[str] = frozenset(_LOAN)
# What a look at a handed-in paper is called where looks are listed. No agreement or consent names it: papers go with the case.
PAPER = "paper.file"
CASE_LOAN_FIELDS: frozenset[str] = frozenset(name for name in _LOAN if not name.startswith("position."))
# What the exchange may carry of an enterprise: groups of fields that the State's registers hold. A group that is not named is
# not shared, so a new one waits for a decision here. `finance` is left out for good: the positions of loans that each bank
# reports are that bank's word about its customer (bank secrecy), and one bank must not read another's through us.
SHARED_GROUPS: frozenset[str] = frozenset(
    {"entity", "factory", "standard", "participation", "area", "obligation", "accounts", "person"}
)
ENTERPRISE_FIELDS: frozenset[str] = frozenset(
    field.name for field in FIELDS if field.name.split(".", 1)[0] in SHARED_GROUPS
)
ALL: frozenset[str] = ENTERPRISE_FIELDS | LOAN_FIELDS

WORDS: Mapping[str, FieldWords] = MappingProxyType(
    {field.name: FieldWords(field.th, field.en) for field in FIELDS}
    | {name: FieldWords(th, en) for name, (th, en) in _LOAN.items()}
    | {PAPER: FieldWords("ไฟล์เอกสารที่กิจการส่ง", "The file of a paper handed in")}
)

# Groups as the consent screen shows them, in this order.
GROUPS: Mapping[str, FieldWords] = MappingProxyType(
    {
        "entity": FieldWords("กิจการ", "The enterprise"),
        "factory": FieldWords("โรงงาน", "Factories"),
        "standard": FieldWords("มาตรฐานและอุตสาหกรรมสีเขียว", "Standards and green level"),
        "participation": FieldWords("โครงการที่เข้าร่วม", "Programmes joined"),
        "area": FieldWords("พื้นที่และอุตสาหกรรมเป้าหมาย", "Area and target industry"),
        "obligation": FieldWords("คำสั่งทางปกครอง", "Orders"),
        "accounts": FieldWords("งบการเงินย้อนหลัง", "Accounts of earlier years"),
        "finance": FieldWords("สินเชื่อตามโครงการกับธนาคาร", "Programme loans at the banks"),
        "person": FieldWords("ข้อมูลส่วนบุคคล", "Personal data"),
        "paper": FieldWords("เอกสารประกอบคำขอ", "Papers of the application"),
        "application": FieldWords("ความคืบหน้าของคำขอสินเชื่อ", "Progress of the application"),
        "decision": FieldWords("ผลการพิจารณาสินเชื่อ", "Decision on the loan"),
        "disbursement": FieldWords("สัญญาและการเบิกเงิน", "Loan contract and disbursement"),
        "position": FieldWords("สถานะสินเชื่อรายเดือน", "The loan's later life"),
    }
)


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the exchange: the version of its contract and the fields that contract lists."""

    code: str
    version: str
    fields: frozenset[str]
    th: str
    en: str


SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        one.code: one
        for one in (
            Service("enterprise-profile", "1.0", ENTERPRISE_FIELDS, "ข้อมูลกิจการ", "Enterprise profile"),
            Service("enterprise-register", "1.0", ENTERPRISE_FIELDS, "ทะเบียนกิจการ", "Enterprise register"),
            Service("loan-events", "1.0", LOAN_FIELDS, "เหตุการณ์ของสินเชื่อ", "Loan events"),
        )
    }
)


def expand(patterns: Iterable[str]) -> frozenset[str]:
    """The names that names and `group.*` stand for. Rejected `agreement-invalid`: a pattern that stands for nothing."""
    found: set[str] = set()
    for pattern in patterns:
        prefix = pattern.removesuffix("*")
        names = {name for name in ALL if name == pattern or (prefix.endswith(".") and name.startswith(prefix))}
        if not names:
            raise Rejected("agreement-invalid", member=pattern)
        found |= names
    return frozenset(found)


def grouped(names: Iterable[str]) -> list[tuple[FieldWords, list[FieldWords]]]:
    """Fields as a screen lists them: by group, in the order of the tables."""
    wanted = set(names)
    rows = []
    for group, words in GROUPS.items():
        inside = [words_of for name, words_of in WORDS.items() if name in wanted and name.split(".", 1)[0] == group]
        if inside:
            rows.append((words, inside))
    return rows
