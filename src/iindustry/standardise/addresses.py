"""Where an address lies, and what stands before that: house, moo, soi and road (traps T21, T27 to T32).

An address is cut from its end. Its last three words name nearly every place, and a country has few such endings: each
distinct one is looked up once in the gazetteer. What they do not settle is read word by word (`places.from_end`).
Invariant: what cannot be decided is null, never the nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.standardise.places import NOWHERE, Place, from_end, place_of
from iindustry.standardise.rewriting import Rewrite, Step, first_match, rewritten, rewritten_series
from iindustry.standardise.spelling import CLEAN, REPAIR

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Address", "Place", "of_names", "of_text", "parse", "place_of", "read"]

_LEVELS = r"ตำบล|แขวง|อำเภอ|เขต|จังหวัด|ต\.|อ\.|จ\."
TIDY: tuple[Step, ...] = (
    *CLEAN,
    *REPAIR,
    Rewrite(r"(^|[ ,])(?:โทร(?:ศัพท์|สาร)?|tel|fax|แฟกซ์|มือถือ|mobile)[ .:]*(?:\+ ?66|0)[0-9() -]{7,}.*$", ""),
    Rewrite(r"(?:รหัส ?)?ไปรษณีย์ *:? *([0-9])|รหัสฯ *:? *([0-9])", " ${1}${2}"),
    Rewrite(r"[ ,]*(?:ประเทศไทย|thailand)[ .]*$", ""),
    Rewrite(r"กิ่ง ?อำเภอ|กิ่ง ?อ\.", "อำเภอ"),
    Rewrite(rf"[,;|]+ *({_LEVELS}|กรุงเทพ|กทม)", " ${1}"),
    Rewrite("(เมือง|กรุงเทพ) ?ฯ", "${1}"),
    Rewrite(r"([ก-๎.])([1-9][0-9]{4})[ .]*$", "${1} ${2}"),
    Rewrite(rf"( (?:{_LEVELS})) +", "${1}"),
    Rewrite(" {2,}", " "),
    Rewrite("^ | $", ""),
)
"""Letters of one spelling, level words at the beginning of their names, telephone and country gone."""

UNGLUED: tuple[Step, ...] = (
    Rewrite(r"[,;|_]", " "),
    Rewrite(r"([^ (])(ตำบล|แขวง|อำเภอ|จังหวัด)", "${1} ${2}"),
    Rewrite(r"([^ (.])((?:ต|อ|จ)\.)", "${1} ${2}"),
    Rewrite(rf"( (?:{_LEVELS}|khwaeng|khet|tambon|amphoe|amphur|changwat)) +", "${1}"),
    Rewrite(" {2,}", " "),
    Rewrite("^ | $", ""),
)
"""For an address whose end says nothing as it stands: commas are spaces, level words stand apart from what is before."""

POSTCODE = r"(?:^|[^0-9/-])([1-9][0-9]{4})[ .]*$"
CUT_POSTCODE: tuple[Step, ...] = (Rewrite(r"(^|[^0-9/-])[1-9][0-9]{4}[ .]*$", "${1}"), Rewrite("[ ]+$", ""))
_ENDING = r"([^ ]+ [^ ]+ [^ ]+)$"
_LONG_ENDING = r"((?:[^ ]+ ){0,9}[^ ]+)$"
ATTEMPTS: tuple[tuple[tuple[Step, ...], str], ...] = (((), _ENDING), (UNGLUED, _ENDING), ((), _LONG_ENDING))
"""What is rewritten before, and how much of the end is read; the next only where this finds no subdistrict."""

HOUSE = r"^(?:บ้าน)?(?:เลขที่|ที่ตั้ง|อยู่)? *0*([0-9]+(?:/[0-9]+)*)(?:[^0-9/]|$)"
MOO = r"(?:^|[ (])(?:หมู่ที่|หมู่|ม\.|moo) *0*([1-9][0-9]?)(?:[^0-9/]|$)"
MOO_COLUMN = r"^(?:หมู่ที่|หมู่|ม\.)? *0*([1-9][0-9]?)[ .]*$"


@dataclass(frozen=True, slots=True)
class Address:
    """One written address: its place, its postcode as written, what stands before the place."""

    place: Place
    postcode: str | None
    address_parts: str | None
    house_no: str | None
    moo: str | None


def parse(text: str) -> Place:
    """The place of one written address."""
    return read(text).place


def read(text: str) -> Address:
    """One written address taken apart: the twin of `of_text`."""
    tidy = rewritten(text, TIDY)
    postcode = first_match(tidy, POSTCODE, 1)
    rest = rewritten(tidy, CUT_POSTCODE)
    place, used, ending = NOWHERE, 0, ""
    for steps, pattern in ATTEMPTS:
        rest = rewritten(rest, steps)
        ending = first_match(rest, pattern, 1) or ""
        place, used = from_end(ending, postcode)
        if place.subdistrict_codes:
            break
    parts = _before(rest, ending, used)
    return Address(place, postcode, parts, first_match(parts or "", HOUSE, 1), first_match(parts or "", MOO, 1))


def _before(rest: str, ending: str, used: int) -> str | None:
    """What stands before the words of the ending that name the place."""
    words = [word for word in ending.split(" ") if word]
    kept = " ".join(words[: len(words) - used])
    return f"{rest.removesuffix(ending)}{kept}".strip(" ,") or None


PLACE_SCHEMA = ("province_code", "district_code", "subdistrict_code", "subdistrict_codes")
ADDRESS_SCHEMA = (*PLACE_SCHEMA, "postcode", "address_parts", "house_no", "moo")


def of_text(column: pl.Series) -> pl.DataFrame:
    """Written addresses taken apart, `ADDRESS_SCHEMA`, one row a value in the same order; worked on distinct values."""
    import polars as pl

    distinct = column.drop_nulls().unique()
    tidy = rewritten_series(distinct, TIDY)
    frame = pl.DataFrame({
        "text": distinct,
        "postcode": tidy.str.extract(POSTCODE, 1),
        "rest": rewritten_series(tidy, CUT_POSTCODE),
    })  # fmt: skip
    parts = []
    for number, (steps, pattern) in enumerate(ATTEMPTS, 1):
        frame = frame.with_columns(rewritten_series(frame["rest"], steps) if steps else pl.col("rest"))
        frame = frame.with_columns(ending=pl.col("rest").str.extract(pattern, 1).fill_null(""))
        found = _looked_up(frame.select("ending", "postcode"))
        is_settled = found["subdistrict_codes"].is_not_null() | (number == len(ATTEMPTS))
        parts.append(_with_parts(frame.filter(is_settled), found.filter(is_settled)))
        frame = frame.filter(~is_settled)
    whole = pl.concat(parts)
    return column.to_frame("text").join(whole, on="text", how="left", maintain_order="left").select(*ADDRESS_SCHEMA)


def _looked_up(endings: pl.DataFrame) -> pl.DataFrame:
    """The place of each ending, and how many of its words name it (`used`), one row a row."""
    import polars as pl

    distinct = endings.unique()
    found = [from_end(ending, postcode) for ending, postcode in distinct.iter_rows()]
    table = pl.concat(
        [distinct, _frame([place for place, _ in found]), pl.DataFrame({"used": [used for _, used in found]}, schema={"used": pl.Int64})],
        how="horizontal",
    )  # fmt: skip
    return endings.join(table, on=["ending", "postcode"], how="left", nulls_equal=True, maintain_order="left")


def _with_parts(frame: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """`frame` (text, rest, ending, postcode) with its places and what stands before them."""
    import polars as pl

    words = pl.col("ending").str.split(" ")
    kept = words.list.head(pl.max_horizontal(words.list.len().cast(pl.Int64) - pl.col("used"), 0)).list.join(" ")
    is_whole = pl.col("used") == words.list.len()
    before = pl.col("rest").str.strip_suffix(pl.col("ending"))
    parts = (before + pl.when(is_whole).then(pl.lit("")).otherwise(kept).fill_null("")).str.strip_chars(" ,")
    return (
        frame.hstack(places.select(*PLACE_SCHEMA, "used"))
        .with_columns(address_parts=pl.when(parts != "").then(parts))
        .with_columns(
            house_no=pl.col("address_parts").str.extract(HOUSE, 1), moo=pl.col("address_parts").str.extract(MOO, 1)
        )
        .select("text", *ADDRESS_SCHEMA)
    )


def of_names(frame: pl.DataFrame) -> pl.DataFrame:
    """The places of three name columns (subdistrict, district, province), one row a row, in order: `PLACE_SCHEMA`."""
    import polars as pl

    names = ["subdistrict", "district", "province"]
    distinct = frame.select(names).unique()
    table = pl.concat([distinct, _frame([place_of(*row) for row in distinct.iter_rows()])], how="horizontal")
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
