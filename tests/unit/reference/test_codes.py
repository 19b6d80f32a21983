"""Activity codes, factory kinds and the target industries a type is coded to."""

import pytest

from iindustry.kernel.errors import NotFound
from iindustry.reference import activities, factory_types, fields


def test_every_level_of_the_activity_table_is_complete():
    assert [len(activities.list_codes(level)) for level in (1, 2, 3, 4, 5)] == [21, 88, 244, 441, 1098]
    for code in activities.list_codes(5):
        found = activities.activity(code)
        assert found.th
        assert found.en
        assert found.section == activities.activity(found.section).code


@pytest.mark.parametrize(("tsic", "sector"), [("10304", "manufacturing"), ("33", "manufacturing"), ("C", "manufacturing"), ("46900", "service_trade"), ("01", "service_trade"), (None, None), ("04", None), ("xx", None)])  # fmt: skip
def test_the_size_rule_knows_two_sectors(tsic, sector):
    assert activities.sector(tsic) == sector


def test_the_107_kinds_each_have_a_type_and_words():
    kinds = factory_types.list_kinds()
    assert [kind.kind for kind in kinds] == list(range(1, 108))
    assert all(kind.th and kind.en for kind in kinds)
    assert {item.kind for item in factory_types.list_types()} == set(range(1, 108))
    assert len(factory_types.list_types()) == 315


@pytest.mark.parametrize(("code", "padded"), [("401", "00401"), ("1001", "01001"), ("10700", "10700")])
def test_lost_zeros_come_back(code, padded):
    assert factory_types.factory_type(code).code == padded


@pytest.mark.parametrize(
    ("code", "group", "basis"),
    [
        ("00401", "food_processing", "observed"),
        ("00402", "food_processing", "inferred"),
        ("00201", "food_processing", "observed"),
        ("00203", "agri_biotech", "inferred"),
        ("07702", "automotive", "observed"),
        ("07801", "automotive", "inferred"),
        ("06800", "robotics", "observed"),
        ("10700", "digital", "observed"),
    ],
)
def test_a_type_is_coded_to_a_target_industry_with_its_basis(code, group, basis):
    found = factory_types.s_curve(code)
    assert (found.group, found.basis) == (group, basis)


def test_other_types_are_coded_to_none():
    assert factory_types.s_curve("03700") is None
    assert factory_types.s_curve(None) is None
    assert {found.group for found in factory_types.list_s_curve().values()} == set(factory_types.s_curve_groups())


def test_fields_are_looked_up_by_name_fact_and_pattern():
    assert fields.field_of("entity.capital_satang").column == "entity__capital_satang"
    assert fields.by_fact("enterprise.tsic").name == "entity.tsic"
    assert fields.expand(("area.*", "entity.tsic")) == {"entity.tsic"} | {
        f.name for f in fields.FIELDS if f.name.startswith("area.")
    }
    assert len({f.name for f in fields.FIELDS}) == len(fields.FIELDS)
    facts = [f.fact for f in fields.FIELDS if f.fact]
    assert len(set(facts)) == len(facts)
    for asked in (
        lambda: fields.field_of("entity.x"),
        lambda: fields.by_fact("x"),
        lambda: fields.expand(("nothing.*",)),
    ):
        with pytest.raises(NotFound) as refused:
            asked()
        assert refused.value.code == "field-unknown"
