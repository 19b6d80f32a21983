"""Numbers that look like the registers' own, with valid check digits, in ranges the registers do not use.

Juristic ids run from 90010 up in each (province, form, year); citizen ids carry the registry office 0000, which does not
exist; factory ids run from 90001 up. So no number here is anybody's.
Invariant: every number is unique in its register.
"""

from __future__ import annotations

import polars as pl

_JURISTIC_FROM = 90010
_JURISTIC_SPACE = 99999 - _JURISTIC_FROM + 1
_FACTORY_FROM = 90001
_TWELVE = 12
_THIRTEEN = 13
FORM_DIGIT = {"op": "2", "lp": "3", "co": "5", "plc": "7"}


def _digit(number: pl.Expr, place: int) -> pl.Expr:
    return number.str.slice(place, 1).cast(pl.Int64)


def with_thirteen(twelve: pl.Expr) -> pl.Expr:
    """Twelve digits (Utf8) completed by the modulo-11 check digit (DOMAIN section 2.1)."""
    total = pl.sum_horizontal(*(_digit(twelve, place) * (_THIRTEEN - place) for place in range(_TWELVE)))
    return twelve + ((11 - total % 11) % 10).cast(pl.Utf8)


def with_luhn(thirteen: pl.Expr) -> pl.Expr:
    """Thirteen digits (Utf8) completed by the Luhn digit (DOMAIN section 2.2)."""

    def worth(place: int) -> pl.Expr:
        digit = _digit(thirteen, place)
        if place % 2:  # of fourteen, places 0, 2, 4 … are doubled
            return digit
        return digit * 2 - 9 * (digit > 4).cast(pl.Int64)  # noqa: PLR2004 - Luhn

    total = pl.sum_horizontal(*(worth(place) for place in range(_THIRTEEN)))
    return thirteen + ((10 - total % 10) % 10).cast(pl.Utf8)


def ordinal(*keys: str) -> pl.Expr:
    """0, 1, 2 … within each group, in row order."""
    return pl.int_range(pl.len(), dtype=pl.Int64).over(*keys)


def juristic_id(province: str, form: str, year_be: str) -> pl.Expr:
    """13 digits from the columns named: province code, form (op, lp, co, plc), B.E. year."""
    run = ordinal(province, form, year_be)
    # past the unused end of a year's numbers (millions of enterprises), run downwards
    number = (
        pl.when(run < _JURISTIC_SPACE)
        .then(run + _JURISTIC_FROM)
        .otherwise(_JURISTIC_FROM - 1 - (run - _JURISTIC_SPACE))
    )
    twelve = pl.concat_str(
        pl.lit("0"),
        pl.col(province),
        pl.col(form).replace_strict(FORM_DIGIT, default=None),
        (pl.col(year_be) % 1000).cast(pl.Utf8).str.zfill(3),
        number.cast(pl.Utf8).str.zfill(5),
    )
    return with_thirteen(twelve)


def citizen_id(row: str) -> pl.Expr:
    """13 digits of a made-up person: first digit 1 to 5, registry office 0000."""
    number = pl.col(row).cast(pl.Int64)
    twelve = pl.concat_str((number % 5 + 1).cast(pl.Utf8), pl.lit("0000"), number.cast(pl.Utf8).str.zfill(7))
    return with_thirteen(twelve)


def factory_id(issuer: str, inside: str, area: str, year_be: str) -> pl.Expr:
    """14 digits `A B CC DDDDD EEEE F` from the columns named (all Utf8 but the year)."""
    run = (ordinal(issuer, area, year_be) + _FACTORY_FROM).cast(pl.Utf8).str.zfill(5)
    year = pl.col(year_be).cast(pl.Utf8)
    return with_luhn(pl.concat_str(pl.col(issuer), pl.col(inside), pl.col(area), run, year))
