"""How good a linking is: pairs implied by clusters against pairs of a truth, and against hidden numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_HIDDEN_SHARE = 10
_PRIME, _FACTOR = 1_000_003, 7_919
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Quality:
    """Pairwise precision, recall and F1; `pairs` is how many true pairs there were. None where nothing was to be found."""

    precision: float | None
    recall: float | None
    f1: float | None
    pairs: int


def pairs(members: pl.DataFrame, truth: pl.DataFrame) -> Quality:
    """Compare clusters with the truth, over the records that the truth knows.

    `members`: source, record_key, enterprise_id. `truth`: source, record_key, entity (or enterprise_id): the true owner.
    """
    import polars as pl

    owner = "entity" if "entity" in truth.columns else next(
        name for name in truth.columns if name not in {"source", "record_key"}
    )  # fmt: skip
    joined = members.select("source", "record_key", pl.col("enterprise_id").alias("found")).join(
        truth.select("source", "record_key", pl.col(owner).cast(pl.Utf8).alias("true")),
        on=["source", "record_key"],
        how="inner",
    )
    return measured(_pairs(joined, ["found", "true"]), _pairs(joined, ["found"]), _pairs(joined, ["true"]))


def measured(right: int, found: int, true: int) -> Quality:
    """Quality from counts of pairs: found and true, found, true. Ratios to six places."""
    precision = round(right / found, 6) if found else None
    recall = round(right / true, 6) if true else None
    both = (precision or 0) + (recall or 0)
    f1 = round(2 * (precision or 0) * (recall or 0) / both, 6) if both else None
    return Quality(precision, recall, f1, true)


def _pairs(frame: pl.DataFrame, by: list[str]) -> int:
    sizes = frame.group_by(by).len()["len"]
    return int((sizes.cast(int) * (sizes.cast(int) - 1) // 2).sum())


def is_hidden(number: pl.Expr) -> pl.Expr:
    """Whether a 13-digit number is among the fixed tenth whose ids are hidden to measure quality."""
    import polars as pl

    mixed = (number.cast(pl.Int64, strict=False) % _PRIME) * _FACTOR % _PRIME
    return (mixed % _HIDDEN_SHARE == 0).fill_null(value=False)


def wilson(right: int, of: int) -> tuple[float, float] | None:
    """The 95 % interval of a share (Wilson's score interval), to six places; None of nothing."""
    if of == 0:
        return None
    share, square = right / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = _Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return round(max(middle - reach, 0.0), 6), round(min(middle + reach, 1.0), 6)
