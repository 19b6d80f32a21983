"""What a register's value and a met condition say to people: no year taken for a dispute, no debt told where there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from iindustry.programmes.facts import Words
from iindustry.reference.filed_accounts import FiledYear, written
from iindustry.web.templatetags import words


@dataclass(frozen=True)
class Said:
    field: str
    value: Any
    source: str = "dbd_accounts"
    as_of: date = date(2025, 12, 31)
    competing: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Condition:
    fact: str
    label: Words
    answer: str = "yes"
    value: Any = None


LATEST = Said("entity.revenue_satang", 4_200_000_000)
BEFORE = replace(LATEST, value=4_872_722_400, as_of=date(2024, 12, 31))
LONG_BEFORE = replace(LATEST, value=4_229_726_000, as_of=date(2023, 12, 31))
OTHERS = replace(LATEST, value=4_100_000_000, source="dbd", as_of=date(2024, 12, 31))


def test_the_accounts_of_other_years_are_no_dispute_and_another_register_is():
    value = replace(LATEST, competing=(LONG_BEFORE, OTHERS, BEFORE))
    assert words.differing(value) == [OTHERS]
    assert words.earlier(value) == [BEFORE, LONG_BEFORE]


def test_two_records_of_one_register_and_day_that_differ_are_told():
    twin = replace(LATEST, value=1)
    assert words.differing(replace(LATEST, competing=(twin,))) == [twin]


@pytest.mark.parametrize(("language", "none"), [("th", "ไม่มี"), ("en", "none")])
def test_an_empty_list_says_none_and_what_was_never_said_does_not(language, none):
    with translation.override(language):
        assert words.plain_value(Said("standard.sugar_licences", [])) == none
        assert words.plain_value(Said("standard.sugar_licences", None)) == words.NOT_SAID


def test_filed_accounts_are_a_line_a_year_with_their_unit():
    years = [written(FiledYear(year, revenue_satang=year * 100)) for year in (2024, 2025)]
    with translation.override("th"):
        assert words.plain_lines(Said("accounts.by_year", years)) == [
            "2567: รายได้ 2,024.00 (บาท)", "2568: รายได้ 2,025.00 (บาท)",
        ]  # fmt: skip
        assert words.plain_lines(LATEST) == ["42,000,000.00 บาท"]


DEBT = Condition(
    "arrears.smed_loan", Words("ค้างชำระสินเชื่อกับ ธพว. เกิน 90 วัน", "Loan at SME Development Bank over 90 days past due")
)


@pytest.mark.parametrize(
    ("condition", "th", "en"),
    [
        (DEBT, "ไม่ค้างชำระสินเชื่อกับ ธพว. เกิน 90 วัน", "No loan at SME Development Bank over 90 days past due"),
        (replace(DEBT, value=False), "ไม่ค้างชำระสินเชื่อกับ ธพว. เกิน 90 วัน", "No loan at SME Development Bank over 90 days past due"),
        (replace(DEBT, answer="no"), DEBT.label.th, DEBT.label.en),
        (replace(DEBT, answer="unknown"), DEBT.label.th, DEBT.label.en),
        (replace(DEBT, value=True), DEBT.label.th, DEBT.label.en),
        (replace(DEBT, fact="establishment.sez", label=Words("อยู่ในเขต", "In a zone")), "อยู่ในเขต", "In a zone"),
    ],
)  # fmt: skip
def test_a_debt_is_told_only_where_there_may_be_one(condition, th, en):
    for language, told in (("th", th), ("en", en)):
        with translation.override(language):
            assert words.condition_label(condition) == told


@pytest.mark.parametrize(("field", "told"), [("obligation.fee_overdue", "ไม่ค้าง"), ("area.eec", "ไม่ใช่")])
def test_a_flag_of_debt_is_answered_in_its_own_words(field, told):
    with translation.override("th"):
        assert words.plain_value(Said(field, value=False)) == told


def test_money_told_in_two_figures_shows_no_more():
    from iindustry.web.templatetags import words

    assert [words.about_million(one) for one in (64_000_000_000, 180_000_000, 1_000_000_000, 100_000_000)] == [
        "640",
        "1.8",
        "10",
        "1",
    ]
