"""By what right a person acts for an enterprise (EXCHANGE section 2, Authority).

Invariant: a claim alone opens nothing. It is live only once somebody with the right to confirm has looked at its
evidence, from its first day, until its last.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from iindustry.kernel.actors import Role

if TYPE_CHECKING:
    from datetime import date


class AuthorityKind(StrEnum):
    """The three grounds on which a person may act."""

    DIRECTOR = "director"
    ATTORNEY = "attorney"
    SOLE_OWNER = "sole_owner"


class ClaimState(StrEnum):
    """Where a claim stands."""

    PENDING = "pending"
    LIVE = "live"
    REFUSED = "refused"


KIND_WORDS: dict[AuthorityKind, tuple[str, str]] = {
    AuthorityKind.DIRECTOR: ("กรรมการผู้มีอำนาจลงนาม", "Director who may sign"),
    AuthorityKind.ATTORNEY: ("ผู้รับมอบอำนาจ", "Holder of a power of attorney"),
    AuthorityKind.SOLE_OWNER: ("เจ้าของกิจการคนเดียว", "Sole owner"),
}
STATE_WORDS: dict[ClaimState, tuple[str, str]] = {
    ClaimState.PENDING: ("รอตรวจสอบ", "Waiting to be checked"),
    ClaimState.LIVE: ("ทำการแทนได้", "May act"),
    ClaimState.REFUSED: ("ไม่ผ่าน", "Not accepted"),
}
ROLE_OF: dict[AuthorityKind, Role] = {
    AuthorityKind.DIRECTOR: Role.OWNER,
    AuthorityKind.SOLE_OWNER: Role.OWNER,
    AuthorityKind.ATTORNEY: Role.DELEGATE,
}
CONFIRMS = frozenset({Role.OPERATOR, Role.STEWARD})


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of authority. `to_on` is the last day, None without end."""

    claim_id: str
    person_id: str
    enterprise_id: str
    kind: AuthorityKind
    state: ClaimState
    evidence: str
    from_on: date
    to_on: date | None


def holds(claim: Claim, today: date) -> bool:
    """Whether a claim lets its person act on a day."""
    return claim.state is ClaimState.LIVE and claim.from_on <= today and (claim.to_on is None or today <= claim.to_on)


def first_state(by: Role, *, is_own: bool) -> ClaimState:
    """The state a new claim starts in: only who may confirm makes a live one at once, and nobody one of their own."""
    return ClaimState.LIVE if by in CONFIRMS and not is_own else ClaimState.PENDING
