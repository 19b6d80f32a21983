"""Profiles are the same whatever the parts in which registers are read."""

from __future__ import annotations

import polars as pl
import pytest

from iindustry.linkage import facets, folding
from iindustry.standardise.records import IDENTITY


def record(source, key, **said):
    return (
        dict.fromkeys(IDENTITY) | {"source": source, "record_key": key, "id_state": "none", "is_person": False} | said
    )


def frame(*rows):
    return pl.DataFrame(rows, schema=IDENTITY)


PLACE = {"subdistrict_code": "100101", "district_code": "1001", "province_code": "10"}
ROWS = (
    record("dip", "b", name_raw="ก", core="ก", skel="ก", form="co", phones=["021111111"], **PLACE),
    record("dip", "a", name_raw="ก", core="ก", skel="ก", form="co", phones=["021111111"], **PLACE),
    record("dbd", "z", name_raw="ข", core="ข", skel="ข", form="co", juristic_id="1", id_state="valid", **PLACE),
    record("exim", "x", juristic_id="1", id_state="valid"),
    record("smed", "y", juristic_id="9", id_state="valid"),
    *(record("tisi", f"t{n}", name_raw=f"ค{n}", core=f"ค{n}", phones=["021111111"], **PLACE) for n in range(3)),
)


def test_registers_read_one_by_one_give_what_all_at_once_give():
    told, of_record = folding.read(frame(*ROWS))
    whole = folding.profiles(facets.facets(facets.one_a_key(frame(*ROWS))))
    assert told.equals(whole[0].select(told.columns))
    assert of_record.equals(whole[1])
    assert folding.read(frame(*ROWS[::-1]).lazy())[1].equals(of_record)


def test_equal_facets_fold_and_numbers_are_followed():
    told, of_record = folding.read(frame(*ROWS))
    uid = {(source, key): number for source, key, number in of_record.select("source", "record_key", "uid").iter_rows()}
    assert uid["dip", "a"] == uid["dip", "b"]
    assert told.row(uid["dip", "a"], named=True)["first_key"] == "a"
    assert told.row(uid["dip", "a"], named=True)["record_count"] == 2
    assert uid["exim", "x"] == uid["dbd", "z"]
    assert told.row(uid["smed", "y"], named=True)["jid"] == "9"
    assert told["uid"].to_list() == list(range(told.height))


@pytest.mark.parametrize(("names", "is_own"), [(5, True), (6, False)])
def test_a_phone_of_more_than_five_names_over_all_registers_is_nobodys(names, is_own):
    half = names // 2
    rows = [
        record("dip" if n < half else "tisi", str(n), name_raw=f"ค{n}", core=f"ค{n}", phones=["021111111"], **PLACE)
        for n in range(names)
    ]
    told, _ = folding.read(frame(*rows))
    assert (told["phone"].null_count() == 0) is is_own
    assert (told["phone"].null_count() == names) is not is_own


def test_no_record_at_all_has_the_columns():
    told, of_record = folding.read(frame())
    assert (told.height, of_record.height) == (0, 0)
    assert set(facets.COMPARED) <= set(told.columns)


@pytest.mark.parametrize(
    ("gate", "is_quiet"), [({"core": "กขคง", "form": "co"}, True), ({"core": "กขคง"}, False), ({"core": "จฉชซ", "form": "co"}, False)]
)  # fmt: skip
def test_a_certificate_that_repeats_its_factorys_name_is_not_compared(gate, is_quiet):
    factory = record("diw", "f", factory_id="9", name_raw="ก", **gate, **PLACE)
    certificate = record(
        "green", "c", factory_id="9", site_core="กขคง", site_skel="กคคง", site_form="co", province_code="10"
    )
    told, _ = folding.read(frame(factory, certificate))
    found = told.filter(pl.col("source") == "green").row(0, named=True)
    assert found["site_only"] is is_quiet
    assert (found["named_b"] is None) is is_quiet
