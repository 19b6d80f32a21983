"""How a cell is read: one decoder a kind (`reads` of a contract's column), as Polars expressions over whole columns.

A decoder gives typed columns and, for each fault, an expression that is true where a cell has it. `voids` says that the
fault leaves no value: in a required column such a fault sends the row to quarantine. Traps T1-T7, T14, T19-T24 of DOMAIN.
Invariant: the text as sent is never repaired; it is read, or it is null with a fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iindustry.kernel.thaidate import BE_OFFSET, MONTHS_TH, MONTHS_TH_SHORT, fiscal_year_be
from iindustry.reference import activities, areas, factory_types
from iindustry.sources.countries import TWO, TWO_OF_THREE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from iindustry.sources.contracts import Column

NOTHING = ("", "-", "--", "–", "nan", "none", "null", "n/a", "#n/a", "#value!", "#ref!")
_THAI_DIGITS = dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True))
_HIDDEN = r"[\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}\x{00ad}]"
_MASKED = r"^\s*บุคคลธรรมดา"
_PERSON = r"^\s*(?:นาย|นางสาว|นาง|น\.\s?ส\.|ด\.ช\.|ด\.ญ\.|ว่าที่)\s*[ก-ฮเ-ไ]"
_COMPANY = r"จำกัด|บริษัท|ห้างหุ้นส่วน|บจก|หจก|บมจ"
_FIRST_YEAR_BE = 2430
_FIRST_FISCAL_BE = 2540
_OLD_NUMBER = (
    r"^(?:[ก-ฮ])?[123]-\d{1,3}(?:\(\d+\))?-\d+/\d{2}(?:[ก-ฮ]{2,3})?$|^น\.\d{1,3}(?:\(\d+\))?-\d+/\d{4}-[ก-ฮ]{3}\.$"
)
_SATANG = {"baht": 100, "million_baht": 100_000_000}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one column: true where a cell has it."""

    code: str
    where: pl.Expr
    voids: bool = False


@dataclass(frozen=True, slots=True)
class Decoded:
    """The typed columns that a column of the file becomes, and its faults."""

    values: dict[str, pl.Expr]
    faults: tuple[Fault, ...] = ()


def prepared(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """The frame with helper columns that decoders read: `<name>~` (cleaned text), and `<name>~digits` for numbers.

    Worked out once: an expression that is repeated inside another costs its square.
    """
    frame = frame.with_columns(_cleaned(column.name).alias(f"{column.name}~") for column in columns)
    numbers = [column for column in columns if column.reads in _DIGIT_KINDS]
    return frame.with_columns(_digits(column.name).alias(f"{column.name}~digits") for column in numbers)


_DIGIT_KINDS = frozenset({"thirteen", "citizen", "factory_id", "factory_type", "factory_class", "tsic"})


def _cleaned(name: str) -> pl.Expr:
    text = pl.col(name).str.replace_all(_HIDDEN, "").str.replace_all("\u00a0", " ", literal=True).str.strip_chars()
    return pl.when(~text.str.to_lowercase().is_in(NOTHING)).then(text)


def _digits(name: str) -> pl.Expr:
    text = cleaned(name).str.replace_many(_THAI_DIGITS)
    return text.str.replace(r"\.0+$", "").str.replace_all(r"[\s\-]", "")


def cleaned(name: str) -> pl.Expr:
    """A text cell without hidden signs and outer spaces; null for the words that mean nothing (T20, T21)."""
    return pl.col(f"{name}~")


def digits(name: str) -> pl.Expr:
    """The digits of a cell, as `kernel.ids.digits` gives them: Thai digits read, a spreadsheet's `.0` cut (T14)."""
    return pl.col(f"{name}~digits")


def decode(column: Column, *, today: date) -> Decoded:
    """The expressions of one column of a contract."""
    hidden = Fault("hidden-signs", pl.col(column.name).str.contains(_HIDDEN))
    decoded = DECODERS[column.reads](column, today)
    return Decoded(decoded.values, (*decoded.faults, hidden))


def _text(column: Column, _: date) -> Decoded:
    return Decoded({column.name: cleaned(column.name)})


def _part(column: Column, _: date) -> Decoded:
    text = cleaned(column.name)
    return Decoded({column.name: pl.when(text != "0").then(text)})


def _name(column: Column, _: date) -> Decoded:
    """A name that may be a person's. A masked one is null; `<name>_is_person` says what it was (T19, T41)."""
    text = cleaned(column.name)
    is_masked = text.str.contains(_MASKED)
    is_person = is_masked | (text.str.contains(_PERSON) & ~text.str.contains(_COMPANY))
    return Decoded(
        {column.name: pl.when(~is_masked).then(text), f"{column.name}_is_person": is_person},
        (Fault("name-masked", is_masked.fill_null(value=False)),),
    )


def _number_text(name: str) -> pl.Expr:
    text = cleaned(name).str.replace_many(_THAI_DIGITS).str.replace_all(r"[,\s]|บาท", "")
    bracketed = text.str.replace(r"^\((.*)\)$", "-${1}")
    return pl.when(~bracketed.is_in(["", "-", "."])).then(bracketed)


def _number_value(column: Column, text: pl.Expr, pattern: str) -> pl.Expr:
    fits = text.str.contains(pattern)
    if not column.signed:
        fits = fits & ~text.str.starts_with("-")
    return pl.when(fits).then(text)


def _extremes(column: Column, value: pl.Expr) -> tuple[Fault, ...]:
    """Wild values are findings, not faults: they are kept and left out of sums later (T22)."""
    faults = []
    if column.at_most is not None:
        faults.append(Fault("value-extreme", value.abs() > column.at_most))
    if column.zero_is_odd:
        faults.append(Fault("value-zero", value == 0))
    return tuple(faults)


def _money(column: Column, _: date) -> Decoded:
    """Satang. The contract names the unit (T4); commas, spaces and ` - ` are read (T3)."""
    text = _number_text(column.name)
    fitting = _number_value(column, text, r"^-?\d{1,15}(?:\.\d{1,20})?$").str.extract(r"^(-?\d+(?:\.\d{1,10})?)", 1)
    satang = (
        (fitting.cast(pl.Decimal(38, 10), strict=False) * _SATANG[column.unit or "baht"])
        .round(0)
        .cast(pl.Int64, strict=False)
    )
    return Decoded(
        {column.name: satang},
        (Fault("number-unreadable", text.is_not_null() & satang.is_null(), voids=True), *_extremes(column, satang)),
    )


def _count(column: Column, _: date) -> Decoded:
    text = _number_text(column.name)
    value = _number_value(column, text, r"^-?\d{1,12}(?:\.0*)?$").str.replace(r"\..*$", "").cast(pl.Int64, strict=False)
    return Decoded(
        {column.name: value},
        (Fault("number-unreadable", text.is_not_null() & value.is_null(), voids=True), *_extremes(column, value)),
    )


def _number(column: Column, _: date) -> Decoded:
    text = _number_text(column.name)
    value = _number_value(column, text, r"^-?\d{1,15}(?:\.\d+)?$").cast(pl.Float64, strict=False)
    return Decoded(
        {column.name: value},
        (Fault("number-unreadable", text.is_not_null() & value.is_null(), voids=True), *_extremes(column, value)),
    )


def _level(column: Column, _: date) -> Decoded:
    """A whole number inside its limits, or nothing."""
    text = (
        cleaned(column.name)
        .str.replace_many(_THAI_DIGITS)
        .str.extract(r"^(?:ระดับ|level)?\s*(?:ที่)?\s*(\d{1,3})(?:\.0+)?$", 1)
    )
    value = text.cast(pl.Int64, strict=False)
    inside = value.is_between(column.at_least or 0, column.at_most or 999)
    return Decoded(
        {column.name: pl.when(inside).then(value)},
        (
            Fault(
                "number-out-of-range", cleaned(column.name).is_not_null() & ~inside.fill_null(value=False), voids=True
            ),
        ),
    )


_DAY_FIRST = r"^(\d{1,2})[/\-. ](\d{1,2})[/\-. ](\d{4})(?:[T ]00:00:00)?$"
_YEAR_FIRST = r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$"
_CLOSED = r"^(\d{4})(\d{2})(\d{2})$"


def _day(text: pl.Expr) -> pl.Expr:
    """The day in a text, as `kernel.thaidate.parse` reads it: a year above 2400 is Buddhist (T6)."""
    pairs = ((_DAY_FIRST, (3, 2, 1)), (_YEAR_FIRST, (1, 2, 3)), (_CLOSED, (1, 2, 3)))
    found = [
        pl.coalesce(text.str.extract(pattern, places[part]) for pattern, places in pairs).cast(pl.Int32, strict=False)
        for part in range(3)
    ]
    year = pl.when(found[0] > 2400).then(found[0] - BE_OFFSET).otherwise(found[0])  # noqa: PLR2004 - T6
    written = pl.format(
        "{}-{}-{}", *(part.cast(pl.Utf8).str.zfill(width) for part, width in ((year, 4), (found[1], 2), (found[2], 2)))
    )
    return written.str.to_date("%Y-%m-%d", strict=False)


_MONTHS = {name: f"/{number}/" for names in (MONTHS_TH, MONTHS_TH_SHORT) for number, name in enumerate(names, 1)}


def _months_as_numbers(text: pl.Expr) -> pl.Expr:
    """`14 ม.ค. 2559` and `14 มกราคม พ.ศ. 2559` as `14/1/2559`."""
    return text.str.replace_many(_MONTHS, leftmost=True).str.replace_all(r"\s*/\s*(?:พ\.?ศ\.?\s*)?", "/")


def _date(column: Column, _: date) -> Decoded:
    text = cleaned(column.name)
    value = _day(_months_as_numbers(text.str.replace_many(_THAI_DIGITS)))
    return Decoded({column.name: value}, (Fault("date-impossible", text.is_not_null() & value.is_null(), voids=True),))


def _year_text(name: str) -> pl.Expr:
    return cleaned(name).str.replace_many(_THAI_DIGITS).str.replace(r"\.0+$", "").str.replace(r"^พ\.?ศ\.?\s*", "")


def _year(column: Column, today: date) -> Decoded:
    """A Christian-era year of a Buddhist or Christian one."""
    text = _year_text(column.name)
    number = pl.when(text.str.contains(r"^\d{4}$")).then(text).cast(pl.Int32, strict=False)
    year = pl.when(number > 2400).then(number - BE_OFFSET).otherwise(number).cast(pl.Int64)  # noqa: PLR2004 - T6
    return _year_decoded(column, year, today)


def _licence_year(column: Column, today: date) -> Decoded:
    """As `kernel.thaidate.licence_year`: `38` and `2538` are 1995 (T5)."""
    text = _year_text(column.name)
    number = pl.when(text.str.contains(r"^(?:\d{2}|\d{4})$")).then(text).cast(pl.Int32, strict=False)
    full = pl.when(text.str.len_chars() == 2).then(number + 2500).otherwise(number)  # noqa: PLR2004 - 25yy
    year = pl.when(full > 2400).then(full - BE_OFFSET).otherwise(full).cast(pl.Int64)  # noqa: PLR2004 - T6
    return _year_decoded(column, year, today)


def _year_decoded(column: Column, year: pl.Expr, today: date) -> Decoded:
    possible = year.is_between(_FIRST_YEAR_BE - BE_OFFSET, today.year + 1).fill_null(value=False)
    wrong = cleaned(column.name).is_not_null() & ~possible
    return Decoded({column.name: pl.when(possible).then(year)}, (Fault("year-impossible", wrong, voids=True),))


def _fiscal_year(column: Column, today: date) -> Decoded:
    """A Buddhist fiscal year, kept Buddhist: that is its name. From 2540 to the next one."""
    text = _year_text(column.name)
    year = pl.when(text.str.contains(r"^\d{4}$")).then(text).cast(pl.Int64, strict=False)
    possible = year.is_between(_FIRST_FISCAL_BE, fiscal_year_be(today) + 1).fill_null(value=False)
    wrong = cleaned(column.name).is_not_null() & ~possible
    return Decoded({column.name: pl.when(possible).then(year)}, (Fault("fiscal-year-impossible", wrong, voids=True),))


def _weighted(number: pl.Expr) -> pl.Expr:
    """Whether 13 digits carry their modulo-11 digit (DOMAIN section 2.1)."""
    places = [number.str.slice(place, 1).cast(pl.Int32, strict=False) for place in range(13)]
    total = pl.sum_horizontal(places[place] * (13 - place) for place in range(12))
    return ((11 - total % 11) % 10) == places[12]


def _thirteen(column: Column, _: date) -> Decoded:
    """A juristic or citizen id (T7). The plain citizen id goes to a column that the caller turns into a tag and drops."""
    text = digits(column.name)
    padded = pl.when(text.str.len_chars() == 12).then("0" + text).otherwise(text)  # noqa: PLR2004 - one zero lost
    is_number = padded.str.contains(r"^\d{13}$")
    good = is_number & _weighted(pl.when(is_number).then(padded))
    is_juristic = (good & padded.str.starts_with("0")).fill_null(value=False)
    is_citizen = (good & padded.str.contains("^[1-8]")).fill_null(value=False)
    state = (
        pl.when(is_juristic).then(pl.lit("valid"))
        .when(text.is_null() | is_citizen).then(pl.lit("none"))
        .otherwise(pl.lit("invalid"))
    )  # fmt: skip
    # A wrong number that begins with 1-8 may be a citizen's with a slip: it is not kept.
    kept = pl.when(is_juristic | padded.str.contains(r"^0\d{12}$")).then(padded)
    return Decoded(
        {column.name: kept, f"{column.name}_state": state, "citizen_id": pl.when(is_citizen).then(padded)},
        (
            Fault("check-digit", text.is_not_null() & ~is_juristic & ~is_citizen),
            Fault("citizen-id", is_citizen, voids=column.key),
        ),
    )


def _luhn(number: pl.Expr) -> pl.Expr:
    """Whether 14 digits carry their Luhn digit (DOMAIN section 2.2)."""
    places = [number.str.slice(place, 1).cast(pl.Int32, strict=False) for place in range(14)]
    doubled = [pl.when(one > 4).then(2 * one - 9).otherwise(2 * one) for one in places[0::2]]  # noqa: PLR2004 - Luhn
    return pl.sum_horizontal(*doubled, *places[1::2]) % 10 == 0


def _citizen(column: Column, _: date) -> Decoded:
    """A citizen id in a column of its own: only a tag of it stays, whatever else stands there does not."""
    text = digits(column.name)
    is_number = text.str.contains(r"^[1-8]\d{12}$")
    good = (is_number & _weighted(pl.when(is_number).then(text))).fill_null(value=False)
    return Decoded(
        {"citizen_id": pl.when(good).then(text)}, (Fault("check-digit", text.is_not_null() & ~good, voids=True),)
    )


def _sealed_name(column: Column, _: date) -> Decoded:
    """A person's name: the caller seals the text for its person, and only `<name>_sealed` stays."""
    return Decoded({f"{column.name}_sealed": cleaned(column.name)})


def _country(column: Column, _: date) -> Decoded:
    """Two letters of ISO 3166 out of two or three."""
    text = cleaned(column.name).str.to_uppercase()
    code = pl.when(text.is_in(sorted(TWO))).then(text).otherwise(text.replace_strict(TWO_OF_THREE, default=None))
    return Decoded(
        {column.name: code}, (Fault("country-unknown", cleaned(column.name).is_not_null() & code.is_null(), voids=True),)
    )


_PERIODS = ((r"^(\d{4})[-/ ]?(0[1-9]|1[0-2]|[1-9])$", (1, 2)), (r"^(0?[1-9]|1[0-2])[-/ ](\d{4})$", (2, 1)))


def _period(column: Column, today: date) -> Decoded:
    """A month of either era (`256910`, `2026-10`, `10/2569`) as `2026-10`; none after today's."""
    text = _months_as_numbers(cleaned(column.name).str.replace_many(_THAI_DIGITS)).str.replace(r"^/|\.0$", "")
    number = [
        pl.coalesce(text.str.extract(pattern, places[part]) for pattern, places in _PERIODS).cast(pl.Int32, strict=False)
        for part in range(2)
    ]
    year = pl.when(number[0] > 2400).then(number[0] - BE_OFFSET).otherwise(number[0])  # noqa: PLR2004 - T6
    month = year * 12 + number[1] - 1
    possible = month.is_between((_FIRST_YEAR_BE - BE_OFFSET) * 12, today.year * 12 + today.month - 1)
    written = pl.format("{}-{}", year, number[1].cast(pl.Utf8).str.zfill(2))
    value = pl.when(possible).then(written)
    return Decoded({column.name: value}, (Fault("period-impossible", text.is_not_null() & value.is_null(), voids=True),))


def _decimal_level(column: Column, _: date) -> Decoded:
    """A level with one decimal or none, inside its limits."""
    text = _number_text(column.name).str.replace(r"^(?:ระดับ|level)(?:ที่)?", "")
    value = pl.when(text.str.contains(r"^\d{1,3}(?:\.\d+)?$")).then(text).cast(pl.Float64, strict=False)
    inside = value.is_between(column.at_least or 0, column.at_most or 999)
    fault = cleaned(column.name).is_not_null() & ~inside.fill_null(value=False)
    return Decoded({column.name: pl.when(inside).then(value)}, (Fault("number-out-of-range", fault, voids=True),))


def _factory_id(column: Column, _: date) -> Decoded:
    """Fourteen digits, zeros put back (T1); a number that fails keeps its text as `…_raw`, and works as key (T26)."""
    raw = digits(column.name)
    padded = raw.str.zfill(14)
    fits = raw.str.contains(r"^\d{12,14}$") & padded.str.slice(9, 2).is_in(["25", "26"])
    good = (fits & _luhn(pl.when(fits).then(padded))).fill_null(value=False)
    return Decoded(
        {column.name: pl.when(good).then(padded), f"{column.name}_raw": cleaned(column.name)},
        (Fault("factory-id", raw.is_not_null() & ~good),),
    )


def _old_factory_id(column: Column, _: date) -> Decoded:
    text = cleaned(column.name)
    return Decoded(
        {column.name: text}, (Fault("old-factory-id", text.is_not_null() & ~text.str.contains(_OLD_NUMBER)),)
    )


def _factory_type(column: Column, _: date) -> Decoded:
    """Five digits, zeros put back (T2); a type outside the regulation is null (T24)."""
    text = digits(column.name)
    padded = text.str.zfill(5)
    known = padded.is_in([one.code for one in factory_types.list_types()]).fill_null(value=False)
    return Decoded(
        {column.name: pl.when(known).then(padded)},
        (Fault("factory-type-unknown", text.is_not_null() & ~known, voids=True),),
    )


def _factory_class(column: Column, _: date) -> Decoded:
    text = digits(column.name).str.replace("จำพวก(?:ที่)?", "")
    known = text.is_in(["1", "2", "3"]).fill_null(value=False)
    return Decoded(
        {column.name: pl.when(known).then(text)}, (Fault("code-unknown", text.is_not_null() & ~known, voids=True),)
    )


def _tsic(column: Column, _: date) -> Decoded:
    """Five digits of TSIC 2552. A four-digit code is of another version and is never read as TSIC (T23)."""
    text = digits(column.name)
    is_five = text.str.contains(r"^\d{5}$").fill_null(value=False)
    known = text.is_in(_tsic_codes()).fill_null(value=False)
    return Decoded(
        {column.name: pl.when(is_five).then(text)},
        (
            Fault("tsic-version-unknown", text.is_not_null() & ~is_five, voids=True),
            Fault("tsic-unknown", is_five & ~known),
        ),
    )


def _tsic_codes() -> list[str]:
    return list(activities.list_codes(5))


def _province(column: Column, _: date) -> Decoded:
    """The name as sent; a name that no province has is a fault (`จ.`, `กทม.` and English names are known)."""
    text = cleaned(column.name)
    key = text.str.to_lowercase().str.replace(r"^(?:จังหวัด|จ\.)", "").str.replace_all(r"[\s.\-']", "")
    known = {areas.area_key(name) for one in areas.PROVINCES for name in (one.th, one.en)} | set(areas.PROVINCE_ALIASES)
    return Decoded({column.name: text}, (Fault("province-unknown", text.is_not_null() & ~key.is_in(sorted(known))),))


def _words(column: Column, _: date) -> Decoded:
    text = cleaned(column.name)
    return Decoded({column.name: text}, (Fault("code-unknown", text.is_not_null() & ~text.is_in(column.values)),))


DECODERS: dict[str, Callable[[Column, date], Decoded]] = {
    "text": _text, "key": _text, "part": _part, "name": _name, "money": _money, "count": _count, "number": _number,
    "level": _level, "date": _date, "year": _year, "licence_year": _licence_year, "fiscal_year": _fiscal_year,
    "thirteen": _thirteen, "factory_id": _factory_id, "old_factory_id": _old_factory_id, "factory_type": _factory_type,
    "factory_class": _factory_class, "tsic": _tsic, "province": _province, "words": _words,
    "citizen": _citizen, "sealed_name": _sealed_name, "country": _country, "period": _period,
    "decimal_level": _decimal_level, "quantity": _number,
}  # fmt: skip
