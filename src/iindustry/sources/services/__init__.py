"""Use cases of `sources`, by name: deliver, mend, release a held delivery, list, and what is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from iindustry.kernel.errors import Conflict, NotFound
from iindustry.kernel.findings import Finding
from iindustry.kernel.home import current_version
from iindustry.ledger import services as ledger
from iindustry.sources import landing, permissions
from iindustry.sources.contracts import Mode, contract_of
from iindustry.sources.models import Delivery, FoundCell
from iindustry.sources.reports import DeliveryInForce, DeliveryReport
from iindustry.sources.services import store
from iindustry.sources.services.arriving import (
    Look,
    deliver,
    deliver_incoming,
    forget_incoming,
    look_at,
    mapping_of,
    receive,
    suggest_mapping,
    sweep,
)
from iindustry.sources.services.mending import (
    MOST_MENDED,
    changed_cells,
    faulty_rows_workbook,
    list_quarantined,
    mend,
    mends_from_workbook,
    quarantined_count,
    quarantined_counts,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home

__all__ = [
    "MOST_MENDED",
    "Look",
    "changed_cells",
    "deliver",
    "deliver_incoming",
    "entry_of",
    "faulty_rows_workbook",
    "forget_incoming",
    "get_delivery",
    "in_force",
    "joined_count",
    "list_deliveries",
    "list_findings",
    "list_quarantined",
    "look_at",
    "mapping_of",
    "mend",
    "mends_from_workbook",
    "quarantined_count",
    "quarantined_counts",
    "receive",
    "release",
    "suggest_mapping",
    "sweep",
    "template_workbook",
]

MOST_ROWS_AT_ONCE = 1000


def release(delivery_id: str, *, accept: bool, actor: Actor, clock: Clock) -> DeliveryReport:
    """Decide on a held delivery: it comes into force, or never does. Conflict `delivery-not-held`."""
    permissions.check_release(actor)
    with transaction.atomic():
        row = Delivery.objects.select_for_update().filter(id=delivery_id).first()
        if row is None:
            raise NotFound("delivery-unknown")
        if row.status != Delivery.Status.HELD:
            raise Conflict("delivery-not-held", status=row.status)
        row.status = Delivery.Status.ACCEPTED if accept else Delivery.Status.REFUSED
        row.save(update_fields=["status"])
        Delivery.objects.filter(mends=row.id).update(status=row.status)
        ledger.append(
            "delivery.released", actor=actor, at=clock.now(), subject=row.id, delivery=row.id, status=row.status
        )
    return store.report_of(row)


def get_delivery(delivery_id: str, *, actor: Actor) -> DeliveryReport:
    """One delivery. Raises NotFound `delivery-unknown`, also for one of another agency."""
    return store.report_of(store.delivery(delivery_id, actor))


def entry_of(delivery_id: str) -> str:
    """The hash of the ledger leaf that a delivery's arrival wrote. NotFound `delivery-unknown`."""
    row = Delivery.objects.filter(id=delivery_id).first()
    if row is None or row.ledger_entry_id is None:
        raise NotFound("delivery-unknown")
    return ledger.get_entry(row.ledger_entry_id).leaf_hash


def list_deliveries(
    *,
    source: str | Sequence[str] | None = None,
    mends: str | None = None,
    status: str | None = None,
    first_sent: bool = False,
    limit: int,
) -> list[DeliveryReport]:
    """Deliveries, newest first; of one source or several, those that mend one delivery, or of one status.

    `first_sent`: without those that mend another, of which there is one a press.
    """
    found = Delivery.objects.order_by("-received_at", "id")
    if source is not None:
        found = found.filter(source__in=[source] if isinstance(source, str) else list(source))
    if mends is not None:
        found = found.filter(mends=mends)
    if status is not None:
        found = found.filter(status=status)
    if first_sent:
        found = found.filter(mends=None)
    return [store.report_of(row) for row in found[: min(limit, MOST_ROWS_AT_ONCE)]]


def list_findings(delivery_id: str, *, code: str | None = None, limit: int) -> list[Finding]:
    """Examples of findings, at most a hundred a code and column; the counts stand on the report."""
    found = FoundCell.objects.filter(delivery_id=delivery_id).order_by("code", "column", "row", "id")
    if code is not None:
        found = found.filter(code=code)
    return [Finding(one.code, one.column, one.row, one.value) for one in found[: min(limit, MOST_ROWS_AT_ONCE)]]


def template_workbook(source: str) -> bytes:
    """An empty workbook with the headings of a source's first layout and one example row. NotFound `source-unknown`."""
    from iindustry.sources import workbook

    return workbook.template(contract_of(source).layouts[0])


def joined_count(report: DeliveryReport, *, home: Home) -> int | None:
    """How many of a delivery's accepted rows are in the register version in force; None before the first version."""
    version = current_version(home)
    members = home.register / (version or "") / "members.parquet"
    accepted = landing.folder_of(home, report.source, report.delivery_id) / landing.ACCEPTED
    if version is None or not members.exists():
        return None
    import polars as pl

    inside = pl.scan_parquet(members).filter(pl.col("source") == report.source).select("record_key")
    own = pl.scan_parquet(accepted).select("record_key").unique()
    return int(own.join(inside, on="record_key", how="semi").select(pl.len()).collect().item())


def in_force(*, home: Home | None = None) -> list[DeliveryInForce]:
    """The deliveries whose rows count now, by source, day they speak of and arrival.

    A `replace` delivery ends the earlier ones of its source, layout and scope; `upsert` and `event` add. A mending
    delivery counts as long as the one it mends. `home` defaults to the installation's.
    """
    where = home or settings.HOME
    rows = list(
        Delivery.objects.filter(status=Delivery.Status.ACCEPTED).order_by("source", "effective_on", "received_at", "id")
    )
    newest = {
        (row.source, row.layout, row.scope): row.id for row in rows if row.mode == Mode.REPLACE and row.mends is None
    }
    alive = {
        row.id for row in rows if row.mode != Mode.REPLACE or newest.get((row.source, row.layout, row.scope)) == row.id
    }
    return [_in_force(row, where) for row in rows if (row.mends or row.id) in alive]


def _in_force(row: Delivery, home: Home) -> DeliveryInForce:
    path = landing.folder_of(home, row.source, row.id) / landing.ACCEPTED
    return DeliveryInForce(
        row.id, row.source, row.layout, row.mode, row.scope, row.period, row.effective_on, row.received_at, path
    )
