"""Who just misses, and which datum would settle: the tree again with one answer changed.

A near miss is a no that would be a yes if this one item were met. A settling fact ends an unknown whatever its value is:
it is tried at one value an interval between the rule's thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from iindustry.programmes import wording
from iindustry.programmes.bitmaps import Truths, constant
from iindustry.programmes.closures import operand_of, root
from iindustry.programmes.counterfactual import candidates
from iindustry.programmes.dry_runs import NearMiss, Settling
from iindustry.programmes.facts import Words, spec_of
from iindustry.programmes.instance import Leaf
from iindustry.programmes.tree import (
    Condition,
    Literal,
    Not,
    Op,
    Some,
    Truth,
    children,
    conditions,
    facts_of_amount,
    items,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from iindustry.programmes.columns import Evaluation, Put
    from iindustry.programmes.conditions import Asking, Constants
    from iindustry.programmes.published import Bundle
    from iindustry.programmes.shape import Programme
    from iindustry.programmes.tree import Node

A_PLACE = Words("มีสถานประกอบการที่เข้าเงื่อนไข", "an establishment that qualifies")


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """The most each enterprise could have, satang: one number for all, or a column; neither where no amount is named."""

    each: int | None
    column: pl.Series | None

    def over(self, rows: pl.Series) -> int | None:
        """The sum over `rows`; None where it is not known of each of them."""
        if self.column is None:
            return None if self.each is None else self.each * int(rows.sum())
        wanted = self.column.filter(rows)
        return None if wanted.null_count() else int(wanted.sum())


def amounts(programme: Programme, over: Evaluation, constants: Constants) -> Amounts:
    """The amounts of a programme; where an ingredient is what the applicant would ask, its ceiling."""
    ceiling = programme.amount_max_satang
    amount = programme.benefit.amount
    if amount is None or not tuple(facts_of_amount(amount)):
        return Amounts(ceiling, None)
    found = over.enterprises.amount(amount, constants)
    return Amounts(ceiling, found if ceiling is None else found.fill_null(ceiling))


def near_misses(bundle: Bundle, over: Evaluation, answer: Truths, worth: Amounts) -> tuple[NearMiss, ...]:
    """For each item, the enterprises that would have a yes if it alone were met; the most first."""
    node, constants = root(bundle), over.constants(bundle)
    found = []
    wrapper = node.id if isinstance(node, Some) and bundle.programme.subject == "establishment" else None
    for one, positive in polarities(node):
        if one.id == wrapper:
            continue
        rows = answer.no & over.truth(node, constants, {one.id: made(value=positive)}).yes
        if count := int(rows.sum()):
            words = _words(one, constants, positive=positive)
            found.append(NearMiss(one.id, words.th, words.en, count, worth.over(rows)))
    return tuple(sorted(found, key=lambda one: (-one.enterprises, one.item)))


def settling(bundle: Bundle, over: Evaluation, answer: Truths) -> tuple[Settling, ...]:
    """The facts that alone would end an unknown, by how many; the most first."""
    open_ = answer.unknown
    if not open_.any():
        return ()
    node, constants = root(bundle), over.constants(bundle)
    asked: dict[str, list[Condition]] = {}
    for leaf in conditions(node):
        asked.setdefault(leaf.fact, []).append(leaf)
    found = []
    for fact, leaves in asked.items():
        spec = spec_of(fact)
        patterns = _patterns(leaves, constants)
        ends = [
            ~over.truth(
                node, constants, {one: _where_missing(fact, constants, met=met) for one, met in pattern}
            ).unknown
            for pattern in patterns
        ]
        if ends and (count := int((open_ & reduce(and_, ends)).sum())):
            source = spec.sources[0] if spec.sources else ""
            found.append(Settling(fact, source, spec.label.th, spec.label.en, count))
    return tuple(sorted(found, key=lambda one: (-one.enterprises, one.fact)))


def made(*, value: bool) -> Put:
    """An item that answers one thing everywhere."""

    def put(asking: Asking, own: Truths) -> Truths:  # noqa: ARG001 - the shape of Put
        return constant(asking.height, value=value)

    return put


def _where_missing(fact: str, constants: Constants, *, met: bool) -> Put:
    """The answer of a condition where its fact is missing; elsewhere its own."""

    def put(asking: Asking, own: Truths) -> Truths:
        return own.put(asking.column(constants.column(fact), fact).is_null(), met)

    return put


def _patterns(leaves: list[Condition], constants: Constants) -> list[tuple[tuple[str, bool], ...]]:
    """What the conditions of one fact can answer together, a value an interval. Empty where an operand is no constant."""
    from iindustry.programmes.closures import TESTS

    operands = {one.id: operand_of(one, constants.context, {}, constants.asked) for one in leaves}
    tested = [one for one in leaves if one.op is not Op.KNOWN]
    if any(operands[one.id] is None for one in tested):
        return []
    laid = [Leaf(one, None, Truth.UNKNOWN, True, frozenset(), operands[one.id]) for one in tested]  # noqa: FBT003
    found: dict[tuple[tuple[str, bool], ...], None] = {}
    for value in candidates(leaves[0].fact, laid):
        pattern = tuple(
            (one.id, _wants_known(one) if one.op is Op.KNOWN else TESTS[one.op](value, operands[one.id]))
            for one in leaves
        )
        found[pattern] = None
    return list(found)


def _wants_known(leaf: Condition) -> bool:
    return isinstance(leaf.value, Literal) and leaf.value.value is True


def polarities(node: Node, *, positive: bool = True) -> Iterator[tuple[Condition | Some, bool]]:
    """Each item, and whether the rule wants it met (under an even number of `not`)."""
    if isinstance(node, (Condition, Some)):
        yield node, positive
    for child in children(node):
        yield from polarities(child, positive=positive is not isinstance(node, Not))


def _words(one: Condition | Some, constants: Constants, *, positive: bool) -> Words:
    if isinstance(one, Some):
        labels = [spec_of(leaf.fact).label for leaf in items(one.of) if isinstance(leaf, Condition)]
        th, en = (", ".join(dict.fromkeys(words)) for words in ([w.th for w in labels], [w.en for w in labels]))
        return Words(f"{A_PLACE.th}: {th}", f"{A_PLACE.en}: {en}")
    spec = spec_of(one.fact)
    operand = operand_of(one, constants.context, {}, constants.asked)
    if operand is None:
        return spec.label
    threshold = wording.threshold_words(spec, one.op, operand, negated=not positive)
    return Words(f"{spec.label.th}: {threshold.th}", f"{spec.label.en}: {threshold.en}")
