"""Where an address lies: codes of subdistrict, district and province that exist together (traps T21, T27-T32).

Pieces are looked for from the end of an address, because `เขต` also stands inside road names. The gazetteer of
`reference.areas` decides; a subdistrict since divided gives the set of its successors and no single code. The postcode
is weak evidence (3.4 % of real ones disagree) and only kept.
Invariant: what cannot be decided is null, never the nearest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from iindustry.reference import areas
from iindustry.standardise.names import CLEAN
from iindustry.standardise.rewriting import Rewrite, Step, rewritten, rewritten_expr

if TYPE_CHECKING:
    import polars as pl

_TIDY: tuple[Step, ...] = (*CLEAN, Rewrite("ประเทศไทย *$|thailand *$", ""), Rewrite("^ +| +$", ""), Rewrite("^", " "))
POSTCODE = r"(?:^|[^0-9])([1-9][0-9]{4})[ .]*$"
_PROVINCE_WORD = r"(?:จังหวัด *|จ\. *)?"
_TAIL = r" *(?:[1-9][0-9]{4})?[ .]*$"
_MARKED = (
    r"^(.*[ ,)])(?:แขวง|ตำบล|ต\.) *([^ ]+(?: [^ ]+)?) +(?:เขต|กิ่งอำเภอ|อำเภอ|กิ่งอ\.|อ\.) *([^ ]+) +"
    rf"{_PROVINCE_WORD}([^ 0-9]+){_TAIL}"
)
_DISTRICT_ONLY = rf"^(.*[ ,)])(?:เขต|กิ่งอำเภอ|อำเภอ|กิ่งอ\.|อ\.) *([^ ]+) +{_PROVINCE_WORD}([^ 0-9]+){_TAIL}"
_MARK = re.compile(r"^(?:แขวง|ตำบล|ต\.|เขต|กิ่งอำเภอ|อำเภอ|อ\.|จังหวัด|จ\.)")
_LONGEST_TAIL = 8


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a place. `subdistrict_codes` has several where the subdistrict was divided."""

    province_code: str | None = None
    district_code: str | None = None
    subdistrict_code: str | None = None
    subdistrict_codes: tuple[str, ...] = ()


@lru_cache(maxsize=200_000)
def place_of(subdistrict: str | None, district: str | None, province: str | None) -> Place:
    """The place that three written names mean together. Names that contradict each other fall back to the larger area."""
    province_code = areas.find_province(province) if province else None
    if province and province_code is None:
        return Place()
    codes = sorted(areas.find(subdistrict, district, province)) if subdistrict else []
    if codes and len(codes[0]) == 6 and (district or len(codes) == 1):  # noqa: PLR2004 - a subdistrict's code
        return _of_codes(tuple(codes))
    districts = sorted(areas.find(None, district, province)) if district else []
    if len(districts) == 1 and len(districts[0]) == 4:  # noqa: PLR2004 - a district's code
        return Place(districts[0][:2], districts[0])
    return Place(province_code)


def _of_codes(codes: tuple[str, ...]) -> Place:
    def shared(length: int) -> str | None:
        found = {code[:length] for code in codes}
        return found.pop() if len(found) == 1 else None

    return Place(shared(2), shared(4), shared(6), codes)


def place_of_text(text: str) -> Place:
    """The place of one written address without level words: names from its end, in the gazetteer (T28)."""
    cleaned = re.sub(r"[1-9][0-9]{4}[ .]*$", "", rewritten(text, _TIDY)).strip()
    words = [_MARK.sub("", word) for word in cleaned.split(" ")][-_LONGEST_TAIL:]
    words = [word for word in words if word]
    if not words or areas.find_province(words[-1]) is None:
        return Place()
    province = words[-1]
    for width in (1, 2):  # a name of one word or two
        district = "".join(words[-1 - width : -1])
        for wide in (1, 2):
            place = place_of("".join(words[-1 - width - wide : -1 - width]), district, province)
            if place.subdistrict_codes:
                return place
    return place_of(None, words[-2] if len(words) > 1 else None, province)


def parse(text: str) -> Place:
    """The place of one written address: the twin of what `places` does with a column."""
    tidy = rewritten(text, _TIDY)
    if found := re.search(_MARKED, tidy):
        place = place_of(found[2], found[3], found[4])
        if place.subdistrict_codes:
            return place
    elif found := re.search(_DISTRICT_ONLY, tidy):
        place = place_of(None, found[2], found[3])
        if place.district_code:
            return place
    place = place_of_text(text)
    return place if place.province_code or not found else _of_groups(found)


def _of_groups(found: re.Match[str]) -> Place:
    names = found.groups()[1:]
    return place_of(names[0] if len(names) == 3 else None, names[-2], names[-1])  # noqa: PLR2004 - three levels


PLACE_SCHEMA = ("province_code", "district_code", "subdistrict_code", "subdistrict_codes", "postcode", "address_parts")


def of_text(column: pl.Series) -> pl.DataFrame:
    """The places of written addresses, `PLACE_SCHEMA`, one row a value in the same order; worked on distinct values."""
    import polars as pl

    distinct = column.drop_nulls().unique().sort()
    tidy = distinct.to_frame("text").with_columns(rewritten_expr(pl.col("text"), _TIDY).alias("tidy"))
    pieces = tidy.select(
        "text",
        pl.col("tidy").str.extract(POSTCODE, 1).alias("postcode"),
        *(pl.col("tidy").str.extract(_MARKED, group).alias(f"p{group}") for group in (1, 2, 3, 4)),
    )
    named = {key: place_of(*key) for key in pieces.select("p2", "p3", "p4").unique().rows()}
    found = [
        place if (place := named[(sub, district, province)]).subdistrict_codes else parse(text)
        for text, sub, district, province in pieces.select("text", "p2", "p3", "p4").iter_rows()
    ]
    parsed = pl.concat(
        [pieces.select("text", "postcode", pl.col("p1").str.strip_chars(" ,").alias("address_parts")), _frame(found)],
        how="horizontal",
    )
    return column.to_frame("text").join(parsed, on="text", how="left", maintain_order="left").select(*PLACE_SCHEMA)


def of_names(frame: pl.DataFrame) -> pl.DataFrame:
    """The places of three name columns (subdistrict, district, province): codes only, one row a row, in order."""
    import polars as pl

    names = ["subdistrict", "district", "province"]
    distinct = frame.select(names).unique(maintain_order=True)
    found = _frame([place_of(*row) for row in distinct.iter_rows()])
    table = pl.concat([distinct, found], how="horizontal")
    return frame.select(names).join(table, on=names, how="left", nulls_equal=True, maintain_order="left").drop(names)


def _frame(places: list[Place]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        {
            "province_code": [one.province_code for one in places],
            "district_code": [one.district_code for one in places],
            "subdistrict_code": [one.subdistrict_code for one in places],
            "subdistrict_codes": [list(one.subdistrict_codes) or None for one in places],
        },
        schema={
            "province_code": pl.Utf8, "district_code": pl.Utf8, "subdistrict_code": pl.Utf8,
            "subdistrict_codes": pl.List(pl.Utf8),
        },
    )  # fmt: skip
