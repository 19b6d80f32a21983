"""An answer with its reasons: every condition with value, source, day and threshold; what would settle or change it.

Shapes: an `Explanation` holds `reasons`, one for each part of the rule's first level, each with its conditions.
Invariant: an unknown names its question, a no names every failed condition; a condition that discloses only its answer
carries no value, threshold or gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.programmes import wording
from iindustry.programmes.closures import compile_tree, context, derived, ground, root
from iindustry.programmes.counterfactual import Change, changes, decisive_alone, needed_for_yes
from iindustry.programmes.facts import COUNT, NOTHING, FactSpec, Reading, Why, Words, asked_words, spec_of
from iindustry.programmes.instance import Count, Leaf, lay, leaves
from iindustry.programmes.offer import Offer, offer
from iindustry.programmes.tree import (
    ANSWERS,
    Answer,
    Condition,
    Disclose,
    FactRef,
    Group,
    Mutability,
    Not,
    Some,
    Truth,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from iindustry.programmes.closures import Outcome
    from iindustry.programmes.facts import Facts
    from iindustry.programmes.instance import Laid
    from iindustry.programmes.published import Bundle
    from iindustry.programmes.shape import LegalReference, Programme
    from iindustry.programmes.tree import Node, Op, Plain


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition answered. `value`, `threshold` and `gap` are None where only the answer is disclosed."""

    id: str
    answer: Answer
    fact: str
    label: Words
    op: Op | None
    value: Plain | None
    value_words: Words | None
    threshold: object | None
    threshold_words: Words | None
    gap: int | None
    gap_words: Words | None
    unit: str | None
    source: str | None
    as_of: date | None
    standing: str
    why: Why | None
    why_words: Words | None
    question: Words
    next_step: Words
    mutability: Mutability
    disclose: Disclose
    is_assumed: bool
    via: str | None
    via_words: Words | None
    establishment_id: str | None
    establishment_name: str | None
    cite: LegalReference | None

    @property
    def answer_words(self) -> Words:
        """Met, not met, or not known yet."""
        return wording.ANSWER_WORDS[self.answer.value]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of the rule: a single condition, or a choice of several of which `need` must hold."""

    answer: Answer
    conditions: tuple[ConditionResult, ...]
    need: int

    @property
    def is_choice(self) -> bool:
        """Whether fewer than all of its conditions are enough."""
        return self.need < len(self.conditions)

    @property
    def answer_words(self) -> Words:
        """Met, not met, or not known yet."""
        return wording.ANSWER_WORDS[self.answer.value]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer of one programme for one enterprise on one day, with everything it rests on."""

    programme: Programme
    answer: Answer
    as_of: date
    enterprise_id: str
    register_version: str
    bundle: str
    reasons: tuple[Reason, ...]
    assumed: tuple[str, ...]
    fail_bits: int
    unknown_bits: int
    needed_for_yes: tuple[frozenset[str], ...]
    decisive_alone: tuple[str, ...]
    changes: tuple[Change, ...]
    offer: Offer

    @property
    def conditions(self) -> tuple[ConditionResult, ...]:
        """All conditions, in document order."""
        return tuple(one for reason in self.reasons for one in reason.conditions)

    @property
    def is_one_step_away(self) -> bool:
        """A no that a single act turns into a yes."""
        return any(len(change.do) == 1 for change in self.changes)

    @property
    def missing_facts(self) -> tuple[str, ...]:
        """The first of the smallest sets of facts that could still make a yes."""
        return tuple(sorted(self.needed_for_yes[0])) if self.needed_for_yes else ()

    @property
    def next_steps(self) -> tuple[ConditionResult, ...]:
        """The conditions to act on: of the first change for a no, of the settling facts for an unknown."""
        if self.answer is Answer.NO and self.changes:
            wanted = set(self.changes[0].conditions)
            return tuple(one for one in self.conditions if one.id in wanted)
        if self.answer is Answer.UNKNOWN:
            facts = set(self.missing_facts)
            picked = [
                one for one in self.conditions if one.answer is Answer.UNKNOWN and (one.fact in facts or not facts)
            ]
            return tuple({one.fact: one for one in reversed(picked)}.values())[::-1]
        return ()


def explainer(bundle: Bundle, as_of: date) -> Callable[[Facts], Explanation]:
    """The explanation of one programme on a day, as a function of an enterprise's facts."""
    programme = bundle.programme
    node = root(bundle)
    constants = context(programme.parameters, as_of)
    evaluate = compile_tree(node, constants)

    def explained(facts: Facts) -> Explanation:
        known = derived(facts, bundle.derivations)
        known_values = ground(known)
        outcome = evaluate(known_values)
        laid = lay(node, known_values, constants)
        return Explanation(
            programme=programme,
            answer=ANSWERS[outcome.answer],
            as_of=as_of,
            enterprise_id=facts.enterprise_id,
            register_version=facts.register_version,
            bundle=bundle.version,
            reasons=_reasons(node, laid, known, programme),
            assumed=_assumed(laid),
            fail_bits=outcome.fail_bits,
            unknown_bits=outcome.unknown_bits,
            needed_for_yes=needed_for_yes(laid),
            decisive_alone=decisive_alone(node, known_values, constants),
            changes=changes(node, known_values, constants),
            offer=offer(programme, as_of, known_values),
        )

    return explained


def outcome_of(bundle: Bundle, facts: Facts) -> Outcome:
    """The bare answer with its bits, without reasons."""
    evaluate = compile_tree(root(bundle), context(bundle.programme.parameters, facts.as_of))
    return evaluate(ground(derived(facts, bundle.derivations)))


def _assumed(laid: Laid) -> tuple[str, ...]:
    return tuple(dict.fromkeys(leaf.key[0] for leaf in leaves(laid) if leaf.assumed))


def _reasons(node: Node, laid: Laid, facts: Facts, programme: Programme) -> tuple[Reason, ...]:
    parts: list[tuple[Node, Laid]] = [(node, laid)]
    if isinstance(node, Some) and isinstance(laid, Count) and programme.subject == "establishment":
        best = _best_site(laid)
        if best is not None:
            parts = [(node.of, best)]
    if isinstance(parts[0][0], Group) and isinstance(parts[0][1], Count) and parts[0][0].kind == "all":
        parts = list(zip(parts[0][0].of, parts[0][1].of, strict=True))
    return tuple(_reason(one, over, facts, programme) for one, over in parts)


def _reason(node: Node, laid: Laid, facts: Facts, programme: Programme) -> Reason:
    found = tuple(_result(leaf, facts, programme) for leaf in _shown(node, laid))
    need = len(found)
    inner = _without_not(node.of if isinstance(node, Some) else node)
    if isinstance(inner, Group) and inner.kind != "all" and len(inner.of) == len(found):
        need = inner.need
    return Reason(ANSWERS[laid.truth], found, need)


def _shown(node: Node, laid: Laid) -> list[Leaf]:
    """The leaves to show of a part: of a `some`, those of the establishment that comes closest."""
    if isinstance(laid, Leaf):
        return [laid]
    if isinstance(node, Some):
        best = _best_site(laid)
        if best is None:
            return [_nowhere(one) for one in _conditions(node)]
        return _shown(node.of, best)
    inner = _without_not(node)
    below = inner.of if isinstance(inner, Group) else (inner,)
    if isinstance(inner, (Condition, Some)):
        return _shown(inner, laid)
    return [leaf for child, part in zip(below, laid.of, strict=True) for leaf in _shown(child, part)]


def _without_not(node: Node) -> Node:
    return _without_not(node.of) if isinstance(node, Not) else node


def _conditions(node: Node) -> tuple[Condition, ...]:
    from iindustry.programmes.tree import conditions

    return conditions(node)


def _nowhere(condition: Condition) -> Leaf:
    return Leaf(condition, None, Truth.NO, True, frozenset({condition.fact}), None)  # noqa: FBT003 - the leaf's polarity


def _best_site(laid: Count) -> Laid | None:
    """The establishment that comes closest: yes before unknown before no, then fewest failures, then the first."""
    rank = {Truth.YES: 0, Truth.UNKNOWN: 1, Truth.NO: 2}

    def key(part: Laid) -> tuple[int, int, int]:
        every = leaves(part)
        gaps = sum(_leaf_gap(leaf) for leaf in every)
        return rank[part.truth], sum(leaf.truth is Truth.NO for leaf in every), gaps

    return min(laid.of, key=key, default=None)


def _leaf_gap(leaf: Leaf) -> int:
    return 0 if leaf.truth is not Truth.NO else 1


def _reading(leaf: Leaf, facts: Facts) -> Reading:
    fact = COUNT if leaf.condition is None else leaf.condition.fact
    if spec_of(fact).of == "establishment":
        return NOTHING if leaf.site is None else facts.sites[leaf.site].readings.get(fact, NOTHING)
    return facts.reading(fact)


def _result(leaf: Leaf, facts: Facts, programme: Programme) -> ConditionResult:
    condition = leaf.condition
    spec = spec_of(COUNT if condition is None else condition.fact)
    reading = _reading(leaf, facts)
    site = None if leaf.site is None else facts.sites[leaf.site]
    shows = condition is None or condition.disclose is Disclose.FULL
    value, via = _value(leaf, reading, facts)
    gap = _gap(leaf, value) if shows else None
    why = None if value is not None or leaf.truth is Truth.YES else (reading.why or Why.MISSING)
    question, step = spec.question, spec.next_step
    if leaf.truth is Truth.UNKNOWN and value is not None:
        asked = next((name for name in sorted(leaf.missing) if name.startswith("asked.")), None)
        question = asked_words(asked.removeprefix("asked.")) if asked else question
    return ConditionResult(
        id="" if condition is None else condition.id,
        answer=ANSWERS[leaf.truth],
        fact=spec.name,
        label=spec.label,
        op=None if condition is None else condition.op,
        value=value if shows else None,
        value_words=wording.value_words(spec, value) if shows and value is not None else None,
        threshold=leaf.operand if shows else None,
        threshold_words=_threshold(leaf, spec) if shows else None,
        gap=gap,
        gap_words=None if gap is None else wording.gap_words(spec, gap),
        unit=spec.unit,
        source=reading.source,
        as_of=reading.as_of,
        standing=reading.standing,
        why=why,
        why_words=None if why is None else wording.WHY[why],
        question=question,
        next_step=step,
        mutability=spec.mutability if condition is None else condition.mutability,
        disclose=Disclose.FULL if condition is None else condition.disclose,
        is_assumed=leaf.assumed,
        via=via,
        via_words=None if via is None else spec_of(via).label,
        establishment_id=None if site is None else site.establishment_id,
        establishment_name=None if site is None else site.name,
        cite=None if condition is None else programme.reference(condition.cite),
    )


def _value(leaf: Leaf, reading: Reading, facts: Facts) -> tuple[Plain | None, str | None]:
    """The value a condition was answered with, and the fact it comes by where that is another one."""
    if reading.value is not None or leaf.condition is None or not leaf.assumed:
        return reading.value, reading.via
    assume = leaf.condition.on_missing.assume
    if isinstance(assume, FactRef):
        where = facts.reading(assume.fact)
        if spec_of(assume.fact).of == "establishment" and leaf.site is not None:
            where = facts.sites[leaf.site].readings.get(assume.fact, NOTHING)
        return where.value, assume.fact
    return (None if assume is None else assume.value), None


def _threshold(leaf: Leaf, spec: FactSpec) -> Words | None:
    if leaf.condition is None:
        return None
    if leaf.operand is None:
        return None
    return wording.threshold_words(spec, leaf.condition.op, leaf.operand, negated=not leaf.positive)


def _gap(leaf: Leaf, value: Plain | None) -> int | None:
    if leaf.truth is not Truth.NO or leaf.condition is None or not leaf.positive:
        return None
    return wording.gap_of(leaf.condition.op, value, leaf.operand)
