"""Making standard files: rows read and written a batch at a time, on several threads, small deliveries together.

A batch costs some hundredths of a second before its first row, so small deliveries of equal columns share one.
Invariant: a file holds what its delivery alone would give; no reader finds a half-written one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from iindustry.kernel.ids import new_id
from iindustry.standardise import records
from iindustry.standardise.shapes import shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from iindustry.sources.reports import DeliveryInForce

BATCH_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Order:
    """One file to be made: the delivery, where its file goes, how many rows it has and in which columns."""

    delivery: DeliveryInForce
    target: Path
    rows: int
    columns: tuple[str, ...]


def order(delivery: DeliveryInForce, target: Path) -> Order:
    """The order for one delivery; reads the foot of its file only."""
    foot = pq.read_metadata(delivery.accepted)
    return Order(delivery, target, foot.num_rows, tuple(sorted(foot.schema.to_arrow_schema().names)))


def together(orders: Iterable[Order]) -> Iterator[list[Order]]:
    """The orders in groups: neighbours of one source, layout and set of columns, of at most a batch of rows together."""
    for _, alike in groupby(orders, key=lambda one: (one.delivery.source, one.delivery.layout, one.columns)):
        group: list[Order] = []
        for one in alike:
            if group and sum(other.rows for other in group) + one.rows > BATCH_ROWS:
                yield group
                group = []
            group.append(one)
        yield group


def make(group: Sequence[Order], workers: Executor, at_once: int) -> None:
    """Make the files of one group."""
    if len(group) == 1:
        _make_one(group[0], workers, at_once)
        return
    frames = [pl.read_parquet(one.delivery.accepted).select(one.columns) for one in group]
    done = workers.submit(_standard, pl.concat(frames, how="vertical_relaxed"), group[0].delivery).result()
    starts = accumulate((one.rows for one in group), initial=0)
    for one, start in zip(group, starts, strict=False):
        own = done.slice(start, one.rows).with_columns(
            pl.lit(one.delivery.delivery_id).alias("delivery_id"),
            pl.lit(one.delivery.effective_on, dtype=pl.Date).alias("observed_on"),
        )
        put(one, iter([own]))


def put(one: Order, frames: Iterator[pl.DataFrame]) -> None:
    """Write the file of one order from frames of its standard rows, in the order of its rows."""
    _in_place(one.target, partial(_write, source=one.delivery.source, frames=frames))


def _make_one(one: Order, workers: Executor, at_once: int) -> None:
    def batches() -> Iterator[pl.DataFrame]:
        """In the order of the rows; at most `at_once` and one wait."""
        waiting: deque[Future[pl.DataFrame]] = deque()
        for start in range(0, one.rows, BATCH_ROWS):
            waiting.append(workers.submit(_batch, one, start))
            if len(waiting) > at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    put(one, batches())


def _batch(one: Order, start: int) -> pl.DataFrame:
    rows = pl.scan_parquet(one.delivery.accepted).slice(start, BATCH_ROWS).collect()
    return _standard(rows, one.delivery)


def _standard(rows: pl.DataFrame, delivery: DeliveryInForce) -> pl.DataFrame:
    return records.standard_of(
        rows, source=delivery.source, layout=delivery.layout, observed_on=delivery.effective_on,
        delivery_id=delivery.delivery_id,
    )  # fmt: skip


def _write(path: Path, source: str, frames: Iterator[pl.DataFrame]) -> None:
    schema: pa.Schema = pl.DataFrame(schema=shape_of(source)).to_arrow().schema
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for frame in frames:
            writer.write_table(frame.to_arrow().cast(schema))


def _in_place(target: Path, write: Callable[[Path], None]) -> None:
    """Write under another name, then rename: a file that is there is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{new_id()}.part")
    try:
        write(fresh)
        fresh.rename(target)
    finally:
        fresh.unlink(missing_ok=True)
