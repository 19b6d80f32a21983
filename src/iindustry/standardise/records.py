"""Accepted rows of every source in one shape: STANDARD. Which column of a source becomes which is a table.

Nothing is corrected here: a value is what its source says, in one type, unit and code; null is not said.
Invariant: one record a row, in the order of the rows, exactly the columns of STANDARD.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.standardise import addresses, english, names, phones, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

STANDARD: dict[str, pl.DataType | type[pl.DataType]] = {
    "source": pl.Utf8, "record_key": pl.Utf8, "delivery_id": pl.Utf8, "observed_on": pl.Date, "row": pl.Int64,
    "juristic_id": pl.Utf8, "id_state": pl.Utf8, "person_tag": pl.Utf8, "is_person": pl.Boolean,
    "factory_id": pl.Utf8, "factory_id_raw": pl.Utf8, "old_factory_id": pl.Utf8,
    "name_raw": pl.Utf8, "core": pl.Utf8, "num": pl.Utf8, "skel": pl.Utf8, "form": pl.Utf8, "branch": pl.Utf8,
    "name_en_raw": pl.Utf8, "en_core": pl.Utf8, "en_skel": pl.Utf8,
    "site_name_raw": pl.Utf8, "site_core": pl.Utf8, "site_skel": pl.Utf8,
    "address_raw": pl.Utf8, "address_parts": pl.Utf8,
    "province_code": pl.Utf8, "district_code": pl.Utf8, "subdistrict_code": pl.Utf8,
    "subdistrict_codes": pl.List(pl.Utf8), "postcode": pl.Utf8, "phones": pl.List(pl.Utf8),
    "legal_kind": pl.Utf8, "status": pl.Utf8, "registered_on": pl.Date, "tsic": pl.Utf8, "objective": pl.Utf8,
    "capital_satang": pl.Int64, "revenue_satang": pl.Int64, "assets_satang": pl.Int64, "accounts_year": pl.Int64,
    "investment_satang": pl.Int64, "worker_count": pl.Int64, "horsepower": pl.Float64,
    "factory_class": pl.Utf8, "factory_type": pl.Utf8, "licensed_year": pl.Int64, "activity": pl.Utf8,
    "licence_no": pl.Utf8, "standard_no": pl.Utf8, "standard_name": pl.Utf8, "licence_status": pl.Utf8,
    "issued_on": pl.Date, "expires_on": pl.Date, "green_level": pl.Int64,
    "programme": pl.Utf8, "fiscal_year_be": pl.Int64, "result": pl.Utf8,
}  # fmt: skip
"""Column to type. Codes and their tables: `words`. `accounts_year` and `licensed_year` are of the Christian era."""

_RENAMED: Mapping[str, Mapping[str, str]] = {
    "dbd": {"name_raw": "name", "name_en_raw": "name_en", "address_raw": "address", "id_state": "juristic_id_state"},
    "diw": {"name_raw": "operator", "site_name_raw": "site_name", "is_person": "operator_is_person"},
    "dip": {
        "name_raw": "name",
        "name_en_raw": "name_en",
        "id_state": "juristic_id_state",
        "is_person": "name_is_person",
    },
    "tisi": {
        "name_raw": "name",
        "address_raw": "address",
        "id_state": "juristic_id_state",
        "is_person": "name_is_person",
    },
    "green": {"licence_no": "certificate_no", "site_name_raw": "site_name"},
}
"""Column of STANDARD to column of the source's contract, where the names differ."""

_NOT_TAKEN: Mapping[str, frozenset[str]] = {"tisi": frozenset({"status"}), "green": frozenset({"is_person"})}
_PART_WORDS = {"house_no": "", "moo": "หมู่ที่ ", "soi": "ซอย", "road": "ถนน"}
_AREA_NAMES = ("subdistrict", "district", "province")


def standard(
    frame: pl.DataFrame, *, source: str, layout: str, observed_on: date, delivery_id: str | None = None
) -> pl.DataFrame:
    """Accepted rows of one delivery as STANDARD records. `layout` is kept for sources whose layouts differ in meaning."""
    del layout  # the contract's own column names already tell the layouts apart
    taken = _taken(frame, source)
    taken = taken.with_columns(
        pl.lit(source).alias("source"),
        pl.lit(delivery_id, dtype=pl.Utf8).alias("delivery_id"),
        pl.lit(observed_on, dtype=pl.Date).alias("observed_on"),
    )
    taken = _coded(taken, frame, source)
    taken = _named(taken)
    taken = _placed(taken, frame)
    taken = _phoned(taken, frame)
    return taken.with_columns(
        _is_person(), words.legal_kind(pl.col("juristic_id"), pl.col("form")).alias("legal_kind")
    ).select(*STANDARD)


def _taken(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Every column of STANDARD that the source has under its own or another name; the rest null."""
    renamed, skipped = _RENAMED[source], _NOT_TAKEN.get(source, frozenset())
    columns = []
    for name, kind in STANDARD.items():
        own = renamed.get(name, name)
        has = own in frame.columns and name not in skipped and name != "phones"
        expr = pl.col(own).cast(kind, strict=False) if has else pl.lit(None, dtype=kind)
        columns.append(expr.alias(name))
    return frame.select(columns)


def _coded(taken: pl.DataFrame, frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Words of the source as codes."""
    codes = [
        words.code_of(pl.col("status"), words.STATUS).alias("status"),
        words.code_of(pl.col("result"), words.RESULT).alias("result"),
        pl.col("id_state").fill_null("none").alias("id_state"),
    ]
    if source == "tisi" and "status" in frame.columns:
        codes.append(words.code_of(pl.lit(frame["status"]), words.LICENCE_STATUS).alias("licence_status"))
    return taken.with_columns(codes)


def _named(taken: pl.DataFrame) -> pl.DataFrame:
    """Names taken apart, on distinct values. A name without Thai letters speaks as the English one where none is given."""
    thai = over_distinct(taken, "name_raw", names.normalised).unnest("name_raw")
    is_latin = pl.col("name_raw").str.contains("[A-Za-z]") & ~pl.col("name_raw").str.contains("[ก-ฮ]")
    taken = taken.with_columns(pl.coalesce("name_en_raw", pl.when(is_latin).then("name_raw")).alias("latin"))
    latin = over_distinct(taken, "latin", english.normalised).unnest("latin")
    site = over_distinct(taken, "site_name_raw", names.normalised).unnest("site_name_raw")
    return taken.drop(*thai.columns, "en_core", "en_skel", "site_core", "site_skel", "latin").hstack(
        [*thai.get_columns(), *latin.get_columns(), site["core"].alias("site_core"), site["skel"].alias("site_skel")]
    )


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
        pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.Utf8).alias(name) for name in _AREA_NAMES
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
    said = [pl.lit(word) + pl.col(name) for name, word in _PART_WORDS.items() if name in frame.columns]
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
