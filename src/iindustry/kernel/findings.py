"""A fault found in data is a value, not an exception: a bad row never stops a delivery."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in one cell: a stable code, the column's name in our contract, the row's number in the file (from 1)."""

    code: str
    column: str
    row: int
    value: str | None = None
