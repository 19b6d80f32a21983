"""Rows of a text file, as a spreadsheet counts them, and batches of them as frames of texts; nothing interpreted yet.

A row's number is the one a spreadsheet shows (title lines and heading counted, from 1). Empty rows are no rows. The csv
reader's own loop does the work: Python is asked once a batch, and by itself only for the few rows that are odd.
Invariant: no row is lost; a row with more or fewer cells than the heading is marked, never cut silently.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.sources import encodings, headings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl

BATCH_ROWS = 32_768
BATCH_SIGNS = 8 << 20
LONGEST_LINE = 4 << 20
_STEP = 256  # rows read between two looks at how much they hold
_SEPARATORS = (",", "\t", ";", "|")
_MOST_BREAKS = 20
_TAIL = 8  # so many of a file's last rows at least are seen together, so that lines of totals are found
_TOTAL = re.compile(
    r"(?:รวม(?:ทั้งสิ้น|ทั้งหมด|ยอด|เป็นเงิน)?|ยอดรวม(?:ทั้งสิ้น|ทั้งหมด)?|(?:grand\s*|sub\s*)?total)"
    r"[\s:]*[\d,.๐-๙]*\s*(?:ราย|แห่ง|โรงงาน|รายการ|บาท|คน|แถว)?",
    re.IGNORECASE,
)

_COUNTED = re.compile(r"[\d,.๐-๙]+\s*(?:ราย|แห่ง|โรงงาน|รายการ|บาท|คน|แถว)")


@dataclass(slots=True)
class Source:
    """A text file that is read once, from its beginning. `signs` counts what was decoded so far."""

    path: Path
    encoding: str
    separator: str | None = None
    signs: int = 0

    def rows(self) -> Iterator[list[list[str]]]:
        """Groups of rows, about `BATCH_SIGNS` of text each; the first holds at least the rows looked at for a heading."""
        texts = encodings.text_of(self.path, self.encoding)
        first = next(texts, "")
        lines = itertools.chain.from_iterable(self._pieces(itertools.chain([first], texts)))
        reader = csv.reader(lines, delimiter=self.separator or _separator(first))
        number, begun = 0, 0
        group: list[list[str]] = []
        while True:
            height, line = len(group), reader.line_num
            try:
                group.extend(itertools.islice(reader, _STEP))
            except csv.Error:
                raise Rejected("file-quotes-broken", row=number + len(group) + 1) from None
            got = len(group) - height
            if reader.line_num - line > got + _MOST_BREAKS:
                _check_breaks(group[height:], number + height + 1)
            if got < _STEP or len(group) >= BATCH_ROWS or self.signs - begun >= BATCH_SIGNS:
                yield group
                number, begun, group = number + len(group), self.signs, []
            if got < _STEP:
                return

    def _pieces(self, texts: Iterable[str]) -> Iterator[io.StringIO]:
        r"""Whole lines at a time. Only `\\n` ends a line: a cell may hold other Unicode line ends."""
        left = ""
        for text in texts:
            encodings.refuse_mojibake(text)
            self.signs += len(text)
            cut = text.rfind("\n") + 1
            if cut:
                whole, left = left + text[:cut], text[cut:]
                yield io.StringIO(whole, newline="\n")
            else:
                left += text
            if len(left) > LONGEST_LINE:
                raise Rejected("file-line-too-long", most_mib=LONGEST_LINE >> 20)
        if left:
            yield io.StringIO(left, newline="\n")


def _check_breaks(rows: list[list[str]], first: int) -> None:
    for number, cells in enumerate(rows, first):
        if any(cell.count("\n") > _MOST_BREAKS for cell in cells):
            raise Rejected("file-quotes-broken", row=number)


def _separator(sample: str) -> str:
    """The sign that stands most often in the fullest of the first lines."""
    lines = sample.split("\n", headings.LOOK_AT_ROWS)[: headings.LOOK_AT_ROWS]
    return max(_SEPARATORS, key=lambda sign: max((line.count(sign) for line in lines), default=0))


@dataclass(slots=True)
class Body:
    """The rows under a heading as frames: `row` (Int64), `is_ragged` (Boolean), one Utf8 column for each one taken.

    `places`: our column name to its place; `keys`: the places of the columns that name a record; `filled`: the place after
    the last heading. `totals` fills when the end is reached: row number and text of the lines of totals there.
    """

    heading: list[str]
    first: int
    places: Mapping[str, int]
    keys: tuple[int, ...]
    totals: list[tuple[int, str]] = field(default_factory=list)

    def batches(self, groups: Iterable[list[list[str]]]) -> Iterator[pl.DataFrame]:
        """Frames of the groups of rows; one is held back until it is known that it is not the last, where totals stand."""
        number = self.first
        held: list[list[str]] = []
        for group in groups:
            if len(held) > _TAIL and len(group) > _TAIL:
                yield self._frame(held, number)
                number += len(held)
                held = group
            else:
                held = held + group
        kept = self._without_totals(held, number)
        if kept:
            yield self._frame(kept, number)

    def _without_totals(self, rows: list[list[str]], first: int) -> list[list[str]]:
        kept, said = without_totals(rows, self.keys)
        self.totals[:0] = [(first + place, text) for place, text in said]
        return kept

    def _frame(self, rows: list[list[str]], first: int) -> pl.DataFrame:
        import polars as pl

        width, filled = len(self.heading), _last_filled(self.heading)
        schema = {"row": pl.Int64, "is_ragged": pl.Boolean, **dict.fromkeys(self.places, pl.Utf8)}
        ragged: list[int] = []
        whole = rows
        if set(map(len, rows)) != {width}:
            odd = [place for place, cells in enumerate(rows) if len(cells) != width]
            ragged = [place for place in odd if _is_ragged(rows[place], width, filled)]
            whole = rows.copy()
            for place in odd:
                cells = rows[place]
                whole[place] = (cells + [""] * (width - len(cells)))[:width]
        columns = list(zip(*whole, strict=True))
        texts = [pl.Series(name, columns[place], dtype=pl.Utf8) for name, place in self.places.items()]
        numbers = pl.int_range(first, first + len(rows), dtype=pl.Int64, eager=True).alias("row")
        marks = pl.Series("is_ragged", [False]).new_from_index(0, len(rows)).scatter(ragged, values=True)
        frame = pl.DataFrame([numbers, marks, *texts], schema=schema)
        blank = frame.select(pl.all_horizontal(pl.col(name).str.strip_chars(_WHITE) == "" for name in self.places))
        empty = [place for place in blank.to_series().arg_true() if not any(cell.strip() for cell in rows[place])]
        if empty:
            frame = frame.filter(~pl.int_range(pl.len()).is_in(empty))
        return frame


def without_totals(rows: list[list[str]], keys: Sequence[int] = ()) -> tuple[list[list[str]], list[tuple[int, str]]]:
    """Rows without the lines of totals and the empty lines at their end; and those totals, as (place, first word).

    `keys`: places of the columns that name a record; a line that names one there is a row, whatever its first word.
    """
    totals: list[tuple[int, str]] = []
    end = len(rows)
    while end:
        cells = rows[end - 1]
        said = next((cell.strip() for cell in cells if cell.strip()), "")
        if said and not (_TOTAL.fullmatch(said) and all(_is_no_key(cells, place, said) for place in keys)):
            break
        if said:
            totals.insert(0, (end - 1, said))
        end -= 1
    return rows[:end], totals


_WHITE = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())


def _is_no_key(cells: list[str], place: int, said: str) -> bool:
    """Whether a line of totals names no record there: nothing, the word itself, or a count with its unit (`12 ราย`)."""
    cell = cells[place].strip() if place < len(cells) else ""
    return cell in {"", said} or _COUNTED.fullmatch(cell) is not None


def _is_ragged(cells: list[str], width: int, filled: int) -> bool:
    return len(cells) < filled or any(cell.strip() for cell in cells[width:])


def _last_filled(heading: list[str]) -> int:
    return max(place + 1 for place, cell in enumerate(heading) if cell.strip())
