"""How a delivery's rows and folder are written, together or not at all; and how they are read back. For `sources` alone.

Invariant: one transaction a decision. The folder is renamed, then rows and ledger entry are written, under one lock a
source; killed at any point, the same bytes delivered again end as exactly one delivery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Sum

from iindustry.kernel.errors import Conflict, NotFound
from iindustry.ledger import services as ledger
from iindustry.sources import landing, periods, permissions, scopes
from iindustry.sources.contracts import Contract, Layout, Mode, contract_of, contracts
from iindustry.sources.models import Delivery, FoundCell, HeldRow
from iindustry.sources.personal import NAME_CONTEXT, TAG_CONTEXT, masked
from iindustry.sources.reports import DeliveryReport, FindingCount
from iindustry.vault import services as vault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.sources.mappings import Mapping
    from iindustry.sources.rows import Found, HeldBack

_LOCK = 0x50_0C  # with the source's place in the table of contracts
_NAME_LONGEST = 200


def person_tag(citizen_id: str) -> str:
    """The keyed tag of a citizen id."""
    return vault.tag(citizen_id, context=TAG_CONTEXT)


def sealed_names(pairs: Sequence[tuple[str, str]]) -> list[bytes]:
    """Names of persons (name, person), each encrypted for its person."""
    return vault.seal_all(pairs, context=NAME_CONTEXT)


def row_of(
    contract: Contract, layout: Layout, incoming: landing.Incoming, *, accepted: int, held: int, filename: str,
    encoding: str, period: str | None, scope: str, findings: Sequence[FindingCount], actor: Actor, clock: Clock,
    mapping: Mapping | None = None,
) -> Delivery:  # fmt: skip
    """A delivery's row, not yet saved."""
    return Delivery(
        id=landing.delivery_id(contract.key, incoming.sha256), source=contract.key, layout=layout.name,
        mode=layout.mode.value, scope=scope, period=period,
        effective_on=periods.effective_on(period, clock.today()), contract_version=contract.version,
        sha256=incoming.sha256, filename=(masked(filename) or "")[:_NAME_LONGEST], encoding=encoding, row_count=accepted + held,
        accepted_count=accepted, quarantined_count=held,
        findings=[{"code": one.code, "column": one.column, "count": one.count} for one in findings],
        mapping=mapping.document() if mapping else None,
        status=Delivery.Status.ACCEPTED, mends=None, organisation=actor.organisation, received_at=clock.now(),
        received_by=actor.tag,
    )  # fmt: skip


def lock(source: str) -> None:
    """Hold a source until the caller's transaction ends: what is decided of its deliveries is decided one after another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, list(contracts()).index(source)])


def record(
    row: Delivery,
    incoming: landing.Incoming,
    *,
    held_back: Sequence[HeldBack],
    examples: Sequence[Found],
    actor: Actor,
    home: Home,
    leaving: Sequence[HeldRow] = (),
) -> DeliveryReport:
    """Land the folder and write the rows, under one lock a source."""
    with transaction.atomic():
        lock(row.source)
        known = Delivery.objects.filter(id=row.id).first()
        if known is not None:
            return report_of(known, duplicate=True)
        row.status = _status(row) if row.mends is None else _status_of_root(row.mends)
        _let_go(leaving, row)
        landing.write_manifest(incoming, _manifest(row))
        landing.land(incoming, landing.folder_of(home, row.source, row.id))
        entry = ledger.append(
            "delivery.received", actor=actor, at=row.received_at, subject=row.id, delivery=row.id, source=row.source,
            layout=row.layout, mode=row.mode, sha256=row.sha256, rows=row.row_count, accepted=row.accepted_count,
            quarantined=row.quarantined_count, status=str(row.status), mends=row.mends,
        )  # fmt: skip
        row.ledger_entry_id = entry.entry_id
        row.save(force_insert=True)
        _save_details(row, held_back, examples)
    return report_of(row)


def _save_details(row: Delivery, held_back: Sequence[HeldBack], examples: Sequence[Found]) -> None:
    HeldRow.objects.bulk_create(
        [
            HeldRow(delivery=row, row=one.row, cells=one.cells, reasons=[
                {"code": reason.code, "column": reason.column, "value": reason.value} for reason in one.reasons])
            for one in held_back
        ],
        batch_size=2000,
    )  # fmt: skip
    FoundCell.objects.bulk_create(
        [FoundCell(delivery=row, code=one.code, column=one.column, row=one.row, value=one.value) for one in examples],
        batch_size=2000,
    )


def _status(row: Delivery) -> Delivery.Status:
    """Held when it would replace a much larger delivery (trap T40), counted with its rows that were mended since."""
    if row.mode != Mode.REPLACE:
        return Delivery.Status.ACCEPTED
    before = (
        Delivery.objects.filter(
            source=row.source, layout=row.layout, scope=row.scope, status=Delivery.Status.ACCEPTED, mends=None
        )
        .order_by("-effective_on", "-received_at", "-id")
        .first()
    )
    if before is None:
        return Delivery.Status.ACCEPTED
    mended = Delivery.objects.filter(mends=before.id, status=Delivery.Status.ACCEPTED).aggregate(
        rows=Sum("accepted_count")
    )
    fell = scopes.is_large_fall(before.accepted_count + (mended["rows"] or 0), row.accepted_count)
    return Delivery.Status.HELD if fell else Delivery.Status.ACCEPTED


def _status_of_root(delivery_id: str) -> Delivery.Status:
    """Where the mended delivery stands now: a steward may have decided on it since its rows were read."""
    return Delivery.Status(Delivery.objects.select_for_update().get(id=delivery_id).status)


def _let_go(leaving: Sequence[HeldRow], row: Delivery) -> None:
    """Mark rows as mended by a delivery; each leaves once. Conflict `rows-not-waiting`."""
    gone = HeldRow.objects.filter(id__in=[one.id for one in leaving], mended_by=None).update(mended_by=row.id)
    if gone != len(leaving):
        raise Conflict("rows-not-waiting")


def _manifest(row: Delivery) -> dict[str, object]:
    names = ("id", "source", "layout", "mode", "scope", "period", "contract_version", "sha256", "encoding", "row_count",
             "accepted_count", "quarantined_count", "mends", "organisation", "received_by", "filename", "mapping")  # fmt: skip
    facts = {name: getattr(row, name) for name in names}
    return facts | {"received_at": row.received_at.isoformat(), "effective_on": row.effective_on.isoformat()}


def delivery(delivery_id: str, actor: Actor) -> Delivery:
    """One row that an actor may see. NotFound `delivery-unknown`."""
    row = Delivery.objects.filter(id=delivery_id[:40]).first()
    if row is None:
        raise NotFound("delivery-unknown")
    permissions.check_see(actor, contract_of(row.source))
    return row


def family(row: Delivery) -> list[Delivery]:
    """The delivery that was mended first, then those that mend it, in order of arrival."""
    root = row if row.mends is None else Delivery.objects.get(id=row.mends)
    return [root, *Delivery.objects.filter(mends=root.id).order_by("received_at", "id")]


def open_rows(delivery_id: str) -> QuerySet[HeldRow]:
    """Rows kept one by one that still wait: the delivery's own and those of deliveries that mend it."""
    ids = [delivery_id, *Delivery.objects.filter(mends=delivery_id).order_by("id").values_list("id", flat=True)]
    return HeldRow.objects.filter(delivery_id__in=ids, mended_by=None)


def report_of(row: Delivery, *, duplicate: bool = False) -> DeliveryReport:
    """A row as others see it."""
    return DeliveryReport(
        delivery_id=row.id, source=row.source, layout=row.layout, mode=row.mode, scope=row.scope, period=row.period,
        filename=row.filename, encoding=row.encoding, rows=row.row_count, accepted=row.accepted_count,
        quarantined=row.quarantined_count,
        findings=tuple(FindingCount(one["code"], one["column"], one["count"]) for one in row.findings),
        duplicate=duplicate, mends=row.mends, status=str(row.status), received_at=row.received_at,
        constants=tuple((name, str(one["const"])) for name, one in sorted((row.mapping or {}).get("columns", {}).items())
                        if "const" in one),
    )  # fmt: skip
