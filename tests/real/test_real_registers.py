"""The public extracts of DBD and DIW, in the files that the agencies publish, delivered and standardised.

Counts are those that DOMAIN section 4 measured; a parser that changes them has to say why.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from iindustry.config.environment import environment
from iindustry.kernel.actors import SYSTEM
from iindustry.sources import services
from iindustry.standardise import services as standardise

from . import put_headings_back

pytestmark = [pytest.mark.real, pytest.mark.django_db]

MEASURED = {
    ("diw", "name-masked", "operator"): 834,
    ("diw", "name-masked", "site_name"): 125,
    ("diw", "factory-id", "factory_id"): 1,
    ("diw", "type-differs", "old_factory_id"): 2,
    ("diw", "year-differs", "old_factory_id"): 2,
    ("diw", "value-extreme", "horsepower"): 5,
    ("diw", "value-extreme", "investment_satang"): 1,
    ("diw", "value-zero", "worker_count"): 56,
    ("diw", "value-zero", "investment_satang"): 231,
    ("dbd", "tsic-unknown", "tsic"): 21,
}


@pytest.fixture
def folder(tmp_path):
    extracts = environment().real_data
    if not extracts or not Path(extracts).is_dir():
        pytest.skip("NOT RUN: IINDUSTRY_REAL_DATA names no folder of public register extracts")
    put_headings_back.main(extracts, str(tmp_path / "files"))
    return tmp_path / "files"


def test_every_real_row_is_accepted_or_set_aside(folder, home, clock, found):
    counts: Counter[tuple[str, str, str]] = Counter()
    rows: Counter[str] = Counter()
    began = time.perf_counter()
    files = [path for path in sorted(folder.iterdir()) if path.name != "diw_search_all.csv"]
    for path in files:
        source = path.name[:3]
        report = services.deliver(path, source=source, filename=path.name, actor=SYSTEM, home=home, clock=clock)
        assert report.rows == report.accepted + report.quarantined
        assert report.status == "accepted"
        assert not [one for one in report.findings if one.code == "column-unknown"]
        rows[source] += report.rows
        rows["quarantined"] += report.quarantined
        for one in report.findings:
            counts[source, one.code, one.column] += one.count
    delivered = time.perf_counter()
    in_force = services.in_force(home=home)
    assert len(in_force) == len(files), "each district is a scope of its own"
    frame = standardise.identities(standardise.standard_files(in_force, home=home, threads=1)).collect()
    standardised = time.perf_counter()
    assert (rows["dbd"], rows["diw"], rows["quarantined"]) == (91_939, 5_137, 0)
    assert {key: counts[key] for key in MEASURED} == MEASURED
    dbd, diw = frame.filter(pl.col("source") == "dbd"), frame.filter(pl.col("source") == "diw")
    assert dbd["record_key"].n_unique() == 91_939
    assert dbd["core"].null_count() == 0
    assert dbd["subdistrict_codes"].null_count() <= 70
    assert diw["subdistrict_codes"].null_count() == 1
    assert diw.filter(pl.col("subdistrict_codes").list.len() > 1).height == 328
    assert diw["is_person"].sum() == 834
    everything = rows["dbd"] + rows["diw"]
    found("the same by district: files", len(files))
    found("... delivered, rows/s", round(everything / (delivered - began)))
    found("... standardised on one core, rows/s", round(everything / (standardised - delivered)))


def test_the_same_rows_in_one_file_say_the_same(folder, home, clock):
    path = folder / "diw_search_all.csv"
    report = services.deliver(path, source="diw", filename=path.name, actor=SYSTEM, home=home, clock=clock)
    assert (report.accepted, report.scope, report.encoding) == (5_137, "province=10", "utf-8-sig")
