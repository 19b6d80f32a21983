"""The cards say what was reported of the 24 real products (DOMAIN section 9), and say so where something was not."""

from __future__ import annotations

from datetime import date

import pytest

from iindustry.programmes import published, services
from iindustry.programmes.shape import Kind
from iindustry.programmes.terms import LINES

NOT_REPORTED = "ไม่มีรายงาน"
MILLION = 100_000_000  # satang
# id, lender, line, pool and limit a borrower in million baht, tenor in years, grace in months, first and last year B.E.
REPORTED = [
    ("SMED-GREENPROD", "smed", "green", 15_000, 30, 10, 12, "2567–2569"),
    ("SMED-BEYOND", "smed", "sme_upgrade", 10_000, 15, 10, 12, "2568"),
    ("SMED-PLUK", "smed", "sme_upgrade", 10_000, 1.5, 10, 12, "2568"),
    ("FUND-DECARB", "fund", "green", 1_500, 20, None, None, "2567"),
    ("FUND-EFF", "fund", "sme_upgrade", 1_200, None, None, None, "2567–2568"),
    ("FUND-LIQ", "fund", "sme_upgrade", 700, 5, 3, None, "2567–2568"),
    ("FUND-PRACHARAT", "fund", "smart_gov", 20_000, 10, 7, 36, "2560–2562"),
    ("SMED-ONEACC", "smed", "smart_gov", 20_000, 5, 5, 5, "2560–2562"),
    ("SMED-TAOKAE", "smed", "sme_upgrade", 8_000, 1, 7, 36, "2560–2562"),
    ("SMED-LOCAL", "smed", "area", 50_000, None, None, None, "2561–2563"),
    ("SMED-TRANS", "smed", "s_curve", 20_000, 15, 7, 12, "2561"),
    ("SMED-OSMEP", "smed", "sme_upgrade", 1_200, 0.5, 7, 12, "2564"),
    ("EXIM-ZONE", "exim", "area", 5_000, None, 15, 24, "2561"),
    ("EXIM-MACH2", "exim", "s_curve", None, 15, 7, 12, "2561"),
    ("EXIM-ONESME", "exim", "sme_upgrade", None, 100, None, None, "2566–2568"),
    ("EXIM-READY", "exim", "sme_upgrade", None, None, 5, 0, "2566–2568"),
    ("EXIM-4SME", "exim", "s_curve", None, 15, 1, 0, "2563–2565"),
    ("EXIM-M", "exim", "sme_upgrade", None, 50, 1, 0, "2563"),
    ("EXIM-SUPPLIER", "exim", "s_curve", None, None, 1, 0, "2566–2568"),
    ("EXIM-GREEN", "exim", "green", None, None, 7, None, "2566–2568"),
    ("EXIM-JOB", "exim", "sme_upgrade", None, 15, 3, None, "2563–2564"),
    ("EXIM-COVID", "exim", "sme_upgrade", None, 20, 7, 12, "2563"),
    ("TCG-PGS10", "tcg", None, 50_000, 40, 10, None, "2565–2566"),
    ("TCG-PGS9", "tcg", None, 150_000, 100, 10, None, "2563–2564"),
]
WEAK = {"FUND-PRACHARAT", "EXIM-4SME", "EXIM-SUPPLIER"}
MEMORANDUM_YEAR = "FUND-GROW"  # the extra one of section 9


def satang(millions):
    return None if millions is None else int(millions * MILLION)


@pytest.mark.parametrize("row", REPORTED, ids=[row[0] for row in REPORTED])
def test_a_card_says_what_was_reported(row):
    programme_id, owner, line, pool, limit, years, grace, period = row
    found = published.find(programme_id)
    card = found.card
    assert (found.owner, found.policy_lines) == (owner, (line,) if line else ())
    assert (card.pool_satang, card.limit_satang) == (satang(pool), satang(limit))
    assert (card.tenor_months, card.grace_months) == (None if years is None else years * 12, grace)
    assert card.years_be == period
    assert found.valid_from.year + 543 == int(period[:4])
    assert found.valid_to.year + 543 == int(period[-4:])
    assert card.line_is_weak is (programme_id in WEAK)
    assert card.sources
    assert (found.kind is Kind.GUARANTEE) is (owner == "tcg")


def test_no_card_is_invented_and_none_is_an_offer():
    cards = [one for one in services.catalogue() if one.is_archive]
    assert {one.id for one in cards} == {row[0] for row in REPORTED} | {MEMORANDUM_YEAR}
    assert all(one.conditions is None and not one.is_demo and not one.confirmed_by_owner for one in cards)


def test_a_limit_that_was_not_reported_is_said_so_and_is_no_number():
    for one in services.catalogue():
        if one.is_archive and one.card.limit.th == NOT_REPORTED:
            assert one.card.limit_satang is None
            assert one.card.limit.en == "not reported"


def test_demo_editions_say_that_they_are_made_up_and_the_rest_rest_on_law():
    for one in services.catalogue():
        if one.is_archive:
            continue
        assert one.is_demo is (one.basis == "demo")
        if one.is_demo:
            assert "(ฉบับสาธิต)" in one.title.th
            assert "(demo edition)" in one.title.en
            assert any("ข้อมูลสมมติ" in reference.instrument or reference.note for reference in one.legal_references)
        else:
            assert (one.id, one.basis) == ("DIW-FEE-WAIVER-2565", "law")


def test_measures_cover_all_five_lines_and_every_part_of_the_language_is_used():
    open_rules = services.open_rules(date(2026, 11, 22))
    measures = [one for one in open_rules if one.kind is Kind.MEASURE]
    assert len(measures) >= 8
    assert {line for one in measures for line in one.policy_lines} == set(LINES)
    assert any(one.subject == "establishment" for one in measures)
    assert [one.id for one in open_rules if one.kind is Kind.GUARANTEE] == ["TCG-D-PGS"]


def test_base_rates_are_a_dated_table_and_old_ones_are_not_known():
    shelf = published.library().shelf.parameters
    prime = shelf["EXIM.PRIME"][0]
    assert [(step.since.isoformat(), step.value) for step in prime.steps] == [
        ("2018-04-05", 6250),
        ("2020-03-19", 5750),
    ]
    assert prime.shelf_life_days == shelf["SMED.MLR"][0].shelf_life_days == 120
