"""Accepted rows of any source as standard records: IDENTITY and the source's own FACTS (`shapes`).

Nothing is corrected here: a value is what its source says, in one type, unit and code; null is not said.
Invariant: one record a row, in the order of the rows, exactly the columns of `shape_of(source)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.standardise import addresses, english, names, phones, words
from iindustry.standardise.shapes import (
    AREA_NAMES,
    FACT_NAMES,
    FACTS,
    IDENTITY,
    NOT_OF_THE_RECORD,
    PART_WORDS,
    TAKEN_AS,
    facts_of,
    shape_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
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

_CODED = {"status": words.STATUS, "licence_status": words.LICENCE_STATUS, "result": words.RESULT}
_CODED_SOURCES: Mapping[str, frozenset[str]] = {
    "status": frozenset({"dbd", "portal"}),
    "licence_status": frozenset({"tisi", "dpim", "ocsb"}),
    "result": frozenset({"dip"}),
}


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
    taken = _named(taken)
    taken = _placed(taken, frame)
    taken = _phoned(taken, frame)
    return taken.with_columns(
        _is_person(), words.legal_kind(pl.col("juristic_id"), pl.col("form")).alias("legal_kind")
    ).select(*shape_of(source))


def _identity(frame: pl.DataFrame, source: str) -> Iterable[pl.Expr]:
    """Every column of IDENTITY that the rows have under its own or another name; the rest null."""
    others = NOT_OF_THE_RECORD.get(source, frozenset())
    for name, kind in IDENTITY.items():
        said = [own for own in TAKEN_AS.get(name, (name,)) if own in frame.columns]
        has = said and name not in others and name not in {"phones", "legal_kind"}
        yield (pl.col(said[0]).cast(kind, strict=False) if has else pl.lit(None, dtype=kind)).alias(name)


def _facts(frame: pl.DataFrame, source: str) -> Iterable[pl.Expr]:
    """Every fact of the source under its name, words as codes where a table of codes stands for them."""
    own_names = {fact: own for own, fact in FACT_NAMES.get(source, {}).items()}
    for name, kind in facts_of(source).items():
        own = own_names.get(name, name)
        said = pl.col(own) if own in frame.columns else pl.lit(None, dtype=kind)
        if source in _CODED_SOURCES.get(name, ()):
            said = words.code_of(said, _CODED[name])
        yield said.cast(kind, strict=False).alias(name)


def _named(taken: pl.DataFrame) -> pl.DataFrame:
    """Names taken apart, on distinct values. A name without Thai letters speaks as the English one where none is given."""
    thai = over_distinct(taken, "name_raw", names.normalised).unnest("name_raw")
    is_latin = pl.col("name_raw").str.contains("[A-Za-z]") & ~pl.col("name_raw").str.contains("[ก-ฮ]")
    taken = taken.with_columns(pl.coalesce("name_en_raw", pl.when(is_latin).then("name_raw")).alias("latin"))
    latin = over_distinct(taken, "latin", english.normalised).unnest("latin")
    site = over_distinct(taken, "site_name_raw", names.normalised).unnest("site_name_raw")
    found = thai.hstack(latin).hstack(site.rename({name: f"site_{name}" for name in site.columns}))
    return taken.with_columns(column for column in found.get_columns() if column.name in IDENTITY)


def over_distinct(frame: pl.DataFrame, column: str, function: names.Normaliser) -> pl.DataFrame:
    """An expression worked on the distinct values of a column and joined back, in order: names repeat."""
    distinct = frame.select(column).unique()
    done = distinct.with_columns(function(pl.col(column)).alias("done"))
    return (
        frame.select(column)
        .join(done, on=column, how="left", nulls_equal=True, maintain_order="left")
        .select(pl.col("done").alias(column))
    )


def _placed(taken: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Codes of the place: by area columns where they decide a subdistrict or there is no text, else by the text."""
    has_columns = "province" in frame.columns
    area_names = frame.select(
        pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.Utf8).alias(name) for name in AREA_NAMES
    )
    by_names = addresses.of_names(area_names)
    if "house_no" in frame.columns:
        taken = taken.with_columns(
            _written(frame, area_names), pl.Series("address_parts", frame.select(_parts(frame)).to_series())
        )
        return taken.with_columns(by_names.get_columns())
    if taken["address_raw"].null_count() == taken.height:
        return taken.with_columns(by_names.get_columns()) if has_columns else taken
    by_text = addresses.of_text(taken["address_raw"])
    is_better = (by_text["subdistrict_codes"].is_null() & by_names["subdistrict_codes"].is_not_null()) | by_text[
        "province_code"
    ].is_null()
    chosen = by_text.select(
        pl.when(is_better).then(by_names[name]).otherwise(by_text[name]).alias(name) for name in by_names.columns
    )
    # An address in another province than the column says is not trusted.
    differs = (chosen["province_code"] != by_names["province_code"]).fill_null(value=False)
    chosen = chosen.select(
        pl.when(differs).then(by_names[name]).otherwise(pl.col(name)).alias(name) for name in by_names.columns
    )
    postcode = pl.coalesce(taken["postcode"], by_text["postcode"]).alias("postcode")
    return taken.with_columns(*chosen.get_columns(), by_text["address_parts"]).with_columns(taken.select(postcode))


def _parts(frame: pl.DataFrame) -> pl.Expr:
    """House, moo, soi and road as one text, as site matching compares them."""
    said = [pl.lit(word) + pl.col(name) for name, word in PART_WORDS.items() if name in frame.columns]
    text = pl.concat_str(said, separator=" ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _written(frame: pl.DataFrame, area_names: pl.DataFrame) -> pl.Series:
    """An address written from its columns, as a person would write it."""
    is_bangkok = pl.col("province").str.contains("กรุงเทพ|กทม").fill_null(value=False)
    whole = frame.select(_parts(frame).alias("parts")).hstack(area_names)
    area = [
        pl.when(is_bangkok).then(pl.lit(bangkok)).otherwise(pl.lit(other)) + pl.col(name)
        for name, bangkok, other in (("subdistrict", "แขวง", "ต."), ("district", "เขต", "อ."), ("province", "", "จ."))
    ]
    return whole.select(
        pl.concat_str(["parts", *area], separator=" ", ignore_nulls=True).alias("address_raw")
    ).to_series()


def _phoned(taken: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    if "phone" not in frame.columns:
        return taken
    found = {text: phones.numbers(text) or None for text in frame["phone"].unique().to_list()}
    return taken.with_columns(pl.Series("phones", [found[text] for text in frame["phone"]], dtype=pl.List(pl.Utf8)))


def _is_person() -> pl.Expr:
    by_name = (pl.col("form") == "person").fill_null(value=False)
    return (pl.col("is_person").fill_null(value=False) | by_name | pl.col("person_tag").is_not_null()).alias(
        "is_person"
    )
