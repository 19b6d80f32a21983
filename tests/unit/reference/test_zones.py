"""The areas of policy: 90 subdistricts of border zones, three provinces of the EEC, sixteen of the corridors."""

import pytest

from iindustry.reference import areas, zones


def test_the_tables_add_up_to_what_was_published():
    phase1, phase2 = zones.sez_subdistricts(1), zones.sez_subdistricts(2)
    assert len(phase1) + len(phase2) == 90
    assert len({code[:4] for code in (*phase1, *phase2)}) == 23
    assert len({code[:2] for code in (*phase1, *phase2)}) == 10
    assert [p.code for p in areas.PROVINCES if zones.in_eec(p.code)] == ["20", "21", "24"]
    assert sum(zones.corridor(p.code) != zones.NO_CORRIDOR for p in areas.PROVINCES) == 16


@pytest.mark.parametrize(
    ("subdistrict", "district", "answer"),
    [
        ("490104", None, True),
        ("490105", None, False),  # same district, another subdistrict
        (None, "4901", None),  # a district alone is only possible
        ("570902", None, None),  # phase 2 is only possible
        ("100101", None, False),
        (None, "1001", False),
        (None, None, None),
    ],
)
def test_a_border_zone_is_decided_by_subdistrict_and_else_only_possible(subdistrict, district, answer):
    assert zones.sez(subdistrict, district) is answer


def test_the_frame_says_the_same_as_the_functions():
    frame = zones.zone_frame()
    assert frame.height == 7436
    assert (frame["sez"] == True).sum() == 36  # noqa: E712 - a column with nulls
    for row in frame.sample(200, seed=1).iter_rows(named=True):
        assert row["sez"] is zones.sez(row["subdistrict_code"])
        assert row["eec"] is zones.in_eec(row["province_code"])
        assert row["corridor"] == zones.corridor(row["province_code"])


def test_each_zone_names_its_law():
    for key in ("eec", "sez", *zones.CORRIDORS):
        words = zones.words(key)
        assert words.th
        assert words.en
        assert words.law
