"""What is typed into a rule's form is what the document holds, in baht, Thai digits, Buddhist years and words."""

from __future__ import annotations

from typing import Any

import pytest

from iindustry.kernel.errors import Rejected
from iindustry.programmes import drafting, typed_values
from iindustry.programmes.facts import spec_of, vocabulary
from iindustry.programmes.tree import Op
from tests.unit.programmes.test_drafting import RULES


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_value_of_the_catalogue_is_shown_and_read_back(name: str) -> None:
    for row in drafting.outline(RULES[name]):
        if row.fact:
            spec, op, value = spec_of(row.fact), Op(row.values["op"]), row.values["value"]
            text = typed_values.shown(spec, op, value)
            assert typed_values.typed(spec, op, text) == value, text
            assert typed_values.typed(spec, op, typed_values.shown(spec, op, value, thai=True)) == value


@pytest.mark.parametrize(
    ("fact", "op", "text", "value"),
    [
        ("enterprise.revenue_satang", Op.GE, "2 ล้าน", 200_000_000),
        ("enterprise.revenue_satang", Op.GE, "๑.๕ ล้านบาท", 150_000_000),
        ("enterprise.revenue_satang", Op.BETWEEN, "2,000,000 – 5,000,000", [200_000_000, 500_000_000]),
        ("enterprise.revenue_satang", Op.BETWEEN, "2 ล้าน ถึง 5 ล้าน", [200_000_000, 500_000_000]),
        ("enterprise.revenue_satang", Op.LE, "{param: most_satang}", {"param": "most_satang"}),
        ("enterprise.size_class", Op.IN, "วิสาหกิจขนาดย่อม, micro", ["small", "micro"]),
        ("enterprise.size_class", Op.IN, "{set: sme_size.sme}", {"set": "sme_size.sme"}),
        ("enterprise.registered_on", Op.GE, "1/1/2570", "2027-01-01"),
        ("enterprise.registered_on", Op.GE, "2027-01-01", "2027-01-01"),
        ("enterprise.registered_on", Op.WITHIN_DAYS, "๑๘๐", 180),
        ("arrears.fee", Op.EQ, "ไม่ใช่", False),
        ("enterprise.age_months", Op.GE, "1,200", 1200),
        ("enterprise.thai_ratio", Op.GE, "51%", "0.51"),
        ("standard.held", Op.KNOWN, "true", True),
    ],
)
def test_people_write_as_they_do(fact: str, op: Op, text: str, value: Any) -> None:
    assert typed_values.typed(spec_of(fact), op, text) == value


@pytest.mark.parametrize(
    ("fact", "op", "text"),
    [
        ("enterprise.revenue_satang", Op.GE, "มาก"),
        ("enterprise.revenue_satang", Op.GE, "0.001"),
        ("enterprise.revenue_satang", Op.BETWEEN, "5 ล้าน"),
        ("enterprise.registered_on", Op.GE, "31/2/2570"),
        ("enterprise.age_months", Op.GE, "2.5"),
        ("arrears.fee", Op.EQ, "maybe"),
        ("enterprise.size_class", Op.IN, ""),
        ("enterprise.size_class", Op.IN, "{set: "),
    ],
)
def test_what_cannot_be_a_value_is_refused_with_an_example(fact: str, op: Op, text: str) -> None:
    with pytest.raises(Rejected) as refused:
        typed_values.typed(spec_of(fact), op, text)
    assert refused.value.code == "draft-value"
    assert refused.value.facts["example"]


def test_a_day_is_shown_as_thai_people_write_it() -> None:
    spec = spec_of("enterprise.registered_on")
    assert typed_values.shown(spec, Op.BETWEEN, ["2026-01-06", "2026-12-30"], thai=True) == "6/1/2569 – 30/12/2569"
    assert typed_values.typed(spec, Op.BETWEEN, "6/1/2569 – 30/12/2569") == ["2026-01-06", "2026-12-30"]


def test_every_type_has_a_reader_and_an_example() -> None:
    for spec in vocabulary().values():
        assert typed_values.example(spec)
        assert spec.type in typed_values._READERS
