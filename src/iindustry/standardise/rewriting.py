r"""Tables of rewritings, run by two engines: Python on one text, Polars on a column.

Patterns keep to what `re` and Rust's `regex` read alike: explicit classes instead of `\\d \\w \\s`, no look-around, no
back-references. Groups in replacements are written `${1}`. A pattern should meet only where it changes something: a
column is looked through once for all steps together, and texts that none of them meets are passed by. That loses
nothing: what no pattern of a list meets, no step of it changes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from operator import methodcaller
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

_MOST_BY_PARTS = 0.6  # of a column: above that, picking the texts out costs more than it saves


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Every match of a pattern, from the left, becomes a replacement."""

    pattern: str
    by: str


@dataclass(frozen=True, eq=False, slots=True)
class Letters:
    """Literal texts become others in one pass from the left; of two that begin alike the longer is taken."""

    table: dict[str, str]

    @property
    def ordered(self) -> dict[str, str]:
        """The table, longest texts first: of several that fit at one place both engines take the first."""
        return dict(sorted(self.table.items(), key=lambda pair: -len(pair[0])))

    @property
    def pattern(self) -> str:
        """What the table meets."""
        return "|".join(re.escape(text) for text in self.ordered)


@dataclass(frozen=True, slots=True)
class Compose:
    """Signs that Unicode writes in two ways become one: NFC, never NFKC, which splits sara am."""

    pattern = "[^\t-\r -~\u0e01-\u0e5b]|[\u0e48-\u0e4b][\u0e38-\u0e3a]|[\u0e38\u0e39]\u0e3a"
    """What NFC may change: of ASCII and Thai only the order of vowels and tones below and above a letter."""


Step = Rewrite | Letters | Compose


def rewritten(text: str, steps: Sequence[Step]) -> str:
    """One text after every step in turn."""
    for step in steps:
        text = _done(step)(text)
    return text


def first_match(text: str, pattern: str, group: int) -> str | None:
    """A group of the first match (0: all of it), or None."""
    found = _compiled(pattern).search(text)
    return None if found is None else found[group] or ""


def rewritten_series(texts: pl.Series, steps: Sequence[Step]) -> pl.Series:
    """A Utf8 column after every step in turn; null stays null."""
    is_met = met(texts, steps)
    if is_met is None:
        return texts
    few = texts.filter(is_met)
    if len(few) > _MOST_BY_PARTS * len(texts):
        return _each(texts, steps)
    return put_back(texts, is_met, _each(few, steps))


def met(texts: pl.Series, steps: Sequence[Step]) -> pl.Series | None:
    """Which texts any of the steps would change; None where it is none of them."""
    is_met = texts.str.contains(_union(tuple(steps))).fill_null(value=False)
    return is_met if is_met.any() else None


def put_back(texts: pl.Series, is_met: pl.Series, few: pl.Series) -> pl.Series:
    """The column with the texts that were picked out of it in their places."""
    import polars as pl

    place = pl.select(pl.when(is_met).then(is_met.cum_sum() - 1)).to_series()
    return pl.select(pl.when(is_met).then(few.gather(place)).otherwise(texts)).to_series().alias(texts.name)


def rewritten_expr(expr: pl.Expr, steps: Sequence[Step]) -> pl.Expr:
    """As `rewritten_series`, for an expression."""
    import polars as pl

    return expr.map_batches(lambda texts: rewritten_series(texts, steps), return_dtype=pl.Utf8)


def _each(texts: pl.Series, steps: Sequence[Step]) -> pl.Series:
    for step in steps:
        match step:
            case Rewrite():
                texts = texts.str.replace_all(step.pattern, step.by)
            case Letters():
                texts = texts.str.replace_many(step.ordered, leftmost=True)
            case Compose():
                texts = texts.str.normalize("NFC")
    return texts


@lru_cache(maxsize=200)
def _union(steps: tuple[Step, ...]) -> str:
    """A pattern that meets wherever one of the steps does."""
    return "|".join(dict.fromkeys(f"(?:{step.pattern})" for step in steps))


@cache
def _done(step: Step) -> Callable[[str], str]:
    """One step as a function of one text."""
    match step:
        case Rewrite():
            return partial(_compiled(step.pattern).sub, _python(step.by))
        case Letters():
            table = step.table
            if all(len(text) == 1 for text in table):
                return methodcaller("translate", str.maketrans(table))
            return partial(re.compile(step.pattern).sub, lambda found: table[found[0]])
        case Compose():
            return partial(unicodedata.normalize, "NFC")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


@cache
def _python(by: str) -> str:
    return re.sub(r"\$\{(\d)\}", r"\\g<\1>", by)
