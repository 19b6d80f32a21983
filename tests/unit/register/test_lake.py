"""Files of a version: the same bytes however the rows came, and rows exchanged in their order."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.cli import exporting
from iindustry.kernel.errors import Rejected
from iindustry.register import amending, lake

SMALL = 7


@pytest.fixture(autouse=True)
def small_row_groups(monkeypatch):
    monkeypatch.setattr(lake, "ROW_GROUP", SMALL)


def written(path, frames):
    with lake.RowGroups(path) as file:
        for frame in frames:
            file.add(frame)
    return path.read_bytes()


def rows(keys):
    ids = [f"ENT-{key:03d}" for key in keys]
    return pl.DataFrame({"enterprise_id": ids, "said": ids}, schema={"enterprise_id": pl.Utf8, "said": pl.Utf8})


@given(cuts=st.lists(st.integers(0, 30), max_size=6))
def test_bytes_do_not_depend_on_how_rows_were_handed_over(tmp_path_factory, cuts):
    folder = tmp_path_factory.mktemp("lake")
    whole, bounds = rows(range(30)), [0, *sorted(cuts), 30]
    pieces = [whole.slice(start, end - start) for start, end in pairwise(bounds)]
    assert written(folder / "one.parquet", [whole]) == written(folder / "many.parquet", pieces)
    assert pq.ParquetFile(folder / "many.parquet").num_row_groups == -(-30 // SMALL)
    assert pl.read_parquet(folder / "many.parquet").equals(whole)


@given(before=st.sets(st.integers(0, 60)), touched=st.sets(st.integers(0, 60)), after=st.sets(st.integers(0, 60)))
def test_exchanging_rows_gives_what_writing_anew_gives(tmp_path_factory, before, touched, after):
    folder = tmp_path_factory.mktemp("lake")
    after &= touched
    written(folder / "before.parquet", [rows(sorted(before))])
    ids = pl.Series("enterprise_id", [f"ENT-{key:03d}" for key in sorted(touched)], dtype=pl.Utf8)
    fresh = rows(sorted(after)).with_columns(said=pl.lit("new"))
    exchanged = list(amending.exchanged(folder / "before.parquet", fresh, "enterprises", ids))
    wanted = pl.concat([rows(sorted(before - touched)), fresh]).sort("enterprise_id")
    assert written(folder / "after.parquet", exchanged) == written(folder / "wanted.parquet", [wanted])


def test_silence_moves_on_with_its_register(tmp_path):
    old, new = date(2026, 9, 30), date(2026, 10, 31)
    said = pl.DataFrame({
        "enterprise_id": ["ENT-001", "ENT-002"], "standard__licences": [[], ["มอก. 1"]],
        "standard__licences__as_of": [old, old],
    }, schema_overrides={"standard__licences": pl.List(pl.Utf8)})  # fmt: skip
    written(tmp_path / "before.parquet", [said])
    none = pl.Series("enterprise_id", [], dtype=pl.Utf8)
    moved = amending.silences({"tisi": old}, {"tisi": new}, "enterprise")
    [first, *_] = amending.exchanged(tmp_path / "before.parquet", said.clear(), "enterprises", none, moved)
    assert first["standard__licences__as_of"].to_list() == [new, old]


def test_every_file_of_a_version_has_an_order():
    assert set(amending.ORDER) == set(lake.FILES)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_an_export_is_the_same_bytes_every_time(tmp_path, suffix):
    written(tmp_path / "table.parquet", [rows(range(30)).with_columns(held=pl.lit(["ก", "ข"]))])
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    assert exporting.write(tmp_path / "table.parquet", one) == exporting.write(tmp_path / "table.parquet", other) == 30
    assert one.read_bytes() == other.read_bytes()
    assert not list(tmp_path.glob("*.part"))
    if suffix == ".csv":
        assert one.read_text(encoding="utf-8").splitlines()[:2] == ["enterprise_id,said,held", "ENT-000,ENT-000,ก ข"]


def test_an_export_of_another_kind_is_refused(tmp_path):
    written(tmp_path / "table.parquet", [rows([1])])
    with pytest.raises(Rejected, match="export-type-unknown"):
        exporting.write(tmp_path / "table.parquet", tmp_path / "one.docx")
