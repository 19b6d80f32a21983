"""What a document may say, and where and why it is refused."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from iindustry.config.words import all_words
from iindustry.kernel.errors import Rejected
from iindustry.programmes import published
from iindustry.programmes.documents import MAX_DEPTH, read, refuse_unsafe, version_of

BASE = """\
schema: i-industry/programme/1
programme: TEST
kind: loan_product
owner: smed
subject: enterprise
title: {th: "ทดสอบ", en: "Test"}
policy_lines: [green]
provenance: {basis: demo, confirmed_by_owner: false}
legal_references: [{id: L1, instrument: "test"}]
valid_from: "2026-01-01"
valid_to: "2026-12-31"
parameters:
  limit: [{from: "2026-01-01", value: 5}]
conditions:
  all:
    - {id: c1, fact: enterprise.status, op: eq, value: active, cite: L1, on_missing: ask}
    - RULE
benefit: {tenor_months: 12}
"""
GOOD = "{id: c2, fact: enterprise.worker_count, op: le, value: 200, on_missing: ask}"


def parse(rule=GOOD, text=BASE):
    return published.load([text.replace("RULE", rule)]).programmes["TEST"]


def refusal(rule=GOOD, text=BASE):
    with pytest.raises(Rejected) as caught:
        parse(rule, text)
    return caught.value


def test_a_good_document_is_read():
    assert parse().title_th == "ทดสอบ"


REFUSED = [
    ("{id: c2, fact: enterprise.workers, op: le, value: 200, on_missing: ask}", "rule-unknown-fact", "fact"),
    ("{id: c2, fact: enterprise.worker_count, op: le, value: 200}", "rule-on-missing-absent", ""),
    ('{id: c2, fact: enterprise.worker_count, op: prefix, value: ["2"], on_missing: ask}', "rule-operator-type", "op"),
    ("{id: c2, fact: enterprise.worker_count, op: like, value: 2, on_missing: ask}", "rule-value", "op"),
    ("{id: c2, fact: enterprise.worker_count, op: le, value: 2.5, on_missing: ask}", "rule-float", "value"),
    ('{id: c2, fact: enterprise.worker_count, op: le, value: "2", on_missing: ask}', "rule-wrong-type", "value"),
    ("{id: c2, fact: enterprise.status, op: eq, value: asleep, on_missing: ask}", "rule-value", "value"),
    ("{id: c2, fact: enterprise.worker_count, op: le, value: 200, on_missing: skip}", "rule-value", "on_missing"),
    ("{id: c2, fact: enterprise.worker_count, op: le, value: 200, cite: L9, on_missing: ask}", "rule-unknown-reference", "cite"),
    ("{id: c2, fact: enterprise.worker_count, op: le, value: {param: most}, on_missing: ask}", "rule-unknown-reference", "param"),
    ("{id: c2, fact: enterprise.size_class, op: in, value: {set: sme_size.sme}, on_missing: ask}", "rule-unknown-reference", "set"),
    ("{id: c2, fact: establishment.eec, op: eq, value: true, on_missing: ask}", "rule-establishment-outside", ""),
    ("{id: c1, fact: enterprise.worker_count, op: le, value: 200, on_missing: ask}", "rule-duplicate-id", ""),
    ("{id: c2, fact: enterprise.worker_count, op: le, value: 200, on_missing: ask, id: c3}", "rule-duplicate-key", ""),
    ("{id: c2, fact: enterprise.worker_count, op: le, value: 200, on_missing: ask, if: x}", "rule-unknown-key", "if"),
    ("{id: c2, fact: enterprise.worker_count, op: known, value: true, on_missing: ask}", "rule-on-missing-known", "on_missing"),
    ("{id: c2, fact: enterprise.registered_on, op: ge, value: 2020-01-01, on_missing: ask}", "rule-float", "value"),
    ('{id: c2, fact: enterprise.registered_on, op: ge, value: "1 Jan 2020", on_missing: ask}', "rule-wrong-type", "value"),
    ("{id: c2, fact: enterprise.worker_count, op: between, value: [9, 3], on_missing: ask}", "rule-value", "value"),
    ("{some: {id: s, all: [{some: {id: t, all: [{id: c2, fact: establishment.eec, op: eq, value: true, on_missing: ask}]}}]}}", "rule-some-inside", ""),
    ("{at_least: {n: 3, of: [{id: c2, fact: enterprise.worker_count, op: le, value: 200, on_missing: ask}]}}", "rule-value", "at_least"),
    ("&a {id: c2, fact: enterprise.worker_count, op: le, value: 200, on_missing: ask}", "rule-anchor", ""),
    ("!!python/name:os.system x", "rule-tag", ""),
    ("{id: c2, fact: enterprise.worker_count, op: le, value: {mul: [{mul: [{mul: [{fact: enterprise.worker_count}, 1000000]}, 1000000]}, 1000000]}, on_missing: ask}", "rule-overflow", "value"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "code", "field"), REFUSED, ids=[code + "-" + str(i) for i, (_, code, _) in enumerate(REFUSED)]
)
def test_a_fault_is_refused_with_line_field_and_remedy(rule, code, field):
    error = refusal(rule)
    assert error.code == code
    assert error.facts["line"] == 17
    assert field in str(error.facts["field"])
    words = all_words()[code]
    for text in (words.th, words.en):
        assert set(re.findall(r"{(\w+)}", text)) <= set(error.facts)


def test_more_than_32_conditions_are_refused():
    many = ", ".join(
        f"{{id: m{i}, fact: enterprise.worker_count, op: le, value: {i}, on_missing: ask}}" for i in range(40)
    )
    assert refusal(f"{{all: [{many}]}}").code == "rule-too-many-conditions"


def test_more_than_64_branches_are_refused():
    pairs = ", ".join(
        "{any: [" + ", ".join(f"{{id: b{i}{j}, fact: enterprise.worker_count, op: le, value: {j}, on_missing: ask}}" for j in range(2)) + "]}"
        for i in range(7)
    )  # fmt: skip
    assert refusal(f"{{all: [{pairs}]}}").code == "rule-too-many-branches"


def test_a_parameters_dates_must_rise():
    text = BASE.replace("value: 5}]", 'value: 5}, {from: "2025-01-01", value: 6}]')
    assert refusal(text=text).code == "rule-date-order"


def test_bytes_that_are_not_utf_8_are_refused_with_their_line():
    with pytest.raises(Rejected) as caught:
        read("a: 1\nb: ก".encode("cp874"))
    assert (caught.value.code, caught.value.facts["line"]) == ("rule-not-yaml", 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- " * 100_000 + "a", "rule-too-deep"),
        ("[" * 60_000 + "]" * 60_000, "rule-too-deep"),
        ("[" * 120_000, "rule-too-deep"),
        ("{a: " * 50_000, "rule-too-deep"),
        ("? " * 100_000, "rule-too-deep"),
        ("a: " + "9" * 5_000, "rule-overflow"),
        ("a: " + "1_" * 3_000, "rule-overflow"),
        ("a: 9999999999999999", "rule-overflow"),
        ("a: -9007199254740992", "rule-overflow"),
        ("a: &b c", "rule-anchor"),
        ("a: [" * 3, "rule-not-yaml"),
    ],
    ids=lambda one: one[:12] if isinstance(one, str) else "",
)
def test_a_text_that_would_break_a_reader_is_refused_before_it_is_composed(text, code):
    with pytest.raises(Rejected) as caught:
        read(text)
    assert caught.value.code == code


def test_the_deepest_text_that_is_allowed_and_the_greatest_number_are_read():
    (place,) = read("[" * (MAX_DEPTH - 1) + "9007199254740991" + "]" * (MAX_DEPTH - 1))
    assert version_of(place.plain()).startswith("sha256:")
    for text in ("[" * MAX_DEPTH + "]" * MAX_DEPTH, "a: {b: 1}\n---\n- 1\n"):
        refuse_unsafe(text)


def test_the_version_depends_on_what_is_written_and_not_on_layout():
    flow, block = read('{a: "x", b: [1, 2]}')[0], read("b:\n  - 1\n  - 2\na: x\n")[0]
    assert version_of(flow.plain()) == version_of(block.plain())
    assert version_of(flow.plain()) != version_of(read('{a: "x", b: [2, 1]}')[0].plain())


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("abcก.0-: ", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(plain.filter(lambda one: one is not None))
def test_what_strict_yaml_reads_is_what_was_written(value):
    text = yaml.safe_dump({"v": value}, default_style='"', allow_unicode=True) if isinstance(value, str) else None
    if text is None:
        import json

        text = json.dumps({"v": value}, ensure_ascii=False)
    import unicodedata

    (place,) = read(text)
    assert place.plain() == _nfc({"v": value}, unicodedata)


def _nfc(value, unicodedata):
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_nfc(one, unicodedata) for one in value]
    if isinstance(value, dict):
        return {_nfc(key, unicodedata): _nfc(one, unicodedata) for key, one in value.items()}
    return value
