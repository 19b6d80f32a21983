"""What every decision about a document leaves: its row one step further, and one entry of the ledger beside it.

Invariant: an entry holds ids, days and digests, never a text that a person wrote.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.ledger import services as ledger

if TYPE_CHECKING:
    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.programmes.models import DraftRow

MOST_TEXT = 4_000


def record(row: DraftRow, kind: str, actor: Actor, clock: Clock, **facts: str | int | list[str]) -> None:
    """Keep a draft's row one version further, with its entry. `facts` as the ledger takes them."""
    row.row_version += 1
    row.changed_at = clock.now()
    row.save()
    tell(kind, row.name, actor, clock, draft=str(row.id), schema=row.schema, owner=row.owner, **facts)


def tell(kind: str, name: str, actor: Actor, clock: Clock, **facts: str | int | list[str]) -> None:
    """One entry about a document, by its name."""
    ledger.append(kind, actor=actor, at=clock.now(), subject=name, document=name, **facts)


def digest(text: str) -> str:
    """What stands in an entry for a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def reason(text: str) -> str:
    """A reason as it is kept. Rejected `reason-needed` where it is empty or endless."""
    said = text.strip()
    if not said or len(said) > MOST_TEXT:
        raise Rejected("reason-needed", field="reason", most=MOST_TEXT)
    return said
