"""Days, months and years of either era (DOMAIN T5, T6): a year above 2400 is Buddhist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.kernel.thaidate import BE_OFFSET, MONTHS_TH, MONTHS_TH_SHORT, fiscal_year_be
from iindustry.sources.cells import Decoded, Fault, Steps, cleaned, in_digits

if TYPE_CHECKING:
    from datetime import date

    from iindustry.sources.contracts import Column

_FIRST_YEAR_BE = 2430
_FIRST_FISCAL_BE = 2540
_DAY_FIRST = r"^(\d{1,2})[/\-. ](\d{1,2})[/\-. ](\d{4})(?:[T ]00:00:00)?$"
_YEAR_FIRST = r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$"
_CLOSED = r"^(\d{4})(\d{2})(\d{2})$"


_MONTHS = {name: f"/{number}/" for names in (MONTHS_TH, MONTHS_TH_SHORT) for number, name in enumerate(names, 1)}


def _months_as_numbers(text: pl.Expr) -> pl.Expr:
    """`14 ม.ค. 2559` and `14 มกราคม พ.ศ. 2559` as `14/1/2559`. Only cells with a letter or a space are worked on."""
    odd = pl.when(text.str.contains(r"[^0-9/\-.:T]")).then(text)
    read = odd.str.replace_many(_MONTHS, leftmost=True).str.replace_all(r"\s*/\s*(?:พ\.?ศ\.?\s*)?", "/")
    return pl.coalesce(read, text)


def day_steps(column: Column) -> Steps:
    """The day in a text, as `kernel.thaidate.parse` reads it; each pattern looks only at what the ones before left."""
    name = column.name
    text, parts = f"{name}~text", [f"{name}~{part}" for part in range(3)]
    first: dict[str, pl.Expr] = {text: _months_as_numbers(in_digits(cleaned(name)))}
    steps = [first, dict.fromkeys(parts, pl.lit(None, dtype=pl.Utf8))]
    for pattern, places in ((_DAY_FIRST, (3, 2, 1)), (_YEAR_FIRST, (1, 2, 3)), (_CLOSED, (1, 2, 3))):
        steps += [
            {f"{name}~left": pl.when(pl.col(parts[0]).is_null()).then(pl.col(text))},
            {f"{name}~groups": pl.col(f"{name}~left").str.extract_groups(pattern)},
            {
                part: pl.coalesce(part, pl.col(f"{name}~groups").struct.field(str(place)))
                for part, place in zip(parts, places, strict=True)
            },
        ]
    numbers = {part: pl.col(part).cast(pl.Int32, strict=False) for part in parts}
    # A year above 2400 is Buddhist (T6).
    era = {parts[0]: pl.when(pl.col(parts[0]) > 2400).then(pl.col(parts[0]) - BE_OFFSET).otherwise(pl.col(parts[0]))}  # noqa: PLR2004
    padded = [pl.col(part).cast(pl.Utf8).str.zfill(width) for part, width in zip(parts, (4, 2, 2), strict=True)]
    day = pl.concat_str(padded, separator="-").str.to_date("%Y-%m-%d", strict=False)
    return [*steps, numbers, era, {f"{name}~day": day}]


def day(column: Column, _: date) -> Decoded:
    """A day of either era, with a month in figures or in Thai words. Reads what `day_steps` worked out."""
    text = cleaned(column.name)
    value = pl.col(f"{column.name}~day")
    return Decoded({column.name: value}, (Fault("date-impossible", text.is_not_null() & value.is_null(), voids=True),))


def _year_text(name: str) -> pl.Expr:
    return in_digits(cleaned(name)).str.replace(r"\.0+$", "").str.replace(r"^พ\.?ศ\.?\s*", "")


def year(column: Column, today: date) -> Decoded:
    """A Christian-era year of a Buddhist or Christian one."""
    text = _year_text(column.name)
    number = pl.when(text.str.contains(r"^\d{4}$")).then(text).cast(pl.Int32, strict=False)
    christian = pl.when(number > 2400).then(number - BE_OFFSET).otherwise(number).cast(pl.Int64)  # noqa: PLR2004 - T6
    return _year_decoded(column, christian, today)


def licence_year(column: Column, today: date) -> Decoded:
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


def fiscal_year(column: Column, today: date) -> Decoded:
    """A Buddhist fiscal year, kept Buddhist: that is its name. From 2540 to the next one."""
    text = _year_text(column.name)
    year = pl.when(text.str.contains(r"^\d{4}$")).then(text).cast(pl.Int64, strict=False)
    possible = year.is_between(_FIRST_FISCAL_BE, fiscal_year_be(today) + 1).fill_null(value=False)
    wrong = cleaned(column.name).is_not_null() & ~possible
    return Decoded({column.name: pl.when(possible).then(year)}, (Fault("fiscal-year-impossible", wrong, voids=True),))


_PERIODS = ((r"^(\d{4})[-/ ]?(0[1-9]|1[0-2]|[1-9])$", (1, 2)), (r"^(0?[1-9]|1[0-2])[-/ ](\d{4})$", (2, 1)))


def period(column: Column, today: date) -> Decoded:
    """A month (`256910`, `2026-10`, `10/2569`, `ต.ค. 2569`) as `2026-10`; none after today's."""
    text = _months_as_numbers(in_digits(cleaned(column.name))).str.replace(r"^/|\.0$", "")
    number = [
        pl.coalesce(text.str.extract(pattern, places[part]) for pattern, places in _PERIODS).cast(
            pl.Int32, strict=False
        )
        for part in range(2)
    ]
    christian = pl.when(number[0] > 2400).then(number[0] - BE_OFFSET).otherwise(number[0])  # noqa: PLR2004 - T6
    month = christian * 12 + number[1] - 1
    possible = month.is_between((_FIRST_YEAR_BE - BE_OFFSET) * 12, today.year * 12 + today.month - 1)
    value = pl.when(possible).then(pl.format("{}-{}", christian, number[1].cast(pl.Utf8).str.zfill(2)))
    return Decoded(
        {column.name: value}, (Fault("period-impossible", text.is_not_null() & value.is_null(), voids=True),)
    )
