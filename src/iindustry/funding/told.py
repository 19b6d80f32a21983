"""What a lender tells the ministry of a case by each step, and what it may still say without a consent (decision 0009).

A decision, a contract, a payment are the enterprise's data that come from a bank: they are held here on the consent of the
case alone, whichever road they come by. Invariant: without it a case can only be ended, with nothing said of the enterprise.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from iindustry.funding.moves import Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PURPOSE = "LOAN_UNDERWRITING"
# Step of the lender -> the fields of loan events that its recording holds.
SAYS: Mapping[Step, frozenset[str]] = MappingProxyType(
    {
        Step.CLAIM: frozenset({"application.stage"}),
        Step.ANALYSE: frozenset({"application.stage"}),
        Step.ASK_PAPER: frozenset({"application.missing_items", "application.due_on"}),
        Step.APPROVE: frozenset(
            {"decision.decision", "decision.decided_at", "decision.approved_satang", "decision.tenor_months"}
        ),
        Step.DECLINE: frozenset(
            {"decision.decision", "decision.decided_at", "decision.reason_codes", "decision.reason_words"}
        ),
        Step.SIGN: frozenset({"disbursement.contract_satang", "disbursement.signed_on"}),
        Step.DISBURSE_PART: frozenset({"disbursement.amount_satang", "disbursement.disbursed_on"}),
        Step.DISBURSE_ALL: frozenset({"disbursement.amount_satang", "disbursement.disbursed_on"}),
    }
)
NOTHING_SAID = "R0"
_OF_AN_ENDING = frozenset({"application_id", "consent_id", "occurred_at", "decision", "decided_at", "reason_codes"})


def says_nothing(reason_codes: Sequence[str], words: str) -> bool:
    """Whether a decline tells only that the lender ends the case: the reason is not stated, and no word stands beside it."""
    return list(reason_codes) == [NOTHING_SAID] and not words.strip()


def ends_without_a_word(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether a message of a lender's system is such an ending, and holds nothing besides."""
    if kind != "loan.application.decided" or data.get("decision") != "declined" or not data.keys() <= _OF_AN_ENDING:
        return False
    codes = data.get("reason_codes")
    return not codes or codes == [NOTHING_SAID]
