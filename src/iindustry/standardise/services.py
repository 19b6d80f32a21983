"""Use cases of `standardise`: accepted rows as standard files, kept by delivery, normaliser version and shape.

A delivery never changes, so its file is written once, under another name first and then renamed. Rows are read and
written a batch at a time: memory does not grow with the register.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from iindustry.kernel.ids import new_id
from iindustry.kernel.progress import silent
from iindustry.standardise.names import NORM_VERSION
from iindustry.standardise.single import Said, standardised

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.sources.reports import DeliveryInForce
    from iindustry.standardise.making import Order
    from iindustry.standardise.single import Value
    from iindustry.standardise.spark import Spark


@dataclass(frozen=True, slots=True)
class StandardFile:
    """The standard records of one delivery: IDENTITY and the FACTS of its source, in the order of its rows.

    `is_whole`: as of the delivery.
    """

    source: str
    layout: str
    delivery_id: str
    observed_on: date
    path: Path
    is_whole: bool = True


def standard_files(
    deliveries: Sequence[DeliveryInForce],
    *,
    home: Home,
    progress: Progress = silent,
    threads: int | None = None,
    spark: Spark | None = None,
) -> tuple[StandardFile, ...]:
    """The standard files of deliveries, in their order; those not there yet for this normaliser and shape are made.

    `threads` work at a time (the machine's cores): on several deliveries, and on several batches of a large one. `spark`:
    an open session whose workers do it instead; the files are equal.
    """
    from iindustry.standardise import making

    targets = [_target(one, home) for one in deliveries]
    orders = [making.order(one, path) for one, path in zip(deliveries, targets, strict=True) if not path.exists()]
    if spark is not None:
        _on_spark(orders, spark, progress)
    else:
        _here(orders, threads or os.cpu_count() or 1, progress)
    return tuple(
        StandardFile(one.source, one.layout, one.delivery_id, one.effective_on, path, one.is_whole)
        for one, path in zip(deliveries, targets, strict=True)
    )


def _here(orders: Sequence[Order], at_once: int, progress: Progress) -> None:
    from iindustry.standardise import making

    groups = list(making.together(orders))
    with ThreadPoolExecutor(at_once) as workers, ThreadPoolExecutor(at_once) as makers:
        for number, made in enumerate(makers.map(lambda group: making.make(group, workers, at_once), groups)):
            progress("standardise", number, len(groups))
            del made
    progress("standardise", len(groups), len(groups))


def _on_spark(orders: Sequence[Order], spark: Spark, progress: Progress) -> None:
    from iindustry.standardise import on_spark

    for number, _ in enumerate(on_spark.make(orders, spark)):
        progress("standardise", number, len(orders))
    progress("standardise", len(orders), len(orders))


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


def _target(delivery: DeliveryInForce, home: Home) -> Path:
    """Where the standard file of a delivery lies for this normaliser and shape."""
    from iindustry.standardise.shapes import digest_of

    name = f"{delivery.delivery_id}.n{NORM_VERSION}.{digest_of(delivery.source)}.parquet"
    return home.standard / delivery.source / name


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
