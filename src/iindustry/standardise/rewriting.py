r"""Tables of rewritings, run by two engines: Python on one text, Polars on a column.

Patterns keep to what `re` and Rust's `regex` read alike: explicit classes instead of `\\d \\w \\s`, no look-around, no
back-references. Groups in replacements are written `${1}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Every match of a pattern, from the left, becomes a replacement."""

    pattern: str
    by: str


@dataclass(frozen=True, eq=False, slots=True)
class Letters:
    """Literal texts become others in one pass from the left. No text begins another's."""

    table: dict[str, str]


Step = Rewrite | Letters


def rewritten(text: str, steps: Sequence[Step]) -> str:
    """One text after every step in turn."""
    for step in steps:
        if isinstance(step, Rewrite):
            text = _compiled(step.pattern).sub(_python(step.by), text)
        else:
            text = _one_pass(step).sub(_looked_up(step), text)
    return text


def first_match(text: str, pattern: str, group: int) -> str | None:
    """A group of the first match (0: all of it), or None."""
    found = _compiled(pattern).search(text)
    return None if found is None else found[group] or ""


def rewritten_expr(expr: pl.Expr, steps: Sequence[Step]) -> pl.Expr:
    """A Utf8 column after every step in turn; null stays null."""
    for step in steps:
        if isinstance(step, Rewrite):
            expr = expr.str.replace_all(step.pattern, step.by)
        else:
            expr = expr.str.replace_many(step.table, leftmost=True)
    return expr


def _looked_up(letters: Letters) -> Callable[[re.Match[str]], str]:
    return lambda found: letters.table[found[0]]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


@cache
def _python(by: str) -> str:
    return re.sub(r"\$\{(\d)\}", r"\\g<\1>", by)


@cache
def _one_pass(letters: Letters) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(text) for text in letters.table))
