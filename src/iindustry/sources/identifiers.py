"""Numbers that name something: juristic and citizen ids, factory numbers, factory types, activities, tariff codes.

Traps T1, T2, T7, T23, T24, T26 of DOMAIN. Invariant: the text as sent is never repaired; it is read, or null with a fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.reference import activities, factory_types
from iindustry.sources.cells import Decoded, Fault, Steps, cleaned, digits

if TYPE_CHECKING:
    from datetime import date

    from iindustry.sources.contracts import Column

_OLD_NUMBER = (
    r"^(?:[ก-ฮ])?[123]-\d{1,3}(?:\(\d+\))?-\d+/\d{2}(?:[ก-ฮ]{2,3})?$|^น\.\d{1,3}(?:\(\d+\))?-\d+/\d{4}-[ก-ฮ]{3}\.$"
)


def _places(number: pl.Expr, count: int) -> list[pl.Expr]:
    """The digits of a whole number, the first of `count` first."""
    return [number // 10 ** (count - 1 - place) % 10 for place in range(count)]


def _weighted(number: pl.Expr) -> pl.Expr:
    """Whether 13 digits carry their modulo-11 digit (DOMAIN section 2.1)."""
    places = _places(number.cast(pl.Int64, strict=False), 13)
    total = pl.sum_horizontal(places[place] * (13 - place) for place in range(12))
    return ((11 - total % 11) % 10) == places[12]


def thirteen_steps(column: Column) -> Steps:
    """The number with its lost zero (T7), as a number, and whether its check digit agrees."""
    text, padded, number = digits(column.name), f"{column.name}~padded", f"{column.name}~thirteen"
    is_number = pl.col(padded).str.contains(r"^\d{13}$")
    return [
        {padded: pl.when(text.str.len_chars() == 12).then("0" + text).otherwise(text)},  # noqa: PLR2004 - one zero lost
        {number: pl.when(is_number).then(pl.col(padded)).cast(pl.Int64, strict=False)},
        {f"{column.name}~good": _weighted(pl.col(number))},
    ]


def thirteen(column: Column, _: date) -> Decoded:
    """A juristic or citizen id. The plain citizen id goes to a column that the caller turns into a tag and drops."""
    text, padded, good = digits(column.name), pl.col(f"{column.name}~padded"), pl.col(f"{column.name}~good")
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


def citizen(column: Column, _: date) -> Decoded:
    """A citizen id in a column of its own: only a tag of it stays, whatever else stands there does not."""
    text = digits(column.name)
    is_number = text.str.contains(r"^[1-8]\d{12}$")
    good = (is_number & _weighted(pl.when(is_number).then(text))).fill_null(value=False)
    return Decoded(
        {"citizen_id": pl.when(good).then(text)}, (Fault("check-digit", text.is_not_null() & ~good, voids=True),)
    )


def _luhn(number: pl.Expr) -> pl.Expr:
    """Whether 14 digits carry their Luhn digit (DOMAIN section 2.2)."""
    places = _places(number.cast(pl.Int64, strict=False), 14)
    doubled = [pl.when(one > 4).then(2 * one - 9).otherwise(2 * one) for one in places[0::2]]  # noqa: PLR2004 - Luhn
    return pl.sum_horizontal(*doubled, *places[1::2]) % 10 == 0


def factory_id(column: Column, _: date) -> Decoded:
    """Fourteen digits, zeros put back (T1); a number that fails keeps its text as `…_raw`, and works as key (T26)."""
    raw = digits(column.name)
    padded = raw.str.zfill(14)
    fits = raw.str.contains(r"^\d{12,14}$") & padded.str.slice(9, 2).is_in(["25", "26"])
    good = (fits & _luhn(pl.when(fits).then(padded))).fill_null(value=False)
    return Decoded(
        {column.name: pl.when(good).then(padded), f"{column.name}_raw": cleaned(column.name)},
        (Fault("factory-id", raw.is_not_null() & ~good),),
    )


def old_factory_id(column: Column, _: date) -> Decoded:
    """The old number as it was written; one of neither known form is a fault and stays."""
    text = cleaned(column.name)
    return Decoded(
        {column.name: text}, (Fault("old-factory-id", text.is_not_null() & ~text.str.contains(_OLD_NUMBER)),)
    )


def factory_type(column: Column, _: date) -> Decoded:
    """Five digits, zeros put back (T2); a type outside the regulation is null (T24)."""
    text = digits(column.name)
    padded = text.str.zfill(5)
    known = padded.is_in(factory_types.annex_codes()).fill_null(value=False)
    return Decoded(
        {column.name: pl.when(known).then(padded)},
        (Fault("factory-type-unknown", text.is_not_null() & ~known, voids=True),),
    )


def factory_class(column: Column, _: date) -> Decoded:
    """1, 2 or 3, with or without the word for class."""
    text = digits(column.name).str.replace("จำพวก(?:ที่)?", "")
    known = text.is_in(["1", "2", "3"]).fill_null(value=False)
    return Decoded(
        {column.name: pl.when(known).then(text)}, (Fault("code-unknown", text.is_not_null() & ~known, voids=True),)
    )


def tsic(column: Column, _: date) -> Decoded:
    """Five digits of TSIC 2552. A four-digit code is of another version and is never read as TSIC (T23)."""
    text = digits(column.name)
    is_five = text.str.contains(r"^\d{5}$").fill_null(value=False)
    known = text.is_in(list(activities.list_codes(5))).fill_null(value=False)
    return Decoded(
        {column.name: pl.when(is_five).then(text)},
        (
            Fault("tsic-version-unknown", text.is_not_null() & ~is_five, voids=True),
            Fault("tsic-unknown", is_five & ~known),
        ),
    )


def hs(column: Column, _: date) -> Decoded:
    """A customs tariff code of 2 to 11 digits, dots and spaces gone."""
    text = digits(column.name).str.replace_all(".", "", literal=True)
    fits = text.str.contains(r"^(?:\d{2}|\d{4}|\d{6}|\d{8}|\d{10}|\d{11})$").fill_null(value=False)
    return Decoded(
        {column.name: pl.when(fits).then(text)}, (Fault("code-unknown", text.is_not_null() & ~fits, voids=True),)
    )
