"""What the conditions on one fact can answer together: one pattern for each interval or class of its values, and for none.

Facts are taken as free of each other, and a limit that is worked out of other facts as free of everything. So a pattern
that cannot happen may be listed, and none that can happen is left out: what holds for all patterns holds for all firms.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

from iindustry.programmes.closures import TESTS, compile_operand
from iindustry.programmes.facts import spec_of
from iindustry.programmes.tree import Condition, FactRef, Literal, Missing, Op, Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iindustry.programmes.closures import Context
    from iindustry.programmes.tree import Plain

MOST_ELEMENTS = 8
MOST_ASSUMED = 3
OTHER = "·other"
Pattern: TypeAlias = tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that varies freely: a fact, and the leaves that it answers. `values`: patterns of a fact that is known."""

    name: str
    leaves: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    values: tuple[Pattern, ...]


def variables(leaves: Sequence[Condition], constants: Context) -> list[Variable]:
    """What varies under these conditions, in order of first use."""
    by_fact: dict[str, list[Condition]] = defaultdict(list)
    free: list[Condition] = []
    operands = {leaf.id: _operand(leaf, constants) for leaf in leaves}
    days = {leaf.fact for leaf in leaves if leaf.op is Op.WITHIN_DAYS}
    fixed_days = {leaf.fact for leaf in leaves if leaf.op not in {Op.WITHIN_DAYS, Op.KNOWN}} & days
    for leaf in leaves:
        is_apart = operands[leaf.id] is None or (leaf.op is Op.WITHIN_DAYS and leaf.fact in fixed_days)
        if is_apart and leaf.op is not Op.KNOWN:
            free.append(leaf)  # a window that moves with the day, beside days that do not: apart
        else:
            by_fact[leaf.fact].append(leaf)
    found = [_of_fact(fact, own, operands) for fact, own in by_fact.items()]
    return [one for group in found for one in group] + [_free(leaf) for leaf in free]


def _operand(leaf: Condition, constants: Context) -> object | None:
    return True if leaf.op is Op.KNOWN else compile_operand(leaf, constants)({}, {})


def _free(leaf: Condition) -> Variable:
    missing = Truth.NO if leaf.on_missing.kind is Missing.FAIL else Truth.UNKNOWN
    known = ((Truth.NO,), (Truth.YES,))
    return Variable(f"{leaf.fact}#{leaf.id}", (leaf.id,), _once([*known, (missing,)]), known)


def _of_fact(fact: str, leaves: list[Condition], operands: Mapping[str, object | None]) -> list[Variable]:
    elements = _elements(leaves, operands)
    assumed = [leaf for leaf in leaves if isinstance(leaf.on_missing.assume, FactRef)]
    if len(elements) > MOST_ELEMENTS or len(assumed) > MOST_ASSUMED:
        return [
            _of_one(leaf, operands) for leaf in leaves
        ]  # each by itself: more patterns than there are, none left out
    values = _once(
        tuple(_answer(leaf, value, operands) for leaf in leaves)
        for value in _representatives(fact, leaves, operands, elements)
    )
    absent = product(*(_absent(leaf, operands) for leaf in leaves))
    return [Variable(fact, tuple(leaf.id for leaf in leaves), _once([*values, *absent]), values)]


def _of_one(leaf: Condition, operands: Mapping[str, object | None]) -> Variable:
    known = ((Truth.NO,), (Truth.YES,))
    return Variable(
        f"{leaf.fact}#{leaf.id}", (leaf.id,), _once([*known, *((one,) for one in _absent(leaf, operands))]), known
    )


def _answer(leaf: Condition, value: Plain, operands: Mapping[str, object | None]) -> Truth:
    if leaf.op is Op.KNOWN:
        return _truth(isinstance(leaf.value, Literal) and leaf.value.value is True)
    return _truth(TESTS[leaf.op](value, operands[leaf.id]))


def _absent(leaf: Condition, operands: Mapping[str, object | None]) -> tuple[Truth, ...]:
    if leaf.op is Op.KNOWN:
        return (_truth(isinstance(leaf.value, Literal) and leaf.value.value is False),)
    assume = leaf.on_missing.assume
    if isinstance(assume, FactRef):
        return (Truth.NO, Truth.YES, Truth.UNKNOWN)
    if assume is not None:
        return (_truth(TESTS[leaf.op](assume.value, operands[leaf.id])),)
    return (Truth.NO if leaf.on_missing.kind is Missing.FAIL else Truth.UNKNOWN,)


def _truth(met: bool) -> Truth:
    return Truth.YES if met else Truth.NO


def _elements(leaves: Iterable[Condition], operands: Mapping[str, object | None]) -> list[str]:
    found: set[str] = set()
    for leaf in leaves:
        operand = operands[leaf.id]
        if spec_of(leaf.fact).type == "set" and isinstance(operand, frozenset):
            found |= {str(one) for one in operand}
    return sorted(found)


def _representatives(
    fact: str, leaves: list[Condition], operands: Mapping[str, object | None], elements: list[str]
) -> list[Plain]:
    """At least one value of each interval or class that the tests tell apart."""
    spec = spec_of(fact)
    if spec.type == "bool":
        return [False, True]
    if spec.type == "set":
        among = [*elements, OTHER]
        return [frozenset(one) for size in range(len(among) + 1) for one in combinations(among, size)]
    said = [one for leaf in leaves if leaf.op is not Op.KNOWN for one in _said(operands[leaf.id])]
    if spec.ordered:
        numbers = [int(one) for one in said if isinstance(one, int)]
        low, high = (-(10**9), 10**9) if spec.type == "date" else (spec.least, spec.most)
        near = {low, high, *(one + step for one in numbers for step in (-1, 0, 1))}
        return sorted(one for one in near if low <= one <= high)
    codes = [str(one) for one in said]
    # A prefix has codes of its own that nobody names; so has the rest.
    unnamed = [code + "·" for code in codes] + [OTHER]
    return sorted({*spec.codes}) if spec.codes else sorted({*codes, *unnamed})


def _said(operand: object | None) -> list[Plain]:
    if isinstance(operand, (tuple, frozenset, list)):
        return list(operand)
    return [] if operand is None else [operand]  # type: ignore[list-item]


def _once(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    return tuple(dict.fromkeys(patterns))


def only_values(variable: Variable, leaves: Mapping[str, Condition]) -> Variable:
    """The variable as far as its value goes: none at all counts where a rule asks whether it is known, or says no to none."""
    says_none = any(
        leaves[key].op is Op.KNOWN or leaves[key].on_missing.kind is Missing.FAIL for key in variable.leaves
    )
    return variable if says_none else replace(variable, patterns=variable.values)
