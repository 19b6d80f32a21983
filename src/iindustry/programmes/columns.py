"""All enterprises, all programmes: the tree as Polars expressions on the register's frames.

Same tree, same three values and same rounding as `closures`. A truth is two columns that are never null: *yes* and
*not no*; unknown is neither yes nor no. `some` is one group-by over establishments and a left join.
Invariant: nothing is written where an expression fails; the error goes up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING

import polars as pl

from iindustry.programmes import frames
from iindustry.programmes.closures import Context, context, root
from iindustry.programmes.facts import EPOCH, spec_of, vocabulary
from iindustry.programmes.frames import ENGINE_TYPES, KEY, LISTED
from iindustry.programmes.published import in_order, inputs_of
from iindustry.programmes.tree import (
    ANSWERS,
    Asked,
    Condition,
    FactRef,
    Flag,
    Fold,
    Ladder,
    Literal,
    Missing,
    Not,
    Op,
    ParamRef,
    Scale,
    Some,
    facts_in,
    items,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from iindustry.programmes.published import Bundle
    from iindustry.programmes.tree import Amount, Derivation, Node

TESTS: dict[Op, Callable[[pl.Expr, list[pl.Expr]], pl.Expr]] = {
    Op.EQ: lambda value, others: value == others[0],
    Op.NE: lambda value, others: value != others[0],
    Op.IN: lambda value, others: pl.any_horizontal([value == other for other in others]),
    Op.NOT_IN: lambda value, others: pl.all_horizontal([value != other for other in others]),
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


@dataclass(frozen=True, slots=True)
class Truths:
    """Three values as two expressions that are never null."""

    yes: pl.Expr
    not_no: pl.Expr


@dataclass(frozen=True, slots=True)
class _Some:
    """One `some` of one programme, as columns: counts of establishments, by the name of its programme and id."""

    name: str
    node: Some
    constants: Context


def evaluate(
    bundles: Sequence[Bundle],
    enterprises: pl.DataFrame,
    establishments: pl.DataFrame,
    as_of: date,
    *,
    asked: Mapping[str, int] | None = None,
) -> pl.DataFrame:
    """The answer of every programme for every enterprise.

    Frames as the register writes them: one column a field (`entity__capital_satang`) and its `__as_of`; a field that a
    frame lacks is unknown. Result, ordered by programme as given and enterprise as in the frame: enterprise_id,
    programme, answer (yes, no, unknown), fail_bits, unknown_bits, assumed (UInt32, one bit for each item of the tree).
    """
    plans = [_Plan(bundle, context(bundle.programme.parameters, as_of), dict(asked or {})) for bundle in bundles]
    derivations = in_order({fact: how for bundle in bundles for fact, how in bundle.derivations.items()})
    wanted = _wanted(bundles, derivations)
    specs = [spec for spec in vocabulary().values() if spec.name in wanted and spec.name not in derivations]
    facts = frames.enterprise_facts(specs, enterprises, establishments, as_of)
    sites = frames.establishment_facts(specs, establishments, as_of)
    for fact, how in derivations.items():
        facts = _with_derivation(facts, sites, fact, how, as_of)
    sites = frames.with_enterprise(sites, facts)
    facts = _counted(facts, sites, [some for plan in plans for some in plan.somes()], asked or {})
    parts = [plan.answers(facts) for plan in plans]
    return pl.concat(parts) if parts else _EMPTY.clone()


@dataclass(frozen=True, slots=True)
class _Plan:
    bundle: Bundle
    constants: Context
    asked: dict[str, int]

    @property
    def prefix(self) -> str:
        return f"·{self.bundle.programme.id}·"

    def somes(self) -> list[_Some]:
        return [
            _Some(self.prefix + one.id, one, self.constants)
            for one in items(root(self.bundle))
            if isinstance(one, Some)
        ]

    def answers(self, facts: pl.DataFrame) -> pl.DataFrame:
        node = root(self.bundle)
        found: dict[str, Truths] = {}
        assumed: dict[str, pl.Expr] = {}
        answer = _truth(node, _Reader(self.constants, self.asked, found, assumed, self.prefix))
        order = items(node)
        selected = facts.select(
            pl.col(KEY),
            pl.lit(self.bundle.programme.id).alias("programme"),
            _word(answer).alias("answer"),
            _bits([~found[one.id].not_no for one in order]).alias("fail_bits"),
            _bits([~found[one.id].yes & found[one.id].not_no for one in order]).alias("unknown_bits"),
            _bits([assumed.get(one.id, pl.lit(value=False)) for one in order]).alias("assumed"),
        )
        return selected.select(_EMPTY.columns)


_EMPTY = pl.DataFrame(
    schema={
        KEY: pl.String, "programme": pl.String, "answer": pl.Enum([one.value for one in ANSWERS]),
        "fail_bits": pl.UInt32, "unknown_bits": pl.UInt32, "assumed": pl.UInt32,
    }
)  # fmt: skip


def _word(answer: Truths) -> pl.Expr:
    words = _EMPTY.schema["answer"]
    return (
        pl.when(answer.yes).then(pl.lit("yes")).when(answer.not_no).then(pl.lit("unknown")).otherwise(pl.lit("no"))
    ).cast(words)


def _bits(flags: list[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal([flag.cast(pl.UInt32) * (1 << i) for i, flag in enumerate(flags)]).cast(pl.UInt32)


def _wanted(bundles: Sequence[Bundle], derivations: Mapping[str, Derivation]) -> set[str]:
    wanted = {fact for bundle in bundles for fact in facts_in(root(bundle))}
    for how in derivations.values():
        wanted |= inputs_of(how)
    return wanted


def _with_derivation(facts: pl.DataFrame, sites: pl.DataFrame, fact: str, how: Derivation, as_of: date) -> pl.DataFrame:
    if isinstance(how, Flag):
        constants = Context({}, (as_of - EPOCH).days)
        prefix = f"·{fact}·"
        somes = [_Some(prefix + one.id, one, constants) for one in items(how.node) if isinstance(one, Some)]
        counted = _counted(facts, frames.with_enterprise(sites, facts), somes, {})
        truth = _truth(how.node, _Reader(constants, {}, {}, {}, prefix))
        flag = counted.select(pl.when(truth.yes | ~truth.not_no).then(truth.yes).alias(fact))
        return facts.with_columns(flag[fact])
    return facts.with_columns((frames.rung(how) if isinstance(how, Ladder) else frames.mapped(how)).alias(fact))


def _counted(
    facts: pl.DataFrame, sites: pl.DataFrame, somes: Sequence[_Some], asked: Mapping[str, int]
) -> pl.DataFrame:
    """Facts with, for each `some` and each item in it, how many establishments are yes and how many are not no."""
    if not somes:
        return facts
    columns: list[pl.Expr] = []
    names: list[str] = []
    assumptions: list[str] = []
    for some in somes:
        found: dict[str, Truths] = {}
        assumed: dict[str, pl.Expr] = {}
        whole = _truth(some.node.of, _Reader(some.constants, dict(asked), found, assumed, some.name + "·"))
        for name, truth in {"": whole, **{f"·{key}": one for key, one in found.items()}}.items():
            columns += [truth.yes.alias(f"{some.name}{name}·y"), truth.not_no.alias(f"{some.name}{name}·p")]
            names += [f"{some.name}{name}·y", f"{some.name}{name}·p"]
        for key, flag in assumed.items():
            columns.append(flag.alias(f"{some.name}·{key}·a"))
            assumptions.append(f"{some.name}·{key}·a")
    counts = (
        sites.select(KEY, *columns)
        .group_by(KEY)
        .agg(*[pl.col(name).sum() for name in names], *[pl.col(name).any(ignore_nulls=False) for name in assumptions])
    )
    joined = facts.join(counts, on=KEY, how="left", maintain_order="left")
    return joined.with_columns(
        *[pl.col(name).fill_null(0) for name in names], *[pl.col(name).fill_null(value=False) for name in assumptions]
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    constants: Context
    asked: dict[str, int]
    found: dict[str, Truths]
    assumed: dict[str, pl.Expr]
    prefix: str


def _truth(node: Node, reader: _Reader) -> Truths:
    if isinstance(node, Condition):
        reader.found[node.id] = _leaf(node, reader)
        return reader.found[node.id]
    if isinstance(node, Some):
        return _some(node, reader)
    if isinstance(node, Not):
        inner = _truth(node.of, reader)
        return Truths(~inner.not_no, ~inner.yes)
    parts = [_truth(child, reader) for child in node.of]
    if node.need == len(parts):
        return Truths(pl.all_horizontal([p.yes for p in parts]), pl.all_horizontal([p.not_no for p in parts]))
    if node.need == 1:
        return Truths(pl.any_horizontal([p.yes for p in parts]), pl.any_horizontal([p.not_no for p in parts]))
    return Truths(
        pl.sum_horizontal([p.yes.cast(pl.UInt32) for p in parts]) >= node.need,
        pl.sum_horizontal([p.not_no.cast(pl.UInt32) for p in parts]) >= node.need,
    )


def _some(node: Some, reader: _Reader) -> Truths:
    name = reader.prefix + node.id
    listed = pl.col(LISTED)

    def counted(column: str, need: int) -> Truths:
        yes, possible = pl.col(f"{column}·y") >= need, pl.col(f"{column}·p") >= need
        return Truths(listed & yes, ~listed | possible)

    reader.found[node.id] = counted(name, node.need)
    for one in items(node.of):
        reader.found[one.id] = counted(f"{name}·{one.id}", 1)
        if isinstance(one, Condition) and one.on_missing.kind is Missing.ASSUME:
            reader.assumed[one.id] = pl.col(f"{name}·{one.id}·a")
    return reader.found[node.id]


def _leaf(node: Condition, reader: _Reader) -> Truths:
    value = pl.col(node.fact)
    if node.op is Op.KNOWN:
        wanted = isinstance(node.value, Literal) and node.value.value is True
        met = value.is_not_null() if wanted else value.is_null()
        return Truths(met, met)
    missing = node.on_missing
    if missing.assume is not None:
        spare = pl.col(missing.assume.fact) if isinstance(missing.assume, FactRef) else _assumed(missing.assume, node)
        reader.assumed[node.id] = value.is_null() & spare.is_not_null()
        value = pl.coalesce(value, spare)
    met = _test(node, value, reader)
    return Truths(met.fill_null(value=False), met.fill_null(value=missing.kind is not Missing.FAIL))


def _test(node: Condition, value: pl.Expr, reader: _Reader) -> pl.Expr:
    """The test as a column that is null where the value or what it is compared with is missing."""
    if spec_of(node.fact).type == "set" and node.op in {Op.EQ, Op.NE}:
        members = node.value.value  # type: ignore[union-attr]
        held = [value.list.contains(pl.lit(member)) for member in sorted(members)]  # type: ignore[arg-type]
        same = pl.all_horizontal(value.list.n_unique() == len(members), *held)  # type: ignore[arg-type]
        return pl.when(value.is_not_null()).then(same if node.op is Op.EQ else ~same)
    others = _operands(node, reader)
    known = value.is_not_null()
    for other in others:
        known &= other.is_not_null()
    return pl.when(known).then(TESTS[node.op](value, others))


def _operands(node: Condition, reader: _Reader) -> list[pl.Expr]:
    if node.op is Op.WITHIN_DAYS:
        today = reader.constants.today
        return [pl.lit(today - int(node.value.value), pl.Int64), pl.lit(today, pl.Int64)]  # type: ignore[union-attr, arg-type]
    if isinstance(node.value, tuple):
        return [_literal(one, node) if isinstance(one, Literal) else _whole(one, reader) for one in node.value]
    return [_literal(node.value, node) if isinstance(node.value, Literal) else _whole(node.value, reader)]


def _literal(literal: Literal, node: Condition) -> pl.Expr:
    kind = spec_of(node.fact).type
    return pl.lit(literal.value, pl.String() if kind == "set" else ENGINE_TYPES[kind])


def _assumed(literal: Literal, node: Condition) -> pl.Expr:
    if isinstance(literal.value, frozenset):
        return pl.lit(sorted(literal.value), pl.List(pl.String))
    return _literal(literal, node)


def _whole(amount: Amount, reader: _Reader) -> pl.Expr:
    if isinstance(amount, FactRef):
        return pl.col(amount.fact)
    numerator, unit = _exact(amount, reader)
    return numerator if unit == 1 else numerator // unit


def _exact(amount: Amount, reader: _Reader) -> tuple[pl.Expr, int]:
    if isinstance(amount, Literal):
        return pl.lit(int(amount.value), pl.Int64), 1  # type: ignore[arg-type]
    if isinstance(amount, FactRef):
        return pl.col(amount.fact), 1
    if isinstance(amount, ParamRef):
        return pl.lit(reader.constants.parameters.get(amount.name), pl.Int64), 1
    if isinstance(amount, Asked):
        return pl.lit(reader.asked.get(amount.name), pl.Int64), 1
    if isinstance(amount, Scale):
        inner, unit = _exact(amount.of, reader)
        return inner * amount.numerator, unit * amount.denominator
    return _fold(amount, reader)


def _fold(amount: Fold, reader: _Reader) -> tuple[pl.Expr, int]:
    parts = [_exact(one, reader) for one in amount.of]
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
