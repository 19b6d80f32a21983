"""What a bank says of its loans is shown to nobody who sorts records, whosever business it is."""

from __future__ import annotations

import pytest

from iindustry.reference.fields import FIELDS
from iindustry.register import masking

LOANS = [field.name for field in FIELDS if field.name.startswith("finance.")]


def test_there_are_such_fields():
    assert LOANS


@pytest.mark.parametrize("field", LOANS)
@pytest.mark.parametrize("is_person", [True, False])
def test_no_loan_is_shown(field, is_person):
    for content in (123_456_700, ["SMED-D-UP"], "pass"):
        assert masking.masked(field, content, is_person=is_person) == masking.DOTS


def test_other_money_is():
    assert masking.masked("entity.capital_satang", 100, is_person=False) == 100
