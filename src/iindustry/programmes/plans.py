"""What a rule's explanation holds for every enterprise alike, worked out once: labels, thresholds in words, who is asked.

A `LeafPlan` makes one condition's result from its state; a `RulePlan` says which conditions are shown, and in which parts.
Invariant: the answer of a leaf is as the rule wants it: under `not`, met means that the test fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from iindustry.programmes import wording
from iindustry.programmes.closures import compile_operand, count_truths, opposite
from iindustry.programmes.facts import COUNT, NOTHING, Why, asked_words, spec_of
from iindustry.programmes.tree import (
    ANSWERS,
    Asked,
    Condition,
    Disclose,
    FactRef,
    Fold,
    Group,
    Literal,
    Mutability,
    Not,
    Op,
    Scale,
    Some,
    Truth,
    conditions,
    items,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from iindustry.programmes.closures import Context, Notes, Outcome
    from iindustry.programmes.explain import ConditionResult
    from iindustry.programmes.facts import Facts, FactSpec, Reading, Site, Words
    from iindustry.programmes.shape import LegalReference, Programme
    from iindustry.programmes.tree import Amount, Node, Plain

KEPT = 1024
"""Results kept of one condition: most enterprises share theirs with others of the same value, source and day."""
RANK = {Truth.YES: 0, Truth.UNKNOWN: 1, Truth.NO: 2}


State: TypeAlias = "tuple[LeafPlan, Truth, int | None, bool, bool]"
"""How one leaf stands: its truth as the rule wants it, at which establishment, whether by what it assumes, whether nowhere."""

Part: TypeAlias = "tuple[Truth, list[State], int]"
"""Its truth, the leaves that it shows, and how many of them are needed."""


class LeafPlan:
    """One condition of a rule; None for the list of establishments itself."""

    __slots__ = (
        "asked", "assume", "cite", "condition", "constant", "disclose", "id", "is_site", "kept", "mutability", "negated",
        "number", "op", "operand", "positive", "shows", "spec", "threshold_words",
    )  # fmt: skip

    def __init__(
        self, condition: Condition | None, number: int, constants: Context, programme: Programme, *, positive: bool
    ) -> None:
        """A condition with its number among the items of its tree; `positive`: asked as written."""
        self.condition = condition
        self.number = number
        self.positive = positive
        self.spec: FactSpec = spec_of(COUNT if condition is None else condition.fact)
        self.is_site = self.spec.of == "establishment"
        self.id = "" if condition is None else condition.id
        self.op: Op | None = None if condition is None else condition.op
        self.shows = condition is None or condition.disclose is Disclose.FULL
        self.disclose = Disclose.FULL if condition is None else condition.disclose
        self.mutability: Mutability = self.spec.mutability if condition is None else condition.mutability
        self.cite: LegalReference | None = None if condition is None else programme.reference(condition.cite)
        self.assume = None if condition is None else condition.on_missing.assume
        self.asked: tuple[str, ...] = () if condition is None else tuple(sorted(_asked(condition.value)))
        self.operand: Callable[[Mapping[str, Plain], Mapping[str, int]], object | None] | None = None
        self.constant: object | None = None
        self.threshold_words: Words | None = None
        self.kept: dict[object, ConditionResult] = {}
        if condition is None:
            return
        if condition.op is Op.KNOWN:
            self.constant = isinstance(condition.value, Literal) and condition.value.value is True
        else:
            found = compile_operand(condition, constants)
            self.constant = found({}, {})
            self.operand = found if self.constant is None else None
        if self.constant is not None:
            self.threshold_words = self._words(self.constant)

    def _words(self, operand: object | None) -> Words | None:
        from iindustry.programmes.describe import WORKED_OUT

        if self.op is None:
            return None
        if operand is None:
            return WORKED_OUT
        return wording.threshold_words(self.spec, self.op, operand, negated=not self.positive)

    def result(
        self, state: State, readings: Mapping[str, Reading], facts: Facts, made: type[ConditionResult]
    ) -> ConditionResult:
        """The condition answered for one enterprise, `made` of its parts."""
        _, truth, at, assumed, nowhere = state
        spec = self.spec
        site = None if at is None else facts.sites[at]
        if self.is_site:
            reading = _of_site(spec.name, None if site is None else site.readings, readings)
        else:
            reading = readings.get(spec.name, NOTHING)
        value, via = reading.value, reading.via
        if value is None and assumed:
            value, via = self._spare(site.readings if site is not None else None, readings)
        if at is not None or self.operand is not None or self.asked:
            return self._made(state, site, reading, value, via, readings, facts, made)
        key = (truth, value, via, reading.why, reading.source, reading.as_of, reading.standing, assumed, nowhere)
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= KEPT:
                self.kept.clear()
            found = self.kept[key] = self._made(state, site, reading, value, via, readings, facts, made)
        return found

    def _made(  # noqa: PLR0917 - the parts of one result, called for every condition
        self, state: State, site: Site | None, reading: Reading, value: Plain | None, via: str | None,
        readings: Mapping[str, Reading], facts: Facts, made: type[ConditionResult],
    ) -> ConditionResult:  # fmt: skip
        _, truth, _, assumed, nowhere = state
        spec = self.spec
        shows = self.shows
        operand, threshold_words = self.constant, self.threshold_words
        if self.operand is not None and not nowhere:
            known = _Values(readings, None if site is None else site.readings)
            operand = self.operand(known, facts.asked)  # type: ignore[arg-type]
            threshold_words = self._words(operand)
        elif self.operand is not None:
            threshold_words = self._words(None)
        gap = None
        if shows and truth is Truth.NO and self.positive and self.op is not None:
            gap = wording.gap_of(self.op, value, operand)
        question = spec.question
        if truth is Truth.UNKNOWN and value is not None and self.asked:
            left = next((name for name in self.asked if name not in facts.asked), None)
            question = question if left is None else asked_words(left)
        why: Why | None = None
        if value is None and (truth is not Truth.YES or self.op is Op.KNOWN):
            why = reading.why or Why.MISSING
        return made(
            self.id,
            ANSWERS[truth],
            spec.name,
            spec.label,
            self.op,
            value if shows else None,
            wording.value_words(spec, value) if shows and value is not None else None,
            operand if shows else None,
            threshold_words if shows else None,
            gap,
            None if gap is None else wording.gap_words(spec, gap),
            spec.unit,
            reading.source,
            reading.as_of,
            reading.standing,
            why,
            None if why is None else wording.WHY[why],
            question,
            spec.next_step,
            self.mutability,
            self.disclose,
            assumed,
            via,
            None if via is None else spec_of(via).label,
            None if site is None else site.establishment_id,
            None if site is None else site.name,
            self.cite,
        )

    def _spare(
        self, site: Mapping[str, Reading] | None, readings: Mapping[str, Reading]
    ) -> tuple[Plain | None, str | None]:
        if isinstance(self.assume, FactRef):
            return _of_site(self.assume.fact, site, readings).value, self.assume.fact
        return (None if self.assume is None else self.assume.value), None


class RulePlan:
    """The parts of a rule's explanation: those of its first level, each with the conditions it shows."""

    def __init__(self, node: Node, programme: Programme, constants: Context) -> None:
        """Of a tree on a day."""
        self.node = node
        self.numbers = {one.id: i for i, one in enumerate(items(node))}
        self.ids = tuple(one.id for one in items(node))
        self.leaves: dict[str, LeafPlan] = {}
        self.wanted: dict[str, bool] = {}
        for one, positive in _with_polarity(node):
            self.wanted[one.id] = positive
            if isinstance(one, Condition):
                self.leaves[one.id] = LeafPlan(one, self.numbers[one.id], constants, programme, positive=positive)
        self.list = LeafPlan(None, -1, constants, programme, positive=True)
        self.of_site = node if isinstance(node, Some) and programme.subject == "establishment" else None
        self.within = {
            one.id: tuple(self.leaves[leaf.id] for leaf in conditions(one.of))
            for one in items(node)
            if isinstance(one, Some)
        }
        self._whole = _split(node)
        self._inner = _split(node.of) if isinstance(node, Some) else ()

    def parts(self, outcome: Outcome, facts: Facts) -> list[Part]:
        """Each part of the first level; of a rule about establishments, at the one that comes closest."""
        if self.of_site is not None:
            best = self._best(self.of_site, outcome, facts)
            if best is not None:
                site, notes = best
                return [self._part(one, notes.answers, notes.assumed, site, outcome, facts) for one in self._inner]
        return [self._part(one, outcome.answers, outcome.assumed, None, outcome, facts) for one in self._whole]

    def assumed(self, outcome: Outcome) -> tuple[str, ...]:
        """The ids of the conditions answered by what they assume, in document order."""
        return tuple([self.ids[i] for i in sorted(outcome.assumed)]) if outcome.assumed else ()

    def _part(  # noqa: PLR0917 - as `_show`
        self,
        node: Node,
        answers: Sequence[Truth],
        assumed: Collection[int],
        at: int | None,
        outcome: Outcome,
        facts: Facts,
    ) -> Part:
        if isinstance(node, Condition):
            leaf = self.leaves[node.id]
            truth = answers[leaf.number]
            return truth, [(leaf, truth, at, leaf.number in assumed, False)], 1
        shown: list[State] = []
        self._show(node, answers, assumed, at, outcome, facts, shown)
        need = len(shown)
        inner = _without_not(node.of if isinstance(node, Some) else node)
        if isinstance(inner, Group) and inner.kind != "all" and len(inner.of) == need:
            need = inner.need
        return self._fold(node, answers), shown, need

    def _fold(self, node: Node, answers: Sequence[Truth]) -> Truth:
        if isinstance(node, (Condition, Some)):
            return answers[self.numbers[node.id]]
        if isinstance(node, Not):
            return opposite(self._fold(node.of, answers))
        return count_truths([self._fold(one, answers) for one in node.of], node.need)

    def _show(  # noqa: PLR0917 - one walk, called for every node of every rule
        self, node: Node, answers: Sequence[Truth], assumed: Collection[int], at: int | None, outcome: Outcome,
        facts: Facts, shown: list[State],
    ) -> None:  # fmt: skip
        if isinstance(node, Condition):
            leaf = self.leaves[node.id]
            truth = answers[leaf.number]
            shown.append((leaf, truth if leaf.positive else opposite(truth), at, leaf.number in assumed, False))
        elif isinstance(node, Some):
            if not facts.listed:
                shown.append((self.list, Truth.UNKNOWN, None, False, False))
                return
            best = self._best(node, outcome, facts)
            if best is None:
                shown.extend([(leaf, Truth.NO, None, False, True) for leaf in self.within[node.id]])
            else:
                site, notes = best
                self._show(node.of, notes.answers, notes.assumed, site, outcome, facts, shown)
        elif isinstance(node, Not):
            self._show(node.of, answers, assumed, at, outcome, facts, shown)
        else:
            for one in node.of:
                self._show(one, answers, assumed, at, outcome, facts, shown)

    def _best(self, some: Some, outcome: Outcome, facts: Facts) -> tuple[int, Notes] | None:
        """The establishment that comes closest: yes before unknown before no, then fewest failures, then the first."""
        if not facts.listed:
            return None
        seen = outcome.sites.get(self.numbers[some.id], ())
        if len(seen) <= 1:
            return (0, seen[0][1]) if seen else None
        leaves = self.within[some.id]
        positive = self.wanted[some.id]

        def rank(number: int) -> tuple[int, int]:
            truth, notes = seen[number]
            wanted = [
                notes.answers[leaf.number] if leaf.positive else opposite(notes.answers[leaf.number]) for leaf in leaves
            ]
            return RANK[truth if positive else opposite(truth)], wanted.count(Truth.NO)

        best = min(range(len(seen)), key=rank)
        return best, seen[best][1]


def _split(node: Node) -> tuple[Node, ...]:
    return node.of if isinstance(node, Group) and node.kind == "all" else (node,)


class _Values:
    """The known values that an operand reads, of an establishment before its enterprise, looked up and not copied."""

    __slots__ = ("readings", "site")

    def __init__(self, readings: Mapping[str, Reading], site: Mapping[str, Reading] | None) -> None:
        self.readings = readings
        self.site = site

    def get(self, fact: str) -> Plain | None:
        """The value of a fact, None where it is not known."""
        if self.site is not None and (own := self.site.get(fact)) is not None and own.value is not None:
            return own.value
        found = self.readings.get(fact)
        return None if found is None else found.value


def _of_site(fact: str, site: Mapping[str, Reading] | None, readings: Mapping[str, Reading]) -> Reading:
    """What an establishment says of a fact; where it has none, what was said for all of the enterprise's."""
    own = NOTHING if site is None else site.get(fact, NOTHING)
    return own if own.value is not None else readings.get(fact, own)


def _with_polarity(node: Node, *, positive: bool = True) -> Iterable[tuple[Condition | Some, bool]]:
    from iindustry.programmes.tree import children

    if isinstance(node, (Condition, Some)):
        yield node, positive
    for child in children(node):
        yield from _with_polarity(child, positive=positive is not isinstance(node, Not))


def _without_not(node: Node) -> Node:
    return _without_not(node.of) if isinstance(node, Not) else node


def _asked(amount: Amount | tuple[Amount, ...]) -> Iterable[str]:
    if isinstance(amount, tuple):
        for one in amount:
            yield from _asked(one)
    elif isinstance(amount, Asked):
        yield amount.name
    elif isinstance(amount, (Fold, Scale)):
        yield from _asked(amount.of)
