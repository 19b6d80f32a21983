"""Three values as two bitmaps: a bit an enterprise, combined 64 at a time.

*yes* and *not no*; unknown is the one and not the other. Invariant: neither bitmap has nulls, and yes implies not no.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 2**8


@dataclass(frozen=True, slots=True, eq=False)
class Truths:
    """One answer a row, as two Boolean columns without nulls."""

    yes: pl.Series
    not_no: pl.Series

    @property
    def no(self) -> pl.Series:
        """Where it is no."""
        return ~self.not_no

    @property
    def unknown(self) -> pl.Series:
        """Where it is unknown."""
        return self.yes ^ self.not_no

    @property
    def opposite(self) -> Truths:
        """Yes for no, no for yes; unknown stays."""
        return Truths(~self.not_no, ~self.yes)

    def within(self, rows: pl.Series) -> Truths:
        """No outside `rows`."""
        return Truths(self.yes & rows, self.not_no & rows)

    def known_where(self, rows: pl.Series) -> Truths:
        """Unknown outside `rows`."""
        return Truths(self.yes & rows, self.not_no | ~rows)

    def put(self, rows: pl.Series, truth: bool | None) -> Truths:
        """One answer in `rows`, the own one elsewhere; None is unknown."""
        yes = self.yes | rows if truth is True else self.yes & ~rows
        return Truths(yes, self.not_no & ~rows if truth is False else self.not_no | rows)


def all_rows(height: int, *, value: bool) -> pl.Series:
    """A bitmap that says one thing."""
    return pl.repeat(value, height, dtype=pl.Boolean, eager=True)


def constant(height: int, *, value: bool) -> Truths:
    """Yes everywhere, or no."""
    column = all_rows(height, value=value)
    return Truths(column, column)


def at_least(need: int, parts: Sequence[Truths]) -> Truths:
    """Yes where `need` of the parts are yes; no where too few are left that are not no."""
    return Truths(reach(need, [one.yes for one in parts]), reach(need, [one.not_no for one in parts]))


def reach(need: int, flags: Sequence[pl.Series]) -> pl.Series:
    """Where at least `need` of the bitmaps are set. At least one bitmap."""
    if need == len(flags):
        return reduce(and_, flags)
    if need == 1:
        return reduce(or_, flags)
    if need <= 0 or need > len(flags):
        return all_rows(flags[0].len(), value=need <= 0)
    return counted(flags) >= need


def counted(flags: Sequence[pl.Series]) -> pl.Series:
    """How many of the bitmaps are set, a number a row."""
    kind = pl.UInt8 if len(flags) < FEW else pl.UInt32
    return reduce(lambda one, other: one + other, (flag.cast(kind) for flag in flags))


def packed(flags: Sequence[pl.Series], kind: pl.DataType) -> pl.Series:
    """The bitmaps as the bits of one number a row, the first the lowest."""
    found = [(i, flag) for i, flag in enumerate(flags) if flag.any()]
    if not found:
        return pl.zeros(flags[0].len() if flags else 0, kind, eager=True)
    frame = pl.DataFrame([flag.alias(str(i)) for i, flag in found])
    none = pl.lit(0, kind)
    return frame.select(
        bits=reduce(or_, (pl.when(pl.col(str(i))).then(pl.lit(1 << i, kind)).otherwise(none) for i, _ in found))
    ).to_series()


def digest(flags: pl.Series) -> str:
    """The hash of which rows are set: equal for equal sets over the same rows."""
    import hashlib

    rows = flags.cast(pl.UInt8).rechunk().to_arrow().buffers()[1]
    return "sha256:" + hashlib.sha256(memoryview(rows)[: flags.len()]).hexdigest()
