"""77 provinces, names written in many ways, and subdistricts that were abolished (traps T27 to T29)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.reference import areas


def test_the_tables_are_complete():
    assert len(areas.PROVINCES) == 77
    assert len(areas.list_codes(p.code for p in areas.PROVINCES)) == 7436
    assert sum(len(areas.list_districts(p.code)) for p in areas.PROVINCES) == 928
    assert len({p.abbreviation for p in areas.PROVINCES}) == 77
    assert {p.region for p in areas.PROVINCES} == {region.key for region in areas.REGIONS}
    assert len(areas.REGIONS) == 6


@pytest.mark.parametrize(
    ("subdistrict", "district", "province", "codes"),
    [
        ("บางทรายใหญ่", "เมืองมุกดาหาร", "มุกดาหาร", {"490104"}),
        ("ต. บางทรายใหญ่", "อ.เมือง", "จ.มุกดาหาร", {"490104"}),
        ("สุไหงโก-ลก", "สุไหงโก-ลก", "นราธิวาส", {"961001"}),
        ("สุไหงโกลก", None, "นราธิวาส", {"961001"}),
        ("แขวงบางบอน", "เขตบางบอน", "กทม.", {"105002", "105003", "105004", "105005"}),
        ("บางนา", "บางนา", "กรุงเทพฯ", {"104702", "104703"}),
        (None, "เมือง", "มุกดาหาร", {"4901"}),
        (None, None, "อยุธยา", {"14"}),
        ("บางทรายใหญ่", None, "ชลบุรี", set()),
        ("ไม่มีตำบลนี้", None, None, set()),
        ("บางทรายใหญ่", None, "เมืองหลวงใหม่", set()),
        (None, None, None, set()),
    ],
)
def test_parts_of_an_address_must_exist_together(subdistrict, district, province, codes):
    assert areas.find(subdistrict, district, province) == codes


def test_a_name_alone_may_mean_several_places():
    assert len(areas.find("วังทอง")) > 5


@pytest.mark.parametrize(
    ("written", "key"),
    [("ต.นํ้าใส", "น้ำใส"), ("อำเภอ เเม่สอด", "แม่สอด"), ("น้้ำพอง", "น้ำพอง"), ("สุไหงโก-ลก", "สุไหงโกลก"), (None, "")],
)
def test_one_key_for_many_spellings(written, key):
    assert areas.area_key(written) == key


@given(st.sampled_from(areas.list_codes(p.code for p in areas.PROVINCES)))
def test_every_subdistrict_is_found_by_its_own_full_name(code):
    found = areas.find(*(areas.name_of(code[:length])[0] for length in (6, 4, 2)))
    assert code in found
    assert all(one[:4] == code[:4] for one in found)


def test_the_gazetteer_holds_every_place_and_only_real_successors():
    frame = areas.gazetteer()
    known = set(areas.list_codes(p.code for p in areas.PROVINCES))
    assert set(frame.filter(~frame["abolished"])["subdistrict_code"]) == known
    assert set(frame["successors"].explode().unique()) <= known
    assert frame["abolished"].sum() > 1000
    assert frame.rows() == frame.sort("subdistrict_code", "district_key", maintain_order=True).rows()
    assert frame["province_key"].null_count() == 0


def test_full_names_are_written_as_people_write_them():
    assert areas.full_name_th("490104") == "ต.บางทรายใหญ่ อ.เมืองมุกดาหาร จ.มุกดาหาร"
    assert areas.full_name_th("104702") == "แขวงบางนาเหนือ เขตบางนา กรุงเทพมหานคร"
    assert areas.full_name_th("4901") == "อ.เมืองมุกดาหาร จ.มุกดาหาร"
    assert areas.full_name_th("99") == ""


def test_every_province_has_a_shape_inside_the_box():
    paths = areas.province_paths()
    assert set(paths) == {p.code for p in areas.PROVINCES}
    assert all(path.startswith("M") and path.endswith("z") for path in paths.values())
    assert areas.province_view_box() == "0 0 549 1000"
    assert sum(map(len, paths.values())) < 45_000
