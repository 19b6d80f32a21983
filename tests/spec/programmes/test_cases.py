"""Every case of `cases.yaml` is answered as an official decided it, by both back ends."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from decided import CASES, bundle, enterprise, frames, overlay

from iindustry.programmes import services
from iindustry.programmes.closures import root
from iindustry.programmes.columns import evaluate
from iindustry.programmes.explain import explainer, outcome_of
from iindustry.programmes.tree import ANSWERS, Op, Truth, conditions, items

TODAY = date(2026, 11, 22)
ENOUGH = 200


@pytest.mark.parametrize("case", CASES, ids=[f"{one.number}-{one.programme}-{one.row['en']}" for one in CASES])
def test_case(case):
    rule, row = bundle(case.programme), case.row
    facts = services.facts_of(enterprise(case), as_of=case.on, overlay=overlay(case))
    outcome = outcome_of(rule, facts)
    names = [item.id for item in items(root(rule))]
    said = {
        "is": str(ANSWERS[outcome.answer]),
        "assumed": [names[i] for i in sorted(outcome.assumed)],
    }
    wanted = {"is": row["is"], "assumed": row.get("assumed", [])}
    if row["is"] != "yes":
        said["failed"] = [names[i] for i, one in enumerate(outcome.answers) if one is Truth.NO]
        said["unknown"] = [names[i] for i, one in enumerate(outcome.answers) if one is Truth.UNKNOWN]
        wanted |= {"failed": row.get("failed", []), "unknown": row.get("unknown", [])}
    assert said == wanted

    assert in_columns(case.programme, case.on)[f"ENT-{case.number:04}"] == (
        row["is"], outcome.fail_bits, outcome.unknown_bits,
    )  # fmt: skip


@cache
def in_columns(programme, on):
    """What the columns answer to all cases of a programme and day together: answer, fail bits, unknown bits by enterprise."""
    together = [one for one in CASES if (one.programme, one.on) == (programme, on)]
    found = evaluate([bundle(programme)], *frames(together), on)
    return {row[0]: row[1:] for row in found.select("enterprise_id", "answer", "fail_bits", "unknown_bits").rows()}


OFFERS = [one for one in CASES if any(key.startswith(("amount_", "rate_")) for key in one.row)]


@pytest.mark.parametrize("case", OFFERS, ids=[f"{one.number}-{one.programme}" for one in OFFERS])
def test_what_is_offered(case):
    facts = services.facts_of(enterprise(case), as_of=case.on, overlay=overlay(case))
    terms = explainer(bundle(case.programme), case.on)(facts).offer
    if "amount_baht" in case.row:
        assert terms.amount_max_satang == case.row["amount_baht"] * 100
    for key, percent in case.row.items():
        if key.startswith("rate_"):
            assert str(terms.rate_of(int(key.removeprefix("rate_"))).percent) == percent


def test_every_open_programme_has_each_answer_and_there_are_enough_cases():
    assert len(CASES) >= ENOUGH
    decided = {(one.programme, one.row["is"]) for one in CASES}
    open_ids = [one.id for one in services.open_rules(TODAY)]
    assert [
        (one, answer) for one in open_ids for answer in ("yes", "no", "unknown") if (one, answer) not in decided
    ] == []


def test_every_operator_has_a_case_that_meets_it_and_one_that_does_not():
    used = {(leaf.op, case.row["is"]) for case in CASES for leaf in conditions(root(bundle(case.programme)))}
    assert [(op, answer) for op in Op for answer in ("yes", "no") if (op, answer) not in used] == []
