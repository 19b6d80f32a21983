"""One spelling of a name: cases as an official would write them, and two engines that must agree."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.standardise import english, names, sounds, twins
from iindustry.standardise.loanwords import LOANWORDS
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
    ("บ.เอบีฟู้ด จำกัด", "เอบีฟู้ด", "co"),
    ("บ. จ. ก. เอบีฟู้ด", "เอบีฟู้ด", "co"),
    ("บริษัทฯ เอบีฟู้ด", "เอบีฟู้ด", "co"),
    ("บริษัทเอบีฟู้ดจำกัด", "เอบีฟู้ด", "co"),
    ("บริษัท เอบีฟู้ด", "เอบีฟู้ด", "co"),
    ("เอบีฟู้ด บจก.", "เอบีฟู้ด", "co"),
    ("เอบีฟู้ด จำกัด, บริษัท", "เอบีฟู้ด", "co"),
    ("A.B. CO.,LTD.", "เอบี", "co"),
    ("A.B. Company Limited", "เอบี", "co"),
    ("A.B. Public Company Limited", "เอบี", "plc"),
    ("บริษัท เอบีฟู้ด มหาชน จำกัด", "เอบีฟู้ด", "plc"),
    ("บริษัทมหาชนจำกัด เอบีฟู้ด", "เอบีฟู้ด", "plc"),
    ("ห.จ.ก. เอบีฟู้ด", "เอบีฟู้ด", "lp"),
    ("ห้างหุ้นส่วน เอบีฟู้ด จำกัด", "เอบีฟู้ด", "lp"),
    ("A.B. Ltd., Part.", "เอบี", "lp"),
    ("หสม. เอบีฟู้ด", "เอบีฟู้ด", "op"),
    ("หสน.เอบีฟู้ด", "เอบีฟู้ด", "op"),
    ("บริษัท กิจการร่วมค้า ก-ข จำกัด", "กข", "co"),
    ("สหกรณ์การเกษตรสมมติ จำกัด", "สหกรณ์การเกษตรสมมติ", "coop"),
    ("ชุมนุมสหกรณ์แห่งประเทศไทย จำกัด", "ชุมนุมสหกรณ์แห่งประเทศไทย", "coop"),
    ("นางสาว สมมติ ไม่มีจริง", "สมมติไม่มีจริง", "person"),
    ("น.ส.สมมติ ไม่มีจริง", "สมมติไม่มีจริง", "person"),
    ("ว่าที่ ร.ต. สมมติ ไม่มีจริง", "สมมติไม่มีจริง", "person"),
    ("พ.ต.ท.หญิง สมมติ ไม่มีจริง", "สมมติไม่มีจริง", "person"),
    ("ด.ช. สมมติ ไม่มีจริง", "สมมติไม่มีจริง", "person"),
    ("นายช่าง เซอร์วิส", "นายช่างเซอร์วิส", "none"),
    ("บริษัท นายช่าง อีพีซี จำกัด", "นายช่างอีพีซี", "co"),
    ("บุคคลธรรมดา (ปกปิดชื่อ)", None, "none"),
    ("ไม่ระบุชื่อ", None, "none"),
    ("บริษัท วารี มหาชนะชัย จำกัด", "วารีมหาชนะชัย", "co"),
    # T34
    ("บริษัท น าเข้าและส านักงาน จ ากัด", "นำเข้าและสำนักงาน", "co"),
    ("หน้ายาว", "หน้ายาว", "none"),
    # T13, T14
    ("บริษัท นํ้าใส ๒๐๐๐ จำกัด", "น้ำใส2000", "co"),
    ("บริษัท น้ํา่ใส จำกัด", "น้่ำใส", "co"),
    ("เเสงทอง", "แสงทอง", "none"),
    ("ดับเบิ้ลยู", "ดับบลิว", "none"),
    ("W", "ดับบลิว", "none"),
    # a form in brackets or at the end, a shortened ห้าง, an earlier name
    ("เอบีฟู้ด (บจก.)", "เอบีฟู้ด", "co"),
    ("เอบีฟู้ด (หจก.)", "เอบีฟู้ด", "lp"),
    ("ห้าง เอบีฟู้ด", "เอบีฟู้ด", "none"),
    ("ห้างทองสมมติ", "ห้างทองสมมติ", "none"),
    ("บริษัท เอบีฟู้ด จำกัด (ชื่อเดิม ก ข)", "เอบีฟู้ด", "co"),
    ("บริษัท เอบีฟู้ด (ปทท.) จำกัด", "เอบีฟู้ด", "co"),
    # a first word stands before the name where there is no legal form, but for one that makes a word with the next
    ("ร้านสมชาย", "สมชาย", "shop"),
    ("โรงงานเอบีฟู้ด", "เอบีฟู้ด", "none"),
    ("กิจการ เอบีฟู้ด", "เอบีฟู้ด", "none"),
    ("โรงงานน้ำแข็งสมมติ", "โรงงานน้ำแข็งสมมติ", "none"),
    # a company in brackets behind what its works are called, an alias in Latin letters, brackets around the whole
    ("สมมติฟู้ด (หจก. สมมติฟู้ด ซัพพลาย จำกัด)", "สมมติฟู้ดซัพพลาย", "lp"),
    ("เอบีฟู้ด (บริษัท จำกัด)", "เอบีฟู้ดบริษัท", "co"),
    ("บริษัท เอบีฟู้ด จำกัด (AB FOOD)", "เอบีฟู้ด", "co"),
    ("บริษัท เอบีฟู้ด (1995) จำกัด", "เอบีฟู้ด1995", "co"),
    ("(บริษัท เอบีฟู้ด (ประเทศไทย) จำกัด)", "เอบีฟู้ด", "co"),
    # a manager behind a name, a last word that was cut off
    ("บ. เอบีฟู้ด จก. โดย นางสมศรี สมมติ", "เอบีฟู้ด", "co"),
    ("เอบีฟู้ด โดย นาย สมชาย สมมติ", "เอบีฟู้ด", "none"),
    ("บริษัท ดีโดย จำกัด", "ดีโดย", "co"),
    ("บริษัท เอบีฟู้ด จำกั", "เอบีฟู้ด", "co"),
    ("บริษัท เอบีฟู้ด จำ", "เอบีฟู้ด", "co"),
    # English words as Thai writes them; a part of a longer word and initials are no words
    ("บริษัท สมมติ DEVELOPMENT จำกัด", "สมมติดีเวลลอปเม้นท์", "co"),
    ("บริษัท สมมติDEVELOPMENT GROUP จำกัด", "สมมติดีเวลลอปเม้นท์กรุ๊ป", "co"),
    ("บริษัท AB จำกัด", "เอบี", "co"),
    ("บริษัท OILX จำกัด", "โอไอแอลเอ็กซ์", "co"),
    # คุณ before a person's name is a title; before a word it is none
    ("คุณสมมติ ไม่มีจริง", "สมมติไม่มีจริง", "person"),
    ("คุณ สมมติ ณ ไม่มีจริง", "สมมติณไม่มีจริง", "person"),
    ("นายสมมติ ณ ไม่มีจริง", "สมมติณไม่มีจริง", "person"),
    ("คุณภาพ การเกษตร", "คุณภาพการเกษตร", "none"),
    ("คุณแม่ ทองดี", "คุณแม่ทองดี", "none"),
    ("บริษัท คุณสมมติ ค้าไม้ จำกัด", "คุณสมมติค้าไม้", "co"),
    # an owner and his shop in one cell: the one that stands first
    ("นายสมมติ ไม่มีจริง (ตัวอย่างการช่าง)", "สมมติไม่มีจริง", "person"),
    ("คุณสมมติ ไม่มีจริง (ตัวอย่าง (ประเทศไทย))", "สมมติไม่มีจริง", "person"),
    ("ตัวอย่างการช่าง (คุณสมมติ ไม่มีจริง)", "ตัวอย่างการช่าง", "none"),
    ("ตัวอย่าง Co.,Ltd. โดย สมมติ ไม่มีจริง", "ตัวอย่าง", "co"),
    ("ตัวอย่างดี (คุณภาพเยี่ยม)", "ตัวอย่างดีคุณภาพเยี่ยม", "none"),
    # the country misspelt in brackets
    ("บริษัท ตัวอย่าง (ประเทสไทย) จำกัด", "ตัวอย่าง", "co"),
    ("บริษัท ตัวอย่าง (ประเทศใทย) จำกัด", "ตัวอย่าง", "co"),
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
    ("บริษัท ก จำกัด (สนญ.)", "0"),
    ("บริษัท ก จำกัด (Head Office)", "0"),
    ("บริษัท ก จำกัด สาขาบางนา", "บางนา"),
    ("บริษัท ก จำกัด (มหาชน) (สาขาพระราม 3)", "พระราม3"),
    ("บริษัท ก จำกัด (หน่วยงานสมมติ)", "หน่วยงานสมมติ"),
    ("ศูนย์บริการ บริษัท ก จำกัด", "ศูนย์บริการ"),
    ("บริษัท ก จำกัด", None),
]


@pytest.mark.parametrize(("text", "branch"), BRANCHES)
def test_a_branch_goes_to_its_own_field_and_does_not_hide_the_form(text, branch):
    found = normalise(text)
    assert (found.branch, found.core) == (branch, "ก")
    assert found.form in {"co", "plc"}


@pytest.mark.parametrize(
    ("text", "core", "branch"),
    [
        ("ควิก สาขาบางนา", "ควิก", "บางนา"),
        ("บจก. ควิก สาขาบางนา", "ควิก", "บางนา"),
        ("บมจ. ควิก สาขาพระราม 3", "ควิก", "พระราม3"),
        ("บริษัท ควิก สาขาบางนา จก.", "ควิกสาขาบางนา", None),
        ("สาขาทอง", "สาขาทอง", None),
        ("บริษัท สาขาทอง จำกัด", "สาขาทอง", None),
        ("บริษัท ก ข สาขาบางนา จำกัด", "กขสาขาบางนา", None),
        ("ห้างหุ้นส่วนจำกัด โรงงานน้ำแข็ง", "โรงงานน้ำแข็ง", None),
    ],
)
def test_a_branch_inside_a_registered_name_belongs_to_it(text, core, branch):
    found = normalise(text)
    assert (found.core, found.branch) == (core, branch)


@pytest.mark.parametrize(
    ("text", "core", "other"),
    [
        ("ร้าน สมชาย", "สมชาย", "ร้านสมชาย"),
        ("ร้านค้าไทย", "ร้านค้าไทย", "ค้าไทย"),
        ("บริษัท โรงงานแม่ใจดี จำกัด", "โรงงานแม่ใจดี", "แม่ใจดี"),
        ("บ.เจริญยนต์", "เจริญยนต์", "บเจริญยนต์"),
        ("บ.เจริญยนต์ จำกัด", "เจริญยนต์", None),
        ("โรงงาน", "โรงงาน", None),
        ("ก้าวหน้า", "ก้าวหน้า", None),
    ],
)
def test_a_word_that_may_belong_to_the_name_leaves_two_readings(text, core, other):
    found = normalise(text)
    assert (found.core, found.core_alt) == (core, other)


def test_what_a_pdf_lost_is_marked():
    assert normalise("บริษัท ก จากัด").repaired is True
    assert normalise("บริษัท ก จำกัด").repaired is False


@pytest.mark.parametrize("spelled", ["ดับเบิลยู", "ดับเบิ้ลยู", "ดับบลิ้ว", "ดับลิว", "W", "W.", "ดับบลิว"])
def test_a_letter_has_one_name(spelled):
    assert normalise(f"บริษัท {spelled} พลาสติก จำกัด").core == "ดับบลิวพลาสติก"


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


SOUNDS = [
    ("ริมโขง ฟู้ด", "Rim Khong Food Co., Ltd."),
    ("บริษัท สมมติ เอ็นจิเนียริ่ง จำกัด", "Sommot Engineering"),
    ("พลาสติก คอร์ปอเรชั่น", "Plastic Corporation Public Company Limited"),
    ("อินเตอร์เนชั่นแนล เซอร์วิส", "International Service"),
    ("ทรัพย์เพิ่มพูน", "Sap Poem Phun"),
    ("ภูเก็ตพัฒนา", "Phuket Phatthana"),
    ("เจริญชัย", "Charoen Chai"),
    ("เอส.พี. เทคโนโลยี", "S.P. Technology"),
]


@pytest.mark.parametrize(("thai", "latin"), SOUNDS)
def test_a_thai_and_an_english_name_meet_in_their_classes(thai, latin):
    assert normalise(thai).xskel == english.normalise(latin).en_xskel


def test_classes_tell_names_apart():
    assert len({normalise(thai).xskel for thai, _ in SOUNDS}) == len(SOUNDS)
    assert set("".join(normalise(thai).xskel for thai, _ in SOUNDS)) <= set(sounds.CLASSES)


_NOISE = st.sampled_from([
    lambda text: text.replace(" ", "  "), lambda text: text.replace(" ", "\u00a0"), lambda text: f" {text} ", lambda text: text.upper(),
    lambda text: text.replace("น้ำ", "นํ้า"), lambda text: text.replace("แ", "เเ"), lambda text: text.replace("จำกัด", "จํากัด"),
    lambda text: text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")), lambda text: text.replace("จำกัด", "จากัด"),
    lambda text: text.replace("่", "่่"), lambda text: f"{text} (สำนักงานใหญ่)", lambda text: text.replace(" (", "("), lambda text: f"\u200b{text}",
    lambda text: text.replace("บริษัท ", "บริษัท"), lambda text: text.replace(" จำกัด", "จำกัด"),
])  # fmt: skip
_REAL_LIKE = st.sampled_from([
    "บริษัท แสงน้ำทอง 2559 จำกัด", "บริษัท เอ.บี. แม่น้ำ (ประเทศไทย) จำกัด", "บริษัท ค่ำคืน จำกัด (มหาชน)", "บริษัท แก่นน้ำค้าง แอนด์ ซัน จำกัด",
])  # fmt: skip


@given(_REAL_LIKE, st.lists(_NOISE, max_size=4))
@settings(max_examples=200, deadline=None)
def test_noise_that_changes_no_word_changes_no_core(text, noise):
    noisy = text
    for change in noise:
        noisy = change(noisy)
    plain, found = normalise(text), normalise(noisy)
    assert (found.core, found.num, found.skel, found.xskel, found.form) == (
        plain.core, plain.num, plain.skel, plain.xskel, plain.form,
    )  # fmt: skip


def test_every_english_word_has_a_thai_spelling_and_sounds_as_it():
    assert len(LOANWORDS) > 250
    for word, thai in LOANWORDS.items():
        assert normalise(f"บริษัท ก {word} ข จำกัด").core == normalise(f"บริษัท ก {thai} ข จำกัด").core
