"""What DuckDB and Spark call by different names: the SQL of levels and weights is written once, for DuckDB.

Tables before code: `SPARK_NAMES` holds every difference that the SQL of `comparisons` and `services.scoring` has met. Both
engines take a decimal literal as an exact decimal, which conditions rest on; weights are floating point, and say so.
"""

from __future__ import annotations

import re

SPARK_NAMES: tuple[tuple[str, str], ...] = (
    (r"\blist_has_any\(", "arrays_overlap("),
    (r"\bstarts_with\(", "startswith("),
    (r"\b1::INTEGER << ([\w.]+)", r"shiftleft(1, \1)"),
    (r'"(\w+)"', r"`\1`"),
)
"""DuckDB's way of writing, as a pattern, to Spark's. `length`, `levenshtein`, `greatest` and `least` (which pass nulls by),
`bit_or`, `log2`, `is distinct from`, `CAST(… AS TINYINT)` and GROUP BY ALL mean the same to both.
"""

KNOWN = frozenset(
    {"abs", "cast", "coalesce", "greatest", "least", "length", "levenshtein", "list_has_any", "log2", "starts_with"}
)
"""Functions that levels and weights may use: each was seen to mean the same on both engines, rewritten or not."""

_CALL = re.compile(r"\b([a-z_0-9]+)\(", re.IGNORECASE)
_WORDS = frozenset({"and", "or", "not", "in", "when", "then", "else", "case"})
_DECIMAL = re.compile(r"(?<![\w.])(\d+\.\d+)(?![\w.])")


def spark(sql: str) -> str:
    """SQL written for DuckDB, as Spark reads it."""
    for pattern, written in SPARK_NAMES:
        sql = re.sub(pattern, written, sql)
    return sql


def spark_weight(sql: str) -> str:
    """The same for a weight: its literals are doubles, which Spark would else divide as decimals of few places."""
    return _DECIMAL.sub(r"\1D", spark(sql))


def functions(sql: str) -> frozenset[str]:
    """The names of the functions that some SQL calls."""
    return frozenset(name.lower() for name in _CALL.findall(sql)) - _WORDS
