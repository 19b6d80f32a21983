"""The table of refusals is whole: words in both languages, one status, and every code that the design names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import iindustry.exchange
from iindustry.api.problem_words import NEXT, problem_body
from iindustry.config.words import UNKNOWN, words_of
from iindustry.exchange.problems import PROBLEMS, problem_of, refusal
from iindustry.kernel.errors import NotFound
from iindustry.protection.decision import GATE

# EXCHANGE section 3, the table of six gates.
DESIGN = {
    1: "party-unknown key-revoked party-suspended rate-limited maintenance",
    2: "token-missing token-invalid token-expired token-audience dpop-invalid dpop-replayed",
    3: "signature-missing signature-invalid signature-stale signature-replayed digest-mismatch",
    4: "agreement-missing purpose-not-agreed over-cap",
    5: "consent-missing consent-paused consent-revoked consent-expired consent-used consent-range consent-frequency "
       "consent-authority",
    6: "fields-none",
}  # fmt: skip
SOURCES = sorted(Path(iindustry.exchange.__file__).parent.rglob("*.py"))
STATUS = {"party-unknown": 401, "party-suspended": 403, "rate-limited": 429, "maintenance": 503, "digest-mismatch": 400}


def test_every_code_of_the_design_is_there_at_its_gate():
    for gate, codes in DESIGN.items():
        for code in codes.split():
            assert PROBLEMS[code].gate == gate, code
            assert PROBLEMS[code].status == STATUS.get(code, 401 if gate < 4 else 403), code
    assert (PROBLEMS["consent-revoked"].yourdata, PROBLEMS["consent-used"].yourdata) == (40720, 40730)


def test_the_gates_of_protection_are_the_same():
    assert {code: PROBLEMS[code].gate for code in GATE} == GATE


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_code_has_a_sentence_in_both_languages_and_one_status(code):
    words = words_of(code)
    assert words is not UNKNOWN
    assert words.status in {PROBLEMS[code].status, None}
    body = problem_body(refusal(code, entry="secret", member="x"))
    assert re.search(r"[\u0E01-\u0E5B]", body["title_th"])
    assert (body["code"], body["status"]) == (code, PROBLEMS[code].status)
    assert "entry" not in body["facts"]


def test_what_to_do_next_is_said_for_every_fault():
    assert {(row.fault, row.retryable) for row in PROBLEMS.values()} <= set(NEXT)


def test_a_code_of_another_package_has_the_status_of_its_class():
    assert problem_of(NotFound("application-unknown")).status == 404


def test_every_code_that_the_exchange_raises_is_in_the_table():
    pattern = re.compile(r'refusal\(\s*"([a-z-]+)"')
    raised = {code for path in SOURCES for code in pattern.findall(path.read_text(encoding="utf-8"))}
    assert len(raised) > 30
    assert raised <= set(PROBLEMS)
