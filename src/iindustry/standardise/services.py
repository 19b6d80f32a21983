"""Use cases of `standardise`: accepted rows as standard files, kept by delivery, normaliser version and shape.

A delivery never changes, so its file is written once, under another name first and then renamed. Rows are read and
written a batch at a time: memory does not grow with the register.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from iindustry.kernel.ids import new_id
from iindustry.kernel.progress import silent
from iindustry.standardise.names import NORM_VERSION
from iindustry.standardise.single import Said, standardised

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future
    from datetime import date
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.sources.reports import DeliveryInForce
    from iindustry.standardise.single import Value

BATCH_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class StandardFile:
    """The standard records of one delivery: IDENTITY and the FACTS of its source, in the order of its rows."""

    source: str
    layout: str
    delivery_id: str
    observed_on: date
    path: Path


def standard_files(
    deliveries: Sequence[DeliveryInForce], *, home: Home, progress: Progress = silent, threads: int | None = None
) -> tuple[StandardFile, ...]:
    """The standard files of deliveries, in their order; those not there yet for this normaliser and shape are made.

    `threads` work at a time (the machine's cores): on several deliveries, and on several batches of a large one.
    """
    at_once = threads or os.cpu_count() or 1
    found = []
    with ThreadPoolExecutor(at_once) as workers, ThreadPoolExecutor(at_once) as writers:
        paths = [writers.submit(_standard_file, one, home, workers, at_once) for one in deliveries]
        for number, (one, path) in enumerate(zip(deliveries, paths, strict=True)):
            progress("standardise", number, len(deliveries))
            found.append(StandardFile(one.source, one.layout, one.delivery_id, one.effective_on, path.result()))
    progress("standardise", len(deliveries), len(deliveries))
    return tuple(found)


def identities(files: Sequence[StandardFile]) -> pl.LazyFrame:
    """IDENTITY of every record of the files: ordered by file, then row."""
    import polars as pl

    from iindustry.standardise.shapes import IDENTITY

    if not files:
        return pl.LazyFrame(schema=IDENTITY)
    return pl.concat([pl.scan_parquet(one.path).select(*IDENTITY) for one in files])


def facts(files: Sequence[StandardFile], source: str) -> pl.LazyFrame:
    """IDENTITY and FACTS of one source's records, of those files that are its own; ordered by file, then row."""
    import polars as pl

    from iindustry.standardise.shapes import shape_of

    own = [one for one in files if one.source == source]
    if not own:
        return pl.LazyFrame(schema=shape_of(source))
    return pl.concat([pl.scan_parquet(one.path).select(*shape_of(source)) for one in own])


def _standard_file(delivery: DeliveryInForce, home: Home, workers: Executor, at_once: int) -> Path:
    """The Parquet file of a delivery's standard records; made when it is not there yet."""
    from iindustry.standardise.shapes import digest_of

    name = f"{delivery.delivery_id}.n{NORM_VERSION}.{digest_of(delivery.source)}.parquet"
    target = home.standard / delivery.source / name
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{new_id()}.part")  # no reader takes a half-written file for a delivery
    try:
        _write(delivery, fresh, workers, at_once)
        fresh.rename(target)
    finally:
        fresh.unlink(missing_ok=True)
    return target


def _write(delivery: DeliveryInForce, path: Path, workers: Executor, at_once: int) -> None:
    """The records of a delivery into a file, batches in the order of the rows; at most `at_once` and one wait."""
    import polars as pl
    import pyarrow.parquet as pq

    from iindustry.standardise.shapes import shape_of

    schema = pl.DataFrame(schema=shape_of(delivery.source)).to_arrow().schema
    height = pl.scan_parquet(delivery.accepted).select(pl.len()).collect().item()
    waiting: deque[Future[pl.DataFrame]] = deque()
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for start in range(0, height, BATCH_ROWS):
            waiting.append(workers.submit(_batch, delivery, start))
            if len(waiting) > at_once:
                writer.write_table(waiting.popleft().result().to_arrow().cast(schema))
        while waiting:
            writer.write_table(waiting.popleft().result().to_arrow().cast(schema))


def _batch(delivery: DeliveryInForce, start: int) -> pl.DataFrame:
    """The records of the rows from `start` on."""
    import polars as pl

    from iindustry.standardise import records

    return records.standard_of(
        pl.scan_parquet(delivery.accepted).slice(start, BATCH_ROWS).collect(), source=delivery.source,
        layout=delivery.layout, observed_on=delivery.effective_on, delivery_id=delivery.delivery_id,
    )  # fmt: skip


def standardise_one(*, tag: Callable[[str], str] | None = None, **said: Unpack[Said]) -> dict[str, Value]:
    """IDENTITY of one record that somebody looks for, in well under a millisecond and without Polars.

    All texts as written; codes of the place, where given, decide. `tag` makes the keyed tag of a citizen id given as
    `juristic_id`; without it such a number is dropped.
    """
    return standardised(said, tag)


def standardise_delivery(delivery: DeliveryInForce, *, home: Home) -> Path:
    """The Parquet file of a delivery's records in the wide shape STANDARD, for readers that have not moved."""
    import polars as pl

    from iindustry.standardise import records

    own = standard_files([delivery], home=home)[0].path
    target = own.with_suffix(".wide")
    if not target.exists():
        fresh = target.with_name(f".{new_id()}.part")
        records.as_standard(pl.read_parquet(own)).write_parquet(fresh)
        fresh.rename(target)
    return target


def standard_records(deliveries: Sequence[DeliveryInForce], *, home: Home) -> pl.DataFrame:
    """STANDARD records of many deliveries, ordered by source, record key, day and delivery."""
    import polars as pl

    from iindustry.standardise import records

    frames = [records.as_standard(pl.read_parquet(one.path)) for one in standard_files(deliveries, home=home)]
    whole = pl.concat(frames) if frames else pl.DataFrame(schema=records.STANDARD)
    return whole.sort("source", "record_key", "observed_on", "delivery_id", "row")
