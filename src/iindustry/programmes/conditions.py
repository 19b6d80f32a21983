"""One condition over many rows: each distinct one is answered once and kept, whichever programmes ask it.

A test is done on a column's dictionary where it has one, so that text is compared a few hundred times and not millions.
Invariant: a test is null exactly where its value, or what it is compared with, is missing.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache, reduce
from math import lcm
from operator import and_, or_
from typing import TYPE_CHECKING

import polars as pl

from iindustry.programmes.bitmaps import Truths, all_rows
from iindustry.programmes.coding import NAMED
from iindustry.programmes.facts import spec_of
from iindustry.programmes.frames import ENGINE_TYPES
from iindustry.programmes.tree import Asked, FactRef, Literal, Missing, Op, ParamRef, Scale

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iindustry.programmes.closures import Context
    from iindustry.programmes.facts_table import Rows
    from iindustry.programmes.tree import Amount, Condition, Fold, OnMissing, Plain

TESTS: dict[Op, Callable[[pl.Expr, list[pl.Expr]], pl.Expr]] = {
    Op.EQ: lambda value, others: value == others[0],
    Op.NE: lambda value, others: value != others[0],
    Op.IN: lambda value, others: reduce(or_, [value == other for other in others]),
    Op.NOT_IN: lambda value, others: reduce(and_, [value != other for other in others]),
    Op.LT: lambda value, others: value < others[0],
    Op.LE: lambda value, others: value <= others[0],
    Op.GT: lambda value, others: value > others[0],
    Op.GE: lambda value, others: value >= others[0],
    Op.BETWEEN: lambda value, ends: (value >= ends[0]) & (value <= ends[1]),
    Op.PREFIX: lambda value, starts: pl.any_horizontal([value.str.starts_with(start) for start in starts]),
    Op.HAS_ANY: lambda value, others: pl.any_horizontal([value.list.contains(other) for other in others]),
    Op.HAS_ALL: lambda value, others: pl.all_horizontal([value.list.contains(other) for other in others]),
    Op.WITHIN_DAYS: lambda value, ends: (value >= ends[0]) & (value <= ends[1]),
}
"""What each operator asks of a column that is not null."""

PLAIN = frozenset({Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE, Op.BETWEEN, Op.WITHIN_DAYS})
"""Operators whose test reads the same over a column as over an expression, where what is compared with is a number."""

WORDS = frozenset({Op.EQ, Op.NE, Op.IN, Op.NOT_IN})
"""The same over a dictionary of texts."""

KEPT = 192
"""Tests kept of one set of rows: at 3.2 million rows less than a megabyte each."""
FEW = 6
VALUE = "·value"


@dataclass(frozen=True, slots=True)
class Constants:
    """What is constant for one programme: parameters and day, what is asked for, and the columns of derived facts."""

    context: Context
    asked: Mapping[str, int]
    columns: Mapping[str, str] = field(default_factory=dict)

    def column(self, fact: str) -> str:
        """The column that a fact is read from: its own name, but for facts that definitions give."""
        return self.columns.get(fact, fact)


class Asking:
    """Rows with the tests done on them. `above`: the rows of the enterprises, and which of them each row belongs to."""

    def __init__(self, rows: Rows, above: tuple[Asking, pl.Series | None] | None = None) -> None:
        """Over `rows`; `above` with None has the same rows, establishment by enterprise."""
        self.rows = rows
        self.above = above
        self.height = rows.height
        self._columns: dict[str, pl.Series] = {}
        self._meanings: dict[str, pl.Series] = {}
        self._kept: OrderedDict[object, pl.Series] = OrderedDict()

    def add(self, name: str, column: pl.Series, meaning: pl.Series | None) -> None:
        """A derived column under a name of its own."""
        self._columns[name] = column
        if meaning is not None:
            self._meanings[name] = meaning

    def has(self, name: str) -> bool:
        """Whether a derived column is there."""
        return name in self._columns

    def column(self, name: str, fact: str) -> pl.Series:
        """A fact's column; null everywhere where no register holds it."""
        found = self._columns.get(name)
        if found is None:
            found = self._read(name, fact)
            self._columns[name] = found
        return found

    def _read(self, name: str, fact: str) -> pl.Series:
        if name in self.rows.columns:
            return self.rows.columns[name]
        if self.above is not None and spec_of(fact).of == "enterprise":
            asking, row = self.above
            whole = asking.column(name, fact)
            return whole if row is None else whole.gather(row)
        kind = pl.UInt8() if spec_of(fact).type in NAMED else ENGINE_TYPES[spec_of(fact).type]
        return pl.repeat(None, self.height, dtype=kind, eager=True)

    def meaning(self, name: str, fact: str) -> pl.Series:
        """What the numbers of a named fact stand for."""
        if name in self._meanings:
            return self._meanings[name]
        if name in self.rows.dictionaries:
            return self.rows.dictionaries[name]
        if self.above is not None and spec_of(fact).of == "enterprise":
            return self.above[0].meaning(name, fact)
        return pl.Series([], dtype=pl.List(pl.String) if spec_of(fact).type == "set" else pl.String)

    def truths(self, node: Condition, constants: Constants) -> Truths:
        """A condition answered for every row."""
        fact = node.fact
        if node.op is Op.KNOWN:
            known = self.column(constants.column(fact), fact).is_not_null()
            met = known if isinstance(node.value, Literal) and node.value.value is True else ~known
            return Truths(met, met)
        met = self.tested(fact, node, constants)
        if node.on_missing.assume is not None and met.null_count():
            met = self._spare(met, node, node.on_missing, constants)
        if not met.null_count():
            return Truths(met, met)
        # Bit by bit, null and no is no, null or yes is yes: what `fill_null` gives, without a query of its own.
        known = met.is_not_null()
        yes = met & known
        return Truths(yes, yes if node.on_missing.kind is Missing.FAIL else met | ~known)

    def assumed(self, node: Condition, constants: Constants) -> pl.Series | None:
        """Where a condition is answered by what it assumes; None where it assumes nothing."""
        assume = node.on_missing.assume
        if assume is None or node.op is Op.KNOWN:
            return None
        absent = self.column(constants.column(node.fact), node.fact).is_null()
        if isinstance(assume, Literal):
            return absent
        return absent & self.column(constants.column(assume.fact), assume.fact).is_not_null()

    def tested(self, fact: str, node: Condition, constants: Constants) -> pl.Series:
        """The test of a condition on a fact's column, null where value or operand is missing; kept for who asks again."""
        column = constants.column(fact)
        key = (
            column,
            node.op,
            _key(node.value, constants),
            constants.context.today if node.op is Op.WITHIN_DAYS else 0,
        )
        found = self._kept.get(key)
        if found is None:
            found = self._test(fact, column, node, constants)
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found

    def values(self, fact: str, constants: Constants) -> pl.Series:
        """A fact's values as the engine has them: whole numbers of 64 bits, flags, text, lists of text."""
        name = constants.column(fact)
        column = self.column(name, fact)
        if spec_of(fact).type in NAMED:
            return self.meaning(name, fact).gather(column.cast(pl.UInt32))
        return column.cast(ENGINE_TYPES[spec_of(fact).type])

    def amount(self, amount: Amount, constants: Constants) -> pl.Series:
        """An amount for every row, null where an ingredient is missing; rounded down once, at the end."""
        wanted = sorted(set(_facts(amount)))
        frame = pl.DataFrame([self.values(fact, constants).rename(constants.column(fact)) for fact in wanted])
        if not wanted:
            one = pl.select(_whole(amount, constants)).to_series()[0]
            return pl.repeat(one, self.height, dtype=pl.Int64, eager=True)
        return frame.select(_whole(amount, constants).alias(VALUE)).to_series()

    def _spare(self, met: pl.Series, node: Condition, missing: OnMissing, constants: Constants) -> pl.Series:
        """A test where what is missing is taken from what the condition assumes."""
        if isinstance(missing.assume, FactRef):
            other = self.tested(missing.assume.fact, node, constants)
        else:
            assert missing.assume is not None  # noqa: S101 - the caller looked
            other = self._literal_test(missing.assume.value, node, constants)
        return pl.select(pl.coalesce(met, other)).to_series()

    def _test(self, fact: str, column: str, node: Condition, constants: Constants) -> pl.Series:
        spec = spec_of(fact)
        values = self.column(column, fact)
        if not all(isinstance(one, (Literal, ParamRef)) for one in _amounts(node)):
            return self._against_columns(self.values(fact, constants), node, constants)
        if spec.type in NAMED:
            return _of_numbers(values, _over(self.meaning(column, fact), node, constants))
        return _over(_wide_enough(values, node, constants), node, constants)

    def _literal_test(self, value: Plain, node: Condition, constants: Constants) -> pl.Series:
        if not all(isinstance(one, (Literal, ParamRef)) for one in _amounts(node)):
            kind = ENGINE_TYPES[spec_of(node.fact).type]
            return self._against_columns(pl.repeat(value, self.height, dtype=kind, eager=True), node, constants)
        plain = sorted(value) if isinstance(value, frozenset) else value
        one = pl.Series([plain], dtype=ENGINE_TYPES[spec_of(node.fact).type])
        return pl.repeat(_over(one, node, constants)[0], self.height, dtype=pl.Boolean, eager=True)

    def _against_columns(self, values: pl.Series, node: Condition, constants: Constants) -> pl.Series:
        others = [
            self.values(fact, constants).rename(constants.column(fact))
            for fact in sorted({fact for one in _amounts(node) for fact in _facts(one)})
        ]
        frame = pl.DataFrame([values.rename(VALUE), *others])
        return frame.select(_test(pl.col(VALUE), node, constants).alias(VALUE)).to_series()


def _over(values: pl.Series, node: Condition, constants: Constants) -> pl.Series:
    """The test of a condition on values, what they are compared with being constant."""
    if node.op in PLAIN and values.dtype.is_integer():
        numbers = _constants(node, constants)
        if None not in numbers:
            return TESTS[node.op](values, numbers)  # type: ignore[arg-type, return-value]
    if node.op in WORDS and values.dtype == pl.String:
        words = [one.value for one in _amounts(node)]  # type: ignore[union-attr]
        return TESTS[node.op](values, words)  # type: ignore[arg-type, return-value]
    frame = pl.DataFrame([values.rename(VALUE)])
    return frame.select(_test(pl.col(VALUE), node, constants).cast(pl.Boolean).alias(VALUE)).to_series()


def _of_numbers(numbers: pl.Series, answers: pl.Series) -> pl.Series:
    """What each number of a column answers, from the answers of its dictionary; null stays null."""
    if answers.null_count():
        return answers.gather(numbers.cast(pl.UInt32))
    listed = answers.to_list()
    yes = [number for number, one in enumerate(listed) if one]
    if len(yes) in {0, len(listed)}:
        same = all_rows(numbers.len(), value=bool(yes))
        return pl.select(pl.when(numbers.is_not_null()).then(same)).to_series() if numbers.null_count() else same
    if len(yes) <= FEW:
        return reduce(or_, [_is(numbers, one) for one in yes])
    no = [number for number, one in enumerate(listed) if not one]
    if len(no) <= FEW:
        return reduce(and_, [~_is(numbers, one) for one in no])
    if yes[-1] - yes[0] + 1 == len(yes):
        return (numbers >= yes[0]) & (numbers <= yes[-1])
    return answers.gather(numbers.cast(pl.UInt32))


def _is(numbers: pl.Series, one: int) -> pl.Series:
    return numbers == one


def _wide_enough(values: pl.Series, node: Condition, constants: Constants) -> pl.Series:
    """A column that can be compared with the condition's numbers: widened where one does not fit its type."""
    if not values.dtype.is_integer():
        return values
    least, most = _bounds(values.dtype)
    fits = all(least <= one <= most for one in _constants(node, constants) if one is not None)
    return values if fits else values.cast(pl.Int64)


@cache
def _bounds(kind: pl.DataType) -> tuple[int, int]:
    low, high = kind.min(), kind.max()  # type: ignore[attr-defined]
    least, most = pl.select(low.alias("least"), high.alias("most")).row(0)
    return int(least), int(most)


def _constants(node: Condition, constants: Constants) -> list[int | None]:
    if node.op is Op.WITHIN_DAYS:
        today = constants.context.today
        return [today - int(node.value.value), today]  # type: ignore[union-attr, arg-type]
    found: list[int | None] = []
    for one in _amounts(node):
        number = constants.context.parameters.get(one.name) if isinstance(one, ParamRef) else one.value  # type: ignore[union-attr]
        found.append(None if number is None else int(number))  # type: ignore[arg-type]
    return found


def _test(value: pl.Expr, node: Condition, constants: Constants) -> pl.Expr:
    """The test as an expression that is null where the value or what it is compared with is missing."""
    if spec_of(node.fact).type == "set" and node.op in {Op.EQ, Op.NE}:
        members = sorted(node.value.value)  # type: ignore[union-attr, arg-type]
        held = [value.list.contains(pl.lit(member)) for member in members]
        same = pl.all_horizontal(value.list.n_unique() == len(members), *held)
        flag = pl.when(same).then(pl.lit(1)).otherwise(pl.lit(0))
        return pl.when(value.is_not_null()).then(TESTS[node.op](flag, [pl.lit(1)]))
    others = _operands(node, constants)
    known = value.is_not_null()
    for other in others:
        known &= other.is_not_null()
    return pl.when(known).then(TESTS[node.op](value, others))


def _operands(node: Condition, constants: Constants) -> list[pl.Expr]:
    kind = spec_of(node.fact).type
    if kind in NAMED:
        return [pl.lit(one.value, pl.String) for one in _amounts(node)]  # type: ignore[union-attr]
    if kind == "bool":
        return [_flag(one, constants) for one in _amounts(node)]
    if all(isinstance(one, (Literal, ParamRef)) for one in _amounts(node)) or node.op is Op.WITHIN_DAYS:
        return [pl.lit(one, pl.Int64) if one is None else pl.lit(one) for one in _constants(node, constants)]
    return [_whole(one, constants) for one in _amounts(node)]


def _flag(amount: Amount, constants: Constants) -> pl.Expr:
    if isinstance(amount, FactRef):
        return pl.col(constants.column(amount.fact))
    return pl.lit(amount.value, pl.Boolean)  # type: ignore[union-attr]


def _amounts(node: Condition) -> tuple[Amount, ...]:
    return node.value if isinstance(node.value, tuple) else (node.value,)


def _facts(amount: Amount) -> tuple[str, ...]:
    from iindustry.programmes.tree import facts_of_amount

    return tuple(facts_of_amount(amount))


def _key(operand: Amount | tuple[Amount, ...], constants: Constants) -> object:  # noqa: PLR0911 - one line a kind
    """What an operand is, constants put in: equal for conditions that compare with the same."""
    if isinstance(operand, tuple):
        return tuple(_key(one, constants) for one in operand)
    if isinstance(operand, Literal):
        return (type(operand.value).__name__, operand.value)
    if isinstance(operand, ParamRef):
        return ("int", constants.context.parameters.get(operand.name))
    if isinstance(operand, FactRef):
        return ("fact", constants.column(operand.fact))
    if isinstance(operand, Asked):
        return ("asked", operand.name, constants.asked.get(operand.name))
    if isinstance(operand, Scale):
        return ("scale", operand.numerator, operand.denominator, _key(operand.of, constants))
    return (operand.op, tuple(_key(one, constants) for one in operand.of))


def _whole(amount: Amount, constants: Constants) -> pl.Expr:
    numerator, unit = _exact(amount, constants)
    return numerator if unit == 1 else numerator // unit


def _exact(amount: Amount, constants: Constants) -> tuple[pl.Expr, int]:
    if isinstance(amount, Literal):
        return pl.lit(int(amount.value), pl.Int64), 1  # type: ignore[arg-type]
    if isinstance(amount, FactRef):
        return pl.col(constants.column(amount.fact)), 1
    if isinstance(amount, ParamRef):
        return pl.lit(constants.context.parameters.get(amount.name), pl.Int64), 1
    if isinstance(amount, Asked):
        return pl.lit(constants.asked.get(amount.name), pl.Int64), 1
    if isinstance(amount, Scale):
        inner, unit = _exact(amount.of, constants)
        return inner * amount.numerator, unit * amount.denominator
    return _fold(amount, constants)


def _fold(amount: Fold, constants: Constants) -> tuple[pl.Expr, int]:
    parts = [_exact(one, constants) for one in amount.of]
    unit = lcm(*(each for _, each in parts))
    scaled = [inner * (unit // each) for inner, each in parts]
    known = scaled[0].is_not_null()
    for one in scaled[1:]:
        known &= one.is_not_null()
    if amount.op in {"min", "max"}:
        folded = (pl.min_horizontal if amount.op == "min" else pl.max_horizontal)(scaled)
    else:
        folded = scaled[0]
        for one in scaled[1:]:
            folded = folded + one if amount.op == "add" else folded - one
    return pl.when(known).then(folded), unit
