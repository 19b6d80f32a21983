"""Who acts: one person in one role, for one organisation or one enterprise; or a partner's system.

Every use case takes an `Actor`. Invariant: an actor is a value; it is made at an entry point from a session or a
token, and no use case makes one up.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What someone may be. One actor has exactly one role at a time."""

    ANONYMOUS = "anonymous"
    OWNER = "owner"
    DELEGATE = "delegate"
    BANK_OFFICER = "bank_officer"
    BANK_SYSTEM = "bank_system"
    AGENCY_OFFICER = "agency_officer"
    STEWARD = "steward"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting person or system.

    `person_id` is the opaque id of a person, None for a system or an anonymous visitor.
    `organisation` is an organisation's key (`smed`, `exim`, `dip`, `oie` …), None for owners.
    `enterprise_id` is the enterprise acted for, None where none is.
    `subsystem` is the exchange address of a partner's system, None for people.
    """

    role: Role
    person_id: str | None = None
    organisation: str | None = None
    enterprise_id: str | None = None
    subsystem: str | None = None

    @property
    def tag(self) -> str:
        """What a ledger entry calls the actor before it is made a keyed tag: never a name."""
        return self.person_id or self.subsystem or self.role.value


ANONYMOUS = Actor(Role.ANONYMOUS)
SYSTEM = Actor(Role.OPERATOR, person_id="system")
