"""A programme is found by words as people type them, in either language, and by what it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from iindustry.programmes import services, terms
from iindustry.programmes.browse import (
    ALIASES,
    FILTERS,
    STATE_WORDS,
    State,
    Wanted,
    browse,
    cover,
    folded,
    state_of,
    tokens_of,
)
from iindustry.programmes.shape import Kind, Suspension

TODAY = date(2026, 11, 22)
EVERY = services.catalogue()


def ids(**wanted):
    return [one.programme.id for one in browse(EVERY, Wanted(**wanted), today=TODAY).items]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("สินเชื่อสีเขียว", "SMED-D-GREEN"),  # no title holds the two words side by side
        ("กู้เงินซื้อเครื่องจักร", "EXIM-D-SCURVE"),  # not one word of it stands in the title
        ("green loan", "EXIM-D-GREEN"),
        ("smed-d-green", "SMED-D-GREEN"),
        ("SMED D GREEN", "SMED-D-GREEN"),
        ("smedgreenprod", "SMED-GREENPROD"),
        ("ธพว", "SMED-D-LOCAL"),
        ("เอ็กซิมแบงก์", "EXIM-D-EXPORT"),
        ("ค่าธรรมเนียมโรงงาน", "DIW-D-FEE"),
        ("โซลาร์เซลล์", "SMED-D-GREEN"),
        ("eec", "EXIM-D-ZONE"),
    ],
)
def test_words_without_spaces_ids_and_both_languages_find_a_programme(text, found):
    shown = browse(EVERY, Wanted(text=text), today=TODAY)
    assert not shown.is_near
    assert found in [one.programme.id for one in shown.items]
    assert len(shown.items) < len(EVERY), "words that take nothing away"


def test_the_programme_whose_id_was_typed_stands_first():
    assert ids(text="SMED-D-GREEN")[0] == "SMED-D-GREEN"
    assert ids(text="exim d zone")[0] == "EXIM-D-ZONE"


def test_what_nothing_holds_gives_the_nearest_and_says_so_and_nonsense_gives_nothing():
    near = browse(EVERY, Wanted(text="เงินทุนหมุนเวียนร้านก๋วยเตี๋ยว"), today=TODAY)
    assert near.is_near
    assert near.items
    assert browse(EVERY, Wanted(text="ฮฮฮฮฮฮ"), today=TODAY).items == ()
    assert browse(EVERY, Wanted(text="qqqq"), today=TODAY).items == ()


def test_a_short_latin_word_is_no_part_of_another():
    assert "EXIM-D-ZONE" not in ids(text="one"), "zone holds no word `one`"


def test_alike_letters_are_one_spelling():
    assert folded("กํา") == folded("กำ") == "กำ"
    assert folded("ก่่า") == "ก่า"
    assert folded("๒๕๖๙") == "2569"
    assert tokens_of("สินเชื่อSME") == ("สินเชื่อ", "sme")


def test_pieces_cover_what_stands_apart_in_a_text():
    assert cover("สินเชื่อสีเขียว", "สินเชื่อเพิ่มผลิตภาพสีเขียว") == 1.0
    assert cover("สินเชื่อปลา", "สินเชื่อเพิ่มผลิตภาพสีเขียว") == pytest.approx(8 / 11)


def test_each_filter_takes_away_and_nothing_is_lent_above_its_limit():
    loans = ids(kind="loan_product", state="open")
    assert loans
    assert all(one.kind is Kind.LOAN_PRODUCT for one in EVERY if one.id in loans)
    much = ids(amount_satang=6_000_000_000)
    assert "EXIM-D-GREEN" in much
    assert "SMED-D-LOCAL" not in much
    assert set(ids(line="area", owner="exim", state="open")) == {"EXIM-D-ZONE"}
    assert all("machinery" in services.get_programme(one).benefit.use_of_funds for one in ids(use="machinery"))


def test_the_archive_is_never_among_what_is_open():
    assert not [one for one in ids(state="open") if services.get_programme(one).is_archive]
    assert all(services.get_programme(one).is_archive for one in ids(state="archive"))
    assert set(ids()) == {one.id for one in EVERY}


def test_a_programme_has_one_state_on_a_day():
    one = services.get_programme("SMED-D-LOCAL")
    stopped = replace(one, suspension=Suspension(one.id, "หยุด", datetime(2026, 11, 1, tzinfo=UTC)))
    assert state_of(one, TODAY) is State.OPEN
    assert state_of(stopped, TODAY) is State.SUSPENDED
    assert state_of(one, date(2025, 1, 1)) is State.COMING
    assert state_of(one, date(2031, 1, 1)) is State.CLOSED
    assert state_of(services.get_programme("SMED-GREENPROD"), TODAY) is State.ARCHIVE


def test_orders_put_the_unknown_last():
    by_rate = ids(kind="loan_product", order="rate")
    first = [services.get_programme(one).is_archive for one in by_rate]
    assert first == sorted(first), "a card, whose rate is words, stands before a rate that is a number"
    by_limit = [services.get_programme(one).amount_max_satang or 0 for one in ids(order="limit")]
    assert by_limit == sorted(by_limit, reverse=True)


def test_every_state_has_words_and_every_filter_a_field_of_what_is_wanted():
    assert set(STATE_WORDS) == set(State)
    fields = set(Wanted.__dataclass_fields__)
    assert {name if name != "amount" else "amount_satang" for name in FILTERS} <= fields


def test_an_alias_stands_beside_a_code_that_some_document_may_name():
    codes = {*terms.OWNERS, *terms.LINES, *terms.USES, *(one.value for one in Kind)}
    assert set(ALIASES) <= codes
