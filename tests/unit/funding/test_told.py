"""What a lender tells by each step, and the one thing it may say without a consent."""

from __future__ import annotations

import pytest

from iindustry.funding import told
from iindustry.funding.loan_events import FACTS
from iindustry.funding.moves import STEPS, Side
from iindustry.funding.reasons import REASONS
from iindustry.protection.service_fields import CASE_LOAN_FIELDS


def test_every_step_of_a_lender_names_fields_that_a_case_consent_covers():
    assert set(told.SAYS) == {step for (_, step), (side, _) in STEPS.items() if side is Side.LENDER}
    for step, fields in told.SAYS.items():
        assert fields, step
        assert fields <= CASE_LOAN_FIELDS, step
    assert told.NOTHING_SAID in REASONS


@pytest.mark.parametrize(
    ("codes", "words", "silent"),
    [
        (["R0"], "", True),
        (("R0",), "  ", True),
        (["R0"], "ลดวงเงินได้", False),
        (["R4"], "", False),
        (["R0", "R4"], "", False),
        ([], "", False),
    ],
)
def test_a_decline_says_nothing_with_r0_alone_and_no_word(codes, words, silent):
    assert told.says_nothing(codes, words) is silent


BARE = {"application_id": "1", "consent_id": "2", "decision": "declined", "decided_at": "2026-11-22T10:00:00Z"}


@pytest.mark.parametrize(
    ("kind", "more", "silent"),
    [
        ("loan.application.decided", {}, True),
        ("loan.application.decided", {"reason_codes": ["R0"]}, True),
        ("loan.application.decided", {"reason_codes": ["R4"]}, False),
        ("loan.application.decided", {"reason_codes": "R0"}, False),
        ("loan.application.decided", {"decision": "approved"}, False),
        ("loan.application.decided", {"reason_words": ""}, False),
        ("loan.application.progressed", {}, False),
    ],
)
def test_a_message_ends_without_a_word_only_where_it_holds_nothing_else(kind, more, silent):
    assert told.ends_without_a_word(kind, BARE | more) is silent


def test_no_other_fact_of_a_decision_slips_into_a_silent_ending():
    needed, allowed = FACTS["loan.application.decided"]
    for fact in (needed | allowed) - BARE.keys() - {"reason_codes"}:
        assert not told.ends_without_a_word("loan.application.decided", BARE | {fact: None}), fact
