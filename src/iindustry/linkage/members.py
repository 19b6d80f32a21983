"""From clusters of profiles to members: every record with its enterprise, establishment and ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.linkage import lasting, sites
from iindustry.linkage.clusters import Skip
from iindustry.linkage.facets import SITE_SOURCES
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
    """Members under lasting ids, in the order of the records. `known`: uid, number of profiles with a valid number.

    `of_record`: as `folding.read` gives it, sorted by source and record key.

    A record folded with others of its register into one profile that nothing else joined has ground `model` without a
    probability: equal name, form, place and telephone in one register. One that follows a number has ground `id`.
    """
    import polars as pl

    of_root = _numbers(found, known)
    roots = of_record.lazy().join(
        found.of_profile.lazy().select("uid", "root"), on="uid", how="left", maintain_order="left"
    )
    clusters = roots.join(of_root.lazy(), on="root", how="left", maintain_order="left").select(
        "source", "record_key", "root", "number"
    )
    ids = lasting.enterprise_ids(clusters.collect(), earlier, seed)
    owned = _owned(of_record, found, known, ids)
    places = sites.establishment_ids(
        owned.filter(pl.col("source").is_in(sorted(SITE_SOURCES))).select(
            "source", "record_key", "factory_id", "enterprise_id"
        ),
        earlier,
        seed,
    )
    made = owned.drop("factory_id").join(places, on=["source", "record_key"], how="left", maintain_order="left")
    made = made.select("source", "record_key", "enterprise_id", "establishment_id", "link_ground", "match_probability")
    return Made(made, lasting.redirects(made, earlier), lasting.journal(made, earlier))


def _owned(of_record: pl.DataFrame, found: Clustering, known: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """source, record_key, factory_id, enterprise_id, link_ground, match_probability, in the order of the records.

    What a record has from its profile is settled a profile at a time: a nation has three times as many records.
    """
    import polars as pl

    held = of_record.group_by("uid").agg(shared=pl.len() > 1, followed=pl.col("follows").any())
    folded = (pl.col("ground") == Ground.SINGLE.value) & pl.col("shared")
    numbered = pl.col("uid").is_in(known["uid"].implode()) | pl.col("followed")
    of_profile = (
        found.of_profile.join(held, on="uid", how="inner")
        .join(ids, on="root", how="left")
        .select(
            "uid",
            "enterprise_id",
            "shared",
            "probability",
            ground=pl.when(folded & numbered).then(pl.lit(Ground.ID.value))
            .when(folded).then(pl.lit(Ground.MODEL.value))
            .otherwise(pl.col("ground")),
        )
    )  # fmt: skip
    follows = pl.col("follows") & pl.col("shared")
    return of_record.join(of_profile, on="uid", how="left", maintain_order="left").select(
        "source",
        "record_key",
        "factory_id",
        "enterprise_id",
        link_ground=pl.when(follows).then(pl.lit(Ground.ID.value)).otherwise(pl.col("ground")),
        match_probability=pl.when(follows).then(1.0).otherwise(pl.col("probability")).round(6),
    )


def _numbers(found: Clustering, known: pl.DataFrame) -> pl.DataFrame:
    """root, number of the clusters that have one."""
    numbered = known.join(found.of_profile.select("uid", "root"), on="uid", how="inner")
    return numbered.sort("uid").unique("root", keep="first", maintain_order=True).select("root", "number")


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
