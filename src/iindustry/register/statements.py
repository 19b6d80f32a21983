"""What each record says, as statements: subject, field, value, source, record, day.

Which column of a standard record speaks to which field is one table, `COLUMNS`; which sources may speak, and in which
rank they are believed, stands in `fields.yaml`. Invariant: nothing said is dropped; null says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.reference.fields import FIELDS, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

COLUMNS: Mapping[str, str] = {
    "entity.juristic_id": "juristic_id",
    "entity.name_th": "name_raw",
    "entity.name_en": "name_en_raw",
    "entity.legal_kind": "legal_kind",
    "entity.status": "status",
    "entity.registered_on": "registered_on",
    "entity.tsic": "tsic",
    "entity.objective": "objective",
    "entity.seat_address": "address_raw",
    "entity.seat": "subdistrict_code",
    "entity.province": "province_code",
    "entity.capital_satang": "capital_satang",
    "entity.revenue_satang": "revenue_satang",
    "entity.assets_satang": "assets_satang",
    "entity.accounts_year": "accounts_year",
    "factory.factory_id": "factory_id",
    "factory.old_factory_id": "old_factory_id",
    "factory.name": "site_name_raw",
    "factory.operator": "name_raw",
    "factory.factory_class": "factory_class",
    "factory.factory_type": "factory_type",
    "factory.licensed_year": "licensed_year",
    "factory.activity": "activity",
    "factory.address": "address_raw",
    "factory.province": "province_code",
    "factory.district": "district_code",
    "factory.subdistrict": "subdistrict_code",
    "factory.capital_satang": "investment_satang",
    "factory.worker_count": "worker_count",
    "factory.horsepower": "horsepower",
    "standard.green_level": "green_level",
    "standard.green_expires_on": "expires_on",
    "person.phone": "phones",
}
"""Field to column of a standard record. Sets are gathered by `SETS`."""

SETS: Mapping[str, tuple[str, str, frozenset[str] | None]] = {
    "standard.licences": ("standard_no", "licence_status", frozenset({"active"})),
    "participation.programmes": ("programme", "result", frozenset({"passed"})),
    "participation.joined": ("programme", "result", None),
}
"""Field to (column of its elements, column that must say so, what it must say; None: anything, also nothing)."""

STATEMENT = ("subject", "field", "value", "source", "record_key", "delivery_id", "as_of")
NOT_SPEAKING = frozenset({"derived", "portal", "orders"})


def said(records: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Every statement of every record. Shape: one row a statement, columns `STATEMENT`, value as text.

    `records` are STANDARD rows (several deliveries of one record may be among them: the newest speaks), `members` name
    the enterprise and establishment of each record.
    """
    import polars as pl

    owned = records.join(
        members.select("source", "record_key", "enterprise_id", "establishment_id"),
        on=["source", "record_key"],
        how="inner",
    )
    parts = [_of_field(owned, field) for field in FIELDS if field.name in COLUMNS]
    parts += [_of_set(owned, field) for field in FIELDS if field.name in SETS]
    return pl.concat(parts)


def closed_world(records: pl.DataFrame, enterprises: pl.DataFrame, establishments: pl.DataFrame) -> pl.DataFrame:
    """What a complete register says by its silence: no row there means none, once that register was delivered.

    Shape: `STATEMENT` rows with an empty record key, for every subject; survivorship believes them last.
    """
    import polars as pl

    newest = dict(records.group_by("source").agg(pl.col("observed_on").max()).sort("source").iter_rows())
    parts = [pl.DataFrame(schema=dict.fromkeys(STATEMENT, pl.Utf8) | {"as_of": pl.Date})]
    for field in FIELDS:
        nothing = _NOTHING.get(field.type)
        for source in field.sources:
            if field.coverage != "complete" or nothing is None or source not in newest:
                continue
            subjects = enterprises["enterprise_id"] if field.of == "enterprise" else _known_sites(establishments)
            parts.append(
                subjects.rename("subject").to_frame().select(
                    "subject",
                    pl.lit(field.name).alias("field"),
                    pl.lit(nothing).alias("value"),
                    pl.lit(source).alias("source"),
                    pl.lit("").alias("record_key"),
                    pl.lit("").alias("delivery_id"),
                    pl.lit(newest[source], dtype=pl.Date).alias("as_of"),
                )
            )  # fmt: skip
    return pl.concat(parts)


_NOTHING = {"set": "[]", "int": "0"}


def _known_sites(establishments: pl.DataFrame) -> pl.Series:
    import polars as pl

    return establishments.filter(pl.col("factory_id").is_not_null())["establishment_id"]


def _of_field(owned: pl.DataFrame, field: Field) -> pl.DataFrame:
    import polars as pl

    rows = owned.filter(pl.col("source").is_in(sorted(set(field.sources) - NOT_SPEAKING)))
    column = pl.col(COLUMNS[field.name])
    if field.name == "entity.juristic_id":
        rows = rows.filter(pl.col("id_state") == "valid")
    if field.name == "person.phone":
        column = column.list.first()
    return rows.select(_subject(field), *_facts(field, column.cast(pl.Utf8))).drop_nulls(["subject", "value"])


def _of_set(owned: pl.DataFrame, field: Field) -> pl.DataFrame:
    """A set is one statement a source and subject: its elements in order, the newest day among them."""
    import polars as pl

    elements, state, wanted = SETS[field.name]
    rows = owned.filter(pl.col("source").is_in(list(field.sources)) & pl.col(elements).is_not_null())
    if wanted is not None:
        rows = rows.filter(pl.col(state).is_in(sorted(wanted)))
    rows = rows.select(_subject(field), *_facts(field, pl.col(elements))).drop_nulls("subject")
    return (
        rows.group_by("subject", "source")
        .agg(
            pl.col("field").first(),
            pl.col("value").unique().sort(),
            pl.col("record_key").min(),
            pl.col("delivery_id").max(),
            pl.col("as_of").max(),
        )
        .with_columns(pl.col("value").map_elements(_json, return_dtype=pl.Utf8))
        .select(STATEMENT)
    )


def _json(elements: pl.Series) -> str:
    from iindustry.register.profile import encode

    return encode(tuple(elements.to_list()))


def _subject(field: Field) -> pl.Expr:
    import polars as pl

    return pl.col("enterprise_id" if field.of == "enterprise" else "establishment_id").alias("subject")


def _facts(field: Field, value: pl.Expr) -> tuple[pl.Expr, ...]:
    import polars as pl

    return (
        pl.lit(field.name).alias("field"),
        value.alias("value"),
        pl.col("source"),
        pl.col("record_key"),
        pl.col("delivery_id"),
        pl.col("observed_on").alias("as_of"),
    )
