"""One country on DuckDB and on Spark: equal standard files, every pair's level and weight, equal enterprises.

About 2,000 records; IINDUSTRY_PROOF=1 takes 20,000.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from country import make

from iindustry.config.environment import environment
from iindustry.config.spark import opened
from iindustry.kernel.home import Home
from iindustry.linkage.services import link, scoring
from iindustry.linkage.services.on_spark import OnSpark
from iindustry.sources import rows
from iindustry.sources.contracts import contract_of
from iindustry.sources.reports import DeliveryInForce
from iindustry.standardise import services as standardise

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore::ResourceWarning")]
DAY = date(2026, 10, 31)
FIRMS, MANY_FIRMS = 700, 7000
WEIGHTS = ("match_weight", "alone_weight")


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    with opened("local[2]", folder=tmp_path_factory.mktemp("spark")) as session:
        yield session


def _deliveries(folder):
    """Four deliveries of two registers: many types of columns, texts that need every step, two files of one layout."""
    names = ["บริษัท ทดสอบ จำกัด", "หจก. นํ้าใส", "โรงงานเจริญ", "Somchai Plastic Co., Ltd.", "บมจ. เอ.บี. สาขา 2"]
    dip = [
        {"participant_id": f"P{number}", "programme": "ก", "fiscal_year_be": "2569", "name": name, "province": "ตาก",
         "phone": "081-234-5678, 02 123 4567"}
        for number, name in enumerate(names)
    ]  # fmt: skip
    tisi = [
        {"licence_no": f"L{number}", "standard_no": "มอก. 1", "name": name, "province": "ตาก", "status": "มีผลบังคับใช้"}
        for number, name in enumerate(names)
    ]
    given = [("dip", "participants", dip), ("tisi", "licences", tisi), ("tisi", "licences", tisi[:2]),
             ("tisi", "licences", tisi[3:])]  # fmt: skip
    for number, (source, layout, cells) in enumerate(given):
        shape = contract_of(source).layout(layout)
        frame = pl.DataFrame(
            [{"row": row, "is_ragged": False, **one} for row, one in enumerate(cells, 2)],
            schema_overrides=dict.fromkeys(cells[0], pl.Utf8),
        )
        path = folder / f"a b%20{number}.parquet"  # a path that Spark writes in another way
        rows.sort_out(frame, shape, today=DAY, tag=lambda found: f"tag-{found}").accepted.write_parquet(path)
        at = datetime(2026, 11, 1, tzinfo=UTC)
        day = DAY.replace(day=1 + number)
        yield DeliveryInForce(f"{source}-{number}", source, layout, shape.mode, "all", None, day, at, path)


def test_standard_files_are_the_same_bytes(spark, tmp_path):
    deliveries = list(_deliveries(tmp_path))
    here = standardise.standard_files(deliveries, home=Home(tmp_path / "here"))
    there = standardise.standard_files(deliveries, home=Home(tmp_path / "there"), spark=spark)
    assert [one.path.read_bytes() for one in here] == [one.path.read_bytes() for one in there]
    assert sum(pl.read_parquet(one.path).height for one in there) == 14


def test_every_pair_weighs_the_same_and_enterprises_are_equal(spark, monkeypatch):
    records = make(MANY_FIRMS if environment().proof else FIRMS, seed=17).records
    found, score = [], scoring.score

    def kept(*given, **by_name):
        found.append(score(*given, **by_name))
        return found[-1]

    monkeypatch.setattr(scoring, "score", kept)
    here, there = link(records), link(records, engine=OnSpark(spark))
    ours, theirs = (one.pairs for one in found)
    reached = [name for name in ours.columns if name not in WEIGHTS]
    assert ours.height > len(records) / 4
    assert theirs.select(reached).equals(ours.select(reached)), "other pairs, or other levels"
    for name in WEIGHTS:
        assert (theirs[name] - ours[name]).abs().max() <= 1e-6, name
    assert found[1].rules.equals(found[0].rules)
    for name in ("members", "review", "redirects", "journal"):
        assert getattr(there, name).equals(getattr(here, name)), name
    assert there.quality == here.quality
