"""What changes when a few records come, change or go, with the model frozen (LINKAGE section 4.8): decisions on frames.

Records fold into the profiles that are there; what may be touched is closed over every tie that joins or weighs one
profile against another; only that part is decided again. Invariant: decided so, the part comes out as in a run of the
whole with the same model, and what is outside it keeps its ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.linkage.facets import COMPARED, FACTORIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from iindustry.linkage.outcome import LinkState

_KEYS = ("source", "record_key")
_BUSY_PHONE_CORES = 5
_MOST_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Change:
    """What a delta made of the version in force.

    members: every row of every enterprise touched that is left (columns of `Linked.members`), sorted. touched: ids of
    enterprises that are new, gone or other than before, sorted. gone: source, record_key of records that are no more.
    review_gone: SIDES of pairs to take from the queue; review_added: rows as in `Linked.review`. redirects, journal, quality:
    as in `Linked`, of the whole version. state: of the whole version, with the model of the one before; None: unchanged. base: the
    version that it changes. grams: `blocking.rarest_grams` of everybody, where they were worked out on the way.
    """

    members: pl.DataFrame
    touched: pl.Series
    gone: pl.DataFrame
    review_added: pl.DataFrame
    review_gone: pl.DataFrame
    redirects: pl.DataFrame
    journal: pl.DataFrame
    quality: Mapping[str, float | int | None]
    state: LinkState | None
    base: str | None = None
    grams: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """profiles and of_record as they are now; uids of profiles that are new or have other records; profiles that are no more."""

    profiles: pl.DataFrame
    of_record: pl.DataFrame
    fresh: pl.Series
    removed: pl.DataFrame


def with_base_phones(faces: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    """Facets of a few records without the telephones that more than five names have, counted with those that are there."""
    import polars as pl

    said = [frame.select("core", "phones").drop_nulls("phones").explode("phones") for frame in (faces, base)]
    own = said[0].select("phones").unique()
    names = (
        pl.concat([one.join(own, on="phones", how="semi") for one in said])
        .group_by("phones")
        .agg(pl.col("core").n_unique())
    )
    busy = names.filter(pl.col("core") > _BUSY_PHONE_CORES)["phones"].to_list()
    left = pl.col("phones").list.eval(pl.element().filter(~pl.element().is_in(busy)))
    return faces.with_columns(phones=pl.when(left.list.len() > 0).then(left)).with_columns(
        phone=pl.col("phones").list.first()
    )


def faces_of(keys: pl.DataFrame, state: LinkState) -> pl.DataFrame:
    """Facets of records that are in the state, one row a record, as `facets.facets` gave them.

    A record that follows its number has its number alone: its profile's own facets are those of whom it follows.
    """
    import polars as pl

    drawn = state.of_record.join(keys.select(_KEYS), on=list(_KEYS), how="semi")
    known = state.profiles.drop("first_key", "record_count").rename({"source": "of"})
    whole = drawn.join(known, on="uid", how="inner").with_columns(nameless=pl.col("follows"))
    by_site = pl.col("factory_id").is_not_null() & (pl.col("of") == FACTORIES)
    number = {
        "jid": pl.when(~by_site).then("jid"),
        "person_tag": pl.when(~by_site & pl.col("jid").is_null()).then("person_tag"),
    }
    said = number | {"is_person": pl.lit(value=False), "num": pl.lit("")}
    silent = [
        pl.when(~pl.col("follows")).then(pl.col(name)).otherwise(said.get(name, pl.lit(None))).alias(name)
        for name in known.columns
        if name not in {"uid", "of"}
    ]
    return whole.with_columns(silent).drop("uid", "of", "follows")


def beside(faces: pl.DataFrame, dropped: pl.DataFrame, state: LinkState) -> pl.DataFrame:
    """Keys of the records that share a number with any of these, before or now: whom a silent record follows hangs on all."""
    import polars as pl

    keys = pl.concat([faces.select(_KEYS), dropped.select(_KEYS)]).unique()
    before = state.of_record.join(keys, on=list(_KEYS), how="semi")
    were = state.profiles.join(before.select("uid").unique(), on="uid", how="semi")
    numbered = [
        state.profiles.join(
            pl.concat([faces.select(name), were.select(name)]).drop_nulls().unique(), on=name, how="semi"
        ).select("uid")
        for name in ("jid", "person_tag")
    ]
    held = state.of_record.join(pl.concat(numbered).unique(), on="uid", how="semi").select(_KEYS)
    placed = [
        state.of_record.join(
            pl.concat([faces.select(name), before.select(name)]).drop_nulls().unique(), on=name, how="semi"
        ).select(_KEYS)
        for name in ("factory_id", "old_factory_id")
    ]
    return pl.concat([held, *placed]).unique().join(keys, on=list(_KEYS), how="anti")


def folded(faces: pl.DataFrame, dropped: pl.DataFrame, apart: pl.DataFrame, state: LinkState) -> Folded:
    """The state's profiles with `faces` folded in. `dropped`: keys that leave or come anew; `apart`: `judged.kept_apart`."""
    import polars as pl

    from iindustry.linkage import facets

    keys = list(_KEYS)
    out = pl.concat([dropped.select(keys), faces.select(keys)]).unique()
    lost = state.of_record.join(out, on=keys, how="semi").select("uid").unique()
    stays = state.of_record.join(out, on=keys, how="anti")
    thinned = (
        stays.filter(~pl.col("follows"))
        .join(lost, on="uid", how="semi")
        .group_by("uid")
        .agg(first=pl.col("record_key").min(), count=pl.len().cast(state.profiles.schema["record_count"]))
    )
    removed = state.profiles.join(lost, on="uid", how="semi").join(thinned, on="uid", how="anti")
    kept = state.profiles.join(removed.select("uid"), on="uid", how="anti")
    grouped, records = facets.profiles(faces, apart)
    matched = _matched(grouped, kept, apart)
    start = int(state.profiles["uid"].max() or 0) + 1  # type: ignore[arg-type]
    mapped = (
        grouped.select("uid")
        .join(matched, on="uid", how="left")
        .with_columns(to=pl.coalesce("old", pl.col("old").is_null().cum_sum() + start - 1))
    )
    added = grouped.join(mapped, on="uid", how="left").filter(pl.col("old").is_null())
    more = grouped.join(matched, on="uid", how="inner").select(
        pl.col("old").alias("uid"), first="first_key", count=pl.col("record_count")
    )
    counts = _counts(kept, thinned, more)
    profiles = pl.concat(
        [
            kept.drop("first_key", "record_count").join(counts, on="uid", how="left").select(state.profiles.columns),
            added.drop("uid", "old").rename({"to": "uid"}).select(state.profiles.columns),
        ]
    ).sort("uid")
    now = records.join(mapped.select("uid", "to"), on="uid", how="left").drop("uid").rename({"to": "uid"})
    return Folded(
        profiles=profiles,
        of_record=pl.concat([stays, now.select(stays.columns)]).sort(keys),
        fresh=pl.concat([mapped["to"], thinned["uid"]]).unique().sort(),
        removed=removed,
    )


def _matched(grouped: pl.DataFrame, kept: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    """uid, old: folded groups that are the same as a profile that is there. Lone ones and those kept apart never are."""
    import polars as pl

    lone = pl.coalesce("jid", "person_tag").is_null() & (
        pl.col("core").is_null() | pl.coalesce("sub", "phone").is_null()
    )
    sided = apart.select("source", first_key="record_key")
    may = grouped.filter(~lone).join(sided, on=["source", "first_key"], how="anti")
    own = ["source", *COMPARED]
    there = kept.filter(~lone).join(sided, on=["source", "first_key"], how="anti")
    return may.select("uid", *own).join(
        there.select(*own, old="uid"), on=own, how="inner", nulls_equal=True
    ).select("uid", "old").unique("uid", keep="first")  # fmt: skip


def _counts(kept: pl.DataFrame, thinned: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """uid, first_key, record_count of the profiles that stay, after some records left and others came."""
    import polars as pl

    kind = kept.schema["record_count"]
    both = (
        kept.select("uid", "first_key", "record_count")
        .join(thinned, on="uid", how="left")
        .join(more, on="uid", how="left", suffix="_more")
    )
    return both.select(
        "uid",
        first_key=pl.min_horizontal(pl.coalesce("first", "first_key"), "first_more"),
        record_count=(pl.coalesce("count", "record_count") + pl.col("count_more").fill_null(0)).cast(kind),
    )


def ranked(chosen: pl.DataFrame, of_record: pl.DataFrame) -> pl.DataFrame:
    """The chosen profiles numbered from 0 in the order of a run of the whole; their own number stands in `lasting`.

    Profiles of records that only hold a number come last, by number.
    """
    import polars as pl

    told = of_record.filter(~pl.col("follows")).select("uid").unique()
    alone = (
        of_record.filter("follows").join(told, on="uid", how="anti").group_by("uid").agg(pl.col("factory_id").first())
    )
    number = pl.coalesce(
        pl.lit("j") + pl.col("jid"), pl.lit("p") + pl.col("person_tag"), pl.lit("f") + pl.col("factory_id")
    )
    known = chosen.join(alone.with_columns(silent=pl.lit(value=True)), on="uid", how="left").with_columns(
        pl.col("silent").fill_null(value=False)
    )
    by = {
        "source": pl.when(~pl.col("silent")).then("source"),
        "first_key": pl.when("silent").then(number).otherwise("first_key"),
    }
    return (
        known.sort("silent", by["source"], by["first_key"])
        .drop("silent", "factory_id")
        .rename({"uid": "lasting"})
        .with_row_index("uid")
        .with_columns(pl.col("uid").cast(pl.Int64))
    )


def closed(start: pl.Series, ties: pl.DataFrame) -> pl.Series:
    """Every profile that ties (uid, knot: two profiles of one knot belong together) lead to from some, sorted."""
    import polars as pl

    reached = pl.DataFrame({"uid": start}).unique()
    fresh = reached
    for _ in range(_MOST_ROUNDS):
        knots = ties.join(fresh, on="uid", how="semi").select("knot").unique()
        found = ties.join(knots, on="knot", how="semi").select("uid").unique()
        fresh = found.join(reached, on="uid", how="anti")
        if fresh.is_empty():
            return reached["uid"].sort()
        reached = pl.concat([reached, fresh])
    return ties["uid"].unique().sort()  # a chain this long: decide all that is tied to anything


def ties(
    profiles: pl.DataFrame, of_record: pl.DataFrame, edges: pl.DataFrame, enterprise: pl.DataFrame
) -> pl.DataFrame:
    """uid, knot (64-bit): profiles of one enterprise, one number, one person, one factory, or one edge share a knot.

    `enterprise`: uid, enterprise_id of the version in force. A knot of two kinds never meets another by its text.
    """
    import polars as pl

    def knot(frame: pl.DataFrame, kind: str, *columns: str) -> list[pl.DataFrame]:
        return [
            frame.select("uid", knot=pl.concat_str(pl.lit(kind), column).hash(seed=1)).drop_nulls()
            for column in columns
        ]

    one_edge = pl.struct("left", "right").hash(seed=2)
    return pl.concat(
        [
            *knot(enterprise, "e", "enterprise_id"),
            *knot(profiles.filter(pl.col("jid").is_not_null()), "j", "jid"),
            *knot(profiles.filter(pl.col("person_tag").is_not_null()), "p", "person_tag"),
            *knot(of_record.filter(pl.col("factory_id").is_not_null()), "f", "factory_id"),
            *knot(of_record.filter(pl.col("old_factory_id").is_not_null()), "o", "old_factory_id"),
            *(edges.select(pl.col(side).alias("uid"), knot=one_edge) for side in ("left", "right")),
        ]
    )


def touched(before: pl.DataFrame, after: pl.DataFrame, changed: pl.DataFrame) -> pl.Series:
    """Ids of the enterprises whose rows differ, or that hold a record of `changed`; new and gone ones too. Sorted."""
    import polars as pl

    columns = list(after.columns)
    differ = pl.concat(
        [
            after.join(before.select(columns), on=columns, how="anti", nulls_equal=True),
            before.select(columns).join(after, on=columns, how="anti", nulls_equal=True),
        ]
    ).select("enterprise_id")
    holders = pl.concat([after, before.select(columns)]).join(changed, on=list(_KEYS), how="semi")
    return pl.concat([differ, holders.select("enterprise_id")]).unique()["enterprise_id"].sort()
