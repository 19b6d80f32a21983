"""Countries and areas of ISO 3166-1, by which export files name a market (`data/countries.csv`).

Invariant: a text stands for one country or for none; a name is compared without case, spaces, dots and dashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from iindustry.reference import tables
from iindustry.reference.areas import area_key

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Country:
    """One country: two letters, three letters, its names."""

    code: str
    alpha3: str
    th: str
    en: str


COUNTRIES: Mapping[str, Country] = MappingProxyType(
    {row["code"]: Country(row["code"], row["alpha3"], row["th"], row["en"]) for row in tables.rows("countries.csv")}
)

# How customs papers and people write a name that the table spells otherwise.
_ALIASES = {
    "ญี่ปุ่น": "JP", "สหรัฐ": "US", "สหรัฐฯ": "US", "อเมริกา": "US", "ฮ่องกง": "HK", "มาเก๊า": "MO", "พม่า": "MM",
    "เมียนมา": "MM", "เมียนมาร์": "MM", "สปป.ลาว": "LA", "อังกฤษ": "GB", "เกาหลี": "KR", "ไต้หวัน": "TW", "กัมพูชา": "KH",
    "เขมร": "KH", "สาธารณรัฐประชาชนจีน": "CN", "USA": "US", "UK": "GB", "Hong Kong": "HK", "Macau": "MO", "Burma": "MM",
    "Myanmar": "MM", "Korea": "KR", "Viet Nam": "VN", "Lao PDR": "LA", "Russian Federation": "RU", "Türkiye": "TR",
}  # fmt: skip


@cache
def known() -> Mapping[str, str]:
    """Every text that names a country, as `areas.area_key` writes it, and the two letters."""
    found: dict[str, str] = {}
    for one in COUNTRIES.values():
        for text in (one.code, one.alpha3, one.th, one.en):
            found.setdefault(area_key(text), one.code)
    found.update({area_key(text): code for text, code in _ALIASES.items()})
    return MappingProxyType(found)


def find(text: str) -> str | None:
    """The two letters of a country named by its letters or its name in Thai or English, or None."""
    return known().get(area_key(text))


def name_of(code: str) -> tuple[str, str]:
    """The names of a country in Thai and English; the code itself where there is none."""
    one = COUNTRIES.get(code)
    return (one.th, one.en) if one else (code, code)
