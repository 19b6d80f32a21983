"""The traps that act where records of several registers meet: what is joined, what waits, what is derived, what is told.

From the bytes of files, through landing and standard records, to linking: a small made-up country stands around each case.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest
from trap_files import TODAY

from iindustry.linkage.outcome import GROUND_WORDS, REASON_WORDS, Ground, Reason
from iindustry.linkage.services import link
from iindustry.reference import estates, factory_types, size
from iindustry.reference.fields import field_of
from iindustry.register import conflicts, statements
from iindustry.register.masking import masked
from iindustry.sources.contracts import contract_of
from iindustry.standardise import records

sys.path.insert(0, str(Path(__file__).parents[2] / "integration" / "linkage"))

JURISTIC, FACTORY = "dbd.juristic", "diw.factories"
HOME = {"address": "1 แขวงสีลม เขตบางรัก กรุงเทพมหานคร"}
SITE = {"subdistrict": "สีลม", "district": "บางรัก", "province": "กรุงเทพมหานคร"}
NUMBERS = ("0105559999015", "0105552999028")
FACTORIES = ("10109999925388", "10109999925396", "10109999925404")


@pytest.fixture(scope="module")
def country():
    from country import make

    return make(300, seed=8).records


@pytest.fixture
def linked(landed, country):
    """Links rows of files within the country: ({record key: enterprise}, {record key: ground}, {pair of keys: reason})."""

    def run(*rows):
        parts = [country]
        for number, (where, cells) in enumerate(rows):
            source, layout = where.split(".")
            accepted = landed(where, cells).accepted
            own = records.standard_of(
                accepted, source=source, layout=layout, observed_on=TODAY, delivery_id=f"case-{number}"
            )
            parts.append(own.select(name for name in country.columns if name in own.columns))
        keys = {key for part in parts[1:] for key in part["record_key"]}
        done = link(pl.concat(parts, how="diagonal_relaxed"))
        own = done.members.filter(pl.col("record_key").is_in(sorted(keys)))
        waits = {
            frozenset((row["left_key"], row["right_key"])): row["reason"]
            for row in done.review.iter_rows(named=True)
            if {row["left_key"], row["right_key"]} <= keys
        }
        one = dict(own.select("record_key", "enterprise_id").iter_rows())
        return one, dict(own.select("record_key", "link_ground").iter_rows()), waits, own

    return run


def test_t15_equal_names_of_two_juristic_persons_are_never_joined(linked):
    name = {"name": "บริษัท ตัวอย่างชื่อซ้ำกัน จำกัด", **HOME}
    one, _, waits, _ = linked(
        (JURISTIC, {"juristic_id": NUMBERS[0], **name}),
        (JURISTIC, {"juristic_id": NUMBERS[1], **name}),
        (FACTORY, {"factory_id": FACTORIES[0], "operator": name["name"], "site_name": "", **SITE}),
    )
    assert len(set(one.values())) == 3, "and the factory is given to neither"
    assert set(waits.values()) == {Reason.SAME_NAME.value}
    assert REASON_WORDS[Reason.SAME_NAME] == (
        "มีกิจการชื่อเดียวกันมากกว่าหนึ่งราย",
        "More than one enterprise carries this name",
    )


def test_t16_a_factory_is_linked_by_name_and_place(linked):
    one, ground, _, _ = linked(
        (JURISTIC, {"juristic_id": NUMBERS[0], "name": "บริษัท ตัวอย่างกระเบื้องลาย จำกัด", **HOME}),
        (FACTORY, {"factory_id": FACTORIES[0], "operator": "บจก.ตัวอย่างกระเบื้องลาย", "site_name": "", **SITE}),
    )
    assert len(set(one.values())) == 1
    assert ground[FACTORIES[0]] == Ground.MODEL.value
    assert GROUND_WORDS[Ground.MODEL] == (
        "ชื่อ ที่ตั้ง และข้อมูลอื่นตรงกัน (แบบจำลอง)",
        "Name, place and other facts agree (model)",
    )


def test_t17_a_factory_older_than_its_company_may_still_be_its(linked):
    one, _, _, _ = linked(
        (JURISTIC, {"juristic_id": NUMBERS[0], "name": "บริษัท ตัวอย่างโรงสีเก่า จำกัด", "registered_on": "1/2/2559", **HOME}),
        (
            FACTORY,
            {"factory_id": FACTORIES[0], "operator": "บริษัท ตัวอย่างโรงสีเก่า จำกัด", "licensed_year": "2530", **SITE},
        ),
    )
    assert len(set(one.values())) == 1


def test_t18_one_enterprise_several_factories(linked):
    name = "บริษัท ตัวอย่างหลายโรงงาน จำกัด"
    sites = [
        (FACTORY, {"factory_id": number, "operator": name, "site_name": "", "house_no": str(place), **SITE})
        for place, number in enumerate(FACTORIES, 1)
    ]
    one, _, _, own = linked((JURISTIC, {"juristic_id": NUMBERS[0], "name": name, **HOME}), *sites)
    assert len(set(one.values())) == 1
    assert own["establishment_id"].drop_nulls().n_unique() == 3


def test_t19_a_person_is_not_her_company_and_her_name_is_masked(linked):
    one, _, waits, _ = linked(
        (JURISTIC, {"juristic_id": NUMBERS[0], "name": "บริษัท สมมติไม่มีจริง จำกัด", **HOME}),
        (FACTORY, {"factory_id": FACTORIES[0], "operator": "นายสมมติ ไม่มีจริง", "site_name": "", **SITE}),
    )
    assert len(set(one.values())) == 2
    assert set(waits.values()) <= {Reason.PERSON.value}
    assert masked("entity.name_th", "นายสมมติ ไม่มีจริง", is_person=True) == "นายส•••"
    assert REASON_WORDS[Reason.PERSON] == (
        "ผู้ประกอบการเป็นบุคคลธรรมดา ชื่อตรงกันอย่างเดียวไม่พอ",
        "The operator is a natural person: an equal name is not enough",
    )


def test_t41_hidden_operators_are_linked_to_nothing(linked):
    hidden = {"operator": "บุคคลธรรมดา (ปกปิดชื่อ)", "site_name": "-", **SITE}
    one, ground, waits, _ = linked(
        (FACTORY, {"factory_id": FACTORIES[0], **hidden}), (FACTORY, {"factory_id": FACTORIES[1], **hidden})
    )
    assert len(set(one.values())) == 2
    assert set(ground.values()) == {Ground.SINGLE.value}
    assert not waits


def test_t37_the_province_of_an_id_is_history(landed):
    accepted = landed(JURISTIC, {"juristic_id": NUMBERS[0], "address": "1 ต.ศรีภูมิ อ.เมืองเชียงใหม่ จ.เชียงใหม่"}).accepted
    record = records.standard_of(accepted, source="dbd", layout="juristic", observed_on=TODAY).row(0, named=True)
    assert record["juristic_id"][1:3] == "10"
    assert record["province_code"] == "50", "the province is that of the seat"
    silent = records.standard_of(
        landed(JURISTIC, {"juristic_id": NUMBERS[0]}).accepted, source="dbd", layout="juristic", observed_on=TODAY
    )
    assert silent["province_code"].to_list() == [None], "and unknown where no seat is said"


def test_t32_the_digits_of_an_estate_are_no_province():
    assert estates.of_factory_id("72169999925601") == "E04"
    assert estates.name_of("E04") == ("นิคมอุตสาหกรรมอัญธานี", "Industrial estate อัญธานี")
    assert estates.name_of("F45") == (
        "นิคมอุตสาหกรรม (รหัส 45 ในเลขทะเบียนโรงงาน)",
        "Industrial estate (code 45 of the factory id)",
    )


def test_t33_no_estate_has_a_point():
    names = set(estates.Estate.__slots__)
    assert not {"latitude", "longitude", "point", "x", "y"} & names
    assert all(estates.name_of(code)[0].startswith("นิคมอุตสาหกรรม") for code in estates.ESTATES)


def test_t35_workers_of_a_licence_give_a_provisional_size():
    alone = size.size_class("manufacturing", None, 120)
    assert (alone.size_class, alone.provisional) == ("medium", True)
    both = size.size_class("manufacturing", 9_000_000_000, 120)
    assert (both.size_class, both.provisional, both.differs) == ("small", False, True)
    assert field_of("factory.worker_count").shelf_life_days == 400


def test_t36_a_target_industry_says_what_it_rests_on():
    observed, inferred = factory_types.s_curve("07000"), factory_types.s_curve("07401")
    assert (observed.group, observed.basis) == ("electronics", "observed")
    assert (inferred.group, inferred.basis) == ("electronics", "inferred")
    assert (observed.th, observed.en) == ("อิเล็กทรอนิกส์อัจฉริยะ", "Smart electronics")


def test_t38_a_juristic_person_that_ended_while_its_factory_is_licensed_is_told_to_both_owners():
    enterprises = pl.DataFrame(
        {"enterprise_id": ["E1", "E2", "E3", "E4"], "entity__status": ["closed", "suspended", "active", None]}
    )
    sites = pl.DataFrame({
        "enterprise_id": ["E1", "E1", "E2", "E3", "E4"],
        "establishment_id": ["S1", "S2", "S3", "S4", "S5"],
        "factory__factory_id": [FACTORIES[0], None, FACTORIES[1], FACTORIES[2], FACTORIES[2]],
        "factory__factory_class": ["3", None, "2", "3", "3"],
    })  # fmt: skip
    found = conflicts.of_version(enterprises, sites)
    assert found.rows() == [("E1", "S1", "closed-but-licensed"), ("E2", "S3", "struck-off-but-licensed")]
    assert set(conflicts.WORDS) == set(conflicts.OWNERS) == set(found["code"])
    assert conflicts.WORDS["closed-but-licensed"] == (
        "นิติบุคคลเลิกแล้ว แต่โรงงานยังอยู่ในทะเบียนโรงงาน",
        "The juristic person is dissolved, but its factory is still in the factory register",
    )
    assert all(owners == ("dbd", "diw") for owners in conflicts.OWNERS.values())


def test_t39_missing_from_the_factory_register_is_not_closed():
    said = contract_of("diw").coverage
    assert said.kind == "partial"
    assert said.th == ("ไม่มีแถว ไม่ได้แปลว่าเลิกกิจการ สถานประกอบการต่ำกว่า 50 แรงม้าและ 50 คน พ้นจากกฎหมายตั้งแต่ปี 2562")
    assert said.en == ("No row does not mean closed: premises under 50 HP and 50 workers left the Act in B.E. 2562")
    of_factories = [field_of(name) for name in statements.COLUMNS if name.startswith("factory.")]
    assert all(statements.nothing_of(field) is None for field in of_factories), "silence says nothing of a factory"


HERE = {"T15", "T16", "T17", "T18", "T19", "T32", "T33", "T35", "T36", "T37", "T38", "T39", "T41"}
