"""The parties of the memorandum: the agreement in force, and the banks' systems at the exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iindustry.exchange import services as exchange
from iindustry.protection import services as protection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock


def set_up_parties(registrations: Sequence[Mapping[str, Any]] = (), *, actor: Actor, clock: Clock) -> None:
    """Put the memorandum of the demo country in force and take in these systems; what is there already stays.

    `registrations`: files that a partner's connector wrote (`i-industry-connector register`), read.
    """
    protection.seed_agreement(protection.memorandum_document(), actor=actor, clock=clock)
    for one in registrations:
        exchange.register_client(one, actor=actor, clock=clock)
