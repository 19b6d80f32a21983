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
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from iindustry.programmes.tree import CodeMap, Ladder

KEY = "enterprise_id"
SITES = "·sites"
LISTED = "·listed"
NEVER = "·never"


def enterprise_facts(
    specs: Sequence[FactSpec], enterprises: pl.DataFrame, establishments: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """One row an enterprise: its facts, how many establishments (`·sites`), whether the list of them is known (`·listed`).

    The list is known where the count is fresh; where nobody ever counted, where there are any.
    """
    facts = enterprises.select(
        pl.col(KEY),
        *[fact(one, enterprises, as_of) for one in specs if one.of == "enterprise"],
        *_list_is_known(enterprises, as_of),
    )
    counts = establishments.group_by(KEY).len(SITES)
    joined = facts.join(counts, on=KEY, how="left", maintain_order="left")
    return joined.with_columns(pl.col(SITES).fill_null(0)).with_columns(
        pl.col(LISTED) | (pl.col(NEVER) & (pl.col(SITES) > 0))
    )


def establishment_facts(specs: Sequence[FactSpec], establishments: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row an establishment: its enterprise's id and its facts."""
    of_sites = [one for one in specs if one.of == "establishment"]
    return establishments.select(pl.col(KEY), *[fact(one, establishments, as_of) for one in of_sites])


def with_enterprise(sites: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Establishments with the facts of their enterprise."""
    given = [name for name in facts.columns if name not in sites.columns and not name.startswith("·")]
    return sites.join(facts.select(KEY, *given), on=KEY, how="left", maintain_order="left")


def _list_is_known(frame: pl.DataFrame, as_of: date) -> list[pl.Expr]:
    spec = spec_of(COUNT)
    fresh = fact(spec, frame, as_of).is_not_null().alias(LISTED)
    column = spec.column or ""
    return [fresh, (pl.col(column).is_null() if column in frame.columns else pl.lit(value=True)).alias(NEVER)]


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


def rung(how: Ladder) -> pl.Expr:
    """The class of a number by a ladder; null where the number or its row of limits is missing."""
    value = pl.col(how.on)
    found: pl.Expr = pl.lit(None, pl.String)
    for split, limits in how.upto.items():
        named: pl.Expr = pl.lit(how.above)
        for name, limit in reversed(limits):
            named = pl.when(value <= limit).then(pl.lit(name)).otherwise(named)
        here = pl.lit(value=True) if how.split is None else pl.col(how.split) == split
        found = pl.when(here & value.is_not_null()).then(named).otherwise(found)
    return found


def mapped(how: CodeMap) -> pl.Expr:
    """The code that another stands for; by the longest prefix where the map says so."""
    code = pl.col(how.on)
    found: pl.Expr = pl.lit(how.otherwise, pl.String)
    for key in sorted(how.table, key=lambda one: (len(one), one)):
        here = code.str.starts_with(key) if how.by_prefix else code == key
        found = pl.when(here).then(pl.lit(how.table[key])).otherwise(found)
    return pl.when(code.is_not_null()).then(found)
