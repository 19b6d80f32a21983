"""What `look-up` is asked by is read, or refused with the option's own reason in both languages."""

from __future__ import annotations

import pytest

from iindustry.cli import asked
from iindustry.config import words
from iindustry.kernel.errors import Conflict, NotFound, Rejected


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("province_code", "10", "10"), ("province_code", "๑๐", "10"), ("province_code", "กทม.", "10"),
        ("province_code", "จ.ชลบุรี", "20"), ("province_code", "Chon Buri", "20"), ("province_code", "chonburi", "20"),
        ("juristic_id", "0-1055-58197-63-2", "0105558197632"), ("juristic_id", "105558197632", "0105558197632"),
        ("factory_id", "20500000325535", "20500000325535"), ("phone", "02 123 4567", "02 123 4567"),
    ],
)  # fmt: skip
def test_an_option_is_read_as_people_write_it(name, text, read):
    assert asked.read({name: text}) == {name: read}


REFUSED = [
    ("juristic_id", "12345", "look-up-number-length", "5"),
    ("juristic_id", "0105558197633", "look-up-number-check", "--number"),
    ("juristic_id", "ไม่ใช่เลข", "look-up-number-length", "0"),
    ("juristic_id", "1101702033455", "look-up-citizen-id", ""),
    ("factory_id", "จ3-86-3/53ชม", "look-up-factory-old", "--factory"),
    ("factory_id", "123", "look-up-factory-length", "3"),
    ("factory_id", "20500000325536", "look-up-factory-check", "--factory"),
    ("phone", "12345", "look-up-phone", "5"),
    ("province_code", "99", "look-up-province", "99"),
    ("province_code", "ชนบุรี", "look-up-province", "ชลบุรี"),
]


@pytest.mark.parametrize(("name", "text", "code", "said"), REFUSED)
def test_what_cannot_be_read_is_refused_with_its_own_reason(name, text, code, said):
    if code == "look-up-citizen-id":
        from iindustry.kernel.ids import thirteen_check_digit

        text = text[:12] + thirteen_check_digit(text[:12])
    with pytest.raises(Rejected, match=code) as refusal:
        asked.read({name: text})
    for language in ("th", "en"):
        sentence = words.sentence(refusal.value, language)
        assert said in sentence
        assert "{" not in sentence
        if name != "province_code":
            assert text not in sentence, "the number itself, which may be a person's, is repeated"


def test_every_option_has_its_reader_and_what_is_not_given_stays_away():
    assert set(asked.READERS) == {"juristic_id", "factory_id", "phone", "province_code"}
    assert asked.read({"name_th": "", "phone": None, "address": "1 หมู่ 2"}) == {
        "name_th": None,
        "phone": None,
        "address": "1 หมู่ 2",
    }


@pytest.mark.parametrize(
    "error", [NotFound("source-unknown", source="x", known=["dbd", "diw"]), Conflict("nothing", known=("a",))]
)
def test_several_things_are_a_plain_list_of_names(error):
    for language in ("th", "en"):
        assert "[" not in words.sentence(error, language)
        assert "'" not in words.sentence(error, language)
    if error.code == "source-unknown":
        assert "dbd, diw" in words.sentence(error, "th")
