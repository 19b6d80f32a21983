"""The moves of a loan application, as one table (DOMAIN section 1: the six real steps; STYLE section 4).

Apply, screen, originals, analyse and approve, contract, control and disburse. Invariant: a status changes only by
`after`; every status that is not final has an owner, and a way out by refusal.
"""

from __future__ import annotations

from enum import StrEnum

from iindustry.kernel.errors import Conflict, Denied


class Status(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SENT = "sent"
    SCREENING = "screening"
    PAPERS_ASKED = "papers_asked"
    ANALYSIS = "analysis"
    APPROVED = "approved"
    DECLINED = "declined"
    CONTRACTED = "contracted"
    DISBURSED = "disbursed"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What somebody does to it."""

    SEND = "send"
    CLAIM = "claim"
    ANALYSE = "analyse"
    ASK_PAPER = "ask_paper"
    SUPPLY_PAPER = "supply_paper"
    APPROVE = "approve"
    DECLINE = "decline"
    SIGN = "sign"
    DISBURSE_PART = "disburse_part"
    DISBURSE_ALL = "disburse_all"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """Whose turn it is."""

    ENTERPRISE = "enterprise"
    LENDER = "lender"
    OFFICE = "office"


_E, _L = Side.ENTERPRISE, Side.LENDER

# (status now, step) -> (whose turn, status after). SUPPLY_PAPER is the last open paper; one of several moves nothing.
STEPS: dict[tuple[Status, Step], tuple[Side, Status]] = {
    (Status.DRAFT, Step.SEND): (_E, Status.SENT),
    (Status.DRAFT, Step.WITHDRAW): (_E, Status.WITHDRAWN),
    (Status.SENT, Step.CLAIM): (_L, Status.SCREENING),
    (Status.SENT, Step.ASK_PAPER): (_L, Status.PAPERS_ASKED),
    (Status.SENT, Step.ANALYSE): (_L, Status.ANALYSIS),
    (Status.SENT, Step.APPROVE): (_L, Status.APPROVED),
    (Status.SENT, Step.DECLINE): (_L, Status.DECLINED),
    (Status.SENT, Step.WITHDRAW): (_E, Status.WITHDRAWN),
    (Status.SCREENING, Step.ASK_PAPER): (_L, Status.PAPERS_ASKED),
    (Status.SCREENING, Step.ANALYSE): (_L, Status.ANALYSIS),
    (Status.SCREENING, Step.APPROVE): (_L, Status.APPROVED),
    (Status.SCREENING, Step.DECLINE): (_L, Status.DECLINED),
    (Status.SCREENING, Step.WITHDRAW): (_E, Status.WITHDRAWN),
    (Status.PAPERS_ASKED, Step.ASK_PAPER): (_L, Status.PAPERS_ASKED),
    (Status.PAPERS_ASKED, Step.SUPPLY_PAPER): (_E, Status.ANALYSIS),
    (Status.PAPERS_ASKED, Step.DECLINE): (_L, Status.DECLINED),
    (Status.PAPERS_ASKED, Step.WITHDRAW): (_E, Status.WITHDRAWN),
    (Status.ANALYSIS, Step.ASK_PAPER): (_L, Status.PAPERS_ASKED),
    (Status.ANALYSIS, Step.APPROVE): (_L, Status.APPROVED),
    (Status.ANALYSIS, Step.DECLINE): (_L, Status.DECLINED),
    (Status.ANALYSIS, Step.WITHDRAW): (_E, Status.WITHDRAWN),
    (Status.APPROVED, Step.SIGN): (_L, Status.CONTRACTED),
    (Status.APPROVED, Step.DISBURSE_PART): (_L, Status.CONTRACTED),
    (Status.APPROVED, Step.DISBURSE_ALL): (_L, Status.DISBURSED),
    (Status.APPROVED, Step.WITHDRAW): (_E, Status.WITHDRAWN),
    (Status.CONTRACTED, Step.DISBURSE_PART): (_L, Status.CONTRACTED),
    (Status.CONTRACTED, Step.DISBURSE_ALL): (_L, Status.DISBURSED),
}

# Whose turn it is: who must do something before anything moves. None: final.
TURN: dict[Status, Side | None] = {
    Status.DRAFT: _E,
    Status.SENT: _L,
    Status.SCREENING: _L,
    Status.PAPERS_ASKED: _E,
    Status.ANALYSIS: _L,
    Status.APPROVED: _L,
    Status.CONTRACTED: _L,
    Status.DECLINED: None,
    Status.DISBURSED: None,
    Status.WITHDRAWN: None,
}

FINAL = frozenset(status for status, turn in TURN.items() if turn is None)
OPEN = frozenset(TURN) - FINAL
UNDECIDED = frozenset({Status.SENT, Status.SCREENING, Status.PAPERS_ASKED, Status.ANALYSIS})
ENDS_CONSENT = FINAL

STATUS_WORDS: dict[Status, tuple[str, str]] = {
    Status.DRAFT: ("ร่าง ยังไม่ได้ส่ง", "Draft, not sent yet"),
    Status.SENT: ("ส่งแล้ว รอผู้ให้สินเชื่อรับเรื่อง", "Sent, waiting for the lender to take it up"),
    Status.SCREENING: ("ผู้ให้สินเชื่อกำลังตรวจเบื้องต้น", "The lender is screening it"),
    Status.PAPERS_ASKED: ("รอเอกสารจากกิจการ", "Waiting for a paper from the business"),
    Status.ANALYSIS: ("ผู้ให้สินเชื่อกำลังวิเคราะห์", "The lender is analysing it"),
    Status.APPROVED: ("อนุมัติแล้ว รอทำสัญญาและเบิกจ่าย", "Approved, waiting for contract and disbursement"),
    Status.DECLINED: ("ไม่อนุมัติ", "Declined"),
    Status.CONTRACTED: ("ทำสัญญาแล้ว รอเบิกจ่ายให้ครบ", "Under contract, not paid in full yet"),
    Status.DISBURSED: ("เบิกจ่ายครบแล้ว", "Paid in full"),
    Status.WITHDRAWN: ("ถอนคำขอแล้ว", "Withdrawn"),
}
STATUS_COLOUR: dict[Status, str] = {
    Status.DRAFT: "grey",
    Status.SENT: "blue",
    Status.SCREENING: "blue",
    Status.PAPERS_ASKED: "yellow",
    Status.ANALYSIS: "blue",
    Status.APPROVED: "green",
    Status.DECLINED: "red",
    Status.CONTRACTED: "green",
    Status.DISBURSED: "green",
    Status.WITHDRAWN: "grey",
}
SIDE_WORDS: dict[Side, tuple[str, str]] = {
    Side.ENTERPRISE: ("กิจการ", "The business"),
    Side.LENDER: ("ผู้ให้สินเชื่อ", "The lender"),
    Side.OFFICE: ("สำนักงานอุตสาหกรรมจังหวัด", "The provincial office"),
}
STEP_WORDS: dict[Step, tuple[str, str]] = {
    Step.SEND: ("ส่งคำขอ", "Application sent"),
    Step.CLAIM: ("เจ้าหน้าที่รับเรื่อง", "An officer took it up"),
    Step.ANALYSE: ("เริ่มวิเคราะห์", "Analysis began"),
    Step.ASK_PAPER: ("ขอเอกสารเพิ่ม", "A paper was asked for"),
    Step.SUPPLY_PAPER: ("ส่งเอกสารแล้ว", "The paper was supplied"),
    Step.APPROVE: ("อนุมัติ", "Approved"),
    Step.DECLINE: ("ไม่อนุมัติ", "Declined"),
    Step.SIGN: ("ทำสัญญากู้เงิน", "Loan contract signed"),
    Step.DISBURSE_PART: ("เบิกจ่ายบางส่วน", "Paid in part"),
    Step.DISBURSE_ALL: ("เบิกจ่ายครบ", "Paid in full"),
    Step.WITHDRAW: ("ถอนคำขอ", "Application withdrawn"),
}


def after(now: Status, step: Step, *, by: Side) -> Status:
    """The status after one step. Conflict: the step does not follow. Denied: it is another's turn."""
    if (now, step) not in STEPS:
        raise Conflict("step-out-of-order", now=now.value, step=step.value)
    turn, then = STEPS[now, step]
    if by is not turn:
        raise Denied("not-your-turn", now=now.value, turn=turn.value)
    return then


def turn_of(status: Status) -> Side | None:
    """Who must act next; None when nobody must: the application is closed."""
    return TURN[status]


def may(now: Status, step: Step, *, by: Side) -> bool:
    """The same rule as `after`, as a yes or no for pages that show or hide a button."""
    return STEPS.get((now, step), (None, now))[0] is by


def diagram() -> str:
    """The table as a Mermaid state diagram: what `docs/funding-moves.md` shows."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [f"    {now} --> {then}: {step} ({side})" for (now, step), (side, then) in STEPS.items()]
    lines += [f"    {status} --> [*]" for status in Status if status in FINAL]
    return "\n".join(lines)


def page() -> str:
    """The whole of `docs/funding-moves.md`."""
    rows = [f"| {now} | {step} | {side} | {then} |" for (now, step), (side, then) in STEPS.items()]
    return "\n".join(
        [
            "# Moves of a loan application",
            "",
            "Printed from `iindustry.funding.moves.STEPS`; a test compares the two.",
            "",
            "```mermaid",
            diagram(),
            "```",
            "",
            "| status now | step | whose turn | status after |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )
