"""Use cases of `sources`: deliver, mend, release a held delivery, list, and what is in force.

Invariant: one transaction a decision. The folder is renamed, then rows and ledger entry are written, under one lock a
source; killed at any point, the same bytes delivered again end as exactly one delivery.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.findings import Finding
from iindustry.kernel.home import current_version
from iindustry.kernel.progress import Progress, silent
from iindustry.ledger import services as ledger
from iindustry.sources import landing, periods, permissions, scopes
from iindustry.sources.contracts import Contract, Layout, Mode, contract_of, contracts
from iindustry.sources.models import Delivery, FoundCell, HeldRow
from iindustry.sources.personal import TAG_CONTEXT, masked
from iindustry.sources.reports import DeliveryInForce, DeliveryReport, FindingCount, QuarantinedRow, Reason
from iindustry.vault import services as vault

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from django.db.models import QuerySet

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.sources.rows import Sorted

MOST_ROWS_AT_ONCE = 1000
MOST_MENDED = 5000
_LOCK = 0x50_0C  # with the source's place in the table of contracts
_NAME_LONGEST = 200


def deliver(
    file: Path,
    *,
    source: str,
    filename: str,
    period: str | None = None,
    scope: str | None = None,
    layout: str | None = None,
    actor: Actor,
    home: Home,
    clock: Clock,
    progress: Progress = silent,
) -> DeliveryReport:
    """Take one file of a register: land it, read it by its contract, accept or set aside each row.

    Raises NotFound `source-unknown`; Denied `source-not-yours`; Rejected with the codes of `words/sources.yaml` where the
    file as a whole cannot be read. The same bytes again give the first report with `duplicate` true.
    """
    contract = contract_of(source)
    permissions.check_deliver(actor, contract)
    said = periods.normalised(period)
    progress("deliver.receive")
    incoming = landing.take_in(file, home=home)
    try:
        known = Delivery.objects.filter(source=source, sha256=incoming.sha256).first()
        if known is not None:
            return _report(known, duplicate=True)
        progress("deliver.read")
        from iindustry.sources import raw

        table = raw.read(incoming.original, filename, contract, only=layout)
        progress("deliver.sort", 0, table.frame.height)
        result = _sort_out(table.frame, table.match.layout, clock=clock)
        absent = [FindingCount("column-absent", column.name, 1) for column in table.match.absent]
        unknown = [FindingCount("column-unknown", heading[:60], 1) for heading in table.match.unknown]
        row = _row(
            contract, table.match.layout, incoming, result, filename=filename, encoding=table.encoding, period=said,
            scope=scopes.of(table.match.layout, result.accepted, said=scope), findings=[*absent, *unknown, *result.counts],
            actor=actor, clock=clock,
        )  # fmt: skip
        progress("deliver.record", table.frame.height, table.frame.height)
        return _record(row, incoming, result, actor=actor, home=home)
    finally:
        landing.discard(incoming)


def mend(
    delivery_id: str, rows: Mapping[int, Mapping[str, str]], *, actor: Actor, home: Home, clock: Clock
) -> DeliveryReport:
    """Send mended cells of quarantined rows: they become a delivery of their own that mends the first.

    `rows`: row number to our column names and new texts; a cell that is not named, or comes back as it was shown, stays
    as it was sent. Every row named leaves quarantine; one that still fails waits in the mending delivery's.
    Raises NotFound `delivery-unknown`; Conflict `rows-not-waiting` (rows that were mended before, or never set aside);
    Rejected `nothing-to-mend`, `too-many-rows`, `column-unknown`.
    """
    first = _delivery(delivery_id, actor)
    contract = contract_of(first.source)
    permissions.check_deliver(actor, contract)
    family = _family(first)
    root = family[0]
    layout = contract.layout(root.layout)
    _check_mends(rows, layout)
    incoming = _write_mends(root, rows, home=home)
    try:
        known = Delivery.objects.filter(source=root.source, sha256=incoming.sha256).first()
        if known is not None:
            return _report(known, duplicate=True)
        waiting = _waiting(family, sorted(rows))
        frame = _mended_frame(waiting, rows, root=root, home=home)
        result = _sort_out(frame, layout, clock=clock, taken=_taken_keys(family, home=home))
        row = _row(
            contract, layout, incoming, result, filename=root.filename, encoding="utf-8", period=root.period,
            scope=root.scope, findings=list(result.counts), actor=actor, clock=clock,
        )  # fmt: skip
        row.mends, row.effective_on, row.status = root.id, root.effective_on, root.status
        return _record(row, incoming, result, actor=actor, home=home, leaving=waiting)
    finally:
        landing.discard(incoming)


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
    return _report(row)


def get_delivery(delivery_id: str, *, actor: Actor) -> DeliveryReport:
    """One delivery. Raises NotFound `delivery-unknown`, also for one of another agency."""
    return _report(_delivery(delivery_id, actor))


def list_deliveries(*, source: str | None = None, mends: str | None = None, limit: int) -> list[DeliveryReport]:
    """Deliveries, newest first; of one source, or those that mend one delivery."""
    found = Delivery.objects.order_by("-received_at", "id")
    if source is not None:
        found = found.filter(source=source)
    if mends is not None:
        found = found.filter(mends=mends)
    return [_report(row) for row in found[: min(limit, MOST_ROWS_AT_ONCE)]]


def list_quarantined(delivery_id: str, *, limit: int) -> list[QuarantinedRow]:
    """Rows that still wait to be mended: the delivery's own and those of deliveries that mend it, by row number."""
    found = _open_rows(delivery_id).order_by("row", "id")[: min(limit, MOST_MENDED)]
    return [_quarantined(row) for row in found]


def quarantined_count(delivery_id: str) -> int:
    """How many rows still wait, those of mending deliveries included."""
    return _open_rows(delivery_id).count()


def list_findings(delivery_id: str, *, code: str | None = None, limit: int) -> list[Finding]:
    """Examples of findings, at most a hundred a code and column; the counts stand on the report."""
    found = FoundCell.objects.filter(delivery_id=delivery_id).order_by("code", "column", "row", "id")
    if code is not None:
        found = found.filter(code=code)
    return [Finding(one.code, one.column, one.row, one.value) for one in found[: min(limit, MOST_ROWS_AT_ONCE)]]


def faulty_rows_workbook(delivery_id: str, *, actor: Actor) -> bytes:
    """The rows that wait as a workbook with a reason column; formulas are escaped. NotFound `delivery-unknown`."""
    from iindustry.sources import workbook

    row = _delivery(delivery_id, actor)
    layout = contract_of(row.source).layout(row.layout)
    return workbook.faulty_rows(layout, list_quarantined(delivery_id, limit=MOST_MENDED))


def mends_from_workbook(delivery_id: str, file: Path, *, actor: Actor) -> dict[int, dict[str, str]]:
    """The rows that were changed in a workbook made by `faulty_rows_workbook`, as `mend` takes them.

    Rows left as they were are not sent again. Raises Rejected `sheet-…`, `workbook-not-ours`, `nothing-to-mend`.
    """
    from iindustry.sources import workbook

    row = _delivery(delivery_id, actor)
    sent = workbook.read_mends(file, contract_of(row.source).layout(row.layout))
    changed = changed_cells(sent, list_quarantined(delivery_id, limit=MOST_MENDED))
    if not changed:
        raise Rejected("nothing-to-mend")
    return changed


def changed_cells(sent: Mapping[int, Mapping[str, str]], waiting: list[QuarantinedRow]) -> dict[int, dict[str, str]]:
    """Of the cells that came back, those that differ from what was shown; rows without any are left out."""
    shown = {row.row: row.cells for row in waiting}
    changed = {
        number: {
            name: text.strip()
            for name, text in cells.items()
            if text.strip() != (shown[number].get(name) or "").strip()
        }
        for number, cells in sent.items()
        if number in shown
    }
    return {number: cells for number, cells in changed.items() if cells}


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


def _sort_out(frame: pl.DataFrame, layout: Layout, *, clock: Clock, taken: pl.Series | None = None) -> Sorted:
    from iindustry.sources import rows

    return rows.sort_out(frame, layout, today=clock.today(), tag=_person_tag, taken=taken)


def _person_tag(citizen_id: str) -> str:
    return vault.tag(citizen_id, context=TAG_CONTEXT)


def _row(
    contract: Contract, layout: Layout, incoming: landing.Incoming, result: Sorted, *, filename: str, encoding: str,
    period: str | None, scope: str, findings: list[FindingCount], actor: Actor, clock: Clock,
) -> Delivery:  # fmt: skip
    accepted, held = result.accepted.height, result.quarantined.height
    return Delivery(
        id=landing.delivery_id(contract.key, incoming.sha256), source=contract.key, layout=layout.name,
        mode=layout.mode.value, scope=scope, period=period,
        effective_on=periods.effective_on(period, clock.today()), contract_version=contract.version,
        sha256=incoming.sha256, filename=(masked(filename) or "")[:_NAME_LONGEST], encoding=encoding, row_count=accepted + held,
        accepted_count=accepted, quarantined_count=held,
        findings=[{"code": one.code, "column": one.column, "count": one.count} for one in findings],
        status=Delivery.Status.ACCEPTED, mends=None, organisation=actor.organisation, received_at=clock.now(),
        received_by=actor.tag,
    )  # fmt: skip


def _record(
    row: Delivery,
    incoming: landing.Incoming,
    result: Sorted,
    *,
    actor: Actor,
    home: Home,
    leaving: list[HeldRow] | None = None,
) -> DeliveryReport:
    """Land the folder and write the rows, under one lock a source."""
    result.accepted.write_parquet(incoming.folder / landing.ACCEPTED)
    result.quarantined.write_parquet(incoming.folder / landing.QUARANTINED)
    with transaction.atomic():
        _lock(row.source)
        known = Delivery.objects.filter(id=row.id).first()
        if known is not None:
            return _report(known, duplicate=True)
        if row.mends is None:
            row.status = _status(row)
        _let_go(leaving or [], row)
        landing.write_manifest(incoming, _manifest(row))
        landing.land(incoming, landing.folder_of(home, row.source, row.id))
        entry = ledger.append(
            "delivery.received", actor=actor, at=row.received_at, subject=row.id, delivery=row.id, source=row.source,
            layout=row.layout, mode=row.mode, sha256=row.sha256, rows=row.row_count, accepted=row.accepted_count,
            quarantined=row.quarantined_count, status=str(row.status), mends=row.mends,
        )  # fmt: skip
        row.ledger_entry_id = entry.entry_id
        row.save(force_insert=True)
        _save_details(row, result)
    return _report(row)


def _save_details(row: Delivery, result: Sorted) -> None:
    HeldRow.objects.bulk_create(
        (
            HeldRow(delivery=row, row=one.row, cells=one.cells, reasons=[
                {"code": reason.code, "column": reason.column, "value": reason.value} for reason in one.reasons])
            for one in result.held_back
        ),
        batch_size=2000,
    )  # fmt: skip
    FoundCell.objects.bulk_create(
        [
            FoundCell(delivery=row, code=one.code, column=one.column, row=one.row, value=one.value)
            for one in result.examples
        ],
        batch_size=2000,
    )


def _status(row: Delivery) -> Delivery.Status:
    """Held when it would replace a much larger delivery (trap T40)."""
    if row.mode != Mode.REPLACE:
        return Delivery.Status.ACCEPTED
    before = (
        Delivery.objects.filter(
            source=row.source, layout=row.layout, scope=row.scope, status=Delivery.Status.ACCEPTED, mends=None
        )
        .order_by("-effective_on", "-received_at", "-id")
        .first()
    )
    fell = before is not None and scopes.is_large_fall(before.accepted_count, row.accepted_count)
    return Delivery.Status.HELD if fell else Delivery.Status.ACCEPTED


def _let_go(leaving: list[HeldRow], row: Delivery) -> None:
    """Mark rows as mended by a delivery; each leaves once. Conflict `rows-not-waiting`."""
    gone = HeldRow.objects.filter(id__in=[one.id for one in leaving], mended_by=None).update(mended_by=row.id)
    if gone != len(leaving):
        raise Conflict("rows-not-waiting")


def _lock(source: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, list(contracts()).index(source)])


def _manifest(row: Delivery) -> dict[str, object]:
    names = ("id", "source", "layout", "mode", "scope", "period", "contract_version", "sha256", "encoding", "row_count",
             "accepted_count", "quarantined_count", "mends", "organisation", "received_by", "filename")  # fmt: skip
    facts = {name: getattr(row, name) for name in names}
    return facts | {"received_at": row.received_at.isoformat(), "effective_on": row.effective_on.isoformat()}


def _delivery(delivery_id: str, actor: Actor) -> Delivery:
    row = Delivery.objects.filter(id=delivery_id[:40]).first()
    if row is None:
        raise NotFound("delivery-unknown")
    permissions.check_see(actor, contract_of(row.source))
    return row


def _family(row: Delivery) -> list[Delivery]:
    """The delivery that was mended first, then those that mend it, in order of arrival."""
    root = row if row.mends is None else Delivery.objects.get(id=row.mends)
    return [root, *Delivery.objects.filter(mends=root.id).order_by("received_at", "id")]


def _open_rows(delivery_id: str) -> QuerySet[HeldRow]:
    ids = [delivery_id, *Delivery.objects.filter(mends=delivery_id).order_by("id").values_list("id", flat=True)]
    return HeldRow.objects.filter(delivery_id__in=ids, mended_by=None)


def _check_mends(rows: Mapping[int, Mapping[str, str]], layout: Layout) -> None:
    if not rows:
        raise Rejected("nothing-to-mend")
    if len(rows) > MOST_MENDED:
        raise Rejected("too-many-rows", most=MOST_MENDED)
    known = {column.name for column in layout.columns}
    strange = sorted({name for cells in rows.values() for name in cells} - known)
    if strange:
        raise Rejected("column-unknown", column=strange[0][:60])


def _write_mends(root: Delivery, rows: Mapping[int, Mapping[str, str]], *, home: Home) -> landing.Incoming:
    """The mended cells as a file: what was sent this time, byte for byte; equal mends of one delivery are equal bytes."""
    import tempfile

    said = {"mends": root.id, "rows": {str(number): dict(sorted(rows[number].items())) for number in sorted(rows)}}
    with tempfile.TemporaryDirectory(prefix="mend-") as folder:
        path = Path(folder) / "mends.json"
        path.write_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        return landing.take_in(path, home=home)


def _waiting(family: list[Delivery], numbers: list[int]) -> list[HeldRow]:
    found = HeldRow.objects.filter(delivery__in=family, row__in=numbers, mended_by=None).order_by("row", "id")
    rows = list(found[:MOST_MENDED])
    if [row.row for row in rows] != numbers:
        raise Conflict("rows-not-waiting")
    return rows


def _mended_frame(
    waiting: list[HeldRow], rows: Mapping[int, Mapping[str, str]], *, root: Delivery, home: Home
) -> pl.DataFrame:
    """The cells as first sent, from the landing folder, with the mended ones over them."""
    import polars as pl

    parts = []
    for delivery_id in sorted({row.delivery_id for row in waiting}):
        path = landing.folder_of(home, root.source, delivery_id) / landing.QUARANTINED
        numbers = [row.row for row in waiting if row.delivery_id == delivery_id]
        parts.append(pl.read_parquet(path).filter(pl.col("row").is_in(numbers)))
    sent = pl.concat(parts, how="diagonal").sort("row")
    shown = {row.row: row.cells for row in waiting}
    cells = [_overlaid(one, rows[one["row"]], shown[one["row"]]) for one in sent.iter_rows(named=True)]
    named = sorted({name for row in rows.values() for name in row} - set(sent.columns))
    schema = dict(sent.schema) | dict.fromkeys(named, pl.Utf8())
    return pl.DataFrame(cells, schema=schema)


def _overlaid(sent: dict[str, object], mended: Mapping[str, str], shown: Mapping[str, str | None]) -> dict[str, object]:
    changed = {name: text for name, text in mended.items() if text != (shown.get(name) or "")}
    return {**sent, **changed, "is_ragged": bool(sent["is_ragged"]) and not changed}


def _taken_keys(family: list[Delivery], *, home: Home) -> pl.Series:
    import polars as pl

    paths = [landing.folder_of(home, one.source, one.id) / landing.ACCEPTED for one in family]
    return pl.concat([pl.read_parquet(path, columns=["record_key"]) for path in paths]).to_series()


def _report(row: Delivery, *, duplicate: bool = False) -> DeliveryReport:
    return DeliveryReport(
        delivery_id=row.id, source=row.source, layout=row.layout, mode=row.mode, scope=row.scope, period=row.period,
        filename=row.filename, encoding=row.encoding, rows=row.row_count, accepted=row.accepted_count,
        quarantined=row.quarantined_count,
        findings=tuple(FindingCount(one["code"], one["column"], one["count"]) for one in row.findings),
        duplicate=duplicate, mends=row.mends, status=str(row.status), received_at=row.received_at,
    )  # fmt: skip


def _quarantined(row: HeldRow) -> QuarantinedRow:
    reasons = tuple(Reason(one["code"], one["column"], one["value"]) for one in row.reasons)
    return QuarantinedRow(row.delivery_id, row.row, row.cells, reasons)


def _in_force(row: Delivery, home: Home) -> DeliveryInForce:
    path = landing.folder_of(home, row.source, row.id) / landing.ACCEPTED
    return DeliveryInForce(
        row.id, row.source, row.layout, row.mode, row.scope, row.period, row.effective_on, row.received_at, path
    )
