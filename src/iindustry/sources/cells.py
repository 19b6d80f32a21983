"""What every decoder starts from: a cell without hidden signs and outer spaces, its digits, and the shape of an answer.

Pure: expressions over whole columns. A batch is looked at once: where no cell of a column holds a hidden sign, nothing is
searched for again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from iindustry.sources.contracts import Column

NOTHING = ("", "-", "--", "–", "nan", "none", "null", "n/a", "#n/a", "#value!", "#ref!")
THAI_DIGITS = dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True))
HIDDEN = r"[\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}\x{00ad}]"
_HIDDEN_OR_SPACE = HIDDEN[:-1] + r"\x{00a0}]"
_LONGEST_NOTHING = max(len(word.encode()) for word in NOTHING)
_DIGIT_KINDS = frozenset({"thirteen", "citizen", "factory_id", "factory_type", "factory_class", "tsic", "hs"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one column: true where a cell has it."""

    code: str
    where: pl.Expr
    voids: bool = False


@dataclass(frozen=True, slots=True)
class Decoded:
    """The typed columns that a column of the file becomes, and its faults."""

    values: dict[str, pl.Expr]
    faults: tuple[Fault, ...] = ()


Steps = Sequence[dict[str, pl.Expr]]
"""Helper columns of one kind, in the order in which they are worked out; each may read those before it."""


def prepared(
    frame: pl.DataFrame, columns: Sequence[Column], steps: Mapping[str, Callable[[Column], Steps]]
) -> pl.DataFrame:
    """The frame with helper columns that decoders read.

    `<name>~` is the cleaned text, `<name>~hidden` says where hidden signs were, `<name>~digits` stands for numbers, and
    `steps` names others by kind. Worked out once: an expression that is repeated inside another costs its square.
    """
    names = [column.name for column in columns]
    odd = frame.select(pl.col(name).str.contains(_HIDDEN_OR_SPACE).any() for name in names).row(0)
    helpers = []
    for name, is_odd in zip(names, odd, strict=True):
        hidden = pl.col(name).str.contains(HIDDEN).fill_null(value=False) if is_odd else pl.lit(value=False)
        helpers += [_cleaned(name, is_odd=bool(is_odd)).alias(f"{name}~"), hidden.alias(f"{name}~hidden")]
    lazy = frame.lazy().with_columns(helpers)
    numbers = [column.name for column in columns if column.reads in _DIGIT_KINDS]
    lazy = lazy.with_columns(_digits(name).alias(f"{name}~digits") for name in numbers)
    wanted = [steps[column.reads](column) for column in columns if column.reads in steps]
    for turn in range(max((len(one) for one in wanted), default=0)):
        lazy = lazy.with_columns(**{name: expr for one in wanted for name, expr in _turn(one, turn).items()})
    return lazy.collect()


def _turn(steps: Steps, turn: int) -> dict[str, pl.Expr]:
    return steps[turn] if turn < len(steps) else {}


def _cleaned(name: str, *, is_odd: bool) -> pl.Expr:
    text = pl.col(name)
    if is_odd:
        text = text.str.replace_all(HIDDEN, "").str.replace_all("\u00a0", " ", literal=True)
    text = text.str.strip_chars()
    short = pl.when(text.str.len_bytes() <= _LONGEST_NOTHING).then(text).str.to_lowercase()
    return pl.when(~short.is_in(NOTHING).fill_null(value=False)).then(text)


def _digits(name: str) -> pl.Expr:
    return in_digits(cleaned(name)).str.replace(r"\.0+$", "").str.replace_all(r"[\s\-]", "")


def in_digits(text: pl.Expr) -> pl.Expr:
    """A text with Thai digits written as Arabic ones (T14)."""
    return text.str.replace_many(THAI_DIGITS)


def cleaned(name: str) -> pl.Expr:
    """A text cell without hidden signs and outer spaces; null for the words that mean nothing (T20, T21)."""
    return pl.col(f"{name}~")


def digits(name: str) -> pl.Expr:
    """The digits of a cell, as `kernel.ids.digits` gives them: Thai digits read, a spreadsheet's `.0` cut (T14)."""
    return pl.col(f"{name}~digits")


def hidden(name: str) -> pl.Expr:
    """Where a cell held signs that nobody sees."""
    return pl.col(f"{name}~hidden")
