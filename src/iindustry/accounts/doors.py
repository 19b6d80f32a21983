"""The demo doors: people of the demo country, enrolled without a password, entered by one click.

Invariant: a person with a password is never a door; outside demo mode no page offers one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.kernel.actors import Role

if TYPE_CHECKING:
    from iindustry.accounts.organisations import Organisation

ROLE_WORDS: dict[Role, tuple[str, str]] = {
    Role.ANONYMOUS: ("ผู้เยี่ยมชม", "Visitor"),
    Role.OWNER: ("เจ้าของกิจการ", "Enterprise owner"),
    Role.DELEGATE: ("ผู้รับมอบอำนาจ", "Representative"),
    Role.BANK_OFFICER: ("เจ้าหน้าที่ธนาคาร", "Bank officer"),
    Role.BANK_SYSTEM: ("ระบบของธนาคาร", "Bank system"),
    Role.AGENCY_OFFICER: ("เจ้าหน้าที่ข้อมูลของหน่วยงาน", "Agency data officer"),
    Role.STEWARD: ("ผู้ดูแลข้อมูลกลาง", "Data steward"),
    Role.ANALYST: ("นักวิเคราะห์นโยบาย", "Policy analyst"),
    Role.AUDITOR: ("ผู้ตรวจสอบ", "Auditor"),
    Role.OPERATOR: ("ผู้ดูแลระบบ", "Operator"),
}
DOOR_ORDER = tuple(ROLE_WORDS)


@dataclass(frozen=True, slots=True)
class Door:
    """One way into the demo country. `key` is the sign-in name; titles say the role and the organisation."""

    key: str
    username: str
    role: Role
    organisation: str | None
    title_th: str
    title_en: str
    name_th: str
    name_en: str


def title(role: Role, organisation: Organisation | None) -> tuple[str, str]:
    """Role and organisation in words, Thai and English."""
    th, en = ROLE_WORDS[role]
    if organisation is None:
        return th, en
    return f"{th} {organisation.short_th}", f"{en}, {organisation.short_en}"
