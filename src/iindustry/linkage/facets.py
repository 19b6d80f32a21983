"""What records say that tells enterprises apart: one record a key, then one profile for equal facets of one source.

Fifty licences of one holder are one profile with a count of fifty: they neither score fifty times nor make a name look
common. Invariant: every record belongs to exactly one profile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.standardise.twins import twin_expr

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from iindustry.linkage.outcome import RecordId

SITE_SOURCES = frozenset({"diw", "green"})
"""Registers whose address is a place of production; elsewhere it is a seat."""

_NO_FORM = ("none", "")
_BUSY_PHONE_CORES = 5

COMPARED = ("jid", "person_tag", "is_person", "core", "num", "skel", "form", "en_core", "en_skel",
            "prov", "dist", "sub", "phone", "kind")  # fmt: skip


def one_a_key(records: pl.DataFrame) -> pl.DataFrame:
    """One row a (source, record_key): the newest word of every column, an older one where the newest says nothing."""
    import polars as pl

    newest = records.sort("observed_on", "delivery_id", "row", descending=True, nulls_last=True)
    return (
        newest.group_by("source", "record_key")
        .agg(pl.exclude("source", "record_key").drop_nulls().first())
        .sort("source", "record_key")
    )


def facets(records: pl.DataFrame) -> pl.DataFrame:
    """The columns that linking compares, one row a record (from `one_a_key`).

    Twins for comparing: `core_b`, `skel_b`, and `named_b`, core and legal form together.

    A number in an invalid state is no number. Phones of more than five names (an accountant's) are nobody's. A record
    that names only a site (`site_only`) is compared by nothing: its factory number places it.
    """
    import polars as pl

    whole = records.select(
        "source",
        "record_key",
        "factory_id",
        "old_factory_id",
        pl.when(pl.col("id_state") == "valid").then(pl.col("juristic_id")).alias("jid"),
        "person_tag",
        pl.col("is_person").fill_null(value=False),
        _name("core", "site_core"),
        _filled("num"),
        _name("skel", "site_skel"),
        pl.when(pl.col("form").is_in(_NO_FORM)).then(None).otherwise(pl.col("form")).alias("form"),
        _filled("en_core"),
        _filled("en_skel"),
        pl.col("province_code").alias("prov"),
        pl.coalesce("district_code", pl.col("subdistrict_code").str.slice(0, 4)).alias("dist"),
        pl.col("subdistrict_code").alias("sub"),
        "phones",
        pl.when(pl.col("source").is_in(sorted(SITE_SOURCES)))
        .then(pl.lit("site"))
        .otherwise(pl.lit("seat"))
        .alias("kind"),
    ).with_columns(
        phone=_own_phone(records),
        site_only=pl.col("core").is_null() & pl.col("jid").is_null() & pl.col("person_tag").is_null(),
    )
    return whole.drop("phones").with_columns(
        core_b=twin_expr(pl.col("core")),
        skel_b=twin_expr(pl.col("skel")),
        num=pl.col("num").fill_null(""),
        named_b=pl.concat_str(twin_expr(pl.col("core")), pl.lit("/"), "form"),
    )


def profiles(all_facets: pl.DataFrame, apart: Iterable[RecordId] = ()) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(profiles, record to profile). A profile is numbered from 0 in the order of its first record.

    A record without name or number, and one that has neither number, place nor phone, is a profile of its own: an equal
    name alone is no evidence. So are the records of `apart`, which a steward kept from another.
    """
    import polars as pl

    number = pl.coalesce("jid", "person_tag")
    lone = number.is_null() & (pl.col("core").is_null() | pl.coalesce("sub", "phone").is_null())
    kept = pl.struct("source", "record_key").is_in([{"source": one, "record_key": key} for one, key in apart])
    keyed = all_facets.with_columns(own=pl.when(lone | kept).then(pl.col("record_key")))
    keys = ["source", *COMPARED, "own"]
    grouped = (
        keyed.group_by(keys, maintain_order=True)
        .agg(
            pl.col("record_key").min().alias("first_key"),
            pl.len().alias("record_count"),
            pl.col("core_b", "skel_b", "named_b").first(),
            pl.col("site_only").all(),
        )
        .sort("source", "first_key")
        .with_row_index("uid")
        .with_columns(pl.col("uid").cast(pl.Int64))
    )
    of_record = keyed.join(grouped.select("uid", *keys), on=keys, how="left", nulls_equal=True).select(
        "source", "record_key", "factory_id", "old_factory_id", "uid"
    )
    return grouped.drop("own"), of_record.sort("source", "record_key")


def numbers_of(profiles: pl.DataFrame) -> dict[int, str]:
    """The valid juristic id of each profile that has one."""
    return dict(profiles.select("uid", "jid").drop_nulls("jid").iter_rows())


def _name(name: str, of_site: str) -> pl.Expr:
    """The operator's name; where a factory names none, the factory's own (77 % are the operator's), never a person's."""
    import polars as pl

    silent = (pl.col("source") == "diw") & ~pl.col("is_person").fill_null(value=False) & pl.col("core").is_null()
    return pl.when(silent).then(_filled(of_site)).otherwise(_filled(name)).alias(name)


def _filled(name: str) -> pl.Expr:
    import polars as pl

    return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)


def _own_phone(records: pl.DataFrame) -> pl.Series:
    """The first phone of each record that is not shared by more than five names."""
    import polars as pl

    listed = (
        records.select(pl.int_range(pl.len()).alias("place"), "core", "phones").explode("phones").drop_nulls("phones")
    )
    names = listed.group_by("phones").agg(pl.col("core").n_unique().alias("names"))
    own = (
        listed.join(names.filter(pl.col("names") <= _BUSY_PHONE_CORES), on="phones", how="semi")
        .sort("place", "phones")
        .group_by("place", maintain_order=True)
        .agg(pl.col("phones").first().alias("phone"))
    )
    places = pl.DataFrame({"place": range(records.height)}, schema={"place": pl.Int64})
    return places.join(own.with_columns(pl.col("place").cast(pl.Int64)), on="place", how="left").sort("place")["phone"]
