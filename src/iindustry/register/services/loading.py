"""The serving copy: COPY into staging, what changes or goes is kept with the publications between which it stood, one merge.

Three shapes of one act, all inside the publication's transaction: an empty copy is loaded without indexes; a whole version
is merged; a change touches only the rows of the enterprises it names.
"""

from __future__ import annotations

import io
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.register import serving

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import polars as pl
    from django.db.backends.utils import CursorWrapper

_BATCH = 50_000
_QUOTE = "\x01"  # a sign that no text of a register holds: JSON keeps its own quotes as they are
_TOUCHED = "register_touched"
_FEW = 8  # of so many enterprises one is touched at most
_WHOLE_READS = ("enable_seqscan", "enable_mergejoin")  # the second walks through all by an index


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the serving copy. `quiet` columns may change without a row of the past: they only say when it was heard last."""

    name: str
    past: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    quiet: tuple[str, ...] = ()

    @property
    def telling(self) -> tuple[str, ...]:
        """The columns whose change is a change of the row."""
        return tuple(one for one in self.columns if one not in self.key and one not in self.quiet)


TABLES = (
    Table("register_enterprise", "register_pastenterprise", (*serving.LISTED, "search_text", "golden"), ("enterprise_id",)),
    Table("register_establishment", "register_pastestablishment", (*serving.SITE, "golden"), ("establishment_id",)),
    Table("register_member", "register_pastmember", serving.MEMBER, ("source", "record_key"), ("delivery_id", "observed_on")),
)  # fmt: skip


def is_empty(cursor: CursorWrapper) -> bool:
    """Whether the serving copy holds no row."""
    cursor.execute(" UNION ALL ".join(f"(SELECT 1 FROM {one.name} LIMIT 1)" for one in TABLES))  # noqa: S608 - constants
    return cursor.fetchone() is None


def load(cursor: CursorWrapper, parts: Sequence[Path], number: int) -> None:
    """Fill the empty copy: rows first, indexes after, as fast as this machine sorts."""
    _roomy(cursor)
    cursor.execute("SELECT register_shed_indexes()")
    for table in TABLES:
        _copy(cursor, table.name, table, _frames(parts, table), number)
    cursor.execute("SELECT register_build_indexes()")
    for table in TABLES:
        cursor.execute(f"ANALYZE {table.name}")


def replace(cursor: CursorWrapper, parts: Sequence[Path], number: int) -> None:
    """Make the copy equal to the parts, whole; what is not among them goes."""
    _roomy(cursor)
    for table in TABLES:
        _stage(cursor, table, parts, number)
        _merge(cursor, table, number, scope="TRUE")


def change(cursor: CursorWrapper, parts: Sequence[Path], number: int, touched: pl.Series) -> None:
    """Make the rows of the touched enterprises equal to the parts; nothing else is looked at."""
    cursor.execute(f"CREATE TEMP TABLE {_TOUCHED} (enterprise_id varchar(15) PRIMARY KEY) ON COMMIT DROP")
    with cursor.copy(f"COPY {_TOUCHED} FROM STDIN") as copy:
        copy.write("".join(f"{one}\n" for one in touched))
    cursor.execute(f"ANALYZE {_TOUCHED}")
    by_key = _are_few(cursor, touched.len())
    for table in TABLES:
        _stage(cursor, table, parts, number)
        with _by_key(cursor) if by_key else nullcontext():
            _merge(cursor, table, number, scope=f"kept.enterprise_id IN (SELECT enterprise_id FROM {_TOUCHED})")  # noqa: S608
    cursor.execute(f"DROP TABLE {_TOUCHED}")


def _are_few(cursor: CursorWrapper, touched: int) -> bool:
    """Whether so few enterprises are touched that their rows are better found one by one than by going through all."""
    cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [TABLES[0].name])
    return touched * _FEW < max(int(cursor.fetchone()[0]), 0)


@contextmanager
def _by_key(cursor: CursorWrapper) -> Iterator[None]:
    """Rows of the copy are found by keys. The planner would read the whole table for each statement: it takes memory for a disk."""
    for name in _WHOLE_READS:
        cursor.execute(f"SET LOCAL {name} = off")
    yield
    for name in _WHOLE_READS:
        cursor.execute(f"SET LOCAL {name} = on")


def part_of(folder: Path, table: str) -> Path:
    """Where a bucket keeps the rows of one table."""
    return folder / f"{table}.parquet"


def _roomy(cursor: CursorWrapper) -> None:
    """Memory for sorting millions of rows, for this transaction only."""
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    cursor.execute("SET LOCAL work_mem = '256MB'")


def _frames(parts: Sequence[Path], table: Table) -> Iterable[pl.DataFrame]:
    import polars as pl

    for folder in parts:
        frame = pl.read_parquet(part_of(folder, table.name))
        for start in range(0, frame.height, _BATCH):
            yield frame.slice(start, _BATCH)


def _stage(cursor: CursorWrapper, table: Table, parts: Sequence[Path], number: int) -> None:
    fresh = f"fresh_{table.name}"
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{fresh}")
    chosen = f"SELECT {_named(table.columns)}, since FROM {table.name}"  # noqa: S608 - names of this module
    cursor.execute(f"CREATE TEMP TABLE {fresh} ON COMMIT DROP AS {chosen} WITH NO DATA")
    _copy(cursor, fresh, table, _frames(parts, table), number)
    cursor.execute(f"ANALYZE {fresh}")


def _merge(cursor: CursorWrapper, table: Table, number: int, scope: str) -> None:
    """Keep what stood and no longer does; delete, update, insert. `scope` is a condition on `kept`."""
    fresh, columns = f"fresh_{table.name}", _named(table.columns)
    same = " AND ".join(f"kept.{one} = fresh.{one}" for one in table.key)
    differs = f"({_row('kept', table.telling)}) IS DISTINCT FROM ({_row('fresh', table.telling)})"
    cursor.execute(
        f"""
        INSERT INTO {table.past} ({columns}, since, until)
        SELECT {_row("kept", table.columns)}, kept.since, %s FROM {table.name} AS kept LEFT JOIN {fresh} AS fresh ON {same}
        WHERE {scope} AND kept.since BETWEEN 1 AND %s AND (fresh.{table.key[0]} IS NULL OR {differs})
        """,  # noqa: S608 - names of this module
        [number, number - 1],
    )
    cursor.execute(
        f"DELETE FROM {table.name} AS kept WHERE {scope} AND NOT EXISTS (SELECT 1 FROM {fresh} AS fresh WHERE {same})"  # noqa: S608
    )
    told = ", ".join(f"{one} = fresh.{one}" for one in (*table.telling, *table.quiet, "since"))
    heard = ", ".join(f"{one} = fresh.{one}" for one in table.quiet)
    newer = (
        f"WHEN MATCHED AND ({_row('kept', table.quiet)}) IS DISTINCT FROM ({_row('fresh', table.quiet)}) THEN UPDATE SET {heard}"
        if table.quiet
        else ""
    )
    cursor.execute(
        f"""
        MERGE INTO {table.name} AS kept USING {fresh} AS fresh ON {same}
        WHEN MATCHED AND {differs} THEN UPDATE SET {told} {newer}
        WHEN NOT MATCHED THEN INSERT ({columns}, since) VALUES ({_row("fresh", table.columns)}, fresh.since)
        """  # noqa: S608
    )


def _copy(cursor: CursorWrapper, target: str, table: Table, frames: Iterable[pl.DataFrame], number: int) -> None:
    """Send frames as CSV written by Polars: no row passes through Python. Null is an unquoted nothing."""
    import polars as pl

    columns = _named(table.columns)
    options = "FORMAT csv, NULL '\\N', QUOTE E'\\x01'"
    with cursor.copy(f"COPY {target} ({columns}, since) FROM STDIN WITH ({options})") as copy:
        for frame in frames:
            text = io.BytesIO()
            frame.select(*table.columns, since=pl.lit(number)).write_csv(
                text, include_header=False, null_value="\\N", quote_style="non_numeric", quote_char=_QUOTE
            )
            copy.write(text.getvalue())


def _named(columns: Iterable[str]) -> str:
    return ", ".join(columns)


def _row(alias: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in columns)
