"""A version made by changing its forerunner: which enterprises are touched, and files with their rows exchanged.

Files are walked a row group at a time, both sides in the order of their keys, so a changed version has the bytes that a whole
one would have. Untouched enterprises keep their rows; only the day of a complete register's silence moves on with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.reference.fields import FIELDS
from iindustry.register import derive
from iindustry.register.buckets import KEY
from iindustry.register.statements import nothing_of, silent_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import polars as pl

    from iindustry.register.buckets import Facts

ORDER: Mapping[str, tuple[str, ...]] = {
    "enterprises": ("enterprise_id",),
    "establishments": ("enterprise_id", "establishment_id"),
    "members": ("source", "record_key"),
    "values": ("enterprise_id", "subject", "field"),
}
"""File of a version to the columns that order it."""

_ROUNDS = 8


def after_change(before: pl.DataFrame, changed: pl.DataFrame, touched: pl.Series) -> pl.DataFrame:
    """All members of the new version: those of untouched enterprises, and the changed ones."""
    import polars as pl

    kept = before.join(touched.alias("enterprise_id").to_frame(), on="enterprise_id", how="anti")
    return pl.concat([kept, changed.select(before.columns)])


def affected(
    members: pl.DataFrame, facts: Facts, touched: pl.Series, earlier: Mapping[str, date], month: Mapping[str, date]
) -> pl.Series:
    """The touched enterprises and those that change with them, sorted.

    Where a complete register or that of factories speaks for the first time, its silence is about everybody. Where a register's newest month
    moves, so do the windows of those it knows. Where an enterprise claims a number, the others that claim it. earlier, month: the
    days of the version before, as `Facts` has them.
    """
    import polars as pl

    if _first_silence(facts.newest, earlier):
        return pl.concat([members["enterprise_id"], touched]).unique().sort()
    moved = [source for source, day in facts.month.items() if month.get(source) != day]
    if moved:
        known = members.filter(pl.col("source").is_in(moved))["enterprise_id"]
        touched = pl.concat([touched, known]).unique()
    claims = _claims(facts)
    for _ in range(_ROUNDS if claims.height else 0):
        rivals = _rivals(members, claims, touched)
        if rivals.is_empty():
            break
        touched = pl.concat([touched, rivals]).unique()
    return touched.sort()


def exchanged(
    path: Path, fresh: pl.DataFrame, name: str, touched: pl.Series, silences: Sequence[tuple[str, date, date]] = ()
) -> Iterator[pl.DataFrame]:
    """A file's rows in their order, those of the touched enterprises taken out and the fresh ones put in.

    silences: column of a field, the day of silence before, and now.
    """
    import polars as pl
    import pyarrow.parquet as pq

    order = list(ORDER[name])
    waiting = fresh.sort(order)
    gone = touched.alias("enterprise_id").to_frame()
    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            group = pl.DataFrame(pl.from_arrow(file.read_row_group(number)))
            upto = waiting.filter(_not_after(group, order)).height
            kept = _hushed(group.join(gone, on="enterprise_id", how="anti", maintain_order="left"), silences)
            yield pl.concat([kept, waiting.head(upto).select(kept.columns)]).sort(order) if upto else kept
            waiting = waiting.slice(upto)
    yield waiting


def silences(earlier: Mapping[str, date], newest: Mapping[str, date], of: str) -> list[tuple[str, date, date]]:
    """Columns whose silence moved on to another day, for enterprises or establishments."""
    moved = []
    for field in FIELDS:
        source = silent_source(field, newest) if field.of == of and field.classification != "personal" else None
        if source is not None and source in earlier and earlier[source] != newest[source]:
            moved.append((field.column, earlier[source], newest[source]))
    return moved


def _hushed(rows: pl.DataFrame, silences: Sequence[tuple[str, date, date]]) -> pl.DataFrame:
    import polars as pl

    nothing = {field.column: nothing_of(field) for field in FIELDS}
    for column, before, now in silences:
        day, said = f"{column}__as_of", rows.schema[column]
        empty = (
            pl.col(column).list.len() == 0
            if isinstance(said, pl.List)
            else pl.col(column).cast(pl.Utf8) == nothing[column]
        )
        rows = rows.with_columns(pl.when(empty & (pl.col(day) == before)).then(pl.lit(now)).otherwise(day).alias(day))
    return rows


def _not_after(group: pl.DataFrame, order: Sequence[str]) -> pl.Expr:
    """Whether a row's key is at most the last key of a group, column by column."""
    import polars as pl

    last = group.row(-1, named=True)
    at_most: pl.Expr = pl.lit(value=True)
    for name in reversed(order):
        at_most = (pl.col(name) < last[name]) | ((pl.col(name) == last[name]) & at_most)
    return at_most


def _first_silence(newest: Mapping[str, date], earlier: Mapping[str, date]) -> bool:
    if (derive.FACTORIES in newest) != (derive.FACTORIES in earlier):
        return True
    return any(silent_source(field, newest) != silent_source(field, earlier) for field in FIELDS)


def _claims(facts: Facts) -> pl.DataFrame:
    """source, record_key, juristic_id of every record with a valid number that several records of the register carry."""
    import polars as pl

    said = [
        rows.filter(pl.col("id_state") == "valid").drop_nulls("juristic_id")
        .select(pl.lit(source).alias("source"), "record_key", "juristic_id")
        for source, rows in facts.by_source.items() if "juristic_id" in rows.collect_schema().names()
    ]  # fmt: skip
    if not said:
        return pl.DataFrame(schema=dict.fromkeys([*KEY, "juristic_id"], pl.Utf8))
    claims = pl.concat(said).unique().collect(engine="streaming")
    return claims.filter(pl.col("juristic_id").is_duplicated())


def _rivals(members: pl.DataFrame, claims: pl.DataFrame, touched: pl.Series) -> pl.Series:
    """Enterprises outside that claim a number which one of the touched claims."""
    inside = members.join(touched.alias("enterprise_id").to_frame(), on="enterprise_id", how="semi").select(KEY)
    numbers = claims.join(inside, on=KEY, how="semi").select("juristic_id").unique()
    keys = claims.join(numbers, on="juristic_id", how="semi").join(inside, on=KEY, how="anti")
    return members.join(keys, on=KEY, how="semi")["enterprise_id"].unique()
