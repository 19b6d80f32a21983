"""Facts that a rule asks and that cannot matter: no value of theirs changes any answer.

Each fact is tried at one value an interval, and missing, against every combination of the others, up to a limit; a rule
too large to try whole is let pass. Invariant: a fact that is called dead is dead.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from iindustry.programmes.closures import TESTS, Context, compile_operand, count_truths, opposite
from iindustry.programmes.counterfactual import candidates
from iindustry.programmes.instance import Leaf
from iindustry.programmes.tree import Condition, Literal, Missing, Not, Op, Some, Truth, conditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.programmes.tree import Node

MAX_TRIES = 20_000
_NO_CONSTANTS = Context({}, 0)

Pattern = tuple[tuple[str, Truth], ...]


def dead_facts(node: Node) -> tuple[str, ...]:
    """The facts of a rule's conditions of which no value changes any answer, in order of first use."""
    facts = tuple(dict.fromkeys(leaf.fact for leaf in conditions(node)))
    patterns = {fact: _patterns([leaf for leaf in conditions(node) if leaf.fact == fact]) for fact in facts}
    return tuple(fact for fact in facts if _is_dead(fact, node, patterns))


def _is_dead(fact: str, node: Node, patterns: Mapping[str, list[Pattern]]) -> bool:
    others = [found for other, found in patterns.items() if other != fact]
    tries = list(islice(product(*others), MAX_TRIES + 1))
    if len(tries) > MAX_TRIES:
        return False
    for rest in tries:
        given = {name: truth for pattern in rest for name, truth in pattern}
        if len({_truth(node, {**given, **dict(own)}) for own in patterns[fact]}) > 1:
            return False
    return True


def _patterns(leaves: list[Condition]) -> list[Pattern]:
    """What a fact's conditions can answer together: one pattern an interval of its values, and one where it is missing."""
    tested = [leaf for leaf in leaves if leaf.op is not Op.KNOWN]
    operands = {leaf.id: compile_operand(leaf, _NO_CONSTANTS)({}, {}) for leaf in tested}
    found: set[Pattern] = {tuple((leaf.id, _missing(leaf)) for leaf in leaves)}
    if None in operands.values():
        for truths in product((Truth.NO, Truth.YES), repeat=len(leaves)):
            found.add(tuple((leaf.id, truth) for leaf, truth in zip(leaves, truths, strict=True)))
        return sorted(found)
    laid = [Leaf(leaf, None, Truth.UNKNOWN, True, frozenset(), operands[leaf.id]) for leaf in tested]  # noqa: FBT003
    for value in candidates(leaves[0].fact, laid):
        found.add(tuple((leaf.id, _answer(leaf, value, operands)) for leaf in leaves))
    return sorted(found)


def _answer(leaf: Condition, value: object, operands: Mapping[str, object | None]) -> Truth:
    if leaf.op is Op.KNOWN:
        return Truth.YES if isinstance(leaf.value, Literal) and leaf.value.value is True else Truth.NO
    return Truth.YES if TESTS[leaf.op](value, operands[leaf.id]) else Truth.NO


def _missing(leaf: Condition) -> Truth:
    if leaf.op is Op.KNOWN:
        return Truth.NO if isinstance(leaf.value, Literal) and leaf.value.value is True else Truth.YES
    return Truth.NO if leaf.on_missing.kind is Missing.FAIL else Truth.UNKNOWN


def _truth(node: Node, answers: Mapping[str, Truth]) -> Truth:
    if isinstance(node, Condition):
        return answers[node.id]
    if isinstance(node, Some):
        return _truth(node.of, answers)
    if isinstance(node, Not):
        return opposite(_truth(node.of, answers))
    return count_truths([_truth(child, answers) for child in node.of], node.need)
