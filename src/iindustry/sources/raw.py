"""From a file of any kind to batches of texts: numbered rows, columns by our names, nothing interpreted yet.

Text files are read as a stream; workbooks, Parquet files and archives are first turned into one by a limited process.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.sources import containers, encodings, headings, limited, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from iindustry.sources.contracts import Contract
    from iindustry.sources.mappings import Mapping


HEAD_ROWS = 220
MOST_COLUMNS = 256
"""Filled cells of a row among those where the heading is looked for. Each is held against every column of ours and asked what
its cells are: two thousand, as a table on its side has, kept a processor busy for a minute."""
_WIDEST = 20_000  # cells with the empty ones: a workbook has up to 16,384
Memory = Callable[[Sequence[Sequence[str]]], "Mapping | None"]
"""What knows a mapping for one of a file's first rows, or None."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file read whole. `frame`: `row` (Int64), `is_ragged` (Boolean), then one Utf8 column for each column found."""

    frame: pl.DataFrame
    match: headings.Match
    encoding: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being read: which layout it is, and its batches, to be gone through once.

    `mapping`: the one it is read by, where its headings are no layout's; `heading`: its heading row.
    """

    match: headings.Match
    mapping: Mapping | None
    heading: list[str]
    encoding: str
    batches: Iterator[pl.DataFrame]
    source: tables.Source
    body: tables.Body


@dataclass(frozen=True, slots=True)
class Text:
    """A delivery as text, the rows among which its heading is, its first rows, and what it was."""

    source: tables.Source
    first: list[list[str]]
    head: list[list[str]]
    groups: Iterator[list[list[str]]]
    kind: str


@contextmanager
def as_text(path: Path, filename: str, *, within: Path | None = None) -> Iterator[Text]:
    """One delivery as rows of text; unpacked in a folder of its own `within` another.

    Raises Rejected (codes in words/sources.yaml).
    """
    with tempfile.TemporaryDirectory(prefix="delivery-", dir=within) as folder:
        inner, kind = limited.unpacked(path, filename, Path(folder))
        if kind is containers.Kind.CSV:
            source = tables.Source(inner, encodings.detect(inner))
        else:
            sheet = Path(folder) / "sheet.csv"
            limited.read_sheet(inner, sheet, kind)
            source = tables.Source(sheet, "utf-8", separator=",")
        groups = source.rows()
        first = next(groups, [])
        if not any(cell.strip() for row in first for cell in row):
            raise Rejected("file-empty")
        _check_width(first[: headings.LOOK_AT_ROWS])
        said = source.encoding if kind is containers.Kind.CSV else kind.value
        yield Text(source, first[: headings.LOOK_AT_ROWS], first[:HEAD_ROWS], itertools.chain([first], groups), said)


def _check_width(rows: Sequence[Sequence[str]]) -> None:
    """Rejected `file-too-wide` for rows that are no row of a register."""
    for row in rows:
        if len(row) > _WIDEST or sum(map(bool, row)) > MOST_COLUMNS:
            raise Rejected("file-too-wide", most=MOST_COLUMNS)


@contextmanager
def opened(
    path: Path,
    filename: str,
    contract: Contract,
    *,
    only: str | None = None,
    mapping: Mapping | None = None,
    remembered: Memory | None = None,
    within: Path | None = None,
) -> Iterator[Reading]:
    """Open one delivery: its layout by its headings.

    `only` names the layout and `mapping` says the columns, where the sender does; `remembered` is asked where no layout fits.
    """
    with as_text(path, filename, within=within) as text:
        match, mapping = _matched(text.first, contract, only, mapping, remembered)
        heading = text.first[match.header_row - 1]
        keys = tuple(match.places[one.name] for one in match.layout.keys if one.name in match.places)
        body = tables.Body(heading, match.header_row + 1, match.places, keys)
        batches = _filled(body.batches(_under(text.groups, match.header_row)))
        if mapping is not None:
            batches = map(mapping.applied, batches)
        yield Reading(match, mapping, heading, text.kind, batches, text.source, body)


def _matched(
    first: list[list[str]], contract: Contract, only: str | None, mapping: Mapping | None, remembered: Memory | None
) -> tuple[headings.Match, Mapping | None]:
    if mapping is None:
        try:
            return headings.find(first, contract, only), None
        except Rejected:
            mapping = remembered(first) if remembered else None
            if mapping is None:
                raise
    return mapping.match(first, contract), mapping


def read(path: Path, filename: str, contract: Contract, *, only: str | None = None) -> Table:
    """Read one delivery whole: for small files and for tests."""
    import polars as pl

    with opened(path, filename, contract, only=only) as reading:
        frame = pl.concat(list(reading.batches))
    return Table(frame, reading.match, reading.encoding)


def _under(groups: Iterator[list[list[str]]], header_row: int) -> Iterator[list[list[str]]]:
    """The groups without the rows down to the heading."""
    first = next(groups, [])
    yield first[header_row:]
    yield from groups


def _filled(batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Batches that hold rows. Rejected `file-empty` where none does."""
    is_any = False
    for batch in batches:
        if batch.is_empty():
            continue
        is_any = True
        yield batch
    if not is_any:
        raise Rejected("file-empty")
