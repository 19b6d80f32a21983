"""What the registers hold of the cast (`cast.py`): every fact that the story or a test relies on, fixed.

RIMKHONG sits in a border zone of phase 1 (DOMAIN section 7), is misspelt by DIW and has Green level 1, so that a level-2
condition is one step away. Each holds one product licence. CHONPARTS is an exporter's supplier in the EEC. LANNAWOOD holds Green level 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from iindustry.generate.cast import CHONPARTS, LANNAWOOD, RIMKHONG, CastEnterprise


@dataclass(frozen=True, slots=True)
class CastFacts:
    """One member of the cast. Keys of each mapping are columns of the frame it is laid over."""

    member: CastEnterprise
    enterprise: dict[str, Any]
    factory: dict[str, Any]
    dip: tuple[dict[str, Any], ...] = ()
    green: dict[str, Any] = field(default_factory=dict)


def _enterprise(member: CastEnterprise, core: str, province: str, subdistrict: str, **facts: Any) -> dict[str, Any]:
    return {
        "form": "co",
        "factory_count": 1,
        "province": province,
        "subdistrict": subdistrict,
        "juristic_id": member.juristic_id,
        "core": core,
        "name_en": member.name_en,
        "status": "ยังดำเนินกิจการอยู่",
        "soi": None,
        **facts,
    }


CAST = (
    CastFacts(
        RIMKHONG,
        _enterprise(
            RIMKHONG, "ริมโขงแปรรูปอาหาร", "49", "490104", house_no="199", moo="5", road=None, phone="0-1425-5199",
            trade="food_preserve", tsic="10304", objective="แปรรูปผักและผลไม้อบแห้ง", registered_be=2560,
            registered_on=date(2017, 3, 15), capital_baht=5_000_000, revenue_baht=42_000_000, assets_baht=31_500_000,
            workers=38, title="นางสาว", given="มาลี", family="ใจกล้า",
        ),
        {
            "issuer": "2", "type": "00802", "factory_class": "3", "licence_be": 2561, "horsepower": 120.0, "capital_mb": 12.5,
            "operator": "บริษัท ริมโขงเเปรรูปอาหารร จำกัด", "site_name": "ริมโขงแปรรูปอาหาร", "activity": "ทำผลไม้อบแห้งและผักดอง",
        },
        dip=({"programme": "พัฒนามาตรฐานการผลิตอาหาร", "fiscal_year": 2567, "result": "ผ่าน", "tax_id": "", "name": "บริษัท ริมโขงแปรรูปอาหาร จำกัด"},),
        green={"level": 1},
    ),
    CastFacts(
        CHONPARTS,
        _enterprise(
            CHONPARTS, "ชลชิ้นส่วนส่งออก", "20", "200205", house_no="88/8", moo="3", road=None, phone="0-1385-5088",
            trade="auto_parts", tsic="29309", objective="ผลิตชิ้นส่วนยานยนต์เพื่อส่งออก", registered_be=2561,
            registered_on=date(2018, 6, 20), capital_baht=20_000_000, revenue_baht=180_000_000, assets_baht=142_000_000,
            workers=115, title="นาย", given="สมชาย", family="ทองดี",
        ),
        {
            "issuer": "2", "type": "07702", "factory_class": "3", "licence_be": 2561, "horsepower": 860.0, "capital_mb": 96.0,
            "operator": "บริษัท ชลชิ้นส่วนส่งออก จำกัด", "site_name": "ชลชิ้นส่วนส่งออก", "activity": "ผลิตชิ้นส่วนรถยนต์จากโลหะ",
        },
        dip=({"programme": "เตรียมความพร้อมผู้ส่งออก", "fiscal_year": 2568, "result": "ผ่าน", "tax_id": CHONPARTS.juristic_id, "name": "ชลชิ้นส่วนส่งออก"},),
        green={"level": 2},
    ),
    CastFacts(
        LANNAWOOD,
        _enterprise(
            LANNAWOOD, "ล้านนาเครื่องเรือนไม้", "50", "501402", house_no="27", moo="2", road=None, phone="0-1535-5027",
            trade="furniture", tsic="31001", objective="ผลิตเครื่องเรือนไม้", registered_be=2559,
            registered_on=date(2016, 2, 10), capital_baht=3_000_000, revenue_baht=65_000_000, assets_baht=48_000_000,
            workers=52, title="นาง", given="บัว", family="ศรีวงศ์",
        ),
        {
            "issuer": "2", "type": "03700", "factory_class": "3", "licence_be": 2559, "horsepower": 210.0, "capital_mb": 18.0,
            "operator": "บริษัท ล้านนาเครื่องเรือนไม้ จำกัด", "site_name": "ล้านนาเครื่องเรือนไม้", "activity": "ทำเครื่องเรือนจากไม้",
        },
        dip=({"programme": "ยกระดับผลิตภาพสถานประกอบการ", "fiscal_year": 2566, "result": "ผ่าน", "tax_id": LANNAWOOD.juristic_id, "name": "บจก.ล้านนาเครื่องเรือนไม้"},),
        green={"level": 3},
    ),
)  # fmt: skip
CAST_SIZE = len(CAST)
ENTERPRISE_COLUMNS = sorted({name for facts in CAST for name in facts.enterprise})
FACTORY_COLUMNS = sorted({name for facts in CAST for name in facts.factory})
