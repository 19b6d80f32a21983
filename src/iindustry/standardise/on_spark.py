"""Standard files made on Spark: the same function of the same rows, batch by batch on the workers (`mapInArrow`).

Spark reads the accepted Parquet and writes standard rows; the driver puts each delivery's rows into the one file that
`making` would have made. Invariant: equal files, whatever the engine.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from iindustry.standardise import making
from iindustry.standardise.shapes import shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from iindustry.standardise.making import Order
    from iindustry.standardise.spark import Spark

_FILE, _AT = "_file", "_at"
_MARKS = {_FILE: pl.Utf8(), _AT: pl.Int64()}
_ANY_DAY = date(2000, 1, 1)  # each delivery's own day is put in by the driver

TYPES: dict[pl.DataType, tuple[str, pa.DataType]] = {
    pl.Utf8(): ("string", pa.string()),
    pl.Int64(): ("bigint", pa.int64()),
    pl.Float64(): ("double", pa.float64()),
    pl.Boolean(): ("boolean", pa.bool_()),
    pl.Date(): ("date", pa.date32()),
    pl.List(pl.Utf8()): ("array<string>", pa.list_(pa.string())),
}
"""How a column of a standard file is called by Spark and by Arrow."""


def make(orders: Sequence[Order], spark: Spark) -> Iterator[Order]:
    """Make the files, deliveries of one source, layout and types together; each order once its file stands."""
    for group in _alike(orders):
        whole = pl.scan_parquet(_made(group, spark) / "*.parquet")
        for one in group:
            own = whole.filter(pl.col(_FILE) == str(one.delivery.accepted.absolute())).sort(_AT).drop(_FILE, _AT)
            making.put(one, iter([_of_delivery(own.collect(), one)]))
            yield one


def _alike(orders: Sequence[Order]) -> Iterator[list[Order]]:
    """Spark takes the types of one file for all of them, so only files of equal types are read together."""

    def kind(one: Order) -> tuple[str, str, str]:
        fields = pq.read_schema(one.delivery.accepted).remove_metadata()
        return one.delivery.source, one.delivery.layout, str(sorted((each.name, str(each.type)) for each in fields))

    for _, alike in groupby(sorted(orders, key=kind), key=kind):
        yield list(alike)


def _made(group: Sequence[Order], spark: Spark) -> Path:
    """The folder of the standard rows of some deliveries."""
    from iindustry.standardise.spark import map_in_arrow

    first = group[0]
    rows = spark.read(*(one.delivery.accepted for one in group)).selectExpr(
        *(f"`{name}`" for name in first.columns), f"_metadata.file_path AS {_FILE}", f"_metadata.row_index AS {_AT}"
    )
    source, layout = first.delivery.source, first.delivery.layout
    return spark.write(map_in_arrow(rows, batches(source, layout), spark_schema(source)), "standard")


def batches(source: str, layout: str) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does: batches of accepted rows in, batches of standard rows out, each with its file and place."""

    def run(given: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from iindustry.standardise import records

        schema = arrow_schema(source)
        for batch in given:
            rows = pl.DataFrame(pl.from_arrow(batch))
            files = {uri: _path_of(uri) for uri in rows[_FILE].unique()}
            marks = rows.select(pl.col(_FILE).replace_strict(files, return_dtype=pl.Utf8), _AT)
            made = records.standard_of(rows.drop(_FILE, _AT), source=source, layout=layout, observed_on=_ANY_DAY)
            yield from made.hstack(marks).to_arrow().cast(schema).to_batches()

    return run


def spark_schema(source: str) -> str:
    """The columns of a source's standard file, with the marks, as Spark writes types."""
    return ", ".join(f"`{name}` {TYPES[kind][0]}" for name, kind in _shape(source).items())


def arrow_schema(source: str) -> Any:
    """The same as an Arrow schema."""
    return pa.schema([(name, TYPES[kind][1]) for name, kind in _shape(source).items()])


def _shape(source: str) -> dict[str, pl.DataType]:
    return shape_of(source) | _MARKS


def _of_delivery(rows: pl.DataFrame, one: Order) -> pl.DataFrame:
    return rows.with_columns(
        pl.lit(one.delivery.delivery_id).alias("delivery_id"),
        pl.lit(one.delivery.effective_on, dtype=pl.Date).alias("observed_on"),
    ).select(*shape_of(one.delivery.source))


def _path_of(uri: str) -> str:
    return unquote(urlsplit(uri).path)
