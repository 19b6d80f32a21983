"""An answer with its reasons: every condition with value, source, day and threshold; what would settle or change it.

Shapes: an `Explanation` holds `reasons`, one for each part of the rule's first level, each with its conditions.
Invariant: an unknown names its question, a no names every failed condition; a condition that discloses only its answer
carries no value, threshold or gap. What a rule says of every enterprise alike is worked out once (`plans`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.programmes import wording
from iindustry.programmes.closures import compile_tree, context, deriver, root
from iindustry.programmes.paths import Paths
from iindustry.programmes.plans import RulePlan
from iindustry.programmes.tree import ANSWERS, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from iindustry.programmes.closures import Ground, Outcome
    from iindustry.programmes.counterfactual import Change
    from iindustry.programmes.facts import Facts, Reading, Why, Words
    from iindustry.programmes.offer import Offer
    from iindustry.programmes.published import Bundle
    from iindustry.programmes.shape import LegalReference, Programme
    from iindustry.programmes.tree import Derivation, Disclose, Mutability, Op, Plain


# The two below are made a hundred times for one enterprise; freezing them would take longer than answering does.
@dataclass(slots=True)
class ConditionResult:
    """One condition answered. `value`, `threshold` and `gap` are None where only the answer is disclosed. Never changed."""

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


@dataclass(slots=True)
class Reason:
    """One part of the rule: a single condition, or a choice of several of which `need` must hold. Never changed."""

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
    """The answer of one programme for one enterprise on one day, with everything it rests on.

    `changes` turn a no into a yes; where none does, `openings` end the no and name what is not known then.
    """

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
    openings: tuple[Change, ...]
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
    prepared = deriver(bundle.derivations, as_of)
    explained = rule(bundle, as_of)

    def one(facts: Facts) -> Explanation:
        return explained(facts, *prepared(facts))

    return one


def explainers(bundles: Sequence[Bundle], as_of: date) -> Callable[[Facts], list[Explanation]]:
    """The explanations of several programmes on a day: what they read of an enterprise is worked out once for all."""
    derivations: dict[str, Derivation] = {}
    for bundle in bundles:
        derivations.update(bundle.derivations)
    prepared = deriver(_in_order(derivations), as_of)
    rules = [rule(bundle, as_of) for bundle in bundles]

    def every(facts: Facts) -> list[Explanation]:
        readings, known = prepared(facts)
        return [explained(facts, readings, known) for explained in rules]

    return every


def rule(bundle: Bundle, as_of: date) -> Callable[[Facts, Mapping[str, Reading], Ground], Explanation]:
    """One programme on a day: an enterprise's facts, their readings with derived ones, and the ground, to its explanation."""
    from iindustry.programmes.offer import offers

    programme = bundle.programme
    node = root(bundle)
    constants = context(programme.parameters, as_of)
    evaluate = compile_tree(node, constants)
    plan = RulePlan(node, programme, constants)
    paths = Paths(node, constants)
    offer = offers(programme, as_of)

    def explained(facts: Facts, readings: Mapping[str, Reading], known: Ground) -> Explanation:
        outcome = evaluate(known)
        reasons = tuple(
            [
                Reason(
                    ANSWERS[truth],
                    tuple([state[0].result(state, readings, facts, ConditionResult) for state in shown]),
                    need,
                )
                for truth, shown, need in plan.parts(outcome, facts)
            ]
        )
        needed, decisive, changed, opened = paths.of(outcome, known)
        return Explanation(
            programme,
            ANSWERS[outcome.answer],
            as_of,
            facts.enterprise_id,
            facts.register_version,
            bundle.version,
            reasons,
            plan.assumed(outcome),
            outcome.fail_bits,
            outcome.unknown_bits,
            needed,
            decisive,
            changed,
            opened,
            offer(known),
        )

    return explained


def outcome_of(bundle: Bundle, facts: Facts) -> Outcome:
    """The bare answer with its bits, without reasons."""
    evaluate = compile_tree(root(bundle), context(bundle.programme.parameters, facts.as_of))
    return evaluate(deriver(bundle.derivations, facts.as_of)(facts)[1])


def _in_order(derivations: Mapping[str, Derivation]) -> dict[str, Derivation]:
    from iindustry.programmes.published import in_order

    return in_order(derivations)
