"""What of an address and a name is compared."""

from __future__ import annotations

import polars as pl
import pytest

from iindustry.linkage import facets
from iindustry.standardise.records import IDENTITY


def facet(**said):
    row = dict.fromkeys(IDENTITY) | {"source": "diw", "record_key": "1", "id_state": "none", "is_person": False} | said
    return facets.facets(pl.DataFrame([row], schema=IDENTITY)).row(0, named=True)


@pytest.mark.parametrize(
    ("parts", "house", "moo", "soi"),
    [
        ("9/5 หมู่ที่ 4 ซอยตัวอย่าง 12 ถนนสมมติ", "9/5", "4", "ตัวอย่าง12"),
        ("9/5 ซอยตัวอย่าง12 แยก 1", "9/5", None, "ตัวอย่าง12"),
        ("199 หมู่ 5", "199", "5", None),
        ("88 ซอย- ถนนสมมติ", "88", None, None),
        ("ถนนสมมติ", None, None, None),
        (None, None, None, None),
    ],
)
def test_house_moo_and_soi_of_an_address(parts, house, moo, soi):
    found = facet(address_parts=parts)
    assert (found["house"], found["moo"], found["soi"]) == (house, moo, soi)


@pytest.mark.parametrize(
    ("name", "land"),
    [("บริษัท ก (ประเทศไทย) จำกัด", "th"), ("บริษัท ก (ไทยแลนด์) จำกัด", "th"), ("A (Thailand) Co., Ltd.", "th"), ("บริษัท ก จำกัด", ""), (None, "")],
)  # fmt: skip
def test_whether_thailand_stands_in_the_name(name, land):
    assert facet(name_raw=name, core="ก")["land"] == land


def test_a_silent_factory_is_compared_by_its_own_name():
    found = facet(site_core="ตัวอย่าง", site_name_raw="ตัวอย่าง (ประเทศไทย)")
    assert (found["core"], found["land"]) == ("ตัวอย่าง", "th")
