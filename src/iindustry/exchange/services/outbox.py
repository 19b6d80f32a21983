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


def list_for_member(organisation: str, *, after: UUID | None, limit: int = 100) -> list[Announced]:
    """A member's messages after one it knows, oldest first; at most 500."""
    rows = Outbox.objects.filter(recipient=organisation)
    if after is not None:
        rows = rows.filter(id__gt=after)
    return [
        Announced(row.id, row.kind, row.subject, row.facts, row.made_at)
        for row in rows.order_by("id")[: min(limit, 500)]
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
