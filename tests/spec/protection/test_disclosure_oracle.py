"""A second table of the disclosure decision, written from the page alone (EXCHANGE sections 1 to 3), as referee.

A cell takes one value from each column. Each value either passes or names the code that refuses it; the answer is the code
that stands first in the page's order of gates, or `allowed`. Nothing of `protection.decision` is used but the function itself.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import timedelta
from itertools import product
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "unit" / "protection"))
from disclosure_cases import EXIM, FIELDS, NOW, agreement, consent, duty_line, duty_request, line, request

from iindustry.protection.agreement import AgreementStatus
from iindustry.protection.consent import ConsentStatus
from iindustry.protection.decision import decide
from iindustry.protection.purposes import Lane, Usage

ORDER = (
    "agreement-missing", "purpose-not-agreed", "over-cap",
    "consent-missing", "consent-paused", "consent-revoked", "consent-expired", "consent-used",
    "consent-range", "consent-frequency", "consent-authority", "fields-none",
)  # fmt: skip
CALL, OTHER = UUID(int=5), UUID(int=6)
MONTH = timedelta(days=30)
FLOOR = 2_000

# column -> value -> (change of the request, change of the agreement or its line, change of the consent, refused with)
R, A, L, C = "request", "agreement", "line", "consent"
COLUMNS = {
    "lane": {"consent": ({}, None), "duty": ({R: {"lane": Lane.DUTY}}, "agreement-missing")},
    "agreement": {
        "active": ({}, None),
        "absent": ({A: None}, "agreement-missing"),
        "draft": ({A: {"status": AgreementStatus.DRAFT}}, "agreement-missing"),
        "signed": ({A: {"status": AgreementStatus.SIGNED}}, "agreement-missing"),
        "suspended": ({A: {"status": AgreementStatus.SUSPENDED}}, "agreement-missing"),
        "ended": ({A: {"status": AgreementStatus.ENDED}}, "agreement-missing"),
        "before its period": ({A: {"from_on": (NOW + MONTH).date()}}, "agreement-missing"),
        "after its period": ({A: {"to_on": (NOW - MONTH).date()}}, "agreement-missing"),
        "line suspended": ({L: {"is_active": False}}, "agreement-missing"),
        "other consumer": ({L: {"consumers": frozenset({EXIM})}}, "agreement-missing"),
        "purpose not in the line": ({L: {"purposes": frozenset({"LOAN_UNDERWRITING"})}}, "purpose-not-agreed"),
    },
    "look back": {
        "now": ({}, None),
        "inside": ({R: {"data_from": (NOW - 5 * MONTH).date()}}, None),
        "above the cap": (
            {R: {"data_from": (NOW - 14 * MONTH).date()}, C: {"data_from": (NOW - 20 * MONTH).date()}},
            "over-cap",
        ),
        "outside the consent": ({R: {"data_from": (NOW - 11 * MONTH).date()}}, "consent-range"),
    },
    "subject": {"same": ({}, None), "another": ({R: {"enterprise_id": "ENT-2"}}, "consent-missing")},
    "recipient": {"same": ({}, None), "another": ({C: {"recipient": EXIM}}, "consent-missing")},
    "status": {
        "active": ({}, None),
        "absent": ({C: None}, "consent-missing"),
        "pending": ({C: {"status": ConsentStatus.PENDING}}, "consent-missing"),
        "paused": ({C: {"status": ConsentStatus.PAUSED}}, "consent-paused"),
        "revoked": ({C: {"status": ConsentStatus.REVOKED}}, "consent-revoked"),
        "expired": ({C: {"status": ConsentStatus.EXPIRED}}, "consent-expired"),
        "used": ({C: {"status": ConsentStatus.USED}}, "consent-used"),
    },
    "time": {
        "in the middle": ({}, None),
        "at its first instant": ({C: {"given_at": NOW}}, None),
        "before": ({C: {"given_at": NOW + timedelta(seconds=1)}}, "consent-missing"),
        "last instant but one": ({C: {"expires_at": NOW + timedelta(microseconds=1)}}, None),
        "at its end": ({C: {"expires_at": NOW}}, "consent-expired"),
    },
    "use": {
        "first": ({}, None),
        "the fourth a month": ({C: {"recent_uses": 3}}, None),
        "the fifth a month": ({C: {"recent_uses": 4}}, "consent-frequency"),
        "one time, another call": (
            {R: {"request_id": OTHER}, C: {"usage": Usage.ONE_TIME, "bound_request_id": CALL, "bound_at": NOW}},
            "consent-used",
        ),
    },
    "authority": {"intact": ({}, None), "lost": ({C: {"has_authority": False}}, "consent-authority")},
    "fields": {
        "some": ({}, None),
        "none granted": ({R: {"fields": frozenset({"obligation.open_orders"})}}, "fields-none"),
    },
}


def answer_of_the_table(cell):
    """The first code in the page's order among those that the cell's values name."""
    named = [COLUMNS[column][value][1] for column, value in cell.items()]
    return next((code for code in ORDER if code in named), "allowed")


def answer_of_the_code(cell):
    changes = {R: {}, A: {}, L: {}, C: {"data_from": (NOW - 8 * MONTH).date()}}
    for column, value in cell.items():
        for what, change in COLUMNS[column][value][0].items():
            changes[what] = None if change is None or changes[what] is None else changes[what] | change
    agreed = None if changes[A] is None else agreement(line(**changes[L]), duty_line(), **changes[A])
    given = None if changes[C] is None else consent(**changes[C])
    decision = decide(request(**changes[R]), agreed, given, NOW)
    assert (decision.fields == FIELDS) if decision.reason == "allowed" else not decision.fields
    return decision.reason


def cells():
    """Every pair of columns in full, everything else passing, and 6,000 cells drawn from the whole product."""
    passing = {column: next(iter(values)) for column, values in COLUMNS.items()}
    for first, second in product(COLUMNS, COLUMNS):
        if first < second:
            for one, two in product(COLUMNS[first], COLUMNS[second]):
                yield passing | {first: one, second: two}
    draw = random.Random(20261122)
    for _ in range(6_000):
        yield {column: draw.choice(list(values)) for column, values in COLUMNS.items()}


def test_the_code_agrees_with_the_table():
    started, count, seen, differences = time.perf_counter(), 0, set(), []
    for cell in cells():
        expected, found = answer_of_the_table(cell), answer_of_the_code(cell)
        count += 1
        seen.add(expected)
        if expected != found:
            differences.append((cell, expected, found))
    line_of = {"gate": "disclosure-oracle", "cases": count, "failures": len(differences), "seed": 20261122,
               "seconds": round(time.perf_counter() - started, 2)}  # fmt: skip
    print(json.dumps(line_of))
    assert not differences, differences[:3]
    assert count >= FLOOR
    assert seen == {*ORDER, "allowed"}, "a code that no cell reaches proves nothing"


def test_the_table_finds_a_decision_that_is_wrong():
    """A known-bad sample turns the gate red: a consent that was withdrawn, read as active."""
    cell = {column: next(iter(values)) for column, values in COLUMNS.items()} | {"status": "revoked"}
    assert answer_of_the_table(cell) != answer_of_the_code(cell | {"status": "active"})


def test_the_duty_lane_in_the_table():
    """Agency to agency: an active line decides, whatever consent lies beside it."""
    for status in ConsentStatus:
        assert decide(duty_request(), agreement(), consent(status=status), NOW).reason == "allowed"
    assert decide(duty_request(), agreement(line()), None, NOW).reason == "agreement-missing"
    assert decide(duty_request(lane=Lane.CONSENT), agreement(), consent(), NOW).reason == "agreement-missing"
