"""Countries, estates and a year of accounts: each text stands for one thing or for none."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.reference import countries, estates, filed_accounts
from iindustry.reference.fields import FIELDS, words_of
from iindustry.sources.dbd_directors import decoder


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("JP", "JP"), ("jpn", "JP"), ("ญี่ปุ่น", "JP"), ("Japan", "JP"), ("ฮ่องกง", "HK"), ("Hong Kong", "HK"),
        ("Viet Nam", "VN"), ("ลาว", "LA"), ("XX", None), ("", None), ("ดาวอังคาร", None),
    ],
)  # fmt: skip
def test_a_market_is_named_in_letters_thai_or_english(text, code):
    assert countries.find(text) == code


def test_every_country_is_found_by_each_of_its_own_names():
    assert len(countries.COUNTRIES) == 249
    for one in countries.COUNTRIES.values():
        assert {countries.find(text) for text in (one.code, one.alpha3, one.th, one.en)} == {one.code}
    assert countries.name_of("JP") == ("ญี่ปุ่น", "Japan")
    assert countries.name_of("??") == ("??", "??")


@pytest.mark.parametrize(
    ("factory_id", "estate"),
    [
        ("72039999925606", "E02"), ("82039999925349", "E02"), ("72169999925609", "E04"), ("72459999925600", "F45"),
        ("10169999925601", None), ("20509999925536", None), ("91109999925604", None),
    ],
)  # fmt: skip
def test_an_estate_is_told_by_the_issuer_and_its_digits_and_never_by_a_province(factory_id, estate):
    assert estates.of_factory_id(factory_id) == estate
    frame = pl.DataFrame({"factory_id": [factory_id, None]})
    assert frame.select(estates.of_factory_ids(pl.col("factory_id"))).to_series().to_list() == [estate, None]


def test_estates_have_one_name_each_and_words_for_every_code():
    assert len(estates.known()) == len(estates.ESTATES) == 70
    assert all(estates.find(f"นิคมอุตสาหกรรม{one.th}") == code for code, one in estates.ESTATES.items())
    assert estates.find("ไม่มีนิคมนี้") is None
    for code in ("none", "E02", "F45"):
        th, en = estates.name_of(code)
        assert th != en
        assert all((th, en))


YEARS = st.builds(
    filed_accounts.FiledYear,
    st.integers(1950, 2100),
    *([st.none() | st.integers(-(10**15), 10**15)] * len(filed_accounts.MEASURES)),
)


@given(YEARS)
def test_a_year_of_accounts_is_read_as_it_was_written(filed):
    assert filed_accounts.read(filed_accounts.written(filed)) == filed


def test_what_was_not_filed_is_left_out_and_a_strange_text_refused():
    assert filed_accounts.written(filed_accounts.FiledYear(2025, 0, -5)) == "2025 revenue=0 profit=-5"
    with pytest.raises(ValueError, match="no measure"):
        filed_accounts.read("2025 luck=1")


def test_the_signing_rule_of_the_field_is_that_of_the_decoder():
    rule = next(one for one in FIELDS if one.name == "entity.signing_rule")
    assert rule.codes == decoder.RULES


@pytest.mark.parametrize(
    ("field", "element", "words"),
    [
        ("entity.signing_rule", "two", ("กรรมการสองคนร่วมกัน", "two directors together")),
        ("entity.export_markets", "JP", ("ญี่ปุ่น", "Japan")),
        ("area.estate", "none", ("นอกนิคมอุตสาหกรรม", "outside industrial estates")),
        (
            "accounts.by_year",
            "2025 revenue=100000 profit=-500",
            ("2568: รายได้ 1,000.00 · กำไรสุทธิ -5.00", "2025: revenue 1,000.00 · profit -5.00"),
        ),
        ("standard.licences", "มอก. 1", None),
    ],
)
def test_a_code_or_an_element_is_read_in_words(field, element, words):
    assert words_of(field, element) == words


def test_a_field_with_words_has_them_for_each_of_its_codes():
    for field in FIELDS:
        if field.words:
            assert tuple(code for code, _, _ in field.words) == field.codes, field.name


def test_every_measure_of_accounts_has_words():
    whole = filed_accounts.FiledYear(2025, *range(100, 700, 100))
    th, en = filed_accounts.in_words(whole)
    assert th.count("·") == en.count("·") == len(filed_accounts.MEASURES) - 1
