"""Who may claim authority for whom, and who may confirm it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.accounts.authority import CONFIRMS
from iindustry.kernel.errors import Denied

if TYPE_CHECKING:
    from iindustry.kernel.actors import Actor


def check_claims(actor: Actor, person_id: str) -> None:
    """A person claims for themselves; a steward or the operator records for anybody. Raises Denied."""
    if actor.role not in CONFIRMS and actor.person_id != person_id:
        raise Denied("authority-not-yours")


def check_confirms(actor: Actor, person_id: str) -> None:
    """Nobody confirms a claim of their own. Raises Denied."""
    if actor.role not in CONFIRMS or actor.person_id == person_id:
        raise Denied("authority-not-yours-to-confirm")
