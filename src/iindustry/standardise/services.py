"""Use cases of `standardise`: one delivery's accepted rows as STANDARD records, kept by delivery and normaliser version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.kernel.ids import new_id
from iindustry.standardise.names import NORM_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.home import Home
    from iindustry.sources.reports import DeliveryInForce


def standardise_delivery(delivery: DeliveryInForce, *, home: Home) -> Path:
    """The Parquet file of a delivery's STANDARD records; made when it is not there yet for this NORM_VERSION.

    A delivery never changes, so the file is written once, under another name first and then renamed.
    """
    import polars as pl

    from iindustry.standardise import records

    target = home.standard / delivery.source / f"{delivery.delivery_id}.n{NORM_VERSION}.parquet"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    frame = records.standard(
        pl.read_parquet(delivery.accepted), source=delivery.source, layout=delivery.layout,
        observed_on=delivery.effective_on, delivery_id=delivery.delivery_id,
    )  # fmt: skip
    fresh = target.with_name(f".{new_id()}.part")  # no reader takes a half-written file for a delivery
    frame.write_parquet(fresh)
    fresh.rename(target)
    return target


def standard_records(deliveries: list[DeliveryInForce], *, home: Home) -> pl.DataFrame:
    """STANDARD records of many deliveries, ordered by source, record key, day and delivery."""
    import polars as pl

    from iindustry.standardise import records

    paths = [standardise_delivery(one, home=home) for one in deliveries]
    frames = [pl.read_parquet(path) for path in paths] or [pl.DataFrame(schema=records.STANDARD)]
    return pl.concat(frames).sort("source", "record_key", "observed_on", "delivery_id", "row")
