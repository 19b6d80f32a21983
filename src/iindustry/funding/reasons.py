"""Why a lender declines: R0–R12, one list for desk, machine, owner and analyst (DOMAIN section 11, EXCHANGE section 5).

Invariant: a decision to decline carries one to three codes, the main one first; a code has words for the owner that
blame nobody and say what would change the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CODES = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One coded reason. `th`/`en`: what the owner reads; `cure_*`: what would change it; `known_before`: from registers."""

    code: str
    short_th: str
    short_en: str
    th: str
    en: str
    cure_th: str
    cure_en: str
    is_curable: bool
    known_before: bool = False


REASONS: dict[str, Reason] = {
    one.code: one
    for one in (
        Reason(
            "R0", "ไม่ระบุเหตุผล", "Not stated",
            "ผู้ให้สินเชื่อไม่ได้แจ้งเหตุผล", "The lender gave no reason.",
            "ติดต่อผู้ให้สินเชื่อเพื่อขอทราบเหตุผล แล้วจึงตัดสินใจยื่นใหม่",
            "Ask the lender for the reason before you apply again.",
            is_curable=False,
        ),
        Reason(
            "R1", "ไม่ตรงเงื่อนไขผลิตภัณฑ์", "Does not fit the product",
            "คุณสมบัติของกิจการไม่ตรงกับเงื่อนไขของสินเชื่อนี้", "The business does not meet the conditions of this loan.",
            "ดูหน้าโอกาสของฉัน ซึ่งบอกว่าข้อใดยังไม่ตรง และสินเชื่อใดตรงกว่า",
            "See your opportunities: they say which condition is not met and which loan fits better.",
            is_curable=False, known_before=True,
        ),
        Reason(
            "R2", "หลักประกันไม่พอ", "Collateral short",
            "หลักประกันยังไม่พอสำหรับวงเงินที่ขอ", "The collateral is not enough for the amount asked.",
            "ขอวงเงินน้อยลง เพิ่มหลักประกัน หรือให้ บสย. ค้ำประกัน",
            "Ask for less, add collateral, or use a guarantee of the Thai Credit Guarantee Corporation.",
            is_curable=True,
        ),
        Reason(
            "R3", "ประวัติสินเชื่อ", "Credit standing",
            "ผู้ให้สินเชื่อพิจารณาประวัติสินเชื่อแล้วยังให้กู้ไม่ได้", "The lender looked at the credit standing and cannot lend now.",
            "ตรวจรายงานเครดิตของท่านเองกับเครดิตบูโร ชำระหนี้ค้างหรือปรับโครงสร้างหนี้ แล้วยื่นใหม่",
            "Check your own report at the credit bureau, settle or restructure what is overdue, then apply again.",
            is_curable=True,
        ),
        Reason(
            "R4", "กระแสเงินสดไม่พอ", "Cash flow",
            "กระแสเงินสดยังไม่พอผ่อนชำระตามวงเงินที่ขอ", "The cash flow does not carry the repayments of the amount asked.",
            "ขอวงเงินน้อยลงหรือระยะเวลายาวขึ้น หรือแสดงคำสั่งซื้อที่เพิ่มรายได้",
            "Ask for less or for longer, or show orders that raise income.",
            is_curable=True,
        ),
        Reason(
            "R5", "งบการเงิน", "Accounts",
            "งบการเงินยังไม่ได้ยื่นหรือยังใช้พิจารณาไม่ได้", "The accounts are not filed or cannot be relied on yet.",
            "ยื่นงบการเงินปีล่าสุดต่อกรมพัฒนาธุรกิจการค้า แล้วยื่นคำขอใหม่",
            "File the latest accounts with the Department of Business Development, then apply again.",
            is_curable=True,
        ),
        Reason(
            "R6", "ส่วนของเจ้าของ", "Equity",
            "ส่วนของเจ้าของติดลบหรือน้อยกว่ากึ่งหนึ่งของทุนชำระแล้ว",
            "The equity is negative or below half of the paid-up capital.",
            "เพิ่มทุน หรือยื่นใหม่เมื่อกำไรสะสมดีขึ้น", "Add capital, or apply again when retained profit has grown.",
            is_curable=True,
        ),
        Reason(
            "R7", "อายุกิจการ", "Too young",
            "กิจการเปิดมายังไม่ครบเวลาที่สินเชื่อนี้กำหนด", "The business is younger than this loan asks for.",
            "ยื่นใหม่เมื่ออายุกิจการครบ หรือเลือกสินเชื่อสำหรับกิจการเริ่มต้น",
            "Apply again when the business is old enough, or choose a loan for young businesses.",
            is_curable=True, known_before=True,
        ),
        Reason(
            "R8", "วัตถุประสงค์การใช้เงิน", "Use of funds",
            "สินเชื่อนี้ไม่ครอบคลุมการใช้เงินที่ขอ", "This loan does not cover the use asked for.",
            "เลือกสินเชื่อที่ตรงกับการใช้เงิน หรือขอเฉพาะส่วนที่ครอบคลุม",
            "Choose a loan that covers the use, or ask only for the part this one covers.",
            is_curable=True,
        ),
        Reason(
            "R9", "เอกสารไม่ครบ", "Papers incomplete",
            "เอกสารที่ผู้ให้สินเชื่อขอยังไม่ครบ", "The papers the lender asked for are not complete.",
            "เตรียมเอกสารตามรายการในคำขอนี้ แล้วยื่นใหม่", "Prepare the papers listed in this case, then apply again.",
            is_curable=True, known_before=True,
        ),
        Reason(
            "R10", "ใบอนุญาตหรือคำสั่ง", "Licence or order",
            "มีใบอนุญาตหรือคำสั่งด้านโรงงานหรือสิ่งแวดล้อมที่ยังค้าง",
            "A licence or an order on the factory or the environment is still open.",
            "ติดต่อสำนักงานอุตสาหกรรมจังหวัดเพื่อปิดเรื่องที่ค้าง แล้วยื่นใหม่",
            "Close what is open with the provincial industry office, then apply again.",
            is_curable=True, known_before=True,
        ),
        Reason(
            "R11", "ได้รับความช่วยเหลือแล้ว", "Already helped",
            "กิจการได้รับความช่วยเหลือแบบเดียวกันไปแล้ว", "The business has already had the same help.",
            "เลือกสินเชื่อหรือมาตรการอื่นจากหน้าโอกาสของฉัน", "Choose another loan or measure from your opportunities.",
            is_curable=False, known_before=True,
        ),
        Reason(
            "R12", "ข้อมูลในทะเบียนไม่ตรง", "Register data wrong",
            "ข้อมูลในทะเบียนไม่ตรงกับที่ผู้ให้สินเชื่อตรวจพบ", "The register differs from what the lender found.",
            "กดข้อมูลนี้ไม่ถูกต้อง ข้างค่าที่ไม่ตรง ที่หน้ากิจการของฉัน แล้วยื่นใหม่เมื่อแก้แล้ว",
            "Press This is not right beside the value on the page of your enterprise, and apply again once it is mended.",
            is_curable=True,
        ),
    )
}  # fmt: skip


def checked(codes: Sequence[str]) -> tuple[str, ...]:
    """One to three known codes, each once, the main one first.

    Rejected: `reason-missing`, `reason-too-many`, `reason-unknown`.
    """
    wanted = tuple(dict.fromkeys(code for code in codes if code))
    if not wanted:
        raise Rejected("reason-missing", field="reason_codes")
    if len(wanted) > MOST_CODES:
        raise Rejected("reason-too-many", field="reason_codes", most=MOST_CODES)
    unknown = [code for code in wanted if code not in REASONS]
    if unknown:
        raise Rejected("reason-unknown", field="reason_codes", codes=unknown)
    return wanted
