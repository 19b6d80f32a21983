"""The review queue: which pairs wait, why, in which order, under lasting ids."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    import polars as pl

SIDES = ("left_source", "left_key", "right_source", "right_key")


def pair_ids(review: pl.DataFrame) -> list[UUID]:
    """One id a pair, drawn from its two records: a pair keeps its address from run to run."""
    return [_pair_id("\x1f".join(row)) for row in review.select(SIDES).iter_rows()]


def _pair_id(text: str) -> UUID:
    digest = bytearray(hashlib.sha256(text.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80  # RFC 9562: a UUID of version 8 holds what its maker likes
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))
