"""The people and enterprises of the story: fixed names and numbers, whatever the seed (docs/story.md plays them).

All of them are made up. Their running numbers lie in a range the registers do not use (90001 and up).
"""

from __future__ import annotations

from dataclasses import dataclass

from iindustry.kernel.actors import Role
from iindustry.kernel.ids import thirteen_check_digit


def _juristic(twelve: str) -> str:
    return twelve + thirteen_check_digit(twelve)


@dataclass(frozen=True, slots=True)
class CastEnterprise:
    """An enterprise of the story, by its juristic id."""

    key: str
    juristic_id: str
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True)
class CastPerson:
    """Someone of the story: sign-in name, role, organisation, and the enterprise acted for."""

    username: str
    name_th: str
    name_en: str
    role: Role
    organisation: str | None = None
    enterprise: str | None = None


# Mukdahan, border special zone (phase 1); misspelt in DIW; 38 workers, 42 million baht a year.
RIMKHONG = CastEnterprise(
    "rimkhong", _juristic("049556090001"), "บริษัท ริมโขงแปรรูปอาหาร จำกัด", "Rim Khong Food Processing Co., Ltd."
)
# Chonburi, makes vehicle parts for export; has an application waiting at EXIM, which its system declines.
CHONPARTS = CastEnterprise(
    "chonparts", _juristic("020556190002"), "บริษัท ชลชิ้นส่วนส่งออก จำกัด", "Chon Export Parts Co., Ltd."
)
# A second firm with an application at SME D Bank: what the other bank must not see.
LANNAWOOD = CastEnterprise(
    "lannawood", _juristic("050555990003"), "บริษัท ล้านนาเครื่องเรือนไม้ จำกัด", "Lanna Wood Furniture Co., Ltd."
)
ENTERPRISES = (RIMKHONG, CHONPARTS, LANNAWOOD)

PEOPLE = (
    CastPerson("malee", "มาลี ใจกล้า", "Malee Jaikla", Role.OWNER, None, "rimkhong"),
    CastPerson("somchai", "สมชาย ทองดี", "Somchai Thongdee", Role.OWNER, None, "chonparts"),
    CastPerson("bua", "บัว ศรีวงศ์", "Bua Sriwong", Role.OWNER, None, "lannawood"),
    CastPerson("anan", "อนันต์ พิทักษ์", "Anan Pitak", Role.BANK_OFFICER, "smed"),
    CastPerson("kanya", "กัญญา วงศ์ไทย", "Kanya Wongthai", Role.BANK_OFFICER, "exim"),
    CastPerson("wipa", "วิภา แสงทอง", "Wipa Saengthong", Role.AGENCY_OFFICER, "dip"),
    CastPerson("chai", "ชัย มั่นคง", "Chai Mankong", Role.STEWARD, "oie"),
    CastPerson("prasit", "ประสิทธิ์ นโยบาย", "Prasit Nayobai", Role.ANALYST, "oie"),
    CastPerson("nida", "นิดา ตรวจการ", "Nida Truatkan", Role.AUDITOR, "auditor"),
    # The second pair of eyes: what one of an office writes, another signs.
    CastPerson("suda", "สุดา รอบคอบ", "Suda Ropkhop", Role.ANALYST, "oie"),
    CastPerson("orapin", "อรพิน ทวนสอบ", "Orapin Thuansop", Role.BANK_OFFICER, "smed"),
    CastPerson("thana", "ธนา ละเอียด", "Thana La-iat", Role.BANK_OFFICER, "exim"),
)
