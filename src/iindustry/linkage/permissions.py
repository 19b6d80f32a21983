"""Who may answer on a pair of records, and who may merge, split and undo.

A judgement joins or parts enterprises for every later run, whoever's register they stand in: one office answers for it.
Invariant: nobody approves an act of their own that needs a second person.
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


def can_reshape(actor: Actor) -> bool:
    """Only a data steward merges, splits or undoes."""
    return actor.role is Role.STEWARD


def check_reshapes(actor: Actor) -> None:
    """Denied `reshaping-not-yours`."""
    if not can_reshape(actor):
        raise Denied("reshaping-not-yours")


def can_decide(actor: Actor, *, asked_by: str, second_person: bool) -> bool:
    """Whether this person may put an act into effect: a steward, and another than the asker above the risk line."""
    return can_reshape(actor) and not (second_person and actor.tag == asked_by)


def check_decides(actor: Actor, *, asked_by: str, second_person: bool) -> None:
    """Denied `reshaping-not-yours`, `act-own-approval`."""
    check_reshapes(actor)
    if not can_decide(actor, asked_by=asked_by, second_person=second_person):
        raise Denied("act-own-approval")
