"""What an owner types in the place of a value is read by the type of the field, or refused with an example."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from iindustry.kernel.errors import Rejected
from iindustry.reference.fields import FIELDS
from iindustry.register import proposals


@pytest.mark.parametrize(
    ("field", "typed", "content"),
    [
        ("factory.worker_count", "1,045 ", 1045),
        ("factory.worker_count", "๔๕", 45),
        ("entity.revenue_satang", "42,000,000.50 บาท", 4_200_000_050),  # baht typed, satang kept
        ("entity.profit_satang", "-5", -500),
        ("entity.registered_on", "14/1/2559", date(2016, 1, 14)),
        ("factory.horsepower", "75.5", Decimal("75.5")),
        ("factory.licensed_year", "2568", 2025),
        ("factory.licensed_year", "2025", 2025),
        ("entity.signing_seal", "ไม่ใช่", False),
        ("entity.name_th", "บริษัท ใหม่ จำกัด", "บริษัท ใหม่ จำกัด"),
        ("entity.province", "ชลบุรี", "ชลบุรี"),
    ],
)
def test_it_is_kept_as_the_value_beside_it_is(field, typed, content):
    assert proposals.told(field, proposals.proposed(field, typed)) == content


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("factory.worker_count", "สี่สิบ"),
        ("factory.worker_count", "-1"),
        ("factory.worker_count", "4.5"),
        ("entity.revenue_satang", "4 ล้าน"),
        ("entity.revenue_satang", "1.234"),
        ("entity.registered_on", "31/2/2558"),
        ("factory.horsepower", "ห้าสิบ"),
        ("entity.signing_seal", "บางครั้ง"),
    ],
)
def test_what_is_no_value_of_the_field_is_refused_with_an_example(field, typed):
    with pytest.raises(Rejected, match="correction-unreadable") as refusal:
        proposals.proposed(field, typed)
    facts = refusal.value.facts
    assert facts["field"] == "proposed"
    assert proposals.proposed(field, str(facts["example"]).partition(" / ")[0]), "the example can be typed"


@pytest.mark.parametrize("field", FIELDS, ids=lambda one: one.name)
def test_what_was_asked_before_in_any_words_is_still_shown(field):
    assert proposals.told(field.name, "ประมาณสี่ล้าน") == "ประมาณสี่ล้าน"
