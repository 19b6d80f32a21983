"""All that is wrong with a text, at its place, with a remedy in both languages; and what nobody can meet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.config.words import FOLDER, words_of
from iindustry.kernel.errors import Rejected
from iindustry.programmes import checking, faults, published
from iindustry.programmes.documents import read, walk

BASE = """\
schema: i-industry/programme/1
programme: SMED-T-ONE
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
  least: [{from: "2026-01-01", value: 5}, {from: "2026-07-01", value: 50}]
conditions:
  all:
    - {id: c1, fact: enterprise.status, op: eq, value: active, cite: L1, on_missing: ask}
    - RULE
benefit: {tenor_months: 12, use_of_funds: [machinery]}
"""
WORKERS = "fact: enterprise.worker_count, cite: L1, on_missing: ask"
GREEN = "fact: establishment.green_level, cite: L1, on_missing: ask"


def rule(text):
    return BASE.replace("RULE", text)


def codes(text):
    return [(one.code, one.line) for one in checking.check(text).faults]


def test_a_good_text_has_no_fault_and_gives_its_programme():
    found = checking.check(rule(f"{{id: c2, {WORKERS}, op: le, value: 200}}"))
    assert (found.faults, found.warnings, found.is_good) == ((), (), True)
    assert [one.id for one in found.programmes] == ["SMED-T-ONE"]


@pytest.mark.parametrize("edition", published.seeds(), ids=lambda one: one.name)
def test_every_packaged_document_passes_as_a_draft_of_its_own(edition):
    text = (
        edition.text
        if "owner:" in edition.text or "parameter/1" not in edition.text
        else edition.text + "owner: smed\n"
    )
    assert [(one.line, one.field, one.en) for one in checking.check(text).faults] == []


def test_all_faults_of_a_text_are_told_and_not_the_first():
    text = (
        rule("{any: [{id: c2, fact: enterprise.workers, op: le, value: 2, cite: L9, on_missing: ask}, {id: c1, fact: enterprise.worker_count, op: prefix, value: 2}]}")
        .replace("kind: loan_product", "kind: loan")
        .replace("owner: smed", "ownr: smed")
        .replace('"2026-12-31"', "2026-13-31")
    )  # fmt: skip
    assert codes(text) == [
        ("rule-missing-key", 1), ("rule-value", 3), ("rule-unknown-key", 4), ("rule-float", 11), ("rule-wrong-type", 11),
        ("rule-unknown-fact", 17),
    ]  # fmt: skip


def test_all_faults_of_sense_are_told_once_the_shape_is_right():
    text = rule(
        "{any: [{id: c2, fact: enterprise.worker_count, op: prefix, value: 2, cite: L9}, {id: c1, fact: establishment.eec, op: eq, value: true, on_missing: ask}, "
        "{id: c3, fact: enterprise.worker_count, op: le, value: {param: most}, on_missing: ask}]}"
    ).replace('"2026-12-31"', '"2025-12-31"')
    assert sorted(one for one, _ in codes(text)) == [
        "rule-date-order", "rule-duplicate-id", "rule-establishment-outside", "rule-on-missing-absent", "rule-operator-type",
        "rule-unknown-reference", "rule-unknown-reference",
    ]  # fmt: skip


def test_a_fault_says_where_why_and_what_to_write_in_both_languages():
    (fault,) = checking.check(rule("{id: c2, fact: enterprise.worker_count, op: le, value: 200}")).faults
    assert (fault.line, fault.column, fault.field, fault.code) == (17, 7, "conditions.all[1]", "rule-on-missing-absent")
    assert fault.en == "it is not said what to answer where enterprise.worker_count is missing"
    assert fault.fix_en == "Add on_missing: ask, fail or assume"
    assert "enterprise.worker_count" in fault.th
    assert "on_missing" in fault.fix_th


@pytest.mark.parametrize("text", ["", "# nothing\n", "a: [", "\x00", "- 1\n", "x", "a: &b 1", "{{a: 1}: 2}", "schema: x/1\n", b"\xa1\xff",
                                  "v: 99999999999999999999999999", "schema: i-industry/programme/1\n", "a: 1\na: 2\n"])  # fmt: skip
def test_whatever_is_typed_there_is_a_fault_and_nothing_is_raised(text):
    found = checking.check(text)
    assert found.faults
    assert found.programmes == ()
    assert all(
        one.line >= 1 and one.column >= 1 and one.th and one.en and one.fix_th and one.fix_en for one in found.faults
    )


# What nobody can meet

SENSELESS = [
    (f"{{id: c2, {WORKERS}, op: lt, value: 0}}", "rule-never-yes", "c2"),
    (f"{{all: [{{id: c2, {WORKERS}, op: ge, value: 10}}, {{id: c3, {WORKERS}, op: lt, value: 10}}]}}", "rule-never-yes", "c2, c3"),
    ("{not: {id: c2, fact: enterprise.status, op: in, value: [active], cite: L1, on_missing: ask}}", "rule-never-yes", "c1, c2"),
    (f"{{id: c2, {WORKERS}, op: between, value: [10, {{param: least}}]}}", "rule-never-yes", "c2"),
    (f"{{some: {{id: s, all: [{{id: c2, {GREEN}, op: ge, value: 3}}, {{id: c3, {GREEN}, op: le, value: 2}}]}}}}", "rule-never-yes", "c2, c3"),
    (f"{{all: [{{some: {{id: s, all: [{{id: c2, {GREEN}, op: ge, value: 3}}]}}}}, {{not: {{some: {{id: t, any: [{{id: c3, {GREEN}, op: ge, value: 2}}]}}}}}}]}}", "rule-never-yes", "c2, c3"),
    (f"{{any: [{{id: c2, {WORKERS}, op: ge, value: 5}}, {{id: c3, {WORKERS}, op: lt, value: 5}}]}}", "rule-never-no", "c2, c3"),
    (f"{{any: [{{id: c2, {WORKERS}, op: ge, value: 5}}, {{all: [{{id: c3, {WORKERS}, op: lt, value: 3}}, {{id: c4, {WORKERS}, op: gt, value: 4}}]}}]}}", "rule-branch-impossible", "c3, c4"),
    (f"{{any: [{{id: c2, {WORKERS}, op: ge, value: 5}}, {{id: c3, fact: enterprise.status, op: eq, value: closed, cite: L1, on_missing: ask}}]}}", "rule-branch-impossible", "c3"),
    (f"{{any: [{{id: c2, {WORKERS}, op: ge, value: 5}}, {{id: c3, {WORKERS}, op: ge, value: 9}}]}}", "rule-branch-implied", "c3"),
    (f"{{any: [{{id: c2, {WORKERS}, op: known, value: true}}, {{id: c3, {WORKERS}, op: known, value: false}}]}}".replace(", on_missing: ask", ""), "rule-never-no", "c2, c3"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "ids"), SENSELESS, ids=[f"{code}-{i}" for i, (_, code, _) in enumerate(SENSELESS)]
)
def test_a_rule_that_cannot_be_meant_is_a_fault_that_names_its_conditions(text, code, ids):
    found = checking.check(rule(text)).faults
    assert [one.code for one in found] == [code]
    said = re.search(r"\(([^)]*)\)", found[0].en)
    named = said[1] if said else re.search(r"whoever meets ([\w, ]+?) meets", found[0].en)[1]
    assert named == ids


def test_a_condition_that_a_narrower_one_holds_already_is_a_warning():
    found = checking.check(
        rule(f"{{all: [{{id: c2, {WORKERS}, op: ge, value: 5}}, {{id: c3, {WORKERS}, op: ge, value: 9}}]}}")
    )
    assert found.is_good
    assert [(one.code, one.field) for one in found.warnings] == [("rule-condition-implied", "conditions.all[1].all[0]")]


def test_a_number_that_changes_is_looked_at_on_each_of_its_days():
    """From July the least is 50, and nobody has between 50 and 40 workers."""
    text = rule(f"{{id: c2, {WORKERS}, op: between, value: [{{param: least}}, 40]}}")
    assert codes(text) == [("rule-never-yes", 15)]
    assert codes(text.replace('valid_to: "2026-12-31"', 'valid_to: "2026-06-30"')) == []


def test_a_dead_fact_is_found_behind_conditions_that_are_alive():
    text = rule(
        f"{{any: [{{id: c2, {WORKERS}, op: ge, value: 5}}, {{all: [{{id: c3, {WORKERS}, op: ge, value: 7}}, {{id: c4, fact: enterprise.sector, op: eq, value: manufacturing, cite: L1, on_missing: ask}}]}}]}}"
    )
    assert {one for one, _ in codes(text)} == {"rule-branch-implied"}
    dead = rule(
        "{id: c4, fact: enterprise.sector, op: in, value: [manufacturing, service_trade], cite: L1, on_missing: ask}"
    )
    assert codes(dead) == [("rule-dead-fact", 17)]


def test_rates_behind_an_entry_for_all_are_never_reached():
    text = rule(f"{{id: c2, {WORKERS}, op: ge, value: 5}}").replace(
        "benefit: {",
        'benefit: {rates: [{rate_bands: [{years: [1, 1], kind: fixed, rate: "3.00"}]}, {rate_bands: [{years: [1, 1], kind: fixed, rate: "4.00"}]}], ',
    )
    assert [one for one, _ in codes(text)] == ["rule-rate-unreachable"]


def test_a_fact_of_one_lender_is_not_read_by_another():
    text = rule("{id: c2, fact: arrears.exim_loan, op: eq, value: false, cite: L1, on_missing: ask}")
    assert codes(text) == [("rule-fact-not-yours", 17)]
    assert codes(text.replace("owner: smed", "owner: exim")) == []


def test_documents_of_one_text_may_use_each_other_in_any_order():
    parameter = 'schema: i-industry/parameter/1\nparameter: SMED-T.MLR\nowner: smed\nunit: percent_a_year\nvalues: [{from: "2026-01-01", value: "7.000"}]\n'
    text = rule(f"{{id: c2, {WORKERS}, op: ge, value: 5}}").replace("parameters:", "uses: [SMED-T.MLR]\nparameters:")
    assert codes(text) == [("rule-unknown-reference", 12)]
    assert codes(text + "---\n" + parameter) == []
    assert codes(parameter + "---\n" + text) == []
    assert codes(parameter + "---\n" + parameter) == [("rule-duplicate-id", 7)]


def test_a_base_rate_is_somebodys():
    text = 'schema: i-industry/parameter/1\nparameter: SMED-T.MLR\nunit: percent_a_year\nvalues: [{from: "2026-01-01", value: "7.0001"}]\n'
    assert [one for one, _ in codes(text)] == ["rule-wrong-type"]
    assert [one for one, _ in codes(text.replace("7.0001", "7.000"))] == ["rule-missing-key"]


# The table of faults


def test_every_code_of_the_reader_and_the_checks_has_words_and_every_word_a_code():
    source = Path(checking.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(source.glob("*.py")))
    raised = set(re.findall(r'"(rule-[a-z-]+)"', text))
    assert raised == set(faults.table()["faults"])


def test_what_refusals_say_is_printed_from_the_table():
    assert (FOLDER / "rules.yaml").read_text(encoding="utf-8") == faults.refusals()
    assert "{line}" in words_of("rule-value").en


def test_every_kind_of_value_that_is_wanted_has_words():
    source = Path(checking.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(source.glob("*.py")))
    wanted = set(re.findall(r'wanted(?:: str)?\s*=\s*"([a-z0-9-]+)"', text))
    assert wanted <= set(faults.table()["wanted"])
    assert {f"decimal-{digits}" for digits in range(5)} <= set(faults.table()["wanted"])


# Mutated documents: whatever is changed, the reader and the check agree

SEEDS = [one.text for one in published.seeds() if one.schema == "i-industry/programme/1"]
SPOILED = st.sampled_from(
    ["", "null", "0", "-1", "true", "[]", "{}", "x", '"2026-02-30"', "[x]", "{fact: x}", "{param: x}", "99", "ก"]
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_what_the_reader_refuses_the_check_faults_and_the_reverse_of_shape(text, data):
    import json

    place = read(text)[0]
    target = data.draw(st.sampled_from([one for one in walk(place) if one.path]))
    spoiled = (
        json.dumps(_with(place.value, target.path, data.draw(SPOILED)), ensure_ascii=False)
        .replace('"·raw·', "")
        .replace('·raw·"', "")
    )
    found = checking.check(spoiled)
    if _is_refused(spoiled):
        assert found.faults
    else:
        assert {one.code for one in found.faults} <= {
            "rule-never-yes", "rule-never-no", "rule-branch-impossible", "rule-branch-implied", "rule-dead-fact",
            "rule-rate-unreachable",
        }  # fmt: skip


OTHERS = [one.text for one in published.seeds() if one.schema != "i-industry/programme/1"]


def _is_refused(text):
    try:
        published.load([*OTHERS, text])
    except Rejected:
        return True
    return False


def _with(value, path, raw):
    steps = [int(one[1:-1]) if one.startswith("[") else one for one in re.findall(r"\[\d+\]|[^.\[\]]+", path)]
    if not steps:
        return f"·raw·{raw}·raw·"
    head, rest = steps[0], path[len(f"[{steps[0]}]") if isinstance(steps[0], int) else len(steps[0]) :].lstrip(".")
    if isinstance(value, dict):
        return {key: _with(one, rest, raw) if key == head else one for key, one in value.items()}
    return [_with(one, rest, raw) if i == head else one for i, one in enumerate(value)]
