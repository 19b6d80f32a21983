"""Provinces, districts and subdistricts of Thailand by their DOPA codes (2, 4 and 6 digits).

Names, codes and postal codes come from geothai (code MIT; data CC BY 4.0, credit "GeoThai"), abbreviations and regions
from `data/provinces.yaml`. An abolished subdistrict leads to the set of its successors and never to one picked for it.
Invariant: a name alone is never a code; the parts of an address must exist together (traps T27 to T29 of DOMAIN section 4).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import geothai
from geothai.abolished import abolished_areas

from iindustry.reference import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

BANGKOK = "10"
CREDIT = "GeoThai (CC BY 4.0)"
DATA_VERSION: str = geothai.DATA_VERSION

_PREFIX = re.compile(r"^(?:จังหวัด|กิ่งอำเภอ|อำเภอ|เขต|ตำบล|แขวง|(?:จ|อ|ต|ข)\.)")
_JUNK = re.compile(r"[\s.\-'\u200b-\u200d\ufeff]")
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32|([\u0e48-\u0e4b])\u0e4d\u0e32")
_DOUBLED = re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+")
_PROVINCE_ALIASES = {
    "กทม": "กรุงเทพมหานคร",
    "กรุงเทพ": "กรุงเทพมหานคร",
    "กรุงเทพฯ": "กรุงเทพมหานคร",
    "อยุธยา": "พระนครศรีอยุธยา",
}
_CAPITAL = ("เมือง", "mueang")


@dataclass(frozen=True, slots=True)
class Province:
    """One of 77. `abbreviation` is the one of old factory numbers; `region` a key of `REGIONS`."""

    code: str
    th: str
    en: str
    region: str
    abbreviation: str


@dataclass(frozen=True, slots=True)
class District:
    """An amphoe, or a khet of Bangkok."""

    code: str
    th: str
    en: str

    @property
    def province_code(self) -> str:
        """The province it lies in."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Subdistrict:
    """A tambon, or a khwaeng of Bangkok. `postcodes`: one to three."""

    code: str
    th: str
    en: str
    postcodes: tuple[str, ...]

    @property
    def district_code(self) -> str:
        """The district it lies in."""
        return self.code[:4]

    @property
    def province_code(self) -> str:
        """The province it lies in."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Region:
    """One of six regions."""

    key: str
    th: str
    en: str


REGIONS: tuple[Region, ...] = tuple(
    Region(key, words["th"], words["en"]) for key, words in tables.document("provinces.yaml")["regions"].items()
)


def _province(area: geothai.types.Province) -> Province:
    abbreviation, region = tables.document("provinces.yaml")["provinces"][area.code]
    return Province(area.code, area.name_th, area.name_en, region, abbreviation)


PROVINCES: tuple[Province, ...] = tuple(_province(area) for area in geothai.provinces())
_PROVINCE: Mapping[str, Province] = MappingProxyType({province.code: province for province in PROVINCES})


def province(code: str) -> Province | None:
    """The province of a two-digit code, or None."""
    return _PROVINCE.get(code)


def district(code: str) -> District | None:
    """The district of a four-digit code, or None."""
    area = geothai.district(code)
    return None if area is None else District(area.code, area.name_th, area.name_en)


def subdistrict(code: str) -> Subdistrict | None:
    """The subdistrict of a six-digit code, or None (also for an abolished one: see `successors`)."""
    area = geothai.subdistrict(code)
    return None if area is None else Subdistrict(area.code, area.name_th, area.name_en, area.postal_codes)


def list_districts(province_code: str) -> tuple[District, ...]:
    """The districts of a province by code."""
    return tuple(District(area.code, area.name_th, area.name_en) for area in geothai.districts(province_code))


def list_subdistricts(district_code: str) -> tuple[Subdistrict, ...]:
    """The subdistricts of a district by code."""
    return tuple(
        Subdistrict(area.code, area.name_th, area.name_en, area.postal_codes)
        for area in geothai.subdistricts(district_code)
    )


def name_of(code: str) -> tuple[str, str] | None:
    """Thai and English name of a code of 2, 4 or 6 digits, or None."""
    found: Province | District | Subdistrict | None = {2: province, 4: district, 6: subdistrict}.get(
        len(code), province
    )(code)
    return None if found is None else (found.th, found.en)


def full_name_th(code: str) -> str:
    """`ต.บางทรายใหญ่ อ.เมืองมุกดาหาร จ.มุกดาหาร`; Bangkok writes แขวง and เขต and no จังหวัด. Empty for an unknown code."""
    if len(code) not in {2, 4, 6} or province(code[:2]) is None:
        return ""
    words = ("แขวง", "เขต", "") if code[:2] == BANGKOK else ("ต.", "อ.", "จ.")
    names = [name_of(code[:length]) for length in (6, 4, 2) if length <= len(code)]
    parts = zip(words[-len(names) :], names, strict=True)
    return " ".join(prefix + name[0].removeprefix("เขต") for prefix, name in parts if name is not None)


@lru_cache(maxsize=100_000)
def area_key(text: str | None) -> str:
    """A written area name made ready to be compared: no level word, space, dot or hyphen; one spelling of Thai marks.

    `ต. สุไหงโก-ลก` and `สุไหงโกลก` are one key. Empty for None.
    """
    if text is None:
        return ""
    folded = unicodedata.normalize("NFC", text).replace("เเ", "แ").strip().lower()
    folded = _SARA_AM.sub(lambda match: (match[1] or match[2] or "") + "ำ", folded)
    folded = _DOUBLED.sub(r"\1", folded)
    return _JUNK.sub("", _PREFIX.sub("", folded))


def _province_key(text: str | None) -> str:
    key = area_key(text)
    return area_key(_PROVINCE_ALIASES.get(key, key))


@dataclass(frozen=True, slots=True)
class _Row:
    """One name of one subdistrict, in force or abolished."""

    code: str
    th: str
    district_code: str
    district_keys: tuple[str, ...]
    postcodes: tuple[str, ...]
    abolished: bool
    successors: tuple[str, ...]


@cache
def _abolished_names() -> Mapping[str, str]:
    return MappingProxyType({area.code: area.name_th for area in abolished_areas()})


def _district_keys(code: str) -> tuple[str, ...]:
    area = district(code)
    names = [_abolished_names().get(code, "")] if area is None else [area.th, area.en]
    keys = [area_key(name) for name in names if name]
    if code.endswith("01") and code[:2] != BANGKOK:
        keys.extend(_CAPITAL)
    return tuple(keys)


@cache
def _gazetteer_rows() -> tuple[_Row, ...]:
    """Every subdistrict in force, then every abolished one whose successors are known."""
    rows = [
        _Row(
            area.code,
            area.name_th,
            area.district_code,
            _district_keys(area.district_code),
            area.postal_codes,
            abolished=False,
            successors=(area.code,),
        )
        for province_ in PROVINCES
        for district_ in geothai.districts(province_.code)
        for area in geothai.subdistricts(district_.code)
    ]
    rows += [
        _Row(
            area.code,
            area.name_th,
            area.code[:4],
            _district_keys(area.code[:4]),
            (),
            abolished=True,
            successors=tuple(area.successors),
        )
        for area in abolished_areas()
        if area.level == "subdistrict" and area.successors
    ]
    return tuple(rows)


@cache
def _rows_by_key() -> Mapping[str, tuple[_Row, ...]]:
    grouped: dict[str, list[_Row]] = {}
    for row in _gazetteer_rows():
        english = subdistrict(row.code)
        for key in {area_key(row.th), area_key(english.en if english else "")} - {""}:
            grouped.setdefault(key, []).append(row)
    return MappingProxyType({key: tuple(rows) for key, rows in grouped.items()})


@cache
def _province_by_key() -> Mapping[str, str]:
    pairs = [(area_key(name), item.code) for item in PROVINCES for name in (item.th, item.en)]
    return MappingProxyType(dict(pairs))


def find_province(text: str | None) -> str | None:
    """The two-digit code of a written province (`กทม.`, `จ.ชลบุรี`, `Chon Buri`), or None."""
    return _province_by_key().get(_province_key(text))


def find(subdistrict: str | None = None, district: str | None = None, province: str | None = None) -> frozenset[str]:
    """The codes that a written address may mean: its parts must exist together.

    Six-digit codes where a subdistrict is given (an abolished one gives its successors), else four-digit codes where a
    district is, else the province's. None or empty means not said. An empty set: no such place.
    """
    province_code = find_province(province) if province else None
    if province and province_code is None:
        return frozenset()
    if area_key(subdistrict):
        return _find_subdistricts(area_key(subdistrict), area_key(district), province_code)
    if area_key(district):
        return _find_districts(area_key(district), province_code)
    return frozenset({province_code} if province_code else ())


def _find_subdistricts(key: str, district_key: str, province_code: str | None) -> frozenset[str]:
    fitting = [
        row
        for row in _rows_by_key().get(key, ())
        if (province_code is None or row.code[:2] == province_code)
        and (not district_key or district_key in row.district_keys)
    ]
    in_force = [row for row in fitting if not row.abolished]
    return frozenset(code for row in in_force or fitting for code in row.successors)


@cache
def _districts_by_key() -> Mapping[str, tuple[str, ...]]:
    grouped: dict[str, list[str]] = {}
    for item in PROVINCES:
        for area in geothai.districts(item.code):
            for key in dict.fromkeys(_district_keys(area.code)):
                grouped.setdefault(key, []).append(area.code)
    return MappingProxyType({key: tuple(codes) for key, codes in grouped.items()})


def _find_districts(key: str, province_code: str | None) -> frozenset[str]:
    codes = _districts_by_key().get(key, ())
    return frozenset(code for code in codes if province_code is None or code[:2] == province_code)


@cache
def gazetteer() -> pl.DataFrame:
    """Every way to write a subdistrict, one row a district spelling: what set work joins addresses with.

    Columns: subdistrict_key, district_key, province_key (made by `area_key`; province aliases are not spread: apply
    `PROVINCE_ALIASES` first), subdistrict_code, district_code, province_code, subdistrict_th, postcode (the first),
    postcodes (List), abolished (Boolean), successors (List; itself where in force). Ordered by code, then key.
    """
    import polars as pl

    rows = _gazetteer_rows()
    frame = pl.DataFrame(
        {
            "subdistrict_key": [area_key(row.th) for row in rows],
            "district_key": [list(row.district_keys) for row in rows],
            "province_code": [row.code[:2] for row in rows],
            "subdistrict_code": [row.code for row in rows],
            "district_code": [row.district_code for row in rows],
            "subdistrict_th": [row.th for row in rows],
            "postcode": [row.postcodes[0] if row.postcodes else None for row in rows],
            "postcodes": [list(row.postcodes) for row in rows],
            "abolished": [row.abolished for row in rows],
            "successors": [list(row.successors) for row in rows],
        },
        schema_overrides={"postcode": pl.Utf8, "postcodes": pl.List(pl.Utf8), "successors": pl.List(pl.Utf8)},
    )
    provinces = pl.DataFrame(
        {"province_code": [p.code for p in PROVINCES], "province_key": [area_key(p.th) for p in PROVINCES]}
    )
    return (
        frame.explode("district_key")
        .join(provinces, on="province_code", how="left", maintain_order="left")
        .unique(maintain_order=True)
        .sort("subdistrict_code", "district_key")
    )


PROVINCE_ALIASES: Mapping[str, str] = MappingProxyType(
    {area_key(alias): area_key(name) for alias, name in _PROVINCE_ALIASES.items()}
)


@cache
def province_paths() -> Mapping[str, str]:
    """SVG path of each province by code, for a map drawn by the server in `province_view_box()` (data/README.md)."""
    return MappingProxyType(dict(tables.json_document("province_paths.json")["paths"]))


def province_view_box() -> str:
    """The `viewBox` the paths are drawn in."""
    return str(tables.json_document("province_paths.json")["viewBox"])


def list_codes(province_codes: Iterable[str]) -> tuple[str, ...]:
    """Six-digit codes of all subdistricts in the named provinces, by code."""
    wanted = set(province_codes)
    return tuple(row.code for row in _gazetteer_rows() if not row.abolished and row.code[:2] in wanted)
