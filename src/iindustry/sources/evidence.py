"""What the cells of a column are, whatever stands above them: numbers with check digits, codes, days, places, telephones, names.

A kind's share is the part of the filled cells that read as it. `TELLING` kinds are known by their cells alone; the others only
say yes or no to what a heading seems to mean. Pure: texts in, shares out; nothing of a cell is kept.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from iindustry.reference import areas
from iindustry.sources import decoders
from iindustry.sources.contracts import Column

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

OFTEN, SELDOM = 0.8, 0.3
"""From which share cells speak for a kind, and up to which they speak against it."""
DECODED = (
    "thirteen",
    "factory_id",
    "old_factory_id",
    "date",
    "province",
    "tsic",
    "country",
    "period",
    "fiscal_year",
    "factory_type",
)
"""Kinds that the decoder of the same name recognises."""
TELLING = frozenset({"thirteen", "factory_id", "old_factory_id", "province", "date", "country", "email", "phone"})
"""Kinds that nothing else looks like."""
_PATTERNS = {
    "name": r"บริษัท|ห้าง|จำกัด|ร้าน|บจก|หจก|โรงงาน|โรงสี|(?i)co\.?,? ?ltd",
    "address": r"(?:จังหวัด|จ\.|กรุงเทพ|กทม).*|(?:อำเภอ|อ\.|เขต)",
    "email": r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$",
    "phone": r"^(?:\+?66|0)[\d\s()\-]{7,16}(?:(?:,|/|ต่อ|ext).*)?$",
    "postcode": r"^[1-9]\d{4}$",
    "numeric": r"^-?[\d,]*\.?\d+(?:\s*-\s*)?$|^-$",
    "english": r"^[A-Za-z0-9 .,&()'\-/]*[A-Za-z]{2}[A-Za-z0-9 .,&()'\-/]*$",
    "person": r"^\s*(?:นาย|นางสาว|นาง|น\.\s?ส\.|คุณ|ดร\.|ว่าที่|Mr|Ms|Mrs)",
    "thai": r"[ก-๙]",
}
_CODE = r"^[A-Za-zก-ฮ0-9./()\-]*(?:[A-Za-zก-ฮ./\-]\(?\d|\d[./\-])[A-Za-zก-ฮ0-9./()\-]*$"
_NEEDS = {
    "phone": "phone", "email": "email", "postcode": "postcode", "district": "district", "subdistrict": "subdistrict",
    "name_en": "english", "address": "address",
}  # fmt: skip
_NEEDS_BY_KIND = {
    "money": "numeric", "count": "numeric", "number": "numeric", "level": "numeric", "decimal_level": "numeric", "year": "numeric",
    "licence_year": "numeric", "factory_class": "numeric", "hs": "numeric", "words": "words",
}  # fmt: skip
_THAI_WORDS = frozenset(
    {"name", "operator", "site_name", "programme", "activity", "objective", "standard_name", "result", "road"}
)


def shares(cells: list[str], *, today: date) -> dict[str, float]:
    """Of the filled cells of a column, the share that each kind reads; empty where nothing is filled."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return {}
    frame = pl.DataFrame({"x": filled}, schema={"x": pl.Utf8})
    found = {kind: _decoded(frame, kind, today) for kind in DECODED}
    found |= frame.select(pl.col("x").str.contains(how).mean().alias(kind) for kind, how in _PATTERNS.items()).row(
        0, named=True
    )
    keys = [areas.area_key(cell) for cell in filled]
    found |= {level: sum(key in known for key in keys) / len(keys) for level, known in _places().items()}
    is_code = len(set(filled)) == len(filled) and frame.select(pl.col("x").str.contains(_CODE).all()).item()
    numbers = frame.select(pl.col("x").str.replace_all(",", "").cast(pl.Float64, strict=False).median()).item()
    return {**found, "code": float(is_code), "median": float(numbers or 0.0), "serial": float(_is_serial(filled))}


def speaks(column: Column, held: Mapping[str, float], cells: list[str]) -> float | None:
    """How far cells speak for a column of ours, 0 to 1; None where cells cannot say, or there are none."""
    if not held:
        return None
    kind = column.reads if column.reads in DECODED else _NEEDS.get(column.name) or _NEEDS_BY_KIND.get(column.reads)
    if kind == "words":
        filled = [cell for cell in cells if cell]
        return sum(cell in column.values for cell in filled) / len(filled)
    is_strange = (kind == "numeric" and not _is_in_range(column, held["median"])) or (
        kind is None and column.name in _THAI_WORDS and held["numeric"] >= OFTEN
    )
    return 0.0 if is_strange else held[kind] if kind else None


def tells(held: Mapping[str, float]) -> str | None:
    """The kind that a column surely is, by its cells alone; None where they could be several things."""
    found = [(share, kind) for kind, share in held.items() if kind in TELLING and share >= OFTEN]
    return max(found)[1] if found else None


def _is_in_range(column: Column, median: float) -> bool:
    least, most = column.at_least, column.at_most
    if column.reads in {"year", "licence_year"}:
        least, most = 1, 2700
    return (least is None or median >= least) and (most is None or median <= most)


def _is_serial(filled: list[str]) -> bool:
    """1, 2, 3 …: a running number of the sheet."""
    return filled[:5] == [str(number + 1) for number in range(len(filled[:5]))] and len(filled) > 1


@cache
def _places() -> dict[str, frozenset[str]]:
    known = areas.gazetteer()
    return {level: frozenset(known[f"{level}_key"].to_list()) for level in ("district", "subdistrict")}


def _decoded(frame: pl.DataFrame, kind: str, today: date) -> float:
    column = Column("x", "x", kind, "public", at_least=None, at_most=None)
    decoded = decoders.decode(column, today=today)
    ready = decoders.prepared(frame, [column])
    faults = [one.where for one in decoded.faults if one.code not in {"hidden-signs", "citizen-id"}]
    bad = pl.any_horizontal(*faults) if faults else pl.lit(value=False)
    good = ~bad.fill_null(value=False) & pl.col("x~").is_not_null()
    return float(ready.select(good.mean()).item() or 0.0)
