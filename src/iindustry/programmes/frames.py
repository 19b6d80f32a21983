"""Facts of the register as columns under their own names: fresh, in the engine's types, derived ones worked out.

Frames come as the register writes them: one column a field (`entity__capital_satang`) and its `__as_of`; a field that a
frame lacks is unknown. Invariant: a value past its shelf life, or without a day where it ages, is null.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from iindustry.programmes.facts import COUNT, FactSpec, spec_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

KEY = "enterprise_id"


def columns_of(spec: FactSpec) -> tuple[str, ...]:
    """The columns of the register that a fact is read from: value and day, its last day, and those it is worked out of."""
    if spec.derived_from is not None:
        return columns_of(spec_of(spec.derived_from))
    column = spec.column if spec.column is not None else spec.name
    found = [column, column + "__as_of"]
    if spec.until is not None:
        found.append(spec.until.replace(".", "__"))
    if spec.otherwise_where is not None:
        found += columns_of(spec_of(spec.otherwise_where))
    return tuple(dict.fromkeys(found))


def list_is_known(frame: pl.DataFrame, as_of: date) -> list[pl.Expr]:
    """Whether the count of establishments is fresh, and whether nobody ever counted them."""
    spec = spec_of(COUNT)
    fresh = fact(spec, frame, as_of).is_not_null().alias("fresh")
    column = spec.column or ""
    never = pl.col(column).is_null() if column in frame.columns else pl.repeat(value=True, n=pl.len(), dtype=pl.Boolean)
    return [fresh, never.alias("never")]


def fact(spec: FactSpec, frame: pl.DataFrame, as_of: date) -> pl.Expr:
    """One fact as a column under its own name; null where it is missing or stale."""
    if spec.derived_by is not None:
        base = fact(spec_of(spec.derived_from or ""), frame, as_of)
        return TAKES[spec.derived_by](base, as_of).alias(spec.name)
    column = spec.column if spec.column is not None else spec.name
    is_there = column in frame.columns
    value = _fresh(spec, column, frame, as_of) if is_there else pl.lit(None, ENGINE_TYPES[spec.type])
    if spec.otherwise_where is not None:
        unsaid = pl.col(column).is_null() if is_there else pl.lit(value=True)
        where = fact(spec_of(spec.otherwise_where), frame, as_of)
        value = pl.when(unsaid & where.is_not_null()).then(pl.lit(spec.otherwise)).otherwise(value)
    return value.alias(spec.name)


def _fresh(spec: FactSpec, column: str, frame: pl.DataFrame, as_of: date) -> pl.Expr:
    value = _engine(spec, pl.col(column), frame.schema[column])
    last = None if spec.until is None else spec.until.replace(".", "__")
    if last in frame.columns:
        value = pl.when((pl.col(last).cast(pl.Date) >= pl.lit(as_of)).fill_null(value=True)).then(value)
    if spec.shelf_life_days is None:
        return value
    if column + "__as_of" not in frame.columns:
        return pl.lit(None, ENGINE_TYPES[spec.type])
    oldest = as_of - timedelta(days=spec.shelf_life_days)
    return pl.when(pl.col(column + "__as_of").cast(pl.Date) >= pl.lit(oldest)).then(value)


ENGINE_TYPES: Mapping[str, pl.DataType] = {
    "int": pl.Int64(), "money": pl.Int64(), "decimal": pl.Int64(), "date": pl.Int64(), "code": pl.String(),
    "text": pl.String(), "bool": pl.Boolean(), "set": pl.List(pl.String()),
}  # fmt: skip


def _engine(spec: FactSpec, value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if spec.type == "date":
        day = value.str.to_date("%Y-%m-%d") if dtype == pl.String else value.cast(pl.Date)
        return day.to_physical().cast(pl.Int64)
    if spec.type == "decimal":
        scale = int(10**spec.digits)
        if dtype.is_integer():
            return value.cast(pl.Int64) * scale
        if dtype.is_float():
            return (value * scale).round(0, mode="half_to_even").cast(pl.Int64)
        return (value.cast(pl.Float64) * scale).round(0, mode="half_to_even").cast(pl.Int64)
    return value.cast(ENGINE_TYPES[spec.type])


def _months_since(days: pl.Expr, as_of: date) -> pl.Expr:
    start = days.cast(pl.Int32).cast(pl.Date)
    months = (as_of.year - start.dt.year().cast(pl.Int64)) * 12 + (as_of.month - start.dt.month().cast(pl.Int64))
    return pl.max_horizontal(
        months - (start.dt.day().cast(pl.Int64) > as_of.day).cast(pl.Int64), pl.lit(0, pl.Int64)
    ) + (days * 0)


TAKES: Mapping[str, Callable[[pl.Expr, date], pl.Expr]] = {"months_since": _months_since}
