"""A version as frames: golden values wide and long, members, and the rows of the serving copy.

Everything is set work in Polars; frames are sorted by their keys, so that equal input gives equal bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.reference.fields import FIELDS, Field
from iindustry.register import derive
from iindustry.register.enterprise import DERIVED, Rule
from iindustry.register.statements import SETS, closed_world, said
from iindustry.register.survivorship import believed

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl


@dataclass(frozen=True, slots=True)
class Assembled:
    """One version. enterprises, establishments, members, values are its Parquet files; the rest is for the serving copy."""

    enterprises: pl.DataFrame
    establishments: pl.DataFrame
    members: pl.DataFrame
    values: pl.DataFrame
    serving_enterprises: pl.DataFrame
    serving_establishments: pl.DataFrame


def assemble(records: pl.DataFrame, members: pl.DataFrame) -> Assembled:
    """The version that standard records and their members make."""
    import polars as pl

    members = members.sort("source", "record_key")
    subjects = _enterprises(records, members)
    sites = _establishments(records, members)
    spoken = said(records, members)
    golden = _unique_numbers(believed(pl.concat([spoken, closed_world(records, subjects, sites)])))
    wide_sites = _wide(sites, "establishment_id", golden, "establishment")
    wide = _wide(subjects, "enterprise_id", golden, "enterprise")
    derived = _as_golden(pl.concat([derive.of_establishments(wide_sites), derive.of_enterprises(wide, wide_sites)]))
    values = pl.concat([golden.with_columns(basis=pl.lit("")), derived]).sort("subject", "field")
    enterprises = _named(_wide(subjects, "enterprise_id", values, "enterprise"), wide_sites)
    establishments = _sites_named(_wide(sites, "establishment_id", values, "establishment"))
    return Assembled(
        enterprises=_without_personal(enterprises),
        establishments=_without_personal(establishments),
        members=members,
        values=values,
        serving_enterprises=_serving(
            enterprises, establishments, values, _refs(records, members, spoken), _search_text(records, members)
        ),
        serving_establishments=establishments.select(
            "establishment_id", "enterprise_id", "factory_id", "name", "province_code"
        ),
    )


def _enterprises(records: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """enterprise_id, newest_on, is_person: a natural person's business where a record says so and none has a number."""
    import polars as pl

    return (
        records.join(members, on=["source", "record_key"], how="inner")
        .group_by("enterprise_id")
        .agg(
            newest_on=pl.col("observed_on").max(),
            is_person=pl.col("is_person").any() & (pl.col("id_state") != "valid").fill_null(value=True).all(),
        )
        .sort("enterprise_id")
    )


def _establishments(records: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """establishment_id, enterprise_id, factory_id, newest_on."""
    import polars as pl

    return (
        records.join(members.drop_nulls("establishment_id"), on=["source", "record_key"], how="inner")
        .group_by("establishment_id")
        .agg(
            enterprise_id=pl.col("enterprise_id").min(),
            factory_id=pl.col("factory_id").drop_nulls().min(),
            newest_on=pl.col("observed_on").max(),
        )
        .sort("establishment_id")
    )


def _unique_numbers(golden: pl.DataFrame) -> pl.DataFrame:
    """A juristic id belongs to one enterprise: where two claim it, to the one that the best source names.

    The other record's number failed the name guard and waits for a person; until then its enterprise shows none.
    """
    import polars as pl

    number = pl.col("field") == "entity.juristic_id"
    numbers = (
        golden.filter(number)
        .with_columns(official=pl.col("source") != "dbd")
        .sort("value", "official", "as_of", "subject", descending=[False, False, True, False])
        .unique("value", keep="first", maintain_order=True)
        .drop("official")
    )
    return pl.concat([golden.filter(~number), numbers]).sort("subject", "field")


_TYPES = {"int": "Int64", "money": "Int64", "decimal": "Float64"}


def _typed(field: Field) -> pl.Expr:
    import polars as pl

    column = pl.col(field.column)
    match field.type:
        case "int" | "money" | "decimal":
            return column.cast(getattr(pl, _TYPES[field.type]))
        case "date":
            return column.str.to_date("%Y-%m-%d")
        case "bool":
            return column == "true"
        case "set":
            return column.str.json_decode(pl.List(pl.Utf8))
        case _:
            return column


def _wide(subjects: pl.DataFrame, key: str, values: pl.DataFrame, of: str) -> pl.DataFrame:
    """One row a subject: a typed column and an `…__as_of` column for every field of that kind of subject."""
    import polars as pl

    fields = [field for field in FIELDS if field.of == of]
    long = values.filter(pl.col("field").is_in([field.name for field in fields])).with_columns(
        column=pl.col("field").str.replace(".", "__", literal=True)
    )
    contents = long.pivot(on="column", index="subject", values="value")
    days = long.pivot(on="column", index="subject", values="as_of")
    wide = subjects.join(contents, left_on=key, right_on="subject", how="left").join(
        days.rename({name: f"{name}__as_of" for name in days.columns if name != "subject"}),
        left_on=key, right_on="subject", how="left",
    )  # fmt: skip
    absent = [pl.lit(None, dtype=pl.Utf8).alias(one.column) for one in fields if one.column not in wide.columns]
    absent += [
        pl.lit(None, dtype=pl.Date).alias(f"{one.column}__as_of")
        for one in fields
        if f"{one.column}__as_of" not in wide.columns
    ]
    wide = wide.with_columns(absent).with_columns([_typed(field).alias(field.column) for field in fields])
    ordered = [name for field in fields for name in (field.column, f"{field.column}__as_of")]
    return wide.select(*subjects.columns, *ordered).sort(key)


def _as_golden(derived: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    kind = pl.List(pl.Struct(dict.fromkeys(("v", "s", "k", "d", "a"), pl.Utf8)))
    return derived.select(
        "subject",
        "field",
        "value",
        pl.lit(DERIVED).alias("source"),
        pl.lit("").alias("record_key"),
        pl.lit("").alias("delivery_id"),
        "as_of",
        pl.lit(Rule.DERIVED.value).alias("rule"),
        pl.lit(None, dtype=kind).alias("competing"),
        "basis",
    )


def _named(enterprises: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """The columns that lists show. An enterprise known only by a factory carries the factory's name and province."""
    import polars as pl

    of_site = sites.sort("establishment_id").group_by("enterprise_id", maintain_order=True).agg(
        site_name=pl.col("factory__name").drop_nulls().first(),
        site_province=pl.col("factory__province").drop_nulls().first(),
    )  # fmt: skip
    return enterprises.join(of_site, on="enterprise_id", how="left").select(
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

    return sites.select(
        "establishment_id",
        "enterprise_id",
        "factory_id",
        pl.col("factory__name").fill_null("").alias("name"),
        pl.col("factory__province").alias("province_code"),
        *(name for name in sites.columns if "__" in name),
    )


def _without_personal(wide: pl.DataFrame) -> pl.DataFrame:
    """Wide frames go to analysis, which knows no person."""
    hidden = [field.column for field in FIELDS if field.classification == "personal"]
    return wide.drop([name for name in wide.columns if name.removesuffix("__as_of") in hidden])


def _serving(
    enterprises: pl.DataFrame, establishments: pl.DataFrame, values: pl.DataFrame, refs: pl.DataFrame, texts: pl.DataFrame
) -> pl.DataFrame:  # fmt: skip
    """Rows of the serving copy: list columns, search text and the profile as JSON text."""
    import polars as pl

    by_subject = values.group_by("subject", maintain_order=True).agg(
        values=pl.struct(
            f="field", v="value", s="source", k="record_key", d="delivery_id", a=pl.col("as_of").cast(pl.Utf8),
            r="rule", b="basis", c="competing",
        )
    )  # fmt: skip
    sites = (
        establishments.join(by_subject, left_on="establishment_id", right_on="subject", how="left")
        .group_by("enterprise_id", maintain_order=True)
        .agg(establishments=pl.struct("name", "factory_id", "province_code", "values", id="establishment_id"))
    )
    profile = pl.struct("values", "establishments", "records").struct.json_encode().alias("profile")
    return (
        enterprises.select(*_LISTED)
        .join(by_subject, left_on="enterprise_id", right_on="subject", how="left")
        .join(sites, on="enterprise_id", how="left")
        .join(refs, on="enterprise_id", how="left")
        .join(texts, on="enterprise_id", how="left")
        .select(*_LISTED, pl.col("search_text").fill_null(""), profile)
        .sort("enterprise_id")
    )


_LISTED = ("enterprise_id", "name_th", "name_en", "juristic_id", "province_code", "is_person", "establishment_count")


def _refs(records: pl.DataFrame, members: pl.DataFrame, spoken: pl.DataFrame) -> pl.DataFrame:
    """The records of each enterprise with their ground, and what each of them says itself (`said`: f, v)."""
    import polars as pl

    key = ["source", "record_key"]
    newest = records.sort("observed_on", "delivery_id", descending=True).unique(key, keep="first", maintain_order=True)
    own = (
        spoken.filter(~pl.col("field").is_in(list(SETS)))
        .sort("as_of", "delivery_id", "value", descending=[True, True, False])
        .unique([*key, "field"], keep="first", maintain_order=True)
        .sort(*key, "field")
        .group_by(key, maintain_order=True)
        .agg(said=pl.struct(f="field", v="value"))
    )
    rows = members.join(
        newest.select(*key, "delivery_id", pl.col("observed_on").cast(pl.Utf8), "is_person"), on=key, how="inner"
    ).join(own, on=key, how="left")
    return (
        rows.sort(key)
        .group_by("enterprise_id", maintain_order=True)
        .agg(
            records=pl.struct(
                *key, "delivery_id", "observed_on", "is_person", "link_ground", "match_probability",
                "establishment_id", "said",
            )
        )
    )  # fmt: skip


def _search_text(records: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Every spelling of a name without its legal form, the operator's and the registers' of record first."""
    import polars as pl

    owned = records.join(members, on=["source", "record_key"], how="inner")
    rank = {source: place for place, source in enumerate(_source_order())}
    parts = [
        owned.select(
            "enterprise_id",
            pl.col(column).alias("text"),
            pl.col("source").replace_strict(rank, default=len(rank), return_dtype=pl.Int64).alias("rank") + step,
        ).drop_nulls("text")
        for step, column in ((0, "core"), (100, "en_core"), (200, "site_core"))
    ]
    return (
        pl.concat(parts)
        .filter(pl.col("text") != "")
        .group_by("enterprise_id", "text")
        .agg(pl.col("rank").min())
        .sort("enterprise_id", "rank", "text")
        .group_by("enterprise_id", maintain_order=True)
        .agg(search_text=pl.col("text").str.join("\n"))
    )


def _source_order() -> Iterable[str]:
    return next(field.sources for field in FIELDS if field.name == "entity.name_th")
