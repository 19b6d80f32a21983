"""Keys seen before in one file, in bounded memory: sixteen bytes a key, whatever its length.

A key is kept as two hashes of 64 bits; two different keys are taken for one once in 10^24 files of ten million rows.
Sorted runs are merged two of a size at a time, so that a key is sorted again only log2(batches) times.
"""

from __future__ import annotations

import polars as pl

_SEEDS = (20261122, 40961)


class SeenKeys:
    """The keys of the batches so far."""

    def __init__(self, taken: pl.Series | None = None) -> None:
        """`taken`: keys that count as seen from the beginning."""
        self._runs: list[pl.DataFrame] = []
        if taken is not None:
            self._keep(_hashed(taken.drop_nulls()).unique())

    def again(self, keys: pl.Series) -> pl.Series:
        """Of the next batch: True where a key stood before, in this batch or an earlier one. A null key never did."""
        hashed = _hashed(keys)
        before = pl.Series([False]).new_from_index(0, len(keys))
        for run in self._runs:
            before = before | _within(hashed, run)
        is_key = keys.is_not_null()
        again = is_key & (before | ~keys.is_first_distinct())
        self._keep(hashed.filter(is_key & ~again))
        return again.alias("again")

    def _keep(self, fresh: pl.DataFrame) -> None:
        if fresh.is_empty():
            return
        self._runs.append(fresh.sort("first"))
        while len(self._runs) > 1 and self._runs[-1].height * 2 > self._runs[-2].height:
            last, former = self._runs.pop(), self._runs.pop()
            self._runs.append(pl.concat([former, last]).sort("first"))


def _hashed(keys: pl.Series) -> pl.DataFrame:
    first, second = (keys.hash(seed).alias(name) for seed, name in zip(_SEEDS, ("first", "second"), strict=True))
    return pl.DataFrame([first, second])


def _within(hashed: pl.DataFrame, run: pl.DataFrame) -> pl.Series:
    places = run["first"].search_sorted(hashed["first"]).clip(upper_bound=run.height - 1)
    found = run[places]
    return (found["first"] == hashed["first"]) & (found["second"] == hashed["second"])
