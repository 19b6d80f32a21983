"""Accepted rows of any source as standard records: IDENTITY and the source's own FACTS (`shapes`).

Nothing is corrected here: a value is what its source says, in one type, unit and code; null is not said.
Invariant: one record a row, in the order of the rows, exactly the columns of `shape_of(source)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.reference import estates
from iindustry.standardise import english, names, phones, words
from iindustry.standardise.placing import placed
from iindustry.standardise.shapes import (
    FACT_NAMES,
    FACTS,
    IDENTITY,
    MADE,
    NOT_OF_THE_RECORD,
    TAKEN_AS,
    facts_of,
    shape_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

__all__ = ["FACTS", "IDENTITY", "STANDARD", "standard", "standard_of"]

STANDARD: dict[str, pl.DataType] = {
    name: kind for name, kind in IDENTITY.items() if name not in {"legal_kind", "registered_on", "tsic"}
} | {
    "legal_kind": pl.Utf8(), "status": pl.Utf8(), "registered_on": pl.Date(), "tsic": pl.Utf8(), "objective": pl.Utf8(),
    "capital_satang": pl.Int64(), "revenue_satang": pl.Int64(), "assets_satang": pl.Int64(), "accounts_year": pl.Int64(),
    "investment_satang": pl.Int64(), "worker_count": pl.Int64(), "horsepower": pl.Float64(),
    "factory_class": pl.Utf8(), "factory_type": pl.Utf8(), "licensed_year": pl.Int64(), "activity": pl.Utf8(),
    "licence_no": pl.Utf8(), "standard_no": pl.Utf8(), "standard_name": pl.Utf8(), "licence_status": pl.Utf8(),
    "issued_on": pl.Date(), "expires_on": pl.Date(), "green_level": pl.Int64(),
    "programme": pl.Utf8(), "fiscal_year_be": pl.Int64(), "result": pl.Utf8(),
}  # fmt: skip
"""The one wide shape of the first five sources, until every reader has moved to IDENTITY and FACTS."""


def standard(
    frame: pl.DataFrame, *, source: str, layout: str, observed_on: date, delivery_id: str | None = None
) -> pl.DataFrame:
    """Accepted rows of one delivery as STANDARD records."""
    return as_standard(
        standard_of(frame, source=source, layout=layout, observed_on=observed_on, delivery_id=delivery_id)
    )


def as_standard(records: pl.DataFrame) -> pl.DataFrame:
    """Standard records of one source in the wide shape: what the source does not say is null."""
    return records.select(
        pl.col(name) if name in records.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in STANDARD.items()
    )


def standard_of(
    frame: pl.DataFrame, *, source: str, layout: str, observed_on: date, delivery_id: str | None = None
) -> pl.DataFrame:
    """Accepted rows of one delivery as records of `shape_of(source)`.

    `layout` is kept for sources whose layouts differ in meaning.
    """
    del layout  # the contract's own column names already tell the layouts apart
    taken = frame.select(*_identity(frame, source), *_facts(frame, source)).with_columns(
        pl.lit(source).alias("source"),
        pl.lit(delivery_id, dtype=pl.Utf8).alias("delivery_id"),
        pl.lit(observed_on, dtype=pl.Date).alias("observed_on"),
        pl.col("id_state").fill_null("none"),
    )
    taken = placed(_named(taken), frame)
    if "phone" in frame.columns:
        taken = taken.with_columns(phones.of_column(frame["phone"]).alias("phones"))
    if "estate" in frame.columns:
        taken = taken.with_columns(_estate_codes(frame["estate"]))
    return taken.with_columns(
        _is_person(), words.legal_kind(pl.col("juristic_id"), pl.col("form")).alias("legal_kind")
    ).select(*shape_of(source))


def _identity(frame: pl.DataFrame, source: str) -> Iterable[pl.Expr]:
    """Every column of IDENTITY that the rows have under its own or another name; the rest null."""
    made = NOT_OF_THE_RECORD.get(source, frozenset()) | MADE
    for name, kind in IDENTITY.items():
        said = [own for own in TAKEN_AS.get(name, (name,)) if own in frame.columns]
        has = said and name not in made
        yield (pl.col(said[0]).cast(kind, strict=False) if has else pl.lit(None, dtype=kind)).alias(name)


def _facts(frame: pl.DataFrame, source: str) -> Iterable[pl.Expr]:
    """Every fact of the source under its name, words as codes where a table of codes stands for them."""
    own_names = {fact: own for own, fact in FACT_NAMES.get(source, {}).items()}
    for name, kind in facts_of(source).items():
        own = own_names.get(name, name)
        said = pl.col(own) if own in frame.columns else pl.lit(None, dtype=kind)
        if (table := words.CODED.get((source, name))) is not None:
            said = words.code_of(said, table)
        yield said.cast(kind, strict=False).alias(name)


def _named(taken: pl.DataFrame) -> pl.DataFrame:
    """Names taken apart, each distinct one once. A name in Latin letters speaks as the English one where none is given."""
    thai = _each_once(taken.select("name_raw", "site_name_raw"), names.apart)
    is_latin = pl.col("name_raw").str.contains("[A-Za-z]") & ~pl.col("name_raw").str.contains("[ก-ฮ]")
    latin = taken.select(latin=pl.coalesce("name_en_raw", pl.when(is_latin).then("name_raw")))
    english_ = _each_once(latin, english.apart)["latin"].get_columns()
    own, site = thai["name_raw"].get_columns(), thai["site_name_raw"].get_columns()
    found = [*own, *english_, *(one.alias(f"site_{one.name}") for one in site)]
    is_thai = pl.col("name_raw").str.contains("[ก-ฮ]").fill_null(value=False)
    return taken.with_columns(one for one in found if one.name in IDENTITY).with_columns(
        xskel=pl.when(is_thai).then("xskel").otherwise("en_xskel")
    )


def _each_once(texts: pl.DataFrame, apart: Callable[[pl.Series], pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """What taking apart finds of each column of texts, by column and in order; worked on the distinct texts of all."""
    columns = [column for column in texts.get_columns() if column.null_count() < len(column)]
    distinct = pl.concat(
        [column.alias("text").drop_nulls() for column in columns] or [pl.Series("text", [], dtype=pl.Utf8)]
    )
    distinct = distinct.unique()
    table = apart(distinct).with_columns(distinct)
    return {
        column.name: column.alias("text")
        .to_frame()
        .join(table, on="text", how="left", maintain_order="left")
        .drop("text")
        for column in texts.get_columns()
    }


def _estate_codes(names_of_estates: pl.Series) -> pl.Series:
    """The code of each estate that is named, null where the list has none of that name."""
    codes = {name: estates.find(name) for name in names_of_estates.drop_nulls().unique()}
    return names_of_estates.replace_strict(codes, default=None, return_dtype=pl.Utf8).alias("estate_code")


def _is_person() -> pl.Expr:
    by_name = (pl.col("form") == names.PERSON).fill_null(value=False)
    return (pl.col("is_person").fill_null(value=False) | by_name | pl.col("person_tag").is_not_null()).alias(
        "is_person"
    )
