"""One spelling of a name: cases as an official would write them, and two engines that must agree."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.standardise import english, names, twins
from iindustry.standardise.names import normalise

CASES = [
    # T9, T11: one form, one core
    ("บริษัท เอ.บี. ฟู้ด (ประเทศไทย) จำกัด", "เอบีฟู้ด", "co"),
    ("บจก. A.B. ฟู้ด", "เอบีฟู้ด", "co"),
    ("บจ.เอบีฟู้ด จำกัด", "เอบีฟู้ด", "co"),
    ("บ. เอบีฟู้ด จก.", "เอบีฟู้ด", "co"),
    ("บมจ.เอบีฟู้ด จำกัด (มหาชน)", "เอบีฟู้ด", "plc"),
    ("บริษัท เอบีฟู้ด จำกัด(มหาชน)", "เอบีฟู้ด", "plc"),
    ("หจก. เอบีฟู้ด", "เอบีฟู้ด", "lp"),
    ("หจ.เอบีฟู้ด", "เอบีฟู้ด", "lp"),
    ("ห้างหุ้นส่วนจำกัด เอบีฟู้ด", "เอบีฟู้ด", "lp"),
    ("ห้างหุ้นส่วนสามัญนิติบุคคล เอบีฟู้ด", "เอบีฟู้ด", "op"),
    ("กิจการร่วมค้า ก-ข", "กข", "jv"),
    ("ร้าน สมชาย", "สมชาย", "shop"),
    ("ร้านค้าไทย", "ร้านค้าไทย", "shop"),
    ("นาย สมมติ ไม่มีจริง", "สมมติไม่มีจริง", "person"),
    ("นางรองพาณิชย์", "นางรองพาณิชย์", "none"),
    ("บริษัท ไทยแลนด์ ฟู้ด จำกัด", "ไทยแลนด์ฟู้ด", "co"),
    ("บริษัท ก จำกัด โดย นายข", "ก", "co"),
    ("บริษัท ก จำกัด (นางสาวข ค)", "ก", "co"),
    ("บริษัท ก จากัด", "ก", "co"),
    # T13, T14
    ("บริษัท นํ้าใส ๒๐๐๐ จำกัด", "น้ำใส2000", "co"),
    ("บริษัท น้ํา่ใส จำกัด", "น้่ำใส", "co"),
    ("เเสงทอง", "แสงทอง", "none"),
    ("ดับเบิ้ลยู", "ดับบลิว", "none"),
    ("W", "ดับบลิว", "none"),
]


@pytest.mark.parametrize(("text", "core", "form"), CASES)
def test_a_name_has_one_core_and_one_form(text, core, form):
    found = normalise(text)
    assert (found.core, found.form) == (core, form)


BRANCHES = [
    ("บริษัท ก จำกัด (สาขา 1)", "1"),
    ("บริษัท ก จำกัด สาขาที่ 00002", "2"),
    ("บริษัท ก จำกัด สำนักงานใหญ่", "0"),
    ("บริษัท ก จำกัด โรงงาน 2", "f2"),
    ("บริษัท ก จำกัด (สาขาบางนา)", "บางนา"),
    ("บริษัท ก จำกัด", None),
]


@pytest.mark.parametrize(("text", "branch"), BRANCHES)
def test_a_branch_goes_to_its_own_field_and_does_not_hide_the_form(text, branch):
    found = normalise(text)
    assert (found.branch, found.core, found.form) == (branch, "ก", "co")


def test_siblings_differ_by_their_number_alone():
    one, two = normalise("บริษัท ก่อสร้าง 1 จำกัด"), normalise("บริษัท ก่อสร้าง 2559 จำกัด")
    assert (one.num, two.num) == ("1", "2559")
    assert one.skel == two.skel
    assert one.core != two.core


@pytest.mark.parametrize(
    ("one", "other"),
    [("เทคโนโลยี", "เทคโนโลยี่"), ("คอมพิวเตอร์", "คอมพิวเตอ"), ("เซอีโซ", "เซอิโซ"), ("ศรีรุ่งเรือง", "สรีรุ่งเรือง")],
)
def test_spellings_of_one_sound_share_a_skeleton(one, other):
    assert normalise(one).skel == normalise(other).skel


@pytest.mark.parametrize("text", ["", "-", "...", "(ประเทศไทย)", "จำกัด"])
def test_nothing_is_none_and_never_an_empty_text(text):
    assert normalise(text).core in {None, "จำกัด", "ประเทศไทย"}


_WORDS = st.sampled_from([
    "บริษัท", "จำกัด", "(มหาชน)", "มหาชน", "หจก.", "บจก.", "บ.", "ห้างหุ้นส่วนจำกัด", "สาขา", "สาขาที่", "สำนักงานใหญ่", "โรงงาน", "00012",
    "ร้าน", "นาย", "นางสาว", "โดย", "(ประเทศไทย)", "ไทยแลนด์", "Co., Ltd.", "Public", "Company Limited", "PCL", "A.B.", "น้ำ", "นํ้า", "ำ่", "เเ",
    "์์", "่ั", "๒๕๖๙", "&", "(", ")", "นายก ข", " ", "ดับเบิ้ลยู", "W", "จก.", "กิจการร่วมค้า", "สหกรณ์", "\u200b", "\u00a0", "ก", "ABC", "head office",
])  # fmt: skip
_NAMES = st.lists(_WORDS | st.text(st.characters(codec="utf-8"), max_size=4) | st.text("กขคงะาำิีึื่้๊๋์ํ๎็เแโใไ 0๑a.()", max_size=8), max_size=8).map("".join) | st.lists(_WORDS, max_size=8).map(" ".join)  # fmt: skip


@given(st.lists(_NAMES, min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_both_engines_take_every_name_apart_alike(texts):
    found = [names.Name(**row) for row in names.apart(pl.Series("name", texts)).iter_rows(named=True)]
    assert found == [normalise(text) for text in texts]
    latin = [english.EnglishName(**row) for row in english.apart(pl.Series("name", texts)).iter_rows(named=True)]
    assert latin == [english.normalise(text) for text in texts]


@given(st.lists(_NAMES, min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_a_twin_has_one_byte_for_one_sign_and_loses_nothing(texts):
    cores = [normalise(text).core for text in texts]
    found = (
        pl.DataFrame({"core": cores}, schema={"core": pl.Utf8})
        .select(twins.twin_expr(pl.col("core")))
        .to_series()
        .to_list()
    )
    back = {twin: sign for sign, twin in twins.TABLE.items()}
    for core, twin in zip(cores, found, strict=True):
        assert twin == (None if core is None else twins.twin(core))
        if core is not None:
            assert len(twin.encode()) == len(core)
            assert "".join(back.get(sign, sign) for sign in twin) == core


def test_the_twins_are_72_signs_without_those_that_sql_reads():
    assert len(twins.TABLE) == 72
    assert len(set(twins.TABLE.values())) == 72
    assert not set("".join(twins.TABLE.values())) & set("0123456789\"'\\%_")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Phuket Food Co., Ltd.", "PUKET  FOOD COMPANY LIMITED"),
        ("Rim Khong Food (Thailand) Ltd", "RIMKONG FOODS"),
        ("Thanawat Vichai", "TANAWAT WIJAI"),
    ],
)
def test_romanised_names_meet_in_their_skeleton(one, other):
    assert english.skeleton_of(one) == english.skeleton_of(other).removesuffix("s")
