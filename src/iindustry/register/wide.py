"""Golden values one row a subject: a typed column and an `…__as_of` column for every field of that kind of subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.reference.fields import FIELDS, Field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl


def kind_of(field: Field) -> pl.DataType:
    """The column type of a field."""
    import polars as pl

    kinds: Mapping[str, pl.DataType] = {
        "int": pl.Int64(), "money": pl.Int64(), "decimal": pl.Float64(), "date": pl.Date(), "bool": pl.Boolean(),
        "set": pl.List(pl.Utf8()),
    }  # fmt: skip
    return kinds.get(field.type, pl.Utf8())


def as_text(field: Field, column: str = "value") -> pl.Expr:
    """A typed column as the text that `profile.encode` makes of its content."""
    import polars as pl

    if field.type == "set":
        return pl.struct(v=column).struct.json_encode().str.strip_prefix('{"v":').str.strip_suffix("}")
    return pl.col(column).cast(pl.Utf8)


def spread(
    subjects: pl.DataFrame,
    of: str,
    golden: Mapping[str, pl.DataFrame],
    silent: Mapping[str, tuple[str, date]],
    untold: Mapping[str, pl.Series],
) -> pl.DataFrame:
    """Subjects with the golden values of their fields. Silence of a complete register fills what nobody says.

    Silence speaks of establishments that have a factory number, and of every enterprise; but not of those whose records leave
    the field open (`untold`: field to subjects).
    """
    import polars as pl

    known = pl.lit(value=True) if of == "enterprise" else pl.col("factory_id").is_not_null()
    broad = subjects
    for field in _fields(of):
        day = f"{field.column}__as_of"
        found = golden.get(field.name)
        if found is None:
            broad = broad.with_columns(
                pl.lit(None, dtype=kind_of(field)).alias(field.column), pl.lit(None, dtype=pl.Date).alias(day)
            )
        else:
            narrow = found.select("subject", pl.col("value").cast(kind_of(field)).alias(field.column), as_of="as_of")
            broad = broad.join(narrow.rename({"as_of": day}), on="subject", how="left", maintain_order="left")
        if field.name in silent:
            nothing, since = silent[field.name]
            empty = pl.lit([], dtype=pl.List(pl.Utf8)) if field.type == "set" else pl.lit(nothing)
            quiet = pl.col(field.column).is_null() & known
            if field.name in untold:
                quiet &= ~pl.col("subject").is_in(untold[field.name].implode())
            broad = broad.with_columns(
                pl.when(quiet).then(pl.lit(since)).otherwise(day).alias(day),
                pl.when(quiet).then(empty.cast(kind_of(field))).otherwise(field.column).alias(field.column),
            )
    return broad.drop("subject")


def with_derived(broad: pl.DataFrame, of: str, derived: pl.DataFrame) -> pl.DataFrame:
    """The wide frame with derived values put in their columns. `derived`: subject (id), field, value (text), as_of."""
    import polars as pl

    key = f"{of}_id"
    for field in _fields(of):
        found = derived.filter(pl.col("field") == field.name)
        if found.is_empty():
            continue
        day = f"{field.column}__as_of"
        narrow = found.select(pl.col("subject").alias(key), _typed(field), pl.col("as_of").alias(day))
        kept = {field.column: "kept_value", day: "kept_day"}
        broad = broad.rename(kept).join(narrow, on=key, how="left", maintain_order="left")
        broad = broad.with_columns(pl.coalesce(field.column, "kept_value"), pl.coalesce(day, "kept_day")).drop(
            kept.values()
        )
    ordered = [name for field in _fields(of) for name in (field.column, f"{field.column}__as_of")]
    return broad.select(*(name for name in broad.columns if "__" not in name), *ordered)


def without_personal(broad: pl.DataFrame) -> pl.DataFrame:
    """Wide frames go to analysis, which knows no person."""
    hidden = [field.column for field in FIELDS if field.classification == "personal"]
    return broad.drop([name for name in broad.columns if name.removesuffix("__as_of") in hidden])


def _fields(of: str) -> list[Field]:
    return [field for field in FIELDS if field.of == of]


def _typed(field: Field) -> pl.Expr:
    import polars as pl

    text = pl.col("value")
    content = text == "true" if field.type == "bool" else text.cast(kind_of(field))
    return content.alias(field.column)
