"""Who may give and take back an enterprise's consent, who may see it, and for whom an actor may ask for data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Denied, NotFound
from iindustry.protection import recipients

if TYPE_CHECKING:
    from iindustry.kernel.actors import Actor

SIGNERS = frozenset({Role.OWNER})
OF_THE_ENTERPRISE = frozenset({Role.OWNER, Role.DELEGATE})
_RECIPIENTS = frozenset({Role.BANK_OFFICER, Role.BANK_SYSTEM, Role.AGENCY_OFFICER})
KEEPERS = frozenset({Role.OPERATOR})


def can_stop(actor: Actor, enterprise_id: str) -> bool:
    """Any person who acts for the enterprise may stop what it lets flow: it is as easy as it can be."""
    is_theirs = actor.role in OF_THE_ENTERPRISE and actor.enterprise_id == enterprise_id
    return is_theirs and actor.person_id is not None


def check_stops(actor: Actor, enterprise_id: str) -> None:
    """Denied `consent-not-yours`."""
    if not can_stop(actor, enterprise_id):
        raise Denied("consent-not-yours")


def check_gives(actor: Actor, enterprise_id: str) -> None:
    """To let data flow, or flow again, is for who may sign; a representative never does (ASSURANCE section 8).

    Denied `consent-not-yours`, `delegate-gives-no-consent`.
    """
    check_stops(actor, enterprise_id)
    if actor.role not in SIGNERS:
        raise Denied("delegate-gives-no-consent")


def can_see(actor: Actor, *, enterprise_id: str, recipient: str) -> bool:
    """The enterprise, the recipient, and the auditor, who sees the trail and no content."""
    if actor.role is Role.AUDITOR:
        return True
    if actor.role in OF_THE_ENTERPRISE:
        return actor.enterprise_id == enterprise_id
    return actor.role in _RECIPIENTS and _is_of(actor, recipient)


def check_sees(actor: Actor, *, enterprise_id: str, recipient: str) -> None:
    """NotFound `consent-unknown`: whoever may not see a consent does not learn that it exists."""
    if not can_see(actor, enterprise_id=enterprise_id, recipient=recipient):
        raise NotFound("consent-unknown")


def asks_for_own(actor: Actor, recipient: str) -> bool:
    """Whether data that goes to `recipient` may go by this actor's hand: banks and agencies ask only for themselves."""
    return actor.role not in _RECIPIENTS or _is_of(actor, recipient)


def check_keeps(actor: Actor) -> None:
    """Denied `agreement-not-yours`: agreements are changed by the operator."""
    if actor.role not in KEEPERS:
        raise Denied("agreement-not-yours")


def _is_of(actor: Actor, address: str) -> bool:
    if actor.subsystem is not None:
        return actor.subsystem == address
    organisation = recipients.organisation_of(address)
    return organisation is not None and organisation.key == actor.organisation
