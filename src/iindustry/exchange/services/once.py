"""What may happen once: a `jti` or a nonce is spent by one INSERT under a unique constraint, which outlives a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.db import connection

from iindustry.exchange.models import Spent

if TYPE_CHECKING:
    from datetime import datetime

    from iindustry.kernel.clock import Clock

Kind = Literal["assertion", "dpop", "nonce"]

# One statement, because asking first and writing afterwards would let two workers both spend it.
_SPEND = (
    'INSERT INTO "exchange_spent" ("kind", "owner", "value", "until") VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING'
)


def spend(kind: Kind, owner: str, value: str, *, until: datetime) -> bool:
    """Whether this was the first use. `until`: the instant from which its age alone refuses it."""
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [kind, owner, value, until])
        return bool(cursor.rowcount == 1)


def forget_expired(*, clock: Clock) -> int:
    """Delete what its age refuses anyway; how many rows. For the nightly job."""
    deleted, _ = Spent.objects.filter(until__lt=clock.now()).delete()
    return deleted
