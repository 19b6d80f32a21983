"""Numbers that look like the registers' own, with valid check digits, in ranges the registers do not use.

Juristic ids run from 90010 up in each (province, form, year); citizen ids carry the registry office 0000, which does not
exist; factory ids run from 90001 up. So no number here is anybody's.
Invariant: every number is unique in its register.
"""

from __future__ import annotations

import polars as pl

_JURISTIC_FROM = 90010
_FIVE_DIGITS = 100_000
_FACTORY_FROM = 90001
_TWELVE = 12
_THIRTEEN = 13
FORM_DIGIT = {"op": "2", "lp": "3", "co": "5", "plc": "7"}


def _digit(number: pl.Expr, place: int) -> pl.Expr:
    return number.str.slice(place, 1).cast(pl.Int64)


def with_thirteen(twelve: pl.Expr) -> pl.Expr:
    """Twelve digits (Utf8) completed by the modulo-11 check digit (DOMAIN section 2.1)."""
    total = sum(
        (_digit(twelve, place) * (_THIRTEEN - place) for place in range(1, _TWELVE)), _digit(twelve, 0) * _THIRTEEN
    )
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


class Runs:
    """Running numbers within groups, going on from one part of a country to the next."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, ...], pl.DataFrame] = {}

    def next_of(self, frame: pl.DataFrame, *keys: str) -> pl.Series:
        """0, 1, 2 … within each group of this kind, in row order, after those of earlier calls. Int64 `run`."""
        own = frame.select(*keys, pl.int_range(pl.len(), dtype=pl.Int64).over(*keys).alias("run"))
        new = own.group_by(keys).agg(pl.len().cast(pl.Int64).alias("count"))
        before = self._counts.get(keys)
        if before is None:
            self._counts[keys] = new
            return own["run"]
        self._counts[keys] = pl.concat([before, new]).group_by(keys).agg(pl.col("count").sum())
        joined = own.join(before, on=keys, how="left", maintain_order="left")
        return joined.select(pl.col("run") + pl.col("count").fill_null(0))["run"]


def _five(run: pl.Series, first: int) -> pl.Expr:
    """Five digits from `first` up; past 99999 from `first` - 1 down. A hundred thousand to a group."""
    up = 99999 - first + 1
    number = pl.lit(run.cast(pl.Int64))
    return pl.when(number < up).then(number + first).otherwise(first - 1 - (number - up)).cast(pl.Utf8).str.zfill(5)


def with_juristic_id(frame: pl.DataFrame, runs: Runs, province: str, form: str, year_be: str) -> pl.DataFrame:
    """Adds `juristic_id`: 13 digits from the columns named: province code, form (op, lp, co, plc), B.E. year.

    `frame` holds juristic persons only. Raises OverflowError past 100,000 in one province, form and year.
    """
    run = runs.next_of(frame, province, form, year_be)
    _check(run)
    twelve = pl.concat_str(
        pl.lit("0"),
        pl.col(province),
        pl.col(form).replace_strict(FORM_DIGIT, default=None),
        (pl.col(year_be) % 1000).cast(pl.Utf8).str.zfill(3),
        _five(run, _JURISTIC_FROM),
    )
    return frame.with_columns(with_thirteen(twelve).alias("juristic_id"))


def _check(run: pl.Series) -> None:
    if run.len() and run.max() >= _FIVE_DIGITS:  # type: ignore[operator]
        raise OverflowError("more numbers in one group than five digits hold")


def citizen_id(number: pl.Expr) -> pl.Expr:
    """13 digits of a made-up person by whole number (below 50 million): first digit 1 to 5, registry office 0000."""
    twelve = pl.concat_str((number % 5 + 1).cast(pl.Utf8), pl.lit("0000"), (number // 5).cast(pl.Utf8).str.zfill(7))
    return with_thirteen(twelve)


def with_factory_id(frame: pl.DataFrame, runs: Runs) -> pl.DataFrame:
    """Adds `factory_id`: 14 digits `A B CC DDDDD EEEE F` from `issuer`, `inside`, `area_code` (Utf8) and `licence_be`."""
    run = runs.next_of(frame, "issuer", "area_code", "licence_be")
    _check(run)
    year = pl.col("licence_be").cast(pl.Utf8)
    thirteen = pl.concat_str("issuer", "inside", "area_code", _five(run, _FACTORY_FROM), year)
    return frame.with_columns(with_luhn(thirteen).alias("factory_id"))
