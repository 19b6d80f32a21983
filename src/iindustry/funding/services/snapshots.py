"""The snapshot of live applications, written to the lake whole and put in place at one stroke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iindustry.funding.models import ApplicationRow, DecisionRow, DisbursementRow
from iindustry.funding.moves import Status
from iindustry.kernel.whole import whole

if TYPE_CHECKING:
    from pathlib import Path

    from iindustry.kernel.home import Home

_CHUNK = 2_000


def write_snapshot(*, home: Home) -> Path:
    """Write `live.parquet` (schema `funding.snapshot.SCHEMA`, `is_history` false) of all applications, by start.

    Called after decisions; the caller debounces. A reader sees the old file or the new one, never a part, also where the
    worker's pulse and a job write it in one moment.
    """
    import polars as pl

    from iindustry.funding.snapshot import SCHEMA

    path = home.applications / "live.parquet"
    with whole(path) as fresh:
        pl.DataFrame(_rows(), schema=SCHEMA, orient="row").write_parquet(fresh)
    return path


def _rows() -> list[tuple[Any, ...]]:
    reasons = dict(
        DecisionRow.objects.filter(is_approved=False).order_by("id").values_list("application_id", "reason_codes")
    )
    paid: dict[Any, Any] = dict(
        DisbursementRow.objects.order_by("application_id", "tranche").values_list("application_id", "recorded_at")
    )
    rows = ApplicationRow.objects.defer("dossier", "answers").order_by("started_at", "id")
    return [_row(row, reasons.get(row.id), paid.get(row.id)) for row in rows.iterator(chunk_size=_CHUNK)]


def _row(row: ApplicationRow, reasons: list[str] | None, paid_at: Any) -> tuple[Any, ...]:
    return (
        str(row.id), row.enterprise_id, row.product_id, row.lender, row.policy_line, row.province_code,
        row.requested_satang, row.channel, row.started_at, row.sent_at, row.papers_asked_at, row.decided_at,
        _decision(row), reasons[0] if reasons else None, row.approved_satang, paid_at,
        row.disbursed_satang if paid_at else None, row.typed_count, row.prefilled_count, row.papers_spared_count, False,
    )  # fmt: skip


def _decision(row: ApplicationRow) -> str | None:
    if row.approved_satang is not None:
        return "approved"
    return {Status.DECLINED.value: "declined", Status.WITHDRAWN.value: "withdrawn"}.get(row.status)
