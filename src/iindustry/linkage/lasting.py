"""Ids that last: new clusters take old ids, fresh ones are drawn from a seed and the least record (LINKAGE section 4.7).

Order of right to an old id: the old enterprise that held the same juristic id, then most shared records, then the older
id (the lesser text). Ids that find no cluster redirect for ever, in one hop. Invariant: two clusters never carry one id.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from iindustry.kernel.ids import lasting_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl


@dataclass(frozen=True, slots=True)
class Claim:
    """A cluster's claim on an old id."""

    cluster: int
    old_id: str
    same_number: bool
    shared: int


def draw(prefix: Literal["ENT", "EST"], seed: int, key: str, taken: set[str]) -> str:
    """A fresh id from the seed and a record key, the next one where it is taken; adds it to `taken`."""
    for attempt in range(1000):
        digest = hashlib.sha256(f"{prefix}\x1f{seed}\x1f{key}\x1f{attempt}".encode()).digest()
        found = lasting_id(prefix, int.from_bytes(digest[:8], "big"))
        if found not in taken:
            taken.add(found)
            return found
    raise RuntimeError("a thousand draws of an id were all taken")


def settle_claims(claims: Iterable[Claim]) -> dict[int, str]:
    """Which cluster keeps which old id: each id once, each cluster once, by the order of right."""
    kept: dict[int, str] = {}
    given: set[str] = set()
    order = sorted(claims, key=lambda one: (not one.same_number, -one.shared, one.old_id, one.cluster))
    for claim in order:
        if claim.cluster not in kept and claim.old_id not in given:
            kept[claim.cluster] = claim.old_id
            given.add(claim.old_id)
    return kept


def claims_of(clusters: pl.DataFrame, earlier: pl.DataFrame) -> list[Claim]:
    """Every claim of a cluster on an old id.

    `clusters`: source, record_key, root, number (the cluster's juristic id). `earlier`: source, record_key, enterprise_id,
    juristic_id (of that enterprise).
    """
    import polars as pl

    shared = (
        clusters.join(earlier.select("source", "record_key", "enterprise_id"), on=["source", "record_key"], how="inner")
        .group_by("root", "enterprise_id")
        .len()
    )
    by_number = (
        clusters.select("root", "number").drop_nulls().unique()
        .join(earlier.select("enterprise_id", "juristic_id").drop_nulls().unique(), left_on="number",
              right_on="juristic_id", how="inner")
        .select("root", "enterprise_id", same=pl.lit(value=True))
    )  # fmt: skip
    both = shared.join(by_number, on=["root", "enterprise_id"], how="full", coalesce=True)
    rows = both.select(
        "root", "enterprise_id", pl.col("same").fill_null(value=False), pl.col("len").fill_null(0)
    ).sort("root", "enterprise_id")  # fmt: skip
    return [Claim(*row) for row in rows.iter_rows()]


def enterprise_ids(clusters: pl.DataFrame, earlier: pl.DataFrame | None, seed: int) -> pl.DataFrame:
    """The id of each cluster: columns root, enterprise_id."""
    import polars as pl

    kept = settle_claims(claims_of(clusters, earlier)) if earlier is not None else {}
    taken = set(earlier["enterprise_id"].unique()) if earlier is not None else set()
    leasts = (
        clusters.sort("source", "record_key")
        .group_by("root", maintain_order=True)
        .agg(pl.concat_str("source", pl.lit("\x1f"), "record_key").first().alias("least"))
    )
    rows = [
        (root, kept[root] if root in kept else draw("ENT", seed, least, taken)) for root, least in leasts.iter_rows()
    ]
    return pl.DataFrame(rows, schema={"root": pl.Int64, "enterprise_id": pl.Utf8}, orient="row")


def redirects(members: pl.DataFrame, earlier: pl.DataFrame | None) -> pl.DataFrame:
    """old_id, new_id, record_count: each old id that no cluster carries, to the one that holds most of its records."""
    import polars as pl

    schema = {"old_id": pl.Utf8, "new_id": pl.Utf8, "record_count": pl.Int64}
    if earlier is None:
        return pl.DataFrame(schema=schema)
    gone = earlier.join(members.select("enterprise_id").unique(), on="enterprise_id", how="anti")
    return (
        gone.select("source", "record_key", pl.col("enterprise_id").alias("old_id"))
        .join(members.select("source", "record_key", "enterprise_id"), on=["source", "record_key"], how="inner")
        .group_by("old_id", pl.col("enterprise_id").alias("new_id"))
        .agg(record_count=pl.len().cast(pl.Int64))
        .sort("old_id", "record_count", "new_id", descending=[False, True, False])
        .unique("old_id", keep="first", maintain_order=True)
        .select(list(schema))
    )


def journal(members: pl.DataFrame, earlier: pl.DataFrame | None) -> pl.DataFrame:
    """What happened to old ids: `merge` (an id went into another), `move` (records went elsewhere, the id stays).

    Columns: what, subject_id (old), other_id (new), record_count, ground, match_weight.
    """
    import polars as pl

    schema = {"what": pl.Utf8, "subject_id": pl.Utf8, "other_id": pl.Utf8, "record_count": pl.Int64,
              "ground": pl.Utf8, "match_weight": pl.Float64}  # fmt: skip
    if earlier is None:
        return pl.DataFrame(schema=schema)
    living = members.select(pl.col("enterprise_id").alias("subject_id"), alive=pl.lit(value=True)).unique()
    return (
        earlier.select("source", "record_key", pl.col("enterprise_id").alias("subject_id"))
        .join(members, on=["source", "record_key"], how="inner")
        .filter(pl.col("subject_id") != pl.col("enterprise_id"))
        .group_by("subject_id", pl.col("enterprise_id").alias("other_id"))
        .agg(record_count=pl.len().cast(pl.Int64), ground=pl.col("link_ground").min())
        .join(living, on="subject_id", how="left")
        .select(
            pl.when(pl.col("alive").is_null()).then(pl.lit("merge")).otherwise(pl.lit("move")).alias("what"),
            "subject_id", "other_id", "record_count", "ground", pl.lit(None, dtype=pl.Float64).alias("match_weight"),
        )
        .sort("subject_id", "other_id")
    )  # fmt: skip
