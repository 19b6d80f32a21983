"""The inputs of the studio's form: which stand for what in a document, how each is typed, its label."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iindustry.programmes.describe import LINE_WORDS
from iindustry.programmes.facts import Words
from iindustry.programmes.terms import USES

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Plain:
    """One input that is not part of a condition: where it stands, how it is typed, its label."""

    path: str
    kind: str
    words: Words
    choices: Mapping[str, Words] = field(default_factory=dict)
    always: bool = False


INPUTS: tuple[Plain, ...] = (
    Plain("title.th", "text", Words("ชื่อ (ไทย)", "Name (Thai)"), always=True),
    Plain("title.en", "text", Words("ชื่อ (อังกฤษ)", "Name (English)"), always=True),
    Plain("summary.th", "area", Words("คำอธิบาย (ไทย)", "Summary (Thai)")),
    Plain("summary.en", "area", Words("คำอธิบาย (อังกฤษ)", "Summary (English)")),
    Plain("valid_from", "date", Words("ใช้ตั้งแต่วันที่", "In force from"), always=True),
    Plain("valid_to", "date", Words("ใช้ถึงวันที่", "In force to"), always=True),
    Plain("policy_lines", "ticks", Words("แนวนโยบาย", "Policy lines"), LINE_WORDS, always=True),
    Plain("parameters.amount_max_satang[0].value", "money", Words("วงเงินสูงสุดต่อราย (บาท)", "Most for one (baht)")),
    Plain("benefit.tenor_months", "int", Words("ระยะเวลากู้ (เดือน)", "Tenor (months)")),
    Plain("benefit.grace_months", "int", Words("ปลอดเงินต้น (เดือน)", "Grace (months)")),
    Plain("benefit.use_of_funds", "ticks", Words("ใช้เพื่อ", "Uses of funds"), USES),
    Plain("benefit.gives.th", "area", Words("สิ่งที่ได้รับ (ไทย)", "What it gives (Thai)")),
    Plain("benefit.gives.en", "area", Words("สิ่งที่ได้รับ (อังกฤษ)", "What it gives (English)")),
    Plain("budget.pool_satang", "money", Words("วงเงินโครงการ (บาท)", "Pool (baht)")),
)
SERIES = "values"
STEP_INPUTS: Mapping[str, tuple[str, Words]] = {
    "from": ("date", Words("ตั้งแต่วันที่", "From")),
    "value": ("decimal", Words("ร้อยละต่อปี", "Percent a year")),
}
"""The two inputs of each step of a base rate: key in the document, type, label."""
PLAIN_SPECS: Mapping[str, str] = {"money": "money", "int": "int", "date": "date"}


@dataclass(frozen=True, slots=True)
class Input:
    """One input as drawn: its name in the form, what it shows, and what may be chosen (value, words, whether chosen)."""

    name: str
    kind: str
    words: Words
    shown: str
    choices: tuple[tuple[str, Words, bool], ...] = ()
    hint: str = ""
