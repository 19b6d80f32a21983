"""Words of registers read as codes: status of a juristic person, of a licence, result of a programme, legal form.

Each table is ordered: the first pattern that meets decides. A word that no pattern meets is unknown (null), never a guess.
Source of the words of DBD: DOMAIN section 3. The words of licences and programmes are agreed ones (unverified).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

STATUS: tuple[tuple[str, str], ...] = (
    ("active", "ยังดำเนินกิจการ|คืนสู่ทะเบียน|^active$"),
    ("suspended", "ร้าง|พิทักษ์ทรัพย์|ล้มละลาย|พักกิจการ|^suspended$"),
    ("closed", "เลิก|ชำระบัญชี|แปรสภาพ|ควบ|^closed$"),
)
LICENCE_STATUS: tuple[tuple[str, str], ...] = (
    ("suspended", "พักใช้|ระงับ|suspended"),
    ("revoked", "เพิกถอน|ยกเลิก|revoked"),
    ("expired", "สิ้นอายุ|หมดอายุ|สิ้นผล|expired"),
    ("active", "มีผล|ใช้งาน|คงอยู่|ปกติ|ใช้ได้|active|valid"),
)
RESULT: tuple[tuple[str, str], ...] = (
    ("failed", "ไม่ผ่าน|failed"),
    ("withdrew", "ถอนตัว|ออกกลางคัน|ยกเลิก|withdrew"),
    ("ongoing", "กำลัง|ระหว่าง|ongoing"),
    ("passed", "ผ่าน|สำเร็จ|จบ|passed"),
)
ORDER_STATUS: tuple[tuple[str, str], ...] = (
    ("open", "ยังไม่ปิด|อยู่ระหว่าง|ค้าง|^open$"),
    ("closed", "ปิดแล้ว|ยกเลิก|ชำระแล้ว|^closed$"),
)
ORDER_KIND: tuple[tuple[str, str], ...] = (
    ("fee", "ค่าธรรมเนียม|^fee$"),
    ("close", "ปิดโรงงาน|^close$"),
    ("stop", "หยุด|^stop$"),
    ("improve", "ปรับปรุง|แก้ไข|^improve$"),
)
DEBT_CLASS: tuple[tuple[str, str], ...] = (
    ("closed", "ปิดบัญชี|^closed$"),
    ("loss", "สงสัยจะสูญ|สูญ|^loss$"),
    ("doubtful", "สงสัย|^doubtful$"),
    ("substandard", "ต่ำกว่ามาตรฐาน|ต่ํากว่ามาตรฐาน|^substandard$"),
    ("special_mention", "กล่าวถึงเป็นพิเศษ|^special_mention$"),
    ("pass", "ปกติ|^pass$"),
)
CODED: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("dbd", "status"): STATUS,
    ("tisi", "licence_status"): LICENCE_STATUS,
    ("dpim", "licence_status"): LICENCE_STATUS,
    ("ocsb", "licence_status"): LICENCE_STATUS,
    ("dip", "result"): RESULT,
    ("orders", "order_status"): ORDER_STATUS,
    ("orders", "order_kind"): ORDER_KIND,
    ("smed", "debt_class"): DEBT_CLASS,
    ("exim", "debt_class"): DEBT_CLASS,
}
"""Source and fact, to the table that reads its words as codes."""
LEGAL_KIND_OF_FORM = {
    "co": "company", "plc": "public_company", "lp": "partnership", "op": "partnership", "person": "natural",
    "coop": "other", "jv": "other",
}  # fmt: skip
LEGAL_KIND_OF_DIGIT = {"2": "partnership", "3": "partnership", "5": "company", "7": "public_company"}


_DENIAL = "(?:(?:ไม่|มิ|ผิด)(?:ได้|ถูก|มี|ใช่)?|(?:^|[^a-z])(?:in|un|not|non|no)[ -]?) *"


def code_of(expr: pl.Expr, table: tuple[tuple[str, str], ...]) -> pl.Expr:
    """The code of a column of words, null where no pattern of the table meets, or only behind a word that denies it.

    `ไม่มีผลบังคับใช้` is not `มีผล`: what is denied is unknown, unless a row of the table has the denial itself (`ไม่ผ่าน`).
    """
    import polars as pl

    small = expr.str.to_lowercase()
    found = pl.lit(None, dtype=pl.Utf8)
    for code, pattern in reversed(table):
        said = small.str.contains(pattern) & ~small.str.contains(f"{_DENIAL}(?:{pattern})")
        found = pl.when(said).then(pl.lit(code)).otherwise(found)
    return found


def legal_kind(juristic_id: pl.Expr, form: pl.Expr) -> pl.Expr:
    """The legal form: by the fourth digit of a valid juristic id (no exception in 91,939), else by the name."""
    import polars as pl

    by_digit = juristic_id.str.slice(3, 1).replace_strict(LEGAL_KIND_OF_DIGIT, default=None, return_dtype=pl.Utf8)
    by_name = form.replace_strict(LEGAL_KIND_OF_FORM, default=None, return_dtype=pl.Utf8)
    return pl.coalesce(by_digit, by_name)
