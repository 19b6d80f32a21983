"""Enterprises in buckets of bounded size, each with the standard rows of its records.

A bucket is a range of enterprise ids, so buckets in their order give files in theirs. Where one bucket does not hold all,
the rows of every source are parted on disk in one pass. Invariant: an enterprise lies in one bucket.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.register.gathering import DAYS
from iindustry.register.statements import needed_of
from iindustry.register.survivorship import believed
from iindustry.sources.contracts import Mode, contract_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import polars as pl

    from iindustry.standardise.services import StandardFile

RECORDS = 250_000
"""Records a bucket, about: one enterprise is never parted."""

_GROUP = 16_384  # rows that each bucket's file waits for in memory, and a nation has eighty buckets
KEY = ["source", "record_key"]
TURN = "turn"
"""Column: the place of a row's delivery among those of its source in force, by the day it speaks of and then by arrival."""
_NUMBER = "entity.juristic_id"


@dataclass(frozen=True, slots=True)
class Facts:
    """Standard rows by source, read when asked for.

    Each row has its `TURN`: of two deliveries of one day the one that came later speaks, whatever their names.
    newest: source to the day of its newest delivery that speaks of the whole register: what its silence is believed by. month:
    source that speaks of months to the last day of the newest that it speaks of.
    """

    by_source: dict[str, pl.LazyFrame]
    newest: dict[str, date]
    month: dict[str, date]


def facts_of(files: Sequence[StandardFile] | pl.DataFrame) -> Facts:
    """The rows of standard files, only the columns that the register reads; or of a frame of such rows."""
    import polars as pl

    if isinstance(files, pl.DataFrame):
        days = files.group_by("source").agg(pl.col("observed_on").max()).sort("source")
        newest: dict[str, date] = dict(days.iter_rows())
        turned = files.lazy().with_columns(pl.lit(0, dtype=pl.UInt32).alias(TURN))
        rows = {one: _narrow(turned.filter(pl.col("source") == one), one) for one in newest}
        return Facts(rows, newest, _months(rows))
    by_source: dict[str, list[StandardFile]] = {}
    for one in files:
        by_source.setdefault(one.source, []).append(one)
    rows = {source: _narrow(_scan(own), source) for source, own in sorted(by_source.items())}
    whole = [one for one in files if is_whole(one)]
    newest = {
        source: max(one.observed_on for one in whole if one.source == source)
        for source in sorted({one.source for one in whole})
    }
    return Facts(rows, newest, _months(rows))


def is_whole(file: StandardFile) -> bool:
    """Whether a delivery speaks of its whole register, so that it means something that a record is not in it.

    The list of one province, of the EEC or of some industries says nothing of those outside. The layout is asked too: a list
    that somebody searched for is handed over without saying of what it is the whole.
    """
    layout = contract_of(file.source).layout(file.layout)
    return file.is_whole and layout.mode is not Mode.UPSERT and layout.scope is None and not layout.scope_by


def buckets(
    members: pl.DataFrame, facts: Facts, scratch: Path, *, records: int = RECORDS
) -> Iterator[tuple[pl.DataFrame, dict[str, pl.DataFrame]]]:
    """Members and rows of each bucket, in the order of enterprise ids."""
    import polars as pl

    ordered = members.sort("enterprise_id", *KEY)
    if ordered.height <= records:
        yield ordered, {source: _mine(rows, ordered, source).collect() for source, rows in facts.by_source.items()}
        return
    numbered = _parted(ordered, records)
    del ordered
    for source, rows in facts.by_source.items():
        mine = numbered.lazy().filter(pl.col("source") == source).select("record_key", "bucket")
        folder = scratch / source
        rows.join(mine, on="record_key", how="inner").sink_parquet(
            pl.PartitionBy(folder, key="bucket", include_key=False),
            compression="lz4",
            row_group_size=_GROUP,
            mkdir=True,
        )
    sizes = numbered.group_by("bucket").len().sort("bucket")
    start = 0
    for bucket, size in sizes.iter_rows():  # a bucket is a run of rows: slices copy nothing
        own = numbered.slice(start, size).drop("bucket")
        start += size
        folders = {source: scratch / source / f"bucket={bucket}" for source in facts.by_source}
        yield (
            own,
            {source: pl.read_parquet(folder / "*.parquet") for source, folder in folders.items() if folder.exists()},
        )


def yielding(members: pl.DataFrame, facts: Facts) -> pl.Series:
    """Enterprises whose juristic id is believed of another: a number belongs to one enterprise.

    Where several claim it, it goes to the one that the best source names, then the newest, then the lesser id. The other
    record's number failed the name guard and waits for a person; until then its enterprise shows none.
    """
    import polars as pl

    from iindustry.reference.fields import field_of

    claims = []
    for rank, source in enumerate(field_of(_NUMBER).sources):
        if source not in facts.by_source:
            continue
        own = members.lazy().filter(pl.col("source") == source).select("record_key", "enterprise_id")
        claims.append(
            facts.by_source[source].filter(pl.col("id_state") == "valid").drop_nulls("juristic_id")
            .select("record_key", "juristic_id", "observed_on", TURN)
            .join(own, on="record_key", how="inner")
            .select("enterprise_id", "record_key", "juristic_id", "observed_on", TURN, pl.lit(source).alias("source"),
                    pl.lit(rank, dtype=pl.UInt8).alias("rank"))
        )  # fmt: skip
    if not claims:
        return pl.Series("enterprise_id", [], dtype=pl.Utf8)
    pairs = pl.concat([one.select("juristic_id", "enterprise_id").unique() for one in claims]).unique()
    disputed = pairs.collect(engine="streaming").filter(pl.col("juristic_id").is_duplicated())
    if disputed.is_empty():
        return pl.Series("enterprise_id", [], dtype=pl.Utf8)
    parties = disputed.select("enterprise_id").unique().lazy()
    said = pl.concat(claims).join(parties, on="enterprise_id", how="semi").collect(engine="streaming")
    return _losers(said)


def _losers(said: pl.DataFrame) -> pl.Series:
    """Of the claims of all enterprises that claim a disputed number, those whose believed number is believed of another."""
    import polars as pl

    latest = said.sort("observed_on", TURN, "juristic_id", descending=[True, True, False]).unique(
        KEY, keep="first", maintain_order=True
    )
    numbered = (
        latest.sort("enterprise_id", *KEY)
        .with_row_index("record")
        .with_columns(subject=pl.col("enterprise_id").rle_id())
    )
    golden = believed(numbered.select("subject", "record", "rank", as_of="observed_on", value="juristic_id"))
    named = golden.join(numbered.select("record", "enterprise_id", "source"), on="record", how="left")
    in_order = named.with_columns(official=pl.col("source") != "dbd").sort(
        "value", "official", "as_of", "enterprise_id", descending=[False, False, True, False]
    )
    kept = in_order.unique("value", keep="first", maintain_order=True)
    return in_order.join(kept, on="enterprise_id", how="anti")["enterprise_id"].sort()


def _parted(ordered: pl.DataFrame, records: int) -> pl.DataFrame:
    """Members in the order of enterprises, with the bucket of each enterprise: that of its first record."""
    import polars as pl

    first = pl.col("place").first().over("enterprise_id")
    return ordered.with_row_index("place").with_columns(bucket=(first // records).cast(pl.Int32)).drop("place")


def _mine(rows: pl.LazyFrame, members: pl.DataFrame, source: str) -> pl.LazyFrame:
    import polars as pl

    return rows.join(
        members.lazy().filter(pl.col("source") == source).select("record_key"), on="record_key", how="semi"
    )


def _scan(files: Sequence[StandardFile]) -> pl.LazyFrame:
    import polars as pl

    numbered = enumerate(files)
    return pl.concat(
        [pl.scan_parquet(one.path).with_columns(pl.lit(turn, dtype=pl.UInt32).alias(TURN)) for turn, one in numbered]
    )


def _months(by_source: Mapping[str, pl.LazyFrame]) -> dict[str, date]:
    found = {}
    for source, rows in by_source.items():
        if "period" in needed_of(source):
            last = rows.select(DAYS[source].day().max()).collect().item()
            if last is not None:
                found[source] = last
    return found


def _narrow(rows: pl.LazyFrame, source: str) -> pl.LazyFrame:
    present = rows.collect_schema().names()
    return rows.select(TURN, *(name for name in needed_of(source) if name in present))
