"""How good a linking is: pairs implied by clusters against pairs of a truth, and against hidden numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

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


F1_FELL, TWO_NUMBERS, SET_TOO_LARGE = "f1-fell", "two-numbers", "set-too-large"
_MOST_F1_LOST = 0.005
_LARGEST_SET = 50


def hindrances(quality: Mapping[str, Any], before: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Why a version is kept but not published; empty: nothing stands against it.

    `quality` as `Linked` gives it, `before` that of the version in force. F1 on hidden numbers may not fall by more than
    .005, no enterprise may hold two valid juristic ids, and one of more than 50 profiles waits until someone looks, unless
    the version in force has one as large.
    """
    earlier = before or {}
    now, then = quality.get("f1"), earlier.get("f1")
    allowed = max(_LARGEST_SET, int(earlier.get("largest_set") or 0))
    tried = (
        (F1_FELL, now is not None and then is not None and round(then - now, 6) > _MOST_F1_LOST),
        (TWO_NUMBERS, bool(quality.get("two_numbers"))),
        (SET_TOO_LARGE, int(quality.get("largest_set") or 0) > allowed),
    )
    return tuple(code for code, stands in tried if stands)


_MOST_F1_OF_A_MODEL = 0.002


def no_worse(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether hidden numbers allow a candidate model: precision not lower, and F1 lower by .002 at most."""
    told = (before.get("precision"), after.get("precision"), before.get("f1"), after.get("f1"))
    if any(one is None for one in told):
        return False
    return bool(
        after["precision"] >= before["precision"] and round(before["f1"] - after["f1"], 6) <= _MOST_F1_OF_A_MODEL
    )
