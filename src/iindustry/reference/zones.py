"""Areas of policy: the EEC, the border special economic zones and the four economic corridors (`data/zones.yaml`).

A border zone is decided by subdistrict; a district alone says only "possible". Phase 2 is answered "possible" as well
until its list of subdistricts has been read in the announcement itself.
Invariant: unknown is None and never False.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from iindustry.reference import areas, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

CORRIDORS = ("NEC", "NeEC", "CWEC", "SEC")
NO_CORRIDOR = "none"


@dataclass(frozen=True, slots=True)
class ZoneWords:
    """What a zone is called, and the law that drew it."""

    th: str
    en: str
    law: str


def _zones() -> dict[str, Any]:
    return tables.document("zones.yaml")


def in_eec(province_code: str) -> bool:
    """Whether a province lies in the Eastern Economic Corridor (Act of B.E. 2561: Chachoengsao, Chonburi, Rayong)."""
    return province_code in _zones()["eec"]["provinces"]


@cache
def _sez_codes() -> Mapping[str, int]:
    """Subdistrict code to phase. Raises LookupError where a name of the table is no subdistrict of its district."""
    found: dict[str, int] = {}
    for phase in _zones()["sez"]["phases"]:
        for district_code, names in phase["districts"].items():
            codes = {areas.area_key(item.th): item.code for item in areas.list_subdistricts(district_code)}
            for name in names:
                found[codes[areas.area_key(name)]] = phase["phase"]
    return MappingProxyType(found)


@cache
def _sez_districts() -> Mapping[str, int]:
    return MappingProxyType(
        {code: phase["phase"] for phase in _zones()["sez"]["phases"] for code in phase["districts"]}
    )


def sez_subdistricts(phase: int) -> tuple[str, ...]:
    """Subdistrict codes of the border zones of one phase, by code."""
    return tuple(sorted(code for code, its_phase in _sez_codes().items() if its_phase == phase))


def sez(subdistrict_code: str | None, district_code: str | None = None) -> bool | None:
    """Whether a place lies in a border special economic zone; None where it is only possible.

    Phase 1 is decided by subdistrict. Without one, a district of a zone is possible. Phase 2 is possible (see above).
    Nothing known at all is None too.
    """
    if subdistrict_code:
        phase = _sez_districts().get(subdistrict_code[:4])
        if phase is None:
            return False
        return None if phase != 1 else subdistrict_code in _sez_codes()
    if district_code:
        return None if district_code in _sez_districts() else False
    return None


@cache
def _corridor_of() -> Mapping[str, str]:
    corridors = _zones()["corridors"]["areas"]
    return MappingProxyType({code: key for key, area in corridors.items() for code in area["provinces"]})


def corridor(province_code: str) -> str:
    """The economic corridor of a province (NEC, NeEC, CWEC, SEC) or `none`. Cabinet resolution of 20 Sep 2565."""
    return _corridor_of().get(province_code, NO_CORRIDOR)


def words(key: str) -> ZoneWords:
    """What `eec`, `sez` or a corridor is called. Raises KeyError for anything else."""
    zones = _zones()
    if key == "eec":
        return ZoneWords(zones["eec"]["th"], zones["eec"]["en"], zones["eec"]["law"])
    if key == "sez":
        return ZoneWords(zones["sez"]["th"], zones["sez"]["en"], zones["sez"]["phases"][0]["law"])
    area = zones["corridors"]["areas"][key]
    return ZoneWords(area["th"], area["en"], zones["corridors"]["law"])


@cache
def zone_frame() -> pl.DataFrame:
    """Zones of every subdistrict in force, for set work.

    Columns: subdistrict_code, district_code, province_code (Utf8), eec (Boolean), sez (Boolean, null is possible only),
    corridor (Utf8, `none` outside). Ordered by code.
    """
    import polars as pl

    codes = areas.list_codes(province.code for province in areas.PROVINCES)
    return pl.DataFrame(
        {
            "subdistrict_code": codes,
            "district_code": [code[:4] for code in codes],
            "province_code": [code[:2] for code in codes],
            "eec": [in_eec(code[:2]) for code in codes],
            "sez": [sez(code) for code in codes],
            "corridor": [corridor(code[:2]) for code in codes],
        },
        schema_overrides={"sez": pl.Boolean},
    ).sort("subdistrict_code")
