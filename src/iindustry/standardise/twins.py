"""One byte for one Thai sign, for comparing only: string similarity that counts bytes sees Thai signs as two-thirds equal.

The 72 signs of a core go to printable ASCII without digits, quotes, backslash, % and _ (LINKAGE section 4.2); digits
stay. Invariant: a twin has as many bytes as the text has signs; it is never shown or exported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

SIGNS = "".join(chr(code) for code in (*range(0x0E01, 0x0E2F), *range(0x0E30, 0x0E3B), *range(0x0E40, 0x0E4F)))
_KEPT_OUT = set("\"'\\%_`") | set("0123456789")
_FREE = [chr(code) for code in range(0x21, 0x7F) if chr(code) not in _KEPT_OUT]
TABLE = dict(zip(SIGNS, _FREE, strict=False))
_TRANSLATE = str.maketrans(TABLE)


def twin(text: str) -> str:
    """The twin of one core or skeleton."""
    return text.translate(_TRANSLATE)


def twin_expr(expr: pl.Expr) -> pl.Expr:
    """The twins of a Utf8 column of cores or skeletons; null stays null."""
    return expr.str.replace_many(TABLE)
