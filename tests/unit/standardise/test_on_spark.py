"""What a Spark worker does, without Spark."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa
import pytest

from iindustry.sources.contracts import contracts
from iindustry.standardise import on_spark, records
from iindustry.standardise.shapes import shape_of

DAY = date(2026, 10, 31)


@pytest.mark.parametrize("source", sorted(contracts()))
def test_every_column_has_a_type_on_spark(source):
    assert set(shape_of(source).values()) <= set(on_spark.TYPES)
    assert len(on_spark.spark_schema(source).split(", ")) == len(on_spark.arrow_schema(source))


def test_a_worker_makes_what_the_driver_would():
    rows = pl.DataFrame(
        {"row": [2, 3, 4], "record_key": ["A", "B", "C"], "name": ["บริษัท ทดสอบ จำกัด", None, "หจก. นํ้าใส"],
         "province": ["ตาก", "ตาก", None], "_file": ["file:/a%20b/x.parquet"] * 3, "_at": [0, 1, 2]}
    )  # fmt: skip
    batches = rows.to_arrow().to_batches(max_chunksize=2)
    made = pl.DataFrame(pl.from_arrow(pa.Table.from_batches(on_spark.batches("tisi", "licences")(iter(batches)))))
    assert made["_file"].unique().to_list() == ["/a b/x.parquet"]
    assert made["_at"].to_list() == [0, 1, 2]
    expected = records.standard_of(
        rows.drop("_file", "_at"), source="tisi", layout="licences", observed_on=on_spark._ANY_DAY
    )
    assert made.drop("_file", "_at").equals(expected)
    assert made["core"].to_list() == ["ทดสอบ", None, "น้ำใส"]
