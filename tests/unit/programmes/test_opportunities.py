"""The three enterprises of the story find what the story says they find."""

from __future__ import annotations

from dataclasses import replace

import pytest
from enterprises import (
    CHONPARTS,
    CHONPARTS_SITE,
    LANNAWOOD,
    LANNAWOOD_SITE,
    RIMKHONG,
    RIMKHONG_SITE,
    TODAY,
    enterprise,
)

from iindustry.kernel.errors import Conflict, NotFound
from iindustry.programmes import services
from iindustry.programmes.opportunities import Wish, covers_sum, group
from iindustry.programmes.shape import Kind


def loans(group):
    return [one.programme.id for one in group if one.programme.kind is Kind.LOAN_PRODUCT]


def test_one_loan_fits_the_border_zone_maker_and_another_is_one_step_away():
    found = services.opportunities(enterprise(RIMKHONG, RIMKHONG_SITE), as_of=TODAY)
    assert loans(found.yes) == ["SMED-D-LOCAL"]
    assert found.yes[0].programme.id == "SMED-D-LOCAL"
    assert loans(found.one_step) == ["SMED-D-GREEN"]
    (step,) = found.one_step[0].next_steps
    assert (step.gap, step.gap_words.en) == (1, "1 level")
    assert "greenindustry" in step.next_step.th


def test_the_parts_maker_fits_the_machinery_loan_and_the_zone_loan_at_the_zones_rate():
    found = services.opportunities(enterprise(CHONPARTS, CHONPARTS_SITE), as_of=TODAY)
    assert {"EXIM-D-SCURVE", "EXIM-D-ZONE"} <= set(loans(found.yes))
    zone = next(one for one in found.yes if one.programme.id == "EXIM-D-ZONE")
    assert str(zone.offer.rates[0].percent) == "4.25"


def test_the_furniture_maker_fits_the_green_loan():
    found = services.opportunities(enterprise(LANNAWOOD, LANNAWOOD_SITE), as_of=TODAY)
    assert {"SMED-D-GREEN", "SMED-D-LOCAL"} <= set(loans(found.yes))


def test_an_unknown_names_the_datum_that_settles_it():
    (found,) = services.explain(enterprise(RIMKHONG, RIMKHONG_SITE), as_of=TODAY, programme="EXIM-D-EXPORT")
    assert found.answer == "unknown"
    assert found.missing_facts == ("enterprise.exports_satang",)
    assert found.decisive_alone == ("enterprise.exports_satang",)
    assert found.next_steps[0].question.en.startswith("What were the exports")


def test_an_overlay_hands_in_what_the_register_does_not_hold():
    (found,) = services.explain(
        enterprise(RIMKHONG, RIMKHONG_SITE),
        as_of=TODAY,
        programme="EXIM-D-EXPORT",
        overlay={"enterprise.exports_satang": 1_000_000_001},
    )
    assert found.answer == "yes"
    assert found.offer.amount_max_satang == 500_000_000


def test_a_stale_status_is_unknown_and_says_so():
    from datetime import date

    old = enterprise(RIMKHONG, RIMKHONG_SITE, seen=date(2026, 8, 1))
    (found,) = services.explain(old, as_of=TODAY, programme="SMED-D-LOCAL")
    status = next(one for one in found.conditions if one.id == "status")
    assert (found.answer, status.answer, status.why) == ("unknown", "unknown", "stale")


def test_size_by_workers_stands_in_for_revenue_and_is_marked():
    (found,) = services.explain(
        enterprise({**RIMKHONG, "entity.revenue_satang": None}, RIMKHONG_SITE), as_of=TODAY, programme="SMED-D-LOCAL"
    )
    size = next(one for one in found.conditions if one.id == "size")
    assert found.answer == "yes"
    assert found.assumed == ("size",)
    assert (size.is_assumed, size.value, size.via) == (True, "small", "enterprise.size_class_by_workers")


def test_what_is_asked_for_orders_the_group():
    chon = enterprise(CHONPARTS, CHONPARTS_SITE)
    first = {
        use: loans(services.opportunities(chon, as_of=TODAY, wish=Wish(use=use)).yes)[0]
        for use in ("expansion", "productivity")
    }
    assert first == {"expansion": "EXIM-D-ZONE", "productivity": "EXIM-D-SCURVE"}


def test_a_card_has_no_rule_and_an_unknown_programme_is_absent():
    rim = enterprise(RIMKHONG, RIMKHONG_SITE)
    with pytest.raises(Conflict, match="programme-has-no-rule"):
        services.explain(rim, as_of=TODAY, programme="SMED-GREENPROD")
    with pytest.raises(NotFound, match="programme-absent"):
        services.explain(rim, as_of=TODAY, programme="NOTHING")


def test_all_programmes_of_the_catalogue_are_listed_by_kind_and_day():
    from datetime import date

    assert len(services.list_programmes(limit=100)) == 47
    assert len(services.list_programmes(kind="guarantee", limit=100)) == 3
    assert services.list_programmes(kind="measure", open_on=TODAY, limit=1)[0].id == "DIP-D-EXPREADY"
    assert [one.id for one in services.list_programmes(open_on=date(2025, 6, 1), limit=100)][:1] == ["EXIM-GREEN"]


def test_a_limit_that_is_not_known_is_not_read_as_no_limit_at_all():
    (one,) = services.explain(enterprise(RIMKHONG, RIMKHONG_SITE), as_of=TODAY, programme="SMED-D-LOCAL")
    limit = one.offer.amount_max_satang
    assert limit is not None
    assert covers_sum(one, limit) is True
    assert covers_sum(one, limit + 1) is False
    assert covers_sum(one, None) is None
    unknown = replace(one, offer=replace(one.offer, amount_max_satang=None))
    assert covers_sum(unknown, limit) is None
    short = replace(one, offer=replace(one.offer, amount_max_satang=limit - 1))
    found = group([short, unknown, one], TODAY, ("covers_sum",), Wish(amount_satang=limit))
    assert found.yes == (one, unknown, short)
