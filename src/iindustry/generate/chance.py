"""Chance without order: every draw is a pure function of (seed, the draw's name, the row's number).

So a column can be added, dropped or drawn in another order and no other column changes; and the same seed and size give the
same bytes. The mixer is splitmix64 (Steele, Lea, Flood 2014, public domain), written in whole numbers of 64 bits that wrap.
Invariant: no state is kept.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STEP = 0x9E3779B97F4A7C15
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST_SHIFT = 31
_MASK = (1 << 64) - 1
_FLOAT_BITS = 53


def _mixed(rows: pl.Series, key: int) -> pl.Series:
    """splitmix64 of every row number under one key, as Float64 in [0, 1)."""
    value = (rows.cast(pl.UInt64) + 1) * _whole(_STEP) + _whole(key)
    for shift, factor in _MIX:
        value = (value ^ (value // _whole(1 << shift))) * _whole(factor)
    value = value ^ (value // _whole(1 << _LAST_SHIFT))
    return (value // _whole(1 << (64 - _FLOAT_BITS))).cast(pl.Float64) / float(1 << _FLOAT_BITS)


def _whole(value: int) -> pl.Series:
    return pl.Series([value], dtype=pl.UInt64)


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws under one seed. `row` names the column (whole numbers from 0) that tells rows apart."""

    seed: int
    row: str = "i"

    def _key(self, name: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{self.seed}/{name}".encode()).digest()[:8], "big")

    def uniform(self, name: str) -> pl.Expr:
        """Float64 in [0, 1)."""
        key = self._key(name)
        # drawn in one step, so that an expression that uses a draw twice does not grow by its whole arithmetic
        return pl.col(self.row).map_batches(lambda rows: _mixed(rows, key), return_dtype=pl.Float64)

    def uniform_of(self, name: str, row: int) -> float:
        """The same draw for one row, in plain Python."""
        mixed = ((row + 1) * _STEP + self._key(name)) & _MASK
        for shift, factor in _MIX:
            mixed = ((mixed ^ (mixed >> shift)) * factor) & _MASK
        mixed ^= mixed >> _LAST_SHIFT
        return (mixed >> (64 - _FLOAT_BITS)) / float(1 << _FLOAT_BITS)

    def happens(self, name: str, rate: float) -> pl.Expr:
        """Boolean: true in `rate` of rows."""
        return self.uniform(name) < rate

    def whole(self, name: str, low: int, high: int) -> pl.Expr:
        """Int64 from `low` to `high`, both included."""
        return (self.uniform(name) * (high - low + 1)).floor().cast(pl.Int64) + low

    def normal(self, name: str) -> pl.Expr:
        """Float64 of mean 0 and sd 1 (Box and Muller)."""
        radius = (-2.0 * (1.0 - self.uniform(name + "/r")).log()).sqrt()
        return radius * (2.0 * math.pi * self.uniform(name + "/a")).cos()

    def pick(self, name: str, values: Sequence[str]) -> pl.Expr:
        """One of the values, all alike."""
        index = (self.uniform(name) * len(values)).floor().cast(pl.UInt32)
        return pl.lit(pl.Series(values, dtype=pl.Utf8)).gather(index)

    def skewed(self, name: str, values: Sequence[str], power: float = 2.0) -> pl.Expr:
        """One of the values, the first far more often than the last: place `len · u^power`."""
        index = (self.uniform(name) ** power * len(values)).floor().cast(pl.UInt32)
        return pl.lit(pl.Series(values, dtype=pl.Utf8)).gather(index)

    def weighted(self, name: str, weights: Mapping[str, float]) -> pl.Expr:
        """One of the keys by weight; the weights need not add up to 1."""
        return by_weight(self.uniform(name), weights)

    def of_list(self, name: str, column: str) -> pl.Expr:
        """One member of a list column, all alike; null where the list is empty."""
        index = (self.uniform(name) * pl.col(column).list.len()).floor().cast(pl.Int64)
        return pl.col(column).list.get(index, null_on_oob=True)


def by_weight(uniform: pl.Expr, weights: Mapping[str, float]) -> pl.Expr:
    """The key whose share of the weights a uniform draw falls in."""
    total, running = float(sum(weights.values())), 0.0
    steps: list[float] = []
    for weight in weights.values():
        running += weight
        steps.append(running / total)
    index = pl.lit(pl.Series(steps)).search_sorted(uniform, side="right").clip(0, len(steps) - 1)
    return pl.lit(pl.Series(list(weights), dtype=pl.Utf8)).gather(index)


def between(uniform: pl.Expr, quantiles: Mapping[float, float]) -> pl.Expr:
    """A value read off quantiles, straight between two of them. Float64."""
    points = sorted(quantiles.items())
    value = pl.lit(float(points[-1][1]))
    for (low, at_low), (high, at_high) in reversed(list(pairwise(points))):
        value = (
            pl.when(uniform < high).then(at_low + (uniform - low) / (high - low) * (at_high - at_low)).otherwise(value)
        )
    return value
