"""What of an address and a name is compared."""

from __future__ import annotations

from datetime import date

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
    assert facet(source="dip", name_raw=name, core="ก")["land"] == land


def test_a_silent_factory_is_compared_by_its_own_name():
    found = facet(site_core="ตัวอย่าง", site_name_raw="ตัวอย่าง (ประเทศไทย)")
    assert (found["core"], found["land"]) == ("ตัวอย่าง", "th")


def test_a_name_in_latin_letters_is_no_thai_name():
    said = {"source": "dip", "core": "เอบีซี", "skel": "อบซ", "xskel": "0", "en_core": "abc2", "en_xskel": "ABS"}
    latin, thai = facet(name_raw="ABC 2 CO., LTD.", **said), facet(name_raw="เอบีซี 2", **said)
    assert (latin["core"], latin["skel"], latin["en_core"], latin["en_num"], latin["x"]) == (
        None,
        None,
        "abc2",
        "2",
        "ABS",
    )
    assert (thai["core"], thai["x"]) == ("เอบีซี", "0")
    assert not latin["site_only"]


@pytest.mark.parametrize(
    ("said", "core", "form", "site_only"),
    [
        ({"source": "diw", "site_form": "co"}, "ตัวอย่าง", "co", False),
        ({"source": "diw", "site_form": "plc"}, "ตัวอย่าง", "co", False),
        ({"source": "diw", "site_form": "shop"}, "ตัวอย่าง", None, True),
        ({"source": "diw", "site_form": "none"}, "ตัวอย่าง", None, True),
        ({"source": "diw", "site_form": "co", "core": "คนดี", "form": "person"}, "คนดี", "person", False),
        ({"source": "green", "site_form": "co"}, "ตัวอย่าง", "co", False),
        ({"source": "green", "site_form": "none"}, None, None, True),
        ({"source": "tisi", "site_form": "co"}, None, None, True),
    ],
)
def test_a_legal_name_over_the_gate_is_the_operators_where_none_is_named(said, core, form, site_only):
    found = facet(site_core="ตัวอย่าง", site_skel="ตวอยง", **said)
    assert (found["core"], found["form"]) == (core, form)
    if said["source"] != "diw":
        assert found["site_only"] is site_only
        assert found["any_core"] == core


def test_of_two_deliveries_of_one_day_the_later_speaks_and_of_two_rows_of_one_the_first():
    def row(delivery, number, name, **said):
        common = {"source": "dip", "record_key": "1", "id_state": "none", "observed_on": date(2026, 1, 1)}
        return dict.fromkeys(IDENTITY) | common | {"delivery_id": delivery, "row": number, "name_raw": name} | said

    arrived = [row("z", 1, "ก", site_name_raw="ข"), row("a", 1, "ค"), row("a", 2, "ง")]
    found = facets.one_a_key(pl.DataFrame(arrived, schema=IDENTITY)).row(0, named=True)
    assert (found["name_raw"], found["site_name_raw"]) == ("ค", "ข")
    found = facets.one_a_key(pl.DataFrame(arrived[::-1], schema=IDENTITY)).row(0, named=True)
    assert found["name_raw"] == "ก"
