"""What a publication keeps of a run: the queue, redirects and the journal; and what the next run needs of the last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection

from iindustry.kernel.home import current_version
from iindustry.linkage.models import Redirect, ReviewPair

if TYPE_CHECKING:
    import polars as pl

    from iindustry.kernel.home import Home
    from iindustry.linkage.outcome import Linked

_REVIEW = (
    "left_source",
    "left_key",
    "right_source",
    "right_key",
    "match_weight",
    "match_probability",
    "reason",
    "value",
)

_SQL_REVIEW = """
COPY linkage_reviewpair (pair_id, left_source, left_key, right_source, right_key, match_weight, match_probability,
                         reason, value, comparison, version) FROM STDIN
"""
_SQL_JOURNAL = """
COPY linkage_journal (version, what, subject_id, other_id, record_count, ground, match_weight) FROM STDIN
"""
# An id that stood for others and is merged away itself takes them along: every redirect stays one hop.
_SQL_FLATTEN = """
UPDATE linkage_redirect AS earlier SET new_id = later.new_id
FROM linkage_redirect AS later WHERE earlier.new_id = later.old_id
"""


def redirected(old_id: str) -> str | None:
    """The id that stands for one that was merged away, or None."""
    row = Redirect.objects.filter(old_id=old_id).order_by("old_id").first()
    return row.new_id if row else None


def earlier_members(home: Home) -> pl.DataFrame | None:
    """Members of the version in force, with the juristic id of each enterprise, as `link` takes them; None at first."""
    import polars as pl

    version = current_version(home)
    if version is None:
        return None
    folder = home.register / version
    holders = pl.read_parquet(folder / "enterprises.parquet", columns=["enterprise_id", "juristic_id"])
    return pl.read_parquet(folder / "members.parquet").join(holders, on="enterprise_id", how="left")


def record_run(linked: Linked, *, version: str) -> None:
    """Replace the queue, add redirects and journal rows, inside the caller's transaction.

    Raises RuntimeError outside one: the queue and the version it speaks of change together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record_run belongs inside the publication's transaction")
    from iindustry.linkage.queue import pair_ids

    ReviewPair.objects.all().delete()
    review = linked.review
    with connection.cursor() as cursor:
        with cursor.copy(_SQL_REVIEW) as copy:
            for pair_id, row in zip(pair_ids(review), review.iter_rows(named=True), strict=True):
                comparison = json.dumps(row["comparison"], ensure_ascii=False)
                copy.write_row((pair_id, *(row[name] for name in _REVIEW), comparison, version))
        with cursor.copy(_SQL_JOURNAL) as copy:
            for row in linked.journal.iter_rows(named=True):
                copy.write_row((version, *row.values()))
        cursor.executemany(
            "INSERT INTO linkage_redirect (old_id, new_id, version) VALUES (%s, %s, %s)"
            " ON CONFLICT (old_id) DO UPDATE SET new_id = EXCLUDED.new_id, version = EXCLUDED.version",
            [(old, new, version) for old, new in linked.redirects.select("old_id", "new_id").iter_rows()],
        )
        cursor.execute(_SQL_FLATTEN)
