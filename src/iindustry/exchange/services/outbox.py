"""News for members: a row written in the transaction of the change that caused it, read as a feed.

The relay to webhooks comes later; until then a member reads its feed. Invariant: facts are ids and codes, never content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.exchange.models import Outbox
from iindustry.kernel.clock import SystemClock

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

_LONGEST_FACT = 200
_MOST = 500


@dataclass(frozen=True, slots=True)
class Announced:
    """One message of a feed."""

    message_id: UUID
    kind: str
    subject: str
    facts: dict[str, str | int | list[str]]
    made_at: datetime


def announce(kind: str, subject: object, **facts: object) -> None:
    """Write one outbox row, in the caller's transaction or its own.

    `recipient=`: the organisation's key it is for, None where it is for nobody outside. `clock=` is taken where given.
    Other facts: ids, codes, counts, lists of codes. ValueError for a fact that is longer than an id or a code can be.
    """
    recipient = facts.pop("recipient", None)
    clock = facts.pop("clock", None)
    taken = clock if clock is not None and hasattr(clock, "now") else SystemClock()
    with transaction.atomic():
        Outbox.objects.create(
            kind=kind,
            subject=str(subject),
            recipient=None if recipient is None else str(recipient),
            facts={name: _plain(name, value) for name, value in facts.items() if value is not None},
            made_at=taken.now(),
        )


# Only what no transaction still under way could precede is read: what it writes would stand before the reader's place and be
# lost to it for ever. So a message may wait for the longest transaction of the moment, and none is stepped over. An `after`
# that is not the member's own message begins at the beginning. What this very transaction wrote is there too.
_FEED = """
WITH place AS (SELECT written_in, id FROM exchange_outbox WHERE recipient = %(recipient)s AND id = %(after)s)
SELECT id, kind, subject, facts, made_at FROM exchange_outbox
WHERE recipient = %(recipient)s
  AND (written_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
       OR written_in = pg_current_xact_id_if_assigned()::text::bigint)
  AND (NOT EXISTS (SELECT FROM place) OR (written_in, id) > (SELECT written_in, id FROM place))
ORDER BY written_in, id LIMIT %(limit)s
"""


def list_for_member(organisation: str, *, after: UUID | None, limit: int = 100) -> list[Announced]:
    """A member's messages after one it knows, in the order of their transactions, each once; at most 500."""
    asked = {"recipient": organisation, "after": after, "limit": min(limit, _MOST)}
    return [
        Announced(row.id, row.kind, row.subject, row.facts, row.made_at) for row in Outbox.objects.raw(_FEED, asked)
    ]


def _plain(name: str, value: object) -> str | int | list[str]:
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [
            str(_plain(name, one)) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)
        ]
    text = str(value)
    if len(text) > _LONGEST_FACT:
        raise ValueError(f"the fact {name} is longer than an id or a code")
    return text
