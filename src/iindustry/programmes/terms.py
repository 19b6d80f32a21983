"""Words and codes that documents choose from: policy lines, owners, uses of funds, steps, papers, ways to a datum.

A document names a code; pages print its words. A new code is added here and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.programmes.facts import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

LINES = ("s_curve", "sme_upgrade", "area", "green", "smart_gov")
OWNERS = ("smed", "exim", "fund", "tcg", "diw", "dip", "oie", "tisi", "dpim", "ocsb", "ieat", "osmep")
WAYS = ("register", "prior", "ask", "upload", "lender")
ORDER_KEYS = ("covers_use", "covers_sum", "cost", "questions_left", "lender_days", "pool_left")

USES: Mapping[str, Words] = {
    "machinery": Words("ซื้อหรือปรับเปลี่ยนเครื่องจักร", "Machinery"),
    "working_capital": Words("เงินทุนหมุนเวียน", "Working capital"),
    "expansion": Words("ขยายกิจการหรือสร้างโรงงาน", "Expansion or a new site"),
    "green_transition": Words("ปรับเปลี่ยนสู่อุตสาหกรรมสีเขียวและประหยัดพลังงาน", "Green transition and energy saving"),
    "productivity": Words("เพิ่มผลิตภาพ", "Productivity"),
    "clean_vehicle": Words("รถพลังงานสะอาด", "Clean vehicles"),
    "digital": Words("ระบบดิจิทัลและบัญชี", "Digital systems and accounting"),
    "export": Words("ส่งออก", "Export"),
    "standards": Words("ขอรับรองมาตรฐานสินค้า", "Product standards and certification"),
    "training": Words("พัฒนาคนและมาตรฐานสินค้า", "Skills and product standards"),
}
"""What money or help may be for."""

STEPS: Mapping[str, Words] = {
    "application": Words("ยื่นคำขอ", "Application"),
    "screening": Words("กลั่นกรองคำขอ", "Screening"),
    "originals": Words("ตรวจเอกสารต้นฉบับ", "Original papers"),
    "site_visit": Words("ตรวจเยี่ยมกิจการ", "Site visit"),
    "analysis": Words("วิเคราะห์สินเชื่อและอนุมัติ", "Credit analysis and decision"),
    "contract": Words("ทำสัญญา", "Loan contract"),
    "disbursement": Words("เบิกจ่ายเงินกู้", "Disbursement"),
    "grant": Words("อนุมัติสิทธิ", "Grant"),
    "report": Words("รายงานผล", "Report of results"),
}
"""The six steps of the fund's process (DOMAIN section 1), a visit where a measure has one; a measure is granted and reported on."""

PAPERS: Mapping[str, Words] = {
    "dbd_affidavit": Words("หนังสือรับรองนิติบุคคล", "Certificate of registration"),
    "shareholders": Words("บัญชีรายชื่อผู้ถือหุ้น (บอจ.5)", "List of shareholders"),
    "factory_licence": Words("ใบอนุญาตประกอบกิจการโรงงาน (ร.ง.4) หรือใบรับแจ้ง (ร.ง.2)", "Factory licence"),
    "accounts": Words("งบการเงิน", "Accounts"),
    "vat_returns": Words("แบบแสดงรายการภาษีมูลค่าเพิ่ม (ภ.พ.30)", "VAT returns"),
    "bank_statement": Words("รายการเดินบัญชีย้อนหลัง", "Bank statement"),
    "investment_plan": Words("แผนการลงทุน", "Investment plan"),
    "quotation": Words("ใบเสนอราคา", "Quotation"),
    "machine_list": Words("บัญชีเครื่องจักร", "Machine list"),
    "green_certificate": Words("ใบรับรองอุตสาหกรรมสีเขียว", "Green Industry certificate"),
    "dip_certificate": Words("หลักฐานการผ่านโครงการของกรมส่งเสริมอุตสาหกรรม", "Proof of a programme passed"),
    "export_documents": Words("เอกสารการส่งออก", "Export documents"),
    "standard_licence": Words("ใบอนุญาต มอก.", "Product-standard licence"),
    "energy_report": Words("รายงานการใช้พลังงานหรือก๊าซเรือนกระจก", "Energy or greenhouse gas report"),
    "i40_report": Words("ผลประเมิน Thailand i4.0 Index", "Thailand i4.0 Index report"),
    "export_plan": Words("แผนการส่งออก", "Export plan"),
    "land_deed": Words("โฉนดหรือเอกสารสิทธิในหลักประกัน", "Title deed of the collateral"),
    "identity": Words("บัตรประชาชนและทะเบียนบ้านของกรรมการ", "Directors' identity papers"),
    "credit_bureau_consent": Words("หนังสือยินยอมตรวจข้อมูลเครดิต", "Consent to a credit report"),
}
"""Papers that an application may ask; the last two are between owner and bank and never pass the platform."""
