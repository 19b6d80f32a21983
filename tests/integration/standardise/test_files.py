"""Standard files: a source's own columns, whatever the batch, made once, never half."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from iindustry.sources import rows
from iindustry.sources.contracts import contract_of
from iindustry.sources.reports import DeliveryInForce
from iindustry.standardise import making, services
from iindustry.standardise.shapes import FACTS, IDENTITY

DAY = date(2026, 10, 31)
FIRMS = [f"บริษัท ทดสอบ {number} จำกัด" for number in range(1, 8)]


def _delivery(home, source, layout, cells):
    shape = contract_of(source).layout(layout)
    frame = pl.DataFrame(
        [{"row": number, "is_ragged": False, **one} for number, one in enumerate(cells, 2)],
        schema_overrides=dict.fromkeys(cells[0], pl.Utf8),
    )
    accepted = rows.sort_out(frame, shape, today=DAY, tag=lambda number: "tag").accepted
    assert accepted.height == len(cells)
    path = home.root / f"{source}.parquet"
    accepted.write_parquet(path)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return DeliveryInForce(f"{source}-1", source, layout, shape.mode, "all", None, DAY, at, path)


@pytest.fixture
def deliveries(home):
    tisi = [
        {"licence_no": f"L{number}", "standard_no": "มอก. 1", "name": name, "province": "ตาก", "status": "มีผลบังคับใช้"}
        for number, name in enumerate(FIRMS)
    ]
    dip = [{"participant_id": "P1", "programme": "ก", "fiscal_year_be": "2569", "name": FIRMS[0], "province": "ตาก"}]
    return [_delivery(home, "tisi", "licences", tisi), _delivery(home, "dip", "participants", dip)]


def test_a_file_holds_identity_and_the_facts_of_its_source(home, deliveries):
    files = services.standard_files(deliveries, home=home)
    assert [(one.source, one.layout, one.delivery_id, one.observed_on) for one in files] == [
        ("tisi", "licences", "tisi-1", DAY), ("dip", "participants", "dip-1", DAY),
    ]  # fmt: skip
    assert pl.read_parquet_schema(files[0].path) == IDENTITY | FACTS["tisi"]
    assert services.facts(files, "dip").collect()["programme"].to_list() == ["ก"]
    assert services.facts(files, "tisi").collect()["licence_status"].unique().to_list() == ["active"]
    whole = services.identities(files).collect()
    assert whole.schema == IDENTITY
    assert whole["num"].to_list() == ["1", "2", "3", "4", "5", "6", "7", "1"]


def test_no_files_are_empty_frames_of_the_same_columns():
    assert services.identities(()).collect().schema == IDENTITY
    assert services.facts((), "tisi").collect().schema == IDENTITY | FACTS["tisi"]


def test_small_batches_and_one_batch_say_the_same(home, deliveries, monkeypatch, tmp_path):
    whole = services.identities(services.standard_files(deliveries, home=home)).collect()
    monkeypatch.setattr(making, "BATCH_ROWS", 3)
    other = type(home)(tmp_path / "other")
    assert services.identities(services.standard_files(deliveries, home=other)).collect().equals(whole)


def test_small_deliveries_share_a_batch_and_say_what_each_would_alone(home, deliveries, tmp_path):
    first = deliveries[0]
    second = replace(first, delivery_id="tisi-2", effective_on=date(2026, 11, 1))
    wide = replace(first, delivery_id="tisi-3", accepted=home.root / "wide.parquet")
    pl.read_parquet(first.accepted).with_columns(extra=pl.lit(1)).write_parquet(wide.accepted)
    several = [first, second, wide, deliveries[1]]
    orders = [making.order(one, home.root / one.delivery_id) for one in several]
    assert [len(group) for group in making.together(orders)] == [2, 1, 1]
    files = services.standard_files(several, home=home, threads=1)
    for one, made in zip(several, files, strict=True):
        (alone,) = services.standard_files([one], home=type(home)(tmp_path / one.delivery_id))
        assert pl.read_parquet(made.path).equals(pl.read_parquet(alone.path))
        assert pl.read_parquet(made.path)["delivery_id"].unique().to_list() == [one.delivery_id]
        assert pl.read_parquet(made.path)["observed_on"].unique().to_list() == [one.effective_on]


def test_a_file_is_made_once_and_a_failure_leaves_none(home, deliveries, monkeypatch):
    (first,) = services.standard_files(deliveries[:1], home=home)
    monkeypatch.setattr(making, "_write", None)
    assert services.standard_files(deliveries[:1], home=home) == (first,)

    def fails(path, source, frames):
        path.write_bytes(b"half")
        raise OSError

    monkeypatch.setattr(making, "_write", fails)
    with pytest.raises(OSError):  # noqa: PT011 - the disk's own error
        services.standard_files(deliveries[1:], home=home)
    assert list((home.standard / "dip").iterdir()) == []
