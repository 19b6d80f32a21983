"""From clusters of profiles to members: every record with its enterprise, establishment and ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.linkage import lasting, sites
from iindustry.linkage.clusters import Skip
from iindustry.linkage.outcome import Ground

if TYPE_CHECKING:
    import polars as pl

    from iindustry.linkage.clusters import Clustering
    from iindustry.linkage.evaluate import Quality


@dataclass(frozen=True, slots=True)
class Made:
    """members, redirects and journal as `Linked` describes them."""

    members: pl.DataFrame
    redirects: pl.DataFrame
    journal: pl.DataFrame


def members(
    of_record: pl.DataFrame, found: Clustering, known: pl.DataFrame, earlier: pl.DataFrame | None, seed: int
) -> Made:
    """Members sorted by source and record key, under lasting ids. `known`: uid, number of profiles with a valid number.

    A record folded with others of its register into one profile that nothing else joined has ground `model` without a
    probability: equal name, form, place and telephone in one register. One that follows a number has ground `id`.
    """
    import polars as pl

    profiles = _profiles(found, known)
    clusters = of_record.join(profiles, on="uid", how="left")
    ids = lasting.enterprise_ids(clusters.select("source", "record_key", "root", "number"), earlier, seed)
    shared = pl.len().over("uid") > 1
    folded = (pl.col("ground") == Ground.SINGLE.value) & shared
    numbered = pl.col("own_number").is_not_null() | pl.col("follows").any().over("uid")
    owned = clusters.join(ids, on="root", how="left").with_columns(
        link_ground=pl.when((folded & numbered) | (pl.col("follows") & shared)).then(pl.lit(Ground.ID.value))
        .when(folded).then(pl.lit(Ground.MODEL.value))
        .otherwise(pl.col("ground")),
        match_probability=pl.when(pl.col("follows") & shared).then(1.0).otherwise(pl.col("probability")).round(6),
    )  # fmt: skip
    places = sites.establishment_ids(owned.select("source", "record_key", "factory_id", "enterprise_id"), earlier, seed)
    made = (
        owned.join(places, on=["source", "record_key"], how="left")
        .select("source", "record_key", "enterprise_id", "establishment_id", "link_ground", "match_probability")
        .sort("source", "record_key")
    )
    return Made(made, lasting.redirects(made, earlier), lasting.journal(made, earlier))


def _profiles(found: Clustering, known: pl.DataFrame) -> pl.DataFrame:
    """uid, root, ground, probability, own_number, number (the cluster's)."""
    numbered = found.of_profile.join(known.rename({"number": "own_number"}), on="uid", how="left")
    of_root = numbered.drop_nulls("own_number").sort("uid").unique("root", keep="first", maintain_order=True)
    return numbered.join(of_root.select("root", number="own_number"), on="root", how="left")


def quality(
    made: pl.DataFrame, review: pl.DataFrame, found: Clustering, known: pl.DataFrame, hidden: Quality
) -> dict[str, float | int | None]:
    """What a run says of itself: precision and recall on hidden numbers, counts, and clusters with two numbers (0)."""
    import polars as pl

    held = known.join(found.of_profile, on="uid", how="inner").group_by("root").agg(pl.col("number").n_unique())
    return {
        "precision": hidden.precision,
        "recall": hidden.recall,
        "f1": hidden.f1,
        "hidden_pairs": hidden.pairs,
        "review_pairs": review.height,
        "review_shown": review.height,
        "two_numbers": held.filter(pl.col("number") > 1).height,
        "vetoes": found.skipped.filter(pl.col("why") == Skip.TWO_IDS.value).height,
        **counts(made),
    }


def counts(made: pl.DataFrame) -> dict[str, int]:
    """What members alone tell: records, enterprises, establishments, the largest enterprise, records by ground."""
    grounds = dict(made["link_ground"].value_counts().sort("link_ground").iter_rows())
    return {
        "records": made.height,
        "enterprises": made["enterprise_id"].n_unique(),
        "establishments": made["establishment_id"].drop_nulls().n_unique(),
        "largest": int(made.group_by("enterprise_id").len()["len"].max() or 0),  # type: ignore[arg-type]
        **{f"ground_{ground.value}": int(grounds.get(ground.value, 0)) for ground in Ground},
    }
