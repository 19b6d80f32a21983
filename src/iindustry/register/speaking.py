"""What the records of a bucket say: one row a record and source, the newest word first, ready for statements.

Of several deliveries that hold a record the newest speaks, of one day the one that came last, and of one file its last row; where it says nothing of a field, the last that did still
stands, with its own day. Invariant: `records` has exactly one row a member, in the members' order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.register.gathering import DAYS, SETS, gathered, gathered_from, unsure
from iindustry.register.statements import NAMES, contents

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl

    from iindustry.reference.fields import Field

_FACTS = ("delivery_id", "observed_on", "is_person", "id_state", "factory_id")
_ORDER = ("turn", "row")
"""What puts the rows of one record and day in order (`buckets.TURN`)."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said, by source and by record.

    by_source: record, subject, site, said_on, one typed column a field, what is gathered, and `NAMES`. older: source to
    record, field, delivery_id, said_on of what only an earlier delivery said. records: record, source, record_key, `_FACTS`,
    said (JSON). month: source to the last day of the newest month it speaks of.
    """

    by_source: Mapping[str, pl.DataFrame]
    older: Mapping[str, pl.DataFrame]
    records: pl.DataFrame
    month: Mapping[str, date]


def speaking(numbered: pl.DataFrame, rows: Mapping[str, pl.DataFrame], month: Mapping[str, date]) -> Spoken:
    """What the numbered members say, by the standard rows of their sources."""
    import polars as pl

    by_source: dict[str, pl.DataFrame] = {}
    older: dict[str, pl.DataFrame] = {}
    parts = []
    for source in sorted(rows):
        of_source = numbered.filter(pl.col("source") == source).select("record_key", "record", "subject", "site")
        found = _contents(source, rows[source].join(of_source, on="record_key", how="inner"))
        latest, before = _latest(found, _fields_in(found))
        by_source[source], older[source] = latest, before
        parts.append(
            latest.select("record", pl.lit(source).alias("source"), "record_key", *_FACTS).with_columns(
                said=_said(latest, before)
            )
        )
    return Spoken(by_source, older, pl.concat(parts).sort("record"), month)


def statements(field: Field, spoken: Spoken) -> pl.DataFrame | None:
    """The statements of one field (`survivorship.STATEMENT`); None where no source that was delivered speaks to it."""
    import polars as pl

    subject = "subject" if field.of == "enterprise" else "site"
    parts = []
    for rank, source in enumerate(field.sources):
        found = spoken.by_source.get(source)
        if found is None:
            continue
        if field.name in SETS:
            whole = gathered(found, subject, SETS[field.name], spoken.month.get(source))
            parts.append(
                whole.select("subject", "record", pl.lit(rank, dtype=pl.UInt8).alias("rank"), "as_of", "value")
            )
            continue
        if field.name not in found.columns:
            continue
        said = found.select(
            pl.col(subject).alias("subject"), "record", pl.lit(rank, dtype=pl.UInt8).alias("rank"),
            pl.col("said_on").alias("as_of"), pl.col(field.name).alias("value"),
        ).drop_nulls(["subject", "value"])  # fmt: skip
        parts.append(_dated(said, spoken.older[source].filter(pl.col("field") == field.name)))
    return pl.concat(parts) if parts else None


def unsettled(field: Field, spoken: Spoken) -> pl.Series:
    """Subjects of which a gathered field cannot be told, because a record of theirs may count or not; sorted."""
    import polars as pl

    subject = "subject" if field.of == "enterprise" else "site"
    parts = [
        unsure(spoken.by_source[source], subject, SETS[field.name], spoken.month.get(source))
        for source in field.sources
        if field.name in SETS and source in spoken.by_source
    ]
    return pl.concat([pl.Series("subject", [], dtype=pl.UInt32), *parts]).unique().sort()


def _contents(source: str, rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    absent = [pl.lit(None, dtype=pl.Utf8).alias(name) for name in NAMES if name not in rows.columns]
    said = contents(source, frozenset(rows.columns))
    raw = dict.fromkeys(column for _, how in gathered_from(source) for column in how.columns)
    missing = [name for name in raw if name not in rows.columns]
    if missing:
        raise KeyError(f"{source} lacks {missing}")
    day = DAYS[source].day() if source in DAYS else pl.lit(None, dtype=pl.Date)
    return rows.with_columns(absent).select(
        "record", "subject", "site", "record_key", *_FACTS, *_ORDER, *NAMES, *(one for one in raw if one not in _FACTS),
        said_on=pl.coalesce(day, "observed_on"), **said,
    )  # fmt: skip


def _fields_in(found: pl.DataFrame) -> list[str]:
    return [name for name in found.columns if "." in name]


def _latest(found: pl.DataFrame, fields: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row a record; and what only an earlier row said, with its delivery and day."""
    import polars as pl

    again = pl.col("record").is_duplicated()
    once = found.filter(~again).drop(_ORDER)
    many = found.filter(again).sort(
        "record", "observed_on", "turn", "delivery_id", "row", descending=[False, True, True, True, True]
    )
    none = pl.DataFrame(schema={"record": pl.UInt32, "field": pl.Utf8, "delivery_id": pl.Utf8, "said_on": pl.Date})
    if many.is_empty():
        return once, none
    grouped = many.group_by("record", maintain_order=True)
    filled = [*fields, *NAMES, "factory_id", "is_person"]
    latest = grouped.agg(
        pl.col(name).drop_nulls().first() if name in filled else pl.col(name).first() for name in once.columns[1:]
    )
    late = [
        grouped.agg(
            first=pl.col("delivery_id").first(),
            delivery_id=pl.col("delivery_id").filter(pl.col(name).is_not_null()).first(),
            said_on=pl.col("said_on").filter(pl.col(name).is_not_null()).first(),
        )
        .filter(pl.col("delivery_id") != pl.col("first"))
        .select("record", pl.lit(name).alias("field"), "delivery_id", "said_on")
        for name in fields
    ]
    return pl.concat([once, latest.select(once.columns)]), pl.concat([none, *late])


def _dated(said: pl.DataFrame, older: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    if older.is_empty():
        return said
    return said.join(older.select("record", on="said_on"), on="record", how="left").with_columns(
        as_of=pl.coalesce("on", "as_of")
    ).drop("on")  # fmt: skip


def _said(latest: pl.DataFrame, before: pl.DataFrame) -> pl.Series:
    """What each record says, as JSON by field.

    Under `@` what an older delivery said (field, delivery, day); under `on` the day that it speaks of, if not the delivery's.
    """
    import polars as pl

    day = pl.when(pl.col("said_on") != pl.col("observed_on")).then("said_on")
    noted = latest.select("record").join(
        before.sort("record", "field").group_by("record", maintain_order=True).agg(
            older=pl.concat_str("field", "delivery_id", pl.col("said_on").cast(pl.Utf8), separator=" ")
        ),
        on="record", how="left", maintain_order="left",
    )["older"].fill_null([])  # fmt: skip
    whole = latest.select(
        pl.struct(noted.alias("@"), day.alias("on"), *_fields_in(latest)).struct.json_encode().alias("said")
    )["said"]
    return whole.str.replace_all(r',"[a-z0-9_.]+":null', "")
