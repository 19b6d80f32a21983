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
    from collections.abc import Iterable, Sequence

    import polars as pl


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # as in kernel.ids; a test holds the two ways of drawing equal
_BITS = (1 << 50) - 1


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


def drawn(prefix: Literal["ENT", "EST"], seed: int, keys: Sequence[str], taken: set[str]) -> list[str]:
    """The ids that `draw` gives these keys one after another, worked as columns: a first run draws millions."""
    import polars as pl

    stamp, end = f"{prefix}\x1f{seed}\x1f", "\x1f0"
    digests = (hashlib.sha256(f"{stamp}{key}{end}".encode()).digest() for key in keys)
    numbers = pl.Series([int.from_bytes(digest[:8], "big") & _BITS for digest in digests], dtype=pl.UInt64)
    places = [(numbers // 2**shift) % 32 for shift in range(45, -1, -5)]
    check = pl.select(pl.sum_horizontal(one * weight for weight, one in enumerate(places, 2)) % 31).to_series()
    signs = pl.Series(list(_CROCKFORD))
    columns = [signs.gather(one.cast(pl.UInt32)).alias(str(at)) for at, one in enumerate((*places, check))]
    first = pl.DataFrame(columns).select(pl.concat_str(pl.lit(f"{prefix}-"), pl.all())).to_series()
    given: list[str] = []
    for key, one in zip(keys, first.to_list(), strict=True):
        fresh = draw(prefix, seed, key, taken) if one in taken else one
        taken.add(fresh)
        given.append(fresh)
    return given


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


def claims_of(clusters: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Every claim of a cluster on an old id: root, enterprise_id, same (number), len (records shared), sorted.

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
    return both.select("root", "enterprise_id", pl.col("same").fill_null(value=False), pl.col("len").fill_null(0)).sort(
        "root", "enterprise_id"
    )


def kept_ids(claims: pl.DataFrame) -> pl.DataFrame:
    """root, enterprise_id by the order of right. A cluster and an id that only claim each other, nearly all, need no settling."""
    import polars as pl

    alone = (pl.len().over("root") == 1) & (pl.len().over("enterprise_id") == 1)
    marked = claims.with_columns(alone=alone)
    disputed = marked.filter(~pl.col("alone")).select("root", "enterprise_id", "same", "len")
    settled = settle_claims(Claim(*row) for row in disputed.iter_rows())
    kind: dict[str, pl.DataType | type[pl.DataType]] = {"root": claims.schema["root"], "enterprise_id": pl.Utf8}
    return pl.concat(
        [
            marked.filter("alone").select("root", "enterprise_id"),
            pl.DataFrame(sorted(settled.items()), schema=kind, orient="row"),
        ]
    )


def enterprise_ids(clusters: pl.DataFrame, earlier: pl.DataFrame | None, seed: int) -> pl.DataFrame:
    """The id of each cluster: columns root, enterprise_id. `clusters` (as `claims_of` takes them) sorted by source and record key."""
    import polars as pl

    leasts = clusters.unique("root", keep="first", maintain_order=True).select(
        "root", least=pl.concat_str("source", pl.lit("\x1f"), "record_key")
    )
    if earlier is None:
        kept = pl.DataFrame(schema={"root": leasts.schema["root"], "enterprise_id": pl.Utf8})
        taken: set[str] = set()
    else:
        kept, taken = kept_ids(claims_of(clusters, earlier)), set(earlier["enterprise_id"].unique())
    new = leasts.join(kept, on="root", how="anti", maintain_order="left")
    fresh = new.select(
        "root", pl.Series("enterprise_id", drawn("ENT", seed, new["least"].to_list(), taken), dtype=pl.Utf8)
    )
    return pl.concat([kept, fresh])


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
