"""A member's feed: the outbox rows addressed to it. Each is checked again at the moment of sending."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from iindustry.exchange import rar
from iindustry.exchange.events import PREFIX
from iindustry.exchange.problems import refusal
from iindustry.exchange.services.entrance import hub_address
from iindustry.exchange.services.outbox import list_for_member
from iindustry.exchange.services.profiles import ProfileAnswer
from iindustry.ledger import services as ledger

if TYPE_CHECKING:
    from iindustry.exchange.services.entrance import Caller
    from iindustry.kernel.clock import Clock

_PAGE = 100


@transaction.atomic
def read_feed(caller: Caller, *, after: str | None, clock: Clock) -> ProfileAnswer:
    """The caller's own messages after one, oldest first, at most 100: CloudEvents with ids and codes, no content.

    Raises `body-invalid` for an `after` that is no id. Only rows addressed to the caller's organisation are ever read.
    """
    try:
        cursor = UUID(after) if after else None
    except ValueError as error:
        raise refusal("body-invalid", line=0) from error
    rows = list_for_member(caller.organisation, after=cursor, limit=_PAGE)
    entry = ledger.append(
        "exchange.answer", actor=caller.actor, at=clock.now(), consumer=caller.address, service=rar.FEED,
        purpose=caller.details.purpose, request=caller.request_id, rows=len(rows),
    )  # fmt: skip
    messages = [
        {
            "specversion": "1.0",
            "id": str(row.message_id),
            "source": hub_address(),
            "type": PREFIX + row.kind,
            "subject": row.subject,
            "time": row.made_at.isoformat(),
            "data": row.facts,
        }
        for row in rows
    ]
    return ProfileAnswer({"events": messages, "next": messages[-1]["id"] if messages else after}, entry.leaf_hash)
