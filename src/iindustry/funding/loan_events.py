"""What a bank's system tells of a case: decided, progressed, disbursed (EXCHANGE section 5, direction B).

Facts only: how a message looks and how it is signed is the exchange's. Invariant: a fact that is not on the list is
refused, not kept; money is whole satang.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from iindustry.funding.moves import Step
from iindustry.funding.reasons import checked
from iindustry.kernel.clock import BANGKOK
from iindustry.kernel.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

_COMMON = frozenset({"application_id", "consent_id", "occurred_at"})
# kind -> (facts that must be there, facts that may)
FACTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "loan.application.received": (frozenset(), frozenset({"bank_ref", "due_at"})),
    "loan.application.progressed": (frozenset({"stage"}), frozenset({"expected_on"})),
    "loan.application.decided": (
        frozenset({"decision", "decided_at"}),
        frozenset(
            {"approved_satang", "tenor_months", "rate_bands", "collateral", "reason_codes", "reason_words", "is_curable", "cure_hint_codes"}
        ),
    ),
    "loan.contract.signed": (frozenset(), frozenset({"loan_ref", "contract_satang", "signed_on"})),
    "loan.disbursed": (
        frozenset({"amount_satang", "disbursed_on"}),
        frozenset({"loan_ref", "tranche", "policy_line"}),
    ),
}  # fmt: skip
DECISIONS = {"approved": True, "approved_in_part": True, "declined": False}
STAGES: dict[str, Step | None] = {
    "received": None,
    "screening": Step.CLAIM,
    "documents": None,
    "analysis": Step.ANALYSE,
    "committee": Step.ANALYSE,
    "signed": Step.SIGN,
}


class LoanMessage(Protocol):
    """What the exchange hands over: a verified event, its name without prefix, its facts."""

    @property
    def name(self) -> str:
        """The kind, such as `loan.application.decided`."""
        ...

    @property
    def application_id(self) -> UUID:
        """Which application."""
        ...

    @property
    def data(self) -> Mapping[str, Any]:
        """The facts, money in satang, days and instants as ISO 8601."""
        ...


@dataclass(frozen=True, slots=True)
class Decided:
    """A lender's system decided."""

    is_approved: bool
    decided_at: datetime
    approved_satang: int | None
    tenor_months: int | None
    reason_codes: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """A case came to a stage; `step` None moves nothing and only tells."""

    stage: str
    step: Step | None
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class Disbursed:
    """A part or all of a loan was paid. `tranche` None: the next one."""

    amount_satang: int
    disbursed_on: date
    tranche: int | None


LoanEvent = Decided | Progressed | Disbursed


def read(kind: str, data: Mapping[str, Any]) -> LoanEvent:
    """A loan event of its facts.

    Rejected: `loan-event-unknown`, `loan-event-fact-missing`, `loan-event-fact-unknown`, `loan-event-fact-wrong`, `reason-…`.
    """
    if kind not in FACTS:
        raise Rejected("loan-event-unknown", kind=kind)
    needed, allowed = FACTS[kind]
    _check_names(frozenset(data), needed, needed | allowed | _COMMON)
    try:
        return _READERS[kind](data)
    except (ValueError, TypeError, AttributeError, KeyError) as fault:
        raise Rejected("loan-event-fact-wrong", kind=kind) from fault


def _check_names(given: frozenset[str], needed: frozenset[str], allowed: frozenset[str]) -> None:
    absent = sorted(needed - given)
    if absent:
        raise Rejected("loan-event-fact-missing", fields=absent)
    surplus = sorted(given - allowed)
    if surplus:
        raise Rejected("loan-event-fact-unknown", fields=surplus)


def _decided(data: Mapping[str, Any]) -> Decided:
    approved = DECISIONS[data["decision"]]
    return Decided(
        is_approved=approved,
        decided_at=_instant(data["decided_at"]),
        approved_satang=_whole(data["approved_satang"]) if approved else None,
        tenor_months=_whole(data["tenor_months"]) if data.get("tenor_months") else None,
        reason_codes=() if approved else checked(list(data.get("reason_codes") or ["R0"])),
        words=str(data.get("reason_words") or ""),
    )


def _progressed(data: Mapping[str, Any]) -> Progressed:
    stage, expected = data["stage"], data.get("expected_on")
    return Progressed(stage, STAGES[stage], date.fromisoformat(expected) if expected else None)


def _received(data: Mapping[str, Any]) -> Progressed:
    due = data.get("due_at")
    return Progressed("received", None, _instant(due).astimezone(BANGKOK).date() if due else None)


def _signed(data: Mapping[str, Any]) -> Progressed:  # noqa: ARG001 - one of the readers
    return Progressed("signed", STAGES["signed"], None)


def _disbursed(data: Mapping[str, Any]) -> Disbursed:
    tranche = data.get("tranche")
    return Disbursed(
        _whole(data["amount_satang"]),
        date.fromisoformat(str(data["disbursed_on"])),
        _whole(tranche) if tranche is not None else None,
    )


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ValueError(value)
    return value


def _instant(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        raise ValueError(value)
    return at


_READERS: dict[str, Callable[[Mapping[str, Any]], LoanEvent]] = {
    "loan.application.received": _received,
    "loan.application.progressed": _progressed,
    "loan.application.decided": _decided,
    "loan.contract.signed": _signed,
    "loan.disbursed": _disbursed,
}
