"""One bucket of enterprises as frames: golden values wide and long, members, and the rows of the serving copy.

Set work in Polars over row numbers: members stand in the order of (enterprise, source, record key), so that a record's
number also orders it. Invariant: equal input gives equal frames, whatever the buckets; a bucket holds whole enterprises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.reference.fields import FIELDS, Field
from iindustry.register import derive, serving, speaking, totals, wide
from iindustry.register.enterprise import Rule
from iindustry.register.gathering import SETS
from iindustry.register.statements import nothing_of, silent_source
from iindustry.register.survivorship import believed, united

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl

    from iindustry.register.buckets import Facts

Golden = dict[str, "pl.DataFrame"]
"""Field to its golden values: subject, record, as_of, value, rule, rivals."""

VALUES = (
    "enterprise_id", "subject", "field", "value", "source", "record_key", "delivery_id", "as_of", "rule", "competing",
)  # fmt: skip
_NUMBER = "entity.juristic_id"


@dataclass(frozen=True, slots=True)
class Assembled:
    """A bucket. enterprises, establishments, members, values go into Parquet; the rest into the serving copy."""

    enterprises: pl.DataFrame
    establishments: pl.DataFrame
    members: pl.DataFrame
    values: pl.DataFrame
    serving_enterprises: pl.DataFrame
    serving_establishments: pl.DataFrame
    serving_members: pl.DataFrame


def assemble(
    members: pl.DataFrame,
    rows: Mapping[str, pl.DataFrame],
    *,
    facts: Facts,
    yielding: pl.Series,
) -> Assembled:
    """The frames of some enterprises.

    members: as `Linked.members`, of whole enterprises. rows: source to its standard rows (others than of these members may
    be among them; of several rows of a record the newest speaks). facts: how new each source is (its rows are not read).
    yielding: enterprises whose juristic id is believed of another.
    """
    import polars as pl

    numbered = _numbered(_sited(members, rows))
    spoken = speaking.speaking(numbered, rows, facts.month)
    subjects = _enterprises(numbered, spoken.records)
    sites = _establishments(numbered, spoken.records)
    golden = {
        field.name: (united if field.name in SETS else believed)(statements)
        for field in FIELDS
        if (statements := speaking.statements(field, spoken)) is not None
    }
    untold = _untold(golden, spoken)
    if _NUMBER in golden and yielding.len():
        gone = subjects.filter(pl.col("enterprise_id").is_in(yielding.implode()))["subject"]
        golden[_NUMBER] = golden[_NUMBER].filter(~pl.col("subject").is_in(gone.implode()))
    silent = _silences(facts.newest)
    broad = wide.spread(subjects, "enterprise", golden, silent, untold)
    broad_sites = wide.spread(sites, "establishment", golden, silent, untold)
    of_sites = derive.of_establishments(broad_sites)
    broad_sites = wide.with_derived(broad_sites, "establishment", of_sites)
    counted = derive.FACTORIES in facts.newest
    derived = pl.concat(
        [
            of_sites,
            derive.of_enterprises(broad, broad_sites, counted=counted),
            totals.of_enterprises(broad, broad_sites, counted=counted),
        ]
    )
    broad = _named(wide.with_derived(broad, "enterprise", derived), broad_sites)
    broad_sites = _sites_named(broad_sites)
    return Assembled(
        enterprises=wide.without_personal(broad),
        establishments=wide.without_personal(broad_sites),
        members=members.sort("source", "record_key"),
        values=_values(golden, subjects, sites, spoken.records),
        serving_enterprises=serving.enterprises(
            broad, golden, derived, numbered, spoken=spoken, yielding=yielding, untold=untold
        ),
        serving_establishments=serving.establishments(broad_sites, golden, derived, numbered, untold=untold),
        serving_members=serving.members(numbered, spoken.records),
    )


def _sited(members: pl.DataFrame, rows: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Members, with the establishment of those that name a factory of their enterprise and nothing else of it.

    A month of production or an order carries the factory's number only: it is about the establishment that has this number.
    """
    import polars as pl

    key = ["source", "record_key"]
    said = [
        found.drop_nulls("factory_id").select(pl.lit(source).alias("source"), "record_key", factory="factory_id")
        for source, found in rows.items()
        if "factory_id" in found.columns
    ]
    if not said:
        return members
    named = members.join(pl.concat(said).unique(key, keep="first"), on=key, how="left", maintain_order="left")
    known = named.drop_nulls(["establishment_id", "factory"]).group_by("enterprise_id", "factory").agg(
        site=pl.col("establishment_id").min()
    )  # fmt: skip
    return (
        named.join(known, on=["enterprise_id", "factory"], how="left", maintain_order="left")
        .with_columns(pl.coalesce("establishment_id", "site"))
        .select(members.columns)
    )


def _numbered(members: pl.DataFrame) -> pl.DataFrame:
    """Members with the numbers of record, enterprise (subject) and establishment (site), and the place inside the enterprise."""
    import polars as pl

    ordered = members.sort("enterprise_id", "source", "record_key").with_row_index("record")
    known = ordered.select("establishment_id").drop_nulls().unique().sort("establishment_id").with_row_index("site")
    return (
        ordered.with_columns(subject=pl.col("enterprise_id").rle_id())
        .with_columns(place=pl.col("record") - pl.col("record").min().over("subject"))
        .join(known, on="establishment_id", how="left", maintain_order="left")
    )


def _enterprises(numbered: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """subject, enterprise_id, newest_on, is_person: a natural person's business where a record says so and none has a number."""
    import polars as pl

    return (
        numbered.join(records, on="record", how="left", maintain_order="left")
        .group_by("subject", maintain_order=True)
        .agg(
            enterprise_id=pl.col("enterprise_id").first(),
            newest_on=pl.col("observed_on").max(),
            is_person=pl.col("is_person").any() & (pl.col("id_state") != "valid").fill_null(value=True).all(),
        )
    )


def _establishments(numbered: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Of each establishment: subject (the site's number), establishment_id, enterprise_id, factory_id, newest_on."""
    import polars as pl

    return (
        numbered.drop_nulls("site")
        .join(records, on="record", how="left", maintain_order="left")
        .group_by("site")
        .agg(
            establishment_id=pl.col("establishment_id").first(),
            enterprise_id=pl.col("enterprise_id").min(),
            factory_id=pl.col("factory_id").drop_nulls().min(),
            newest_on=pl.col("observed_on").max(),
        )
        .sort("site")
        .rename({"site": "subject"})
    )


def _untold(golden: Golden, spoken: speaking.Spoken) -> dict[str, pl.Series]:
    """Field to the subjects of which neither a value nor silence tells it: a record of theirs may count or not.

    What is known to be in a set stays in it; a number is taken out of `golden`.
    """
    untold: dict[str, pl.Series] = {}
    for field in FIELDS:
        who = speaking.unsettled(field, spoken)
        if who.is_empty():
            continue
        found = golden.get(field.name)
        if found is not None and field.type != "set":
            golden[field.name] = found = found.join(who.to_frame(), on="subject", how="anti", maintain_order="left")
        untold[field.name] = who if found is None else who.filter(~who.is_in(found["subject"].implode()))
    return untold


def _silences(newest: Mapping[str, date]) -> dict[str, tuple[str, date]]:
    """Field to what the silence of its complete and delivered register says, and since when."""
    said: dict[str, tuple[str, date]] = {}
    for field in FIELDS:
        source, nothing = silent_source(field, newest), nothing_of(field)
        if source is not None and nothing is not None:
            said[field.name] = (nothing, newest[source])
    return said


def _named(enterprises: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """The columns that lists show. An enterprise known only by a factory carries the factory's name and province."""
    import polars as pl

    of_site = sites.sort("establishment_id").group_by("enterprise_id", maintain_order=True).agg(
        site_name=pl.col("factory__name").drop_nulls().first(),
        site_province=pl.col("factory__province").drop_nulls().first(),
    )  # fmt: skip
    return enterprises.join(of_site, on="enterprise_id", how="left", maintain_order="left").select(
        "enterprise_id",
        pl.coalesce("entity__name_th", "site_name", pl.lit("")).alias("name_th"),
        pl.col("entity__name_en").fill_null("").alias("name_en"),
        pl.col("entity__juristic_id").alias("juristic_id"),
        pl.coalesce("entity__province", "site_province").alias("province_code"),
        "is_person",
        pl.col("entity__establishment_count").alias("establishment_count"),
        *(name for name in enterprises.columns if "__" in name),
    )


def _sites_named(sites: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return sites.sort("enterprise_id", "establishment_id").select(
        "establishment_id",
        "enterprise_id",
        "factory_id",
        pl.col("factory__name").fill_null("").alias("name"),
        pl.col("factory__province").alias("province_code"),
        *(name for name in sites.columns if "__" in name),
    )


def _values(golden: Golden, subjects: pl.DataFrame, sites: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """What was decided, in the order of enterprise_id, subject, field: values that more than one record had a part in.

    Columns: these three, value, source, record_key, delivery_id, as_of, rule, competing (how many other statements there
    are). What one record alone says stands with that record, what is worked out or told by silence in the wide frames.
    """
    import polars as pl

    ids = {
        "enterprise": subjects.select("subject", "enterprise_id", pl.col("enterprise_id").alias("id")),
        "establishment": sites.select("subject", "enterprise_id", pl.col("establishment_id").alias("id")),
    }
    parts = [
        found.filter(pl.col("rule") != Rule.ONLY.value)
        .join(ids[field.of], on="subject", how="left", maintain_order="left")
        .select(
            "enterprise_id",
            pl.col("id").alias("subject"),
            pl.lit(field.name).alias("field"),
            wide.as_text(field).alias("value"),
            "record",
            "as_of",
            "rule",
            competing=pl.col("rivals").list.len().fill_null(0).cast(pl.UInt16),
        )
        for field, found in _in_order(golden)
    ]
    spoken = pl.concat(parts).join(
        records.select("record", "source", "record_key", "delivery_id"), on="record", how="left", maintain_order="left"
    )
    return spoken.select(VALUES).sort("enterprise_id", "subject", "field")


def _in_order(golden: Golden) -> list[tuple[Field, pl.DataFrame]]:
    return [(field, golden[field.name]) for field in FIELDS if field.name in golden]
