"""The snapshot of applications that analysis reads: one row an application, the same shape as the generated past.

Invariant: no name, no telephone, no words that somebody typed; enterprises by their lasting id.
"""

from __future__ import annotations

import polars as pl

_AT = pl.Datetime("us", "UTC")
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "application_id": pl.Utf8,
    "enterprise_id": pl.Utf8,
    "product_id": pl.Utf8,
    "lender": pl.Utf8,
    "policy_line": pl.Utf8,
    "province_code": pl.Utf8,
    "requested_satang": pl.Int64,
    "channel": pl.Utf8,
    "started_at": _AT,
    "sent_at": _AT,
    "papers_asked_at": _AT,
    "decided_at": _AT,
    "decision": pl.Utf8,
    "reason_code": pl.Utf8,
    "approved_satang": pl.Int64,
    "disbursed_at": _AT,
    "disbursed_satang": pl.Int64,
    "typed_count": pl.Int32,
    "prefilled_count": pl.Int32,
    "papers_spared_count": pl.Int32,
    "is_history": pl.Boolean,
}
DECISIONS = ("approved", "declined", "withdrawn")
CHANNELS = ("portal", "desk", "machine")
