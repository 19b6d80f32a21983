"""Who may answer on a pair of records.

A judgement joins or parts enterprises for every later run, whoever's register they stand in: one office answers for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Denied

if TYPE_CHECKING:
    from iindustry.kernel.actors import Actor


def can_judge(actor: Actor) -> bool:
    """Only a data steward."""
    return actor.role is Role.STEWARD


def check_judges(actor: Actor) -> None:
    """Denied `judging-not-yours`."""
    if not can_judge(actor):
        raise Denied("judging-not-yours")
