"""Telephone numbers out of one cell: several in a cell, ranges, short tails, extensions, +66, Thai digits.

Nine digits for a fixed line, ten for a mobile. Invariant: what has another length is no number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙‐‑‒–—", "0123456789-----")
_EXTENSION = re.compile(r"(?:ต่อ|กด|ext?\.?|#|\bx)[^,/;|\n]*", re.IGNORECASE)
_COUNTRY = re.compile(r"(?:\+|00)\s*66[\s\-]*\(?0?\)?[\s\-]*|\b66[\s\-]*(?=[2-9])")
_APART = re.compile(r"([,/;|\n]|หรือ|และ|โทร\.?|แฟกซ์\.?|fax\.?|mobile|tel\.?|มือถือ)", re.IGNORECASE)
_RANGE = re.compile(r"^(?P<first>.*?[0-9])\s*(?:-|~|ถึง)\s*(?P<last>[0-9]{1,3})\s*$")
_MOBILE = frozenset("689")
_SHORT, _LONG = 9, 10
_MOST_IN_A_RANGE = 10
_LONGEST_TAIL = 4
PLAIN = r"^0[0-9][0-9 ()-]{7,12}$"
"""One number and nothing else, before its signs are cut: most cells."""


def numbers(text: str | None) -> list[str]:
    """Every number of a cell, in order, once. `02-123-4567-9` is three; `02-123-4567, 4570` is two."""
    if not text:
        return []
    cleaned = _COUNTRY.sub("0", _EXTENSION.sub("", text.translate(_THAI_DIGITS)))
    found: list[str] = []
    for part in _APART.split(cleaned):
        tail = re.sub(r"[^0-9]", "", part)
        if found and 0 < len(tail) <= _LONGEST_TAIL:
            found.append(found[-1][: -len(tail)] + tail)
        else:
            found += _of_part(part)
    return list(dict.fromkeys(found))


def _of_part(part: str) -> list[str]:
    """The number of a part of a cell, or every number of a range."""
    ranged = _RANGE.match(part)
    first = _number(ranged["first"]) if ranged else None
    if ranged is None or first is None:
        one = _number(part)
        return [one] if one else []
    wide = len(ranged["last"])
    begin, end = int(first[-wide:]), int(ranged["last"])
    last = min(end, begin + _MOST_IN_A_RANGE - 1)
    return [first, *(f"{first[:-wide]}{number:0{wide}}" for number in range(begin + 1, last + 1))]


def _number(part: str) -> str | None:
    signs = re.sub(r"[^0-9]", "", part)
    if re.fullmatch(r"[2-57][0-9]{7}|[689][0-9]{8}", signs):
        signs = "0" + signs  # a spreadsheet ate the zero
    if not signs.startswith("0") or len(signs) < _SHORT:
        return None
    length = _LONG if signs[1] in _MOBILE else _SHORT
    return signs[:length] if len(signs) >= length else None


def of_column(cells: pl.Series) -> pl.Series:
    """The numbers of each cell, as `numbers`; null where there is none. Cells of one plain number need no reading."""
    import polars as pl

    distinct = cells.drop_nulls().unique().to_frame("cell").with_columns(
        digits=pl.when(pl.col("cell").str.contains(PLAIN)).then(pl.col("cell").str.replace_all("[^0-9]", ""))
    )  # fmt: skip
    is_mobile = pl.col("digits").str.slice(1, 1).is_in(sorted(_MOBILE))
    length = pl.when(is_mobile).then(_LONG).otherwise(_SHORT)
    is_one = (pl.col("digits").str.len_bytes() == length) & ~pl.col("cell").str.contains(r"- *[0-9]{1,3} *$")
    easy = distinct.filter(is_one.fill_null(value=False)).select("cell", phones=pl.concat_list("digits"))
    hard = distinct.filter(~is_one.fill_null(value=False))["cell"]
    read = pl.DataFrame(
        {"cell": hard, "phones": [numbers(cell) or None for cell in hard]},
        schema={"cell": pl.Utf8, "phones": pl.List(pl.Utf8)},
    )
    table = pl.concat([easy, read])
    return cells.alias("cell").to_frame().join(table, on="cell", how="left", maintain_order="left")["phones"]
