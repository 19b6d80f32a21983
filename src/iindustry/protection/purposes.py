"""Why data may be used: the purposes, each with its caps (EXCHANGE section 1). They are rows, not branches.

An agreement or a consent may lower a cap, never raise one. Invariant: a purpose opens no field that its row does not name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from iindustry.protection import service_fields

if TYPE_CHECKING:
    from collections.abc import Mapping


class Lane(StrEnum):
    """Two lanes, kept apart: agency to agency on an agreement, or a named enterprise's data on its consent (law)."""

    DUTY = "duty"
    CONSENT = "consent"


class Usage(StrEnum):
    """How often a consent serves."""

    ONE_TIME = "one_time"
    CASE = "case"
    RECURRING = "recurring"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose and its caps.

    `longest`: the longest life of a consent; None in the duty lane, which has none. `usual`: its life unless asked otherwise.
    `look_back_months` None: any. `most_uses` within `per_days`; None: not counted. `retention`: ISO 8601, at the recipient.
    `fields`: what it may open at most; empty for aggregates only.
    """

    code: str
    lane: Lane
    usage: Usage
    longest: timedelta | None
    usual: timedelta | None
    look_back_months: int | None
    most_uses: int | None
    per_days: int | None
    retention: str
    fields: frozenset[str]
    th: str
    en: str


def _all_but(*patterns: str) -> frozenset[str]:
    return service_fields.ALL - service_fields.expand(patterns)


_DAY = timedelta(days=1)
_EXPAND = service_fields.expand
_ROWS = (
    # code, lane, usage, longest, usual, look-back, uses, per days, retention, fields, th, en
    Purpose("KYC", Lane.CONSENT, Usage.ONE_TIME, _DAY, _DAY, 0, 1, None, "P90D",
            _EXPAND(("entity.*",)), "ยืนยันตัวตนของกิจการ", "To identify the enterprise"),
    # Undecided cases end on day 90. The telephone number is a contact of a person, which this purpose does not open.
    Purpose("LOAN_UNDERWRITING", Lane.CONSENT, Usage.CASE, 90 * _DAY, 90 * _DAY, 36, None, None, "P180D",
            _all_but("person.phone"), "พิจารณาสินเชื่อ", "To decide on a loan"),
    Purpose("LOAN_MONITORING", Lane.CONSENT, Usage.RECURRING, 365 * _DAY, 90 * _DAY, 12, 4, 30, "P90D",
            _EXPAND(("entity.*", "factory.*", "standard.*")), "ติดตามหลังให้สินเชื่อ", "To follow a loan that was made"),
    Purpose("PRODUCT_MATCHING", Lane.CONSENT, Usage.ONE_TIME, _DAY, _DAY, 12, 1, None, "P30D",
            _EXPAND(("entity.*", "factory.*", "area.*")), "จับคู่ผลิตภัณฑ์สินเชื่อ", "To match loan products"),
    Purpose("PROGRAMME_ELIGIBILITY", Lane.DUTY, Usage.RECURRING, None, None, 36, 1, 1, "P12M",
            _all_but("obligation.*", "application.*", "decision.*", "disbursement.*", "position.*"),
            "ตรวจสิทธิ์ตามมาตรการของรัฐ", "To check eligibility for a measure"),
    Purpose("OUTCOME_REPORTING", Lane.CONSENT, Usage.RECURRING, 1095 * _DAY, 90 * _DAY, None, None, None, "P10Y",
            _EXPAND(("application.*", "decision.*", "disbursement.*", "position.*")),
            "รายงานผลสินเชื่อต่อกระทรวง", "To report the outcome of a loan to the ministry"),
    Purpose("STATISTICS", Lane.DUTY, Usage.RECURRING, None, None, None, None, None, "P10Y",
            frozenset(), "สถิติรวม ไม่ระบุรายกิจการ", "Statistics, no single enterprise"),
    Purpose("AUDIT", Lane.DUTY, Usage.RECURRING, None, None, None, None, None, "P5Y",
            frozenset(), "ตรวจสอบบัญชีเหตุการณ์", "To audit the log"),
)  # fmt: skip
PURPOSES: Mapping[str, Purpose] = MappingProxyType({row.code: row for row in _ROWS})
