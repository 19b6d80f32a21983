"""Who may dispute a value, and who may answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Denied, NotFound
from iindustry.sources.contracts import contracts

if TYPE_CHECKING:
    from iindustry.kernel.actors import Actor

_OF_THE_ENTERPRISE = frozenset({Role.OWNER, Role.DELEGATE})


def can_correct(actor: Actor, enterprise_id: str) -> bool:
    """Only those who act for the enterprise."""
    return actor.role in _OF_THE_ENTERPRISE and actor.enterprise_id == enterprise_id


def check_may_correct(actor: Actor, enterprise_id: str) -> None:
    """NotFound where an owner names an enterprise not their own; Denied for every other role."""
    if can_correct(actor, enterprise_id):
        return
    if actor.role in _OF_THE_ENTERPRISE:
        raise NotFound("enterprise-unknown")
    raise Denied("correction-not-yours")


def can_answer(actor: Actor, source: str) -> bool:
    """A steward, or an officer of the agency that keeps the register: one agency may keep several."""
    contract = contracts().get(source)
    is_keeper = contract is not None and actor.organisation == contract.agency
    return actor.role is Role.STEWARD or (actor.role is Role.AGENCY_OFFICER and is_keeper)


def check_may_answer(actor: Actor, source: str) -> None:
    """NotFound for an agency whose register it is not: it may not know of the request. Denied for every other role."""
    if can_answer(actor, source):
        return
    if actor.role is Role.AGENCY_OFFICER:
        raise NotFound("correction-unknown")
    raise Denied("correction-not-for-you")
