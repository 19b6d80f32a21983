"""A made-up register of a few records, and what it takes to publish it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.conf import settings

from iindustry.kernel.progress import silent
from iindustry.linkage import services as linkage
from iindustry.register import services as register
from iindustry.standardise.names import normalised
from iindustry.standardise.records import STANDARD

DAY = date(2026, 10, 1)
JURISTIC = "0495560900016"


@pytest.fixture(autouse=True)
def own_home(home, monkeypatch):
    monkeypatch.setattr(settings, "HOME", home)


def frame(rows):
    """STANDARD records of a few cells each; names are taken apart as `standardise` does."""
    blank = dict.fromkeys(STANDARD) | {"delivery_id": "d1", "observed_on": DAY, "row": 1, "id_state": "none"}
    whole = pl.DataFrame([blank | row for row in rows], schema=STANDARD)
    names = whole.select(normalised(pl.col("name_raw")).alias("n")).unnest("n")
    return whole.with_columns(names[one] for one in ("core", "num", "skel", "form")).select(*STANDARD)


ROWS = [
    {"source": "dbd", "record_key": JURISTIC, "juristic_id": JURISTIC, "id_state": "valid", "legal_kind": "company",
     "name_raw": "บริษัท ริมโขงแปรรูปอาหาร จำกัด", "province_code": "49", "subdistrict_code": "490104",
     "district_code": "4901", "tsic": "10304", "revenue_satang": 4_200_000_000, "status": "active",
     "registered_on": date(2017, 3, 15), "address_raw": "199 หมู่ 5", "is_person": False},
    {"source": "diw", "record_key": "20499000125617", "factory_id": "20499000125617", "is_person": False,
     "name_raw": "บริษัท ริมโขงเปรรูปอาหารร จำกัด", "site_name_raw": "ริมโขงแปรรูปอาหาร", "province_code": "49",
     "district_code": "4901", "subdistrict_code": "490104", "worker_count": 38, "factory_type": "00802"},
    {"source": "tisi", "record_key": "L1", "juristic_id": JURISTIC, "id_state": "valid", "is_person": False,
     "name_raw": "บริษัท ริมโขงแปรรูปอาหาร จำกัด", "province_code": "49", "subdistrict_code": "490104",
     "standard_no": "มอก. 919", "licence_status": "active"},
    {"source": "diw", "record_key": "20499000225615", "factory_id": "20499000225615", "is_person": True,
     "name_raw": "นายทดสอบ นามสมมติ", "site_name_raw": "โรงสีนามสมมติ", "province_code": "49", "district_code": "4902",
     "subdistrict_code": "490201", "worker_count": 4, "address_raw": "1 หมู่ 1"},
    {"source": "dip", "record_key": "P1", "name_raw": "ห้างหุ้นส่วนจำกัด อื่นไกล", "province_code": "10", "is_person": False,
     "programme": "ยกระดับผลิตภาพ", "result": "passed", "phones": ["021234567"], "subdistrict_code": "100101",
     "district_code": "1001"},
]  # fmt: skip


@pytest.fixture
def records():
    return frame(ROWS)


@pytest.fixture
def publish(home, clock):
    def run(records, earlier=True):
        linked = linkage.link(records, earlier=linkage.earlier_members(home) if earlier else None,
                              judgements=linkage.judgements_in_force())  # fmt: skip
        return register.publish(linked, records, home=home, clock=clock, progress=silent)

    return run
