"""Rows of editions: a new text takes its days, what stood before keeps the rest and stays known as it was.

Invariant: an edition is never edited; only the end of the time in which it was known is set, once.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from iindustry.programmes import published
from iindustry.programmes.models import DocumentRow, EditionRow
from iindustry.programmes.services import kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from iindustry.kernel.clock import Clock
    from iindustry.programmes.keeping import Edition

AN_INSTANT = timedelta(microseconds=1)
Days: TypeAlias = tuple[date | None, date | None]


def document(schema: str, name: str) -> DocumentRow:
    """The row of a document, made where there is none, locked until the transaction ends."""
    DocumentRow.objects.get_or_create(schema=schema, name=name)
    return DocumentRow.objects.select_for_update().get(schema=schema, name=name)


def supersede(document: DocumentRow, number: int, clock: Clock, left: Callable[[Edition], list[Days]]) -> datetime:
    """What was known until this moment stays so; what is `left` of each edition is known from now on. The moment."""
    rows = list(document.editions.select_related("document").filter(known__endswith=None).order_by("id"))
    standing = [(row, kept.edition_of(row)) for row in rows]
    latest = max((one.known_from for _, one in standing if one.known_from is not None), default=None)
    now = clock.now() if latest is None else max(clock.now(), latest + AN_INSTANT)  # also where a clock was set back
    for row, one in standing:
        pieces = left(one)
        if pieces == [(one.valid_from, one.valid_to)]:
            continue
        row.known = DateTimeTZRange(row.known.lower, now)
        row.save(update_fields=["known"])
        for piece in pieces:
            edition(document, one, piece, now=now, number=number, draft_id=one.draft_id)
    if document.since is None:
        for one in published.seeds():
            if (one.schema, one.name) == (document.schema, document.name):
                for piece in left(one):
                    edition(document, one, piece, now=now, number=number, draft_id=None)
        document.since = now
        document.save(update_fields=["since"])
    return now


def edition(
    document: DocumentRow, one: Edition, days: Days, *, now: datetime, number: int, draft_id: UUID | None
) -> EditionRow:
    """One edition more, known from `now` on; `days` with both ends included, None for no end."""
    upper = None if days[1] is None else days[1] + kept.ONE_DAY
    return EditionRow.objects.create(
        document=document, text=one.text, version=one.version, valid=DateRange(days[0], upper),
        known=DateTimeTZRange(now, None), number=number, draft_id=draft_id,
    )  # fmt: skip
