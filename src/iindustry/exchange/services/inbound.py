"""Gates 4 to 6 for what a bank sends: line, case consent and fields are decided by `protection`, as they are for what leaves.

The case consent covers its case in both directions. Invariant: a field that may not be held is refused, not dropped: a bank
must learn that it sent too much. Without a consent one message passes: the case is ended, and nothing said (decision 0009).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.exchange import rar
from iindustry.exchange.problems import refusal
from iindustry.funding import services as funding
from iindustry.funding import told
from iindustry.protection import services as protection

if TYPE_CHECKING:
    from iindustry.exchange.events import Event
    from iindustry.exchange.services.entrance import Caller
    from iindustry.kernel.clock import Clock


def check_flow(caller: Caller, event: Event, *, clock: Clock) -> None:
    """Raises a code of gates 4 to 6, `fields-not-allowed` (422) among them; NotFound for a case that is not the caller's.

    Inside the inbox's transaction. The case is locked before its consent, as at the desk: the other way round, an officer
    and the bank's system deciding at one moment would wait for each other.
    """
    application = funding.hold_application(event.application_id, actor=caller.actor)
    if application.consent_id is None or event.consent_id not in {None, application.consent_id}:
        raise refusal("consent-missing")
    if told.ends_without_a_word(event.name, event.data):
        return
    decision = protection.decide_inbound(
        application.enterprise_id, sender=caller.address, purpose=caller.details.purpose, service=rar.EVENTS,
        consent_id=application.consent_id, fields=event.agreed_names, decided_at=application.decided_at,
        actor=caller.actor, clock=clock,
    )  # fmt: skip
    if not decision.is_allowed:
        raise refusal(decision.reason)
    surplus = sorted(event.agreed_names - decision.fields)
    if surplus:
        raise refusal("fields-not-allowed", fields=surplus)
