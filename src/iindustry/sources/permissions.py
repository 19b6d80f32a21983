"""Who may deliver, mend and see deliveries: an agency's officer her own sources, a steward and the operator all.

Invariant: someone who may not know of a delivery is told that there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Denied, NotFound

if TYPE_CHECKING:
    from iindustry.sources.contracts import Contract

_ALL = frozenset({Role.STEWARD, Role.OPERATOR, Role.AUDITOR})
_ACTS_ON_ALL = frozenset({Role.STEWARD, Role.OPERATOR})


def can_see(actor: Actor, contract: Contract) -> bool:
    """Whether deliveries of this source show to an actor."""
    return actor.role in _ALL or _owns(actor, contract)


def check_see(actor: Actor, contract: Contract) -> None:
    """Raises NotFound `delivery-unknown`."""
    if not can_see(actor, contract):
        raise NotFound("delivery-unknown")


def check_deliver(actor: Actor, contract: Contract) -> None:
    """Raises Denied `source-not-yours`."""
    if actor.role not in _ACTS_ON_ALL and not _owns(actor, contract):
        raise Denied("source-not-yours", source=contract.key)


def check_release(actor: Actor) -> None:
    """Only a steward, or the operator, lets a held delivery through: never the one who sent it by mistake."""
    if actor.role not in _ACTS_ON_ALL:
        raise Denied("delivery-not-yours-to-release")


def _owns(actor: Actor, contract: Contract) -> bool:
    return actor.role is Role.AGENCY_OFFICER and actor.organisation == contract.agency
