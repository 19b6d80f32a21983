from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.funding import dossier
from iindustry.funding.application import Application
from iindustry.funding.moves import Status
from iindustry.register.enterprise import Enterprise, Establishment, Value

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 1)


def value(field, content, source="dbd"):
    return Value(field, content, source, "K1", DAY)


ENTERPRISE = Enterprise(
    "ENT-0000000001X", "2026-11-20.1", "บริษัท ทดสอบ จำกัด", "Test Co., Ltd.", "0495560900016", "49",
    values={
        "entity.name_th": value("entity.name_th", "บริษัท ทดสอบ จำกัด"),
        "entity.registered_on": value("entity.registered_on", date(2017, 5, 2)),
        "entity.revenue_satang": value("entity.revenue_satang", 4_200_000_000),
        "standard.licences": value("standard.licences", ("มอก. 1", "มอก. 2"), "tisi"),
        "person.phone": value("person.phone", "0812345678", "dip"),
    },
    establishments=(
        Establishment("EST-B", "โรงงาน ข", None, "49", {"factory.horsepower": value("factory.horsepower", Decimal("75.5"), "diw")}),
        Establishment("EST-A", "โรงงาน ก", None, "49", {
            "factory.horsepower": value("factory.horsepower", Decimal(12), "diw"), "area.sez": value("area.sez", True, "derived"),  # noqa: FBT003
        }),
    ),
)  # fmt: skip
APPLICATION = Application(
    UUID(int=1), "I-7KQ2-93", 1, "ENT-0000000001X", "SMED-D-LOCAL", "sha256:0", "smed", "area", "49", Status.DRAFT, "portal",
    None, {}, NOW, None, None, None, None, None, 0, None, None, None, 0, None, 0, 0, 0, None,
)  # fmt: skip


def test_at_most_ten_fields_are_typed_and_each_has_both_languages():
    assert len(dossier.TYPED) <= dossier.MOST_TYPED
    assert all(one.th and one.en and bool(one.hint_th) == bool(one.hint_en) for one in dossier.TYPED)
    assert all(one.choices for one in dossier.TYPED if one.type == "choice")


def test_what_a_register_knows_is_prefilled_in_order_and_a_person_is_left_out():
    found = dossier.prefilled(ENTERPRISE)
    assert [(one.field, one.of) for one in found] == [
        ("entity.name_th", None), ("entity.registered_on", None), ("entity.revenue_satang", None),
        ("factory.horsepower", "EST-A"), ("factory.horsepower", "EST-B"), ("area.sez", "EST-A"), ("standard.licences", None),
    ]  # fmt: skip


def test_a_frozen_dossier_reads_back_as_the_enterprise_it_was():
    fields = frozenset(
        {"entity.name_th", "entity.registered_on", "factory.horsepower", "standard.licences", "area.sez"}
    )
    frozen = dossier.freeze(APPLICATION, ENTERPRISE, {"amount_satang": 100}, fields, NOW)
    document = json.loads(frozen.canonical)
    back = dossier.enterprise_of(document)
    assert back.values == {name: one for name, one in ENTERPRISE.values.items() if name in fields}
    assert {one.establishment_id: one.values for one in back.establishments} == {
        one.establishment_id: one.values for one in ENTERPRISE.establishments
    }
    assert document["declared"] == {"amount_satang": 100}
    assert dossier.fields_of(document) == fields


def test_only_consented_fields_are_frozen():
    frozen = dossier.freeze(APPLICATION, ENTERPRISE, {}, frozenset({"entity.name_th"}), NOW)
    assert {row["field"] for row in json.loads(frozen.canonical)["values"]} == {"entity.name_th"}


def test_equal_dossiers_have_equal_bytes_and_another_value_another_hash():
    fields = frozenset({"entity.name_th", "entity.revenue_satang"})
    one = dossier.freeze(APPLICATION, ENTERPRISE, {"a": 1, "b": 2}, fields, NOW)
    same = dossier.freeze(APPLICATION, ENTERPRISE, {"b": 2, "a": 1}, fields, NOW)
    other = dossier.freeze(APPLICATION, ENTERPRISE, {"a": 1, "b": 3}, fields, NOW)
    assert one == same
    assert one.sha256 != other.sha256


@pytest.mark.parametrize(
    ("name", "text", "answer"),
    [
        ("amount_satang", "1,500,000", 150_000_000),
        ("amount_satang", "๑,๕๐๐,๐๐๐.๕๐ บาท", 150_000_050),
        ("tenor_months", "60", 60),
        ("contact_phone", "08-1234-5678", "0812345678"),
        ("contact_email", "malee@example.com", "malee@example.com"),
        ("use_code", "machinery", "machinery"),
    ],
)
def test_answers_are_kept_as_values(name, text, answer):
    assert dossier.read_answers({name: text}) == ({name: answer}, {})


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("amount_satang", "many", "answer-not-money"),
        ("amount_satang", "5", "answer-out-of-range"),
        ("tenor_months", "6.5", "answer-not-a-number"),
        ("tenor_months", "999", "answer-out-of-range"),
        ("contact_phone", "12345", "answer-not-a-phone"),
        ("contact_email", "malee", "answer-not-an-email"),
        ("use_code", "gambling", "answer-not-a-choice"),
        ("use_words", "x" * 501, "answer-too-long"),
        ("lender", "exim", "answer-unknown-field"),
    ],
)
def test_a_wrong_answer_is_named_by_its_field(name, text, code):
    assert dossier.read_answers({name: text}) == ({}, {name: code})


@given(st.dictionaries(st.sampled_from([one.name for one in dossier.TYPED]), st.text(max_size=40)))
def test_every_text_is_an_answer_or_a_fault_or_a_blank(raw):
    answers, faults = dossier.read_answers(raw)
    assert not answers.keys() & faults.keys()
    assert answers.keys() | faults.keys() == {name for name, text in raw.items() if text.strip()}
