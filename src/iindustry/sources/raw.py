"""From a file of any kind to one table of texts: numbered rows, columns by our names, nothing interpreted yet.

A row's number is the one a spreadsheet shows (title lines and heading counted, from 1). Empty rows are no rows.
Invariant: no row is lost; a row with more or fewer cells than the heading is marked, never cut silently.
"""

from __future__ import annotations

import csv
import itertools
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.sources import containers, encodings, headings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import polars as pl

    from iindustry.sources.contracts import Contract

CHILD_SECONDS = 180
_BATCH = 50_000
_SEPARATORS = (",", "\t", ";", "|")
_MOST_BREAKS = 20
_SHEET_EXITS = {4: "sheet-empty", 5: "sheet-several"}


@dataclass(frozen=True, slots=True)
class Table:
    """A file read. `frame`: `row` (Int64), `is_ragged` (Boolean), then one Utf8 column for each column found."""

    frame: pl.DataFrame
    match: headings.Match
    encoding: str


def read(path: Path, filename: str, contract: Contract, *, only: str | None = None) -> Table:
    """Read one delivery. `only` names the layout where the sender knows it. Raises Rejected (codes in words/sources.yaml)."""
    with tempfile.TemporaryDirectory(prefix="delivery-") as folder:
        inner, kind = containers.opened(path, filename, Path(folder))
        if kind is containers.Kind.CSV:
            encoding = encodings.detect(inner)
            return _table(_csv_rows(inner, encoding), contract, encoding, only)
        sheet = Path(folder) / "sheet.csv"
        run_child(inner, sheet, kind.value)
        return _table(_csv_rows(sheet, "utf-8", separator=","), contract, kind.value, only)


def run_child(source: Path, target: Path, kind: str, *, seconds: int = CHILD_SECONDS) -> None:
    """Read a workbook or a Parquet file in a limited process; at the time limit its whole group is ended."""
    import os
    import signal

    command = [sys.executable, "-m", "iindustry.sources.sheet_child", str(source), str(target), kind]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(  # noqa: S603 - our own module, our own arguments
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
        start_new_session=True, cwd="/",
    ) as child:  # fmt: skip
        try:
            code = child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            raise Rejected("sheet-too-slow", seconds=seconds) from None
    if code != 0:
        raise Rejected(_SHEET_EXITS.get(code, "sheet-unreadable"))


def _csv_rows(path: Path, encoding: str, separator: str | None = None) -> Iterator[list[str]]:
    texts = encodings.text_of(path, encoding)
    first = next(texts, "")
    encodings.refuse_mojibake(first)
    reader = csv.reader(_lines(itertools.chain([first], texts)), delimiter=separator or _separator(first))
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Rejected("file-quotes-broken", row=number) from None
        if any(cell.count("\n") > _MOST_BREAKS for cell in cells):
            raise Rejected("file-quotes-broken", row=number)
        yield cells


def _lines(texts: Iterable[str]) -> Iterator[str]:
    r"""Lines of a text that comes in pieces. Only `\\n` ends a line: a cell may hold other Unicode line ends."""
    left = ""
    for text in texts:
        *whole, left = (left + text).split("\n")
        for line in whole:
            yield line + "\n"
    if left:
        yield left


def _separator(sample: str) -> str:
    """The sign that stands most often in the fullest of the first lines."""
    lines = sample.split("\n", headings.LOOK_AT_ROWS)[: headings.LOOK_AT_ROWS]
    return max(_SEPARATORS, key=lambda sign: max((line.count(sign) for line in lines), default=0))


def _table(rows: Iterator[list[str]], contract: Contract, encoding: str, only: str | None) -> Table:
    first = list(itertools.islice(rows, headings.LOOK_AT_ROWS))
    if not any(cell.strip() for row in first for cell in row):
        raise Rejected("file-empty")
    match = headings.find(first, contract, only)
    body = itertools.chain(first[match.header_row :], rows)
    heading = first[match.header_row - 1]
    frame = frame_of(body, match, width=len(heading), filled=_last_filled(heading))
    if frame.is_empty():
        raise Rejected("file-empty")
    return Table(frame, match, encoding)


def _last_filled(heading: list[str]) -> int:
    return max(place + 1 for place, cell in enumerate(heading) if cell.strip())


def frame_of(body: Iterable[list[str]], match: headings.Match, *, width: int, filled: int) -> pl.DataFrame:
    """The rows under the heading as a frame. A row is ragged when it is shorter than the headings or holds more."""
    import polars as pl

    names = list(match.places)
    taker = _taker(match, width)
    numbered = (
        (number, cells)
        for number, cells in enumerate(body, match.header_row + 1)
        if any(cell.strip() for cell in cells)
    )
    schema = {"row": pl.Int64, "is_ragged": pl.Boolean, **dict.fromkeys(names, pl.Utf8)}
    frames = [pl.DataFrame(schema=schema)]
    while batch := list(itertools.islice(numbered, _BATCH)):
        taken = [(number, _is_ragged(cells, width, filled), *taker(cells)) for number, cells in batch]
        frames.append(pl.DataFrame(taken, schema=schema, orient="row"))
    return pl.concat(frames)


def _is_ragged(cells: list[str], width: int, filled: int) -> bool:
    return len(cells) < filled or any(cell.strip() for cell in cells[width:])


def _taker(match: headings.Match, width: int) -> Callable[[list[str]], list[str]]:
    places = list(match.places.values())

    def take(cells: list[str]) -> list[str]:
        padded = cells + [""] * (width - len(cells))
        return [padded[place] for place in places]

    return take
