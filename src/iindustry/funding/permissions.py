"""Who may know of an application, and who may do what to it.

Invariant: lenders are kept apart. What an actor may not know of is answered as if it did not exist (NotFound).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.funding.moves import Side
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Denied, NotFound

if TYPE_CHECKING:
    from iindustry.funding.application import Application

SIDE_OF: dict[Role, Side] = {
    Role.OWNER: Side.ENTERPRISE,
    Role.DELEGATE: Side.ENTERPRISE,
    Role.BANK_OFFICER: Side.LENDER,
    Role.BANK_SYSTEM: Side.LENDER,
}


def can_see(actor: Actor, application: Application) -> bool:
    """An enterprise's own people see its applications; a lender's see those sent to it."""
    side = SIDE_OF.get(actor.role)
    if side is Side.ENTERPRISE:
        return actor.enterprise_id is not None and actor.enterprise_id == application.enterprise_id
    if side is Side.LENDER:
        return application.sent_at is not None and actor.organisation == application.lender
    return False


def check_sees(actor: Actor, application: Application) -> Side:
    """The side an actor is on. NotFound: `application-unknown`."""
    if not can_see(actor, application):
        raise NotFound("application-unknown")
    return SIDE_OF[actor.role]


def check_consents(actor: Actor) -> None:
    """Sending gives a consent, and a representative gives none. Denied: `delegate-may-not-consent`."""
    if actor.role is not Role.OWNER:
        raise Denied("delegate-may-not-consent")


def check_acts_for(actor: Actor) -> str:
    """The enterprise an owner or representative acts for. Denied: `no-enterprise-chosen`."""
    if SIDE_OF.get(actor.role) is not Side.ENTERPRISE or actor.enterprise_id is None:
        raise Denied("no-enterprise-chosen")
    return actor.enterprise_id


def check_lender(actor: Actor) -> str:
    """The lender an actor works for. NotFound: `application-unknown`."""
    if SIDE_OF.get(actor.role) is not Side.LENDER or actor.organisation is None:
        raise NotFound("application-unknown")
    return actor.organisation
