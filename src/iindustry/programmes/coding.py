"""Facts as compact columns: codes and sets by number in a sorted dictionary, numbers in the smallest type that holds them.

A column comes with why it is null. Invariant: a dictionary is sorted, so codes that begin alike stand side by side; what a
column says and what its dictionary says together is the engine's value and nothing else.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import polars as pl

from iindustry.programmes import frames
from iindustry.programmes.facts import Why, spec_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from iindustry.programmes.facts import FactSpec

SEPARATOR = "\x1f"
NAMED = frozenset({"code", "text", "set"})
"""The types that are kept by number."""

DAY, REASON = "·day", "·why"


class Reason(IntEnum):
    """Why a cell is null, as kept; VALUE where it is not."""

    VALUE = 0
    MISSING = 1
    STALE = 2
    CONFLICT = 3
    WITHHELD = 4


WHY: Mapping[Reason, Why | None] = {
    Reason.VALUE: None,
    Reason.MISSING: Why.MISSING,
    Reason.STALE: Why.STALE,
    Reason.CONFLICT: Why.CONFLICT,
    Reason.WITHHELD: Why.WITHHELD,
}


def engine_columns(specs: Sequence[FactSpec], frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """For each fact its value (null where missing or stale; a set as text), its day and why it is null.

    `frame`: as the register writes it. Columns `<fact>`, `<fact>·day` (days since 1970), `<fact>·why`.
    """
    columns: list[pl.Expr] = []
    names = [spec.name for spec in specs]
    for spec in specs:
        value = frames.fact(spec, frame, as_of)
        columns += [
            (_as_text(value) if spec.type == "set" else value).alias(spec.name),
            _day(spec, frame).alias(spec.name + DAY),
            _reason(spec, value, frame).alias(spec.name + REASON),
        ]
    # Not `select`: of a fact that no column holds each expression is one null, and it stands for every row.
    return frame.with_columns(columns).select([name + part for name in names for part in ("", DAY, REASON)])


def dictionary_of(values: pl.Series) -> pl.Series:
    """The distinct texts of a column, sorted."""
    return values.drop_nulls().unique().sort()


def coded(values: pl.Series, dictionary: pl.Series) -> pl.Series:
    """A column of texts as numbers in their dictionary, in the smallest type. Every text stands in it."""
    numbers = values.cast(pl.Enum(dictionary)).to_physical() if dictionary.len() else values.cast(pl.UInt8)
    return numbers.rename(values.name)


def meanings(spec: FactSpec, dictionary: pl.Series) -> pl.Series:
    """What the numbers of a column stand for: text, or lists of text for a set."""
    if spec.type != "set":
        return dictionary.cast(pl.String)
    whole = dictionary.cast(pl.String).str.strip_suffix(SEPARATOR)
    return pl.select(
        pl.when(whole == "").then(pl.lit([], pl.List(pl.String))).otherwise(whole.str.split(SEPARATOR))
    ).to_series()


def smallest(values: pl.Series) -> pl.Series:
    """A column of whole numbers in the smallest type that holds them."""
    return values.shrink_dtype() if values.dtype.is_integer() else values


def _as_text(value: pl.Expr) -> pl.Expr:
    """A set as one text: its members sorted, each with an end. The empty set is the empty text; null stays null."""
    each = value.list.unique().list.sort().list.eval(pl.element() + SEPARATOR)
    return pl.when(value.is_not_null()).then(each.list.join(""))


def _source_column(spec: FactSpec) -> FactSpec:
    return spec_of(spec.derived_from) if spec.derived_from else spec


def _day(spec: FactSpec, frame: pl.DataFrame) -> pl.Expr:
    base = _source_column(spec)
    column = (base.column or base.name) + "__as_of"
    if column not in frame.columns:
        return pl.lit(None, pl.UInt16)
    return pl.col(column).cast(pl.Date).to_physical().clip(0, 2**16 - 1).cast(pl.UInt16)


def _reason(spec: FactSpec, value: pl.Expr, frame: pl.DataFrame) -> pl.Expr:
    base = _source_column(spec)
    column = base.column or base.name
    said = pl.col(column).is_not_null() if column in frame.columns else pl.lit(value=False)
    return (
        pl.when(value.is_not_null()).then(pl.lit(Reason.VALUE, pl.UInt8))
        .when(said).then(pl.lit(Reason.STALE, pl.UInt8))
        .otherwise(pl.lit(Reason.MISSING, pl.UInt8))
    )  # fmt: skip
