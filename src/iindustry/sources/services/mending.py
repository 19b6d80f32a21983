"""Rows that were set aside are mended: they come back as cells or as a workbook, and become a delivery of their own.

Invariant: a row leaves quarantine once, in the transaction that takes its mended form in.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.sources import landing, mappings, permissions
from iindustry.sources.contracts import Layout, contract_of
from iindustry.sources.models import Delivery, HeldRow
from iindustry.sources.reports import DeliveryReport, QuarantinedRow, Reason
from iindustry.sources.services import store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home

MOST_MENDED = 5000
MOST_AT_ONCE = 1000


def mend(
    delivery_id: str, rows: Mapping[int, Mapping[str, str]], *, actor: Actor, home: Home, clock: Clock
) -> DeliveryReport:
    """Send mended cells of quarantined rows: they become a delivery of their own that mends the first.

    `rows`: row number to our column names and new texts; a cell that is not named, or comes back as it was shown, stays
    as it was sent. Every row named leaves quarantine; one that still fails waits in the mending delivery's.
    Raises NotFound `delivery-unknown`; Conflict `rows-not-waiting` (rows that were mended before, or never set aside);
    Rejected `nothing-to-mend`, `too-many-rows`, `column-unknown`.
    """
    from iindustry.sources import rows as sorting
    from iindustry.sources import taking

    first = store.delivery(delivery_id, actor)
    contract = contract_of(first.source)
    permissions.check_deliver(actor, contract)
    root = store.family(first)[0]
    mapping = mappings.parsed(root.mapping, contract) if root.mapping else None
    layout = mapping.layout_of(contract) if mapping else contract.layout(root.layout)
    _check_mends(rows, layout)
    incoming = _write_mends(root, rows, home=home)
    try:
        with transaction.atomic():
            store.lock(root.source)  # keys that are taken, and rows that wait, stay so until this mend is recorded
            known = Delivery.objects.filter(source=root.source, sha256=incoming.sha256).first()
            if known is not None:
                return store.report_of(known, duplicate=True)
            family = store.family(root)
            waiting = _waiting(family, sorted(rows))
            frame = _mended_frame(waiting, rows, root=root, home=home)
            result = sorting.sort_out(
                frame, layout, today=clock.today(), tag=store.person_tag, seal=store.sealed_names,
                taken=_taken_keys(family, home=home),
            )  # fmt: skip
            taking.write(result, incoming.folder)
            row = store.row_of(
                contract, layout, incoming, accepted=result.accepted.height, held=result.quarantined.height,
                filename=root.filename, encoding="utf-8", period=root.period, scope=root.scope, findings=result.counts,
                actor=actor, clock=clock, mapping=mapping,
            )  # fmt: skip
            row.mends, row.effective_on = root.id, root.effective_on
            return store.record(
                row, incoming, held_back=result.held_back, examples=result.examples, actor=actor, home=home,
                leaving=waiting,
            )  # fmt: skip
    finally:
        landing.discard(incoming)


def list_quarantined(delivery_id: str, *, limit: int) -> list[QuarantinedRow]:
    """Rows that still wait to be mended: the delivery's own and those of deliveries that mend it, by row number."""
    found = store.open_rows(delivery_id).order_by("row", "id")[: min(limit, MOST_MENDED)]
    return [_quarantined(row) for row in found]


def quarantined_count(delivery_id: str) -> int:
    """How many rows still wait, those of mending deliveries included, also those that are not kept one by one."""
    return quarantined_counts([delivery_id]).get(delivery_id, 0)


def quarantined_counts(delivery_ids: Sequence[str]) -> dict[str, int]:
    """The same of many deliveries, in two statements; at most a thousand."""
    asked = list(delivery_ids)[:MOST_AT_ONCE]
    of_root: dict[str, str] = {}
    waiting: dict[str, int] = {}
    family = Delivery.objects.filter(Q(id__in=asked) | Q(mends__in=asked)).order_by("id")
    for own, mends, count in family.values_list("id", "mends", "quarantined_count"):
        root = own if own in asked else str(mends)
        of_root[own] = root
        waiting[root] = waiting.get(root, 0) + count
    mended = HeldRow.objects.filter(delivery_id__in=list(of_root)).exclude(mended_by=None).order_by()
    for own, count in mended.values("delivery_id").annotate(count=Count("id")).values_list("delivery_id", "count"):
        waiting[of_root[own]] -= count
    return waiting


def faulty_rows_workbook(delivery_id: str, *, actor: Actor) -> bytes:
    """The rows that wait as a workbook with a reason column; formulas are escaped. NotFound `delivery-unknown`."""
    from iindustry.sources import workbook

    row = store.delivery(delivery_id, actor)
    layout = contract_of(row.source).layout(row.layout)
    return workbook.faulty_rows(layout, list_quarantined(delivery_id, limit=MOST_MENDED))


def mends_from_workbook(delivery_id: str, file: Path, *, actor: Actor) -> dict[int, dict[str, str]]:
    """The rows that were changed in a workbook made by `faulty_rows_workbook`, as `mend` takes them.

    Rows left as they were are not sent again. Raises Rejected `sheet-…`, `workbook-not-ours`, `nothing-to-mend`.
    """
    from iindustry.sources import workbook

    row = store.delivery(delivery_id, actor)
    sent = workbook.read_mends(file, contract_of(row.source).layout(row.layout))
    changed = changed_cells(sent, list(map(workbook.as_shown, list_quarantined(delivery_id, limit=MOST_MENDED))))
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


def _quarantined(row: HeldRow) -> QuarantinedRow:
    reasons = tuple(Reason(one["code"], one["column"], one["value"]) for one in row.reasons)
    return QuarantinedRow(row.delivery_id, row.row, row.cells, reasons)
