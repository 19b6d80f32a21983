"""What would settle or change an answer, found once for each pattern of answers and remembered.

Thresholds being constant, the way to a yes depends on which conditions are met, failed or missing, not on how far a number
is from its threshold; only how long time takes does, and that is worked out each time. Invariant: what is remembered is what
`counterfactual` found for the first enterprise of that pattern, and a rule whose limits are other facts is not remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from iindustry.programmes.counterfactual import Change, Ways, decisive_alone, needed_for_yes
from iindustry.programmes.instance import lay
from iindustry.programmes.tree import (
    Condition,
    FactRef,
    Literal,
    Mutability,
    Op,
    ParamRef,
    Truth,
    conditions,
)

if TYPE_CHECKING:
    from iindustry.programmes.closures import Context, Ground, Outcome
    from iindustry.programmes.tree import Node

Found: TypeAlias = tuple[tuple[frozenset[str], ...], tuple[str, ...], tuple[Change, ...], tuple[Change, ...]]
NOTHING: Found = ((), (), (), ())
KEPT = 4096


class Paths:
    """The ways out of one rule's no and unknown."""

    def __init__(self, node: Node, constants: Context) -> None:
        """Of a tree on a day."""
        self.node = node
        self.constants = constants
        every = conditions(node)
        self._facts = tuple(sorted({fact for one in every for fact in _read(one)}))
        # A change may take months, and a limit may be another fact: then the values themselves belong to the pattern.
        self._values = tuple(sorted({fact for one in every for fact in _valued(one)}))
        self._ways = Ways(node, constants)
        self._kept: dict[object, Found] = {}

    def of(self, outcome: Outcome, ground: Ground) -> Found:
        """The smallest sets of facts still needed, the facts that settle alone, the changes to a yes, what ends a no that has none.

        Changes and openings are at most three; an opening says what is not known then.
        """
        if outcome.answer is Truth.YES:
            return NOTHING
        key = self._key(outcome, ground)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            found = self._kept[key] = self._find(outcome.answer, ground)
        return found

    def _find(self, answer: Truth, ground: Ground) -> Found:
        laid = lay(self.node, ground, self.constants)
        if answer is Truth.UNKNOWN:
            return needed_for_yes(laid), decisive_alone(self.node, ground, self.constants), (), ()
        return (), (), *self._ways.out_of(laid, ground)

    def _key(self, outcome: Outcome, ground: Ground) -> object:
        values = ground.values
        return (
            outcome.answers,
            tuple([fact in values for fact in self._facts]),
            tuple([values.get(fact) for fact in self._values]),
            ground.listed,
            tuple(sorted(ground.asked.items())),
            tuple(
                [
                    (
                        tuple(each.answers),
                        tuple([fact in site for fact in self._facts]),
                        tuple([site.get(fact) for fact in self._values]),
                    )
                    for seen in outcome.sites.values()
                    for (_, each), site in zip(seen, ground.sites, strict=True)
                ]
            ),
        )


def _read(one: Condition) -> tuple[str, ...]:
    from iindustry.programmes.tree import facts_of_amount

    spare = one.on_missing.assume
    return (one.fact, *facts_of_amount(one.value), *((spare.fact,) if isinstance(spare, FactRef) else ()))


def _valued(one: Condition) -> tuple[str, ...]:
    amounts = one.value if isinstance(one.value, tuple) else (one.value,)
    is_constant = one.op is Op.WITHIN_DAYS or all(isinstance(each, (Literal, ParamRef)) for each in amounts)
    if not is_constant:
        return _read(one)
    return (one.fact,) if one.mutability is Mutability.TIME else ()
