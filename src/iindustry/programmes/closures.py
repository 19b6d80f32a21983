"""One enterprise, one programme: the tree as Python closures, every condition answered, none skipped.

Same tree, same three values and same rounding as `columns`; a parity test holds the two together.
Invariant: a value that is not there never reaches an operator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import lcm
from typing import TYPE_CHECKING, TypeAlias

from iindustry.programmes.facts import NOTHING, Facts, Reading, Why
from iindustry.programmes.tree import (
    Asked,
    CodeMap,
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
    Plain,
    Scale,
    Some,
    Truth,
    items,
)

if TYPE_CHECKING:
    from datetime import date

    from iindustry.programmes.amounts import Parameter
    from iindustry.programmes.published import Bundle
    from iindustry.programmes.tree import Amount, Derivation, Node

NO, YES, UNKNOWN = Truth.NO, Truth.YES, Truth.UNKNOWN


@dataclass(frozen=True, slots=True)
class Ground:
    """The known values that closures read: of the enterprise, and of each establishment with the enterprise's."""

    values: Mapping[str, Plain]
    sites: tuple[Mapping[str, Plain], ...]
    listed: bool
    asked: Mapping[str, int]


@dataclass(slots=True)
class Notes:
    """What one walk notes: the answer of each item, those answered by what they assume, and each `some`'s establishments."""

    answers: list[Truth]
    assumed: set[int]
    sites: dict[int, list[tuple[Truth, Notes]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of a tree, and of each of its items in document order; `assumed` are the items answered so.

    `sites`: by the number of a `some`, what it asks of each establishment answered, with the notes of that walk.
    """

    answer: Truth
    answers: tuple[Truth, ...]
    assumed: frozenset[int]
    sites: Mapping[int, list[tuple[Truth, Notes]]] = field(default_factory=dict)

    @property
    def fail_bits(self) -> int:
        """One bit for each item that is no."""
        return sum([1 << i for i, one in enumerate(self.answers) if one is NO]) if NO in self.answers else 0

    @property
    def unknown_bits(self) -> int:
        """One bit for each item that is unknown."""
        return sum([1 << i for i, one in enumerate(self.answers) if one is UNKNOWN]) if UNKNOWN in self.answers else 0


@dataclass(frozen=True, slots=True)
class Context:
    """What is constant for one day: the numbers of parameters and the day itself, as days since 1970."""

    parameters: Mapping[str, int | None]
    today: int


TESTS: dict[Op, Callable[..., bool]] = {
    Op.EQ: lambda value, other: value == other,
    Op.NE: lambda value, other: value != other,
    Op.IN: lambda value, other: value in other,
    Op.NOT_IN: lambda value, other: value not in other,
    Op.LT: lambda value, other: value < other,
    Op.LE: lambda value, other: value <= other,
    Op.GT: lambda value, other: value > other,
    Op.GE: lambda value, other: value >= other,
    Op.BETWEEN: lambda value, ends: ends[0] <= value <= ends[1],
    Op.PREFIX: lambda value, starts: value.startswith(starts),
    Op.HAS_ANY: lambda value, other: not value.isdisjoint(other),
    Op.HAS_ALL: lambda value, other: value.issuperset(other),
    Op.WITHIN_DAYS: lambda value, ends: ends[0] <= value <= ends[1],
}
"""What each operator asks of a known value and a known operand."""


def context(parameters: Mapping[str, Parameter], as_of: date) -> Context:
    """The constants of a programme on a day."""
    from iindustry.programmes.facts import EPOCH

    return Context({name: one.at(as_of) for name, one in parameters.items()}, (as_of - EPOCH).days)


def root(bundle: Bundle) -> Node:
    """The programme's tree; one about establishments holds where at least one establishment meets it."""
    node = bundle.programme.conditions
    if node is None:
        raise ValueError("a card has no rule")
    return Some("site", 1, node) if bundle.programme.subject == "establishment" else node


def closures(bundle: Bundle, as_of: date) -> Callable[[Facts], Outcome]:
    """The rule of a programme on a day: facts of one enterprise to its answer."""
    evaluate = compile_tree(root(bundle), context(bundle.programme.parameters, as_of))
    prepared = deriver(bundle.derivations, as_of)

    def answer(facts: Facts) -> Outcome:
        return evaluate(prepared(facts)[1])

    return answer


def ground(facts: Facts) -> Ground:
    """The known values of facts, each establishment's laid over the enterprise's."""
    values = {name: one.value for name, one in facts.readings.items() if one.value is not None}
    sites = tuple(
        {**values, **{name: one.value for name, one in site.readings.items() if one.value is not None}}
        for site in facts.sites
    )
    return Ground(values, sites, facts.listed, facts.asked)


def derived(facts: Facts, derivations: Mapping[str, Derivation]) -> Facts:
    """The facts with those that definitions give; what a register says of a defined fact is not read."""
    if not derivations:
        return facts
    return replace(facts, readings=deriver(derivations, facts.as_of)(facts)[0])


def deriver(derivations: Mapping[str, Derivation], as_of: date) -> Callable[[Facts], tuple[dict[str, Reading], Ground]]:
    """Facts of a day to their readings, derived ones with them, and the ground that rules read."""
    from iindustry.programmes.facts import EPOCH

    constants = Context({}, (as_of - EPOCH).days)
    steps = [
        (fact, how, compile_tree(how.node, constants) if isinstance(how, Flag) else None)
        for fact, how in derivations.items()
    ]

    def prepared(facts: Facts) -> tuple[dict[str, Reading], Ground]:
        readings = dict(facts.readings)
        base = ground(facts)
        values = dict(base.values)
        whole = replace(base, values=values)
        own = [site.readings for site in facts.sites]
        for fact, how, evaluate in steps:
            readings[fact] = found = _derived_reading(how, evaluate, readings, whole, as_of)
            _put(values, fact, found.value)
            for said, site in zip(own, base.sites, strict=True):
                if fact not in said or said[fact].value is None:
                    _put(site, fact, found.value)  # type: ignore[arg-type]
        return readings, whole

    return prepared


def _put(values: dict[str, Plain], fact: str, value: Plain | None) -> None:
    if value is None:
        values.pop(fact, None)
    else:
        values[fact] = value


def _derived_reading(
    how: Derivation,
    evaluate: Callable[[Ground], Outcome] | None,
    readings: Mapping[str, Reading],
    known: Ground,
    as_of: date,
) -> Reading:
    if evaluate is not None:
        answer = evaluate(known).answer
        value = None if answer is UNKNOWN else answer is YES
        return Reading(value, None if value is not None else Why.MISSING, "derived", as_of)
    assert not isinstance(how, Flag)  # noqa: S101 - flags are compiled
    base = readings.get(how.on, NOTHING)
    if base.value is None:
        return replace(base, via=how.on)
    found: Plain | None
    if isinstance(how, Ladder):
        split = readings.get(how.split, NOTHING) if how.split else NOTHING
        if how.split and split.value is None:
            return replace(split, via=how.split)
        found = rung(how, base.value, str(split.value) if how.split else "")
    else:
        found = mapped(how, str(base.value))
    why = None if found is not None else Why.MISSING
    return Reading(found, why, base.source, base.as_of, base.standing, how.on)


def rung(ladder: Ladder, value: Plain, split: str) -> str | None:
    """The class of a number: the first whose upper limit, included, is not passed."""
    if split not in ladder.upto:
        return None
    return next((name for name, limit in ladder.upto[split] if value <= limit), ladder.above)  # type: ignore[operator]


def mapped(how: CodeMap, code: str) -> str | None:
    """The code that another stands for; by the longest prefix where the map says so."""
    if not how.by_prefix:
        return how.table.get(code, how.otherwise)
    best = max((key for key in how.table if code.startswith(key)), key=len, default=None)
    return how.otherwise if best is None else how.table[best]


Walk: TypeAlias = Callable[[Ground, Mapping[str, Plain], Notes], Truth]


def compile_tree(node: Node, constants: Context) -> Callable[[Ground], Outcome]:
    """A tree as one function; every item is answered, also where the answer of the whole is clear before."""
    numbering = {one.id: i for i, one in enumerate(items(node))}
    count = len(numbering)
    evaluate = _compile(node, constants, numbering)

    def answer(facts: Ground) -> Outcome:
        notes = Notes([UNKNOWN] * count, set(), {})
        truth = evaluate(facts, facts.values, notes)
        return Outcome(truth, tuple(notes.answers), frozenset(notes.assumed), notes.sites)

    return answer


def _compile(node: Node, constants: Context, numbering: Mapping[str, int]) -> Walk:
    if isinstance(node, Condition):
        return _leaf(node, constants, numbering[node.id])
    if isinstance(node, Some):
        return _some(node, constants, numbering)
    if isinstance(node, Not):
        inner = _compile(node.of, constants, numbering)

        def turned(facts: Ground, values: Mapping[str, Plain], notes: Notes) -> Truth:
            return opposite(inner(facts, values, notes))

        return turned
    parts = tuple(_compile(child, constants, numbering) for child in node.of)
    need = node.need

    def counted(facts: Ground, values: Mapping[str, Plain], notes: Notes) -> Truth:
        return count_truths([part(facts, values, notes) for part in parts], need)

    return counted


def opposite(truth: Truth) -> Truth:
    """Yes for no, no for yes; unknown stays."""
    return UNKNOWN if truth is UNKNOWN else NO if truth is YES else YES


def count_truths(truths: list[Truth], need: int) -> Truth:
    """Yes where enough are yes; no where too few are left that are not no; else unknown."""
    if truths.count(YES) >= need:
        return YES
    return NO if len(truths) - truths.count(NO) < need else UNKNOWN


def _some(node: Some, constants: Context, numbering: Mapping[str, int]) -> Walk:
    inner = _compile(node.of, constants, numbering)
    own = numbering[node.id]
    below = tuple(numbering[one.id] for one in items(node.of))

    def counted(facts: Ground, values: Mapping[str, Plain], notes: Notes) -> Truth:  # noqa: ARG001
        seen: list[tuple[Truth, Notes]] = []
        answers = notes.answers
        for site in facts.sites:
            each = Notes([UNKNOWN] * len(answers), set(), {})
            seen.append((inner(facts, site, each), each))
            notes.assumed |= each.assumed
        notes.sites[own] = seen
        for i in below:
            answers[i] = count_truths([each.answers[i] for _, each in seen], 1) if facts.listed else UNKNOWN
        answers[own] = count_truths([truth for truth, _ in seen], node.need) if facts.listed else UNKNOWN
        return answers[own]

    return counted


def _leaf(node: Condition, constants: Context, own: int) -> Walk:
    fact, op, missing = node.fact, node.op, node.on_missing
    if op is Op.KNOWN:
        wanted = isinstance(node.value, Literal) and node.value.value is True

        def known(facts: Ground, values: Mapping[str, Plain], notes: Notes) -> Truth:  # noqa: ARG001
            notes.answers[own] = truth = YES if (fact in values) is wanted else NO
            return truth

        return known
    operand = compile_operand(node, constants)
    absent = NO if missing.kind is Missing.FAIL else UNKNOWN
    assume = missing.assume
    test = TESTS[op]

    def leaf(facts: Ground, values: Mapping[str, Plain], notes: Notes) -> Truth:
        value = values.get(fact)
        if value is None and assume is not None:
            value = assume.value if isinstance(assume, Literal) else values.get(assume.fact)
            if value is not None:
                notes.assumed.add(own)
        other = operand(values, facts.asked)
        truth = absent if value is None or other is None else YES if test(value, other) else NO
        notes.answers[own] = truth
        return truth

    return leaf


def compile_operand(
    node: Condition, constants: Context
) -> Callable[[Mapping[str, Plain], Mapping[str, int]], object | None]:
    """What a condition compares with: a constant, or an amount of other facts; None where one of them is missing."""
    if node.op is Op.WITHIN_DAYS:
        ends = (constants.today - int(node.value.value), constants.today)  # type: ignore[union-attr, arg-type]
        return lambda values, asked: ends  # noqa: ARG005
    if node.op is Op.BETWEEN:
        low, high = (compile_amount(one, constants) for one in node.value)  # type: ignore[union-attr]

        def both(values: Mapping[str, Plain], asked: Mapping[str, int]) -> object | None:
            least, most = low(values, asked), high(values, asked)
            return None if least is None or most is None else (least, most)

        return both
    if isinstance(node.value, tuple):
        listed = tuple(one.value for one in node.value)  # type: ignore[union-attr]
        fixed: object = listed if node.op is Op.PREFIX else frozenset(listed)
        return lambda values, asked: fixed  # noqa: ARG005
    return compile_amount(node.value, constants)


def compile_amount(
    amount: Amount, constants: Context
) -> Callable[[Mapping[str, Plain], Mapping[str, int]], Plain | None]:
    """An amount in whole units, rounded down once, at the end; None where an ingredient is missing."""
    if isinstance(amount, Literal):
        literal = amount.value
        return lambda values, asked: literal  # noqa: ARG005
    if isinstance(amount, FactRef):
        name = amount.fact
        return lambda values, asked: values.get(name)  # noqa: ARG005
    numerator, unit = _exact(amount, constants)

    def whole(values: Mapping[str, Plain], asked: Mapping[str, int]) -> Plain | None:
        found = numerator(values, asked)
        return None if found is None else found // unit

    return whole


_FOLDS: dict[str, Callable[[list[int]], int]] = {
    "min": min,
    "max": max,
    "add": sum,
    "sub": lambda parts: parts[0] - sum(parts[1:]),
}


def _exact(
    amount: Amount, constants: Context
) -> tuple[Callable[[Mapping[str, Plain], Mapping[str, int]], int | None], int]:
    if isinstance(amount, Literal):
        literal = int(amount.value)  # type: ignore[arg-type]
        return lambda values, asked: literal, 1  # noqa: ARG005
    if isinstance(amount, FactRef):
        fact = amount.fact
        return lambda values, asked: values.get(fact), 1  # noqa: ARG005
    if isinstance(amount, ParamRef):
        number = constants.parameters.get(amount.name)
        return lambda values, asked: number, 1  # noqa: ARG005
    if isinstance(amount, Asked):
        name = amount.name
        return lambda values, asked: asked.get(name), 1  # noqa: ARG005
    if isinstance(amount, Scale):
        inner, unit = _exact(amount.of, constants)
        factor = amount.numerator

        def scaled(values: Mapping[str, Plain], asked: Mapping[str, int]) -> int | None:
            found = inner(values, asked)
            return None if found is None else found * factor

        return scaled, unit * amount.denominator
    return _fold(amount, constants)


def _fold(
    amount: Fold, constants: Context
) -> tuple[Callable[[Mapping[str, Plain], Mapping[str, int]], int | None], int]:
    parts = [_exact(one, constants) for one in amount.of]
    unit = lcm(*(each for _, each in parts))
    fold = _FOLDS[amount.op]

    def folded(values: Mapping[str, Plain], asked: Mapping[str, int]) -> int | None:
        found: list[int] = []
        for inner, each in parts:
            one = inner(values, asked)
            if one is None:
                return None
            found.append(one * (unit // each))
        return fold(found)

    return folded, unit


def operand_of(
    node: Condition, constants: Context, values: Mapping[str, Plain], asked: Mapping[str, int]
) -> object | None:
    """The operand of a condition for one enterprise, for its explanation."""
    return compile_operand(node, constants)(values, asked)
