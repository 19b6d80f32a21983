"""The kinds of entries in words. A kind without a row here is shown as its code: a test asks for the row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a person reads for a kind."""

    th: str
    en: str


KINDS: dict[str, KindWords] = {
    "agreement.changed": KindWords("ข้อตกลงเปลี่ยนสถานะ", "Agreement changed"),
    "application.analyse": KindWords("เริ่มวิเคราะห์สินเชื่อ", "Analysis begun"),
    "application.approve": KindWords("อนุมัติสินเชื่อ", "Loan approved"),
    "application.ask-paper": KindWords("ขอเอกสารเพิ่ม", "Paper asked"),
    "application.claim": KindWords("เจ้าหน้าที่รับเรื่อง", "Case claimed"),
    "application.decline": KindWords("ไม่อนุมัติสินเชื่อ", "Loan declined"),
    "application.disburse-all": KindWords("เบิกจ่ายครบ", "Disbursed in full"),
    "application.disburse-part": KindWords("เบิกจ่ายบางส่วน", "Disbursed in part"),
    "application.progressed": KindWords("ธนาคารแจ้งความคืบหน้า", "The bank told of progress"),
    "application.send": KindWords("ส่งคำขอสินเชื่อ", "Application sent"),
    "application.sign": KindWords("ลงนามสัญญา", "Contract signed"),
    "application.start": KindWords("เริ่มคำขอสินเชื่อ", "Application started"),
    "application.supply-paper": KindWords("ส่งเอกสาร", "Paper supplied"),
    "application.withdraw": KindWords("ถอนคำขอ", "Application withdrawn"),
    "authority.answered": KindWords("ตรวจสิทธิกระทำการแทน", "Claim of authority answered"),
    "authority.claimed": KindWords("แจ้งสิทธิกระทำการแทน", "Authority claimed"),
    "authority.ended": KindWords("สิ้นสุดสิทธิกระทำการแทน", "Authority ended"),
    "consent.changed": KindWords("ความยินยอมเปลี่ยนสถานะ", "Consent changed"),
    "correction.answered": KindWords("ตอบคำขอแก้ไขข้อมูล", "Correction answered"),
    "correction.requested": KindWords("ขอแก้ไขข้อมูล", "Correction requested"),
    "delivery.received": KindWords("รับมอบข้อมูล", "Delivery received"),
    "delivery.released": KindWords("ปล่อยแถวที่กักไว้", "Rows released from quarantine"),
    "event.received": KindWords("รับเหตุการณ์จากธนาคาร", "Event received"),
    "event.sent": KindWords("ส่งเหตุการณ์ให้สมาชิก", "Event sent"),
    "exchange.answer": KindWords("เปิดเผยข้อมูลกิจการ", "Data disclosed"),
    "exchange.refused": KindWords("ปฏิเสธการเปิดเผยข้อมูล", "Disclosure refused"),
    "exchange.summary": KindWords("สรุปคำขอที่ถูกปฏิเสธ", "Summary of refused calls"),
    "judgement.withdrawn": KindWords("ถอนคำวินิจฉัยคู่ข้อมูล", "Judgement withdrawn"),
    "key.changed": KindWords("เปลี่ยนกุญแจ", "Key changed"),
    "pair.judged": KindWords("วินิจฉัยคู่ข้อมูล", "Pair judged"),
    "paper.read": KindWords("เปิดอ่านเอกสาร", "Paper read"),
    "person.enrolled": KindWords("เพิ่มผู้ใช้", "Person enrolled"),
    "person.role-changed": KindWords("เปลี่ยนบทบาท", "Role changed"),
    "person.signed-in": KindWords("เข้าสู่ระบบ", "Signed in"),
    "programme.answered": KindWords("บันทึกคำตอบเรื่องสิทธิที่ใช้ยื่นคำขอ", "Answer on eligibility kept with an application"),
    "programme.drafted": KindWords("บันทึกร่างเอกสารมาตรการหรือสินเชื่อ", "Draft of a measure or product saved"),
    "programme.ended": KindWords("สิ้นสุดมาตรการหรือสินเชื่อ", "Measure or product ended"),
    "programme.published": KindWords("เผยแพร่มาตรการหรือสินเชื่อ", "Measure or product published"),
    "programme.rejected": KindWords("ตีกลับร่าง", "Draft rejected"),
    "programme.resume-asked": KindWords("ขอเปิดมาตรการหรือสินเชื่อต่อ", "Resumption asked"),
    "programme.resumed": KindWords("เปิดมาตรการหรือสินเชื่อต่อ", "Measure or product resumed"),
    "programme.signed": KindWords("ลงนามร่าง", "Draft signed"),
    "programme.submitted": KindWords("ส่งร่างให้ตรวจ", "Draft submitted"),
    "programme.suspended": KindWords("ระงับมาตรการหรือสินเชื่อ", "Measure or product suspended"),
    "programme.tried": KindWords("ทดลองหลักเกณฑ์กับทะเบียน", "Rule tried on the register"),
    "programme.withdrawn": KindWords("ถอนร่าง", "Draft withdrawn"),
    "register.returned": KindWords("ส่งทะเบียนกลับให้หน่วยงานเจ้าของ", "Own register given back to its agency"),
    "register.published": KindWords("เผยแพร่ทะเบียนรุ่นใหม่", "Register version published"),
    "steward.acted": KindWords("การดำเนินการของผู้ดูแลข้อมูล", "Steward acted"),
}


def words_of(kind: str) -> KindWords:
    """The words of a kind; the code itself where no row has them."""
    return KINDS.get(kind, KindWords(kind, kind))
